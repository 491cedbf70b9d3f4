"""What is drawn where: pure, so that it can be done in a thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.model.lens import Lens
from socd_tui.model.record import dataclass
from socd_tui.tui import chrome
from socd_tui.tui.crumbs import PAGE
from socd_tui.views.frame.keylist import draw_keys
from socd_tui.views.frame.picture import picture
from socd_tui.views.frame.scene import Built, Scene, composed
from socd_tui.views.view import View

Part = Literal["whole", "leading", "following"]
"""What of a picture is made: all of it, or without the pane that follows another, or that one alone."""


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
    body: Canvas
    """What header, tabs, rule and footer leave."""
    list_width: int
    """Columns of the key list; 0 where it is not on screen."""
    second_width: int
    """Columns of the second of two panes; 0 where there is one."""
    focused: str
    """The pane that keys act on."""

    @property
    def followed(self) -> bool:
        """Whether the second pane follows the one that keys act on."""
        return self.second_width > 0 and self.focused == "pane"

    def drawn(self, known: Known, lens: Lens, earlier: Scene, part: Part = "whole") -> Drawn:
        """The views as they are seen through the Lens; of an `earlier` Scene what has not changed.

        Of a part, the lines are of it alone: without the pane that follows, which stays as it was, or that
        pane alone, where the Scene is what is shown but for it.
        """
        scene = composed(known, lens, self.views[:1] if part == "leading" else self.views, earlier)
        lines: dict[str, Sequence[Line]] = {}
        below = self.body
        if self.second_width:  # else it is part of the picture
            lines["banner"] = scene.built[0].pane.banner(self.body)
            below = below.sized(height=below.height - len(lines["banner"]))
        besides = self.list_width or self.second_width
        if besides:
            divider = "after-keys" if self.list_width else "before-second"
            lines[divider] = [(Span(self.body.glyphs.divider, "faint"),)] * below.height
        # The divider, and a blank column beside a table that fills its pane to the last.
        apart = 2 if self.second_width else 1
        main = below.sized(width=below.width - besides - apart) if besides else below
        places = ("pane", "second") if self.second_width else (self.focused,)
        for place, built in zip(places, scene.built, strict=part != "leading"):
            if part == "following" and place == "pane":
                continue
            canvas = below.sized(width=self.second_width) if place == "second" and self.second_width else main
            lines[place] = self._pane(place, built, known, canvas)
        if self.list_width:
            lines["keys"] = draw_keys(known, scene.lens, below.sized(width=self.list_width))
        if part == "leading":
            scene = replace(scene, built=(*scene.built, *earlier.built[1:]))
        return Drawn(lens, scene, lines)

    def _pane(self, place: str, built: Built, known: Known, canvas: Canvas) -> list[Line]:
        head: list[Line] = []
        if self.second_width and built.view.name != PAGE and place == "second":
            focused = place == self.focused
            head = [chrome.pane_title(built.view, known.fleet, built.lens, canvas.width, focused=focused)]
        body = canvas.sized(height=canvas.height - len(head))
        banner = not self.second_width
        return [*head, *picture(built.view, built.pane, known, built.lens, body, banner=banner)]
