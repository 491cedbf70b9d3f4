"""The program's state: one Fleet, one Lens, and a repaint when either is replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.filter import LineFilter

from socd_tui.analysis.known import prepare
from socd_tui.charts.canvas import Line, Span
from socd_tui.charts.glyphs import Glyphs
from socd_tui.model.errors import Problem
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, visible
from socd_tui.tui import chrome
from socd_tui.tui.filter import Printable
from socd_tui.tui.keymap import keymap
from socd_tui.tui.lines import Lines
from socd_tui.tui.setup import Setup
from socd_tui.tui.textual_private import CrashKeepingApp
from socd_tui.tui.theme import Styles, styles, textual_themes
from socd_tui.views.keylist import draw_keys
from socd_tui.views.picture import picture
from socd_tui.views.registry import AnyView, view, views
from socd_tui.views.view import Data

BESIDE = 100
"""From this width the key list stands beside the panes that show one key."""

TWO_PANES = 140
"""From this width two views stand side by side."""

CLOCK_TICK_S = 5.0
"""How often ages and countdowns are looked at; they are repainted only when what they say changes."""


class Cockpit(CrashKeepingApp):
    """Shows the Fleet through the Lens. Newer ones of both come from `Refreshing` and `SocdApp`."""

    TITLE = "socd-tui"
    CSS_PATH: ClassVar = "app.tcss"

    def __init__(self, setup: Setup) -> None:
        super().__init__(ansi_color=None if setup.colour else True)
        self.setup = setup
        self.lens = setup.lens
        self.known = prepare(setup.fleet, setup.lens, setup.preferences)
        self.session = setup.session
        self.glyphs = setup.glyphs
        self.maximised = False
        self.problem: Problem | None = None
        self.progress: tuple[int, int] | None = None
        self._next_refresh: datetime | None = None
        self._seen: dict[str, tuple[AnyView, Data]] = {}
        self._printable = Printable(ascii_only=setup.glyphs.level == "ascii")
        for each in textual_themes():
            self.register_theme(each)
        self.theme = setup.theme

    @property
    def fleet(self) -> Fleet:
        """What the service told us."""
        return self.known.fleet

    @fleet.setter
    def fleet(self, fleet: Fleet) -> None:
        self.known = prepare(fleet, self.lens, self.setup.preferences, self.known)

    def compose(self) -> ComposeResult:
        yield Lines(id="header")
        yield Lines(id="tabs")
        yield Lines(id="rule")
        with Horizontal(id="body"):
            yield Lines(id="keys", focusable=True)
            yield Lines(id="pane", focusable=True)
            yield Lines(id="second", focusable=True)
        yield Lines(id="footer")

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self._printable]

    def on_mount(self) -> None:
        self.set_keymap(dict(self.setup.keys))
        self.draw_with(self.setup.glyphs)
        self.lines("pane").focus()
        self.set_interval(CLOCK_TICK_S, self._paint_frame)

    def lines(self, id_: str) -> Lines:
        # Of the main screen: a prompt may be on top of it.
        return self.screen_stack[0].query_one(f"#{id_}", Lines)

    # --- the picture -----------------------------------------------------------------------------

    def draw_with(self, glyphs: Glyphs) -> None:
        """Change the glyphs while running."""
        self.glyphs = glyphs
        self._printable.ascii_only = glyphs.level == "ascii"
        for lines in self.screen_stack[0].query(Lines):
            lines.glyphs = glyphs
        for widget in self.screen.walk_children():  # messages too: they are drawn once and kept
            widget.refresh()

    @property
    def leaving(self) -> bool:
        """Whether there is nobody to show anything to any more."""
        return self.return_code is not None or not self.is_running

    @property
    def second(self) -> str:
        """The view beside the first, which is never the same one."""
        names = [known.name for known in views()]
        if self.lens.beside != self.lens.view and self.lens.beside in names:
            return self.lens.beside
        return names[(names.index(self.lens.view) + 1) % len(names)]

    @property
    def pane(self) -> str:
        """The pane that keys act on: "second" when it is on screen and has the focus, else "pane"."""
        second = self.lines("second")
        return "second" if second.display and second.has_focus else "pane"

    @property
    def two_panes(self) -> bool:
        """Whether two views stand side by side now."""
        return self.lines("second").display and self.lines("pane").display

    @property
    def active_lens(self) -> Lens:
        """The Lens with the view of the pane that keys act on."""
        return replace(self.lens, view=self.second) if self.pane == "second" else self.lens

    def current(self) -> tuple[AnyView, Data]:
        """The view and the Data of the pane that keys act on."""
        seen = view(self.active_lens.view)
        return self._seen.get(self.pane) or (seen, seen.build(self.known, self.active_lens))

    @on(Lines.Resized)
    def paint(self) -> None:
        """Draw everything from (Fleet, Lens); only lines that changed reach the terminal."""
        if self.leaving:  # a refresh that the end cut short: the widgets may be gone
            return
        self._arrange()
        self._follow_cursor()
        roles = styles(self.theme, self.setup.colour)
        keys, second = self.lines("keys"), self.lines("second")
        if keys.display:
            keys.show(draw_keys(self.known, self.lens, keys.canvas()), roles)
        if second.display:
            self._paint_pane("second", replace(self.lens, view=self.second), roles)
        else:
            self._seen.pop("second", None)
        self._paint_pane("pane", self.lens, roles)
        self._paint_frame()

    def _arrange(self) -> None:
        """Which of key list and panes there is room for."""
        two = self.size.width >= TWO_PANES and not self.maximised
        scopes = {view(name).scope for name in ([self.lens.view, self.second] if two else [self.lens.view])}
        beside = scopes == {"subject"} and self.size.width >= BESIDE and not self.maximised
        self.lines("keys").set_class(beside, "beside")
        second_focused = self.lines("second").has_focus
        self.lines("second").set_class(two or (self.maximised and second_focused), "beside")
        self.lines("pane").set_class(self.maximised and second_focused, "away")

    def _follow_cursor(self) -> None:
        """The focused key is the one the cursor shows, even when a filter took the last one away."""
        shown = [self.lens.view, *([self.second] if self.lines("second").display else [])]
        for name in shown:
            seen = view(name)
            if seen.scope == "all":
                cursor = seen.build(self.known, replace(self.lens, view=name)).cursor
                if cursor is not None:
                    self.lens = replace(self.lens, focus=seen.aim(self.lens, cursor).focus)
                return

    def _paint_pane(self, id_: str, lens: Lens, roles: Styles) -> None:
        seen, pane = view(lens.view), self.lines(id_)
        data = seen.build(self.known, lens)
        self._seen[id_] = (seen, data)
        canvas, head = pane.canvas(), list[Line]()
        if self.two_panes:
            head = [chrome.pane_title(seen, self.fleet, lens, canvas.width, focused=self.pane == id_)]
        body = canvas.sized(height=canvas.height - len(head))
        pane.show([*head, *picture(seen, data, self.known, lens, body)], roles)

    def _paint_frame(self) -> None:
        roles = styles(self.theme, self.setup.colour)
        width, now = self.size.width, self.setup.clock()
        total = len(visible(self.fleet, self.lens))
        message = (Span(self.problem.message, "bad"),) if self.problem and not self.progress else ()
        # Of two panes each says itself what narrows it.
        narrowing = () if self.two_panes else chrome.narrowing(self.active_lens)
        chips = (*chrome.comparing(self.known, self.active_lens), *narrowing, *chrome.marks(self.lens, total))
        frame = {
            "header": chrome.header(
                self.known, self.active_lens, self.session, now, width, self._next_refresh
            ),
            "tabs": chrome.tabs(self.active_lens, width),
            "rule": chrome.rule(
                width,
                self.glyphs,
                self.progress,
                message=message,
                chips=chips,
            ),
            "footer": chrome.footer(keymap(self.setup.keys), width),
        }
        for name, line in frame.items():
            self.lines(name).show([line], roles)

    def screen_text(self) -> str:
        """The whole screen as text, line by line, without trailing blanks."""
        rows: list[list[str]] = [[] for _ in range(self.size.height)]
        for widget in self.screen_stack[0].query(Lines):
            for y, line in enumerate(widget.text if widget.display else ()):
                row = rows[widget.region.y + y]
                row.append(line.rjust(len(line) + widget.region.x - sum(map(len, row))))
        return "\n".join("".join(row).rstrip() for row in rows)
