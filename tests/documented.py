"""The service's documentation, restated: its example payloads, and the schema it declares for usage.

`FLAT`, `LIST` and `DETAIL` are the examples of the usage, list and detail pages, figure for figure.
`SCHEMA` is the declared response of the usage call, `APIKeyUsageStats`. The documentation has no
example of that shape: `NESTED` says the facts of `FLAT` in it, as far as it can carry them, with
figures of our own for what only it has.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

Json = dict[str, Any]

KEY_ID: Final = "00000000-0000-4000-8000-000000000123"
OTHER_ID: Final = "00000000-0000-4000-8000-000000000456"

NOW: Final = datetime(2026, 5, 17, 9, 42, 11, tzinfo=UTC)
"""When the example's key was last used: the day after the example's last daily row."""

FLAT: Final[Json] = {
    "key_id": KEY_ID,
    "window_days": 30,
    "total_requests": 142587,
    "successful": 139214,
    "client_errors": 3128,
    "server_errors": 245,
    "success_rate": 0.9763,
    "avg_response_time_ms": 287,
    "latency_p50_ms": 195,
    "latency_p95_ms": 612,
    "latency_p99_ms": 1240,
    "rate_limit_peak_per_minute": 87,
    "rate_limit_peak_per_day": 8430,
    "top_endpoints": [
        {"path": "/api/v1/articles", "count": 89234},
        {"path": "/api/v1/iocs", "count": 38765},
        {"path": "/api/v1/lookup", "count": 14588},
    ],
    "by_status": {
        "200": 139214,
        "400": 1245,
        "401": 12,
        "403": 89,
        "404": 1576,
        "429": 206,
        "500": 245,
    },
    "daily": [
        {"date": "2026-05-16", "requests": 4823, "errors": 67},
        {"date": "2026-05-15", "requests": 5102, "errors": 89},
    ],
    "rate_limit_hits_by_hour": [{"hour": "2026-05-16T14:00:00Z", "count": 12}],
}

NESTED: Final[Json] = {
    "key": {"id": KEY_ID, "name": "Production SIEM", "tier": "pro"},
    "period": {"days": 30, "start": "2026-04-18T00:00:00Z", "end": "2026-05-17T09:42:11Z"},
    "summary": {
        "totalRequests": 142587,
        "successfulRequests": 139214,
        "failedRequests": 3373,
        "successRate": 97.63,
        "avgResponseTime": 287,
        "totalIOCsReturned": 2210345,
    },
    "latencyPercentiles": {"p50": 195, "p95": 612, "p99": 1240},
    "rateLimits": {
        "perMinute": {"limit": 1000, "current": 41, "remaining": 959, "percentUsed": 4.1},
        "perDay": {"limit": 1000000, "current": 4823, "remaining": 995177, "percentUsed": 0.48},
    },
    "rateLimitHits": {
        "total": 206,
        "byEndpoint": [
            {"endpoint": "/api/v1/articles", "count": 181},
            {"endpoint": "/api/v1/lookup", "count": 25},
        ],
    },
    "breakdown": {
        "byEndpoint": [
            {
                "endpoint": "/api/v1/articles",
                "count": 89234,
                "avgTime": 310,
                "errors": 2010,
                "errorRate": 2.25,
            },
            {"endpoint": "/api/v1/iocs", "count": 38765, "avgTime": 240, "errors": 900, "errorRate": 2.32},
            {"endpoint": "/api/v1/lookup", "count": 14588, "avgTime": 270, "errors": 463, "errorRate": 3.17},
        ],
        "byStatusCode": [
            {"statusCode": 200, "count": 139214, "percentage": 97.63},
            {"statusCode": 400, "count": 1245, "percentage": 0.87},
            {"statusCode": 401, "count": 12, "percentage": 0.01},
            {"statusCode": 403, "count": 89, "percentage": 0.06},
            {"statusCode": 404, "count": 1576, "percentage": 1.11},
            {"statusCode": 429, "count": 206, "percentage": 0.14},
            {"statusCode": 500, "count": 245, "percentage": 0.17},
        ],
    },
    "timeSeries": [
        {"date": "2026-05-15", "requests": 5102, "errors": 89},
        {"date": "2026-05-16", "requests": 4823, "errors": 67},
    ],
}

_LISTED: Final[Json] = {
    "id": KEY_ID,
    "key_prefix": "sk_live_zIc8",
    "name": "Production SIEM",
    "tier": "pro",
    "scopes": ["read:iocs", "read:articles", "read:articles:export", "read:stix"],
    "total_requests": 142587,
    "last_used_at": "2026-05-17T09:42:11Z",
    "created_at": "2026-01-15T10:00:00Z",
    "expires_at": None,
    "revoked_at": None,
}

LIST: Final[Json] = {
    "data": [
        _LISTED,
        {
            "id": OTHER_ID,
            "key_prefix": "sk_live_aB3x",
            "name": "Dev sandbox",
            "tier": "free",
            "scopes": ["read:iocs", "read:articles"],
            "total_requests": 234,
            "last_used_at": "2026-05-16T18:30:00Z",
            "created_at": "2026-05-10T08:00:00Z",
            "expires_at": "2026-08-10T08:00:00Z",
            "revoked_at": None,
        },
    ],
    "meta": {"total": 2},
}

DETAIL: Final[Json] = {
    "data": {**_LISTED, "rate_limit_per_minute": 1000, "rate_limit_per_day": 1000000, "allowed_ips": None}
}


def _object(**properties: Json) -> Json:
    return {"type": "object", "properties": properties}


def _array(**properties: Json) -> Json:
    return {"type": "array", "items": _object(**properties)}


_INTEGER: Final[Json] = {"type": "integer"}
_NUMBER: Final[Json] = {"type": "number"}
_STRING: Final[Json] = {"type": "string"}
_METER: Final = _object(limit=_INTEGER, current=_INTEGER, remaining=_INTEGER, percentUsed=_NUMBER)

SCHEMA: Final = _object(
    data=_object(
        key=_object(
            id={"type": "string", "format": "uuid"},
            name=_STRING,
            tier={"type": "string", "enum": ["free", "pro"]},
        ),
        period=_object(
            days=_INTEGER,
            start={"type": "string", "format": "date-time"},
            end={"type": "string", "format": "date-time"},
        ),
        summary=_object(
            totalRequests=_INTEGER,
            successfulRequests=_INTEGER,
            failedRequests=_INTEGER,
            successRate=_NUMBER,
            avgResponseTime=_INTEGER,
            totalIOCsReturned=_INTEGER,
        ),
        latencyPercentiles=_object(p50=_INTEGER, p95=_INTEGER, p99=_INTEGER),
        rateLimits=_object(perMinute=_METER, perDay=_METER),
        rateLimitHits=_object(total=_INTEGER, byEndpoint=_array(endpoint=_STRING, count=_INTEGER)),
        breakdown=_object(
            byEndpoint=_array(
                endpoint=_STRING, count=_INTEGER, avgTime=_INTEGER, errors=_INTEGER, errorRate=_NUMBER
            ),
            byStatusCode=_array(statusCode=_INTEGER, count=_INTEGER, percentage=_NUMBER),
        ),
        timeSeries=_array(date={"type": "string", "format": "date"}, requests=_INTEGER, errors=_INTEGER),
    )
)
"""No property is required."""
