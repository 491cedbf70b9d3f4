"""The program as people use it: paints the States of a Live, and says what keys and mouse do to its Lens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.events import Event, InputEvent
from textual.filter import LineFilter
from textual.screen import Screen

from socd_tui.charts.glyphs import LADDER
from socd_tui.live.live import Live
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, gone
from socd_tui.model.target import ActionTarget, ViewTarget
from socd_tui.tui.announcing import Announcing
from socd_tui.tui.desk import Desk
from socd_tui.tui.elsewhere import LOOK_S, Elsewhere
from socd_tui.tui.exporting import Exporting
from socd_tui.tui.filter import Printable
from socd_tui.tui.help import Figures, Help
from socd_tui.tui.keymap import bindings, keymap
from socd_tui.tui.lines import Lines
from socd_tui.tui.narrowing import Narrowing, filtered
from socd_tui.tui.painting import PATIENCE_S, Painting
from socd_tui.tui.palette import Commands
from socd_tui.tui.prompts import PasteTaking
from socd_tui.tui.setup import Setup
from socd_tui.tui.textual_private import CrashKeepingApp
from socd_tui.tui.theme import PALETTES, textual_themes
from socd_tui.views.frame.scene import KEY_MOTIONS, Built, Scene
from socd_tui.views.view import Motion

CLOCK_TICK_S = 5.0
"""How often ages and countdowns are looked at; they are repainted only when what they say changes."""


class SocdApp(PasteTaking, CrashKeepingApp):
    """One Live, one main screen, and a repaint when the Live has a newer State."""

    TITLE = "socd-tui"
    CSS_PATH: ClassVar = "app.tcss"
    COMMANDS: ClassVar = {Commands}
    BINDINGS: ClassVar = [*bindings(), ("ctrl+z", "suspend_process", "to the shell; `fg` comes back")]

    def __init__(self, live: Live, setup: Setup) -> None:
        super().__init__(ansi_color=None if setup.colour else True)
        self.live, self.setup, self.shown = live, setup, live.state
        self.desk = Desk(setup.glyphs, q_quits="quit" not in setup.keys)
        self._narrowing, self._exporting = Narrowing(self), Exporting(self)
        self._announcing = Announcing(self)
        self._painting = Painting(self)
        self._printable = Printable(ascii_only=setup.glyphs.level == "ascii")
        for each in textual_themes():
            self.register_theme(each)
        self.theme = setup.theme

    def get_default_screen(self) -> Screen[None]:
        return self.desk

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self._printable]

    def on_mount(self) -> None:
        self.set_keymap(dict(self.setup.keys))

    async def on_unmount(self) -> None:
        """The terminal is given back; what was learnt is written down, if that does not take too long."""
        await self.live.close(self.setup.leaving_s)

    # --- from the Live to the screen -------------------------------------------------------------

    @property
    def fleet(self) -> Fleet:
        return self.live.state.fleet

    @property
    def lens(self) -> Lens:
        return self.live.state.lens

    @property
    def _scene(self) -> Scene:
        return self._painting.scene

    @property
    def active(self) -> Built:
        """The view whose pane keys act on."""
        return self.desk.active(self._scene)

    @property
    def _own_lens(self) -> Lens:
        """The newest Lens, as the active pane is seen through it."""
        return replace(self.lens, view=self.active.view.name)

    @property
    def leaving(self) -> bool:
        """Whether there is nobody to show anything to any more."""
        return self.return_code is not None or not self.is_running

    @on(Desk.Drawn)
    @work
    async def follow(self) -> None:
        """Begin when there is something to look at, and paint whatever is newer."""
        self.set_interval(CLOCK_TICK_S, self.paint_frame)
        self.set_interval(LOOK_S, Elsewhere(self).begin)
        self.live.start()
        async for state in self.live.states():
            if self.leaving:
                continue
            self._announcing.tell(state, self.shown)
            if state.known is self._scene.known and state.lens == self._scene.lens:
                self.paint_frame()
            else:
                self.paint()
                await self.painted()
            self.shown = state

    @on(Lines.Resized)
    def paint(self) -> None:
        """Draw the newest State; only lines that changed reach the terminal."""
        self._painting.paint()

    def paint_frame(self) -> None:
        """Draw the lines around the panes: they change with time, too."""
        self._painting.frame()

    async def painted(self, patience_s: float | None = None) -> None:
        """Waits until the newest picture is on the screen, at most so long."""
        await self._painting.done(patience_s)

    async def on_event(self, event: Event) -> None:
        """What a person does is about what they see: it waits a moment for what was asked for before."""
        if isinstance(event, InputEvent) and self.screen is self.desk:
            await self.painted(PATIENCE_S)
        await super().on_event(event)

    def look(self, lens: Lens) -> None:
        """Look through another Lens."""
        self.live.look(lens)
        self.paint()

    def act(self, lens: Lens) -> None:
        """Take the Lens that the active pane asks for; the pane beside keeps a view of its own."""
        second = self.desk.pane == "second"
        self.look(
            replace(lens, view=self.lens.view) if second and lens.view == self.active.view.name else lens
        )

    # --- moving ----------------------------------------------------------------------------------

    def action_view(self, name: str) -> None:
        if self.desk.pane == "second":
            self.look(replace(self.lens, beside=name))
        else:
            self.look(replace(self.lens, view=name))

    def action_move(self, motion: Motion) -> None:
        active = self.active
        if self.focused is self.desk.lines("keys") and motion in KEY_MOTIONS:
            self.look(self._scene.at_key(motion))
        else:
            self.act(active.pane.moved(self._own_lens, motion))

    def action_next_key(self, step: int) -> None:
        self.look(self._scene.at_key("down" if step > 0 else "up"))

    def action_switch_focus(self, back: bool = False) -> None:
        if back:
            self.screen.focus_previous()
        else:
            self.screen.focus_next()
        self.call_after_refresh(self.paint)

    def action_enter(self) -> None:
        """Go to what the cursor is on, or show all its figures."""
        active = self.active
        closer = active.pane.enter(self._own_lens)
        if closer is not None:
            self.act(closer)
        elif details := active.pane.details():
            self.push_screen(Figures(details))
        else:
            self.notify("There is nothing more to show of this.", markup=False)

    async def action_back(self) -> None:
        """Undo the latest of: a running refresh, one pane, a filter, marks, news of gone keys, a view."""
        lens, name = self.lens, self.active.view.name
        if self.live.state.progress is not None:
            self.live.cancel()
            self.notify("Refresh cancelled. Press r to start it again.", markup=False)
        elif self.desk.maximised:
            self.action_maximise()
        elif lens.filters.get(name):
            self.look(filtered(lens, name, ""))
        elif lens.marked:
            self.look(replace(lens, marked=frozenset()))
        elif news := gone(self.fleet, lens):
            self.look(replace(lens, noticed=lens.noticed.union(key.id for key in news)))
        elif lens.view != "overview":
            self.look(replace(lens, view="overview"))

    # --- choosing --------------------------------------------------------------------------------

    def action_mark(self) -> None:
        if self.lens.focus is not None:
            self.look(replace(self.lens, marked=self.lens.marked ^ {self.lens.focus}))

    def action_mark_all(self) -> None:
        self.look(self._scene.all_marked())

    def action_filter(self) -> None:
        self._narrowing.filter()

    def action_sort(self) -> None:
        self._narrowing.sort()

    def action_reverse(self) -> None:
        self._narrowing.reverse()

    def action_window(self, step: int) -> None:
        self._narrowing.step_window(step)

    def action_choose_window(self) -> None:
        self._narrowing.choose_window()

    def action_compare(self) -> None:
        self.look(self.lens.compared_next())

    # --- looking ---------------------------------------------------------------------------------

    def action_zone(self) -> None:
        self.look(replace(self.lens, local=not self.lens.local))

    def action_fold(self) -> None:
        self.look(replace(self.lens, folded=not self.lens.folded))

    def action_scale(self) -> None:
        self.look(replace(self.lens, rescaled=self.lens.rescaled ^ {self.lens.view}))

    def action_maximise(self) -> None:
        self.desk.maximised = not self.desk.maximised
        self.paint()

    def action_theme(self) -> None:
        names = [palette.name for palette in PALETTES]
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        self.paint()

    def action_glyphs(self) -> None:
        glyphs = LADDER[(LADDER.index(self.desk.glyphs) + 1) % len(LADDER)]
        self._printable.ascii_only = glyphs.level == "ascii"
        self.desk.draw_with(glyphs)
        for widget in self.screen.walk_children():  # messages too: they are drawn once and kept
            widget.refresh()
        self.paint()
        self.notify(f"Drawing with {glyphs.level} glyphs.", markup=False)

    def action_help(self) -> None:
        self.push_screen(Help(self.active.view, self.setup.keys, self.active.pane.notes))

    # --- doing -----------------------------------------------------------------------------------

    def action_refresh_now(self) -> None:
        self.live.refresh(force=True)

    def action_auto_refresh(self) -> None:
        pause = None if self.live.is_automatic else self.setup.refresh_every
        self.live.every(pause)
        started = f"Refreshing every {self.setup.refresh_every.total_seconds():.0f} s. Press R to stop."
        self.notify(started if pause else "No longer refreshing by itself.", markup=False)

    def action_export(self) -> None:
        self._exporting.to_folder()

    def action_export_to(self) -> None:
        self._exporting.to_path()

    def action_copy(self) -> None:
        self._exporting.to_clipboard()

    # --- the mouse -------------------------------------------------------------------------------

    @on(Lines.Picked)
    def picked(self, event: Lines.Picked) -> None:
        match event.target:
            case ViewTarget(name):
                self.action_view(name)
            case ActionTarget(key_id):
                action = next(key.action for key in keymap() if key.id == key_id)
                self.call_later(self.run_action, action)
            case target:
                self.act(self._own_lens.at(target))

    @on(Lines.Scrolled)
    def scrolled(self, event: Lines.Scrolled) -> None:
        self.screen.set_focus(event.source)  # at once: the widget's own `focus` would come after the move
        self.action_move("down" if event.down else "up")
