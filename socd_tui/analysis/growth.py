"""What made the growth: the increase over the window before, by key and endpoint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from socd_tui.analysis.compare import Change
from socd_tui.analysis.known import Known
from socd_tui.analysis.totals import by_path
from socd_tui.model.key import ApiKey
from socd_tui.model.record import dataclass
from socd_tui.model.text import Text


@dataclass(frozen=True)
class Contribution:
    """The change of one endpoint of one key, and its share (0 to 1) of all increases."""

    key: ApiKey
    path: Text
    change: Change
    share: float


@dataclass(frozen=True)
class Growth:
    """The change of some keys' requests since the window before."""

    total: Change
    parts: tuple[Contribution, ...]
    """What increased, most first; empty when nothing did or something is not comparable."""


def increase(changes: Iterable[Change | None]) -> int:
    """The sum of all increases, without decreases: growth shares are of it, so that they add up to 1."""
    return sum(max(change.difference or 0, 0) for change in changes if change)


def growth_share(change: Change | None, increased: int | None) -> float | None:
    """An increase ÷ all increases; None for what did not grow, or where some changes are not comparable."""
    if change is None or not change.difference or change.difference < 0 or not increased:
        return None
    return change.difference / increased


def growth(known: Known, keys: Sequence[ApiKey]) -> Growth:
    """The growth of these keys together, by key and endpoint.

    Shares are of the endpoints' increases, or of the keys' where these are more: the lists of endpoints may
    be cut short.
    """
    answered = [(key, usage, known.before([key])) for key, usage in known.answered(keys)]
    total = known.before(keys).change("requests")
    by_key = [before.change("requests") for _, _, before in answered]
    if not all(change.comparable for change in by_key):
        return Growth(total, ())
    changes = [
        (key, path, before.endpoint(path)) for key, usage, before in answered for path in by_path(usage) or {}
    ]
    increased = max(increase(by_key), increase(change for *_, change in changes))
    parts = [
        Contribution(key, path, change, share)
        for key, path, change in changes
        if (share := growth_share(change, increased)) is not None
    ]
    return Growth(total, tuple(sorted(parts, key=lambda part: -part.share)))
