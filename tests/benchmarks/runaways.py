"""How often runaways and error rises are found, and how often one is seen where there is none.

    python tests/benchmarks/runaways.py [fleets=300] [seed=1]

Invents accounts whose truth is known. The constants of analysis/runaway.py were chosen on seed 1, so other
seeds tell how good they are. A case can be told when its key had three weeks before it began, and when it
is large enough to matter; the rest is counted apart. A change begins at any hour, so that its first day
may hardly show it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import exp, log
from random import Random
from typing import Literal

from socd_tui.analysis.day_history import days_lived, days_observed
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.runaway import Rise, Runaway, detect_error_rise, detect_runaway
from socd_tui.analysis.usual_days import LEAST_EXCESS
from socd_tui.model.usage import Day
from tests.build import observed
from tests.fleets import demo

KINDS = (
    "steady",
    "office week",
    "weekdays only",
    "drifting",
    "bursts",
    "noisy",
    "sparse",
    "idle",
    "new",
    "batch",
    "outage",
)
QUIET = ("idle", "new")
"""Kinds to which nothing happens: there is nothing to compare with."""
HOLIDAY = 0.2
"""What a holiday leaves of a day's requests; an outage leaves a quarter of that."""

Trial = Literal["runaway", "rise"]
BANDS = {"runaway": ((3, 5), (5, 20), (20, 100)), "rise": ((5, 10), (10, 20), (20, 40))}
"""How often the usual requests, and how many points more errors."""


@dataclass(frozen=True)
class Event:
    """What happens to one key, from `start` on; `flat` requests come at the same rate on every day."""

    start: datetime
    times: float = 1.0
    points: float = 0.0
    flat: bool = False


@dataclass(frozen=True)
class Case:
    """One key's days, and what is true of it."""

    kind: str
    days: tuple[Day, ...]
    event: Event | None
    enough: bool = False
    """There are days enough before the event, and requests enough in it."""


@dataclass(frozen=True)
class Habit:
    """What a key does on an ordinary day."""

    kind: str
    level: float
    sigma: float
    weekend: float
    memory: float
    """How much of what a day lies off the next day keeps."""
    walk: float
    """Spread of what the level's logarithm adds a day."""
    bursts: float
    """The chance that a day begins some days of two to six times the usual."""
    batch_day: int
    active: float
    errors: float
    errors_sigma: float
    refused: float
    tells_refused: bool

    def mean(self, day: date) -> float:
        """Requests to expect of such a weekday."""
        if self.kind == "idle":
            return 0.05
        if self.kind == "batch":
            return self.level if day.weekday() == self.batch_day else self.level * 0.02
        return self.level * (self.weekend if day.weekday() >= 5 else 1.0)

    def means(self, rng: Random, days: Sequence[date]) -> list[float]:
        """Requests to expect of each day: a day remembers the one before, the level walks, bursts come."""
        drawn, off, walked, left, height = [], 0.0, 0.0, 0, 1.0
        for day in days:
            off = self.memory * off + rng.gauss(0, self.sigma * (1 - self.memory**2) ** 0.5)
            walked += rng.gauss(0, self.walk)
            if left == 0 and rng.random() < self.bursts:
                left, height = rng.randint(1, 3), rng.uniform(2, 6)
            drawn.append(self.mean(day) * exp(off + walked) * (height if left else 1.0))
            left = max(left - 1, 0)
        return drawn


def habit(rng: Random) -> Habit:
    kind = rng.choice(KINDS)
    return Habit(
        kind,
        level=exp(rng.uniform(log(5), log(100_000))),
        sigma=0.4 if kind == "noisy" else rng.uniform(0.02, 0.25),
        weekend={"office week": rng.uniform(0.15, 0.5), "weekdays only": 0.0}.get(kind, 1.0),
        memory=rng.uniform(0.0, 0.7),
        walk=rng.uniform(0.01, 0.04) if kind == "drifting" else rng.uniform(0.0, 0.01),
        bursts=rng.uniform(0.02, 0.1) if kind == "bursts" else 0.0,
        batch_day=rng.randrange(7),
        active=rng.uniform(0.1, 0.6) if kind == "sparse" else 1.0,
        errors=exp(rng.uniform(log(0.001), log(0.25))),
        errors_sigma=rng.uniform(0.0, 0.3),
        refused=rng.choice((0.0, 0.0, 0.2)),
        tells_refused=rng.random() < 0.7,
    )


