"""Payloads made into the model: both dialects, and any mixture of them, become the same Usage.

The field-by-field map is the service's documentation, which shows one shape in its example and
declares another in its schema. Where both are sent the flat one is read first. Ratios the service
computed are not read at all: their scales differ between dialects, so they are recomputed from counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from socd_tui.model.errors import Malformed
from socd_tui.model.text import Text
from socd_tui.model.usage import Endpoint, Hour, Meter, Usage
from socd_tui.service.contradictions import contradictions
from socd_tui.service.masking import masked_json
from socd_tui.service.notes import Notes
from socd_tui.service.payload import FAILED, FlatUsage, LimitUse, NestedUsage, dialect, read_figures
from socd_tui.service.scalar import first, mapping, member
from socd_tui.service.wire_calendar import read_days, read_window


def read_usage(
    payload: object, key_id: str, days: int, *, fetched_at: datetime, observed_at: datetime
) -> Usage:
    """The usage call's payload for a key asked over `days` days. Raises Malformed when it is no object."""
    data = member(payload, "data") if isinstance(payload, dict) and "data" in payload else payload
    notes = Notes()
    try:
        flat = FlatUsage.model_validate(data, context=notes)
        nested = NestedUsage.model_validate(data, context=notes)
    except ValidationError:
        raise Malformed(
            "The usage answer came in a form this program does not know.", "Update socd-tui or report it."
        ) from None
    sent = read_figures(mapping(data), notes)
    named = first(flat.key_id, nested.key.id)
    if named is not None and named != key_id:
        notes.append("the answer names another key than the one asked for")
    shape = dialect(mapping(data))
    if shape is None:
        notes.append("the answer holds no usage figures")
    today = observed_at.date()
    days_sent = read_days(first(flat.daily, nested.time_series), today, notes)
    length = first(flat.window_days, nested.period.days)
    window = read_window(length, nested.period, days, days_sent, today, notes)
    throttled_by_endpoint = _throttled_by_endpoint(nested, notes)
    statuses = _statuses(flat, nested, notes)
    failed = sent.pop(FAILED)
    classes = _classes(statuses, sent["requests"])
    usage = Usage(
        key_id=key_id,
        window=window,
        fetched_at=fetched_at,
        observed_at=observed_at,
        dialect=shape,
        minute=_meter(nested.rate_limits.per_minute),
        day=_meter(nested.rate_limits.per_day),
        statuses=statuses,
        endpoints=_endpoints(flat, nested, throttled_by_endpoint, notes),
        throttled_by_endpoint=throttled_by_endpoint,
        days=days_sent,
        hours=_hours(flat, notes),
        raw=masked_json(data),
        **{**sent, **_derived(sent, failed, statuses, classes)},
    )
    for sentence in contradictions(usage, failed, classes):
        notes.append(sentence)
    return replace(usage, notes=notes.sentences())


def _derived(
    sent: Mapping[str, Any], failed: int | None, statuses: dict[int, int] | None, classes: dict[int, int]
) -> dict[str, int | None]:
    """The counts that can be told from others, each as sent, else only where the derivation is exact."""
    requests, successful = sent["requests"], sent["successful"]
    if requests is None and successful is not None and failed is not None:
        requests = successful + failed
    not_failed = (
        requests - failed if requests is not None and failed is not None and failed <= requests else None
    )
    return {
        "requests": requests,
        "successful": first(successful, classes.get(2), not_failed),
        "client_errors": first(sent["client_errors"], classes.get(4)),
        "server_errors": first(sent["server_errors"], classes.get(5)),
        "throttled": first((statuses or {}).get(429), sent["throttled"], 0 if classes else None),
    }


def _classes(statuses: dict[int, int] | None, requests: int | None) -> dict[int, int]:
    """Counts by class: 2 for 2xx and 3xx (the service's "successful"), 4, 5.

    Empty without a complete list: a truncated one would make every class a lie.
    """
    if statuses is None or requests is None or sum(statuses.values()) != requests:
        return {}
    sums = {2: 0, 4: 0, 5: 0}
    for code, n in statuses.items():
        family = 2 if code // 100 in (2, 3) else code // 100
        if family in sums:
            sums[family] += n
    return sums


def _statuses(flat: FlatUsage, nested: NestedUsage, notes: Notes) -> dict[int, int] | None:
    rows = first(flat.by_status, nested.breakdown.by_status_code)
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


def _meter(used: LimitUse) -> Meter:
    current = used.current
    if current is None and isinstance(used.limit, int) and isinstance(used.remaining, int):
        current = max(used.limit - used.remaining, 0)
    return Meter(used.limit, current)


def _endpoints(
    flat: FlatUsage, nested: NestedUsage, hits: Iterable[tuple[Text, int]] | None, notes: Notes
) -> tuple[Endpoint, ...] | None:
    """The rows of paths, each path once: one with a masked secret in it may have been sent several times."""
    throttled: dict[Text, int] = {}
    for path, n in hits or ():
        throttled[path] = throttled.get(path, 0) + n
    if (rows := nested.breakdown.by_endpoint) is not None:
        sent = len(rows)
        read = [
            Endpoint(path=row.endpoint, requests=row.count, errors=row.errors, avg_ms=row.avg_time)
            for row in rows
            if row.endpoint is not None and row.count is not None
        ]
    elif (top := flat.top_endpoints) is not None:
        sent = len(top)
        read = [
            Endpoint(path=row.path, requests=row.count)
            for row in top
            if row.path is not None and row.count is not None
        ]
    else:
        return None
    _note_unread(notes, "endpoint rows", sent - len(read))
    by_path: dict[Text, Endpoint] = {}
    for row in read:
        by_path[row.path] = _together(by_path[row.path], row) if row.path in by_path else row
    return tuple(replace(row, throttled=throttled.get(path)) for path, row in by_path.items())


def _together(one: Endpoint, other: Endpoint) -> Endpoint:
    """Two rows of one path; their average is that of all their requests."""
    requests = one.requests + other.requests
    errors = None if one.errors is None or other.errors is None else one.errors + other.errors
    averages = one.avg_ms, other.avg_ms
    avg_ms = (
        None
        if averages[0] is None or averages[1] is None or not requests
        else (averages[0] * one.requests + averages[1] * other.requests) / requests
    )
    return replace(one, requests=requests, errors=errors, avg_ms=avg_ms)


def _throttled_by_endpoint(nested: NestedUsage, notes: Notes) -> tuple[tuple[Text, int], ...] | None:
    rows = nested.rate_limit_hits.by_endpoint
    if rows is None:
        return None
    hits = tuple(
        (row.endpoint, row.count) for row in rows if row.endpoint is not None and row.count is not None
    )
    _note_unread(notes, "rows of 429s by endpoint", len(rows) - len(hits))
    return hits


def _note_unread(notes: Notes, rows: str, unread: int) -> None:
    if unread:
        notes.append(f"{rows} that could not be read: {unread}")


def _hours(flat: FlatUsage, notes: Notes) -> tuple[Hour, ...] | None:
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
