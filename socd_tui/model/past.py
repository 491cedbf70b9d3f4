"""A key's days as observed over time: what forecasts and findings are made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import repeat
from operator import itemgetter
from typing import NamedTuple

from socd_tui.clock import EPOCH
from socd_tui.model.in_columns import InColumns, figures
from socd_tui.model.record import dataclass
from socd_tui.model.usage import Day, Hour, Usage, days_in, observed_columns


class Observation(NamedTuple):
    """A day, and the service's clock when it was observed: of two observations the newer counts."""

    day: Day
    at: datetime


class Latency(NamedTuple):
    """A window's response times in ms as observed on one UTC date: percentiles belong to their window.

    A tuple, as an Observation is: of three years each key has more than a thousand.
    """

    date: date
    days: int
    requests: int | None
    avg_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None


class Foretold(NamedTuple):
    """A forecast of a key's requests on a UTC date."""

    key_id: str
    made_on: date
    target: date
    low: float
    middle: float
    high: float


@dataclass(frozen=True, eq=False)
class Past:
    """What this machine remembers of one key from earlier fetches, each part ascending by date."""

    days: Sequence[Observation] = ()
    hours: Sequence[Hour] = ()
    latencies: Sequence[Latency] = ()
    foretold: tuple[int, int] = (0, 0)
    """How many of the forecasts written down here came true, and how many days they were for are over."""


Observed = tuple[float, int, int | None, int | None, bool, int | None]
"""What was observed of a day: when, in seconds since 1970, its date counted as Python does, its requests, its
errors, whether it is partial, and its 429s."""


def remembered_days(
    ordinals: Sequence[int],
    seconds: Sequence[int],
    requests: Sequence[int | None],
    errors: Sequence[int | None],
    throttled: Sequence[int | None],
) -> InColumns[Observation]:
    """Days as they are stored, ascending by their dates."""
    return InColumns(_observations, *map(figures, (ordinals, seconds, requests, errors, throttled)))


def _observations(
    ordinals: Sequence[int], seconds: Sequence[int], *counts: Iterable[int | None]
) -> Iterator[Observation]:
    requests, errors, throttled = counts
    days = days_in(ordinals, requests, errors, _partial(ordinals, seconds), throttled)
    return map(Observation, days, map(datetime.fromtimestamp, seconds, repeat(UTC)))


def _partial(ordinals: Iterable[int], seconds: Iterable[int]) -> list[bool]:
    """Which of these days were not over when they were observed."""
    return [at < (on - EPOCH + 1) * 86_400 for on, at in zip(ordinals, seconds, strict=True)]


def observed_rows(days: Sequence[Observation]) -> Iterable[Observed]:
    """The same days, in rows that take no time to make."""
    if isinstance(days, InColumns):
        ordinals, seconds, requests, errors, throttled = days.columns
        return zip(seconds, ordinals, requests, errors, _partial(ordinals, seconds), throttled, strict=True)
    return (
        (at.timestamp(), day.date.toordinal(), day.requests, day.errors, day.partial, day.throttled)
        for day, at in days
    )


def answered_rows(usage: Usage) -> Iterable[Observed]:
    """The days that one answer tells, ascending."""
    return zip(repeat(usage.observed_at.timestamp()), *observed_columns(usage), strict=False)


def span_observed(days: Sequence[Observation]) -> tuple[int, int]:
    """The first date of some days, ascending, and the last, counted as Python does."""
    if isinstance(days, InColumns):
        ordinals = days.columns[0]
        return ordinals[0], ordinals[-1]
    return days[0].day.date.toordinal(), days[-1].day.date.toordinal()


def merged_days(observed: Iterable[Observed]) -> InColumns[Day]:
    """One day a date, ascending: the newest observation, with what it leaves unsaid from older ones."""
    ascending = sorted(observed, key=itemgetter(0))
    by_date = dict(zip(map(itemgetter(1), ascending), ascending, strict=True))
    unsaid = {on for on, row in by_date.items() if None in row}
    said: dict[int, Observed] = {}
    for row in ascending if unsaid else ():
        on = row[1]
        if on in unsaid:
            said[on] = _completed(row, said[on]) if on in said else row
    by_date.update(said)
    rows = [by_date[on] for on in sorted(by_date)]
    _, *columns = zip(*rows, strict=True) if rows else ((),) * 6
    return InColumns(days_in, *columns)


def _completed(newer: Observed, older: Observed) -> Observed:
    """Throttled counts may come from another answer than the rest, as long as the day was over for both."""
    at, on, requests, errors, partial, throttled = newer
    if throttled is None and not older[4]:
        throttled = older[5]
    if requests is None:
        at, on, requests, errors, partial, _ = older
    return at, on, requests, errors, partial, throttled
