"""Cells of the 429 map. Their bins are fixed, so that a new day never changes the colour of another."""

from __future__ import annotations

from socd_tui.charts.canvas import Line, Role, Span, line_width
from socd_tui.charts.glyphs import Glyphs

BINS: tuple[tuple[int, str], ...] = ((1, "1"), (2, "2–4"), (5, "5–14"), (15, "15–49"), (50, "50+"))
"""Lower edge and legend of each bin, in 429 answers an hour: wider for larger counts, which are rare."""

STEPS: tuple[Role, ...] = ("heat1", "heat2", "heat3", "heat4", "heat5")


def step(count: int) -> int | None:
    """The index of the bin a count falls in; None for zero."""
    return max((i for i, (edge, _) in enumerate(BINS) if count >= edge), default=None)


def heat_cell(count: int | None, glyphs: Glyphs, columns: int = 2) -> Span:
    """One or two columns: blank without a figure, a dim dot for zero, else the mark and role of the bin."""
    if count is None:
        return Span(" " * columns, "faint")
    index = step(count)
    if index is None:
        return Span(glyphs.heat_zero.ljust(columns), "faint")
    return Span(glyphs.heat[index][-columns:], STEPS[index])


def legend(glyphs: Glyphs, width: int, columns: int = 2) -> Line:
    """What each mark stands for; the blank only where there is room for it."""
    spans: list[Span] = [Span(f"{glyphs.heat_zero} 0", "faint")]
    for index, (_, label) in enumerate(BINS):
        mark = glyphs.heat[index][-columns:]
        spans += [Span("  "), Span(mark, STEPS[index]), Span(f" {label}", "faint")]
    blank = Span("  blank: no data", "faint")
    return (*spans, blank) if line_width([*spans, blank]) <= width else tuple(spans)
