"""Payloads made into the model: both dialects, and any mixture of them, become the same Usage.

The field-by-field map is the service's documentation, which shows one shape in its example and
declares another in its schema. Where both are sent the flat one is read first. Ratios the service
computed are not read at all: their scales differ between dialects, so they are recomputed from counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from socd_tui.model.errors import Malformed, Problem
from socd_tui.model.key import ApiKey
from socd_tui.model.text import Text
from socd_tui.model.usage import Day, Dialect, Endpoint, Hour, Meter, Usage
from socd_tui.model.window import Window
from socd_tui.service.payload import Budget, DayRow, FlatUsage, KeyRecord, NestedUsage, Period
from socd_tui.service.scalar import count

T = TypeVar("T")

MAX_PERIOD_DAYS = 400
"""A payload's period longer than this is not a look-back window (the service's own maximum is 90 days)."""


@dataclass(frozen=True)
class KeyList:
    """The list call's answer: the keys that have a usable id, and what was wrong with the rest."""

    keys: tuple[ApiKey, ...]
    problems: tuple[Problem, ...]


def read_keys(payload: object) -> KeyList:
    """The list call's payload. Raises Malformed when it holds no list."""
    rows = _member(payload, "data")
    if not isinstance(rows, list):
        raise Malformed(
            "The key list came in a form this program does not know.", "Update socd-tui or report it."
        )
    read = [key for row in rows if (key := _key(row))]
    keys: dict[str, ApiKey] = {}
    for key in read:
        keys.setdefault(key.id, key)
    problems = []
    if len(read) < len(rows):
        problems.append(
            f"{len(rows) - len(read)} of {len(rows)} keys in the list have no usable id; they are left out."
        )
    if len(keys) < len(read):
        problems.append("The list names one key more than once; its first entry is shown.")
    total = count(_member(_member(payload, "meta"), "total"))
    if total is not None and total > len(rows):
        problems.append(f"The service counts {total} keys but listed {len(rows)}; the rest is not shown.")
    return KeyList(tuple(keys.values()), tuple(Problem("incomplete_list", problem) for problem in problems))


def read_detail(payload: object, key: ApiKey) -> ApiKey:
    """`key` completed by the detail call: what the list left unsaid, limits above all."""
    detail = _key({**_mapping(_member(payload, "data")), "id": key.id})
    if detail is None:
        return key
    # The detail call is where the limits are documented, so it has the last word on them.
    limits = (detail.limit_per_minute, detail.limit_per_day)
    return replace(key, limit_per_minute=limits[0], limit_per_day=limits[1]).completed(key).completed(detail)


def read_usage(
    payload: object, key_id: str, days: int, *, fetched_at: datetime, observed_at: datetime
) -> Usage:
    """The usage call's payload for a key asked over `days` days. Raises Malformed when it is no object."""
    data = _member(payload, "data") if isinstance(payload, dict) and "data" in payload else payload
    notes: list[str] = []
    try:
        flat = FlatUsage.model_validate(data, context=notes)
        nested = NestedUsage.model_validate(data, context=notes)
    except ValidationError:
        raise Malformed(
            "The usage answer came in a form this program does not know.", "Update socd-tui or report it."
        ) from None
    named = _first(flat.key_id, nested.key.id)
    if named is not None and named != key_id:
        notes.append("the answer names another key than the one asked for")
    dialect = _dialect(_mapping(data))
    if dialect is None:
        notes.append("the answer holds no usage figures")
    day_rows = _days(_first(flat.daily, nested.time_series), observed_at.date(), notes)
    window = _window(flat, nested.period, days, day_rows, observed_at.date(), notes)
    return _counted(
        Usage(
            key_id,
            window,
            fetched_at,
            observed_at,
            dialect,
            avg_ms=_first(flat.avg_response_time_ms, nested.summary.avg_response_time),
            p50_ms=_first(flat.latency_p50_ms, nested.latency_percentiles.p50),
            p95_ms=_first(flat.latency_p95_ms, nested.latency_percentiles.p95),
            p99_ms=_first(flat.latency_p99_ms, nested.latency_percentiles.p99),
            peak_per_minute=flat.rate_limit_peak_per_minute,
            peak_per_day=flat.rate_limit_peak_per_day,
            minute=_meter(nested.rate_limits.per_minute),
            day=_meter(nested.rate_limits.per_day),
            endpoints=_endpoints(flat, nested, notes),
            throttled_by_endpoint=_throttled_by_endpoint(nested, notes),
            days=day_rows,
            hours=_hours(flat, notes),
            raw=data,
        ),
        flat,
        nested,
        notes,
    )


