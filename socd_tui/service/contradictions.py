"""Figures of one usage answer that cannot all be true, each told with both figures.

None of them is corrected: which one is wrong is not known here. Only a whole list can contradict a total, so
a list with an unknown count in it says nothing, and one that is documented as the top of a longer one
(endpoints, hours of 429s) only when it holds more than the total.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import pairwise
from operator import gt
from typing import Any, TypeVar

from socd_tui.model.text import Text, counted
from socd_tui.model.usage import Usage, day_columns, endpoint_columns, hour_columns
from socd_tui.model.window import Window

T = TypeVar("T")

MOST = 3
"""Days or endpoints that are named one by one; of more their number is told."""


def contradictions(usage: Usage, failed: int | None, classes: dict[int, int]) -> list[str]:
    """A sentence for each disagreement.

    `failed` is 4xx + 5xx as sent, `classes` are the requests by class of a complete list of status codes.
    """
    said: list[str] = []
    total, throttled, successful = usage.requests, usage.throttled, usage.successful
    client_errors, server_errors = usage.client_errors, usage.server_errors
    errors = failed if failed is not None else usage.failed
    if usage.days is not None:
        ordinals, on_days, errors_on_days, _ = day_columns(usage.days)
        said += _days(ordinals, on_days, "requests", usage.window, total)
    if usage.statuses is not None and not classes:  # those of a complete list add up
        said += _apart("the status codes add up to {} requests", sum(usage.statuses.values()), total)
    if classes:
        says = "the answer says {}"
        said += _apart("the status codes hold {} successful", classes[2], successful, says)
        said += _apart("the status codes hold {} client errors", classes[4], client_errors, says)
        said += _apart("the status codes hold {} server errors", classes[5], server_errors, says)
    if successful is not None and errors is not None:
        said += _apart("successful and failed requests add up to {}", successful + errors, total)
    if client_errors is not None and server_errors is not None:
        both = client_errors + server_errors
        said += _apart("client and server errors add up to {}", both, failed, "failed requests are {}")
    if usage.endpoints is not None:
        paths, requests, of_paths, _, refused = endpoint_columns(usage.endpoints)
        said += _beyond("the endpoints add up to {}", sum(requests), total)
    if usage.hours is not None:
        said += _beyond("the hours of 429s add up to {}", sum(hour_columns(usage.hours)[1]), throttled)
    if usage.throttled_by_endpoint:
        hits = sum(count for _, count in usage.throttled_by_endpoint)
        said += _beyond("the 429s by endpoint add up to {}", hits, throttled)
    said += _beyond("{} requests were throttled", throttled, client_errors, "client errors are {}")
    if usage.days is not None:
        too_many = _too_many("error", errors_on_days, on_days, ordinals, date.fromordinal)
        said += _named("days", too_many)
    if usage.endpoints is not None:
        too_many = _too_many("error", of_paths, requests, paths, Text)
        said += _named("endpoints", too_many + _too_many("429", refused, requests, paths, Text))
    marks = (("p50", usage.p50_ms), ("p95", usage.p95_ms), ("p99", usage.p99_ms))
    known = [(name, ms) for name, ms in marks if ms is not None]
    for (lower, lower_ms), (upper, upper_ms) in pairwise(known):
        if lower_ms > upper_ms:
            said.append(f"{lower} is {lower_ms:,} ms, above {upper} of {upper_ms:,} ms")
    if usage.days is not None:
        said += _days(ordinals, errors_on_days, "errors", usage.window, errors)
    return said


def _days(
    ordinals: Sequence[int], counts: Sequence[Any], what: str, window: Window, total: int | None
) -> Sequence[str]:
    """The counts of the daily rows, those of the window at least, beside its total."""
    if total is None or _agrees(counts, total, window.days):
        return ()
    first, last = window.start.toordinal(), window.end.toordinal()
    inside = [count for on, count in zip(ordinals, counts, strict=True) if first <= on <= last]
    # Where most dates have no row, the rows are an excerpt: they can only be too many.
    excerpt = 2 * len(inside) < window.days and _sum(inside) <= total
    if excerpt or _agrees(inside, total, window.days):
        return ()
    word = "day adds" if len(inside) == 1 else "days add"
    return _apart(f"the {len(inside)} {word} up to {{}} {what}", _sum(inside), total)


def _agrees(counts: Sequence[Any], total: int, days: int) -> bool:
    """Whether the rows may make the total; N days of 24 hours touch N + 1 dates, the first only in part."""
    try:
        most: int = sum(counts)
    except TypeError:  # one is unknown
        return True
    return most == total or (len(counts) == days + 1 and most - counts[0] <= total < most)


def _too_many(
    noun: str,
    parts: Sequence[Any],
    wholes: Sequence[Any],
    rows: Iterable[T],
    shown: Callable[[T], date | Text],
) -> list[str]:
    """A sentence for each row with more of these than requests."""
    try:
        if not any(parts) or not any(map(gt, parts, wholes)):
            return []
    except TypeError:  # one is unknown
        pass
    return [
        f"{shown(row)} has {counted(part, noun)} of {counted(of, 'request')}"
        for row, part, of in zip(rows, parts, wholes, strict=True)
        if part is not None and of is not None and part > of
    ]


def _named(rows: str, wrong: Sequence[str]) -> Sequence[str]:
    """The first of these sentences, and of more their number."""
    if len(wrong) <= MOST:
        return wrong
    return (*wrong[:MOST], f"{len(wrong) - MOST} more {rows} have more errors than requests")


def _apart(sentence: str, count: int, other: int | None, beside: str = "the total says {}") -> Sequence[str]:
    """Both figures, when they are not the same."""
    if other is None or count == other:
        return ()
    return (f"{sentence.format(f'{count:,}')}, {beside.format(f'{other:,}')}",)


def _beyond(
    sentence: str, count: int | None, most: int | None, beside: str = "the total says {}"
) -> Sequence[str]:
    """Both figures, when the first is the larger one."""
    if count is None or most is None or count <= most:
        return ()
    return _apart(sentence, count, most, beside)


def _sum(counts: Iterable[int | None]) -> int:
    return sum(count or 0 for count in counts)
