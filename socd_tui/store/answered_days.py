"""What answers tell of each day, in the columns that days are stored in.

Nearly all days of a refresh are stored as they are told, and only the moment is new. To find that out no day
becomes a row of its own.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from itertools import chain, compress
from operator import ne
from typing import Any, NamedTuple

from socd_tui.clock import EARLIEST
from socd_tui.model.in_columns import all_known
from socd_tui.model.usage import Usage, told_columns
from socd_tui.store.stored_day import CLOCK_AHEAD, LARGEST, StoredDay, count, packed_by_date

_FIRST = EARLIEST.toordinal()

Said = tuple[int, int | None, int | None, int | None, bytes]
"""What is said of a day: its date and the columns of a StoredDay that are no moments."""
_TYPES = frozenset({int, type(None), bytes})


def said_anew(answered: Iterable[AnsweredDays], stored: Sequence[Said]) -> set[int]:
    """The dates of which these answers say something else than what is stored, or of which nothing is."""
    if not _TYPES.issuperset(map(type, chain.from_iterable(stored))):
        stored = ()  # a file may be damaged: 5.0 is no count, and equal to one
    by_date = {day[0]: day for day in stored}
    anew: set[int] = set()
    for days in answered:
        anew.update(compress(days.ordinals, map(ne, days.said(), map(by_date.get, days.ordinals))))
    return anew


class AnsweredDays(NamedTuple):
    """What one answer tells of each day: a column for each of a StoredDay."""

    ordinals: Sequence[int]
    seen_at: Sequence[int | None]
    requests: Sequence[int | None]
    errors: Sequence[int | None]
    hit_at: Sequence[int | None]
    throttled: Sequence[int | None]
    packed: Sequence[bytes]

    @classmethod
    def of(cls, usage: Usage) -> AnsweredDays:
        """Nothing of days out of all reason."""
        at, latest = int(usage.observed_at.timestamp()), usage.observed_at + CLOCK_AHEAD
        hours = packed_by_date(usage)
        ordinals, *figures = told_columns(usage)
        requests, errors, throttled = map(_counts, figures)
        packed = [hours.pop(on, b"") for on in ordinals] if hours else [b""] * len(ordinals)
        seen_at = [at] * len(packed)
        hit_at: Sequence[int | None] = seen_at
        if None in throttled:
            hit = zip(throttled, packed, strict=True)
            hit_at = [at if sent or n is not None else None for n, sent in hit]
        days = cls(ordinals, seen_at, requests, errors, hit_at, throttled, packed)
        if not hours and min(ordinals, default=_FIRST) >= _FIRST:
            return days
        rest = (StoredDay(on, hit_at=at, packed=sent) for on, sent in hours.items())
        rows = [day for day in (*zip(*days, strict=True), *rest) if _FIRST <= day[0] <= latest.toordinal()]
        return cls(*zip(*rows, strict=True)) if rows else cls(*[()] * len(cls._fields))

    def said(self) -> Iterable[Said]:
        return zip(self.ordinals, self.requests, self.errors, self.throttled, self.packed, strict=True)

    def seen_again(self, anew: Container[int]) -> list[list[int | None]]:
        """The other dates, those in a row as one: both moments, the first date and the last."""
        runs: list[list[int | None]] = []
        last = seen = hit = None
        for on, seen_at, hit_at in zip(self.ordinals, self.seen_at, self.hit_at, strict=True):
            if on in anew:
                continue
            if last != on - 1 or seen_at != seen or hit_at != hit:
                seen, hit = seen_at, hit_at
                runs.append([seen, hit, on, on])
            runs[-1][-1] = last = on
        return runs


def days_to_store(answers: Iterable[AnsweredDays], dates: Container[int]) -> dict[int, StoredDay]:
    """What these answers of one key tell of each of these days, by its ordinal."""
    days: dict[int, StoredDay] = {}
    for answer in answers:
        for place in [place for place, on in enumerate(answer.ordinals) if on in dates]:
            day = StoredDay._make([column[place] for column in answer])
            other = days.get(day.ordinal)
            days[day.ordinal] = day if other is None else day.joined(other)
    return days


def _counts(column: Sequence[int | None]) -> Sequence[int | None]:
    """Those that are small enough to be counts."""
    known: Iterable[Any] = column if all_known(column) else filter(None, column)
    return column if max(known, default=0) <= LARGEST else [*map(count, column)]
