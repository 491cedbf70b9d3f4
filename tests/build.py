"""Values that many tests need, each made in one place."""

from __future__ import annotations

from typing import Any

from socd_tui.charts.canvas import Canvas, Line, plain
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.views.picture import picture
from socd_tui.views.registry import view


def pane(fleet: Fleet, lens: Lens) -> Any:
    """What the Lens's view makes of the Fleet; Any, because each view makes a type of its own."""
    return view(lens.view).build(fleet, lens)


def figures(fleet: Fleet, lens: Lens) -> Any:
    """The same as the `data` object of the JSON document."""
    return view(lens.view).data(pane(fleet, lens))


def painted(data: Any, fleet: Fleet, lens: Lens, canvas: Canvas) -> list[Line]:
    """A pane that was built from this Fleet and Lens, on the canvas."""
    return picture(view(lens.view), data, fleet, lens, canvas)


def drawn(fleet: Fleet, lens: Lens, canvas: Canvas) -> str:
    """The picture as text: its lines, without their trailing blanks."""
    return plain(painted(pane(fleet, lens), fleet, lens, canvas))
