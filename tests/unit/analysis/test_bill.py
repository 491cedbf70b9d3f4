"""Whose a key is, and a price shared so that its parts add up to the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.assessment import pro_keys
from socd_tui.analysis.bill import Bill, LeftOut, apportion, bill, group_by_owner, together
from socd_tui.analysis.owners import claims
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import PRO_PRICE_USD_MONTH, TIER_LIMITS, ApiKey, Limit
from socd_tui.model.lens import Lens
from socd_tui.model.preferences import Preferences
from tests.build import NOW, fleet, key, prepared, usage
from tests.cost import counted

CENTS = 6_977
"""Of Pro's $299 for 30 days those of seven."""

weights = st.lists(st.integers(0, 10**12), min_size=1, max_size=12).filter(any)


def paid(name: str, prefix: str | None = None, tier: str | None = "pro") -> ApiKey:
    return key(name, key_id=f"id-{name}", prefix=prefix, tier=tier)


def account(
    *keys: ApiKey, answers: dict[str, int | None], refused: dict[str, int | None] | None = None
) -> Fleet:
    """The keys, and by name what those that answered say of their requests and of those refused."""
    asked = {each.id: each.name.shown for each in keys if each.name.shown in answers}
    throttled = refused or {}
    return fleet(
        *(
            usage(key_id, requests=answers[name], throttled=throttled.get(name, 0))
            for key_id, name in asked.items()
        ),
        keys=keys,
    )


def billed(seen: Fleet, only: tuple[str, ...] = (), **owners: tuple[str, ...]) -> Bill:
    return bill(prepared(seen, Lens(days=7), Preferences(owners)), Lens(days=7, only=only))


def cents(found: Bill) -> dict[str, int | None]:
    return {charge.standing.key.name.shown: charge.cents for charge in found.charges}


def owner_of(found: Bill) -> dict[str, str | None]:
    return {charge.standing.key.name.shown: charge.owner for charge in found.charges}


def test_a_key_is_whose_id_prefix_or_name_pattern_names_it_and_else_nobodys() -> None:
    keys = [paid("a"), paid("b"), paid("SOAR prod"), paid("d")]
    found = billed(account(*keys, answers={}), Ann=("id-a",), Bob=("sk_live_b",), Cid=("SOAR *",))
    assert owner_of(found) == {"a": "Ann", "b": "Bob", "SOAR prod": "Cid", "d": None}
    assert (found.disputed, found.unmatched) == ((), ())


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("Caf\u00e9 M\u00fcller", "Cafe\u0301 Mu\u0308ller"),  # composed, and in parts
        ("Cafe\u0301 2", "caf\u00e9 *"),
        ("\u0645\u06cc\u200c\u062e\u0648 1", "\u0645\u06cc\u062e\u0648*"),  # joined or not
        ("\U0001f469\u200d\U0001f4bb laptop", "\U0001f469\u200d\U0001f4bb l*"),
        ("SIEM  double  space", "siem double*"),
        ("\u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3", "\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2"),
        ("\u0130stanbul", "i\u0307stanbul"),
        ("Stra\u00dfe", "STRASSE"),
        ("SOAR [prod]", "soar [PROD]"),
        ("prod", " prod\u200b "),
    ],
)  # fmt: skip
def test_a_name_in_the_file_names_the_key_in_any_case_and_normal_form(name: str, entry: str) -> None:
    assert claims({"Ann": (entry,)}).owners(paid(name)) == ("Ann",)
    assert claims({"Ann": (entry,)}).owners(paid("other")) == ()


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("stronger", "weaker"), [("id-soar", "sk_live_soar"), ("id-soar", "s*"), ("sk_live_soar", "soar")]
)
def test_an_id_beats_a_prefix_and_a_prefix_a_pattern_in_any_order_of_owners(
    stronger: str, weaker: str, turned: bool
) -> None:
    owners = [("Ann", (stronger,)), ("Bob", (weaker,))]
    assert claims(dict(reversed(owners) if turned else owners)).owners(paid("soar")) == ("Ann",)


def test_a_key_that_two_owners_claim_equally_goes_to_the_first_and_is_told() -> None:
    soar = paid("soar")
    found = billed(account(soar, answers={}), Bob=("s*",), Ann=("*r", "soar"), Cid=("x",))
    assert owner_of(found) == {"soar": "Bob"}
    assert found.disputed == ((soar, ("Bob", "Ann")),)


@pytest.mark.parametrize("pattern", ["soar *", "SOAR ?PROD?", "*[prod]", "*"])
def test_a_pattern_looks_at_the_whole_name_without_regard_to_case(pattern: str) -> None:
    assert claims({"Ann": (pattern,)}).owners(paid("SOAR [prod]")) == ("Ann",)


@pytest.mark.parametrize("pattern", ["soar", "soar ?", "SOAR [a-z]prod]", "", "sk_live_*"])
def test_a_pattern_for_something_else_claims_nothing(pattern: str) -> None:
    assert claims({"Ann": (pattern,)}).owners(paid("SOAR [prod]")) == ()


