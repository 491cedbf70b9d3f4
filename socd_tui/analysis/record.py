"""A key's days, one after the other, from every answer there is of it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import dropwhile

from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.past import DayRecord, Past, day_records, merged
from socd_tui.model.usage import Usage


def record(fleet: Fleet, key: ApiKey) -> tuple[DayRecord, ...]:
    """Its days ascending, today's included, gaps left out; from its first use on.

    A service that fills days with zeros also fills those before the key was made, which say nothing.
    """
    born = key.created_at.date() if key.created_at else None
    return _recorded(tuple(fleet.usages_of(key.id)), fleet.past.get(key.id), born)


@lru_cache(maxsize=256)  # asked again with each repaint, of each key
def _recorded(answers: tuple[Usage, ...], past: Past | None, born: date | None) -> tuple[DayRecord, ...]:
    told = [each for usage in answers for each in day_records(usage)]
    days = merged([*(past.days if past else ()), *told])
    lived = (day for day in days if born is None or day.date > born)
    return tuple(dropwhile(lambda day: not day.requests, lived))
