"""What the read-out of a day says of its errors and its response times."""

from __future__ import annotations

from socd_tui.charts.number import exact, millis, percent
from socd_tui.model.past import Latency
from socd_tui.model.usage import ratio
from socd_tui.views.parts.readout import error_part
from socd_tui.views.series.measures import DayRow
from socd_tui.views.series.view import RECENT

ROOMY = 60
"""Columns from which a read-out line has room for shares beside the errors."""


def response_times(seen: Latency | None) -> str | None:
    """p50/p95/p99 121/340/800 ms of 7 d: as observed on a day"""
    if seen is None:
        return None
    times = "/".join(millis(ms) for ms in (seen.p50_ms, seen.p95_ms, seen.p99_ms))
    return f"p50/p95/p99 {times} ms of {RECENT} d"


def error_parts(row: DayRow, width: int) -> tuple[str, ...]:
    """429s apart from other errors, where these are told apart."""
    day = row.day
    if day.throttled is None or row.other_errors is None:
        return (error_part(day.errors, row.error_ratio),)
    if width < ROOMY:
        return f"429 {exact(day.throttled)}", f"other {exact(row.other_errors)}"
    refused = f"{exact(day.throttled)} refused, 429 ({percent(ratio(day.throttled, day.requests))})"
    others = ratio(row.other_errors, day.requests)
    return refused, f"{exact(row.other_errors)} other err ({percent(others)})"
