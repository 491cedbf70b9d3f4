"""Response times that can be added up: a ladder of log-spaced levels, and how times scatter around one.

A day keeps only how many requests ran at which level. Those counts add over days and endpoints, so the
percentiles of any window come from the same facts as those of any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import erf, exp, log, sqrt

STEP = log(1.08)
"""Distance of two levels on the log axis: 8 %, finer than the day-to-day noise."""

SIGMA = 0.7
"""Scatter of ln(ms) around a level; fits the documentation's 195 / 612 / 1,240 ms for p50 / p95 / p99."""

REACH = 30
"""Levels the scatter covers to each side: 3.3 sigma."""


@dataclass(frozen=True)
class Latency:
    """Milliseconds over all requests of a window."""

    avg: float
    p50: float
    p95: float
    p99: float


def level_of(ms: float) -> int:
    """The level whose median is nearest to `ms`."""
    return round(log(ms) / STEP)


def summarise(requests: Mapping[int, int]) -> Latency | None:
    """Average and percentiles from requests by level; None without traffic."""
    if not sum(requests.values()):
        return None
    histogram: dict[int, float] = {}
    for level, count in requests.items():
        for distance, share in _SCATTER:
            rung = level + distance
            histogram[rung] = histogram.get(rung, 0.0) + count * share
    return Latency(
        mean(requests),
        _percentile(histogram, 0.50),
        _percentile(histogram, 0.95),
        _percentile(histogram, 0.99),
    )


def mean(requests: Mapping[int, int]) -> float:
    """Average milliseconds over requests by level, of which there must be some."""
    total_ms = sum(count * exp(level * STEP) for level, count in requests.items())
    return total_ms * _MEAN_OVER_MEDIAN / sum(requests.values())


def _percentile(histogram: Mapping[int, float], fraction: float) -> float:
    wanted = fraction * sum(histogram.values())
    passed = 0.0
    rung = 0
    for rung, weight in sorted(histogram.items()):
        if passed + weight >= wanted:
            return exp((rung - 0.5 + (wanted - passed) / weight) * STEP)
        passed += weight
    return exp((rung + 0.5) * STEP)


def _scatter() -> tuple[tuple[int, float], ...]:
    """The share of requests that lies each number of levels away from the median."""

    def below(levels: float) -> float:
        return (1 + erf(levels * STEP / SIGMA / sqrt(2))) / 2

    inside = below(REACH + 0.5) - below(-REACH - 0.5)
    return tuple((k, (below(k + 0.5) - below(k - 0.5)) / inside) for k in range(-REACH, REACH + 1))


_SCATTER = _scatter()
_MEAN_OVER_MEDIAN = sum(share * exp(distance * STEP) for distance, share in _SCATTER)
