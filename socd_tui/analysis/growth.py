"""Who made the growth: the increase over the window before, split over keys and endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from socd_tui.analysis.compare import Change, previous
from socd_tui.analysis.totals import add, by_path
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.text import Text


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

    `parts` is empty when nothing increased or something is not comparable.
    """

    whole: Change
    parts: tuple[Contribution, ...]


def increase(changes: Iterable[Change | None]) -> int:
    """The sum of all increases, without what shrank: what growth shares are of, so that they add up to 1."""
    return sum(max(change.difference or 0, 0) for change in changes if change)


def growth_share(change: Change | None, increased: int | None) -> float | None:
    """An increase ÷ all increases of its kind; None for what did not grow, or where not all is known."""
    if change is None or not change.difference or change.difference < 0 or not increased:
        return None
    return change.difference / increased


def growth(fleet: Fleet, keys: Sequence[ApiKey], days: int) -> Growth:
    """The growth of these keys together, by key and endpoint.

    What the lists of endpoints leave out grew too: shares are of the keys' increases where these are more.
    """
    answered = [(key, usage) for key in keys if (usage := fleet.usage(key.id, days))]
    requests = add(usage.requests for _, usage in answered) if answered else None
    whole = previous(fleet, keys, days).change("requests", requests)
    by_key = [previous(fleet, [key], days).change("requests", usage.requests) for key, usage in answered]
    if not all(change.comparable for change in by_key):
        return Growth(whole, ())
    changes = [
        (key, path, previous(fleet, [key], days).endpoint(path, requests))
        for key, usage in answered
        for path, requests in (by_path(usage) or {}).items()
    ]
    increased = max(increase(by_key), increase(change for *_, change in changes))
    parts = [
        Contribution(key, path, change, share)
        for key, path, change in changes
        if (share := growth_share(change, increased)) is not None
    ]
    return Growth(whole, tuple(sorted(parts, key=lambda part: -part.share)))
