"""Middle and spread that a few wild days cannot move, for what a key usually does.

A mean follows one runaway day anywhere; a median stays until half of its values are wild.
"""

from __future__ import annotations

from collections.abc import Sequence

NORMAL = 1.4826
"""1 / Φ⁻¹(3/4): makes a median absolute deviation the standard deviation of normal data."""


def median(values: Sequence[float]) -> float:
    """The middle of at least one value; of an even number the mean of the middle two."""
    return quantile(values, 0.5)


def spread(values: Sequence[float]) -> float:
    """The standard deviation as the usual values have it: 1.4826 × median absolute deviation.

    Hampel, 1974; Rousseeuw & Croux, 1993. It is 0 when more than half of the values are the same.
    """
    middle = median(values)
    return NORMAL * median([abs(value - middle) for value in values])


def quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of at least one value lie below: Hyndman & Fan, 1996, type 7.

    Linear between neighbours, as in R and NumPy.
    """
    return quantile_of_ordered(sorted(values), share)


def quantile_of_ordered(ordered: Sequence[float], share: float) -> float:
    """The same of values that ascend."""
    place = share * (len(ordered) - 1)
    below = min(int(place), len(ordered) - 1)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
