"""Horizontal bars for shares, and gauges for budgets."""

from __future__ import annotations

from socd_tui.charts.canvas import Line, Role, Span
from socd_tui.charts.glyphs import Glyphs


def bar(share: float | None, width: int, glyphs: Glyphs) -> str:
    """`share` of `width` cells filled; anything above nothing draws at least its smallest mark."""
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
    """A budget in brackets: filled to `current`, a tick at the peak, hollow when only the peak is known.

    Both are fractions of the limit; above 1 fills the whole gauge. Unknown both ways is an empty gauge.
    """
    inner = width - 2
    if inner < 1:
        return ()
    known = current if current is not None else peak
    filled = _cells(known, inner)
    fill = glyphs.bar[0] if current is not None else glyphs.hollow
    cells = [fill] * filled + [" "] * (inner - filled)
    spans: list[Span] = []
    tick = None if peak is None else max(_cells(peak, inner), 1) - 1
    for index, mark in enumerate(cells):
        if index == tick:
            spans.append(Span(glyphs.tick, "title"))
        else:
            spans.append(Span(mark, role))
    return (Span("[", "faint"), *spans, Span("]", "faint"))


def _cells(fraction: float | None, width: int) -> int:
    if not fraction:
        return 0
    return min(max(round(fraction * width), 1), width)
