"""How a key is used: what is requested with it on one day, and at which hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from socd_tui.model.record import dataclass, field

OFFICE = (1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 14, 12, 11, 13, 14, 13, 10, 7, 5, 3, 2, 2, 1, 1)
"""Relative traffic by UTC hour of a system that follows office hours and never stops."""

DAYTIME = (0,) * 8 + (6, 8, 8, 7, 3, 7, 8, 8, 6, 2) + (0,) * 6
"""The same of one person: nothing at night."""

STEADY = (10,) * 24
"""The same of a machine that polls at regular intervals."""


@dataclass(frozen=True)
class Route:
    """One endpoint's part in a day.

    `share` is its part of all requests, `typical_ms` its usual response time, `other` the part of its
    answers with each status that is not 200.
    """

    path: str
    share: float
    typical_ms: float
    other: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Habit:
    """A usual day: how many requests, to which endpoints, and when.

    `hours` are relative weights of the 24 UTC hours, `throttled_hours` those of the 429 answers.
    """

    requests: float
    routes: tuple[Route, ...]
    hours: tuple[int, ...] = OFFICE
    throttled_hours: tuple[int, ...] = STEADY


Story = Callable[[int, bool], Habit | None]
"""(days since the demo began, negative for the past; whether it is a weekend) → that day's habit.

None: the key makes no requests on that day.
"""
