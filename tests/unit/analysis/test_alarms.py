"""Alarms: what is worse passes the pause, what lasts waits for it, and that it is over is told once."""

from __future__ import annotations

from datetime import timedelta

from socd_tui.analysis.alarms import due, remembered
from socd_tui.model.alarm import Alarmed, AlarmLevel, AlarmsTold, Slot
from tests.build import NOW

DAY: Slot = ("a", "day")
HOUR = timedelta(hours=1)


def told(*levels: tuple[int, AlarmLevel | None]) -> list[tuple[int, AlarmLevel, AlarmLevel]]:
    """(minute, level, level before) of each alarm of a measure that stood so then; None is unknown."""
    memory: AlarmsTold = {}
    found: list[tuple[int, AlarmLevel, AlarmLevel]] = []
    for minute, level in levels:
        at = NOW + timedelta(minutes=minute)
        alarms = due({DAY: level} if level else {}, memory, at, HOUR)
        memory = remembered(memory, alarms, at)
        found += [(minute, alarm.level, alarm.before) for alarm in alarms]
    return found


def test_what_is_fine_is_never_told() -> None:
    assert told((0, "ok"), (99, "ok")) == []


def test_what_lasts_is_told_again_after_the_pause() -> None:
    minutes: list[tuple[int, AlarmLevel | None]] = [(n, "passed") for n in (0, 1, 59, 60, 61, 120)]
    assert [minute for minute, *_ in told(*minutes)] == [0, 60, 120]


def test_what_is_worse_is_told_at_once_and_what_is_better_is_not() -> None:
    levels = told((0, "forecast"), (1, "passed"), (2, "forecast"), (3, "passed"))
    assert levels == [(0, "forecast", "ok"), (1, "passed", "forecast")]


def test_that_it_is_over_is_told_once_and_it_may_begin_again_at_once() -> None:
    levels = told((0, "passed"), (1, "ok"), (2, "ok"), (3, "passed"))
    assert levels == [(0, "passed", "ok"), (1, "ok", "passed"), (3, "passed", "ok")]


def test_what_is_unknown_is_neither_over_nor_new() -> None:
    assert told((0, "passed"), (1, None), (2, "passed"), (3, "ok")) == [
        (0, "passed", "ok"),
        (3, "ok", "passed"),
    ]


def test_measures_and_keys_have_pauses_of_their_own() -> None:
    memory: AlarmsTold = {DAY: Alarmed("passed", NOW)}
    alarms = due({DAY: "passed", ("a", "minute"): "passed", ("b", "day"): "passed"}, memory, NOW, HOUR)
    assert [alarm.slot for alarm in alarms] == [("a", "minute"), ("b", "day")]


def test_what_nobody_looks_at_any_more_is_forgotten() -> None:
    old: AlarmsTold = {("gone", "day"): Alarmed("passed", NOW - timedelta(days=31))}
    assert remembered(old, (), NOW) == {}
