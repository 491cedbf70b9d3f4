"""Keys found by what a person types, and what is said when that is not one key."""

from __future__ import annotations

import pytest

from socd_tui.model.errors import UsageError
from socd_tui.model.key import ApiKey
from socd_tui.model.select import select
from tests.build import key
from tests.cost import counted

MASKED = "sk_live_••••••••"


def numbered(number: int, name: str, prefix: str) -> ApiKey:
    return key(name, key_id=f"{number:08}-0000-4000-8000-000000000000", prefix=prefix)


SIEM = numbered(1, "Production SIEM", "sk_live_zIc8")
DEV = numbered(2, "Dev sandbox", "sk_live_aB3x")
TWIN = numbered(3, "Dev sandbox", "sk_live_Qq1z")
KEYS = (SIEM, DEV, TWIN)


def test_no_selector_means_every_key() -> None:
    assert select(KEYS, []) == list(KEYS)


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        (SIEM.id, SIEM),
        ("sk_live_zIc8", SIEM),
        ("Production SIEM", SIEM),
        (TWIN.id, TWIN),
        ("sk_live_Qq1z", TWIN),
        ("Dev sandbox#Qq1z", TWIN),
        ("Dev sandbox#aB3x", DEV),
    ],
)
def test_a_key_is_found_by_id_prefix_name_or_as_the_screen_shows_it(selector: str, found: ApiKey) -> None:
    assert select(KEYS, [selector]) == [found]


def test_keys_come_once_each_and_in_the_services_order() -> None:
    assert select(KEYS, ["sk_live_Qq1z", "Production SIEM", SIEM.id]) == [SIEM, TWIN]


def test_a_name_with_foreign_tricks_is_found_by_the_original_and_by_what_is_shown() -> None:
    odd = numbered(4, "a\u202eb\x07", "sk_live_odd1")
    assert select([odd], ["a\u202eb\x07"]) == select([odd], [odd.name.shown]) == [odd]


@pytest.mark.parametrize(
    "typed", ["cafe\u0301 mu\u0308ller", "CAF\u00c9 M\u00dcLLER", "Caf\u00e9\u200d  M\u00fcller"]
)
def test_a_name_is_found_in_any_case_normal_form_and_with_what_cannot_be_seen(typed: str) -> None:
    cafe = numbered(4, "Caf\u00e9 M\u00fcller", "sk_live_caf1")
    assert select([*KEYS, cafe], [typed]) == [cafe]
    assert select([*KEYS, cafe], [cafe.id.upper()]) == [cafe]


def test_keys_whose_names_differ_in_case_alone_are_each_found_by_their_own() -> None:
    lower, upper = numbered(4, "dev", "sk_live_a111"), numbered(5, "DEV", "sk_live_A111")
    assert select([lower, upper], ["DEV"]) == [upper]
    assert select([lower, upper], ["sk_live_a111"]) == [lower]
    with pytest.raises(UsageError, match="2 keys are named 'Dev'"):
        select([lower, upper], ["Dev"])


def test_a_shared_name_is_refused_with_the_prefixes_to_choose_from() -> None:
    with pytest.raises(UsageError, match="2 keys are named 'Dev sandbox'") as refused:
        select(KEYS, ["Dev sandbox"])
    assert refused.value.next_step == "Give a prefix: sk_live_aB3x or sk_live_Qq1z."
    assert refused.value.exit_code == 2


def test_a_shared_prefix_never_picks_one_of_the_keys_silently() -> None:
    masked = (numbered(1, "SIEM", MASKED), numbered(2, "Dev", MASKED))
    with pytest.raises(UsageError, match="2 keys are shown as") as refused:
        select(masked, [MASKED])
    assert refused.value.next_step == f"Give an id: {masked[0].id} or {masked[1].id}."
    assert select(masked, ["Dev"]) == [masked[1]]


def test_namesakes_whose_prefixes_are_masked_are_told_apart_by_id() -> None:
    masked = (numbered(1, "Dev", MASKED), numbered(2, "Dev", MASKED))
    with pytest.raises(UsageError, match="2 keys are named 'Dev'") as refused:
        select(masked, ["Dev"])
    assert masked[0].id in refused.value.next_step
    assert select(masked, [masked[1].id]) == [masked[1]]


def test_an_empty_selector_is_no_key_even_where_a_key_has_no_prefix() -> None:
    with pytest.raises(UsageError, match="no key ''"):
        select([numbered(1, "SIEM", "")], [""])


def test_a_misspelt_key_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="no key 'Producton SIEM'") as refused:
        select(KEYS, ["Producton SIEM"])
    assert refused.value.next_step == "The nearest is 'Production SIEM' (sk_live_zIc8)."


def test_nothing_like_any_key_is_answered_with_where_to_look() -> None:
    with pytest.raises(UsageError) as refused:
        select(KEYS, ["\x1b[31m" + "#" * 500])
    assert refused.value.next_step == "`socd-tui keys` lists them."
    assert "\x1b" not in str(refused.value)
    assert len(str(refused.value)) < 150


def test_where_no_keys_are_listed_that_is_the_reason() -> None:
    with pytest.raises(UsageError) as refused:
        select((), ["Dev sandbox"])
    assert refused.value.next_step.startswith("The service listed no keys;")


def test_of_thousands_of_long_names_only_the_likely_ones_are_compared_closely() -> None:
    keys = [numbered(n, f"{'ab' * 100} {n}", f"sk_live_{n}") for n in range(2_000)]

    def refused() -> str:
        with pytest.raises(UsageError) as error:
            select([*keys, SIEM], ["Producton SIEM"])
        return error.value.next_step

    told, calls = counted(refused)
    assert told == "The nearest is 'Production SIEM' (sk_live_zIc8)."
    assert calls < 150 * len(keys)  # compared closely, each takes thousands
