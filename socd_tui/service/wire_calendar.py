"""A usage payload placed in time: its daily rows by date, and the dates its window covers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from functools import lru_cache

from socd_tui.model.text import counted
from socd_tui.model.usage import Day, day_columns, sent_days
from socd_tui.model.window import Window
from socd_tui.service.notes import Notes
from socd_tui.service.payload import Told

MAX_PERIOD_DAYS = 400
"""A payload's period longer than this is not a look-back window (the service's own maximum is 90 days)."""


def read_days(rows: Told | None, today: date, notes: Notes) -> Sequence[Day] | None:
    """The rows in ascending order, one a date; None where none were sent. `today` is the service's date."""
    if rows is None:
        return None
    now = today.toordinal()
    ordinals, requests, errors = rows["date"], rows["requests"], rows["errors"]
    if not isinstance(ordinals, range) or max(ordinals[0], ordinals[-1]) > now:
        _note_oddities(ordinals, now, notes)
        first_rows = dict(
            zip(reversed(ordinals), zip(reversed(requests), reversed(errors), strict=True), strict=True)
        )
        first_rows.pop(None, None)
        ordinals = sorted(first_rows)
        requests, errors = zip(*map(first_rows.__getitem__, ordinals), strict=True) if ordinals else ((), ())
    elif ordinals.step < 0:  # newest first, as documented
        ordinals, requests, errors = ordinals[::-1], requests[::-1], errors[::-1]
    partial = bytearray(len(ordinals))
    if now in ordinals:
        partial[ordinals.index(now)] = True
    return sent_days(ordinals, requests, errors, partial)


def _note_oddities(ordinals: Iterable[int | None], now: int, notes: Notes) -> None:
    seen = set()
    for on in ordinals:
        if on is None:
            notes.append("a daily row has no usable date")
        elif on in seen:
            notes.append(f"{date.fromordinal(on)} was sent twice; the first row is shown")
        elif on > now:
            today = date.fromordinal(now)
            notes.append(f"{date.fromordinal(on)} is ahead: the service's own date is {today}")
        seen.add(on)


def read_window(
    answered: int | None,
    period: Told,
    asked: int,
    days: Sequence[Day] | None,
    today: date,
    notes: Notes,
) -> Window:
    """Dates from the payload's period, else its days, which ascend, else the clock.

    `answered` is the length in days that the payload names; one other than asked is noted.
    """
    length = answered if answered and answered <= MAX_PERIOD_DAYS else asked
    if length != asked:
        notes.append(f"asked for {counted(asked, 'day')}, the service answered {length}")
    ordinals, now = day_columns(days or ())[0], today.toordinal()
    if ordinals and ordinals[-1] > now:
        ordinals = [on for on in ordinals if on <= now]
    window = (
        _from_period(period, length, ordinals, notes)
        or _from_days(length, ordinals, today)
        or Window.ending(today, length)
    )
    if ordinals and not _is_within(ordinals, window):
        outside = [str(on) for on in map(date.fromordinal, ordinals) if on not in window]
        shown = ", ".join(outside[:3]) + (" …" if len(outside) > 3 else "")
        notes.append(f"days outside the window were sent: {shown}")
    return window


def _from_period(period: Told, length: int, ordinals: Sequence[int], notes: Notes) -> Window | None:
    starts_at, ends_at = period.get("start"), period.get("end")
    if starts_at is None or ends_at is None:
        return None
    start, end = starts_at.date(), ends_at.date()
    # Midnight closes the day before, unless the dates as they stand are as many as the window has.
    if ends_at.time() == time() and (end - start).days != length - 1:
        end -= timedelta(days=1)
    # A rolling period of N×24 hours touches N+1 dates; the first counts only when it has a row.
    if (end - start).days == length and start.toordinal() not in ordinals:
        start += timedelta(days=1)
    covered = (end - start).days + 1
    if not 0 < covered <= MAX_PERIOD_DAYS:
        notes.append(f"its period from {start} to {end} is no window")
        return None
    if covered not in (length, length + 1):  # a rolling one touches a date more
        notes.append(f"its period from {start} to {end} is {counted(covered, 'day')}, its window {length}")
    return Window(length, start, end, "period")


def _from_days(length: int, ordinals: Sequence[int], today: date) -> Window | None:
    """The window that ends on the last row, unless the rows are sparse and fit the one that ends today.

    A service that leaves out empty days would otherwise shift an idle key's window into the past.
    """
    if not ordinals:
        return None
    if len(ordinals) < length and _is_within(ordinals, Window.ending(today, length)):
        return None
    return _ending(ordinals[-1], length)


@lru_cache(maxsize=64)
def _ending(last: int, length: int) -> Window:
    """The same of all answers that say so."""
    return Window.ending(date.fromordinal(last), length, "days")


def _is_within(ordinals: Sequence[int], window: Window) -> bool:
    return window.start.toordinal() <= ordinals[0] and ordinals[-1] <= window.end.toordinal()
