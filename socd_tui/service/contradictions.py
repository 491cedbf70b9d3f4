"""Figures of one usage answer that cannot all be true, each told with both figures.

None of them is corrected: which one is wrong is not known here. Only a whole list can contradict a total, so
a list with an unknown count in it says nothing, and one that is documented as the top of a longer one
(endpoints, hours of 429s) only when it holds more than the total.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from operator import gt
from typing import Any, TypeVar

from socd_tui.model.in_columns import all_known
from socd_tui.model.text import Text, counted
from socd_tui.model.usage import Usage, day_columns, endpoint_columns, hour_columns

T = TypeVar("T")

MOST = 3
"""Days or endpoints that are named one by one; of more their number is told."""


def contradictions(usage: Usage, failed: int | None, classes: dict[int, int]) -> Iterator[str]:
    """A sentence for each disagreement.

    `failed` is 4xx + 5xx as sent, `classes` are the requests by class of a complete list of status codes.
    """
    total, throttled = usage.requests, usage.throttled
    ordinals, requests, errors_, _ = day_columns(usage.days or ())
    paths, endpoint_requests, endpoint_errors, _, refused = endpoint_columns(usage.endpoints or ())
    yield from _days(usage, "requests", requests, total)
    if usage.statuses is not None:
        yield from _apart("the status codes add up to {} requests", sum(usage.statuses.values()), total)
    for family, name, sent in (
        (2, "successful", usage.successful),
        (4, "client errors", usage.client_errors),
        (5, "server errors", usage.server_errors),
    ):
        if family in classes:
            yield from _apart("the status codes hold {} " + name, classes[family], sent, "the answer says {}")
    sides = usage.successful, failed if failed is not None else usage.failed
    if None not in sides:
        yield from _apart("successful and failed requests add up to {}", _sum(sides), total)
    if failed is not None and None not in (usage.client_errors, usage.server_errors):
        errors = _sum((usage.client_errors, usage.server_errors))
        yield from _apart("client and server errors add up to {}", errors, failed, "failed requests are {}")
    for name, rows, most in (
        ("endpoints", endpoint_requests, total),
        ("hours of 429s", hour_columns(usage.hours or ())[1], throttled),
        ("429s by endpoint", [count for _, count in usage.throttled_by_endpoint or ()], throttled),
    ):
        yield from _beyond(f"the {name} add up to {{}}", sum(rows), most)
    yield from _beyond("{} requests were throttled", throttled, usage.client_errors, "client errors are {}")
    yield from _named("days", _too_many("error", errors_, requests, ordinals, date.fromordinal))
    wrong = _too_many("error", endpoint_errors, endpoint_requests, paths, Text)
    yield from _named("endpoints", wrong + _too_many("429", refused, endpoint_requests, paths, Text))
    marks = (("p50", usage.p50_ms), ("p95", usage.p95_ms), ("p99", usage.p99_ms))
    known = [(name, ms) for name, ms in marks if ms is not None]
    for (lower, lower_ms), (upper, upper_ms) in pairwise(known):
        if lower_ms > upper_ms:
            yield f"{lower} is {lower_ms:,} ms, above {upper} of {upper_ms:,} ms"
    yield from _days(usage, "errors", errors_, sides[1])


def _days(usage: Usage, what: str, counts: Sequence[int | None], total: int | None) -> Sequence[str]:
    """The counts of the daily rows, those of the window at least, beside its total."""
    days, window = usage.days, usage.window
    if days is None or _agrees(counts, total, usage):
        return ()
    inside = [count for day, count in zip(days, counts, strict=True) if day.date in window]
    # Where most dates have no row, the rows are an excerpt: they can only be too many.
    excerpt = 2 * len(inside) < window.days and _sum(inside) <= (total or 0)
    if excerpt or _agrees(inside, total, usage):
        return ()
    word = "day adds" if len(inside) == 1 else "days add"
    return _apart(f"the {len(inside)} {word} up to {{}} {what}", _sum(inside), total)


def _agrees(counts: Sequence[Any], total: int | None, usage: Usage) -> bool:
    """Whether the rows may make the total; N days of 24 hours touch N + 1 dates, the first only in part."""
    if total is None or not all_known(counts):
        return True
    most: int = sum(counts)
    least: int = most - counts[0] if len(counts) == usage.window.days + 1 else most
    return least <= total <= most


def _too_many(
    noun: str,
    parts: Sequence[Any],
    wholes: Sequence[Any],
    rows: Iterable[T],
    shown: Callable[[T], date | Text],
) -> list[str]:
    """A sentence for each row with more of these than requests."""
    if not any(parts) or (all_known(parts) and all_known(wholes) and not any(map(gt, parts, wholes))):
        return []
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
