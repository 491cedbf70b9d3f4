"""Who made the growth: the increase over the window before, split over keys and endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from socd_tui.analysis.compare import Change, previous
from socd_tui.analysis.totals import add, combine
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.text import Text
from socd_tui.model.usage import Endpoint, Usage


@dataclass(frozen=True)
class Contribution:
    """What one endpoint of one key added, and its share of all that was added."""

    key: ApiKey
    path: Text
    change: Change
    share: float


@dataclass(frozen=True)
class Growth:
    """The requests of these keys beside the window before, and what increased, most first.

    `parts` is empty when nothing increased or nothing is comparable.
    """

    whole: Change
    parts: tuple[Contribution, ...]


def increase(changes: Iterable[Change | None]) -> int:
    """The sum of all increases, without what shrank: what growth shares are of, so that they add up to 1."""
    return sum(max(change.difference or 0, 0) for change in changes if change)


def growth_share(change: Change | None, increased: int) -> float | None:
    """An increase ÷ all increases of its kind; None for what did not grow."""
    if change is None or not change.difference or change.difference < 0:
        return None
    return change.difference / increased


def growth(fleet: Fleet, keys: Sequence[ApiKey], days: int) -> Growth:
    """The growth of these keys together, by key and endpoint."""
    answered = [(key, usage) for key in keys if (usage := fleet.usage(key.id, days))]
    requests = add(usage.requests for _, usage in answered) if answered else None
    changes = [
        (key, row.path, previous(fleet, [key], days).endpoint(row.path, row.requests))
        for key, usage in answered
        for row in _endpoints(usage)
    ]
    increased = increase(change for *_, change in changes)
    parts = [
        Contribution(key, path, change, share)
        for key, path, change in changes
        if (share := growth_share(change, increased)) is not None
    ]
    whole = previous(fleet, keys, days).change("requests", requests)
    return Growth(whole, tuple(sorted(parts, key=lambda part: -part.share)))


def _endpoints(usage: Usage) -> tuple[Endpoint, ...]:
    merged = combine([usage])  # a path listed twice is one path
    return (merged.endpoints if merged else None) or ()
