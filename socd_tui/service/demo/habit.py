"""How the owner of a key uses it: what it asks for on one day, and at which hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

OFFICE = (1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 14, 12, 11, 13, 14, 13, 10, 7, 5, 3, 2, 2, 1, 1)
"""Relative traffic by UTC hour where people's work makes it."""

DAYTIME = (0,) * 8 + (6, 8, 8, 7, 3, 7, 8, 8, 6, 2) + (0,) * 6
"""A person at a desk, nobody at night."""

STEADY = (10,) * 24
"""A machine that polls by the clock."""


@dataclass(frozen=True)
class Route:
    """One endpoint's part in a day. `other` is the share of answers by status that is not 200."""

    path: str
    share: float
    typical_ms: float
    other: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Habit:
    """A day as it is usually lived: requests asked for, where they go and when.

    `hours` are relative weights of the 24 UTC hours, `throttled_hours` those of the 429 answers.
    """

    requests: float
    routes: tuple[Route, ...]
    hours: tuple[int, ...] = OFFICE
    throttled_hours: tuple[int, ...] = STEADY


Story = Callable[[int, bool], Habit | None]
"""(days since the demo began, negative for the past; whether it is a weekend) → that day's habit.

None: the key does nothing on that day.
"""
