"""The main screen: which panes there is room for, and painting a Scene on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.message import Message

from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Canvas, Line
from socd_tui.charts.glyphs import Glyphs
from socd_tui.live.state import State
from socd_tui.model.lens import Lens
from socd_tui.model.trail import Trail
from socd_tui.tui.drawing import Plan, planned
from socd_tui.tui.first_picture import PANES, FirstPicture
from socd_tui.tui.framing import framed
from socd_tui.tui.keymap import Key
from socd_tui.tui.lines import Lines
from socd_tui.tui.textual_screen import Front, Written, arranged_at_once, forget_to_paint, written_at_once
from socd_tui.tui.theme import Styles
from socd_tui.tui.ward import ward
from socd_tui.views.frame.scene import Built, Scene

PLACES = ("header", "tabs", "rule", "banner", *PANES, "coach", "footer")
"""All of them, from the top."""

FOCUSABLE = ("keys", "pane", "second")


class Desk(Written[None]):
    """Header, tabs and rule; the key list, one pane or two; the footer. Painting changes only its lines."""

    AUTO_FOCUS = "#pane"

    class Drawn(Message):
        """The first frame is on the terminal."""

    def __init__(self, glyphs: Glyphs, *, profile: str = "", q_quits: bool = True) -> None:
        super().__init__()
        self.glyphs = glyphs
        self._profile = profile
        self._q_quits = q_quits
        self.maximised = False
        """Whether one pane takes the whole width."""
        self._places = {id_: Lines(glyphs, id=id_, focusable=id_ in FOCUSABLE) for id_ in PLACES}
        self._arranged: object = None
        """What of the places is on screen, and how large."""
        self._covered = False
        """Whether something was in front of it, and not all of it is on the terminal yet."""
        self._drawn_for = Size(0, 0)
        """How large the room of the panes is that they were drawn for."""
        self._moved = False
        """Whether that is another than when lines were written last."""
        self._to_write: list[tuple[Lines, Sequence[int]]] = []
        """Lines that are not on the terminal yet."""

    def compose(self) -> ComposeResult:
        places = self._places
        yield from (places["header"], places["tabs"], places["rule"])
        with Vertical(id="body"):
            yield places["banner"]
            yield Horizontal(*(places[id_] for id_ in PANES))
        yield from (places["coach"], places["footer"])

    def lines(self, id_: str) -> Lines:
        return self._places[id_]

    def on_screen_resume(self) -> None:
        ward().quits = self._q_quits
        self.call_next(self._come_back)

    def on_screen_suspend(self) -> None:
        ward().quits = False
        self._covered = True

    def _come_back(self) -> None:
        if self._covered:
            self.rearrange()
        else:
            forget_to_paint(self, self._places.values())

    def on_mount(self) -> None:
        self.call_after_refresh(self.post_message, self.Drawn())
        # A terminal clears what it is given back after `fg`; Textual would draw only what is new.
        self.app.app_resume_signal.subscribe(self, lambda app: app.refresh(layout=True))

    def begin(self, first: FirstPicture, roles: Styles) -> None:
        """With what is on the terminal already: Textual's first picture is the same."""
        self.paint(first.plan, first.places, roles)
        taught = len(first.places["coach"])
        self.lines("coach").display, self.lines("coach").styles.height = taught > 0, taught

    @property
    def is_hidden(self) -> bool:
        """Whether nothing can be seen of it."""
        return any(isinstance(screen, Front) and screen.is_opaque for screen in self.app.screen_stack)

    def reserve(self, lines: int) -> None:
        """Leave so many lines over the footer to what is asked there: no row is covered."""
        self.query_one("#body").styles.margin = (0, 0, lines, 0)

    def rearrange(self) -> None:
        """It was covered, or has another room: what fits that is written before Textual paints all of it."""
        self._moved = True
        is_arranged = arranged_at_once(self, self._places.values())
        if self.query_one("#body").size != self._drawn_for:
            self.app.post_message(Lines.Resized())
        elif is_arranged:
            self.write()

    def draw_with(self, glyphs: Glyphs) -> None:
        """Change the glyphs while running."""
        self.glyphs = glyphs
        for lines in self._places.values():
            lines.glyphs = glyphs

    def plan(self, known: Known, lens: Lens) -> Plan:
        """What there is room for, the Lens's own view first."""
        room = Canvas(self.app.size.width, self.query_one("#body").size.height, self.glyphs)
        focused = "second" if self.lines("second").has_focus else "pane"
        return planned(known, lens, room, maximised=self.maximised, focused=focused)

    @property
    def pane(self) -> str:
        """The pane that keys act on: "second" when it is on screen and has the focus, else "pane"."""
        second = self.lines("second")
        return "second" if second.display and second.has_focus else "pane"

    def active(self, scene: Scene) -> Built:
        """The view of the Scene that keys act on."""
        return scene.built[-1] if self.pane == "second" else scene.built[0]

    def paint(self, plan: Plan, pictures: Mapping[str, Sequence[Line]], roles: Styles) -> None:
        """Key list and panes, shown or hidden as planned."""
        self._drawn_for = Size(plan.body.width, plan.body.height)
        height = len(pictures.get("banner", ()))
        if self._arranged != (arranged := (plan.widths, plan.alone, height)):
            self._arranged, self._moved = arranged, True
            self._arrange(plan, height)
        self._take(pictures, roles)

    def _arrange(self, plan: Plan, banner_height: int) -> None:
        sizes = {**plan.widths, "banner": banner_height, "pane": int(not plan.alone)}
        for id_, size in sizes.items():
            self.lines(id_).display = size > 0
        for id_, width in plan.widths.items():
            if width:
                self.lines(id_).styles.width = width
        self.lines("banner").styles.height = banner_height

    def _take(self, pictures: Mapping[str, Sequence[Line]], roles: Styles) -> None:
        for id_, lines in pictures.items():
            place = self.lines(id_)
            self._to_write.append((place, place.take(lines, roles)))

    def write(self) -> None:
        """Has the lines that changed on the terminal: before this returns, where nothing lies over them."""
        to_write, self._to_write = self._to_write, []
        moved, self._moved = self._moved, False
        places = self._places.values()
        placed = moved and arranged_at_once(self, places)
        if placed:
            to_write = [(place, range(place.size.height)) for place in places if place.display]
        strips = ((place, place.strips(ys)) for place, ys in to_write if ys)
        if (moved and not placed) or not written_at_once(self, strips, whole=placed):
            for place, ys in to_write:
                place.paint(ys)
        elif placed and self.app.screen is self:
            self._covered = False

    def paint_frame(
        self, scene: Scene, state: State, trail: Trail, keys: list[Key], now: datetime, roles: Styles
    ) -> None:
        """Header, tabs or the way here, rule and footer."""
        active, size = self.active(scene), self.app.size
        room = Canvas(size.width, size.height, self.glyphs)
        frame = framed(scene, active, state, trail, keys, now, room, profile=self._profile)
        self._take({id_: [line] for id_, line in frame.items()}, roles)

    def text(self) -> str:
        """All that is painted, line by line, without trailing blanks."""
        rows: list[list[str]] = [[] for _ in range(self.app.size.height)]
        for lines in self._places.values():
            for y, line in enumerate(lines.text if lines.display else ()):
                row = rows[lines.region.y + y]
                row.append(line.rjust(len(line) + lines.region.x - sum(map(len, row))))
        return "\n".join("".join(row).rstrip() for row in rows)
