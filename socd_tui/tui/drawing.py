"""What is drawn where: pure, so that it can be done in a thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from socd_tui.analysis.known import Known
from socd_tui.analysis.standing import namesakes
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.model.lens import Lens, visible
from socd_tui.model.record import dataclass, replace
from socd_tui.model.text import cell_width
from socd_tui.tui import chrome
from socd_tui.tui.crumbs import PAGE
from socd_tui.views.frame.keylist import draw_keys
from socd_tui.views.frame.picture import picture
from socd_tui.views.frame.scene import Built, Scene, beside, composed
from socd_tui.views.parts.names import label
from socd_tui.views.registry import view
from socd_tui.views.view import View

BESIDE = 100
"""From this width the key list stands beside a view of one key."""

TWO_PANES = 120
"""From this width a second view stands beside a view of all keys."""

LEAST_TABLE, LEAST_SECOND = 53, 40
"""Columns of a table besides its names, in which it tells what it does on 80 columns alone; and of the second
view, without which it stands alone."""

MOST_SECOND = 96
"""Columns beyond which the second view says no more."""

LONGEST_NAME = 48
"""Columns of a name beyond which it is cut rather than the second view left out."""

LIST_BESIDES = 22
"""Columns of the key list besides the names: the requests and the state."""

Part = Literal["whole", "leading", "following"]
"""What of a picture is made: all of it, or without the pane that follows another, or that one alone."""


@dataclass(frozen=True)
class Drawn:
    """A Scene, and its lines by the place they are for."""

    plan: Plan
    """What they were drawn for."""
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
    alone: bool
    """Whether the second pane has the place of the first."""
    focused: str
    """The pane that keys act on."""

    @property
    def widths(self) -> Mapping[str, int]:
        """Columns of each place beside the first pane, which has the rest; 0 where it is not on screen."""
        return {
            "keys": self.list_width,
            "after-keys": int(self.list_width > 0),
            "before-second": int(self.second_width > 0),
            "second": self.body.width if self.alone else self.second_width,
        }

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
        return Drawn(self, lens, scene, lines)

    def _pane(self, place: str, built: Built, known: Known, canvas: Canvas) -> list[Line]:
        head: list[Line] = []
        if self.second_width and built.view.name != PAGE and place == "second":
            focused = place == self.focused
            head = [chrome.pane_title(built.view, known.fleet, built.lens, canvas.width, focused=focused)]
        body = canvas.sized(height=canvas.height - len(head))
        banner = not self.second_width
        return [*head, *picture(built.view, built.pane, known, built.lens, body, banner=banner)]


def planned(
    known: Known, lens: Lens, room: Canvas, *, maximised: bool = False, focused: str = "pane"
) -> Plan:
    """Which views and places there is room for on the canvas between rule and footer.

    `maximised` is whether one pane takes the whole width: the one that is focused.
    """
    width, main, other = room.width, view(lens.view), view(beside(lens))
    names = min(known.once_of_fleet(_longest_name, lens.only), LONGEST_NAME)
    beside_list = names + LIST_BESIDES if main.scope == "subject" and width >= BESIDE else 0
    beside_table = 0
    if main.scope == "all" and width >= TWO_PANES:
        beside_table = min(width - max(names + LEAST_TABLE, width // 2) - 2, MOST_SECOND)
    if maximised:
        beside_list = beside_table = 0
    two = beside_table >= LEAST_SECOND
    alone = maximised and focused == "second"
    return Plan(
        views=(other,) if alone else (main, other) if two else (main,),
        body=room,
        list_width=beside_list,
        second_width=beside_table if two else 0,
        alone=alone,
        focused=focused if two or alone else "pane",
    )


def _longest_name(known: Known, only: tuple[str, ...]) -> int:
    """Columns of the longest name of a key, as tables have it."""
    keys, alike = visible(known.fleet, Lens(only=only)), known.once_of_fleet(namesakes, only)
    return max((cell_width(label(key) if key.id in alike else key.name.shown) for key in keys), default=0)
