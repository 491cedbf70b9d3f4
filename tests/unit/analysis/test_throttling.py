"""When 429s came, at which hours none did, and which limit refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.budget import budgets
from socd_tui.analysis.hourmap import hour_map
from socd_tui.analysis.throttling import Spread, refusal, spans, spread
from tests.build import NOW, hours, key, usage

START = datetime(2026, 11, 16, tzinfo=UTC)
HOURS = 6 * 24 + 15
"""Of the window, until now."""


def found(counts: dict[datetime, int], *, total: int | None = None, zone: tzinfo = UTC) -> Spread | None:
    throttled = sum(counts.values()) if total is None else total
    made = hour_map(usage(throttled=throttled, hours=hours(counts)), zone, folded=False)
    assert made is not None
    return spread(made, zone)


def every(step: int, start: int = 0, end: int = HOURS) -> dict[datetime, int]:
    return {START + timedelta(hours=n): 10 + n for n in range(start, end, step)}


def test_without_a_429_nothing_is_spread() -> None:
    assert found({}) is None


def test_every_hour_of_the_window() -> None:
    told = found(every(1))
    assert told is not None
    assert (told.hit, told.begun, told.every_hour, told.from_the_start) == (HOURS, HOURS, True, True)
    assert told.quiet == ()
    assert told.calmest is not None


def test_every_hour_since_the_first() -> None:
    told = found(every(1, start=72))
    assert told is not None
    assert (told.hit, told.begun_since) == (HOURS - 72, HOURS - 72)
    assert told.every_hour
    assert not told.from_the_start
    assert told.first == START + timedelta(hours=72)


def test_the_hour_that_is_not_over_does_not_say_how_few_there_can_be() -> None:
    told = found({**every(1), NOW.replace(minute=0): 1})
    assert told is not None
    assert told.least == 10
    only = found({NOW.replace(minute=0): 1})
    assert only is not None
    assert only.least == only.most == 1


def test_quiet_hours_are_those_of_the_zone_that_were_never_hit() -> None:
    told = found(every(24, start=2) | every(24, start=14))
    assert told is not None
    assert told.quiet == tuple(x for x in range(24) if x not in (2, 14))
    there = found(every(24, start=2), zone=ZoneInfo("Asia/Kolkata"))  # 02:00 UTC is 07:30 there
    assert there is not None
    assert 7 not in there.quiet
    assert len(there.quiet) == 23


def test_no_hour_is_quiet_of_which_it_is_not_told_whether_it_was_hit() -> None:
    told = found({START + timedelta(hours=2): 5}, total=50)
    assert told is not None
    assert told.quiet == ()
    assert not told.whole
    assert not told.every_hour


def test_that_it_ended_is_told_a_day_after_the_last() -> None:
    (late, early) = (found(every(1, end=HOURS - n)) for n in (24, 23))
    assert late is not None
    assert early is not None
    assert (late.ended, early.ended) == (True, False)


@pytest.mark.parametrize(
    ("quiet", "expected"),
    [
        ([], []),
        ([3], [(3, 3)]),
        ([4, 5, 6, 20], [(4, 6), (20, 20)]),
        ([0, 1, 22, 23], [(22, 1)]),
        ([0, 5, 6, 7, 23], [(5, 7), (23, 0)]),
        (list(range(24)), [(0, 23)]),
    ],
)
def test_hours_of_the_day_as_spans(quiet: list[int], expected: list[tuple[int, int]]) -> None:
    assert spans(quiet) == expected


@given(st.sets(st.integers(0, 23)))
def test_spans_hold_each_hour_once(quiet: set[int]) -> None:
    held = [(first + n) % 24 for first, last in spans(list(quiet)) for n in range((last - first) % 24 + 1)]
    assert sorted(held) == sorted(quiet)


@pytest.mark.parametrize(
    ("peaks", "reached", "below", "untold"),
    [
        ((100, 660), ["minute"], ["day"], []),
        ((40, 10_000), ["day"], ["minute"], []),
        ((336, 10_400), ["minute", "day"], [], []),
        ((99, 9_999), [], ["minute", "day"], []),
        ((100, None), ["minute"], [], ["day"]),
        ((None, None), [], [], ["minute", "day"]),
    ],
)
def test_the_limits_that_a_keys_peaks_reached(
    peaks: tuple[int | None, int | None], reached: list[str], below: list[str], untold: list[str]
) -> None:
    answer = usage(throttled=5, peak_per_minute=peaks[0], peak_per_day=peaks[1])
    told = refusal(budgets(key(limit_per_minute=100, limit_per_day=10_000), answer))
    assert [name for name, _ in told.reached] == reached
    assert [name for name, _ in told.below] == below
    assert list(told.untold) == untold


@pytest.mark.parametrize(("peak", "near"), [(7_999, False), (8_000, True)])
def test_the_other_limit_was_near_from_80_per_cent(peak: int, near: bool) -> None:
    answer = usage(throttled=5, peak_per_minute=100, peak_per_day=peak)
    assert refusal(budgets(key(limit_per_minute=100, limit_per_day=10_000), answer)).near == near
