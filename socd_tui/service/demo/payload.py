"""The demo's JSON as the documentation has it: key records, and usage in either of its two shapes.

Without requests latency and success rate are null, which is neither 0 nor 100 percent.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Literal

from socd_tui.service.demo.fleet import DemoKey
from socd_tui.service.demo.latency import ResponseTimes
from socd_tui.service.demo.truth import Traffic, Truth

Json = dict[str, object]
Dialect = Literal["flat", "nested"]

TOP_ENDPOINTS = 10

_IOCS_PER_ANSWER = {"lookup": 1, "articles": 0}
"""Indicators in one successful answer, by the last part of its path; `_IOCS_PER_PAGE` for other paths."""
_IOCS_PER_PAGE = 40


def key_list(truth: Truth, now: datetime) -> Json:
    """The JSON of the list call, which has no limits in it."""
    return {"data": [_record(truth, key, now) for key in truth.keys], "meta": {"total": len(truth.keys)}}


def key_detail(truth: Truth, key: DemoKey, now: datetime) -> Json:
    """The JSON of the detail call: the list's fields and the limits."""
    limits = {"rate_limit_per_minute": key.limit_per_minute, "rate_limit_per_day": key.limit_per_day}
    return {"data": {**_record(truth, key, now), **limits, "allowed_ips": None}}


def usage(truth: Truth, key: DemoKey, days: int, now: datetime, dialect: Dialect) -> Json:
    """The JSON of the usage call in the shape of the documentation's example (flat) or schema (nested)."""
    traffic = truth.traffic(key, days, now)
    if dialect == "flat":
        return {"data": _flat(key, traffic)}
    return {"data": _nested(key, traffic, truth.current(key, now), now)}


def stamp(moment: datetime | None) -> str | None:
    """A time as the service writes it: UTC, whole seconds, Z."""
    # A twentieth of what `strftime` takes: a window has up to 2,160 hours.
    return f"{moment.isoformat()[:19]}Z" if moment else None


def _record(truth: Truth, key: DemoKey, now: datetime) -> Json:
    return {
        "id": key.id,
        "key_prefix": key.prefix,
        "name": key.role.name,
        "tier": key.role.tier,
        "scopes": list(key.scopes),
        "total_requests": truth.lifetime(key, now),
        "last_used_at": stamp(truth.last_used(key, now)),
        "created_at": stamp(key.created_at),
        "expires_at": stamp(key.expires_at),
        "revoked_at": stamp(key.revoked_at),
    }


def _flat(key: DemoKey, traffic: Traffic) -> Json:
    successful = traffic.answered(200, 399)
    latency = _rounded(traffic.latency())
    return {
        "key_id": key.id,
        "window_days": traffic.window.days,
        "total_requests": traffic.total,
        "successful": successful,
        "client_errors": traffic.answered(400, 499),
        "server_errors": traffic.answered(500, 599),
        "success_rate": round(successful / traffic.total, 4) if traffic.total else None,
        "avg_response_time_ms": latency["avg"],
        "latency_p50_ms": latency["p50"],
        "latency_p95_ms": latency["p95"],
        "latency_p99_ms": latency["p99"],
        "rate_limit_peak_per_minute": max(traffic.minute_peaks),
        "rate_limit_peak_per_day": max(traffic.day_peaks),
        "top_endpoints": [
            {"path": path, "count": count} for path, count in list(traffic.by_path().items())[:TOP_ENDPOINTS]
        ],
        "by_status": {str(status): count for status, count in traffic.by_status().items()},
        "daily": [
            {"date": on.isoformat(), "requests": requests, "errors": errors}
            for on, requests, errors in reversed(traffic.daily)
        ],
        "rate_limit_hits_by_hour": [
            {"hour": stamp(hour), "count": count} for hour, count in reversed(traffic.throttled_by_hour)
        ],
    }


def _nested(key: DemoKey, traffic: Traffic, current: tuple[int, int], now: datetime) -> Json:
    successful = traffic.answered(200, 399)
    latency = _rounded(traffic.latency())
    throttled = traffic.by_path(429, 429)
    return {
        "key": {"id": key.id, "name": key.role.name, "tier": key.role.tier},
        "period": {
            "days": traffic.window.days,
            "start": stamp(datetime.combine(traffic.window.start, time(), UTC)),
            "end": stamp(now),
        },
        "summary": {
            "totalRequests": traffic.total,
            "successfulRequests": successful,
            "failedRequests": traffic.total - successful,
            "successRate": _percent(successful, traffic.total),
            "avgResponseTime": latency["avg"],
            "totalIOCsReturned": _iocs_returned(traffic),
        },
        "latencyPercentiles": {name: latency[name] for name in ("p50", "p95", "p99")},
        "rateLimits": {
            "perMinute": _budget(key.limit_per_minute, current[0]),
            "perDay": _budget(key.limit_per_day, current[1]),
        },
        "rateLimitHits": {
            "total": sum(throttled.values()),
            "byEndpoint": [{"endpoint": path, "count": count} for path, count in throttled.items()],
        },
        "breakdown": {
            "byEndpoint": _endpoints(traffic),
            "byStatusCode": [
                {"statusCode": status, "count": count, "percentage": _percent(count, traffic.total)}
                for status, count in traffic.by_status().items()
            ],
        },
        "timeSeries": [
            {"date": on.isoformat(), "requests": requests, "errors": errors}
            for on, requests, errors in traffic.daily
        ],
    }


def _endpoints(traffic: Traffic) -> list[Json]:
    errors = traffic.by_path(400, 599)
    return [
        {
            "endpoint": path,
            "count": count,
            "avgTime": _rounded(traffic.latency(path))["avg"],
            "errors": errors.get(path, 0),
            "errorRate": _percent(errors.get(path, 0), count),
        }
        for path, count in list(traffic.by_path().items())[:TOP_ENDPOINTS]
    ]


def _budget(limit: int, current: int) -> Json:
    return {
        "limit": limit,
        "current": current,
        "remaining": limit - current,
        "percentUsed": _percent(current, limit),
    }


def _iocs_returned(traffic: Traffic) -> int:
    answers = traffic.by_path(200, 200)
    return sum(
        n * _IOCS_PER_ANSWER.get(path.rsplit("/", 1)[-1], _IOCS_PER_PAGE) for path, n in answers.items()
    )


def _rounded(latency: ResponseTimes | None) -> dict[str, int | None]:
    if latency is None:
        return dict.fromkeys(("avg", "p50", "p95", "p99"))
    return {
        "avg": round(latency.avg),
        "p50": round(latency.p50),
        "p95": round(latency.p95),
        "p99": round(latency.p99),
    }


def _percent(part: int, total: int) -> float | None:
    return round(100 * part / total, 2) if total else None
