"""Windows beyond the service's 90 days: sums of what is remembered, and unknown where nothing is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.known import Known
from socd_tui.analysis.remembered_window import remembered_days
from socd_tui.charts.canvas import Canvas
from socd_tui.model.errors import Problem
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens
from socd_tui.model.past import Past
from socd_tui.model.usage import Hour, Usage
from socd_tui.model.window import Window
from tests.build import NOW, drawn, fleet, key, observed, prepared, rows, usage

TODAY = NOW.date()
KEY = key()


def answer(key_id: str = "a", days: int = 90) -> Usage:
    """Ten requests on each of the days, one of them failed."""
    sent = rows(days, lambda _: (10, 1))
    return usage(key_id, days, requests=10 * len(sent), throttled=0, days=sent, hours=())


def remembered(*ago: int, throttled: int | None = 2) -> Past:
    """A hundred requests on each of these days before today, as known when they were over."""
    days = tuple(
        observed(TODAY - timedelta(days=n), 100, 5, throttled, NOW - timedelta(days=n - 1))
        for n in sorted(ago, reverse=True)
    )
    return Past(days, tuple(Hour(datetime.combine(day.date, NOW.time(), UTC), 2) for day, _ in days))


def account(past: Past | None = None, usage: Usage | None = None, key: ApiKey = KEY) -> Fleet:
    return fleet(usage or answer(), keys=[key], past={"a": past} if past else {})


def looked_back(fleet: Fleet, days: int) -> Known:
    return prepared(fleet, Lens(days=days))


def long(days: int, past: Past) -> Usage:
    usage = looked_back(account(past), days).usage("a")
    assert usage
    return usage


def test_the_days_are_the_remembered_ones_and_the_services_newest() -> None:
    usage = long(180, remembered(100, 101, 150))
    assert usage.requests == 90 * 10 + 3 * 100
    assert usage.failed == 90 + 3 * 5
    assert usage.hours
    assert len(usage.hours) == 3
    assert (usage.window.start, usage.window.end) == (TODAY - timedelta(days=179), TODAY)
    assert usage.notes == (f"93 of 180 days are remembered, the first is {TODAY - timedelta(days=150)}",)


def test_days_before_the_window_are_not_in_it() -> None:
    assert long(120, remembered(100, 119, 120, 300)).requests == 90 * 10 + 2 * 100


def test_what_is_not_kept_is_unknown() -> None:
    usage = long(180, remembered(100))
    assert (usage.statuses, usage.endpoints, usage.p95_ms, usage.peak_per_day) == (None,) * 4
    assert (usage.client_errors, usage.server_errors) == (None, None)


def test_all_429s_are_known_only_where_every_day_is() -> None:
    since_90 = range(90, 180)
    assert long(180, remembered(*since_90)).throttled == 90 * 2
    assert long(180, remembered(*since_90[:-1])).throttled is None
    assert long(180, remembered(*since_90, throttled=None)).throttled is None


def test_the_days_before_a_key_was_made_are_not_missed() -> None:
    young = replace(KEY, created_at=NOW - timedelta(days=100))
    usage = looked_back(account(remembered(*range(90, 101)), key=young), 180).usage("a")
    assert usage
    assert (usage.throttled, usage.notes) == (11 * 2, ())
    missed = looked_back(account(remembered(100), key=young), 180).usage("a")
    assert missed
    assert missed.throttled is None
    assert missed.notes == (f"91 of 101 days are remembered, the first is {TODAY - timedelta(days=100)}",)


@given(st.sets(st.integers(0, 200)), st.integers(0, 400), st.integers(91, 400))
def test_a_longer_window_never_counts_less_than_the_services_longest(
    ago: set[int], age: int, days: int
) -> None:
    """Not even of the day the key was made on, nor of one that a rolling window tells only in part."""
    key = replace(KEY, created_at=NOW - timedelta(days=age))
    rolling = answer(days=91)
    rolling = replace(rolling, window=Window(90, rolling.window.start, TODAY, "period"))
    for newest in (answer(), rolling):
        usage = looked_back(account(remembered(*ago) if ago else None, newest, key), days).usage("a")
        assert usage
        assert usage.requests is not None
        assert newest.requests is not None
        assert usage.requests >= newest.requests


def test_where_no_day_is_known_nothing_is_counted() -> None:
    usage = looked_back(account(usage=replace(answer(), days=None, hours=None)), 180).usage("a")
    assert usage
    assert (usage.requests, usage.failed, usage.throttled) == (None, None, None)
    assert usage.notes == ("0 of 180 days are remembered",)


def test_an_hour_is_known_to_be_a_zero_only_on_a_day_whose_429s_are_all_listed() -> None:
    past = remembered(100, 101, 102)
    first, second, third = past.days
    days = (
        first._replace(day=first.day._replace(throttled=3)),
        second._replace(day=second.day._replace(throttled=None)),
        third,
    )
    seen = looked_back(account(replace(past, days=days)), 180)
    newest = frozenset(TODAY - timedelta(days=n) for n in range(90))
    assert seen.counted_dates([KEY]) == newest | {TODAY - timedelta(days=100)}


def test_of_several_keys_a_day_is_known_when_it_is_of_each_that_was_there() -> None:
    twin = replace(KEY, id="b", created_at=NOW - timedelta(days=99))
    both = fleet(answer(), answer("b"), keys=[KEY, twin], past={"a": remembered(95, 100)})
    newest = frozenset(TODAY - timedelta(days=n) for n in range(90))
    assert looked_back(both, 180).counted_dates(both.keys) == newest | {TODAY - timedelta(days=100)}


def test_the_newer_of_two_observations_of_a_day_counts() -> None:
    assert long(91, remembered(5, 90)).requests == 90 * 10 + 100


def test_a_window_the_service_has_is_left_to_it() -> None:
    remembering = account(remembered(100))
    assert looked_back(remembering, 90).usage("a") is remembering.usages["a", 90]
    assert looked_back(remembering, 90).counted_dates([KEY]) is None


def test_without_the_services_answer_its_problem_is_the_long_windows() -> None:
    problem = Problem(kind="timeout", message="Too slow.", next_step="")
    failed = looked_back(Fleet(keys=(KEY,), failures={("a", 90): problem}), 180)
    assert failed.problem("a") == problem
    assert failed.usage("a") is None
    assert looked_back(account(), 180).problem("a") is None


def test_how_far_is_remembered_is_90_days_at_least() -> None:
    assert remembered_days(account()) == 90
    assert remembered_days(account(remembered(20))) == 90
    assert remembered_days(account(remembered(99, 200))) == 201


def test_days_more_than_eleven_months_old_are_shown_with_their_year() -> None:
    old = TODAY - timedelta(days=400)
    known = account(remembered(400, 399, 300, 2))
    for view, width in (("series", 130), ("series", 80), ("heatmap", 130), ("heatmap", 60), ("heatmap", 44)):
        picture = drawn(known, Lens(days=401, view=view, date=old), Canvas(width, 410))
        assert f"{old.day} {old:%b} {old.year}" in picture, (view, width)
        assert f"{TODAY:%b} {TODAY.year}" not in picture, (view, width)
