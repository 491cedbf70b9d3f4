"""Who made the growth: the increase over the window before, split over keys and endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from socd_tui.analysis.compare import Change
from socd_tui.analysis.known import Known
from socd_tui.analysis.totals import add, by_path
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

    total: Change
    parts: tuple[Contribution, ...]


def increase(changes: Iterable[Change | None]) -> int:
    """The sum of all increases, without what shrank: what growth shares are of, so that they add up to 1."""
    return sum(max(change.difference or 0, 0) for change in changes if change)


def growth_share(change: Change | None, increased: int | None) -> float | None:
    """An increase ÷ all increases of its kind; None for what did not grow, or where not all is known."""
    if change is None or not change.difference or change.difference < 0 or not increased:
        return None
    return change.difference / increased


def growth(known: Known, keys: Sequence[ApiKey]) -> Growth:
    """The growth of these keys together, by key and endpoint.

    What the lists of endpoints leave out grew too: shares are of the keys' increases where these are more.
    """
    answered = [(key, usage, known.before([key])) for key, usage in known.answered(keys)]
    requests = add(usage.requests for _, usage, _ in answered) if answered else None
    total = known.before(keys).change("requests", requests)
    by_key = [before.change("requests", usage.requests) for _, usage, before in answered]
    if not all(change.comparable for change in by_key):
        return Growth(total, ())
    changes = [
        (key, path, before.endpoint(path, requests))
        for key, usage, before in answered
        for path, requests in (by_path(usage) or {}).items()
    ]
    increased = max(increase(by_key), increase(change for *_, change in changes))
    parts = [
        Contribution(key, path, change, share)
        for key, path, change in changes
        if (share := growth_share(change, increased)) is not None
    ]
    return Growth(total, tuple(sorted(parts, key=lambda part: -part.share)))
