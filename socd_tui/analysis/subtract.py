"""What a longer window holds besides a shorter one that ends with it.

A figure that the subtraction does not give is unknown, with the reason. Response times cannot be subtracted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeVar

from socd_tui.analysis.totals import by_path
from socd_tui.model.record import dataclass, field
from socd_tui.model.text import Text
from socd_tui.model.usage import COUNTS, Endpoint, Usage
from socd_tui.model.window import Window

K = TypeVar("K", Text, int)

APART = timedelta(minutes=15)
"""Answers further apart than this are not of one moment, and cannot be subtracted."""

Reasons = Mapping[str | Text | int, str]
"""Why a count is unknown, by its name in `COUNTS`, path or code, or "endpoints", "statuses"; "" for all."""


@dataclass(frozen=True, eq=False)
class Rest:
    """The days of a longer window before a shorter one."""

    usage: Usage | None
    """Their counts; None where nothing of them is known."""
    reasons: Reasons = field(default_factory=dict)


def subtract(longer: Usage, now: Usage) -> Rest:
    """What the longer window holds besides the shorter one that ends with it."""
    reason = _why_not(now, longer)
    if reason:
        return Rest(None, {"": reason})
    start, end = longer.window.start, now.window.start - timedelta(days=1)
    window = Window((end - start).days + 1, start, end, longer.window.source)
    reasons: dict[str | Text | int, str] = {}
    counts: dict[str, Any] = {}
    for name in COUNTS:
        counts[name], reason = _difference(getattr(longer, name), getattr(now, name))
        if reason:
            reasons[name] = reason
    statuses, reasons_by_code = _differences(
        longer.statuses, now.statuses, complete=is_complete(now.statuses, now.requests), what="codes"
    )
    rows, reasons_by_path = _endpoints(now, longer)
    return Rest(
        Usage(
            key_id=now.key_id,
            window=window,
            fetched_at=longer.fetched_at,
            observed_at=longer.observed_at,
            dialect=longer.dialect,
            statuses=statuses,
            endpoints=rows,
            days=tuple(day for day in longer.days if day.date in window) if longer.days is not None else None,
            hours=tuple(hour for hour in longer.hours if hour.start.date() in window)
            if longer.hours is not None
            else None,
            **counts,
        ),
        {**reasons, **reasons_by_code, **reasons_by_path},
    )


def _why_not(now: Usage, longer: Usage) -> str:
    """Why these two answers cannot be subtracted at all; empty when they can."""
    if longer.window.start >= now.window.start:
        return "the longer window does not begin earlier"
    if now.window.end != longer.window.end:
        return "the two answers end on different days"
    apart = abs(longer.observed_at - now.observed_at)
    if apart > APART:
        return f"the two answers are {round(apart.total_seconds() / 60)} min apart"
    return ""


def _difference(longer: int | None, now: int | None) -> tuple[int | None, str]:
    """The difference, or why there is none."""
    if longer is None or now is None:
        return None, "the service did not say"
    if longer < now:
        return None, f"the longer window counts fewer ({longer:,} < {now:,})"
    return longer - now, ""


def is_complete(counts: Mapping[K, int] | None, requests: int | None) -> bool:
    """Whether the list accounts for every request, so that what is not in it is zero."""
    return counts is not None and requests is not None and sum(counts.values()) == requests


def _differences(
    longer: Mapping[K, int] | None, now: Mapping[K, int] | None, *, complete: bool, what: str
) -> tuple[dict[K, int] | None, dict[str | Text | int, str]]:
    """Each count of the longer list less that of the shorter, and of the others the reason why not.

    `complete`: what the shorter list leaves out is zero.
    """
    if longer is None or now is None:
        return None, {"statuses" if what == "codes" else what: f"the service sent no {what}"}
    differences: dict[K, int] = {}
    reasons: dict[str | Text | int, str] = {}
    for item in {**now, **longer}:
        if item not in longer:
            reasons[item] = f"the longer window's {what} leave it out"
        elif item not in now and not complete:
            reasons[item] = f"this window's list of {what} is cut short"
        else:
            difference, reason = _difference(longer[item], now.get(item, 0))
            if difference is None:
                reasons[item] = reason
            else:
                differences[item] = difference
    return differences, reasons


def _endpoints(now: Usage, longer: Usage) -> tuple[tuple[Endpoint, ...] | None, dict[str | Text | int, str]]:
    counts = by_path(now)
    requests, reasons = _differences(
        by_path(longer), counts, complete=is_complete(counts, now.requests), what="endpoints"
    )
    if requests is None:
        return None, reasons
    return tuple(Endpoint(path=path, requests=count) for path, count in requests.items()), reasons
