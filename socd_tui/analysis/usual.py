"""What a key usually does: the middle of its newest full days."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.robust import median
from socd_tui.model.record import dataclass
from socd_tui.model.text import counted
from socd_tui.model.usage import Day

NEWEST = 28
"""Full days that say it: four of each weekday."""
LEAST = 7
"""Fewest full days that do: one of each weekday."""


@dataclass(frozen=True)
class Usual:
    """Requests a day: the median of `days` full days."""

    requests: float
    days: int


def usual(days: Sequence[Day]) -> Usual | NotEnough:
    """Of days that ascend; a day that is not over, or was not told, says nothing."""
    counts = [float(day.requests) for day in days if day.full and day.requests is not None][-NEWEST:]
    if len(counts) < LEAST:
        return NotEnough(f"{counted(len(counts), 'full day')}, {LEAST} are needed")
    return Usual(median(counts), len(counts))
