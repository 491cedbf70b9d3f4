"""Horizontal bars for shares, and gauges for budgets."""

from __future__ import annotations

from itertools import groupby

from socd_tui.charts.canvas import Line, Role, Span
from socd_tui.charts.glyphs import Glyphs


def bar(share: float | None, width: int, glyphs: Glyphs) -> str:
    """`width` cells of which `share`, a fraction of 1, is filled; the least share above 0 still shows.

    Blank when `share` is None.
    """
    if share is None or width <= 0:
        return " " * max(width, 0)
    full, fractions = glyphs.bar[0], glyphs.bar[1:]
    steps = len(fractions) + 1
    filled = min(round(share * width * steps), width * steps)
    if share > 0:
        filled = max(filled, 1)
    cells = full * (filled // steps)
    if filled % steps:
        cells += fractions[filled % steps - 1]
    return cells.ljust(width, glyphs.track)


def gauge(current: float | None, peak: float | None, width: int, glyphs: Glyphs, role: Role) -> Line:
    """A gauge in brackets: filled to `current`, with a tick at `peak`; hollow up to `peak` without `current`.

    Both are fractions of the limit; above 1 the gauge is full. What fills less than a cell fills its part of
    one, a use of 0 has the mark of zero, and the gauge is empty when both are None. A span is of one mark.
    """
    inner = width - 2
    if inner < 1:
        return ()
    used = current if current is not None else peak
    filled = bar(min(used or 0, 1), inner, glyphs).replace(glyphs.track, " ")
    at = None if peak is None else _cell_of(peak, inner)
    if used == 0:
        filled = glyphs.zero.ljust(inner)
    elif current is None and at is not None:
        filled = (glyphs.hollow * at).ljust(inner) if peak and peak * inner >= 1 else filled
    cells = [(mark, role) for mark in filled]
    if peak and at is not None and (peak * inner >= 1 or (current or 0) * inner >= 1):
        cells[at] = glyphs.tick, "title"
    alike = [list(each) for _, each in groupby(cells)]
    inside = (Span(each[0][0] * len(each), each[0][1]) for each in alike)
    return (Span("[", "faint"), *inside, Span("]", "faint"))


def _cell_of(fraction: float, width: int) -> int:
    """The last of the cells that are filled, the first where not even one is."""
    return min(max(round(fraction * width), 1), width) - 1
