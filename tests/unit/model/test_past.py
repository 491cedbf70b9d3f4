"""A day is what the best answer says of it: one that saw only a part of it does not decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.past import answered_rows, merged_days
from socd_tui.model.usage import Day, Usage
from socd_tui.model.window import Window
from socd_tui.service.wire import read_usage
from tests.build import NOW, usage

TODAY = NOW.date()
PART = 400
"""What is left of a day of 1,000 requests in a window that begins in its middle."""


def rolling(days: int, seconds: int = 0) -> Usage:
    """The answer over the last `days` times 24 hours, given some seconds after NOW."""
    start = NOW - timedelta(days=days)
    rows = [
        {"date": str((start + timedelta(days=n)).date()), "requests": 1000 if n else PART, "errors": 0}
        for n in range(days + 1)
    ]
    period = {"days": days, "start": start.isoformat(), "end": NOW.isoformat()}
    at = NOW + timedelta(seconds=seconds)
    return read_usage({"period": period, "timeSeries": rows}, "a", days, fetched_at=at, observed_at=at)


def sent(window: Window, dates: list[date]) -> Usage:
    return replace(usage(), window=window, days=tuple(Day(day, PART, 0) for day in dates))


def told(answer: Usage) -> list[date]:
    return [day.date for day in answer.observed]


@given(st.permutations([1, 7, 30, 90]))
def test_the_day_a_rolling_window_begins_in_never_replaces_what_a_longer_one_counted(
    order: list[int],
) -> None:
    answers = [rolling(days, seconds) for seconds, days in enumerate(order)]
    days = merged_days(each for answer in answers for each in answered_rows(answer))
    assert [day.date for day in days] == [TODAY - timedelta(days=n) for n in range(89, -1, -1)]
    assert {day.requests for day in days} == {1000}


@pytest.mark.parametrize("source", ["period", "days", "clock"])
@pytest.mark.parametrize("days", [1, 7, 90])
def test_a_window_of_as_many_dates_as_days_is_taken_whole(days: int, source: str) -> None:
    window = Window.ending(TODAY, days, source)  # type: ignore[arg-type]
    assert told(sent(window, list(window.dates()))) == list(window.dates())


def test_one_row_more_than_days_is_a_rolling_window_without_a_period() -> None:
    window = Window.ending(TODAY, 7, "days")
    dates = [window.start - timedelta(days=1), *window.dates()]
    assert told(sent(window, dates)) == dates[1:]


def test_rows_from_further_back_are_days_like_others() -> None:
    window = Window.ending(TODAY, 7)
    dates = [TODAY - timedelta(days=n) for n in (40, 9, 8, 7)]
    assert told(sent(window, dates)) == dates


@given(st.dates(), st.integers(1, 90), st.booleans())
def test_no_date_is_too_early_or_too_late_to_ask(day: date, days: int, whole: bool) -> None:
    window = Window(days, day if whole else max(day, TODAY), max(day, TODAY))
    assert set(told(sent(window, [day]))) <= {day}