def _counted(usage: Usage, flat: FlatUsage, nested: NestedUsage, notes: list[str]) -> Usage:
    """The counts, each as sent, else derived only where the derivation is exact."""
    statuses = _statuses(flat, nested, notes)
    summary = nested.summary
    successful = _first(flat.successful, summary.successful_requests)
    failed = summary.failed_requests
    requests = _first(flat.total_requests, summary.total_requests)
    if requests is None and successful is not None and failed is not None:
        requests = successful + failed
    derived = (
        requests - failed if requests is not None and failed is not None and failed <= requests else None
    )
    # A truncated status list would make every derived class a lie, so only a complete one is used.
    complete = statuses is not None and requests is not None and sum(statuses.values()) == requests
    by_class = _classes(statuses) if statuses is not None and complete else {}
    throttled = _first((statuses or {}).get(429), nested.rate_limit_hits.total, 0 if complete else None)
    counted = replace(
        usage,
        requests=requests,
        successful=_first(successful, by_class.get(2), derived),
        client_errors=_first(flat.client_errors, by_class.get(4)),
        server_errors=_first(flat.server_errors, by_class.get(5)),
        throttled=throttled,
        statuses=statuses,
    )
    parts = (counted.successful, counted.failed if failed is None else failed)
    if requests is not None and None not in parts and sum(part or 0 for part in parts) != requests:
        notes.append("its successful and failed requests do not add up to its total")
    return replace(counted, notes=tuple(dict.fromkeys(notes)))


def _classes(statuses: dict[int, int]) -> dict[int, int]:
    """Counts by class from a complete status list: 2 for 2xx and 3xx (the service's "successful"), 4, 5."""
    sums = {2: 0, 4: 0, 5: 0}
    for code, n in statuses.items():
        family = 2 if code // 100 in (2, 3) else code // 100
        if family in sums:
            sums[family] += n
    return sums


def _statuses(flat: FlatUsage, nested: NestedUsage, notes: list[str]) -> dict[int, int] | None:
    rows = _first(flat.by_status, nested.breakdown.by_status_code)
    if rows is None:
        return None
    counts: dict[int, int] = {}
    unread = 0
    for row in rows:
        if row.status_code is None or row.status_code > 999 or row.count is None:
            unread += 1
        else:
            counts[row.status_code] = counts.get(row.status_code, 0) + row.count
    _note_unread(notes, "status rows", unread)
    return dict(sorted(counts.items()))


def _meter(budget: Budget) -> Meter:
    current = budget.current
    if current is None and budget.limit is not None and budget.remaining is not None:
        current = max(budget.limit - budget.remaining, 0)
    return Meter(budget.limit, current)


def _endpoints(flat: FlatUsage, nested: NestedUsage, notes: list[str]) -> tuple[Endpoint, ...] | None:
    throttled = {path.original: n for path, n in _throttled_by_endpoint(nested, notes) or ()}
    if (rows := nested.breakdown.by_endpoint) is not None:
        sent = len(rows)
        read = tuple(
            Endpoint(row.endpoint, row.count, row.errors, row.avg_time, throttled.get(row.endpoint.original))
            for row in rows
            if row.endpoint is not None and row.count is not None
        )
    elif (top := flat.top_endpoints) is not None:
        sent = len(top)
        read = tuple(
            Endpoint(row.path, row.count) for row in top if row.path is not None and row.count is not None
        )
    else:
        return None
    _note_unread(notes, "endpoint rows", sent - len(read))
    return read


def _throttled_by_endpoint(nested: NestedUsage, notes: list[str]) -> tuple[tuple[Text, int], ...] | None:
    rows = nested.rate_limit_hits.by_endpoint
    if rows is None:
        return None
    hits = tuple(
        (row.endpoint, row.count) for row in rows if row.endpoint is not None and row.count is not None
    )
    _note_unread(notes, "rows of 429s by endpoint", len(rows) - len(hits))
    return hits


def _note_unread(notes: list[str], rows: str, unread: int) -> None:
    if unread:
        notes.append(f"{rows} that could not be read: {unread}")


