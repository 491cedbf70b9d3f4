"""The main screen: which panes there is room for, and painting a Scene on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen

from socd_tui.charts.canvas import Line, line_width
from socd_tui.charts.glyphs import Glyphs
from socd_tui.live.state import State
from socd_tui.model.lens import Lens, visible
from socd_tui.tui import chrome
from socd_tui.tui.drawing import Plan
from socd_tui.tui.keymap import Key
from socd_tui.tui.lines import Lines
from socd_tui.tui.theme import Styles
from socd_tui.tui.ward import ward
from socd_tui.views.frame.scene import Built, Scene, beside
from socd_tui.views.registry import view

BESIDE = 100
"""From this width the key list stands beside the panes that show one key."""

TWO_PANES = 140
"""From this width two views stand side by side."""


class Desk(Screen[None]):
    """Header, tabs and rule; the key list, one pane or two; the footer. Painting changes only its lines."""

    AUTO_FOCUS = "#pane"

    class Drawn(Message):
        """The first frame is on the terminal."""

    def __init__(self, glyphs: Glyphs, *, q_quits: bool = True) -> None:
        super().__init__()
        self.glyphs = glyphs
        self._q_quits = q_quits
        self.maximised = False
        """Whether one pane takes the whole width."""

    def compose(self) -> ComposeResult:
        yield Lines(self.glyphs, id="header")
        yield Lines(self.glyphs, id="tabs")
        yield Lines(self.glyphs, id="rule")
        with Horizontal(id="body"):
            yield Lines(self.glyphs, id="keys", focusable=True)
            yield Lines(self.glyphs, id="pane", focusable=True)
            yield Lines(self.glyphs, id="second", focusable=True)
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

    def draw_with(self, glyphs: Glyphs) -> None:
        """Change the glyphs while running."""
        self.glyphs = glyphs
        for lines in self.query(Lines):
            lines.glyphs = glyphs

    def plan(self, lens: Lens) -> Plan:
        """Show or hide key list and panes; what there is room for, the Lens's own view first."""
        width, main, other = self.app.size.width, view(lens.view), view(beside(lens))
        two = width >= TWO_PANES and not self.maximised
        scopes = {main.scope, other.scope} if two else {main.scope}
        keys, pane, second = self.lines("keys"), self.lines("pane"), self.lines("second")
        keys.set_class(scopes == {"subject"} and width >= BESIDE and not self.maximised, "beside")
        alone = self.maximised and second.has_focus
        second.set_class(two or alone, "beside")
        pane.set_class(alone, "away")
        return Plan(
            views=(main, other) if second.display else (main,),
            panes={"pane": pane.canvas(), **({"second": second.canvas()} if second.display else {})},
            focused=self.pane,
            titled=self.two_panes,
            keys=keys.canvas() if keys.display else None,
        )

    @property
    def pane(self) -> str:
        """The pane that keys act on: "second" when it is on screen and has the focus, else "pane"."""
        second = self.lines("second")
        return "second" if second.display and second.has_focus else "pane"

    @property
    def two_panes(self) -> bool:
        """Whether two views stand side by side now."""
        return self.lines("second").display and self.lines("pane").display

    def active(self, scene: Scene) -> Built:
        """The view of the Scene that keys act on."""
        return scene.built[-1] if self.pane == "second" else scene.built[0]

    def paint(self, pictures: Mapping[str, Sequence[Line]], roles: Styles) -> None:
        """Key list and panes; only lines that changed reach the terminal."""
        for id_, lines in pictures.items():
            self.lines(id_).show(lines, roles)

    def paint_frame(self, scene: Scene, state: State, keys: list[Key], now: datetime, roles: Styles) -> None:
        """Header, tabs, rule and footer."""
        known, lens, width = scene.known, self.active(scene).lens, self.app.size.width
        total = len(visible(known.fleet, lens))
        # Of two panes each says itself what narrows it.
        narrowing = () if self.two_panes else chrome.narrowing(lens)
        gone = chrome.gone_keys(known.fleet, lens)
        chips = (*gone, *chrome.comparing(known, lens), *narrowing, *chrome.marks(lens, total))
        room = width - line_width(chips) - 2
        message = () if state.progress else chrome.trouble(known.fleet, state.error, room)
        frame = {
            "header": chrome.header(known, lens, state.session, now, width, state.next_refresh),
            "tabs": chrome.tabs(lens, width),
            "rule": chrome.rule(width, self.glyphs, state.progress, message=message, chips=chips),
            "footer": chrome.footer(keys, width),
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
