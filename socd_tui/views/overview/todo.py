"""What to do about each finding, where the table leaves lines for it."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.analysis.findings import Finding
from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.model.text import counted
from socd_tui.views.parts.counsel import counsel
from socd_tui.views.parts.names import named
from socd_tui.views.parts.wrapping import wrapped

GUTTER = 7
"""Columns of the heading, the pointer's among them."""
LONGEST_NAME = 24
WIDEST = 120
"""Columns beyond which a line is no easier to read."""


def to_do(known: Known, findings: Sequence[Finding], canvas: Canvas) -> list[Line]:
    """The first step for as many findings as there are whole ones room for, below an empty line."""
    width = min(canvas.width, WIDEST) - GUTTER - 2
    told = [(each, counsel(each, known.assessment(each.key.id)).steps) for each in findings]
    steps = [f"{named(each.key, LONGEST_NAME)}: {steps[0]}" for each, steps in told if steps]
    if width < LONGEST_NAME or not steps:
        return []
    lines: list[Line] = [()]
    for n, step in enumerate(steps):
        rows = wrapped(step, width)
        last = n == len(steps) - 1
        if len(lines) + len(rows) + (not last) > canvas.height:
            return [*lines, _line("", "", f"+{counted(len(steps) - n, 'step')}")] if n else []
        for at, row in enumerate(rows):
            first = not at
            lines.append(_line(" to do" if first and not n else "", f"{n + 1}" if first else "", row))
    return lines


def _line(heading: str, number: str, text: str) -> Line:
    return (Span(heading.ljust(GUTTER), "faint"), Span(number.ljust(2), "faint"), Span(text))
