"""What the service told of each key: counters, the window, codes, endpoints, response times, limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from socd_tui.analysis.budget import Budget
from socd_tui.outputs.metrics.family import Family, KeyReading, Row, of_each, of_key

MOST_ENDPOINTS = 10
"""Endpoints of a key that have samples of their own, the largest; the others are one together."""
OTHERS = "other"
"""What the rest is called."""


def _today(each: KeyReading) -> float | None:
    """The requests of the newest day, while the service's own date is still that day's."""
    day = each.facts.observed[-1] if each.facts.observed else None
    if day is None or each.newest is None or not day.partial or day.date != each.newest.observed_at.date():
        return None
    return day.requests


def _hour_throttled(each: KeyReading) -> float | None:
    """0 where the service's hours account for all 429s and tell none of this one."""
    if each.newest is None or each.newest.hours is None:
        return None
    now = each.newest.observed_at.replace(minute=0, second=0, microsecond=0)
    told = [hour.throttled for hour in each.newest.hours if now <= hour.start < now + timedelta(hours=1)]
    is_whole = sum(hour.throttled for hour in each.newest.hours) == each.newest.throttled
    return sum(told) if told or is_whole else None


def _codes(each: KeyReading) -> Iterator[Row]:
    for code, count in ((each.usage.statuses if each.usage else None) or {}).items():
        yield (each.window, str(code)), count


def _endpoints(each: KeyReading) -> Iterator[tuple[str, int, int | None]]:
    """The largest endpoints with their requests and errors. Paths that look the same are one."""
    merged: dict[str, tuple[int, int | None]] = {}
    for row in (each.usage.endpoints if each.usage else None) or ():
        requests, errors = merged.get(row.path.shown, (0, 0))
        both = None if errors is None or row.errors is None else errors + row.errors
        merged[row.path.shown] = requests + row.requests, both
    largest = sorted(merged.items(), key=lambda item: -item[1][0])[:MOST_ENDPOINTS]
    return ((path, *counts) for path, counts in largest)


def _endpoint_requests(each: KeyReading) -> Iterator[Row]:
    counts = {path: requests for path, requests, _ in _endpoints(each)}
    if not counts:
        return
    total = each.usage.requests if each.usage else None
    if total is not None and (rest := total - sum(counts.values())) > 0:
        counts[OTHERS] = counts.get(OTHERS, 0) + rest
    for path, requests in counts.items():
        yield (each.window, path), requests


def _endpoint_errors(each: KeyReading) -> Iterator[Row]:
    return (((each.window, path), errors) for path, _, errors in _endpoints(each))


def _percentiles(each: KeyReading) -> Iterator[Row]:
    usage = each.usage
    if usage is not None:
        for percentile, ms in (("50", usage.p50_ms), ("95", usage.p95_ms), ("99", usage.p99_ms)):
            yield (each.window, percentile), _in_seconds(ms)


def _in_seconds(ms: float | None) -> float | None:
    return None if ms is None else ms / 1000


def _budgets(each: KeyReading) -> tuple[tuple[str, Budget], ...]:
    budgets = each.standing.budgets
    return ("minute", budgets.minute), ("day", budgets.day)


def _limits(each: KeyReading) -> Iterable[Row]:
    return [((name,), budget.limit.value if budget.limit else None) for name, budget in _budgets(each)]


def _assumed(each: KeyReading) -> Iterator[Row]:
    for name, budget in _budgets(each):
        if budget.limit is not None and budget.limit.value is not None:
            yield (name,), budget.limit.source == "tier"


def _used(each: KeyReading) -> Iterable[Row]:
    return [((name,), budget.current) for name, budget in _budgets(each)]


def _peaks(each: KeyReading) -> Iterable[Row]:
    return [((name, each.window), budget.peak) for name, budget in _budgets(each)]


USAGE = (
    Family(
        name="socd_key_requests_total",
        help="Requests counted for the key since its anchor day, 429 included.",
        group="counters",
        labels=("key_id",),
        rows=of_key(lambda each: each.counters.requests if each.counters else None),
    ),
    Family(
        name="socd_key_errors_total",
        help="Of these the ones answered with 4xx or 5xx, 429 included.",
        group="counters",
        labels=("key_id",),
        rows=of_key(lambda each: each.counters.errors if each.counters else None),
    ),
    Family(
        name="socd_key_throttled_total",
        help="Of these the ones answered with 429; absent where no hours account for all of them.",
        group="counters",
        labels=("key_id",),
        rows=of_key(lambda each: each.counters.throttled if each.counters else None),
    ),
    Family(
        name="socd_key_today_requests",
        help="Requests of the UTC day that is still filling.",
        group="counters",
        labels=("key_id",),
        rows=of_key(_today),
    ),
    Family(
        name="socd_key_hour_throttled_requests",
        help="429s of a UTC hour: of the one still filling, and in a backfill of each hour at its end.",
        group="counters",
        labels=("key_id",),
        rows=of_key(_hour_throttled),
    ),
    Family(
        name="socd_key_window_requests",
        help="Requests in the window that ends now, 429 included.",
        group="window",
        labels=("key_id", "window"),
        rows=of_each(lambda each: [((each.window,), each.usage.requests if each.usage else None)]),
    ),
    Family(
        name="socd_key_window_responses",
        help="Requests in the window by the status code they were answered with.",
        group="codes",
        labels=("key_id", "window", "code"),
        rows=of_each(_codes),
    ),
    Family(
        name="socd_key_window_endpoint_requests",
        help=f"Requests in the window by endpoint: the {MOST_ENDPOINTS} largest, and all others together.",
        group="endpoints",
        labels=("key_id", "window", "endpoint"),
        rows=of_each(_endpoint_requests),
    ),
    Family(
        name="socd_key_window_endpoint_errors",
        help="Errors in the window by endpoint, where the service tells them.",
        group="endpoints",
        labels=("key_id", "window", "endpoint"),
        rows=of_each(_endpoint_errors),
    ),
    Family(
        name="socd_key_window_latency_seconds",
        help="Response time of the whole window by percentile; percentiles are never added or averaged.",
        group="latency",
        labels=("key_id", "window", "percentile"),
        rows=of_each(_percentiles),
    ),
    Family(
        name="socd_key_window_latency_average_seconds",
        help="Mean response time of the whole window.",
        group="latency",
        labels=("key_id", "window"),
        rows=of_each(lambda each: [((each.window,), _in_seconds(each.usage.avg_ms if each.usage else None))]),
    ),
    Family(
        name="socd_key_limit_requests",
        help="Requests allowed in any minute or 24 hours; absent where there is no limit, or it is unknown.",
        group="limits",
        labels=("key_id", "limit"),
        rows=of_each(_limits),
    ),
    Family(
        name="socd_key_limit_assumed",
        help="1 when the limit is the documented one of the tier, 0 when the service told it of the key.",
        group="limits",
        labels=("key_id", "limit"),
        rows=of_each(_assumed),
    ),
    Family(
        name="socd_key_used_requests",
        help="Requests that count against the limit now, where the service tells.",
        group="limits",
        labels=("key_id", "limit"),
        rows=of_each(_used),
    ),
    Family(
        name="socd_key_window_peak_requests",
        help="Most requests in a minute or a day of the window, where the service tells.",
        group="limits",
        labels=("key_id", "limit", "window"),
        rows=of_each(_peaks),
    ),
)