def test_an_entry_that_is_no_keys_is_told_but_not_for_a_key_outside_the_picture() -> None:
    seen = account(paid("a"), paid("b"), answers={})
    assert billed(seen, only=("id-a",), Ann=("a", "b", "c")).unmatched == (("Ann", "c"),)


def test_before_the_keys_are_known_no_entry_is_called_wrong() -> None:
    assert billed(Fleet(), Ann=("a",)).unmatched == ()


def test_no_name_pattern_takes_long_and_each_is_asked_once_of_a_name() -> None:
    """Of 200 patterns and 50 keys; a pattern of nothing but stars and letters goes back nowhere."""
    owners = {f"owner {n}": (f"{'*a' * 100}*{n}b", f"svc-{n}-*") for n in range(100)}
    keys = [paid(f"svc-{n}-{'a' * 240}") for n in range(50)]

    def all_owners() -> list[tuple[str, ...]]:
        return [claims(owners).owners(key) for key in keys]

    found, first = counted(all_owners)
    assert found == [(f"owner {n}",) for n in range(50)]
    assert counted(all_owners)[1] < first / 2
    assert len(claims(owners).unmatched(keys)) == 150


def test_an_entry_longer_than_any_name_matches_nothing() -> None:
    assert claims({"Ann": ("*" * 1_000_000,)}).unmatched([paid("soar")]) == (("Ann", "*" * 1_000_000),)


@given(st.integers(0, 10**6), weights)
def test_parts_add_up_exactly_and_none_is_a_whole_unit_off_its_share(amount: int, given: list[int]) -> None:
    parts = apportion(amount, given)
    assert parts is not None
    assert sum(parts) == amount
    whole = sum(given)
    assert all(abs(part * whole - amount * weight) < whole for part, weight in zip(parts, given, strict=True))


@given(weights)
def test_more_weight_is_never_a_smaller_part_and_no_weight_no_part(given: list[int]) -> None:
    parts = apportion(CENTS, given) or []
    by_weight = sorted(zip(given, parts, strict=True))
    assert [part for _, part in by_weight] == sorted(parts)
    assert all(part == 0 for weight, part in by_weight if weight == 0)


def test_what_is_left_over_goes_to_those_that_lost_most_and_then_to_the_first() -> None:
    assert apportion(10, [1, 1, 1]) == [4, 3, 3]
    assert apportion(10, [2, 7, 7]) == [1, 5, 4]
    assert apportion(10, [26, 15, 59]) == [3, 1, 6]


@pytest.mark.parametrize("nothing", [[], [0, 0], [-1, 3]])
def test_nothing_is_shared_by_weights_that_are_none(nothing: list[int]) -> None:
    assert apportion(CENTS, nothing) is None


def test_the_price_of_the_windows_days_is_shared_among_the_pro_keys_that_answered() -> None:
    keys = [paid("a"), paid("b", tier=" PRO "), paid("silent")]
    found = billed(account(*keys, answers={"a": 2, "b": 1}))
    assert cents(found) == {"a": 4_651, "b": 2_326, "silent": None}
    assert together(None, found.charges, found.requests).cents == CENTS == found.cents
    assert [charge.cents_a_month for charge in found.charges] == [19_933, 9_967, None]


def test_requests_that_a_limit_refused_cost_nothing() -> None:
    found = billed(account(paid("a"), paid("b"), answers={"a": 1_000, "b": 500}, refused={"a": 500, "b": 0}))
    assert cents(found) == {"a": 3_489, "b": 3_488}
    assert [charge.let_through for charge in found.charges] == [500, 500]
    unknown = billed(account(paid("a"), paid("b"), answers={"a": 9, "b": 5}, refused={"a": None}))
    assert cents(unknown) == {"a": None, "b": None}
    contradicting = billed(account(paid("a"), answers={"a": 5}, refused={"a": 6}))
    assert cents(contradicting) == {"a": None}


def test_only_pro_keys_share_and_the_others_are_told_by_reason() -> None:
    keys = [
        paid("a"),
        paid("free", tier="free"),
        paid("trial", tier="Trial"),
        paid("untold", tier=None),
        paid("silent free", tier="free"),
        replace(paid("gone"), revoked_at=NOW - timedelta(days=30)),
    ]
    answers: dict[str, int | None] = {"a": 5, "free": 70, "trial": None, "untold": 3, "gone": 0}
    found = billed(account(*keys, answers=answers, refused={"free": 20}))
    assert {name: part for name, part in cents(found).items() if part is not None} == {"a": CENTS}
    assert found.left_out == (
        LeftOut("tier free", 2, 50),
        LeftOut("tier 'trial'", 1, None),
        LeftOut("tier unknown", 1, 3),
        LeftOut("ended before the window", 1, 0),
    )
    assert (found.payers, found.of_payers, found.silent) == (1, 1, 0)


