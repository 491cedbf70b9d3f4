"""How often the forecast's 80 % band holds, and its chance of the cap comes true, on invented keys.

    python tests/benchmarks/forecasts.py [fleets=250] [seed=1]

Each key has 7 to 90 days of history, then 30 days the forecast does not see. Prints Markdown tables. Made-up
keys are simpler than real ones: tests/benchmarks/real.py.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import exp, log
from random import Random
from statistics import median

from socd_tui.analysis.forecast import LIKELY, UNLIKELY, Forecast, forecast
from socd_tui.model.usage import Day
from tests.build import observed

HORIZON = 30
AHEAD = (1, 7, 14, 30)
NOW = datetime(2026, 5, 17, tzinfo=UTC)
KINDS = ("steady", "office week", "weekday only", "drifting", "bursts", "noisy")
HISTORIES = {
    "5-13 days": range(5, 14),
    "14-29 days": range(14, 30),
    "30-90 days": range(30, 91),
}
SAID = ((0.0, UNLIKELY), (UNLIKELY, 0.3), (0.3, LIKELY), (LIKELY, 0.7), (0.7, 0.9), (0.9, 1.01))
"""Chances that are counted together."""


@dataclass(frozen=True)
class Case:
    """A key: what the forecast sees, its limit, and the requests of the days after."""

    kind: str
    days: Sequence[Day]
    future: Sequence[int]
    limit: int


Answer = tuple[Case, Forecast]


def fleet(random: Random) -> list[Case]:
    """Two to ten keys; some services leave out days, some tell no 429s."""
    gaps, tells = random.random() < 0.3, random.random() < 0.5
    return [key(random, 0.1 if gaps else 0.0, tells) for _ in range(random.randint(2, 10))]


def key(random: Random, gaps: float, tells_throttled: bool) -> Case:
    kind = random.choice(KINDS)
    length = random.randint(7, 90)
    first = NOW.date() - timedelta(days=length + random.randint(0, 6))
    dates = [first + timedelta(days=n) for n in range(length + HORIZON)]
    drawn = requests(random, kind, dates)
    seen = [
        observed(day, count, round(count * 0.02), 0 if tells_throttled else None, NOW).day
        for n, (day, count) in enumerate(zip(dates[:length], drawn, strict=False), 1)
        if n == length or random.random() >= gaps
    ]
    return Case(kind, seen, drawn[length:], limit_above(random, drawn[:length]))


def requests(random: Random, kind: str, dates: Sequence[date]) -> list[int]:
    """Requests a day. A day remembers the one before, levels walk, and some keys have bursts of days."""
    level = random.uniform(log(5), log(100_000))
    noise = random.uniform(0.1, 0.4 if kind == "noisy" else 0.2)
    memory = random.uniform(0.0, 0.7)
    walk = random.uniform(0.02, 0.06) if kind == "drifting" else random.uniform(0.0, 0.03)
    weekend = {"weekday only": 0.0, "office week": random.uniform(0.1, 0.4)}.get(kind, 1.0)
    begins = random.uniform(0.02, 0.1) if kind == "bursts" else 0.0
    left, height, off = 0, 1.0, 0.0
    drawn = []
    for day in dates:
        level += random.gauss(0, walk)
        off = memory * off + random.gauss(0, noise * (1 - memory**2) ** 0.5)
        if left == 0 and random.random() < begins:
            left, height = random.randint(1, 4), random.uniform(2, 6)
        shape = (weekend if day.weekday() >= 5 else 1.0) * (height if left else 1.0)
        left = max(left - 1, 0)
        drawn.append(round(exp(level + off) * shape))
    return drawn


def limit_above(random: Random, seen: Sequence[int]) -> int:
    """From just above what the key had in its last week to far off: else the cap is reached already."""
    return round(max(seen[-7:]) * exp(random.uniform(0, log(3)))) + 1


def answered(cases: Iterable[Case]) -> list[Answer]:
    """The cases with days enough, and their forecasts."""
    asked = ((case, forecast(case.days, case.limit, horizon=HORIZON)) for case in cases)
    return [(case, its) for case, its in asked if isinstance(its, Forecast)]


def share(hits: Sequence[bool]) -> str:
    return f"{100 * sum(hits) / len(hits):.0f} %" if hits else "-"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    for row in (head, ["---"] * len(head), *rows):
        print("| " + " | ".join(row) + " |")
    print()


def bands(found: Sequence[Answer]) -> None:
    """How many days lay in their band: by history, by kind of key, and of all."""
    held: dict[tuple[str, int], list[bool]] = defaultdict(list)
    record: dict[str, list[bool]] = defaultdict(list)
    widths: dict[str, list[float]] = defaultdict(list)
    for case, its in found:
        history = next(name for name, lengths in HISTORIES.items() if its.full_days in lengths)
        for group in (history, case.kind, "all"):
            record[group] += [True] * its.inside + [False] * (its.of - its.inside)
            for ahead in AHEAD:
                band, count = its.bands[ahead - 1], case.future[ahead - 1]
                if band.high == count == 0:  # the weekend of a key that rests: right, and no achievement
                    continue
                held[group, ahead].append(band.low <= count <= band.high)
                if band.middle:
                    widths[group].append((band.high - band.low) / band.middle)
    groups = (*HISTORIES, *dict.fromkeys(case.kind for case, _ in found), "all")
    table(
        ("80 % band", *(f"{ahead} d ahead" for ahead in AHEAD), "forecasts", "median width", "own record"),
        [
            [
                group,
                *(share(held[group, ahead]) for ahead in AHEAD),
                f"{len(held[group, 1]):,}",
                f"{median(widths[group]):.2f} x middle" if widths[group] else "-",
                share(record[group]),
            ]
            for group in groups
        ],
    )


def chances(found: Sequence[Answer]) -> None:
    """What was said of the cap within the horizon, and what came; the lower a Brier score, the better."""
    said = [(its.chance, any(count >= case.limit for count in case.future), its.guess) for case, its in found]
    rows = []
    for low, high in SAID:
        came = [hit for chance, hit, _ in said if low <= chance < high]
        rows.append((f"{low:.0%} to {min(high, 1):.0%}", f"{len(came):,}", share(came)))
    table((f"chance of the cap within {HORIZON} days", "forecasts", "came"), rows)
    scores = []
    for name, part in (
        ("21 full days or more", [each for each in said if not each[2]]),
        ("fewer: a guess", [each for each in said if each[2]]),
        ("all", said),
    ):
        base = sum(hit for _, hit, _ in part) / max(len(part), 1)
        score = sum((chance - hit) ** 2 for chance, hit, _ in part) / max(len(part), 1)
        reaches = [not hit for chance, hit, _ in part if chance >= LIKELY]
        never = [hit for chance, hit, _ in part if chance < UNLIKELY]
        scores.append(
            (
                name,
                f"{len(part):,}",
                f"{score:.3f}",
                f"{base * (1 - base):.3f}",
                share(reaches),
                share(never),
            )
        )
    table(
        ("history", "forecasts", "Brier", "of the base rate", 'false "reaches"', 'false "not within"'), scores
    )


def main() -> None:
    fleets, seed = (int(sys.argv[n]) if len(sys.argv) > n else given for n, given in ((1, 250), (2, 1)))
    random = Random(seed)
    cases = [case for _ in range(fleets) for case in fleet(random)]
    found = answered(cases)
    print(f"{fleets} fleets, {len(cases):,} keys, seed {seed}; {len(cases) - len(found)} with too few days\n")
    bands(found)
    chances(found)


if __name__ == "__main__":
    main()
