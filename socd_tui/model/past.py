"""A key's days as observed over time: what forecasts and findings are made from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from socd_tui.model.in_columns import InColumns
from socd_tui.model.record import dataclass
from socd_tui.model.usage import Day, Hour, Usage


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


def observations(usage: Usage) -> tuple[Observation, ...]:
    """The days that one answer tells, ascending."""
    return tuple(Observation(day, usage.observed_at) for day in usage.observed)


def when_observed(days: Sequence[Observation]) -> Iterable[tuple[int, float]]:
    """The date of each, counted as Python does, and when it was observed, in seconds since 1970."""
    if isinstance(days, InColumns):
        ordinals, seconds, *_ = days.columns
        return zip(ordinals, seconds, strict=True)
    return ((day.date.toordinal(), at.timestamp()) for day, at in days)


def span_observed(days: Sequence[Observation]) -> tuple[int, int]:
    """The first date of some days, ascending, and the last, counted as Python does."""
    if isinstance(days, InColumns):
        ordinals = days.columns[0]
        return ordinals[0], ordinals[-1]
    return days[0].day.date.toordinal(), days[-1].day.date.toordinal()


def merged_days(observed: Iterable[Observation]) -> tuple[Day, ...]:
    """One day a date, ascending: the newest observation, with what it leaves unsaid from older ones."""
    by_date: dict[date, Day] = {}
    for day, _ in sorted(observed, key=lambda each: each.at):
        older = by_date.get(day.date)
        by_date[day.date] = day if older is None else _completed(day, older)
    return tuple(by_date[on] for on in sorted(by_date))


def _completed(newer: Day, older: Day) -> Day:
    """Throttled counts may come from another answer than the rest, as long as the day was over for both."""
    throttled = newer.throttled
    if throttled is None and older.full:
        throttled = older.throttled
    counted = older if newer.requests is None else newer
    return counted if throttled == counted.throttled else counted._replace(throttled=throttled)
