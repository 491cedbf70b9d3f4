"""A usage payload placed in time: its daily rows by date, and the dates its window covers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta

from socd_tui.model.text import counted
from socd_tui.model.usage import Day
from socd_tui.model.window import Window
from socd_tui.service.notes import Notes
from socd_tui.service.payload import DayRow, Period

MAX_PERIOD_DAYS = 400
"""A payload's period longer than this is not a look-back window (the service's own maximum is 90 days)."""


def read_days(rows: tuple[DayRow, ...] | None, today: date, notes: Notes) -> tuple[Day, ...] | None:
    """The rows in ascending order, one a date; None where none were sent. `today` is the service's date."""
    if rows is None:
        return None
    days: dict[date, Day] = {}
    for row in rows:
        if row.date is None:
            notes.append("a daily row has no usable date")
        elif row.date in days:
            notes.append(f"{row.date} was sent twice; the first row is shown")
        else:
            if row.date > today:
                notes.append(f"{row.date} is ahead: the service's own date is {today}")
            days[row.date] = Day(row.date, row.requests, row.errors, partial=row.date == today)
    return tuple(days[key] for key in sorted(days))


def read_window(
    answered: int | None,
    period: Period,
    asked: int,
    days: tuple[Day, ...] | None,
    today: date,
    notes: Notes,
) -> Window:
    """Dates from the payload's period, else its days, else the clock.

    `answered` is the length in days that the payload names; one other than asked is noted.
    """
    length = answered if answered and answered <= MAX_PERIOD_DAYS else asked
    if length != asked:
        notes.append(f"asked for {counted(asked, 'day')}, the service answered {length}")
    dates = [day.date for day in days or () if day.date <= today]
    window = (
        _from_period(period, length, dates, notes)
        or _from_days(length, dates, today)
        or Window.ending(today, length)
    )
    outside = [str(date_) for date_ in dates if date_ not in window]
    if outside:
        shown = ", ".join(outside[:3]) + (" …" if len(outside) > 3 else "")
        notes.append(f"days outside the window were sent: {shown}")
    return window


def _from_period(period: Period, length: int, dates: list[date], notes: Notes) -> Window | None:
    if period.start is None or period.end is None:
        return None
    start, end = period.start.date(), period.end.date()
    # Midnight closes the day before, unless the dates as they stand are as many as the window has.
    if period.end.time() == time() and (end - start).days != length - 1:
        end -= timedelta(days=1)
    # A rolling period of N×24 hours touches N+1 dates; the first counts only when it has a row.
    if (end - start).days == length and start not in dates:
        start += timedelta(days=1)
    covered = (end - start).days + 1
    if not 0 < covered <= MAX_PERIOD_DAYS:
        notes.append(f"its period from {start} to {end} is no window")
        return None
    if covered not in (length, length + 1):  # a rolling one touches a date more
        notes.append(f"its period from {start} to {end} is {counted(covered, 'day')}, its window {length}")
    return Window(length, start, end, "period")


def _from_days(length: int, dates: Iterable[date], today: date) -> Window | None:
    """The window that ends on the last row, unless the rows are sparse and fit the one that ends today.

    A service that leaves out empty days would otherwise shift an idle key's window into the past.
    """
    sent = sorted(dates)
    if not sent:
        return None
    dense = len(sent) >= length
    fits = all(day in Window.ending(today, length) for day in sent)
    return None if fits and not dense else Window.ending(sent[-1], length, "days")
