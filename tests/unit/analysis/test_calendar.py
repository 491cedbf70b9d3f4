"""Every date of the window has its place, and a missing row is not a day without requests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.calendar import DaySlot, calendar
from socd_tui.model.usage import Day, Usage
from socd_tui.model.window import Window

NOW = datetime(2026, 5, 17, 9, 42, 11, tzinfo=UTC)
TODAY = NOW.date()


def use(days: tuple[Day, ...] | None, length: int = 7) -> Usage:
    return Usage("a", Window.ending(TODAY, length), NOW, NOW, days=days)


@given(st.sets(st.integers(-3, 100)), st.integers(1, 90))
def test_every_date_of_the_window_and_every_date_sent_is_there_once_in_order(
    days_ago: set[int], length: int
) -> None:
    sent = [TODAY - timedelta(days=ago) for ago in days_ago]
    usage = use(tuple(Day(when, 5, 1) for when in sorted(sent)), length)
    slots = calendar(usage)
    assert [slot.date for slot in slots] == sorted({*sent, *usage.window.dates()})
    assert {slot.date for slot in slots if slot.missing} == set(usage.window.dates()) - set(sent)
    assert {slot.date for slot in slots if slot.outside} == set(sent) - set(usage.window.dates())


def test_a_missing_day_is_unknown_while_a_day_of_zero_is_zero() -> None:
    yesterday = TODAY - timedelta(days=1)
    missing, zero = calendar(use((Day(TODAY, 0, 0, partial=True),), length=2))
    assert missing == DaySlot(yesterday, None, None, missing=True)
    assert zero == DaySlot(TODAY, 0, 0, partial=True)


def test_a_row_without_figures_is_not_a_missing_row() -> None:
    assert calendar(use((Day(TODAY, None, None),), length=1)) == (DaySlot(TODAY),)


def test_without_daily_data_every_day_is_missing() -> None:
    for none in (None, ()):
        slots = calendar(use(none))
        assert len(slots) == 7
        assert all(slot.missing for slot in slots)


def test_how_many_keys_were_silent_about_a_day_is_kept() -> None:
    [slot] = calendar(use((Day(TODAY, 3, 1, silent_keys=2),), length=1))
    assert (slot.requests, slot.silent_keys) == (3, 2)


def test_days_across_a_leap_day_and_a_years_end_are_each_one_day() -> None:
    for end in (date(2028, 3, 1), date(2027, 1, 1)):
        usage = Usage("a", Window.ending(end, 3), NOW, NOW)
        assert [(slot.date - end).days for slot in calendar(usage)] == [-2, -1, 0]
