"""How each cost grows with the number of keys, and with the days that are looked at and remembered."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass, field
from typing import Literal

from tests.benchmarks.keys import silence_after, toured
from tests.benchmarks.lab import LONGEST, PROGRAM, SHOWN_DAYS, Filled, Lab, inside, window
from tests.benchmarks.parts import copy_of
from tests.benchmarks.terminal import Missed, Program, first_shown

KEYS = (10, 50, 200, 1_000)
DAYS = (7, 90, 3 * 365)
USUAL_KEYS = 50


@dataclass
class Growth:
    """The figures of one checkout by cost and size; each is measured once a round."""

    along: Literal["keys", "days"]
    sizes: tuple[int, ...]
    values: dict[str, dict[int, list[float]]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    def measure(self, lab: Lab, size: int) -> None:
        """With more keys the usual window is looked at, with more days all of them."""
        keys, days, shown = (size, LONGEST, SHOWN_DAYS) if self.along == "keys" else (USUAL_KEYS, size, size)
        try:
            for cost, value in costs(lab, lab.filled(keys, days), shown).items():
                self.values.setdefault(cost, {}).setdefault(size, []).append(value)
        except Missed as missed:
            self.missed.append(f"{size:,} {self.along}: {missed}")

    def median(self, cost: str, size: int) -> float | None:
        found = self.values.get(cost, {}).get(size)
        return statistics.median(found) if found else None

    def power(self, cost: str) -> float | None:
        """The exponent of the size that the cost grows with from the smallest to the largest: 1 is linear."""
        least, most = self.median(cost, self.sizes[0]), self.median(cost, self.sizes[-1])
        if not least or not most:
            return None
        return math.log(most / least) / math.log(self.sizes[-1] / self.sizes[0])


def unit_of(cost: str) -> Literal["ms", "MiB"]:
    return "MiB" if cost == "memory" else "ms"


def both() -> tuple[Growth, Growth]:
    return Growth("keys", KEYS), Growth("days", DAYS)


def costs(lab: Lab, filled: Filled, days: int) -> dict[str, float]:
    """Each cost once. Raises Missed."""
    command = [*PROGRAM, *window(days)]
    sign = filled.busiest(days)
    with Program(command, filled.environ) as program:
        program.settle(silence_after(days))
        shown = first_shown(program, lambda text: sign in text, f"the figure {sign}")
        found = {"first frame": (shown - program.began) * 1e3, "memory": program.peak_bytes() / 2**20}
    found["key press"] = statistics.median(toured(lab, filled, days).over_ms.values())
    for part in ("open", "past", "analysis", "drawing"):
        found |= inside(filled, part, days=days)
    found |= inside(filled, "keep", days=days, history=copy_of(filled.history, lab))
    return found
