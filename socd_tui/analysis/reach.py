"""Windows longer than the service has: what this machine remembers, and its newest answer, as one Usage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from socd_tui.analysis.record import known_days
from socd_tui.analysis.totals import add
from socd_tui.model.fleet import Fleet, Slot
from socd_tui.model.key import ApiKey
from socd_tui.model.usage import Day, Hour, Usage
from socd_tui.model.window import Window, beyond_service, longest_days, service_days


def reach(fleet: Fleet, days: int) -> Fleet:
    """The Fleet with an answer for a window longer than the service's; the same for a shorter one.

    Nothing but days, hours and their sums is remembered: codes, endpoints, response times and peaks of
    such a window are unknown, and so are all 429s together while those of one day since the key was made are.
    """
    if not beyond_service(days):
        return fleet
    long: dict[Slot, Usage] = {}
    for key in fleet.keys:
        newest = fleet.usage(key.id, service_days(days))
        if newest is not None:
            long[key.id, days] = _remembered(fleet, key, newest, days)
    problems = {
        (key_id, days): problem
        for (key_id, window), problem in fleet.failures.items()
        if window == service_days(days)
    }
    failures = {slot: problem for slot, problem in fleet.failures.items() if slot[1] != days}
    return replace(fleet, usages={**fleet.usages, **long}, failures={**failures, **problems})


def remembered_days(fleet: Fleet) -> int:
    """The longest window there is a day for, in days up to the newest; the service's at least."""
    firsts = [past.days[0].date for past in fleet.past.values() if past.days]
    ends = [usage.window.end for usage in fleet.usages.values()]
    ends += [past.days[-1].date for past in fleet.past.values() if past.days]
    return longest_days((max(ends) - min(firsts)).days + 1 if firsts and ends else 0)


def counted_dates(fleet: Fleet, keys: Sequence[ApiKey], days: int) -> frozenset[date]:
    """The dates of a remembered window whose 429s these keys' hours tell to the last.

    A key that was not made yet had none; a date before all of them is not counted.
    """
    answered = [(key, usage) for key in keys if (usage := fleet.usage(key.id, days))]
    counted = [_counted(fleet, key, usage) for key, usage in answered]
    return frozenset(
        day
        for day in frozenset().union(*counted)
        if all(day in dates or _before(key, day) for (key, _), dates in zip(answered, counted, strict=True))
    )


def _counted(fleet: Fleet, key: ApiKey, usage: Usage) -> frozenset[date]:
    listed: Counter[date] = Counter()
    for hour in usage.hours or ():
        listed[hour.start.date()] += hour.throttled
    return frozenset(day.date for day in known_days(fleet, key) if day.throttled == listed[day.date])


def _before(key: ApiKey, day: date) -> bool:
    """Whether this date was over before the key was made."""
    return key.created_at is not None and day < key.created_at.date()


def _remembered(fleet: Fleet, key: ApiKey, newest: Usage, days: int) -> Usage:
    window = Window.ending(newest.window.end, days, newest.window.source)
    known = {day.date: day for day in known_days(fleet, key) if day.date in window}
    # Of a day that no answer tells whole, what the newest tells of it counts.
    sent = {day.date: day for day in newest.days or () if day.date in window}
    told = {day.date: Day(day.date, day.requests, day.errors, not day.full) for day in known.values()}
    rows = tuple(row for _, row in sorted({**sent, **told}.items()))
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
        throttled=add(known[day].throttled if day in known else None for day in {*known, *lived}),
        minute=newest.minute,
        day=newest.day,
        days=rows,
        hours=None if newest.hours is None else _hours(fleet, key, newest, window),
        notes=(*_gaps([row.date for row in rows], lived), *newest.notes),
    )


def _hours(fleet: Fleet, key: ApiKey, newest: Usage, window: Window) -> tuple[Hour, ...]:
    """Remembered hours before the newest answer's window, and its own."""
    past = fleet.past.get(key.id)
    older = [hour for hour in (past.hours if past else ()) if hour.start.date() < newest.window.start]
    return tuple(hour for hour in (*older, *(newest.hours or ())) if hour.start.date() in window)


def _gaps(known: Sequence[date], lived: Sequence[date]) -> list[str]:
    """How much of the window is remembered at all, of the days since the key was made."""
    found = sorted({*known} & {*lived})
    if len(found) == len(lived):
        return []
    first = f", the first is {found[0]}" if found else ""
    return [f"{len(found)} of {len(lived)} days are remembered{first}"]
