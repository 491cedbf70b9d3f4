"""A key's days, one after the other, from every answer there is of it."""

from __future__ import annotations

from itertools import dropwhile

from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.past import DayRecord, day_records, merged


def record(fleet: Fleet, key: ApiKey) -> tuple[DayRecord, ...]:
    """Its days ascending, today's included, gaps left out; from its first use on.

    A service that fills days with zeros also fills those before the key was made, which say nothing.
    """
    past = fleet.past.get(key.id)
    told = [each for usage in fleet.usages_of(key.id) for each in day_records(usage)]
    days = merged([*(past.days if past else ()), *told])
    born = key.created_at.date() if key.created_at else None
    lived = (day for day in days if born is None or day.date > born)
    return tuple(dropwhile(lambda day: not day.requests, lived))
