"""Cells of the 429 map: equal steps from zero to the largest count, each denser than the one before."""

from __future__ import annotations

from collections.abc import Iterator

from socd_tui.charts.canvas import Line, Role, Span, line_width
from socd_tui.charts.glyphs import Glyphs
from socd_tui.charts.number import short
from socd_tui.model.record import dataclass

STEPS: tuple[Role, ...] = ("heat1", "heat2", "heat3", "heat4")


@dataclass(frozen=True)
class Scale:
    """What the darkest step stands for, and whose largest count that is."""

    top: int
    whose: str = ""

    def step(self, count: int) -> int | None:
        """The index of the step a count falls in; None for zero."""
        if count <= 0:
            return None
        return min(-(-count * len(STEPS) // max(self.top, 1)), len(STEPS)) - 1

    def ranges(self) -> Iterator[tuple[int, int, int]]:
        """Of each step that a whole number falls in: its index, its least and its largest count."""
        for index in range(len(STEPS)):
            low = self.top * index // len(STEPS) + 1
            high = self.top * (index + 1) // len(STEPS)
            if low <= high:
                yield index, low, high


EMPTY = Scale(0)
"""Of nothing but zeros."""


def heat_cell(count: int | None, scale: Scale, glyphs: Glyphs, columns: int = 2) -> Span:
    """So many columns: blank without a figure, a dim mark for zero, else the mark and role of the step."""
    if count is None:
        return Span(" " * columns, "faint")
    index = scale.step(count)
    if index is None:
        return Span(glyphs.zero.ljust(columns), "faint")
    return Span(glyphs.heat[index] * columns, STEPS[index])


def legend(scale: Scale, glyphs: Glyphs, width: int) -> Line:
    """What each mark stands for: each step with its largest count; the rest where there is room for it."""
    ranges = list(scale.ranges())
    for full in (True, False):
        marks: list[Span] = []
        for index, low, high in ranges:
            counts = f"{short(low)}–{short(high)}" if full and low < high else short(high)
            marks += [Span("  "), Span(glyphs.heat[index], STEPS[index]), Span(f" {counts}", "faint")]
        line = [Span(f"{glyphs.zero} 0", "faint"), *marks]
        if line_width(line) <= width:
            break
    blank = "  blank: no data"
    whose = f" ({scale.whose})" if scale.whose and ranges else ""
    hourly = f" an hour{whose}" if whose else ""
    forms = (hourly + blank, whose + blank, hourly, blank)
    more = next((more for more in forms if line_width(line) + len(more) <= width), "")
    return (*line, Span(more, "faint"))