@pytest.mark.parametrize(
    ("days_ago", "codes", "client_errors", "through"),
    [
        (30, {401: 50, 403: 6, 429: 4}, 60, 0),
        (30, {200: 5, 401: 51, 429: 4}, 55, 5),
        (30, None, 60, None),  # refused, but with which code nobody says
        (30, None, 4, 56),
        (3, {200: 40, 401: 16, 429: 4}, 20, 40),
        (3, None, 20, 56),
        (None, {200: 40, 401: 16, 429: 4}, 20, 56),  # in force: with a wrong scope, but let through
    ],
)
def test_what_a_key_was_refused_after_its_end_was_not_let_through(
    days_ago: int | None, codes: dict[int, int] | None, client_errors: int, through: int | None
) -> None:
    revoked = NOW - timedelta(days=days_ago) if days_ago is not None else None
    gone, other = replace(paid("gone"), revoked_at=revoked), paid("a")
    answers = [
        usage(gone.id, requests=60, throttled=4, statuses=codes, client_errors=client_errors),
        usage(other.id, requests=40, throttled=0),
    ]
    found = billed(fleet(*answers, keys=[gone, other]))
    assert found.charges[0].let_through == through
    if days_ago == 30:
        assert found.left_out == (LeftOut("ended before the window", 1, through),)
        assert cents(found) == {"gone": None, "a": CENTS}
    elif through is not None:
        assert cents(found)["a"] == round(CENTS * 40 / (40 + through))


@pytest.mark.parametrize("tier", ["PRO", "Pro\u200b", " pro "])
def test_a_tier_is_the_same_in_any_case_and_with_what_nobody_sees(tier: str) -> None:
    of = paid("a", tier=tier)
    assert cents(billed(account(of, answers={"a": 5}))) == {"a": CENTS}
    assert of.day_limit() == Limit(TIER_LIMITS["pro"][1], "tier")
    assert pro_keys(account(of, answers={})) == {of.id}


@pytest.mark.parametrize("tier", ["free", "enterprise", None])
def test_without_a_pro_key_there_is_no_price_to_share(tier: str | None) -> None:
    found = billed(account(paid("a", tier=tier), answers={"a": 5}))
    assert (found.price, cents(found)) == (None, {"a": None})


@pytest.mark.parametrize("answers", [{"a": 5, "b": None}, {"a": 0, "b": 0}, {}])
def test_no_share_is_made_up_where_requests_are_unknown_or_none(answers: dict[str, int | None]) -> None:
    found = billed(account(paid("a"), paid("b"), answers=answers))
    assert found.price == PRO_PRICE_USD_MONTH
    assert cents(found) == {"a": None, "b": None}
    assert together(None, found.charges, found.requests).cents is None


@pytest.mark.parametrize("field", ["revoked_at", "expires_at"])
@pytest.mark.parametrize(("days_ago", "price"), [(300, None), (7, None), (6, PRO_PRICE_USD_MONTH)])
def test_a_pro_key_that_ended_before_the_window_does_not_make_the_plan_pro(
    field: str, days_ago: int, price: int | None
) -> None:
    ended = replace(paid("old"), **{field: NOW - timedelta(days=days_ago)})  # type: ignore[arg-type]
    found = billed(account(ended, paid("b", tier="free"), answers={"old": 0, "b": 5}))
    assert found.price == price
    assert billed(account(ended, paid("c"), answers={"old": 0, "c": 5})).price == PRO_PRICE_USD_MONTH


def test_keys_without_an_answer_are_counted_unless_they_ended_before_the_window() -> None:
    gone = replace(paid("gone"), revoked_at=NOW - timedelta(days=30))
    assert billed(account(paid("a"), paid("b"), gone, answers={"a": 5})).silent == 1


def test_groups_come_in_the_order_of_the_owners_with_nobodys_last() -> None:
    keys = [paid("x"), paid("a1"), paid("b"), paid("a2")]
    seen = account(*keys, answers={"x": 1, "a1": 2, "b": 3, "a2": 4})
    owners = {"Bob": ("b",), "Nil": ("none",), "Ann": ("a?",)}
    found = bill(prepared(seen, Lens(days=7), Preferences(owners)), Lens(days=7))
    groups = group_by_owner(found.charges, owners, found.requests)
    assert [(group.owner, [c.standing.key.name.shown for c in group.charges]) for group in groups] == [
        ("Bob", ["b"]),
        ("Ann", ["a1", "a2"]),
        (None, ["x"]),
    ]
    assert [(group.used.requests, group.share) for group in groups] == [
        (3, 0.3),
        (6, 0.6),
        (1, 0.1),
    ]
    assert sum(group.cents or 0 for group in groups) == CENTS


def test_a_group_with_one_unknown_figure_does_not_know_its_sum() -> None:
    seen = account(paid("a"), paid("b"), paid("silent"), answers={"a": 5, "b": None})
    found = billed(seen, Ann=("a", "silent"), Bob=("b",))
    ann, bob = group_by_owner(found.charges, {"Ann": (), "Bob": ()}, found.requests)
    assert (ann.used.requests, ann.used.answered, ann.used.keys) == (5, 1, 2)
    assert (bob.used.requests, ann.share, bob.share) == (None, None, None)
