"""Payloads made into the model: both dialects, and any mixture of them, become the same Usage.

The field-by-field map is the service's documentation, which shows one shape in its example and
declares another in its schema. Where both are sent the flat one is read first. Ratios the service
computed are not read at all: their scales differ between dialects, so they are recomputed from counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from operator import gt
from typing import Any

from socd_tui.model.errors import Malformed
from socd_tui.model.in_columns import all_known
from socd_tui.model.record import replace
from socd_tui.model.text import Text
from socd_tui.model.usage import Endpoint, Hour, Meter, Usage, sent_endpoints, sent_hours
from socd_tui.service.body import parse_json
from socd_tui.service.contradictions import contradictions
from socd_tui.service.masking import masked_json
from socd_tui.service.notes import Notes
from socd_tui.service.payload import FAILED, Documented, Told, dialect, figures, read_answer
from socd_tui.service.scalar import first
from socd_tui.service.wire_calendar import read_days, read_window


def read_usage(
    payload: object, key_id: str, days: int, *, fetched_at: datetime, observed_at: datetime
) -> Usage:
    """The usage call's payload for a key asked over `days` days: Documented, or JSON as Python values.

    Raises Malformed when it is no object.
    """
    notes = Notes()
    if isinstance(payload, Documented):
        data, told, raw = payload.told, payload.told, partial(_masked, payload.body)
    else:
        data = _data(payload)
        told, raw = read_answer(data, notes), partial(masked_json, data)
    key, period, hits = told.get("key") or {}, told.get("period") or {}, told.get("rateLimitHits") or {}
    named = first(told.get("key_id"), key.get("id"))
    if named is not None and named != key_id:
        notes.append("the answer names another key than the one asked for")
    shape = dialect(data)
    if shape is None:
        notes.append("the answer holds no usage figures")
    today = observed_at.date()
    days_sent = read_days(first(told.get("daily"), told.get("timeSeries")), today, notes)
    length = first(told.get("window_days"), period.get("days"))
    window = read_window(length, period, days, days_sent, today, notes)
    throttled_by_endpoint = _throttled_by_endpoint(hits.get("byEndpoint"), notes)
    breakdown, limits = told.get("breakdown") or {}, told.get("rateLimits") or {}
    statuses = _statuses(first(told.get("by_status"), breakdown.get("byStatusCode")), notes)
    sent = figures(told)
    failed = sent.pop(FAILED)
    classes = _classes(statuses, sent["requests"])
    sent |= _derived(sent, failed, statuses, classes)
    usage = Usage(
        key_id=key_id,
        window=window,
        fetched_at=fetched_at,
        observed_at=observed_at,
        dialect=shape,
        minute=_meter(limits.get("perMinute")),
        day=_meter(limits.get("perDay")),
        statuses=statuses,
        endpoints=_endpoints(
            breakdown.get("byEndpoint"), told.get("top_endpoints"), throttled_by_endpoint, notes
        ),
        throttled_by_endpoint=throttled_by_endpoint,
        days=days_sent,
        hours=_hours(told.get("rate_limit_hits_by_hour"), notes),
        raw=raw,
        **sent,
    )
    for sentence in contradictions(usage, failed, classes):
        notes.append(sentence)
    sentences = notes.sentences()
    return replace(usage, notes=sentences) if sentences else usage


READ_AT_ONCE_DEPTH = 255
"""Levels of JSON that pydantic-core's parser goes into, and more: it refuses what is deeper."""


def _data(payload: object) -> dict[str, object]:
    data = payload["data"] if isinstance(payload, dict) and "data" in payload else payload
    if not isinstance(data, dict):
        raise Malformed(
            "The usage answer came in a form this program does not know.", "Update socd-tui or report it."
        )
    return data


def _masked(body: Callable[[], bytes]) -> object:
    # What was read at once is as deep as that parser lets it be; this is no place to refuse it.
    return masked_json(_data(parse_json(body(), deepest=READ_AT_ONCE_DEPTH)))


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


