"""The payloads as documented: two dialects of usage, the key list and the key's detail.

A plain figure of a usage answer is one row of `PLACES`; what has parts is a model. Every field is
optional. A section that is missing or cannot be read is an empty one and costs nothing else. Whatever was
sent and could not be read is told to the validation context, which is `Notes`. Unknown fields are ignored
here and survive in the raw payload.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, WrapValidator
from pydantic.alias_generators import to_camel, to_snake

from socd_tui.model.key import SentLimit
from socd_tui.model.text import Text
from socd_tui.model.usage import LATENCIES, Dialect
from socd_tui.service.notes import Notes
from socd_tui.service.scalar import (
    Unreadable,
    count,
    day,
    end,
    first,
    limit,
    member,
    millis,
    moment,
    path,
    text,
    texts,
    uuid,
)

T = TypeVar("T")


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

_FLAT = {place.flat for place in PLACES.values() if place.flat}
_SECTIONS = {place.section for place in PLACES.values() if place.section}


def read_figures(data: Mapping[str, object], notes: Notes) -> dict[str, Any]:
    """Every plain figure by field, of both dialects the flat one first; None where neither is readable.

    A latency may be a fraction of a millisecond, anything else is a count. What cannot be read is noted,
    and so is a section that is no object.
    """
    for part in sorted(_SECTIONS):
        if not isinstance(data.get(part), dict | None):
            notes.append(f"{to_snake(part)} could not be read")
    figures = {}
    for name, (flat, section, nested) in PLACES.items():
        read = millis if name in LATENCIES else count
        values = []
        if flat:
            values.append(notes.readable(flat, read(data.get(flat))))
        if section and nested:
            place = f"{to_snake(section)}.{to_snake(nested)}"
            values.append(notes.readable(place, read(member(data.get(section), nested))))
        figures[name] = first(*values)
    return figures


def dialect(data: Mapping[str, object]) -> Dialect | None:
    """The shape of a payload by the names it holds; None for none that is documented."""
    sent = {name for name, value in data.items() if value is not None}
    is_flat = not sent.isdisjoint(_FLAT.union(FlatUsage.model_fields))
    is_nested = not sent.isdisjoint(_SECTIONS.union(map(to_camel, NestedUsage.model_fields)))
    if is_flat and is_nested:
        return "mixed"
    return "flat" if is_flat else "nested" if is_nested else None


def _section(value: object, read: Callable[[object], object], info: ValidationInfo) -> object:
    if value is None:
        return read({})
    notes = _notes(info)
    try:
        with notes.within(info.field_name):
            return read(value)
    except ValidationError:
        notes.append(f"{info.field_name} could not be read")
        return read({})


def _rows(value: object, read: Callable[[object], object], info: ValidationInfo) -> object:
    if value is None:
        return None
    notes = _notes(info)
    if not isinstance(value, list):
        notes.append(f"{info.field_name} could not be read")
        return None
    rows = [row for row in value if isinstance(row, dict)]
    if len(rows) < len(value):
        notes.append(f"{info.field_name} held unreadable rows: {len(value) - len(rows)}")
    with notes.within(info.field_name):
        return read(rows)


def _status_map(value: object, read: Callable[[object], object], info: ValidationInfo) -> object:
    if isinstance(value, dict):
        value = [{"statusCode": code, "count": n} for code, n in value.items()]
    return _rows(value, read, info)


def _notes(info: ValidationInfo) -> Notes:
    return info.context if isinstance(info.context, Notes) else Notes()


def _value(read: Callable[[object], object]) -> WrapValidator:
    """Validates by one of the readers of single values, and notes what it cannot read."""

    def validate(value: object, _: Callable[[object], object], info: ValidationInfo) -> object:
        return _notes(info).readable(info.field_name, read(value))

    return WrapValidator(validate)


def _limit(value: object, _: Callable[[object], object], info: ValidationInfo) -> object:
    sent = limit(value)
    if sent == "unreadable":
        _notes(info).readable(info.field_name, Unreadable(value))
    return sent


Count = Annotated[int | None, _value(count)]
Millis = Annotated[int | float | None, _value(millis)]
Foreign = Annotated[Text | None, _value(text)]
Path = Annotated[Text | None, _value(path)]
Moment = Annotated[datetime | None, _value(moment)]
End = Annotated[datetime | None, _value(end)]
Date = Annotated[date | None, _value(day)]
Uuid = Annotated[str | None, _value(uuid)]
Texts = Annotated[tuple[Text, ...] | None, _value(texts)]
MostAllowed = Annotated[SentLimit, WrapValidator(_limit)]
Section = Annotated[T, WrapValidator(_section)]
Rows = Annotated[tuple[T, ...] | None, WrapValidator(_rows)]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", arbitrary_types_allowed=True)


class _Camel(_Wire):
    model_config = ConfigDict(alias_generator=to_camel)


class DayRow(_Wire):
    date: Date = None
    requests: Count = None
    errors: Count = None


class FlatEndpoint(_Wire):
    path: Path = None
    count: Count = None


class FlatHour(_Wire):
    hour: Moment = None
    count: Count = None


class StatusRow(_Camel):
    status_code: Count = None
    count: Count = None


class FlatUsage(_Wire):
    """The documentation's example: flat, snake_case, `success_rate` a fraction, days newest first."""

    key_id: Uuid = None
    window_days: Count = None
    top_endpoints: Rows[FlatEndpoint] = None
    by_status: Annotated[tuple[StatusRow, ...] | None, WrapValidator(_status_map)] = None
    daily: Rows[DayRow] = None
    rate_limit_hits_by_hour: Rows[FlatHour] = None


class NestedKey(_Camel):
    id: Uuid = None


class Period(_Camel):
    days: Count = None
    start: Moment = None
    end: Moment = None


class LimitUse(_Camel):
    limit: MostAllowed = None
    current: Count = None
    remaining: MostAllowed = None


class RateLimits(_Camel):
    per_minute: Section[LimitUse] = LimitUse()
    per_day: Section[LimitUse] = LimitUse()


class HitEndpoint(_Camel):
    endpoint: Path = None
    count: Count = None


class Hits(_Camel):
    by_endpoint: Rows[HitEndpoint] = None


class NestedEndpoint(_Camel):
    endpoint: Path = None
    count: Count = None
    avg_time: Millis = None
    errors: Count = None


class Breakdown(_Camel):
    by_endpoint: Rows[NestedEndpoint] = None
    by_status_code: Rows[StatusRow] = None


class NestedUsage(_Camel):
    """The schema `APIKeyUsageStats`: nested, camelCase, nothing required, scales of ratios unstated."""

    key: Section[NestedKey] = NestedKey()
    period: Section[Period] = Period()
    rate_limits: Section[RateLimits] = RateLimits()
    rate_limit_hits: Section[Hits] = Hits()
    breakdown: Section[Breakdown] = Breakdown()
    time_series: Rows[DayRow] = None


class KeyRecord(_Wire):
    """One key of the list or detail call, with the field names either page uses."""

    id: Uuid = None
    name: Foreign = None
    key_prefix: Foreign = None
    key_preview: Foreign = None
    tier: Foreign = None
    scopes: Texts = None
    total_requests: Count = None
    created_at: Moment = None
    last_used_at: Moment = None
    expires_at: End = None
    revoked_at: Moment = None
    rate_limit_per_minute: MostAllowed = None
    rate_limit_per_day: MostAllowed = None
