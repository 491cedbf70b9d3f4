"""One day of one key: its final counts, generated once, and the counts reached at any second of it.

The counts so far are a share of the final ones that only grows with the clock. So today never shows more
than it will at midnight, and a day that is over has exactly its final counts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from itertools import accumulate, pairwise
from random import Random

from socd_tui.model.record import dataclass
from socd_tui.service.demo.habit import Habit
from socd_tui.service.demo.latency import level_of

Outcome = tuple[str, int]
"""(path, status) of an answer: requests are counted by it."""

DAY_S = 86_400
HOUR_S = 3_600

REFUSED = frozenset({401, 429})
"""Statuses of requests refused before they count: they are no use of the key and not in its peaks."""

BURST = 6
"""A key's busiest minute has this many times the requests of an average minute of its busiest hour."""


@dataclass(frozen=True)
class Pace:
    """How a count builds up over a day: 25 numbers from 0, the running total of the 24 hours' weights."""

    cumulative: tuple[int, ...]

    def at(self, final: int, elapsed_s: int) -> int:
        """The count after `elapsed_s` seconds of the day: never falls, and ends at `final`."""
        hour, seconds = divmod(elapsed_s, HOUR_S)
        if hour >= 24:
            return final
        done = self.cumulative[hour] * HOUR_S + (self.cumulative[hour + 1] - self.cumulative[hour]) * seconds
        total = self.cumulative[24] * HOUR_S
        # Rounded to the nearest, in integers: the only request of a day comes in the middle of its traffic.
        return (2 * final * done + total) // (2 * total)

    def by_hour(self, final: int, elapsed_s: int) -> list[int]:
        """The counts after 0 to 24 hours, of which none is beyond `elapsed_s`."""
        total = self.cumulative[24]
        counts = [(2 * final * done + total) // (2 * total) for done in self.cumulative]
        if elapsed_s >= DAY_S:
            return counts
        over = elapsed_s // HOUR_S + 1
        return [*counts[:over], *[self.at(final, elapsed_s)] * (25 - over)]


@dataclass(frozen=True)
class DemoDay:
    """A day as it is at midnight: requests by (path, status), and response-time levels by path.

    429 answers build up at `throttled_pace`, all others at `pace`; without one, both are the same.
    """

    requests: Mapping[Outcome, int]
    pace: Pace
    throttled_pace: Pace
    levels: Mapping[str, int]

    def counts(self, elapsed_s: int = DAY_S) -> Mapping[Outcome, int]:
        """Requests by (path, status) after `elapsed_s` seconds of the day, without zeros."""
        if elapsed_s >= DAY_S:
            return self.requests
        reached = (
            (outcome, self._pace_of(outcome).at(final, elapsed_s)) for outcome, final in self.requests.items()
        )
        return {outcome: count for outcome, count in reached if count}

    def throttled_by_hour(self, elapsed_s: int) -> dict[int, int]:
        """429 answers so far by UTC hour; only hours with some."""
        finals = [final for (_, status), final in self.requests.items() if status == 429]
        if not finals:
            return {}
        hours = map(
            sum, zip(*(self.throttled_pace.by_hour(final, elapsed_s) for final in finals), strict=True)
        )
        return {hour: end - start for hour, (start, end) in enumerate(pairwise(hours)) if end > start}

    def busiest_minute(self, limit: int, elapsed_s: int) -> int:
        """The most requests accepted in one minute so far: `limit`, the key's per minute, after any 429."""
        counts = self.counts(elapsed_s)
        so_far = accepted(counts)
        if any(status == 429 for _, status in counts):
            return min(limit, so_far)
        final = accepted(self.requests)
        busiest = max(end - start for start, end in pairwise(self.pace.by_hour(final, elapsed_s)))
        return min(limit, so_far, max(1, busiest * BURST // 60))

    def last_accepted_s(self, elapsed_s: int) -> int | None:
        """The second of the day of the newest accepted request so far; None without one."""

        def so_far(seconds: int) -> int:
            return accepted(self.counts(seconds))

        newest = so_far(elapsed_s)
        return bisect_left(range(elapsed_s), newest, key=so_far) if newest else None

    def _pace_of(self, outcome: Outcome) -> Pace:
        return self.throttled_pace if outcome[1] == 429 else self.pace


QUIET = DemoDay({}, Pace(tuple(range(25))), Pace(tuple(range(25))), {})
"""A day without requests."""


def accepted(counts: Mapping[Outcome, int]) -> int:
    """How many requests were accepted, whether they then succeeded or failed."""
    return sum(count for (_, status), count in counts.items() if status not in REFUSED)


def generate_day(habit: Habit, limit_per_day: int, rng: Random) -> DemoDay:
    """A random day after a habit: more traffic or less, and slower when there is more.

    Requests beyond `limit_per_day` become 429 answers.
    """
    load = rng.lognormvariate(0, 0.09)
    requests: dict[Outcome, int] = {}
    levels: dict[str, int] = {}
    for route in habit.routes:
        left = _round_randomly(habit.requests * load * route.share * rng.uniform(0.9, 1.1), rng)
        levels[route.path] = level_of(route.typical_ms * load * rng.lognormvariate(0, 0.05))
        for status, share in route.other.items():
            # A share of 1 is a rule of the service, so it is exact.
            count = (
                left if share == 1 else min(left, _round_randomly(left * share * rng.uniform(0.8, 1.2), rng))
            )
            requests[route.path, status] = count
            left -= count
        requests[route.path, 200] = left
    _throttle_excess(requests, accepted(requests) - limit_per_day)
    requests = {outcome: count for outcome, count in requests.items() if count}
    pace = _generate_pace(habit.hours, rng)
    is_throttled = any(status == 429 for _, status in requests)
    return DemoDay(
        requests,
        pace,
        _generate_pace(habit.throttled_hours, rng) if is_throttled else pace,
        levels,
    )


def _round_randomly(mean: float, rng: Random) -> int:
    """One of the two integers around `mean`, at random, so that their average is `mean`."""
    return int(mean + rng.random())


def _throttle_excess(requests: dict[Outcome, int], over: int) -> None:
    """Turn `over` accepted requests into 429 answers, from the largest counts first."""
    for (path, status), count in sorted(requests.items(), key=lambda item: -item[1]):
        if over <= 0:
            return
        if status not in REFUSED:
            moved = min(count, over)
            requests[path, status] -= moved
            requests[path, 429] = requests.get((path, 429), 0) + moved
            over -= moved


def _generate_pace(hours: tuple[int, ...], rng: Random) -> Pace:
    random = rng.random  # not `uniform`, which takes twice as long: hundreds of keys have thousands of days
    return Pace(tuple(accumulate([int(weight * (70 + 60 * random())) for weight in hours], initial=0)))
