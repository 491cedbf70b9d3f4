"""A window that the service does not tell, as a Usage made from its daily rows and the days remembered here.

It is longer than the service looks back, or its days were named, or no answer of its length was kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from socd_tui.analysis.totals import add
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.past import Past, span_observed
from socd_tui.model.usage import Day, Hour, Usage
from socd_tui.model.window import Window, longest_days


def remembered_days(fleet: Fleet) -> int:
    """The longest window there is a day for, in days up to the newest; the service's at least."""
    spans = [span_observed(past.days) for past in fleet.past.values() if past.days]
    if not spans:
        return longest_days(0)
    told = (usage.window.end for usage in fleet.usages.values())
    newest = max(max(last for _, last in spans), max(told, default=date.min).toordinal())
    return longest_days(newest - min(first for first, _ in spans) + 1)


def counted_dates(parts: Iterable[tuple[ApiKey, Sequence[Day], Usage]]) -> frozenset[date]:
    """The dates of a window summed here all of whose 429s came with an hour.

    A part is a key, its observed days, and its figures of that window. A key that was not made yet had
    no 429; a date before all of them is not counted.
    """
    counted = [(key, _counted(observed, usage)) for key, observed, usage in parts]
    every = frozenset[date]().union(*(dates for _, dates in counted))
    return frozenset(day for day in every if all(day in dates or _before(key, day) for key, dates in counted))


def _counted(observed: Sequence[Day], usage: Usage) -> frozenset[date]:
    listed: Counter[date] = Counter()
    for hour in usage.hours or ():
        listed[hour.start.date()] += hour.throttled
    return frozenset(day.date for day in observed if day.throttled == listed[day.date])


def _before(key: ApiKey, day: date) -> bool:
    """Whether this date was over before the key was made."""
    return key.created_at is not None and day < key.created_at.date()


def summed_usage(
    key: ApiKey, observed: Sequence[Day], past: Past | None, newest: Usage, window: Window
) -> Usage:
    """The figures of days that the service does not tell together, as sums of its daily rows.

    Nothing but days, hours and their sums is known of single days: codes, endpoints, response times and peaks
    of such a window are unknown, and so are all 429s together while those of one day since the key was made
    are. Budgets are those at the moment of the newest answer.
    """
    by_date = {day.date: day for day in observed if day.date in window}
    # The first day of a rolling window is observed by no answer: what the newest has of it stands there.
    sent = {day.date: day for day in newest.days or () if day.date in window}
    rows = tuple(row for _, row in sorted({**sent, **by_date}.items()))
    requests = add(row.requests for row in rows) if rows else None
    errors = add(row.errors for row in rows) if rows else None
    lived = [day for day in window.dates() if not _before(key, day)]
    return Usage(
        key_id=key.id,
        window=window,
        fetched_at=newest.fetched_at,
        observed_at=newest.observed_at,
        dialect=newest.dialect,
        requests=requests,
        successful=None if requests is None or errors is None else max(requests - errors, 0),
        throttled=add(by_date[day].throttled if day in by_date else None for day in {*by_date, *lived}),
        minute=newest.minute,
        day=newest.day,
        days=rows,
        hours=None if newest.hours is None else _hours(past, newest, window),
        notes=(*_gaps([row.date for row in rows], lived, newest), *newest.notes),
    )


def _hours(past: Past | None, newest: Usage, window: Window) -> tuple[Hour, ...]:
    """Remembered hours before the newest answer's window, and its own."""
    older = [hour for hour in (past.hours if past else ()) if hour.start.date() < newest.window.start]
    return tuple(hour for hour in (*older, *(newest.hours or ())) if hour.start.date() in window)


def _gaps(dates: Sequence[date], lived: Sequence[date], newest: Usage) -> list[str]:
    """How many of the window's days since the key was made have a row, where it is not all of them."""
    told = sorted({*dates} & {*lived})
    if len(told) == len(lived):
        return []
    first = f", the first is {told[0]}" if told else ""
    if lived[-1] > newest.window.end:
        first += f"; the newest figures are of {newest.window.end}"
    return [f"{len(told)} of {len(lived)} days are remembered{first}"]
