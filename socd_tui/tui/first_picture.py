"""The whole screen as lines: what is drawn before there is a toolkit to draw it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest

from socd_tui.charts.canvas import Canvas, Line, fit_line
from socd_tui.live.state import State
from socd_tui.model.record import dataclass
from socd_tui.model.trail import Trail
from socd_tui.store.choices import Choices
from socd_tui.tui.drawing import Plan, planned
from socd_tui.tui.framing import framed
from socd_tui.tui.keymap import keymap
from socd_tui.tui.lessons import lessons
from socd_tui.tui.setup import Setup
from socd_tui.views.frame.scene import Scene, composed

AROUND = ("header", "tabs", "rule", "footer")
PANES = ("keys", "after-keys", "pane", "before-second", "second")
"""The places beside each other, from the left."""


@dataclass(frozen=True, eq=False)
class FirstPicture:
    """A State as it is seen first."""

    scene: Scene
    plan: Plan
    places: Mapping[str, Sequence[Line]]
    """The lines of every place on the screen."""
    room: Canvas
    """The screen."""

    @property
    def lines(self) -> list[Line]:
        """All of the screen, each line as wide as it is."""
        above, below = ("header", "tabs", "rule", "banner"), ("coach", "footer")
        lines = [
            *(line for place in above for line in self.places.get(place, ())),
            *self._side_by_side(),
            *(line for place in below for line in self.places[place]),
        ]
        return [fit_line(line, self.room.width, self.room.glyphs) for line in lines[: self.room.height]]

    def _side_by_side(self) -> Iterator[Line]:
        widths = {**self.plan.widths, "pane": self.room.width - sum(self.plan.widths.values())}
        beside = [
            (widths[place], self.places[place]) for place in PANES if widths[place] and place in self.places
        ]
        for parts in zip_longest(*(lines for _, lines in beside), fillvalue=()):
            yield tuple(
                span
                for (width, _), part in zip(beside, parts, strict=True)
                for span in fit_line(part, width, self.room.glyphs)
            )


def first_picture(
    state: State, setup: Setup, size: tuple[int, int], now: datetime, trail: Trail
) -> FirstPicture:
    """What the app shows of this State before anybody has pressed a key; `size` is columns and lines.

    `now` is the service's clock.
    """
    room, known = Canvas(*size, setup.glyphs), state.known
    keys, last = keymap(setup.keys), setup.remembered and setup.remembered.last
    taught = lessons(keys, *size) if last and last[1] == Choices() else []
    plan = planned(known, state.lens, room.sized(height=room.height - len(AROUND) - len(taught)))
    drawn = plan.drawn(known, state.lens, composed(known, state.lens, plan.views[:1]))
    frame = framed(drawn.scene, drawn.scene.built[0], state, trail, keys, now, room, profile=setup.profile)
    places = {**{place: (line,) for place, line in frame.items()}, **drawn.lines, "coach": taught}
    return FirstPicture(drawn.scene, plan, places, room)
