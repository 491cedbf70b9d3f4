"""The main screen: which panes there is room for, and painting a Scene on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen

from socd_tui.analysis.known import Known
from socd_tui.analysis.standing import namesakes
from socd_tui.charts.canvas import Canvas, Line, line_width
from socd_tui.charts.glyphs import Glyphs
from socd_tui.live.state import State
from socd_tui.model.lens import Lens, visible
from socd_tui.model.text import cell_width
from socd_tui.model.trail import Trail
from socd_tui.tui import chrome
from socd_tui.tui.crumbs import crumbs
from socd_tui.tui.drawing import Plan
from socd_tui.tui.keymap import Key
from socd_tui.tui.lines import Lines
from socd_tui.tui.theme import Styles
from socd_tui.tui.ward import ward
from socd_tui.views.frame.scene import Built, Scene, beside
from socd_tui.views.parts.names import label
from socd_tui.views.registry import view

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


class Desk(Screen[None]):
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

    def compose(self) -> ComposeResult:
        yield Lines(self.glyphs, id="header")
        yield Lines(self.glyphs, id="tabs")
        yield Lines(self.glyphs, id="rule")
        with Vertical(id="body"):
            yield Lines(self.glyphs, id="banner")
            with Horizontal():
                yield Lines(self.glyphs, id="keys", focusable=True)
                yield Lines(self.glyphs, id="after-keys")
                yield Lines(self.glyphs, id="pane", focusable=True)
                yield Lines(self.glyphs, id="before-second")
                yield Lines(self.glyphs, id="second", focusable=True)
        yield Lines(self.glyphs, id="coach")
        yield Lines(self.glyphs, id="footer")

    def lines(self, id_: str) -> Lines:
        return self.query_one(f"#{id_}", Lines)

    def on_screen_resume(self) -> None:
        ward().quits = self._q_quits

    def on_screen_suspend(self) -> None:
        ward().quits = False

    def on_mount(self) -> None:
        self.call_after_refresh(self.post_message, self.Drawn())
        # A terminal clears what it is given back after `fg`; Textual would draw only what is new.
        self.app.app_resume_signal.subscribe(self, lambda app: app.refresh(layout=True))

    def reserve(self, lines: int) -> None:
        """Leave so many lines over the footer to what is asked there: no row is covered."""
        self.query_one("#body").styles.margin = (0, 0, lines, 0)

    def draw_with(self, glyphs: Glyphs) -> None:
        """Change the glyphs while running."""
        self.glyphs = glyphs
        for lines in self.query(Lines):
            lines.glyphs = glyphs

    def plan(self, known: Known, lens: Lens) -> Plan:
        """Show or hide key list and panes; what there is room for, the Lens's own view first."""
        width, main, other = self.app.size.width, view(lens.view), view(beside(lens))
        second = self.lines("second")
        names = min(known.once(_longest_name, Lens(view="", only=lens.only)), LONGEST_NAME)
        beside_list = names + LIST_BESIDES if main.scope == "subject" and width >= BESIDE else 0
        beside_table = 0
        if main.scope == "all" and width >= TWO_PANES:
            beside_table = min(width - max(names + LEAST_TABLE, width // 2) - 2, MOST_SECOND)
        if self.maximised:
            beside_list = beside_table = 0
        two = beside_table >= LEAST_SECOND
        alone = self.maximised and second.has_focus
        self._place("keys", beside_list)
        self._place("after-keys", int(beside_list > 0))
        self._place("before-second", int(two))
        self._place("second", width if alone else beside_table if two else 0)
        self.lines("pane").display = not alone
        return Plan(
            views=(other,) if alone else (main, other) if two else (main,),
            body=Canvas(width, self.query_one("#body").size.height, self.glyphs),
            list_width=beside_list,
            second_width=beside_table if two else 0,
            focused=self.pane,
        )

    def _place(self, id_: str, width: int) -> None:
        """So many columns for a place; none when it is not on screen."""
        lines = self.lines(id_)
        lines.display = width > 0
        if width:
            lines.styles.width = width

    @property
    def pane(self) -> str:
        """The pane that keys act on: "second" when it is on screen and has the focus, else "pane"."""
        second = self.lines("second")
        return "second" if second.display and second.has_focus else "pane"

    def active(self, scene: Scene) -> Built:
        """The view of the Scene that keys act on."""
        return scene.built[-1] if self.pane == "second" else scene.built[0]

    def paint(self, pictures: Mapping[str, Sequence[Line]], roles: Styles) -> None:
        """Key list and panes; only lines that changed reach the terminal."""
        banner = self.lines("banner")
        banner.display = bool(pictures.get("banner"))
        banner.styles.height = len(pictures.get("banner", ()))
        for id_, lines in pictures.items():
            self.lines(id_).show(lines, roles)

    def paint_frame(
        self, scene: Scene, state: State, trail: Trail, keys: list[Key], now: datetime, roles: Styles
    ) -> None:
        """Header, tabs or the way here, rule and footer."""
        active = self.active(scene)
        known, lens, width = scene.known, active.lens, self.app.size.width
        total = len(visible(known.fleet, lens))
        gone = chrome.gone_keys(known.fleet, lens)
        chips = (
            *gone,
            *chrome.comparing(known, lens, asks=state.session is not None),
            *chrome.narrowing(lens),
            *chrome.marks(lens, total),
        )
        room = width - line_width(chips) - 2
        # Who is signed out asks for nothing.
        due, every = (state.next_refresh, state.every) if state.session else (None, None)
        message = () if state.progress else chrome.trouble(known.fleet, state.error, room)
        frame = {
            "header": chrome.header(
                known,
                lens,
                state.session,
                now,
                width,
                due,
                every,
                paused=state.paused,
                profile=self._profile,
            ),
            "tabs": crumbs(known, state.lens, trail, width, self.glyphs) or chrome.tabs(lens, width),
            "rule": chrome.rule(width, self.glyphs, state.progress, message=message, chips=chips),
            "footer": chrome.footer(keys, width, active.view.hints),
        }
        for id_, line in frame.items():
            self.lines(id_).show([line], roles)

    def text(self) -> str:
        """All that is painted, line by line, without trailing blanks."""
        rows: list[list[str]] = [[] for _ in range(self.app.size.height)]
        for lines in self.query(Lines):
            for y, line in enumerate(lines.text if lines.display else ()):
                row = rows[lines.region.y + y]
                row.append(line.rjust(len(line) + lines.region.x - sum(map(len, row))))
        return "\n".join("".join(row).rstrip() for row in rows)


def _longest_name(known: Known, lens: Lens) -> int:
    """Columns of the longest name of a key, as tables have it."""
    keys = visible(known.fleet, lens)
    alike = namesakes(keys)
    return max((cell_width(label(key) if key.id in alike else key.name.shown) for key in keys), default=0)
