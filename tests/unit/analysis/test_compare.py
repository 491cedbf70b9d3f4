"""The window before: exact where counts subtract, and a reason where they do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.compare import Change, Previous
from socd_tui.analysis.growth import growth, growth_share, increase
from socd_tui.analysis.known import Known
from socd_tui.analysis.standing import standings
from socd_tui.model.errors import Problem
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.text import Text
from socd_tui.model.usage import Day, Usage
from socd_tui.model.window import Window
from tests.build import NOW, endpoints, fleet, key, prepared, usage

A, B = key("a"), key("b")
IOCS, LOOKUP, STIX = Text("/iocs"), Text("/lookup"), Text("/stix")

COMPARED = Lens(days=7, compare=True)


def use(days: int, paths: dict[Text, int] | None = None, *, key_id: str = "a", **figures: Any) -> Usage:
    """An answer whose requests are those of its paths."""
    if paths is not None:
        figures = {"requests": sum(paths.values()), "endpoints": endpoints(paths), **figures}
    return usage(key_id, days, **figures)


def compared(*answers: Usage) -> Known:
    return prepared(fleet(*answers, keys=[A, B]), COMPARED)


def before(*answers: Usage) -> Previous:
    return compared(*answers).before([A])


def test_counts_subtract() -> None:
    told = before(use(7, {IOCS: 30}, throttled=2), use(14, {IOCS: 70}, throttled=5))
    assert told.change("requests", 30) == Change(30, 40)
    assert told.change("throttled", 2) == Change(2, 3)
    assert told.usage
    assert (told.usage.window.start, told.usage.window.end) == (
        NOW.date() - timedelta(days=13),
        NOW.date() - timedelta(days=7),
    )


def test_a_change_knows_its_difference_and_its_ratio() -> None:
    assert (Change(30, 40).difference, Change(30, 40).ratio, Change(30, 40).comparable) == (-10, -0.25, True)
    assert (Change(5, 0).difference, Change(5, 0).ratio) == (5, None)
    assert (Change(5, None, "why").difference, Change(5, None, "why").comparable) == (None, False)


def test_a_longer_window_that_counts_fewer_is_never_clamped() -> None:
    told = before(use(7, requests=30, throttled=2), use(14, requests=20, throttled=5))
    assert told.change("requests", 30) == Change(30, None, "the longer window counts fewer (20 < 30)")
    assert told.change("throttled", 2).previous == 3


def test_what_the_service_did_not_say_is_not_comparable() -> None:
    told = before(use(7, requests=30), use(14, requests=70, throttled=9))
    assert told.change("throttled", None).reason == "the service did not say"
    assert told.endpoint(IOCS, None).reason == "the service sent no endpoints"
    assert told.status(200, 3).reason == "the service sent no codes"


def test_an_endpoint_of_this_window_that_the_longer_list_leaves_out_is_not_comparable() -> None:
    told = before(use(7, {IOCS: 30, STIX: 5}), use(14, {IOCS: 70}, requests=80))
    assert told.endpoint(IOCS, 30) == Change(30, 40)
    assert told.endpoint(STIX, 5).reason == "the longer window's endpoints leave it out"


def test_an_endpoint_that_this_windows_whole_list_lacks_is_gone_and_of_a_cut_list_unknown() -> None:
    longer = use(14, {IOCS: 70, LOOKUP: 8})
    assert before(use(7, {IOCS: 30}), longer).endpoint(LOOKUP, 0) == Change(0, 8)
    cut = before(use(7, {IOCS: 30}, requests=33), longer)
    assert cut.endpoint(LOOKUP, None).reason == "this window's list of endpoints is cut short"


def test_codes_follow_the_same_rules() -> None:
    told = before(
        use(7, requests=10, statuses={200: 8, 404: 2}), use(14, requests=30, statuses={200: 20, 500: 10})
    )
    assert told.status(200, 8) == Change(8, 12)
    assert told.status(404, 2).reason == "the longer window's codes leave it out"
    assert told.status(500, 0) == Change(0, 10)


@pytest.mark.parametrize(
    ("longer", "reason"),
    [
        (replace(use(14), window=Window.ending(NOW.date(), 12)), "the service answered 7 and 12 days"),
        (
            replace(use(14), window=Window.ending(NOW.date() - timedelta(days=1), 14)),
            "the two answers end on different days",
        ),
        (replace(use(14), observed_at=NOW - timedelta(minutes=22)), "the two answers are 22 min apart"),
    ],
)
def test_answers_that_do_not_fit_together_are_not_subtracted(longer: Usage, reason: str) -> None:
    account = Fleet(keys=(A,), usages={("a", 7): use(7, requests=1), ("a", 14): longer})
    told = prepared(account, COMPARED).before([A])
    assert (told.usage, told.change("requests", 1)) == (None, Change(1, None, reason))


def test_what_is_missing_is_named() -> None:
    assert (
        prepared(Fleet(keys=(A,)), COMPARED).before([A]).reasons[""] == "there is no answer for this window"
    )
    assert before(use(7)).reasons[""] == "waiting for the answer"
    refused = fleet(use(7), failures={("a", 14): Problem(kind="timeout", message="Too slow.", next_step="")})
    assert prepared(refused, COMPARED).before([A]).reasons[""] == "the 14-day window failed: Too slow."
    far = fleet(use(60))
    assert (
        prepared(far, Lens(days=60, compare=True)).before([A]).reasons[""]
        == "the service looks back 90 days, 120 would be needed"
    )


def test_days_of_the_window_before_come_from_the_longer_series() -> None:
    dates = list(Window.ending(NOW.date(), 14).dates())
    longer = replace(use(14), days=tuple(Day(day, n, 0) for n, day in enumerate(dates)))
    told = before(use(7), longer).usage
    assert told
    assert [day.requests for day in told.days or ()] == list(range(7))


def test_one_key_that_cannot_be_compared_makes_the_sum_not_comparable() -> None:
    both = compared(use(7, {IOCS: 1}), use(14, {IOCS: 3}), use(7, {IOCS: 1}, key_id="b"))
    told = both.before([A, B])
    assert told.change("requests", 2).reason == "1 of 2 keys: waiting for the answer"
    assert both.before([A]).change("requests", 1) == Change(1, 2)


def test_an_endpoint_that_one_key_cannot_tell_is_unknown_in_the_sum() -> None:
    both = compared(
        use(7, {IOCS: 1, STIX: 1}),
        use(14, {IOCS: 3, STIX: 2}),
        use(7, {IOCS: 1, STIX: 1}, key_id="b"),
        use(14, {IOCS: 5}, requests=9, key_id="b"),
    )
    told = both.before([A, B])
    assert told.endpoint(IOCS, 2) == Change(2, 6)
    assert told.endpoint(STIX, 2) == Change(2, None, "the longer window's endpoints leave it out")


counts = st.dictionaries(st.sampled_from((IOCS, LOOKUP, STIX)), st.integers(0, 10**12), min_size=1)


@given(counts, counts)
def test_the_two_windows_add_up_to_the_longer_one(now: dict[Text, int], earlier: dict[Text, int]) -> None:
    longer = {path: now.get(path, 0) + earlier.get(path, 0) for path in {**now, **earlier}}
    told = before(use(7, now), use(14, longer))
    for path, n in longer.items():
        assert told.endpoint(path, now.get(path, 0)) == Change(now.get(path, 0), n - now.get(path, 0))
    assert told.change("requests", sum(now.values())).previous == sum(earlier.values())


@given(st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 10**12)), max_size=6))
def test_growth_shares_add_up_to_one_and_what_shrank_has_none(pairs: list[tuple[int, int]]) -> None:
    changes = [Change(now, earlier) for now, earlier in pairs]
    shares = [growth_share(change, increase(changes)) for change in changes]
    grown = [share for share in shares if share is not None]
    assert not grown or sum(grown) == pytest.approx(1)
    assert [share is None for share in shares] == [now <= earlier for now, earlier in pairs]


def test_growth_is_named_by_key_and_endpoint() -> None:
    both = compared(
        use(7, {IOCS: 90, LOOKUP: 1}),
        use(14, {IOCS: 100, LOOKUP: 9}),
        use(7, {IOCS: 30}, key_id="b"),
        use(14, {IOCS: 40}, key_id="b"),
    )
    found = growth(both, [A, B])
    assert found.total == Change(121, 28)
    assert [(part.key, part.path, part.share) for part in found.parts] == [(A, IOCS, 0.8), (B, IOCS, 0.2)]


def test_nothing_grows_without_anything_to_compare_with() -> None:
    assert growth(prepared(fleet(use(7, {IOCS: 1})), COMPARED), [A, B]).parts == ()


def test_what_the_lists_leave_out_grew_too_and_keeps_its_part_of_the_growth() -> None:
    cut = fleet(use(7, {IOCS: 200}, requests=14_000), use(14, {IOCS: 300}, requests=16_000))
    [part] = growth(prepared(cut, COMPARED), [A]).parts
    assert (part.change.difference, part.share) == (100, 100 / 12_000)


def test_where_a_key_is_not_comparable_nobody_made_the_growth() -> None:
    both = compared(use(7, {IOCS: 14_000}), use(7, {IOCS: 30}, key_id="b"), use(14, {IOCS: 40}, key_id="b"))
    assert growth(both, [A, B]).parts == ()
    rows = standings(both, COMPARED)
    assert [(row.change.comparable, row.growth) for row in rows if row.change] == [
        (False, None),
        (True, None),
    ]
