"""Windows longer than the service has: what this machine remembers, and its newest answer, as one Usage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from socd_tui.analysis.record import record
from socd_tui.analysis.totals import add
from socd_tui.model.fleet import Fleet, Slot
from socd_tui.model.key import ApiKey
from socd_tui.model.past import DayRecord
from socd_tui.model.usage import Day, Hour, Usage
from socd_tui.model.window import MAX_DAYS, Window


def reach(fleet: Fleet, days: int) -> Fleet:
    """The Fleet with an answer for a window of more than 90 days; the same for a shorter one.

    Nothing but days, hours and their sums is remembered: codes, endpoints, response times and peaks of
    such a window are unknown.
    """
    if days <= MAX_DAYS:
        return fleet
    long: dict[Slot, Usage] = {}
    for key in fleet.keys:
        newest = fleet.usage(key.id, MAX_DAYS)
        if newest is not None:
            long[key.id, days] = _remembered(fleet, key, newest, days)
    problems = {
        (key_id, days): problem
        for (key_id, window), problem in fleet.failures.items()
        if window == MAX_DAYS
    }
    failures = {slot: problem for slot, problem in fleet.failures.items() if slot[1] != days}
    return replace(fleet, usages={**fleet.usages, **long}, failures={**failures, **problems})


def remembered_days(fleet: Fleet) -> int:
    """The longest window there is a day for, in days up to the newest; 90 at least."""
    firsts = [past.days[0].date for past in fleet.past.values() if past.days]
    ends = [usage.window.end for usage in fleet.usages.values()]
    ends += [past.days[-1].date for past in fleet.past.values() if past.days]
    return max((max(ends) - min(firsts)).days + 1, MAX_DAYS) if firsts and ends else MAX_DAYS


def _remembered(fleet: Fleet, key: ApiKey, newest: Usage, days: int) -> Usage:
    window = Window.ending(newest.window.end, days, newest.window.source)
    known = [day for day in record(fleet, key) if day.date in window]
    requests = add(day.requests for day in known)
    errors = add(day.errors for day in known)
    unsaid = newest.hours is None or any(day.throttled is None for day in known)
    first = known[0].date if known else window.end
    return Usage(
        key_id=key.id,
        window=window,
        fetched_at=newest.fetched_at,
        observed_at=newest.observed_at,
        dialect=newest.dialect,
        requests=requests,
        successful=None if requests is None or errors is None else max(requests - errors, 0),
        throttled=None if unsaid else add(day.throttled for day in known),
        minute=newest.minute,
        day=newest.day,
        days=tuple(Day(day.date, day.requests, day.errors, partial=not day.full) for day in known),
        hours=None if unsaid else _hours(fleet, key, newest, window),
        notes=(*_gaps(known, first, window), *newest.notes),
    )


def _hours(fleet: Fleet, key: ApiKey, newest: Usage, window: Window) -> tuple[Hour, ...]:
    """Remembered hours before the newest answer's window, and its own."""
    past = fleet.past.get(key.id)
    older = [hour for hour in (past.hours if past else ()) if hour.start.date() < newest.window.start]
    return tuple(hour for hour in (*older, *(newest.hours or ())) if hour.start.date() in window)


def _gaps(known: list[DayRecord], first: date, window: Window) -> list[str]:
    """How much of the window is remembered at all."""
    if len(known) >= window.days:
        return []
    return [f"{len(known)} of {window.days} days are remembered, the first is {first}"]
