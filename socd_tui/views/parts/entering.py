"""Where `enter` leads, said before it is pressed."""

from __future__ import annotations

from socd_tui.charts.canvas import Line, Span
from socd_tui.charts.number import date_range
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, subject, visible
from socd_tui.model.target import EnterTarget, Target
from socd_tui.model.text import cell_width
from socd_tui.model.window import Window
from socd_tui.views.parts.names import MIN_NAME, named, subject_label
from socd_tui.views.registry import view


def enter_line(closer: Lens, at: Target | None, fleet: Fleet, width: int) -> Line:
    """enter: requests per day of 'threat-notebook#2zBT', 21–27 Nov

    `closer` is the Lens that `enter` makes of what the cursor is `at`; a click does the same.
    """
    keys, now = subject(fleet, closer), fleet.at
    window = Window.ending(now.date(), closer.days) if now else None
    dates = f", {date_range(window.start, window.end)}" if window else f", {closer.days} d"
    shows = view(closer.view).shows
    room = width - cell_width(f" enter: {shows} of {dates}")
    if len(keys) == 1:
        whose = named(keys[0], max(room, MIN_NAME + 2))
    else:
        whose = subject_label(keys, visible(fleet, closer), fleet)
    told = next(
        (
            text
            for text in (f"{shows} of {whose}{dates}", f"{shows} of {whose}", shows)
            if cell_width(text) < width - 8
        ),
        "",
    )
    if not told:
        return ()
    target = None if at is None else EnterTarget(at)
    return (Span(" enter:", "accent", target), Span(f" {told}", "faint", target))
