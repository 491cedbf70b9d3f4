"""The program as people use it: paints the States of a Live, and says what keys and mouse do to its Lens."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.events import Event, InputEvent, Key, Paste
from textual.filter import LineFilter
from textual.screen import Screen
from textual.widgets import Input

from socd_tui.charts.plot import load as load_charts
from socd_tui.live.live import Live
from socd_tui.live.thread import started
from socd_tui.model.target import ActionTarget, BackTarget, EnterTarget, SortTarget, ViewTarget
from socd_tui.tui.actions import Actions
from socd_tui.tui.announcing import Announcing
from socd_tui.tui.bottom_line import BottomLine
from socd_tui.tui.collecting import LOOKS_S, Collector
from socd_tui.tui.desk import Desk
from socd_tui.tui.elsewhere import LOOK_S, Elsewhere
from socd_tui.tui.filter import Printable
from socd_tui.tui.keeping_up import KeepingUp
from socd_tui.tui.keymap import bindings, keymap
from socd_tui.tui.lines import Lines
from socd_tui.tui.messages import Messages
from socd_tui.tui.painting import PATIENCE_S, Painting
from socd_tui.tui.prompts import PasteTaking
from socd_tui.tui.remembering import Remembering
from socd_tui.tui.setup import WANTS_DEMO, Setup
from socd_tui.tui.textual_private import CrashKeepingApp, web_driver
from socd_tui.tui.textual_screen import Front
from socd_tui.tui.theme import textual_themes
from socd_tui.views.registry import load_panes

if TYPE_CHECKING:
    from socd_tui.tui.opening import Opening

CLOCK_TICK_S = 5.0
"""How often ages and countdowns are looked at; they are repainted only when what they say changes."""

SETTLES_S = 1.0
"""From the first picture to when what draws the others is loaded."""


class SocdApp(Actions, KeepingUp, PasteTaking, Messages, CrashKeepingApp):
    """One Live, one main screen, and a repaint when the Live has a newer State."""

    TITLE = "socd-tui"
    CSS_PATH: ClassVar = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = [*bindings(), ("ctrl+z", "suspend_process", "to the shell; `fg` comes back")]

    collector: Collector | None = None
    """Python's, where the program has the process for itself."""

    def __init__(self, live: Live, setup: Setup, opening: Opening | None = None) -> None:
        """`opening` is what is on the screen already."""
        super().__init__(
            ansi_color=None if setup.colour else True,
            driver_class=web_driver() if setup.in_browser else None,
        )
        before = opening.before if opening else None
        self.live, self.setup, self._has_begun = live, setup, before is not None
        self.shown = before or live.state
        first = opening.picture if opening else None
        self.desk = Desk(setup.glyphs, profile=setup.profile, q_quits="quit" not in setup.keys)
        if first is not None:
            self.desk.begin(first, setup.styles(setup.theme))
        self._announcing = Announcing(self)
        if opening is not None:
            self.first_screen, self.trail = opening.screen, opening.trail
        self._painting = Painting(self, first)
        self._remembering = Remembering(self)
        self._printable = Printable(ascii_only=setup.glyphs.level == "ascii")
        for each in textual_themes(setup.palettes, sixteen=setup.sixteen):
            self.register_theme(each)
        self.theme = setup.theme

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A line at the bottom has tab for itself, and marked text ctrl+c."""
        if action == "help_quit" and self.has_marked_text:
            return False
        at_bottom = isinstance(self.screen, BottomLine) and action == "switch_focus"
        return False if at_bottom else super().check_action(action, parameters)

    def get_default_screen(self) -> Screen[None]:
        return self.desk

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self._printable]

    def on_mount(self) -> None:
        self.set_keymap(dict(self.setup.keys))
        self._remembering.begin()

    async def on_unmount(self) -> None:
        """The terminal is given back; what was learnt is written down, if that does not take too long."""
        await self._exporting.close(self.setup.leaving_s)
        await self._remembering.close(self.setup.leaving_s)
        await self.live.close(self.setup.leaving_s)

    # --- from the Live to the screen -------------------------------------------------------------

    @on(Desk.Drawn)
    @work
    async def follow(self) -> None:
        """Begin when there is something to look at, and paint whatever is newer."""
        self.first_screen = None
        self.is_drawn.set()
        self.set_interval(CLOCK_TICK_S, self.paint_frame)
        self.set_interval(LOOK_S, Elsewhere(self).begin)
        if self.collector is not None:
            self.set_interval(LOOKS_S, self.collector.look)
        self.begin_keeping_up()
        self.set_timer(SETTLES_S, lambda: started(_load_what_is_not_seen_yet))
        self.set_timer(SETTLES_S, lambda: self.know_styles([Front(), Input()]))
        if not self._has_begun:
            self.live.start()
        async for state in self.live.states():
            if self.leaving:
                continue
            self._announcing.tell(state, self.shown)
            self.keep_up()
            if state.known is self.scene.known and state.lens == self.scene.lens:
                if self._painting.framed is not state:
                    self.paint_frame()
            else:
                self.paint()
                await self.painted()
                if isinstance(self.screen, BottomLine):
                    self.screen.learnt()
            self.shown = state

    @on(Lines.Resized)
    def resized(self) -> None:
        if not self.desk.is_hidden:  # else it is painted once it can be seen again
            self.paint()

    def paint_frame(self) -> None:
        """Draw the lines around the panes: they change with time, too."""
        self._painting.frame()

    async def on_event(self, event: Event) -> None:
        """What a person does is about what they see: it waits a moment for what was asked for before."""
        if isinstance(event, InputEvent) and self.collector is not None:
            self.collector.touched()
        if isinstance(event, InputEvent) and self.screen is self.desk:
            await self._painting.ready(PATIENCE_S)
            if isinstance(event, Key) and not event.is_forwarded:
                await self.obey(event)
                return
        if isinstance(event, Key | Paste) and isinstance(self.screen, BottomLine):
            if self.screen.TAKES_TEXT:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.screen.is_open.wait(), PATIENCE_S)
            if isinstance(event, Key) and self.screen.took(event):
                return
        await super().on_event(event)

    def look_around(self) -> None:
        """Make room for the demo."""
        self.exit(return_code=WANTS_DEMO)

    def action_sign_in(self) -> None:
        if self.fleet.mode == "demo":
            self.notify("The demo needs no token: start without --demo to sign in.", markup=False)
        elif self.fleet.is_fixed:
            self.notify("Nothing is asked here, so no token is needed.", markup=False)
        else:
            self._announcing.ask_token("Sign in with another session token.")

    # --- the mouse -------------------------------------------------------------------------------

    @on(Lines.Picked)
    def picked(self, event: Lines.Picked) -> None:
        match event.target:
            case ViewTarget(name):
                self.action_view(name)
            case BackTarget(steps):
                for _ in range(steps):
                    self.call_later(self.run_action, "back")
            case SortTarget(column):
                if event.source is not self.desk.lines("keys"):
                    self._narrowing.sort_by(column)
            case ActionTarget(key_id):
                action = next(key.action for key in keymap() if key.id == key_id)
                self.call_later(self.run_action, action)
            case EnterTarget(at):
                self.act(self._own_lens.at(at))
                self.act(self.active.entered(self.scene.known, self._own_lens), drilled=True)
            case target:
                self.act(self._own_lens.at(target))
                if event.twice:
                    self.call_later(self.run_action, "enter")

    @on(Lines.Scrolled)
    def scrolled(self, event: Lines.Scrolled) -> None:
        self.screen.set_focus(event.source)  # at once: the widget's own `focus` would come after the move
        self.action_move("down" if event.down else "up")


def _load_what_is_not_seen_yet() -> None:
    load_panes()
    load_charts()
