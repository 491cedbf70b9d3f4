"""How likely some day ahead reaches a limit.

The constants were chosen on real days: tests/benchmarks/real.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import erf, log1p, prod, sqrt

MAXIMA = 12
"""Newest weeks whose busiest days are compared with the limit."""
HALVED = 3.0
"""Weeks in which the weight of such a week halves."""
PRIOR_SPREAD = 0.4
"""Spread of the logarithms of weekly maxima before any is known."""
PRIOR_WEEKS = 2.0
"""How many weeks that prior spread counts as."""
APART = 0.7
"""How many of the weeks ahead count as independent, as busy weeks come together."""
CAUTION = 0.75
"""Power to which the odds are raised: without it of the chances near 1 in 10 one in seven comes true."""
EDGE = 1.2816
"""Standard deviations of a normal distribution above which a tenth of it lies."""

Ahead = tuple[float, float]
"""The middle and the upper edge of a day's 80 % band, in requests."""


def chance_to_reach(limit: int, counts: Sequence[int], ahead: Sequence[Ahead]) -> float:
    """The chance, 0 to 1, that some day ahead asks for `limit` requests or more.

    `counts` are the requests of full days, the newest last. The mean of two chances, of which one knows how
    the busiest days of weeks vary, and the other how busy each day ahead is, comes closer to what happened on
    real days than either, and closer still when its odds are moved towards even.
    """
    chance = (_by_weekly_maxima(limit, counts, len(ahead)) + _by_bands(limit, ahead)) / 2
    odds: float = chance**CAUTION
    against: float = (1 - chance) ** CAUTION
    return odds / (odds + against)


def _by_weekly_maxima(limit: int, counts: Sequence[int], horizon: int) -> float:
    """The chance as the busiest days of past weeks have it.

    The logarithms of the maxima are taken as normal with an unknown mean and variance, newer ones weigh more,
    and the variance is drawn to a prior one, so that the next maximum has a Student's t distribution (Gelman
    et al., Bayesian Data Analysis, 3.3).
    """
    ends = range(len(counts), max(len(counts) - 7 * MAXIMA, 6), -7)
    logs = [log1p(max(counts[end - 7 : end])) for end in ends] or [log1p(max(counts))]
    weights = [0.5 ** (age / HALVED) for age in range(len(logs))]
    total = sum(weights)
    n = total**2 / sum(weight**2 for weight in weights)
    mean = sum(weight * each for weight, each in zip(weights, logs, strict=True)) / total
    squares = sum(weight * (each - mean) ** 2 for weight, each in zip(weights, logs, strict=True)) / total
    freedom = PRIOR_WEEKS + n - 1
    variance = (PRIOR_WEEKS * PRIOR_SPREAD**2 + n * squares) / freedom
    below = _student((log1p(limit) - mean) / sqrt(variance * (1 + 1 / n)), freedom + 2)
    never: float = below ** (APART * horizon / 7)
    return 1 - never


def _by_bands(limit: int, ahead: Sequence[Ahead]) -> float:
    """The chance where each day is normal about its middle with a tenth of it above the upper edge.

    As busy days come together, the days count as half as many.
    """
    below = prod(_below(limit - middle, (high - middle) / EDGE) for middle, high in ahead)
    return 1 - sqrt(below)


def _below(distance: float, sigma: float) -> float:
    """The chance that a normal value lies less than `distance` above its mean."""
    if sigma <= 0:
        return float(distance > 0)
    return (1 + erf(distance / sigma / sqrt(2))) / 2


def _student(value: float, freedom: float) -> float:
    """Student's t distribution, by the normal one (Abramowitz & Stegun, 26.7.8): off by 0.004 at most."""
    return _below(value * (1 - 1 / (4 * freedom)), sqrt(1 + value**2 / (2 * freedom)))
