"""Every date of the window has its place, and a missing row is not a day without requests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.calendar import calendar
from socd_tui.model.usage import Day
from tests.build import NOW, usage

TODAY = NOW.date()


@given(st.sets(st.integers(-3, 100)), st.integers(1, 90))
def test_every_date_of_the_window_and_every_date_sent_is_there_once_in_order(
    days_ago: set[int], length: int
) -> None:
    sent = [TODAY - timedelta(days=ago) for ago in days_ago]
    answer = usage(window=length, days=tuple(Day(when, 5, 1) for when in sorted(sent)))
    slots = calendar(answer)
    assert [slot.date for slot in slots] == sorted({*sent, *answer.window.dates()})
    assert {slot.date for slot in slots if slot.missing} == set(answer.window.dates()) - set(sent)
    assert {slot.date for slot in slots if slot.outside} == set(sent) - set(answer.window.dates())


def test_a_missing_day_is_unknown_while_a_day_of_zero_is_zero() -> None:
    yesterday = TODAY - timedelta(days=1)
    missing, zero = calendar(usage(window=2, days=(Day(TODAY, 0, 0, partial=True),)))
    assert missing == Day(yesterday, None, None, missing=True)
    assert zero == Day(TODAY, 0, 0, partial=True)


def test_a_row_without_figures_is_not_a_missing_row() -> None:
    assert calendar(usage(window=1, days=(Day(TODAY, None, None),))) == (Day(TODAY),)


def test_without_daily_data_every_day_is_missing() -> None:
    for none in (None, ()):
        slots = calendar(usage(days=none))
        assert len(slots) == 7
        assert all(slot.missing for slot in slots)


def test_how_many_keys_were_silent_about_a_day_is_kept() -> None:
    [slot] = calendar(usage(window=1, days=(Day(TODAY, 3, 1, silent_keys=2),)))
    assert (slot.requests, slot.silent_keys) == (3, 2)


def test_days_across_a_leap_day_and_a_years_end_are_each_one_day() -> None:
    for end in (date(2028, 3, 1), date(2027, 1, 1)):
        answer = usage(window=3, now=datetime.combine(end, NOW.time(), UTC))
        assert [(slot.date - end).days for slot in calendar(answer)] == [-2, -1, 0]
