"""What is drawn where: pure, so that it can be done in a thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Canvas, Line
from socd_tui.model.lens import Lens
from socd_tui.tui import chrome
from socd_tui.views.frame.keylist import draw_keys
from socd_tui.views.frame.picture import picture
from socd_tui.views.frame.scene import Built, Scene, composed
from socd_tui.views.view import View


@dataclass(frozen=True)
class Drawn:
    """A Scene, and its lines by the place they are for."""

    asked: Lens
    """The Lens that the Scene was to be seen through; its own may have another focus."""
    scene: Scene
    lines: Mapping[str, Sequence[Line]]


@dataclass(frozen=True)
class Plan:
    """What there is room for: which views, and how large each place is."""

    views: tuple[View, ...]
    """In the order of the panes."""
    panes: Mapping[str, Canvas]
    """By place, as many as there are views."""
    focused: str
    """The pane that keys act on."""
    titled: bool
    """Whether each pane says which view it is."""
    keys: Canvas | None = None
    """Of the key list; None where it is not on screen."""

    def drawn(self, known: Known, lens: Lens, earlier: Scene) -> Drawn:
        """The views as they are seen through the Lens; of an `earlier` Scene what has not changed."""
        scene = composed(known, lens, self.views, earlier)
        lines = {
            place: self._pane(place, built, known, canvas)
            for (place, canvas), built in zip(self.panes.items(), scene.built, strict=True)
        }
        if self.keys is not None:
            lines["keys"] = draw_keys(known, scene.lens, self.keys)
        return Drawn(lens, scene, lines)

    def _pane(self, place: str, built: Built, known: Known, canvas: Canvas) -> list[Line]:
        head: list[Line] = []
        if self.titled:
            focused = place == self.focused
            head = [chrome.pane_title(built.view, known.fleet, built.lens, canvas.width, focused=focused)]
        body = canvas.sized(height=canvas.height - len(head))
        return [*head, *picture(built.view, built.pane, known, built.lens, body)]
