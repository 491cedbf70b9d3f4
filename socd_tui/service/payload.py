"""The payloads as documented: two dialects of usage, the key list and the key's detail.

A plain figure of a usage answer is one row of `PLACES`; what has parts is declared below it. Everything is
optional, under the name it is sent with. A section that is missing or cannot be read is an empty one and
costs nothing else. Whatever was sent and could not be read is told to `Notes`. Unknown fields are ignored
here and survive in the raw payload.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import repeat
from typing import Any, NamedTuple

from socd_tui.model.text import Text
from socd_tui.model.usage import LATENCIES, Dialect
from socd_tui.service.notes import Notes
from socd_tui.service.scalar import (
    Unreadable,
    count,
    day,
    end,
    limit,
    mapping,
    member,
    millis,
    moment,
    path,
    text,
    texts,
    uuid,
)

Told = Mapping[str, Any]
"""The values of an answer, or of a part of it, each read: by the names they were sent with. Of rows that is a
column for each name."""


class Documented(NamedTuple):
    """The values of a usage answer that is just as documented."""

    told: Told
    body: Callable[[], bytes]
    """The JSON that they were read from."""


Read = Callable[[object], object]
"""Reads a single value, as those of `scalar` do."""


def most_allowed(value: object) -> object:
    """A limit, as `scalar.limit` reads it, but Unreadable where it could not be read."""
    sent = limit(value)
    return Unreadable(value) if sent == "unreadable" else sent


def ordinal(value: object) -> object:
    """The date of a daily row, counted as Python does."""
    read = day(value)
    return read.toordinal() if isinstance(read, date) else read


def begun_hour(value: object) -> object:
    """The hour in which a moment is."""
    read = moment(value)
    return read.replace(minute=0, second=0, microsecond=0) if isinstance(read, datetime) else read


def endpoint(value: object) -> object:
    """A path of the endpoint statistics as it came, but for secrets."""
    read = path(value)
    return read.original if isinstance(read, Text) else read


class Part(NamedTuple):
    """An object."""

    members: Mapping[str, Read | Part | Rows]


class Rows(NamedTuple):
    """A list of objects."""

    members: Mapping[str, Read]
    coded: str = ""
    """An object is taken as well: of one row for each name, which is what the row has under this name."""


class Place(NamedTuple):
    """Where a usage answer keeps a plain figure; None where that dialect has none."""

    flat: str | None = None
    """Its name in the documentation's example."""
    section: str | None = None
    """The part of the schema `APIKeyUsageStats` that holds it."""
    nested: str | None = None
    """Its name there."""


FAILED = "failed"
"""4xx + 5xx: the one figure that is sent, but no field of a Usage, which derives it."""

PLACES: Mapping[str, Place] = {
    "requests": Place("total_requests", "summary", "totalRequests"),
    "successful": Place("successful", "summary", "successfulRequests"),
    FAILED: Place(None, "summary", "failedRequests"),
    "client_errors": Place("client_errors"),
    "server_errors": Place("server_errors"),
    "throttled": Place(None, "rateLimitHits", "total"),
    "avg_ms": Place("avg_response_time_ms", "summary", "avgResponseTime"),
    "p50_ms": Place("latency_p50_ms", "latencyPercentiles", "p50"),
    "p95_ms": Place("latency_p95_ms", "latencyPercentiles", "p95"),
    "p99_ms": Place("latency_p99_ms", "latencyPercentiles", "p99"),
    "peak_per_minute": Place("rate_limit_peak_per_minute"),
    "peak_per_day": Place("rate_limit_peak_per_day"),
}
"""The plain figures of a Usage by field."""

_DAYS = Rows({"date": ordinal, "requests": count, "errors": count})
_STATUSES = {"statusCode": count, "count": count}
_LIMIT_USE = Part({"limit": most_allowed, "current": count, "remaining": most_allowed})

FLAT = Part(
    {
        "key_id": uuid,
        "window_days": count,
        "top_endpoints": Rows({"path": endpoint, "count": count}),
        "by_status": Rows(_STATUSES, coded="statusCode"),
        "daily": _DAYS,
        "rate_limit_hits_by_hour": Rows({"hour": begun_hour, "count": count}),
    }
)
"""The documentation's example: flat, snake_case, `success_rate` a fraction, days newest first."""

NESTED = Part(
    {
        "key": Part({"id": uuid}),
        "period": Part({"days": count, "start": moment, "end": moment}),
        "rateLimits": Part({"perMinute": _LIMIT_USE, "perDay": _LIMIT_USE}),
        "rateLimitHits": Part({"byEndpoint": Rows({"endpoint": endpoint, "count": count})}),
        "breakdown": Part(
            {
                "byEndpoint": Rows(
                    {"endpoint": endpoint, "count": count, "avgTime": millis, "errors": count}
                ),
                "byStatusCode": Rows(_STATUSES),
            }
        ),
        "timeSeries": _DAYS,
    }
)
"""The schema `APIKeyUsageStats`: nested, camelCase, nothing required, scales of ratios unstated."""

