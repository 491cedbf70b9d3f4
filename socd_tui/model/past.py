"""What is known of a key day by day, from whichever answers tell it: the ground of forecasts and findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from socd_tui.model.usage import Hour, Usage


@dataclass(frozen=True)
class DayRecord:
    """One UTC date of one key as last observed. `throttled` is None where no hourly 429 data covers it."""

    date: date
    requests: int | None
    errors: int | None
    """4xx + 5xx, 429 included."""
    throttled: int | None
    observed_at: datetime
    """The service's clock at the observation."""

    @property
    def full(self) -> bool:
        """The day was over when it was observed, so that its counts are final."""
        return self.observed_at.date() > self.date


@dataclass(frozen=True)
class Latency:
    """A window's response times in ms as observed on one UTC date: percentiles belong to their window."""

    date: date
    days: int
    requests: int | None
    avg_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None


@dataclass(frozen=True, eq=False)
class Past:
    """What this machine remembers of one key from earlier fetches, each part ascending by date."""

    days: tuple[DayRecord, ...] = ()
    hours: tuple[Hour, ...] = ()
    latencies: tuple[Latency, ...] = ()
    foretold: tuple[int, int] = (0, 0)
    """How many of the forecasts written down here came true, and how many days they were for are over."""


def day_records(usage: Usage) -> tuple[DayRecord, ...]:
    """The daily rows of one answer, ascending, without one that tells only a part of its day.

    Hours say how many 429s a day had only where they account for all of the window's 429s: the
    service's list may be cut short.
    """
    hours = usage.hours
    whole = hours is not None and sum(hour.throttled for hour in hours) == usage.throttled
    by_day: dict[date, int] = {}
    for hour in hours or ():
        by_day[hour.start.date()] = by_day.get(hour.start.date(), 0) + hour.throttled
    return tuple(
        DayRecord(
            day.date,
            day.requests,
            day.errors,
            by_day.get(day.date, 0) if whole and day.date in usage.window else None,
            usage.observed_at,
        )
        for day in usage.days or ()
        if not _is_cut(day.date, usage)
    )


def merged(records: Iterable[DayRecord]) -> tuple[DayRecord, ...]:
    """One record a date, ascending: the newest observation, with what it leaves unsaid from older ones."""
    by_date: dict[date, DayRecord] = {}
    for record in sorted(records, key=lambda record: record.observed_at):
        older = by_date.get(record.date)
        by_date[record.date] = record if older is None else _completed(record, older)
    return tuple(by_date[day] for day in sorted(by_date))


def _is_cut(day: date, usage: Usage) -> bool:
    """Whether the answer may tell only the end of this date: N rolling days of 24 hours touch N + 1 dates.

    It is the first date of a period with more dates than days, or the first of N + 1 rows.
    """
    window = usage.window
    first = (window.end - day).days == max(window.days, (window.end - window.start).days)
    return first and (day in window or len(usage.days or ()) == window.days + 1)


def _completed(record: DayRecord, older: DayRecord) -> DayRecord:
    """Throttled counts may come from another answer than the rest, as long as the day was over for both."""
    known = record.requests is not None
    throttled = record.throttled
    if throttled is None and older.full:
        throttled = older.throttled
    return DayRecord(
        record.date,
        record.requests if known else older.requests,
        record.errors if known else older.errors,
        throttled,
        record.observed_at if known else older.observed_at,
    )
