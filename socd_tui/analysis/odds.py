"""How likely a key reaches its day cap, in words."""

from __future__ import annotations

from math import log

from socd_tui.analysis.forecast import Forecast

FRACTIONS = (
    (1, 10),
    (1, 8),
    (1, 6),
    (1, 5),
    (1, 4),
    (1, 3),
    (2, 5),
    (1, 2),
    (3, 5),
    (2, 3),
    (3, 4),
    (4, 5),
    (9, 10),
)
"""Chances as people say them."""
CERTAIN = 0.95
"""The chance from which nobody says that it may come otherwise."""


def prospect(forecast: Forecast) -> str:
    """about 1 in 3 within 30 days; not within 30 days; with few days behind it a guess"""
    within = f"within {forecast.horizon} day{'' if forecast.horizon == 1 else 's'}"
    if forecast.unlikely:
        words = f"not {within}"
    elif forecast.chance >= CERTAIN:
        words = f"almost certain {within}"
    else:
        words = f"about {odds(forecast.chance)} {within}"
    return f"{words} (a guess)" if forecast.guess else words


def odds(chance: float) -> str:
    """1 in 3: the fraction whose odds are nearest to those of the chance, which lies between 0 and 1."""

    def distance(fraction: tuple[int, int]) -> float:
        part, of = fraction
        return abs(log(chance / (1 - chance)) - log(part / (of - part)))

    return "{} in {}".format(*min(FRACTIONS, key=distance))
