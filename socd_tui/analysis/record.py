"""A key's days, one after the other, from every answer there is of it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import dropwhile

from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.past import DayRecord, Past, day_records, merged
from socd_tui.model.usage import Usage


def known_days(fleet: Fleet, key: ApiKey) -> tuple[DayRecord, ...]:
    """Every day anything is known of, ascending, today's included, gaps left out: for sums."""
    return _known(tuple(fleet.usages_of(key.id)), fleet.past.get(key.id))


def record(fleet: Fleet, key: ApiKey) -> tuple[DayRecord, ...]:
    """The days from its first use on, without the day it was made on: for statistics.

    A service that fills days with zeros also fills those before the key was made, which say nothing.
    """
    born = key.created_at.date() if key.created_at else None
    return _recorded(tuple(fleet.usages_of(key.id)), fleet.past.get(key.id), born)


@lru_cache(maxsize=256)  # asked again with each repaint, of each key
def _known(answers: tuple[Usage, ...], past: Past | None) -> tuple[DayRecord, ...]:
    told = [each for usage in answers for each in day_records(usage)]
    return merged([*(past.days if past else ()), *told])


@lru_cache(maxsize=256)
def _recorded(answers: tuple[Usage, ...], past: Past | None, born: date | None) -> tuple[DayRecord, ...]:
    lived = (day for day in _known(answers, past) if born is None or day.date > born)
    return tuple(dropwhile(lambda day: not day.requests, lived))
