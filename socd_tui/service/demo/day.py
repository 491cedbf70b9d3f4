"""One day of one key: drawn once in its final state, and how far it has come at any second.

What has been reached is a share of the final state that only grows with the clock, so today never
shows more than it will hold at midnight, and a day that is over is exactly what it was going to be.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from random import Random

from socd_tui.service.demo.habit import Habit
from socd_tui.service.demo.latency import level_of

Cell = tuple[str, int]
"""(path, status): what requests are counted by."""

DAY_S = 86_400
HOUR_S = 3_600

REFUSED = frozenset({401, 429})
"""Answers to requests turned away at the door: they are no use of the key and no part of its peaks."""

BURST = 6
"""How many times the average minute of its busiest hour a key's busiest minute holds."""


@dataclass(frozen=True)
class Pace:
    """How a count builds up over a day: the weights of the 24 hours added up, 25 numbers from 0."""

    reached: tuple[int, ...]

    def at(self, final: int, elapsed_s: int) -> int:
        """The count after so many seconds of the day: never falls, ends at `final`."""
        hour, seconds = divmod(elapsed_s, HOUR_S)
        if hour >= 24:
            return final
        done = self.reached[hour] * HOUR_S + (self.reached[hour + 1] - self.reached[hour]) * seconds
        whole = self.reached[24] * HOUR_S
        # Rounded to the nearest and in whole numbers: a lone request falls in the middle of the traffic.
        return (2 * final * done + whole) // (2 * whole)


@dataclass(frozen=True)
class DemoDay:
    """A day in its final state; `levels` are the response-time levels by path."""

    cells: Mapping[Cell, int]
    pace: Pace
    throttled_pace: Pace
    levels: Mapping[str, int]

    def counts(self, elapsed_s: int = DAY_S) -> Mapping[Cell, int]:
        """Requests by cell after so many seconds of the day; cells without any are left out."""
        if elapsed_s >= DAY_S:
            return self.cells
        reached = ((cell, self._pace(cell).at(final, elapsed_s)) for cell, final in self.cells.items())
        return {cell: count for cell, count in reached if count}

    def throttled_by_hour(self, elapsed_s: int) -> dict[int, int]:
        """429 answers by UTC hour as far as the day has come; only hours with some."""
        finals = [final for (_, status), final in self.cells.items() if status == 429]
        if not finals:
            return {}
        hours = [
            sum(self.throttled_pace.at(final, min(hour * HOUR_S, elapsed_s)) for final in finals)
            for hour in range(25)
        ]
        return {hour: end - start for hour, (start, end) in enumerate(pairwise(hours)) if end > start}

    def busiest_minute(self, limit: int, elapsed_s: int) -> int:
        """The most requests accepted in one minute so far: the limit itself once some were throttled."""
        counts = self.counts(elapsed_s)
        so_far = accepted(counts)
        if any(status == 429 for _, status in counts):
            return min(limit, so_far)
        final = accepted(self.cells)
        hours = [self.pace.at(final, min(hour * HOUR_S, elapsed_s)) for hour in range(25)]
        busiest = max(end - start for start, end in pairwise(hours))
        return min(limit, so_far, max(1, busiest * BURST // 60))

    def last_accepted_s(self, elapsed_s: int) -> int | None:
        """The second of the day of the newest accepted request so far."""

        def so_far(seconds: int) -> int:
            return accepted(self.counts(seconds))

        newest = so_far(elapsed_s)
        return bisect_left(range(elapsed_s), newest, key=so_far) if newest else None

    def _pace(self, cell: Cell) -> Pace:
        return self.throttled_pace if cell[1] == 429 else self.pace


QUIET = DemoDay({}, Pace(tuple(range(25))), Pace(tuple(range(25))), {})
"""A day on which nothing was asked."""


def accepted(counts: Mapping[Cell, int]) -> int:
    """Requests that were let in, whatever came of them."""
    return sum(count for (_, status), count in counts.items() if status not in REFUSED)


def draw(habit: Habit, limit_per_day: int, rng: Random) -> DemoDay:
    """A day lived after a habit, with chance: more or less traffic, slower when there is more."""
    load = rng.lognormvariate(0, 0.09)
    cells: dict[Cell, int] = {}
    levels: dict[str, int] = {}
    for route in habit.routes:
        left = _whole(habit.requests * load * route.share * rng.uniform(0.9, 1.1), rng)
        levels[route.path] = level_of(route.typical_ms * load * rng.lognormvariate(0, 0.05))
        for status, share in route.other.items():
            # A share of 1 is a rule of the service, not a matter of chance.
            count = left if share == 1 else min(left, _whole(left * share * rng.uniform(0.8, 1.2), rng))
            cells[route.path, status] = count
            left -= count
        cells[route.path, 200] = left
    _throttle(cells, accepted(cells) - limit_per_day)
    return DemoDay(
        {cell: count for cell, count in cells.items() if count},
        _pace(habit.hours, rng),
        _pace(habit.throttled_hours, rng),
        levels,
    )


def _whole(mean: float, rng: Random) -> int:
    """One of the two whole numbers around the mean, so that small means are kept on average."""
    return int(mean + rng.random())


def _throttle(cells: dict[Cell, int], over: int) -> None:
    """Turn the requests over the day's limit into 429 answers, the largest counts first."""
    for (path, status), count in sorted(cells.items(), key=lambda item: -item[1]):
        if over <= 0:
            return
        if status not in REFUSED:
            moved = min(count, over)
            cells[path, status] -= moved
            cells[path, 429] = cells.get((path, 429), 0) + moved
            over -= moved


def _pace(hours: tuple[int, ...], rng: Random) -> Pace:
    return Pace(tuple(accumulate((int(weight * rng.uniform(70, 130)) for weight in hours), initial=0)))
