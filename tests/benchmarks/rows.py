"""What is measured, in which unit, and what must be reached: a row of the table each."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Against = Literal["nothing", "times", "over"]
"""How a figure is judged: as it is, as a multiple of its floor, or by what it takes more than its floor."""


@dataclass(frozen=True)
class Row:
    """One row: its name for `--only`, and its target."""

    name: str
    what: str
    unit: Literal["ms", "B", "MiB", "requests"]
    most: float
    """The largest figure that meets it."""
    against: Against = "nothing"
    floor: str = ""
    """What the floor is."""
    late: bool = False
    """Whether the 95th percentile is judged instead of the median."""

    @property
    def target(self) -> str:
        if self.against == "times":
            return f"≤ {self.most:g} × {self.floor}"
        return f"≤ {self.most:,g} {self.unit}" + (f" over {self.floor}" if self.against == "over" else "")


@dataclass(frozen=True)
class Sample:
    """One measurement of a row; its floor was measured in the same round."""

    row: str
    value: float
    floor: float | None = None
    label: str = ""
    """Of what in the row, e.g. which key was pressed."""
    began: float | None = None
    """When what took so long began (`time.perf_counter`); None for what a process measures of itself."""


@dataclass(frozen=True)
class Result:
    """All measurements of one row; no value where it could not be measured."""

    row: Row
    samples: tuple[Sample, ...]
    missed: str = ""
    """Why a measurement is missing."""

    @property
    def values(self) -> tuple[float, ...]:
        return tuple(sample.value for sample in self.samples)

    @property
    def floors(self) -> tuple[float, ...]:
        return tuple(sample.floor for sample in self.samples if sample.floor is not None)

    def by_label(self) -> dict[str, Result]:
        """The measurements of each label, where there are several."""
        labels = dict.fromkeys(sample.label for sample in self.samples if sample.label)
        return {
            label: Result(self.row, tuple(sample for sample in self.samples if sample.label == label))
            for label in labels
        }

    @property
    def median(self) -> float | None:
        return statistics.median(self.values) if self.values else None

    @property
    def p95(self) -> float | None:
        """None where there are too few to tell, unless the row is judged by it: then it is the largest."""
        is_told = len(self.values) >= 20 or (self.row.late and self.values)
        return percentile(self.values, 0.95) if is_told else None

    @property
    def floor(self) -> float | None:
        return self._typical(self.floors) if self.floors else None

    @property
    def judged(self) -> float | None:
        """The figure that is compared with the most that is allowed."""
        if not self.samples:
            return None
        if self.row.against == "over":
            return self._typical(sample.value - (sample.floor or 0.0) for sample in self.samples)
        value = self._typical(self.values)
        return value / self.floor if self.row.against == "times" and self.floor else value

    def _typical(self, values: Iterable[float]) -> float:
        return percentile(values, 0.95) if self.row.late else statistics.median(values)

    @property
    def is_met(self) -> bool | None:
        """None where it is not known."""
        if self.missed or self.judged is None:
            return False if self.missed else None
        return self.judged <= self.row.most


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that so large a share of them does not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


BARE, ECHO, CELLS = "a bare first frame", "a bare echo", "the cells that changed"

ROWS: tuple[Row, ...] = (
    Row("first-frame", "first useful frame from the history, 50 keys × 90 d", "ms", 0.6, "times", BARE),
    Row("answers", "… and a key that is then pressed is answered", "ms", 1.3, "times", BARE),
    Row("answers-early", "… and one pressed before anything is on screen", "ms", 1.3, "times", BARE),
    Row("demo", "--demo, cold, to a full overview", "ms", 1.5, "times", BARE),
    Row("help", "--help", "ms", 0.15, "times", BARE),
    Row("line", "line", "ms", 0.35, "times", BARE),
    Row("line-anew", "line, the first after something new was stored", "ms", 0.35, "times", BARE),
    Row("show", "show overview --offline --format json", "ms", 0.35, "times", BARE),
    Row("key", "key press → repaint complete, 50 keys × 90 d, median", "ms", 8, "over", ECHO),
    Row("key-p95", "the same, 95th percentile", "ms", 25, "over", ECHO, late=True),
    Row("key-1000", "key press, 1,000 keys, median, over the echo", "ms", 2, "times", "that of 50 keys"),
    Row("key-1000-p95", "the same, 95th percentile", "ms", 2, "times", "that of 50 keys", late=True),
    Row("first-paint", "output of the first paint, 80×24", "B", 8_000, floor=CELLS),
    Row("cursor", "output of a cursor step, 120×40, 95th percentile", "B", 600, floor=CELLS, late=True),
    Row("switch", "output of a view switch, 120×40, 95th percentile", "B", 6_000, floor=CELLS, late=True),
    Row("idle", "output of 10 s without a key", "B", 0),
    Row("refresh", "refresh of 50 keys, 200 ms, 4 at once: last figure", "ms", 1.1, "times", "ideal"),
    Row("first-row", "… and its first row", "ms", 3, "times", "a latency"),
    Row("requests", "requests until the last figure", "requests", 1, "times", "the list and one a key"),
    Row("memory", "peak memory, 50 keys × 90 d", "MiB", 1.5, "times", "a bare program"),
    Row("memory-anew", "… and after a refresh", "MiB", 1.5, "times", "a bare program"),
    Row("memory-1000", "peak memory, 1,000 keys × 90 d", "MiB", 4, "times", "a bare program"),
    Row("open", "history: open a 90-day fleet of 50 keys", "ms", 25),
    Row("keep", "history: keep one refresh", "ms", 40),
    Row("past", "history: the past of 50 keys over 3 years", "ms", 300),
    Row("analysis", "analysis of 50 keys × 90 d, cold", "ms", 80),
    Row("analysis-one", "analysis of one changed key", "ms", 3),
    Row("parse", "parse 50 × 90-day payloads", "ms", 2, "times", "json.loads of the same"),
)

BY_NAME = {row.name: row for row in ROWS}
