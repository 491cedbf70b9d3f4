"""Horizontal bars for shares, and gauges for budgets."""

from __future__ import annotations

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

    Both are fractions of the limit; above 1 the gauge is full. It is empty when both are None.
    """
    inner = width - 2
    if inner < 1:
        return ()
    fraction = current if current is not None else peak
    filled = _filled_cells(fraction, inner)
    fill = glyphs.bar[0] if current is not None else glyphs.hollow
    cells = [fill] * filled + [" "] * (inner - filled)
    spans: list[Span] = []
    tick = None if peak is None else max(_filled_cells(peak, inner), 1) - 1
    for index, mark in enumerate(cells):
        if index == tick:
            spans.append(Span(glyphs.tick, "title"))
        else:
            spans.append(Span(mark, role))
    return (Span("[", "faint"), *spans, Span("]", "faint"))


def _filled_cells(fraction: float | None, width: int) -> int:
    """How many of the cells are filled: at least one unless the fraction is 0 or None."""
    if not fraction:
        return 0
    return min(max(round(fraction * width), 1), width)
