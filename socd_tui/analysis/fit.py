"""The level of each weekday of daily counts, and how far days lie from it: what a forecast goes on with.

The constants were chosen on real days: tests/benchmarks/real.py.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import sqrt

from socd_tui.analysis.robust import median, quantile_of_ordered
from socd_tui.model.record import dataclass

LEAST_FULL_DAYS = 5
"""Fewest full days for a forecast: two future days in three lie between the extremes of five."""
WEEKLY_FROM = 14
"""Full days from which each weekday has a level of its own, with two days each."""
FITTED = 28
"""Days back that are fitted, four of each weekday."""
DRIFT = 0.03
"""Share of the next day's variance that each day of distance adds."""
TAIL = 0.1
"""Share of days expected on either side of the band."""
Point = tuple[int, int]
"""(day ordinal, requests); an ordinal modulo 7 is a weekday."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """The level of each weekday, or one level for all days, and how far days lie from it."""

    model: str
    levels: list[float]
    """Requests."""
    last: int
    """The newest fitted day."""
    shares: tuple[float, float]
    """How far the edges of the next day's band lie above the middle, as shares of it."""
    quiet: float
    """The upper edge where the middle is 0, where a share of it would be 0 too."""

    def at(self, day: int) -> tuple[float, float, float]:
        """The lower edge, the middle and the upper edge of a day, in requests.

        The edges widen as the level drifts: the variance of a random walk grows by the same each day.
        """
        middle = self.levels[day % len(self.levels)]
        if middle <= 0:
            return 0.0, 0.0, self.quiet
        wide = sqrt(1 + DRIFT * max(day - self.last, 0))
        low, high = self.shares
        return (
            min(max(0.0, middle * (1 + low * wide)), middle),
            middle,
            max(middle, middle * (1 + high * wide)),
        )


def fitted(points: Sequence[Point]) -> Fit | None:
    """The model of the recent points; None for too few.

    Its band is the jackknife's: leave-one-out residuals around the fit to all points (Barber, Candès, Ramdas
    & Tibshirani, 2021).
    """
    points = recent(points)
    if len(points) < LEAST_FULL_DAYS:
        return None
    period = 7 if len(points) >= WEEKLY_FROM else 1
    columns: list[list[int]] = [[] for _ in range(period)]
    for day, count in points:
        columns[day % period].append(count)
    for column in columns:
        column.sort()
    usual = median([count for _, count in points])
    levels = [quantile_of_ordered(column, 0.5) if column else usual for column in columns]
    shares: list[float] = []
    quiet: list[int] = []
    for level, column in zip(levels, columns, strict=True):
        if len(column) < 2:
            continue
        if level > 0:
            shares += [(count - _middle_without(column, rank)) / level for rank, count in enumerate(column)]
        else:
            quiet += column
    return Fit(
        model=f"{'median' if period == 1 else 'weekday medians'} of {len(points)} days",
        levels=levels,
        last=points[-1][0],
        shares=_edges(shares),
        quiet=_edges(quiet)[1],
    )


def _middle_without(ordered: Sequence[int], rank: int) -> float:
    """The median of the others, looked up in the sorted list: sorting again for each day would be slow."""
    below, above = (len(ordered) - 2) // 2, (len(ordered) - 1) // 2
    return (ordered[below + (below >= rank)] + ordered[above + (above >= rank)]) / 2


def recent(points: Sequence[Point]) -> Sequence[Point]:
    """Those that are fitted; they ascend."""
    return points[bisect_right(points, points[-1][0] - FITTED, key=_day) :] if points else ()


def until(points: Sequence[Point], day: int) -> Sequence[Point]:
    """Those up to that day, itself included."""
    return points[: bisect_right(points, day, key=_day)]


def _day(point: Point) -> int:
    return point[0]


def _edges(values: Sequence[float]) -> tuple[float, float]:
    """The quantiles that leave TAIL of future values outside on either side.

    Of n past values and a future one each rank is as likely, hence p(n + 1) (Weibull, 1939; Hyndman &
    Fan's type 6) as a share for type 7; few values give their smallest and largest.
    """
    if not values:
        return 0.0, 0.0
    n = len(values)
    tail = max(0.0, TAIL * (n + 1) - 1) / max(n - 1, 1)
    ordered = sorted(values)
    return quantile_of_ordered(ordered, tail), quantile_of_ordered(ordered, 1 - tail)