def _statuses(rows: Told | None, notes: Notes) -> dict[int, int] | None:
    if rows is None:
        return None
    counts: dict[int, int] = {}
    unread = 0
    for code, n in zip(rows["statusCode"], rows["count"], strict=True):
        if code is None or code > 999 or n is None:
            unread += 1
        else:
            counts[code] = counts.get(code, 0) + n
    _note_unread(notes, "status rows", unread)
    return dict(sorted(counts.items()))


_NO_METER = Meter()


def _meter(used: Told | None) -> Meter:
    if not used:
        return _NO_METER
    limit, current, remaining = (used.get(name) for name in ("limit", "current", "remaining"))
    if current is None and isinstance(limit, int) and isinstance(remaining, int):
        current = max(limit - remaining, 0)
    return Meter(limit, current)


def _endpoints(
    rows: Told | None, top: Told | None, hits: Iterable[tuple[Text, int]] | None, notes: Notes
) -> Sequence[Endpoint] | None:
    """The rows of paths, each path once: one with a masked secret in it may have been sent several times.

    `rows` are the schema's, `top` the example's, which say less.
    """
    sent, path = (top, "path") if rows is None else (rows, "endpoint")
    if sent is None:
        return None
    paths, requests = sent[path], sent["count"]
    unknown = [None] * len(paths)
    throttled: dict[str, int] = {}
    for hit, n in hits or ():
        throttled[hit.original] = throttled.get(hit.original, 0) + n
    refused = [*map(throttled.get, paths)]
    columns = paths, requests, sent.get("errors", unknown), sent.get("avgTime", unknown), refused
    if None in paths or None in requests or len(set(paths)) < len(paths):
        return _each_once(columns, notes)
    return sent_endpoints(*columns)


def _each_once(columns: Sequence[Sequence[Any]], notes: Notes) -> tuple[Endpoint, ...]:
    by_path: dict[str, Endpoint] = {}
    unread = 0
    for path, requests, errors, avg_ms, throttled in zip(*columns, strict=True):
        if path is None or requests is None:
            unread += 1
            continue
        read = Endpoint(path=Text(path), requests=requests, errors=errors, avg_ms=avg_ms, throttled=throttled)
        by_path[path] = _together(by_path[path], read) if path in by_path else read
    _note_unread(notes, "endpoint rows", unread)
    return tuple(by_path.values())


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


def _throttled_by_endpoint(rows: Told | None, notes: Notes) -> tuple[tuple[Text, int], ...] | None:
    if rows is None:
        return None
    pairs = [*zip(rows["endpoint"], rows["count"], strict=True)]
    hits = tuple((Text(path), n) for path, n in pairs if path is not None and n is not None)
    _note_unread(notes, "rows of 429s by endpoint", len(pairs) - len(hits))
    return hits


def _note_unread(notes: Notes, rows: str, unread: int) -> None:
    if unread:
        notes.append(f"{rows} that could not be read: {unread}")


def _hours(rows: Told | None, notes: Notes) -> Sequence[Hour] | None:
    if rows is None:
        return None
    starts, throttled = rows["hour"], rows["count"]
    if _falls(starts) and all_known(throttled):  # newest first, as documented
        return sent_hours(starts[::-1], throttled[::-1])
    known = sorted((start, n) for start, n in zip(starts, throttled, strict=True) if None not in (start, n))
    if len(known) < len(starts):
        notes.append("an hour of 429s could not be read")
    once: list[datetime] = []
    sums: list[int] = []
    for start, n in known:
        if once and once[-1] == start:  # not by a dict: to hash a moment takes longer than all else here
            sums[-1] += n
        else:
            once.append(start)
            sums.append(n)
    return sent_hours(once, sums)


def _falls(moments: Sequence[Any]) -> bool:
    """Whether all are known, and each is before the one before it."""
    try:
        return all(map(gt, moments, moments[1:])) and None not in moments[-1:]
    except TypeError:
        return False
