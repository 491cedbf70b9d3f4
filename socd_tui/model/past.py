"""A key's days as observed over time: what forecasts and findings are made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from socd_tui.model.record import dataclass
from socd_tui.model.usage import Day, Hour, Usage, day_columns, hour_columns


class Observation(NamedTuple):
    """A day, and the service's clock when it was observed: of two observations the newer counts."""

    day: Day
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Latency:
    """A window's response times in ms as observed on one UTC date: percentiles belong to their window."""

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

    days: tuple[Observation, ...] = ()
    hours: Sequence[Hour] = ()
    latencies: Sequence[Latency] = ()
    foretold: tuple[int, int] = (0, 0)
    """How many of the forecasts written down here came true, and how many days they were for are over."""


def observations(usage: Usage) -> tuple[Observation, ...]:
    """The daily rows of one answer, ascending; not one that tells only a part of its day, nor one ahead."""
    at = usage.observed_at
    today = at.toordinal()
    return tuple(
        Observation(Day(date.fromordinal(on), requests, errors, today <= on, 0, throttled), at)
        for on, requests, errors, throttled in told_days(usage)
    )


def told_days(usage: Usage) -> Iterator[tuple[int, int | None, int | None, int | None]]:
    """The same as they are told: the date, counted as Python does, its requests, its errors and its 429s."""
    today, throttled, cut = usage.observed_at.toordinal(), throttled_by_date(usage), _cut_date(usage)
    ordinals, requests, errors, _ = day_columns(usage.days or ())
    for on, *counts in zip(ordinals, requests, errors, strict=True):
        if on <= today and on != cut:
            yield on, *counts, throttled(on)


def throttled_by_date(usage: Usage) -> Callable[[int], int | None]:
    """How many 429s a date of the window had, counted as Python does; None of a date beyond it.

    Hours say so only where they account for all of the window's 429s: the service's list may be cut short.
    """
    if usage.hours is None:
        return lambda _: None
    starts, throttled = hour_columns(usage.hours)
    if sum(throttled) != usage.throttled:
        return lambda _: None
    by_day: dict[int, int] = {}
    for start, count in zip(starts, throttled, strict=True):
        on = start.toordinal()
        by_day[on] = by_day.get(on, 0) + count
    first, last = usage.window.start.toordinal(), usage.window.end.toordinal()
    return lambda on: by_day.get(on, 0) if first <= on <= last else None


def merged_days(observed: Iterable[Observation]) -> tuple[Day, ...]:
    """One day a date, ascending: the newest observation, with what it leaves unsaid from older ones."""
    by_date: dict[date, Day] = {}
    for day, _ in sorted(observed, key=lambda each: each.at):
        older = by_date.get(day.date)
        by_date[day.date] = day if older is None else _completed(day, older)
    return tuple(by_date[on] for on in sorted(by_date))


def _cut_date(usage: Usage) -> int | None:
    """The date, counted as Python does, of which the answer may tell only the end.

    N rolling days of 24 hours touch N + 1 dates: it is the first date of a period with more dates than days,
    or the first of N + 1 rows.
    """
    window = usage.window
    first = window.end - timedelta(days=max(window.days, (window.end - window.start).days))
    is_cut = first in window or len(usage.days or ()) == window.days + 1
    return first.toordinal() if is_cut else None


def _completed(newer: Day, older: Day) -> Day:
    """Throttled counts may come from another answer than the rest, as long as the day was over for both."""
    throttled = newer.throttled
    if throttled is None and older.full:
        throttled = older.throttled
    counted = older if newer.requests is None else newer
    return counted if throttled == counted.throttled else counted._replace(throttled=throttled)
