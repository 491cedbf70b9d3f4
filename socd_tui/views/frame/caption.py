"""What a picture is of, in the line above it: the view, whose figures, which days, and how old they are."""

from __future__ import annotations

from datetime import datetime

from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.charts.number import date_range, moment
from socd_tui.model.lens import Lens
from socd_tui.model.text import sentence
from socd_tui.views.frame.document import scope
from socd_tui.views.frame.picture import picture
from socd_tui.views.parts.names import subject_label
from socd_tui.views.parts.notes import stale_answers
from socd_tui.views.view import Pane, View


def caption(view: View, known: Known, lens: Lens, now: datetime) -> str:
    """Overview  10 keys  7 d 16 Nov–22 Nov UTC  as of 14:20 UTC"""
    chosen = scope(view, known.fleet, lens)
    window = known.covered(chosen)
    dates = f" {date_range(window.start, window.end, now.date())} UTC" if window else ""
    narrowed = f"  filter {sentence(lens.filters[view.name])}" if view.name in lens.filters else ""
    asked = known.as_of(chosen)
    stale = "stale, " if stale_answers(known, chosen) else ""
    as_of = f"  {stale}as of {moment(asked, now)} UTC" if asked else ""
    whose = subject_label(chosen, known.fleet.keys, known.fleet) if chosen else "no keys"
    return f"{view.title}  {whose}  {lens.days} d{dates}{narrowed}{as_of}"


def captioned(view: View, pane: Pane, known: Known, lens: Lens, canvas: Canvas, now: datetime) -> list[Line]:
    """The picture below its caption, together exactly as large as the canvas."""
    told = (Span(f" {caption(view, known, lens, now)}", "faint"),)
    below = canvas.sized(height=canvas.height - 1)
    return canvas.fit([told, *picture(view, pane, known, lens, below)])
