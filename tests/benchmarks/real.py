"""How forecasts and runaways do on requests a day of real services: tests/benchmarks/data.

    python tests/benchmarks/real.py [looks=6] [seed=1] [file of series]

Looks at each series so many times, with 7, 14, 28, 60 and 90 days of history. Forecasts are judged by the 30
days after. What really happened to these services is not known, so that every alarm at an untouched series
counts as a false one; runaways are made from the newest 3 to 5 days, times 5 or 20. The constants of the
analysis were chosen on these series. Prints Markdown tables.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.runaway import Runaway, detect_habit, detect_runaway
from socd_tui.analysis.usual_days import LEAST_EXCESS
from socd_tui.model.usage import Day
from tests.benchmarks.forecasts import HORIZON, Case, answered, bands, chances, limit_above, table

SERIES = Path(__file__).parent / "data" / "real_series.json"
HISTORIES = (7, 14, 28, 60, 90)
TIMES = (5, 20)


@dataclass(frozen=True)
class Series:
    """Counts a day of one service."""

    name: str
    kind: str
    first: date
    counts: Sequence[int]

    def days(self, start: int, end: int) -> list[Day]:
        """The days of these numbers, all of them over, without errors."""
        return [
            Day(self.first + timedelta(days=n), self.counts[n], 0, throttled=0) for n in range(start, end)
        ]


def read(path: Path) -> list[Series]:
    told = json.loads(path.read_text(encoding="utf-8"))
    rows = told["series"] if isinstance(told, dict) else told
    return [Series(row["id"], row["kind"], date.fromisoformat(row["first"]), row["counts"]) for row in rows]


def looks(series: Series, history: int, ahead: int, times: int, random: Random) -> Iterator[int]:
    """The numbers of the days before which one looks: one in each part of the series, drawn by chance.

    A look is left out where nothing was asked for in its history.
    """
    room = len(series.counts) - ahead - history
    for part in range(times if room >= 0 else 0):
        at = history + int(room * (part + random.random()) / times)
        if any(series.counts[at - history : at]):
            yield at


def cases(every: Sequence[Series], times: int, seed: int) -> Iterator[Case]:
    for series in every:
        random = Random(f"{series.name}:{seed}")
        for history in HISTORIES:
            for at in looks(series, history, HORIZON, times, random):
                limit = limit_above(random, series.counts[at - history : at])
                yield Case(
                    series.kind, series.days(at - history, at), series.counts[at : at + HORIZON], limit
                )


def runaways(every: Sequence[Series], times: int, seed: int) -> None:
    """Alarms at untouched series, and which of the runaways made are found."""
    seen: Counter[str] = Counter()
    made: dict[int, Counter[str]] = {size: Counter() for size in TIMES}
    for series in every:
        random = Random(f"{series.name}:{seed}")
        for history in HISTORIES:
            for at in looks(series, history, 0, times, random):
                days = series.days(at - history, at)
                found = detect_runaway(days)
                if isinstance(found, NotEnough):
                    continue
                seen.update(looks=1, alarms=isinstance(found, Runaway), habits=detect_habit(days) is not None)
                length = random.randint(3, 5)
                for size in TIMES:
                    made[size].update(_made(days, length, size))
    whole = max(seen["looks"], 1)
    table(
        ("looks at untouched series", "a runaway is named", "a habit is told"),
        [(f"{whole:,}", f"{seen['alarms'] / whole:.1%}", f"{seen['habits'] / whole:.1%}")],
    )
    table(
        ("runaways made", "of a size to matter", "found", "start ± 1 day", "too small"),
        [
            (
                f"3 to 5 days x{size}",
                f"{row['cases']:,}",
                f"{row['found'] / max(row['cases'], 1):.0%}",
                f"{row['near'] / max(row['found'], 1):.0%}",
                f"{row['small']:,}",
            )
            for size, row in made.items()
        ],
    )


def _made(days: Sequence[Day], length: int, size: int) -> dict[str, int]:
    newest = [day._replace(requests=size * (day.requests or 0)) for day in days[-length:]]
    excess = sum((day.requests or 0) * (size - 1) for day in days[-length:]) / length
    if excess < LEAST_EXCESS:
        return {"small": 1}
    found = detect_runaway([*days[:-length], *newest])
    if not isinstance(found, Runaway):
        return {"cases": 1}
    return {"cases": 1, "found": 1, "near": abs((found.since - newest[0].date).days) <= 1}


def main() -> None:
    times, seed = (int(sys.argv[n]) if len(sys.argv) > n else given for n, given in ((1, 6), (2, 1)))
    every = read(Path(sys.argv[3]) if len(sys.argv) > 3 else SERIES)
    print(f"{len(every)} series, {times} looks at each with each history, seed {seed}\n")
    found = answered(cases(every, times, seed))
    bands(found)
    chances(found)
    runaways(every, times, seed)


if __name__ == "__main__":
    main()