def fleet(rng: Random, trial: Trial) -> list[Case]:
    """About eight keys of one account, to one of which something happens in every other fleet."""
    now = datetime(2026, 11, rng.randint(1, 28), rng.randint(2, 22), tzinfo=UTC)
    length = rng.randint(20, 90)
    holidays = {now.date() - timedelta(days=rng.randint(1, length)) for _ in range(rng.randint(0, 2))}
    gaps = rng.uniform(0.02, 0.15) if rng.random() < 0.1 else 0.0
    habits = [habit(rng) for _ in range(rng.randint(6, 10))]
    chosen = (
        rng.choice([each for each in habits if each.kind not in QUIET] or [None])
        if rng.random() < 0.5
        else None
    )
    return [
        case(rng, each, now, length, holidays, gaps, event(rng, trial, now) if each is chosen else None)
        for each in habits
    ]


def event(rng: Random, trial: Trial, now: datetime) -> Event:
    midnight = now.replace(hour=0)
    ago = rng.randint(0, 10)
    start = midnight - timedelta(days=ago) + timedelta(hours=rng.randrange(now.hour if ago == 0 else 24))
    if trial == "rise":
        return Event(start, points=rng.uniform(0.05, 0.40))
    return Event(start, times=exp(rng.uniform(log(3), log(100))), flat=rng.random() < 0.5)


def case(
    rng: Random,
    habit: Habit,
    now: datetime,
    length: int,
    holidays: set[date],
    gaps: float,
    event: Event | None,
) -> Case:
    if habit.kind == "new":
        length = rng.randint(3, 20)
    outage = {now.date() - timedelta(days=rng.randint(9, 60) + n) for n in range(rng.randint(1, 3))}
    days, extra_requests, extra_errors, before = [], [0.0], 0.0, 0
    dates = [now.date() - timedelta(days=length - 1 - number) for number in range(length)]
    for number, (day, expected) in enumerate(zip(dates, habit.means(rng, dates), strict=True)):
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        passed = min(now - midnight, timedelta(days=1)) / timedelta(days=1)
        changed = (
            0.0
            if event is None
            else min(max((midnight - event.start) / timedelta(days=1) + passed, 0.0), passed)
        )
        mean = expected * (rng.random() < habit.active)
        share = 1 / (1 + (1 / habit.errors - 1) * exp(rng.gauss(0, habit.errors_sigma)))
        mean *= HOLIDAY if day in holidays else 1.0
        if habit.kind == "outage" and day in outage:
            mean, share = mean * HOLIDAY / 4, 0.9
        extra = 0.0
        if event is not None and changed:
            extra = (event.times - 1) * changed * (habit.level if event.flat else mean)
            extra_requests.append(extra)
            extra_errors += event.points * mean * passed * (changed / passed)
            share = min(1.0, share + event.points * changed / passed)
        elif passed == 1 and mean:
            before += 1
        requests = poisson(rng, mean * passed + extra)
        refused = binomial(rng, requests, habit.refused)
        errors = refused + binomial(rng, requests - refused, share)
        if rng.random() >= gaps or number == length - 1:
            told = refused if habit.tells_refused else None
            days.append(observed(day, requests, errors, told, now).day)
    if event is None:
        return Case(habit.kind, tuple(days), None)
    lived = (event.start.date() - days[0].date).days if days else 0
    large = max(extra_requests) >= LEAST_EXCESS if event.times > 1 else before >= 14 and extra_errors >= 20
    return Case(habit.kind, tuple(days), event, large and lived >= 21)