KEY = Part(
    {
        "id": uuid,
        "name": text,
        "key_prefix": text,
        "key_preview": text,
        "tier": text,
        "scopes": texts,
        "total_requests": count,
        "created_at": moment,
        "last_used_at": moment,
        "expires_at": end,
        "revoked_at": moment,
        "rate_limit_per_minute": most_allowed,
        "rate_limit_per_day": most_allowed,
    }
)
"""One key of the list or detail call, with the field names either page uses."""

_FLAT_PLACES = [(name, flat) for name, (flat, _, _) in PLACES.items() if flat]
_NESTED_PLACES = [
    (name, section, nested) for name, (_, section, nested) in PLACES.items() if section and nested
]
_FLAT_NAMES = frozenset({*FLAT.members, *(flat for _, flat in _FLAT_PLACES)})
_SECTIONS = frozenset(place.section for place in PLACES.values() if place.section)
_NESTED_NAMES = _SECTIONS.union(NESTED.members)


def dialect(data: Mapping[str, object]) -> Dialect | None:
    """The shape of a payload by the names it holds; None for none that is documented."""
    sent = {name for name, value in data.items() if value is not None}
    is_flat, is_nested = not sent.isdisjoint(_FLAT_NAMES), not sent.isdisjoint(_NESTED_NAMES)
    if is_flat and is_nested:
        return "mixed"
    return "flat" if is_flat else "nested" if is_nested else None


def figures(told: Told) -> dict[str, Any]:
    """Every plain figure by field, of both dialects the flat one first; None where neither was readable."""
    sent = {name: told.get(flat) for name, flat in _FLAT_PLACES}
    for name, section, nested in _NESTED_PLACES:
        if sent.get(name) is None:
            sent[name] = (told.get(section) or {}).get(nested)
    return sent


def read_answer(data: Mapping[str, object], notes: Notes) -> Told:
    """The values of a usage answer, in whichever dialect.

    A latency may be a fraction of a millisecond, any other figure is a count.
    """
    told = {**read_part(FLAT, data, notes), **read_part(NESTED, data, notes)}
    for section in sorted(_SECTIONS):
        if not isinstance(data.get(section), dict | None):
            notes.append(f"{_spoken(section)} could not be read")
        told[section] = dict(told.get(section) or {})
    for name, (flat, section_, nested) in PLACES.items():
        read = figure(name)
        if flat:
            told[flat] = notes.readable(flat, read(data.get(flat)))
        if section_ and nested:
            value = read(member(data.get(section_), nested))
            told[section_][nested] = notes.readable(f"{_spoken(section_)}.{_spoken(nested)}", value)
    return told


def read_part(part: Part, data: Mapping[str, object], notes: Notes) -> dict[str, Any]:
    """The members of an object."""
    return {name: _read(kind, data.get(name), notes, _spoken(name)) for name, kind in part.members.items()}


def _read(kind: Read | Part | Rows, value: object, notes: Notes, name: str) -> object:
    if isinstance(kind, Rows):
        return _read_rows(kind, value, notes, name)
    if isinstance(kind, Part):
        if not isinstance(value, dict | None):
            notes.append(f"{name} could not be read")
        with notes.within(name):
            return read_part(kind, mapping(value), notes)
    read = notes.readable(name, kind(value))
    # Of a limit that is not the same as nothing said: nothing that is assumed may step in for it.
    return "unreadable" if kind is most_allowed and read is None and value is not None else read


def _read_rows(rows: Rows, value: object, notes: Notes, name: str) -> Told | None:
    if value is None:
        return None
    if rows.coded and isinstance(value, dict):
        value = [{rows.coded: code, "count": n} for code, n in value.items()]
    if not isinstance(value, list):
        notes.append(f"{name} could not be read")
        return None
    objects = [row for row in value if isinstance(row, dict)]
    if len(objects) < len(value):
        notes.append(f"{name} held unreadable rows: {len(value) - len(objects)}")
    members = [(member_, _spoken(member_), read) for member_, read in rows.members.items()]
    with notes.within(name):
        read_rows = [
            [notes.readable(spoken, read(row.get(member_))) for member_, spoken, read in members]
            for row in objects
        ]
    columns: Iterable[Sequence[object]] = zip(*read_rows, strict=True) if read_rows else repeat(())
    return dict(zip(rows.members, columns, strict=False))


def _spoken(name: str) -> str:
    """A name of the schema as the example would have it, for notes: rateLimits is rate_limits."""
    return name if name.islower() else re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def figure(name: str) -> Read:
    """How a plain figure is read."""
    return millis if name in LATENCIES else count
