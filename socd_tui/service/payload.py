"""The payloads as documented: two dialects of usage, the key list and the key's detail.

A plain figure of a usage answer is one row of `PLACES`; what has parts is a model. Every field is
optional. A section that is missing or cannot be read is an empty one, costs nothing else and, when
unreadable, leaves a sentence in the validation context, which is a list. Unknown fields are ignored here
and survive in the raw payload.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, WrapValidator
from pydantic.alias_generators import to_camel, to_snake

from socd_tui.model.usage import LATENCIES, Dialect
from socd_tui.service.scalar import (
    Count,
    Date,
    Foreign,
    Millis,
    Moment,
    Texts,
    Uuid,
    count,
    first,
    member,
    millis,
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


def read_figures(data: Mapping[str, object], notes: list[str]) -> dict[str, Any]:
    """Every plain figure by field, of both dialects the flat one first; None where neither is readable.

    A latency may be a fraction of a millisecond, anything else is a count. A section that is no object
    leaves a sentence in `notes`.
    """
    notes += [
        f"{to_snake(section)} could not be read"
        for section in sorted(_SECTIONS)
        if not isinstance(data.get(section), dict | None)
    ]
    figures = {}
    for name, (flat, section, nested) in PLACES.items():
        read = millis if name in LATENCIES else count
        values = (flat and data.get(flat), section and nested and member(data.get(section), nested))
        figures[name] = first(*map(read, values))
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
    try:
        return read(value)
    except ValidationError:
        _note(info, "could not be read")
        return read({})


def _rows(value: object, read: Callable[[object], object], info: ValidationInfo) -> object:
    if value is None:
        return None
    if not isinstance(value, list):
        _note(info, "could not be read")
        return None
    rows = [row for row in value if isinstance(row, dict)]
    if len(rows) < len(value):
        _note(info, f"held unreadable rows: {len(value) - len(rows)}")
    return read(rows)


def _status_map(value: object, read: Callable[[object], object], info: ValidationInfo) -> object:
    if isinstance(value, dict):
        value = [{"statusCode": code, "count": n} for code, n in value.items()]
    return _rows(value, read, info)


def _note(info: ValidationInfo, what: str) -> None:
    if isinstance(info.context, list):
        info.context.append(f"{info.field_name} {what}")


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
    path: Foreign = None
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
    limit: Count = None
    current: Count = None
    remaining: Count = None


class RateLimits(_Camel):
    per_minute: Section[LimitUse] = LimitUse()
    per_day: Section[LimitUse] = LimitUse()


class HitEndpoint(_Camel):
    endpoint: Foreign = None
    count: Count = None


class Hits(_Camel):
    by_endpoint: Rows[HitEndpoint] = None


class NestedEndpoint(_Camel):
    endpoint: Foreign = None
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
    scopes: Texts = ()
    total_requests: Count = None
    created_at: Moment = None
    last_used_at: Moment = None
    expires_at: Moment = None
    revoked_at: Moment = None
    rate_limit_per_minute: Count = None
    rate_limit_per_day: Count = None
