"""Response times that can be summed over days: log-spaced levels, and how times scatter around one.

A day keeps only how many requests ran at which level. These counts can be added over days and endpoints,
so the percentiles of all windows agree with each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import erf, exp, log, sqrt

from socd_tui.model.record import dataclass

STEP = log(1.08)
"""Distance of two levels, as a logarithm: 8 %, less than the variation from day to day."""

SIGMA = 0.7
"""Standard deviation of ln(ms); fits the documentation's p50, p95 and p99 of 195, 612 and 1,240 ms."""

REACH = 30
"""Levels that the scatter covers to each side: 3.3 sigma."""


@dataclass(frozen=True)
class ResponseTimes:
    """Average and percentiles, in ms, over all requests of a window."""

    avg: float
    p50: float
    p95: float
    p99: float


def level_of(ms: float) -> int:
    """The level whose median is nearest to `ms`."""
    return round(log(ms) / STEP)


def summarise(requests: Mapping[int, int]) -> ResponseTimes | None:
    """Average and percentiles from requests by level; None without requests."""
    if not sum(requests.values()):
        return None
    histogram: dict[int, float] = {}
    for level, count in requests.items():
        for distance, share in _SCATTER:
            scattered = level + distance
            histogram[scattered] = histogram.get(scattered, 0.0) + count * share
    total, ascending = sum(histogram.values()), sorted(histogram.items())
    return ResponseTimes(
        mean(requests), *(_percentile(ascending, fraction * total) for fraction in (0.50, 0.95, 0.99))
    )


def mean(requests: Mapping[int, int]) -> float:
    """Average ms from requests by level. Raises ZeroDivisionError without requests."""
    total_ms = sum(count * exp(level * STEP) for level, count in requests.items())
    return total_ms * _MEAN_OVER_MEDIAN / sum(requests.values())


def _percentile(histogram: Iterable[tuple[int, float]], rank: float) -> float:
    """The ms of the request of this rank, interpolated within a level; levels and their weights ascend."""
    below = 0.0
    level = 0
    for level, weight in histogram:
        if below + weight >= rank:
            return exp((level - 0.5 + (rank - below) / weight) * STEP)
        below += weight
    return exp((level + 0.5) * STEP)


def _scatter() -> tuple[tuple[int, float], ...]:
    """(distance in levels, share of the requests that far from their level), from a normal distribution."""

    def below(levels: float) -> float:
        return (1 + erf(levels * STEP / SIGMA / sqrt(2))) / 2

    inside = below(REACH + 0.5) - below(-REACH - 0.5)
    return tuple((k, (below(k + 0.5) - below(k - 0.5)) / inside) for k in range(-REACH, REACH + 1))


_SCATTER = _scatter()
_MEAN_OVER_MEDIAN = sum(share * exp(distance * STEP) for distance, share in _SCATTER)
