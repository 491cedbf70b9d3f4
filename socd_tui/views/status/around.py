"""What stands around the table of codes: made once while a cursor moves, as it is of all the keys."""

from __future__ import annotations

from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Canvas, Line
from socd_tui.model.lens import Lens, subject
from socd_tui.views.status.strip import strip, strip_lines
from socd_tui.views.status.triage import code_figures, error_history, since_lines

TALLEST = 12
"""Most lines of a day's column."""


def causes(known: Known, lens: Lens, width: int, most: int) -> list[Line]:
    """Of several keys, since when each has had which errors, in so many lines."""
    keys = subject(known.fleet, lens)
    return since_lines(error_history(known, keys), known.combined(keys), width, most)


def figures(known: Known, lens: Lens, code: int) -> list[tuple[str, str]]:
    """Of several keys how many of the code each has, and the paths with errors."""
    keys = subject(known.fleet, lens)
    return code_figures(known, keys, code)[1 if len(keys) == 1 else 0 :]


def days(known: Known, lens: Lens, canvas: Canvas) -> list[Line]:
    """Errors by day, as high as there is room; the row with most where there is none for two."""
    keys = subject(known.fleet, lens)
    usage = known.combined(keys)
    if usage is None:
        return []
    drawn, room = strip(usage, error_history(known, keys)), canvas.height - 2
    room = min(room, TALLEST if len(drawn.dates) > 1 and drawn.hit else len(drawn.rows))
    if room < len(drawn.rows):
        drawn = drawn.worst
    return strip_lines(drawn, canvas, room) if room > 0 else []
