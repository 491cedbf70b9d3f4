"""Windows beyond the service's 90 days: sums of what is remembered, and unknown where nothing is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from socd_tui.analysis.reach import reach, remembered_days
from socd_tui.model.errors import Problem
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.past import DayRecord, Past
from socd_tui.model.text import Text
from socd_tui.model.usage import Day, Hour, Usage
from socd_tui.model.window import Window

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
KEY = ApiKey("a", Text("a"), Text("sk_live_aaaa"))


def answer(days: int = 90) -> Usage:
    window = Window.ending(TODAY, days)
    rows = tuple(Day(day, 10, 1, partial=day == TODAY) for day in window.dates())
    return replace(Usage("a", window, NOW, NOW), requests=10 * days, throttled=0, days=rows, hours=())


def remembered(*ago: int, throttled: int | None = 2) -> Past:
    """A hundred requests on each of these days before today, as known when they were over."""
    days = tuple(
        DayRecord(TODAY - timedelta(days=n), 100, 5, throttled, NOW - timedelta(days=n - 1))
        for n in sorted(ago, reverse=True)
    )
    return Past(days, tuple(Hour(datetime.combine(day.date, NOW.time(), UTC), 2) for day in days))


def fleet(past: Past | None = None, usage: Usage | None = None) -> Fleet:
    return Fleet(
        keys=(KEY,), usages={("a", 90): usage or answer()}, past={"a": past} if past else {}, listed_at=NOW
    )


def long(days: int, past: Past) -> Usage:
    usage = reach(fleet(past), days).usage("a", days)
    assert usage
    return usage


def test_the_days_are_the_remembered_ones_and_the_services_newest() -> None:
    usage = long(180, remembered(100, 101, 150))
    assert usage.requests == 90 * 10 + 3 * 100
    assert usage.failed == 90 + 3 * 5
    assert usage.throttled == 6
    assert usage.hours
    assert len(usage.hours) == 3
    assert (usage.window.start, usage.window.end) == (TODAY - timedelta(days=179), TODAY)
    assert usage.notes == (f"93 of 180 days are remembered, the first is {TODAY - timedelta(days=150)}",)


def test_days_before_the_window_are_not_in_it() -> None:
    assert long(120, remembered(100, 119, 120, 300)).requests == 90 * 10 + 2 * 100


def test_what_is_not_kept_is_unknown() -> None:
    usage = long(180, remembered(100, throttled=None))
    assert (usage.throttled, usage.hours) == (None, None)
    assert (usage.statuses, usage.endpoints, usage.p95_ms, usage.peak_per_day) == (None,) * 4
    assert (usage.client_errors, usage.server_errors) == (None, None)


def test_the_newer_of_two_observations_of_a_day_counts() -> None:
    assert long(91, remembered(5, 90)).requests == 90 * 10 + 100


def test_a_window_the_service_has_is_left_to_it() -> None:
    known = fleet(remembered(100))
    assert reach(known, 90) is known


def test_without_the_services_answer_its_problem_is_the_long_windows() -> None:
    problem = Problem("timeout", "Too slow.", "")
    failed = reach(Fleet(keys=(KEY,), failures={("a", 90): problem}), 180)
    assert failed.failure("a", 180) == problem
    assert failed.usage("a", 180) is None
    assert reach(replace(failed, usages={("a", 90): answer()}, failures={}), 180).failures == {}


def test_how_far_is_remembered_is_90_days_at_least() -> None:
    assert remembered_days(fleet()) == 90
    assert remembered_days(fleet(remembered(20))) == 90
    assert remembered_days(fleet(remembered(99, 200))) == 201
