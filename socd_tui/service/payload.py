"""The payloads as documented: two dialects of usage, the key list and the key's detail.

Every field is optional. A section that is missing or cannot be read is an empty one, costs nothing
else and, when unreadable, leaves a sentence in the validation context, which is a list. Unknown
fields are ignored here and survive in the raw payload.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, WrapValidator
from pydantic.alias_generators import to_camel

from socd_tui.service.scalar import Count, Date, Foreign, Millis, Moment, Texts, Uuid

T = TypeVar("T")


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
    total_requests: Count = None
    successful: Count = None
    client_errors: Count = None
    server_errors: Count = None
    avg_response_time_ms: Millis = None
    latency_p50_ms: Millis = None
    latency_p95_ms: Millis = None
    latency_p99_ms: Millis = None
    rate_limit_peak_per_minute: Count = None
    rate_limit_peak_per_day: Count = None
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


class Summary(_Camel):
    total_requests: Count = None
    successful_requests: Count = None
    failed_requests: Count = None
    avg_response_time: Millis = None


class Percentiles(_Camel):
    p50: Millis = None
    p95: Millis = None
    p99: Millis = None


class Budget(_Camel):
    limit: Count = None
    current: Count = None
    remaining: Count = None


class RateLimits(_Camel):
    per_minute: Section[Budget] = Budget()
    per_day: Section[Budget] = Budget()


class HitEndpoint(_Camel):
    endpoint: Foreign = None
    count: Count = None


class Hits(_Camel):
    total: Count = None
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
    summary: Section[Summary] = Summary()
    latency_percentiles: Section[Percentiles] = Percentiles()
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