def _hours(flat: FlatUsage, notes: list[str]) -> tuple[Hour, ...] | None:
    rows = flat.rate_limit_hits_by_hour
    if rows is None:
        return None
    hours: dict[datetime, int] = {}
    for row in rows:
        if row.hour is None or row.count is None:
            notes.append("an hour of 429s could not be read")
            continue
        start = row.hour.replace(minute=0, second=0, microsecond=0)
        hours[start] = hours.get(start, 0) + row.count
    return tuple(Hour(start, n) for start, n in sorted(hours.items()))


def _days(rows: tuple[DayRow, ...] | None, today: date, notes: list[str]) -> tuple[Day, ...] | None:
    if rows is None:
        return None
    days: dict[date, Day] = {}
    for row in rows:
        if row.date is None:
            notes.append("a daily row has no usable date")
        elif row.date in days:
            notes.append(f"{row.date} was sent twice; the first row is shown")
        else:
            days[row.date] = Day(row.date, row.requests, row.errors, partial=row.date == today)
    return tuple(days[key] for key in sorted(days))


def _window(
    flat: FlatUsage,
    period: Period,
    asked: int,
    days: tuple[Day, ...] | None,
    today: date,
    notes: list[str],
) -> Window:
    """Dates from the payload's period, else its days, else the clock; a length other than asked is noted."""
    answered = _first(flat.window_days, period.days)
    length = answered if answered and answered <= MAX_PERIOD_DAYS else asked
    if length != asked:
        notes.append(f"asked for {asked} days, the service answered {length}")
    dates = [day.date for day in days or ()]
    window = (
        _from_period(period, length, dates)
        or _from_days(length, dates, today)
        or Window.ending(today, length)
    )
    outside = [str(date_) for date_ in dates if date_ not in window]
    if outside:
        shown = ", ".join(outside[:3]) + (" …" if len(outside) > 3 else "")
        notes.append(f"days outside the window were sent: {shown}")
    return window


def _from_period(period: Period, length: int, dates: list[date]) -> Window | None:
    if period.start is None or period.end is None:
        return None
    start, end = period.start.date(), period.end.date()
    # Midnight closes the day before, unless the dates as they stand are as many as the window has.
    if period.end.time() == time() and (end - start).days != length - 1:
        end -= timedelta(days=1)
    # A rolling period of N×24 hours touches N+1 dates; the first counts only when it has a row.
    if (end - start).days == length and start not in dates:
        start += timedelta(days=1)
    return Window(length, start, end, "period") if 0 <= (end - start).days < MAX_PERIOD_DAYS else None


def _from_days(length: int, dates: Iterable[date], today: date) -> Window | None:
    """The window that ends on the last row, unless the rows are sparse and fit the one that ends today.

    A service that leaves out empty days would otherwise shift an idle key's window into the past.
    """
    known = sorted(dates)
    if not known:
        return None
    dense = len(known) >= length
    fits = all(day in Window.ending(today, length) for day in known)
    return None if fits and not dense else Window.ending(known[-1], length, "days")


def _dialect(data: dict[str, object]) -> Dialect | None:
    sent = {name for name, value in data.items() if value is not None}
    is_flat = not sent.isdisjoint(FlatUsage.model_fields)
    is_nested = not sent.isdisjoint(to_camel(name) for name in NestedUsage.model_fields)
    if is_flat and is_nested:
        return "mixed"
    return "flat" if is_flat else "nested" if is_nested else None


def _key(row: object) -> ApiKey | None:
    try:
        record = KeyRecord.model_validate(row)
    except ValidationError:
        return None
    if record.id is None:
        return None
    prefix = record.key_prefix or record.key_preview or Text("")
    return ApiKey(
        record.id,
        record.name or Text("(no name)"),
        prefix,
        record.tier,
        record.scopes,
        record.total_requests,
        record.created_at,
        record.last_used_at,
        record.expires_at,
        record.revoked_at,
        record.rate_limit_per_minute,
        record.rate_limit_per_day,
        raw=row,
    )


def _first(*values: T | None) -> T | None:
    """The first value that is known; 0 and False are values."""
    return next((value for value in values if value is not None), None)


def _member(payload: object, name: str) -> object:
    return payload.get(name) if isinstance(payload, dict) else None


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
