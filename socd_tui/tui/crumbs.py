"""Where the person is and how they came there: `Overview › MISP sync › 429 map`, each part a way back."""

from __future__ import annotations

from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Line, Span, justify, line_width
from socd_tui.charts.glyphs import Glyphs
from socd_tui.model.lens import Lens, subject
from socd_tui.model.target import BackTarget, ViewTarget
from socd_tui.model.text import clip_middle, inert
from socd_tui.model.trail import Trail
from socd_tui.views.parts.names import MIN_NAME, label
from socd_tui.views.registry import view

PAGE = "key"
"""The view that a key's name leads to."""


def crumbs(known: Known, lens: Lens, trail: Trail, width: int, glyphs: Glyphs) -> Line:
    """The way to what is looked at closely; nothing where nobody has looked closer at anything."""
    steps = trail.drilled(lens)
    if not steps:
        return ()
    parts = [Span(_place(known, earlier), "accent", BackTarget(back)) for back, earlier in steps]
    name = _name(known, lens)
    if name and lens.view != PAGE and lens.path is None and all(part.text != name for part in parts):
        parts.append(Span(name, "accent", ViewTarget(PAGE)))
    parts.append(Span(_place(known, lens), "title"))
    esc = trail.behind[-1].lens
    undone = view(esc.view).title if (esc.view, esc.path) != (lens.view, lens.path) else "undo"
    right: Line = (Span("esc", "accent", BackTarget(1)), Span(f" {undone} ", "faint", BackTarget(1)))
    line: list[Span] = [Span(" ")]
    for part in parts:
        line += [*([Span(f" {glyphs.crumb} ", "faint")] if len(line) > 1 else []), part]
    while line_width(line) >= width and len(line) > 2:  # the nearest parts say most
        line = [line[0], *line[3:]]
    return justify(tuple(line), right, width)


def _place(known: Known, lens: Lens) -> str:
    """What a view through this Lens is called."""
    if lens.path is not None:
        return clip_middle(inert(lens.path), 3 * MIN_NAME)
    name = _name(known, lens)
    return name if lens.view == PAGE and name else view(lens.view).title


def _name(known: Known, lens: Lens) -> str:
    """The key that a view of one key speaks of; empty where it speaks of several."""
    keys = subject(known.fleet, lens)
    one = view(lens.view).scope == "subject" and len(keys) == 1
    return label(keys[0], 3 * MIN_NAME) if one else ""
