"""The window before: exact where counts subtract, and a reason where they do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.compare import Change, Previous
from socd_tui.analysis.growth import growth, growth_share, increase
from socd_tui.analysis.known import Known
from socd_tui.analysis.pair import pair
from socd_tui.analysis.standing import standings
from socd_tui.model.errors import Problem
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import COMPARISONS, Compare, Lens
from socd_tui.model.past import Past
from socd_tui.model.text import Text
from socd_tui.model.usage import COUNTS, Day, Usage
from socd_tui.model.window import Window
from socd_tui.views.frame.document import compared as read_compared_days
from tests.build import NOW, ago, endpoints, figures, fleet, key, observed, prepared, rows, usage

A, B = key("a"), key("b")
IOCS, LOOKUP, STIX = Text("/iocs"), Text("/lookup"), Text("/stix")

COMPARED = Lens(days=7, compare="same_length")


def use(days: int, paths: dict[Text, int] | None = None, *, key_id: str = "a", **figures: Any) -> Usage:
    """An answer whose requests are those of its paths."""
    if paths is not None:
        figures = {"requests": sum(paths.values()), "endpoints": endpoints(paths), **figures}
    return usage(key_id, days, **figures)


def with_whole_days(*answers: Usage) -> list[Usage]:
    """The answers, and those of the windows that tell whole days, as of a key that did nothing today."""
    weeks = [answer for answer in answers if answer.window.days == 7]
    eight = [replace(answer, window=Window.ending(NOW.date(), 8)) for answer in weeks]
    return [*answers, *eight, *(_silent(answer) for answer in weeks)]


def _silent(answer: Usage) -> Usage:
    """What is said of today, where it has had no request."""
    zeros: dict[str, Any] = {name: 0 for name in COUNTS if getattr(answer, name) is not None}
    return replace(
        answer,
        window=Window.ending(NOW.date(), 1),
        statuses=None if answer.statuses is None else {},
        endpoints=None if answer.endpoints is None else (),
        **zeros,
    )


def compared(*answers: Usage) -> Known:
    return prepared(fleet(*with_whole_days(*answers), keys=[A, B]), COMPARED)


def before(*answers: Usage) -> Previous:
    return compared(*answers).before([A])


def test_counts_subtract() -> None:
    told = before(use(7, {IOCS: 30}, throttled=2), use(14, {IOCS: 70}, throttled=5))
    assert told.change("requests") == Change(30, 40)
    assert told.change("throttled") == Change(2, 3)
    assert told.usage
    assert (told.usage.window.start, told.usage.window.end) == (
        NOW.date() - timedelta(days=13),
        NOW.date() - timedelta(days=8),
    )


def test_a_change_knows_its_difference_and_its_ratio() -> None:
    assert (Change(30, 40).difference, Change(30, 40).ratio, Change(30, 40).comparable) == (-10, -0.25, True)
    assert (Change(5, 0).difference, Change(5, 0).ratio) == (5, None)
    assert (Change(5, None, "why").difference, Change(5, None, "why").comparable) == (None, False)


def test_a_longer_window_that_counts_fewer_is_never_clamped() -> None:
    told = before(use(7, requests=30, throttled=2), use(14, requests=20, throttled=5))
    assert told.change("requests") == Change(30, None, "the longer window counts fewer (20 < 30)")
    assert told.change("throttled").previous == 3


def test_what_the_service_did_not_say_is_not_comparable() -> None:
    told = before(use(7, requests=30), use(14, requests=70, throttled=9))
    assert told.change("throttled").reason == "the service did not say"
    assert told.endpoint(IOCS).reason == "the service sent no endpoints"
    assert told.status(200).reason == "the service sent no codes"


def test_an_endpoint_of_this_window_that_the_longer_list_leaves_out_is_not_comparable() -> None:
    told = before(use(7, {IOCS: 30, STIX: 5}), use(14, {IOCS: 70}, requests=80))
    assert told.endpoint(IOCS) == Change(30, 40, so_far=0)
    assert told.endpoint(STIX).reason == "the longer window's endpoints leave it out"


def test_an_endpoint_that_this_windows_whole_list_lacks_is_gone_and_of_a_cut_list_unknown() -> None:
    longer = use(14, {IOCS: 70, LOOKUP: 8})
    assert before(use(7, {IOCS: 30}), longer).endpoint(LOOKUP) == Change(0, 8, so_far=0)
    cut = before(use(7, {IOCS: 30}, requests=33), longer)
    assert cut.endpoint(LOOKUP).reason == "this window's list of endpoints is cut short"


def test_codes_follow_the_same_rules() -> None:
    told = before(
        use(7, requests=10, statuses={200: 8, 404: 2}), use(14, requests=30, statuses={200: 20, 500: 10})
    )
    assert told.status(200) == Change(8, 12, so_far=0)
    assert told.status(404).reason == "the longer window's codes leave it out"
    assert told.status(500) == Change(0, 10, so_far=0)


@pytest.mark.parametrize(
    ("longer", "reason"),
    [
        (replace(use(14), window=Window.ending(NOW.date(), 12)), "the service answered 12 days for 14"),
        (
            replace(use(14), window=Window.ending(NOW.date() - timedelta(days=1), 14)),
            "the two answers end on different days",
        ),
        (replace(use(14), observed_at=NOW - timedelta(minutes=22)), "the two answers are 22 min apart"),
    ],
)
def test_answers_that_do_not_fit_together_are_not_subtracted(longer: Usage, reason: str) -> None:
    usages = {(each.key_id, each.window.days): each for each in with_whole_days(use(7, requests=1))}
    account = Fleet(keys=(A,), usages={**usages, ("a", 14): longer})
    told = prepared(account, COMPARED).before([A])
    assert (told.usage, told.change("requests")) == (None, Change(None, None, reason))


def test_what_is_missing_is_named() -> None:
    assert (
        prepared(Fleet(keys=(A,)), COMPARED).before([A]).reasons[""] == "there is no answer for this window"
    )
    assert before(use(7)).reasons[""] == "waiting for the answer"
    refused = fleet(
        *with_whole_days(use(7)),
        failures={("a", 14): Problem(kind="timeout", message="Too slow.", next_step="")},
    )
    assert prepared(refused, COMPARED).before([A]).reasons[""] == "the 14-day window failed: Too slow."
    far = fleet(use(60))
    assert (
        prepared(far, Lens(days=60, compare="same_length")).before([A]).reasons[""]
        == "the service looks back 90 days, not 120"
    )


def test_days_of_the_window_before_come_from_the_longer_series() -> None:
    dates = list(Window.ending(NOW.date(), 14).dates())
    longer = replace(use(14), days=tuple(Day(day, n, 0) for n, day in enumerate(dates)))
    told = before(use(7), longer)
    assert told.usage
    assert [day.requests for day in told.usage.days or ()] == list(range(6))
    assert [day.requests for day in told.days] == list(range(14))


def test_one_key_that_cannot_be_compared_makes_the_sum_not_comparable() -> None:
    both = compared(use(7, {IOCS: 1}), use(14, {IOCS: 3}), use(7, {IOCS: 1}, key_id="b"))
    told = both.before([A, B])
    assert told.change("requests").reason == "1 of 2 keys: waiting for the answer"
    assert both.before([A]).change("requests") == Change(1, 2)


def test_an_endpoint_that_one_key_cannot_tell_is_unknown_in_the_sum() -> None:
    both = compared(
        use(7, {IOCS: 1, STIX: 1}),
        use(14, {IOCS: 3, STIX: 2}),
        use(7, {IOCS: 1, STIX: 1}, key_id="b"),
        use(14, {IOCS: 5}, requests=9, key_id="b"),
    )
    told = both.before([A, B])
    assert told.endpoint(IOCS) == Change(2, 6, so_far=0)
    assert told.endpoint(STIX) == Change(None, None, "the longer window's endpoints leave it out")


counts = st.dictionaries(st.sampled_from((IOCS, LOOKUP, STIX)), st.integers(0, 10**12), min_size=1)


@given(counts, counts)
def test_the_two_windows_add_up_to_the_longer_one(now: dict[Text, int], earlier: dict[Text, int]) -> None:
    longer = {path: now.get(path, 0) + earlier.get(path, 0) for path in {**now, **earlier}}
    told = before(use(7, now), use(14, longer))
    for path, n in longer.items():
        assert told.endpoint(path) == Change(now.get(path, 0), n - now.get(path, 0), so_far=0)
    assert told.change("requests").previous == sum(earlier.values())


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
    cut = fleet(*with_whole_days(use(7, {IOCS: 200}, requests=14_000), use(14, {IOCS: 300}, requests=16_000)))
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


# --- which days ---------------------------------------------------------------------------------------


def dates(kind: Compare, days: int, today: date) -> tuple[str, str, str, str]:
    found = pair(kind, today, days)
    return (str(found.now.start), str(found.now.end), str(found.before.start), str(found.before.end))


def test_the_windows_whole_days_stand_beside_those_a_window_earlier() -> None:
    sunday = date(2026, 11, 22)
    assert dates("same_length", 7, sunday) == ("2026-11-16", "2026-11-21", "2026-11-09", "2026-11-14")
    assert dates("same_length", 30, sunday) == ("2026-10-24", "2026-11-21", "2026-09-24", "2026-10-22")
    assert dates("same_length", 1, sunday) == ("2026-11-21", "2026-11-21", "2026-11-20", "2026-11-20")


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 23), ("2026-11-16", "2026-11-22", "2026-11-09", "2026-11-15")),  # Monday: whole weeks
        (date(2026, 11, 24), ("2026-11-23", "2026-11-23", "2026-11-16", "2026-11-16")),
        (date(2026, 11, 22), ("2026-11-16", "2026-11-21", "2026-11-09", "2026-11-14")),
        (date(2027, 1, 1), ("2026-12-28", "2026-12-31", "2026-12-21", "2026-12-24")),
    ],
)
def test_a_calendar_week_begins_on_monday_and_stands_beside_the_same_days_of_the_week_before(
    today: date, expected: tuple[str, str, str, str]
) -> None:
    assert dates("calendar_week", 30, today) == expected


@given(st.integers(1, 90), st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sampled_from(COMPARISONS))
def test_both_spans_are_equally_long_end_before_today_and_share_no_day(
    days: int, today: date, kind: Compare
) -> None:
    found = pair(kind, today, days)
    assert len(list(found.now.dates())) == len(list(found.before.dates())) == found.now.days
    assert found.before.end < found.now.start <= found.now.end == today - timedelta(days=1)


def daily(key_id: str, *windows: int, today: int, each: int) -> list[Usage]:
    """Answers of a key that makes as many requests on every day, and fewer so far today."""
    return [
        usage(
            key_id,
            days,
            requests=each * (days - 1) + today,
            days=rows(days, lambda ago: (each if ago else today, 0)),
        )
        for days in windows
    ]


@pytest.mark.parametrize("windows", [(1, 7, 8, 14), (7, 90)], ids=["by windows", "by daily rows"])
def test_a_day_that_is_not_over_turns_no_arrow(windows: tuple[int, ...]) -> None:
    told = prepared(fleet(*daily("a", *windows, today=10, each=100)), COMPARED).before([key("a")])
    assert told.change("requests") == Change(600, 600, so_far=10)
    assert told.change("requests").difference == 0


def test_by_daily_rows_nothing_but_requests_is_told_and_the_rest_says_why() -> None:
    week = Lens(days=7, compare="calendar_week")
    told = prepared(fleet(*daily("a", 7, 15, today=10, each=100)), week).before([key("a")])
    assert told.change("requests") == Change(600, 600, so_far=10)
    why = "the service tells this by windows that end today, not by week"
    assert told.status(200) == Change(None, None, why)
    assert told.endpoint(IOCS).reason == told.change("throttled").reason == why


def test_remembered_days_compare_a_window_longer_than_the_services_looking_back() -> None:
    remembered = Past(days=tuple(observed(ago(n), 50 if n < 60 else 40, 0, 0) for n in range(1, 125)))
    account = fleet(*daily("a", 60, today=5, each=50), past={"a": remembered})
    told = prepared(account, Lens(days=60, compare="same_length")).before([key("a")])
    assert told.change("requests") == Change(59 * 50, 59 * 40, so_far=5)


def test_a_week_with_a_day_that_nobody_told_is_not_comparable() -> None:
    sent = rows(15, lambda ago: None if ago == 10 else (100, 0))
    account = fleet(*(usage("a", days, requests=1_400, days=sent) for days in (7, 15)))
    told = prepared(account, Lens(days=7, compare="calendar_week")).before([key("a")])
    assert told.change("requests").reason == "no row for 2026-11-12"


def test_each_press_of_the_key_compares_by_length_by_week_and_not_at_all() -> None:
    lens, seen = Lens(), []
    for _ in range(4):
        lens = lens.compared_next()
        seen.append(lens.compare)
    assert seen == ["same_length", "calendar_week", None, "same_length"]


def test_the_document_says_which_days_and_what_today_has() -> None:
    account = fleet(*daily("a", 1, 7, 8, 14, today=10, each=100))
    known = prepared(account, COMPARED)
    assert read_compared_days(known.before([key("a")])) == {
        "kind": "same_length",
        "now": {"days": 6, "start": "2026-11-16", "end": "2026-11-21"},
        "before": {"days": 6, "start": "2026-11-09", "end": "2026-11-14"},
        "comparable": True,
        "so_far": {"date": "2026-11-22", "requests": 10, "errors": 0},
    }
    [row] = figures(account, COMPARED)["rows"]
    assert {name: row[name] for name in ("requests", "compared_requests", "previous_requests", "change")} == {
        "requests": 610,
        "compared_requests": 600,
        "previous_requests": 600,
        "change": 0,
    }
    assert row["so_far_requests"] == 10


def test_where_windows_and_days_contradict_the_days_tell_the_requests_and_nothing_tells_the_rest() -> None:
    same = [replace(answer, requests=610) for answer in daily("a", 1, 7, 8, 14, today=10, each=100)]
    told = prepared(fleet(*same), COMPARED).before([key("a")])
    assert told.change("requests") == Change(600, 600, so_far=10)
    assert told.change("throttled").reason == "the windows make it 0 requests, the days 600"
    short = [replace(answer, days=(answer.days or ())[-7:]) for answer in same]
    alone = prepared(fleet(*short), COMPARED).before([key("a")])
    assert alone.change("requests").reason == "the windows make it 0 requests, the days 600"
