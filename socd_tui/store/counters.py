"""Counters that only ever rise: what the service counted for a key since a day that never moves, its anchor.

They are for programs that read a figure again and again and take every fall for a new beginning. So what was
given out once is never undercut, whatever a later answer corrects; and the sum of what is pruned stays.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import reduce
from itertools import accumulate, islice
from typing import NamedTuple

from socd_tui.model.record import dataclass
from socd_tui.store.stored_day import CLOCK_AHEAD, StoredDay, is_usable_date, usable

_LARGEST = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class Counters:
    """Of one key, with all of the UTC date `anchor` and today so far.

    A day that nobody observed adds nothing until an answer tells it. `errors` (4xx and 5xx) and `throttled`
    (429, which are errors) are None where not every day tells them. All count requests.
    """

    anchor: date
    requests: int
    errors: int | None
    throttled: int | None


@dataclass(frozen=True, kw_only=True)
class FinishedDay:
    """The counters of one key at the end of this UTC date.

    `hours` are the 429s of its 24 hours, None where they do not come to those of the day.
    """

    date: date
    requests: int
    errors: int | None
    throttled: int | None
    hours: tuple[int, ...] | None


class _Sums(NamedTuple):
    """What was counted; None is not known from the first day on that does not tell it."""

    requests: int = 0
    errors: int | None = 0
    throttled: int | None = 0

    def plus(self, day: _Counted) -> _Sums:
        requests, errors, throttled = map(_sum, self, day.sums)
        return _Sums(requests or 0, errors, throttled)


class _Counted(NamedTuple):
    """A day with figures."""

    on: date
    sums: _Sums
    finished: bool
    stored: StoredDay

    def hours(self) -> tuple[int, ...] | None:
        """The 429s of its 24 hours, None where they do not come to those of the day."""
        by_hour = {hour.start.hour: hour.throttled for hour in self.stored.hours()}
        hours = tuple(by_hour.get(hour, 0) for hour in range(24))
        return hours if sum(hours) == self.sums.throttled else None


class _Row(NamedTuple):
    """What is stored of a key's counters."""

    anchor: int
    """Its date as a number, as in all tables."""
    counted_from: int
    """The first date whose sum is not in `pruned`."""
    pruned: _Sums
    told: tuple[int, int, int]
    """The most that was ever given out of each."""


def at_this_moment(db: sqlite3.Connection, key: int, now: datetime) -> Counters | None:
    """The key's counters, noted as given out, in a write transaction; None for a key without figures."""
    found = _found(db, key, now)
    if found is None:
        return None
    row, days = found
    sums = _sum_of(row, days)
    told = _note(db, key, row, sums)
    given = (None if value is None else least for value, least in zip(sums, told, strict=True))
    requests, errors, throttled = given
    return Counters(
        anchor=date.fromordinal(row.anchor), requests=requests or 0, errors=errors, throttled=throttled
    )


def day_by_day(db: sqlite3.Connection, key: int, now: datetime) -> tuple[FinishedDay, ...] | None:
    """The key's counters at the end of each finished day that is still stored, noted as given out."""
    found = _found(db, key, now)
    if found is None:
        return None
    row, days = found
    totals = [(day, sums) for day, sums in _totals(row, days) if day.finished]
    if totals:
        _note(db, key, row, totals[-1][1])
    return tuple(FinishedDay(date=day.on, hours=day.hours(), **sums._asdict()) for day, sums in totals)


def keep_sums(db: sqlite3.Connection, keys: Iterable[int], before: date, now: datetime) -> None:
    """Add what these keys' days before this date count to what stays of them when they are deleted."""
    for key in keys:
        row = _stored(db, key, now)
        if row is None or before.toordinal() <= row.counted_from:
            continue
        days = [day for day in _days(db, key, row.counted_from, now) if day.on < before]
        pruned = _sum_of(row, days)
        _store(db, key, row._replace(counted_from=before.toordinal(), pruned=pruned))


def _found(db: sqlite3.Connection, key: int, now: datetime) -> tuple[_Row, list[_Counted]] | None:
    """What is stored of its counters, or a beginning on its first day; and the days to count."""
    row = _stored(db, key, now)
    days = list(_days(db, key, row.counted_from if row else 0, now))
    if row is None and days:
        first = days[0].on.toordinal()
        row = _Row(first, first, _Sums(), (0, 0, 0))
    return None if row is None else (row, days)


def _totals(row: _Row, days: Sequence[_Counted]) -> list[tuple[_Counted, _Sums]]:
    """Each day, and the sums at its end."""
    sums = accumulate(days, _Sums.plus, initial=row.pruned)
    return list(zip(days, islice(sums, 1, None), strict=True))


def _sum_of(row: _Row, days: Iterable[_Counted]) -> _Sums:
    return reduce(_Sums.plus, days, row.pruned)


def _days(db: sqlite3.Connection, key: int, first: int, now: datetime) -> Iterator[_Counted]:
    """The days with figures from this date on, ascending."""
    rows = db.execute("SELECT * FROM day WHERE key = ? AND date >= ? ORDER BY date", (key, first))
    for stored in usable([StoredDay(*row[1:-1]) for row in rows], now):
        observed = stored.observation()
        if observed is None or observed.day.requests is None:
            continue
        day = observed.day
        # A day that fills has at least the 429s that an answer a moment before the newest one told.
        throttled = stored.throttled if day.partial else day.throttled
        sums = _Sums(observed.day.requests, day.errors, throttled)
        yield _Counted(day.date, sums, not day.partial, stored)


def _stored(db: sqlite3.Connection, key: int, now: datetime) -> _Row | None:
    """None where there is none, or one that this program never writes."""
    found = db.execute("SELECT * FROM counter WHERE key = ?", (key,)).fetchone()
    if found is None:
        return None
    _, anchor, counted_from, requests, errors, throttled, *told = found
    counts = [requests, *told, *(each for each in (errors, throttled) if each is not None)]
    if not (is_usable_date(anchor) and is_usable_date(counted_from)):
        return None
    if not anchor <= counted_from <= (now + CLOCK_AHEAD).toordinal():
        return None
    if not all(type(each) is int and each >= 0 for each in counts):
        return None
    return _Row(anchor, counted_from, _Sums(requests, errors, throttled), (told[0], told[1], told[2]))


def _note(db: sqlite3.Connection, key: int, row: _Row, sums: _Sums) -> tuple[int, int, int]:
    """Store that these are given out; the most that ever were, which are to be."""
    requests, errors, throttled = (
        max(least, value or 0) for least, value in zip(row.told, sums, strict=True)
    )
    told = (requests, errors, throttled)
    _store(db, key, row._replace(told=told))
    return told


def _store(db: sqlite3.Connection, key: int, row: _Row) -> None:
    values = (key, row.anchor, row.counted_from, *row.pruned, *row.told)
    db.execute("INSERT OR REPLACE INTO counter VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)


def _sum(one: int | None, other: int | None) -> int | None:
    """As far as SQLite can store it."""
    return None if one is None or other is None else min(one + other, _LARGEST)
