"""Several keys' usage as one: counts add up, percentiles and peaks do not.

A sum is known only when every answer in it is: one that did not say makes the sum unknown. Keys
without an answer are not in it; a note of the pane says how many answered.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

from socd_tui.model.record import replace
from socd_tui.model.text import Text
from socd_tui.model.usage import COUNTS, Day, Endpoint, Hour, Usage
from socd_tui.model.window import Window, covering

T = TypeVar("T")


def _combined(parts: Sequence[Usage], window: Window) -> Usage:
    dialects = {usage.dialect for usage in parts if usage.dialect}
    counts: dict[str, Any] = {name: add(getattr(usage, name) for usage in parts) for name in COUNTS}
    return Usage(
        key_id="",
        window=window,
        fetched_at=min(usage.fetched_at for usage in parts),
        observed_at=min(usage.observed_at for usage in parts),
        dialect=dialects.pop() if len(dialects) == 1 else "mixed" if dialects else None,
        statuses=_sum_by(parts, lambda usage: None if usage.statuses is None else usage.statuses.items()),
        endpoints=_endpoints(parts),
        throttled_by_endpoint=_throttled_by_endpoint(parts),
        days=_days(parts),
        hours=_hours(parts),
        **counts,
    )


def combine(parts: Sequence[Usage]) -> Usage | None:
    """One Usage for all of them: counts summed, latencies and peaks None unless there is just one part."""
    window = covering(usage.window for usage in parts)
    if window is None:
        return None
    if len(parts) == 1:
        return replace(parts[0], endpoints=_endpoints(parts))
    return _combined(parts, window)


def by_path(usage: Usage) -> dict[Text, int] | None:
    """Requests of one answer by path, a path listed twice made one; None without a list."""
    rows = _endpoints([usage])
    return None if rows is None else {row.path: row.requests for row in rows}


def add(values: Iterable[int | None]) -> int | None:
    """The sum, or None when any part is unknown."""
    total = 0
    for value in values:
        if value is None:
            return None
        total += value
    return total


def highest(counts: Sequence[int | None]) -> int | None:
    """The largest of those that are known; None where none is."""
    known = counts if isinstance(counts, array) else [count for count in counts if count is not None]
    return max(known, default=None)


def _sum_by(
    parts: Sequence[Usage], items: Callable[[Usage], Iterable[tuple[T, int]] | None]
) -> dict[T, int] | None:
    """Counts added by what they are counted for; None when one part has no such counts."""
    sums: dict[T, int] = {}
    for usage in parts:
        counts = items(usage)
        if counts is None:
            return None
        for what, n in counts:
            sums[what] = sums.get(what, 0) + n
    return sums


def _endpoints(parts: Sequence[Usage]) -> tuple[Endpoint, ...] | None:
    """Rows of one path made one, most requests first."""
    if any(usage.endpoints is None for usage in parts):
        return None
    by_path: dict[Text, list[Endpoint]] = {}
    for usage in parts:
        for row in usage.endpoints or ():
            by_path.setdefault(row.path, []).append(row)
    merged = (rows[0] if len(rows) == 1 else _one_endpoint(rows) for rows in by_path.values())
    return tuple(sorted(merged, key=lambda row: (-row.requests, row.path.original)))


def _one_endpoint(rows: list[Endpoint]) -> Endpoint:
    requests = sum(row.requests for row in rows)
    timed = [row.avg_ms * row.requests for row in rows if row.avg_ms is not None]
    all_timed = len(timed) == len(rows) and requests > 0
    return Endpoint(
        path=rows[0].path,
        requests=requests,
        errors=add(row.errors for row in rows),
        avg_ms=sum(timed) / requests if all_timed else None,  # an average weighted by its requests is exact
        throttled=add(row.throttled for row in rows),
    )


def _throttled_by_endpoint(parts: Sequence[Usage]) -> tuple[tuple[Text, int], ...] | None:
    sums = _sum_by(parts, lambda usage: usage.throttled_by_endpoint)
    return tuple(sorted(sums.items(), key=lambda item: -item[1])) if sums is not None else None


def _hours(parts: Sequence[Usage]) -> tuple[Hour, ...] | None:
    sums = _sum_by(parts, lambda usage: usage.hours)
    return tuple(map(Hour._make, sorted(sums.items()))) if sums is not None else None


def _days(parts: Sequence[Usage]) -> tuple[Day, ...] | None:
    if any(usage.days is None for usage in parts):
        return None
    return days_of_keys([usage.days or () for usage in parts])


def days_of_keys(parts: Sequence[Sequence[Day]]) -> tuple[Day, ...]:
    """The days of several keys by date, ascending, each knowing how many of the keys told nothing of it."""
    by_date: dict[date, list[Day]] = {}
    for days in parts:
        for day in days:
            by_date.setdefault(day.date, []).append(day)
    return tuple(one_day(on, by_date[on], len(parts)) for on in sorted(by_date))


def one_day(on: date, rows: Sequence[Day], keys: int) -> Day:
    """One date of so many keys, of which these told it."""
    _, requests, errors, partial, _, throttled, *_ = zip(*rows, strict=True)
    return Day(on, add(requests), add(errors), any(partial), keys - len(rows), add(throttled))
