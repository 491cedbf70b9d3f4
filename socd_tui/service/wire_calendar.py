"""A usage payload placed in time: its daily rows by date, and the dates its window covers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from operator import gt, itemgetter
from typing import Any

from socd_tui.model.text import counted
from socd_tui.model.usage import Day, day_columns, sent_days
from socd_tui.model.window import Window
from socd_tui.service.notes import Notes
from socd_tui.service.payload import Told

MAX_PERIOD_DAYS = 400
"""A payload's period longer than this is not a look-back window (the service's own maximum is 90 days)."""


def read_days(rows: Sequence[Told] | None, today: date, notes: Notes) -> Sequence[Day] | None:
    """The rows in ascending order, one a date; None where none were sent. `today` is the service's date."""
    if rows is None:
        return None
    dates: list[Any] = [row.get("date") for row in rows]
    if None in dates or len(set(dates)) < len(dates) or max(dates, default=today) > today:
        _note_oddities(dates, today, notes)
        first_rows = dict(zip(reversed(dates), reversed(rows), strict=True))
        first_rows.pop(None, None)
        dates, rows = list(first_rows), list(first_rows.values())
    if any(map(gt, dates, dates[1:])):  # newest first, as documented, or in no order
        rows = sorted(rows, key=itemgetter("date"))
        dates.sort()
    requests, errors = [row.get("requests") for row in rows], [row.get("errors") for row in rows]
    return sent_days([on.toordinal() for on in dates], requests, errors, [on == today for on in dates])


def _note_oddities(dates: Iterable[date | None], today: date, notes: Notes) -> None:
    seen = set()
    for on in dates:
        if on is None:
            notes.append("a daily row has no usable date")
        elif on in seen:
            notes.append(f"{on} was sent twice; the first row is shown")
        elif on > today:
            notes.append(f"{on} is ahead: the service's own date is {today}")
        seen.add(on)


def read_window(
    answered: int | None,
    period: Told,
    asked: int,
    days: Sequence[Day] | None,
    today: date,
    notes: Notes,
) -> Window:
    """Dates from the payload's period, else its days, else the clock.

    `answered` is the length in days that the payload names; one other than asked is noted.
    """
    length = answered if answered and answered <= MAX_PERIOD_DAYS else asked
    if length != asked:
        notes.append(f"asked for {counted(asked, 'day')}, the service answered {length}")
    dates = [*map(date.fromordinal, day_columns(days or ())[0])]
    if dates and dates[-1] > today:
        dates = [on for on in dates if on <= today]
    window = (
        _from_period(period, length, dates, notes)
        or _from_days(length, dates, today)
        or Window.ending(today, length)
    )
    if dates and not (dates[0] in window and dates[-1] in window):
        outside = [str(on) for on in dates if on not in window]
        shown = ", ".join(outside[:3]) + (" …" if len(outside) > 3 else "")
        notes.append(f"days outside the window were sent: {shown}")
    return window


def _from_period(period: Told, length: int, dates: list[date], notes: Notes) -> Window | None:
    starts_at, ends_at = period.get("start"), period.get("end")
    if starts_at is None or ends_at is None:
        return None
    start, end = starts_at.date(), ends_at.date()
    # Midnight closes the day before, unless the dates as they stand are as many as the window has.
    if ends_at.time() == time() and (end - start).days != length - 1:
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


def _from_days(length: int, dates: Sequence[date], today: date) -> Window | None:
    """The window that ends on the last row, unless the rows are sparse and fit the one that ends today.

    `dates` ascend. A service that leaves out empty days would otherwise shift an idle key's window into the
    past.
    """
    if not dates:
        return None
    dense = len(dates) >= length
    until_today = Window.ending(today, length)
    fits = dates[0] in until_today and dates[-1] in until_today
    return None if fits and not dense else Window.ending(dates[-1], length, "days")
