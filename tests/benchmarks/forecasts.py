"""How often the forecast's 80 % band holds, and its dates of the cap, on fleets whose future is known.

    python tests/benchmarks/forecasts.py [fleets=250] [seed=1]

Each key has 7 to 90 days of history, then 14 days the forecast does not see. Prints Markdown tables.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import exp, log
from random import Random
from statistics import median

from socd_tui.analysis.forecast import Forecast, forecast
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.model.usage import Day
from tests.build import observed

HORIZON = 14
NOW = datetime(2026, 5, 17, tzinfo=UTC)
KINDS = ("steady", "office week", "weekday only", "growing", "noisy")
HISTORIES = {"5-13 days": range(5, 14), "14-29 days": range(14, 30), "30-90 days": range(30, 91)}


@dataclass(frozen=True)
class Made:
    """A key as it was made up: what the forecast sees, its limit, and the requests of the days after."""

    kind: str
    days: Sequence[Day]
    future: Sequence[tuple[date, int]]
    limit: int


def fleet(random: Random) -> list[Made]:
    """Two to ten keys; some services leave out days, some tell no 429s."""
    gaps, tells = random.random() < 0.3, random.random() < 0.5
    return [key(random, 0.1 if gaps else 0.0, tells) for _ in range(random.randint(2, 10))]


def key(random: Random, gaps: float, tells_throttled: bool) -> Made:
    kind = random.choice(KINDS)
    level = exp(random.uniform(log(5), log(100_000)))
    growth = random.uniform(0.001, 0.015) if kind == "growing" else 0.0
    noise = random.uniform(0.1, 0.4 if kind in ("noisy", "growing") else 0.2)
    weekend = {"weekday only": 0.0, "office week": random.uniform(0.1, 0.4)}.get(kind, 1.0)
    length = random.randint(7, 90)
    first = NOW.date() - timedelta(days=length + random.randint(0, 6))
    drawn: list[tuple[date, int]] = []
    for n in range(length + HORIZON):
        day = first + timedelta(days=n)
        shape = weekend if day.weekday() >= 5 else 1.0
        drawn.append((day, round(level * exp(growth * n) * shape * random.lognormvariate(0, noise))))
    seen = [
        observed(day, count, round(count * 0.02), 0 if tells_throttled else None, NOW).day
        for n, (day, count) in enumerate(drawn[:length], 1)
        if n == length or random.random() >= gaps
    ]
    # Never hit in the last week, from just above what it had to far off: else the answer is "already".
    limit = round(max(count for _, count in drawn[length - 7 : length]) * random.uniform(1.0, 1.6)) + 1
    return Made(kind, seen, drawn[length:], limit)


def share(hits: Sequence[bool]) -> str:
    return f"{100 * sum(hits) / len(hits):.0f} %" if hits else "-"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for row in (head, ["---"] * len(head), *rows):
        print("| " + " | ".join(row) + " |")
    print()


def bands(found: Sequence[tuple[Made, Forecast]]) -> None:
    """Coverage by history, and by kind of key."""
    held: dict[tuple[str, str], list[bool]] = defaultdict(list)
    record: dict[str, list[bool]] = defaultdict(list)
    widths: dict[str, list[float]] = defaultdict(list)
    for made, its in found:
        history = next(name for name, lengths in HISTORIES.items() if its.full_days in lengths)
        for group in (history, made.kind, "all"):
            record[group] += [True] * its.inside + [False] * (its.of - its.inside)
            for ahead, (band, (_, count)) in enumerate(zip(its.bands, made.future, strict=True), 1):
                if band.high == count == 0:  # the weekend of a key that rests: right, and no achievement
                    continue
                for column in (f"h={ahead}", "all days"):
                    held[group, column].append(band.low <= count <= band.high)
                if band.middle:
                    widths[group].append((band.high - band.low) / band.middle)
    columns = ("h=1", "h=7", "h=14", "all days")
    table(
        ("80 % band", *columns, "days", "median width", "own record"),
        [
            [
                group,
                *(share(held[group, column]) for column in columns),
                f"{len(held[group, 'all days']):,}",
                f"{median(widths[group]):.2f} x middle",
                share(record[group]),
            ]
            for group in (*HISTORIES, *KINDS, "all")
        ],
    )


def caps(found: Sequence[tuple[Made, Forecast]]) -> None:
    """What was said of keys that reached their cap within the 14 days, and of those that did not."""
    reached: Counter[str] = Counter()
    spared: Counter[str] = Counter()
    for made, its in found:
        hit = next((day for day, count in made.future if count >= made.limit), None)
        word = "not within" if its.outcome == "not_within" else "between"
        if hit and its.earliest:
            word = "in the dates"
            if hit < its.earliest:
                word = "before them"
            elif its.latest and hit > its.latest:
                word = "after them"
        (reached if hit else spared)[word] += 1
    for name, counts, words in (
        ("keys that reached the cap", reached, ("in the dates", "before them", "after them", "not within")),
        ("keys that did not", spared, ("not within", "between")),
    ):
        total = max(counts.total(), 1)
        table((name, *words), [(f"{total:,}", *(f"{100 * counts[word] / total:.0f} %" for word in words))])


def main() -> None:
    fleets, seed = (int(sys.argv[n]) if len(sys.argv) > n else given for n, given in ((1, 250), (2, 1)))
    random = Random(seed)
    keys = [made for _ in range(fleets) for made in fleet(random)]
    began = time.perf_counter()
    answers = [(made, forecast(made.days, made.limit, horizon=HORIZON)) for made in keys]
    taken = time.perf_counter() - began
    found = [(made, its) for made, its in answers if not isinstance(its, NotEnough)]
    print(f"{fleets} fleets, {len(keys):,} keys, seed {seed}; {1000 * taken / len(keys):.1f} ms a key")
    print(f"{len(keys) - len(found)} keys with too few days\n")
    bands(found)
    caps(found)


if __name__ == "__main__":
    main()
