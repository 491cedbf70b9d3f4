"""When a window's 429s came, at which hours of the day none did, and which limit refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from socd_tui.analysis.budget import NEAR_SHARE, Budget, Budgets
from socd_tui.model.key import UNLIMITED, share_of
from socd_tui.model.record import dataclass

if TYPE_CHECKING:
    from socd_tui.analysis.hourmap import HourMap

DAY = 24
"""Hours."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How the 429s of a map lie in its hours."""

    hit: int
    """Hours with a 429."""
    begun: int
    """Hours of the window until now."""
    begun_since: int
    """Those of them from the first hit on."""
    told: int
    """Hours of which is known whether they had one."""
    least: int
    most: int
    """Of the hours that were hit, the 429s of the one with fewest, which is not the running one, and of the
    one with most."""
    first: datetime
    last: datetime
    """The first and the last hour that was hit, UTC."""
    ended: bool
    """Whether none came in the last day."""
    quiet: tuple[int, ...]
    """Hours of the day at which it is certain that none came on any day."""
    calmest: tuple[int, int] | None
    """The hour of the day with the fewest, and how many those are; None where that is not told."""

    @property
    def from_the_start(self) -> bool:
        """Whether the first came in the first day of the window."""
        return self.begun - self.begun_since < DAY

    @property
    def every_hour(self) -> bool:
        """Whether each hour had one since the first."""
        return self.hit == (self.begun if self.from_the_start else self.begun_since)

    @property
    def whole(self) -> bool:
        """Whether each hour until now is told."""
        return self.told >= self.begun


def spread(hours: HourMap, zone: tzinfo) -> Spread | None:
    """None where no hour is known to have been hit; hours of the day are those of the zone."""
    hit = {hour: n for hour, n in hours.known.items() if n}
    if not hit:
        return None
    by_hour: dict[int, int | None] = {}
    for hour in hours.begun:
        x = hour.astimezone(zone).hour
        n, before = hours.known.get(hour), by_hour.get(x, 0)
        by_hour[x] = None if n is None or before is None else before + n
    told = [(n, x) for x, n in by_hour.items() if n is not None]
    fewest = min(told, default=None)
    first, last = min(hit), max(hit)
    return Spread(
        hit=len(hit),
        begun=len(hours.begun),
        begun_since=sum(hour >= first for hour in hours.begun),
        told=len(hours.known),
        least=min([n for hour, n in hit.items() if hour != hours.begun[-1]] or hit.values()),
        most=max(hit.values()),
        first=first,
        last=last,
        ended=hours.begun[-1] - last >= timedelta(hours=DAY),
        quiet=tuple(sorted(x for n, x in told if not n)),
        calmest=(fewest[1], fewest[0]) if fewest else None,
    )


def spans(hours: Sequence[int]) -> list[tuple[int, int]]:
    """Hours of the day as spans, each its first and its last; the longest first. They go round midnight."""
    found: list[tuple[int, int]] = []
    for hour in sorted(hours):
        if found and found[-1][1] == hour - 1:
            found[-1] = (found[-1][0], hour)
        else:
            found.append((hour, hour))
    if len(found) > 1 and (found[0][0], found[-1][1]) == (0, 23):
        found = [(found[-1][0], found[0][1]), *found[1:-1]]
    return sorted(found, key=lambda span: (-((span[1] - span[0]) % 24), span[0]))


@dataclass(frozen=True)
class Refusal:
    """Which limits a key's high-water marks reached in a window with 429s; each as "minute" or "day"."""

    reached: tuple[tuple[str, Budget], ...]
    below: tuple[tuple[str, Budget], ...]
    """Those that stayed under their limit."""
    untold: tuple[str, ...]
    """Of which nobody knows; a key without a limit is in none of the three."""

    @property
    def near(self) -> bool:
        """Whether one that stayed below came near."""
        return any((budget.peak_ratio or 0) >= NEAR_SHARE for _, budget in self.below)


def refusal(limits: Budgets) -> Refusal:
    """Which limits were reached, by the peaks that the service counts."""
    reached: list[tuple[str, Budget]] = []
    below: list[tuple[str, Budget]] = []
    untold: list[str] = []
    for name, budget in (("minute", limits.minute), ("day", limits.day)):
        share = share_of(budget.limit, budget.peak)
        if share is not None:
            (reached if share >= 1 else below).append((name, budget))
        elif budget.limit != UNLIMITED:
            untold.append(name)
    return Refusal(tuple(reached), tuple(below), tuple(untold))