def poisson(rng: Random, mean: float) -> int:
    """Exact below 30 (Knuth, 1969), then its normal limit."""
    if mean > 30:
        return max(0, round(rng.gauss(mean, mean**0.5)))
    limit, product, count = exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def binomial(rng: Random, n: int, share: float) -> int:
    """Exact up to 60, then the nearer of its two limits."""
    if n <= 60:
        return sum(rng.random() < share for _ in range(n))
    if n * share < 30:
        return min(n, poisson(rng, n * share))
    return min(n, max(0, round(rng.gauss(n * share, (n * share * (1 - share)) ** 0.5))))


def found(trial: Trial, days: Sequence[Day]) -> Runaway | Rise | NotEnough | None:
    return detect_runaway(days) if trial == "runaway" else detect_error_rise(days)


def band(trial: Trial, event: Event, today: date) -> str:
    if event.start.date() == today:
        return "began today"
    size = event.times if trial == "runaway" else event.points * 100
    low, high = next((low, high) for low, high in BANDS[trial] if size <= high)
    return f"x{low} to x{high}" if trial == "runaway" else f"+{low} to +{high} points"


def measure(trial: Trial, fleets: int, seed: int) -> None:
    rng = Random(f"{trial}:{seed}")
    cases = [each for _ in range(fleets) for each in fleet(rng, trial)]
    rows: dict[str, Counter[str]] = {}
    alarms: Counter[str] = Counter()
    healthy: Counter[str] = Counter()
    for each in cases:
        answer = found(trial, each.days)
        if each.event is None:
            healthy[each.kind] += 1
            alarms[each.kind] += isinstance(answer, Runaway | Rise)
            continue
        name = band(trial, each.event, each.days[-1].date) if each.enough else "not to be told"
        row = rows.setdefault(name, Counter())
        row["cases"] += 1
        if isinstance(answer, Runaway | Rise):
            off = abs((answer.since - each.event.start.date()).days)
            row.update({"found": 1, "exact": off == 0, "near": off <= 1})
    happened = sum(row["cases"] for row in rows.values())
    what = "Runaways" if trial == "runaway" else "Error rises"
    print(f"\n{what}: {fleets} fleets, seed {seed}, {len(cases)} keys, {happened} cases\n")
    print("| case | cases | found | start exact | start ± 1 day |\n|---|---:|---:|---:|---:|")
    for name in sorted(rows, key=order):
        row = rows[name]
        shares = " | ".join(
            percent(row[part], whole)
            for part, whole in (("found", row["cases"]), ("exact", row["found"]), ("near", row["found"]))
        )
        print(f"| {name} | {row['cases']} | {shares} |")
    share = percent(alarms.total(), healthy.total())
    print(f"\nFalse alarms: {alarms.total()} of {healthy.total()} healthy keys ({share})")
    print(
        ", ".join(f"{kind} {n} of {healthy[kind]}" for kind, n in alarms.most_common() if n) or "of no kind"
    )


def order(name: str) -> tuple[bool, bool, int]:
    """Bands by size, then the two that are not bands."""
    digits = name.split()[0].strip("x+")
    return name == "not to be told", name == "began today", int(digits) if digits.isdigit() else 0


def percent(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else "-"


def stories() -> None:
    """What is said of the demo account's keys."""
    print("\n| demo key | runaway | error rise |\n|---|---|---|")
    account = demo(days=90)
    for each in account.keys:
        usage = account.usage(each.id, 90)
        days = days_lived(each, days_observed([usage] if usage else [], None))
        told = [
            f"since {answer.since}" if isinstance(answer, Runaway | Rise) else str(answer or "-")
            for answer in (detect_runaway(days), detect_error_rise(days))
        ]
        print(f"| {each.name} | {told[0]} | {told[1]} |")


def main() -> None:
    fleets = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    measure("runaway", fleets, seed)
    measure("rise", fleets, seed)
    stories()


if __name__ == "__main__":
    main()
