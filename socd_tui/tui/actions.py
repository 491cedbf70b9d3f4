"""What each key of the key map does: the `action` of its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socd_tui.charts.glyphs import LADDER, Glyphs
from socd_tui.model.lens import Lens, gone
from socd_tui.model.record import replace
from socd_tui.model.target import AllKeysTarget, ViewTarget
from socd_tui.model.trail import Trail
from socd_tui.tui.coaching import Coaching
from socd_tui.tui.crumbs import PAGE
from socd_tui.tui.exporting import Exporting
from socd_tui.tui.filter import Printable
from socd_tui.tui.goto import GoTo
from socd_tui.tui.help import Help
from socd_tui.tui.narrowing import Narrowing
from socd_tui.tui.owners import Owning
from socd_tui.tui.settings_page import SettingsPage
from socd_tui.views.frame.scene import KEY_MOTIONS, Built, Scene
from socd_tui.views.view import Motion, to_page

if TYPE_CHECKING:
    from textual.driver import Driver

    from socd_tui.live.live import Live
    from socd_tui.model.fleet import Fleet
    from socd_tui.store.choices import Choices
    from socd_tui.tui.desk import Desk
    from socd_tui.tui.painting import Painting
    from socd_tui.tui.setup import Setup


AROUND_ROWS = 4
"""Lines of a pane that are no rows of its table, at least: heading, total, note and read-out."""


class Actions(Coaching):
    """The actions of an app that looks through a Lens and remembers the way it came."""

    live: Live
    setup: Setup
    desk: Desk
    _printable: Printable
    _painting: Painting

    def __init__(self, *, ansi_color: bool | None, driver_class: type[Driver] | None) -> None:
        super().__init__(ansi_color=ansi_color, driver_class=driver_class)
        self.trail = Trail()
        self._narrowing, self._exporting, self._going = Narrowing(self), Exporting(self), GoTo(self)
        self._owning = Owning(self)

    @property
    def fleet(self) -> Fleet:
        return self.live.state.fleet

    @property
    def lens(self) -> Lens:
        return self.live.state.lens

    @property
    def scene(self) -> Scene:
        return self._painting.scene

    @property
    def choices(self) -> tuple[Choices, Choices]:
        """What can be chosen as it is on the screen, and what of that is remembered."""
        return self._remembering.choices

    @property
    def active(self) -> Built:
        """The view whose pane keys act on."""
        return self.desk.active(self.scene)

    @property
    def _own_lens(self) -> Lens:
        """The newest Lens, as the active pane is seen through it."""
        return replace(self.lens, view=self.active.view.name)

    @property
    def leaving(self) -> bool:
        """Whether there is nobody to show anything to any more."""
        return self.return_code is not None or not self.is_running

    def paint(self) -> None:
        """Draw the newest State; only lines that changed reach the terminal."""
        if self.leaving:  # a refresh that the end cut short: the widgets may be gone
            return
        super().paint()
        self._painting.paint()
        self._remembering.note()

    async def painted(self) -> None:
        """Waits until the newest picture is on the screen."""
        await self._painting.done()

    def look(self, lens: Lens, *, drilled: bool = False) -> None:
        """Look through another Lens; `drilled` when it looks closer at something seen through this one."""
        self.trail = self.trail.followed(self.lens, lens, drilled=drilled)
        self.live.look(lens)
        self.paint()

    def act(self, lens: Lens, *, drilled: bool = False) -> None:
        """Take the Lens that the active pane asks for; the pane beside keeps a view of its own."""
        second = self.desk.pane == "second"
        if second and lens.view == self.active.view.name:
            lens = replace(lens, view=self.lens.view)
        self.look(lens, drilled=drilled)

    # --- moving ----------------------------------------------------------------------------------

    def action_view(self, name: str) -> None:
        if self.desk.pane == "second":
            self.look(replace(self.lens, beside=name))
        else:
            self.look(self.scene.in_view(self.lens, name))

    def action_move(self, motion: Motion, rows: int = 1) -> None:
        active = self.active
        if self.focused is self.desk.lines("keys") and motion in KEY_MOTIONS:
            self.look(self.scene.at_key(motion, rows))
        else:
            self.act(active.pane.moved(self._own_lens, motion, rows))

    def action_page(self, step: int, half: bool = False) -> None:
        """A page is what a pane shows at once, but for the lines that are no rows."""
        page = max(self.desk.lines(self.desk.pane).size.height - AROUND_ROWS, 2)
        self.action_move("down" if step > 0 else "up", max(page // 2, 2) if half else page)

    def action_next_key(self, step: int) -> None:
        one = self.active.view.scope == "subject"
        self.look(self.scene.at_key("down" if step > 0 else "up", alone=one))

    def action_switch_focus(self, back: bool = False) -> None:
        if back:
            self.screen.focus_previous()
        else:
            self.screen.focus_next()
        self.call_after_refresh(self.paint)

    def action_enter(self) -> None:
        """Go to what the cursor is on."""
        active = self.active
        closer = active.pane.enter(self._own_lens)
        if closer is not None:
            self.act(closer, drilled=True)
        elif active.view.name != PAGE:
            self.act(to_page(self._own_lens, self.lens.focus), drilled=True)

    async def action_back(self) -> None:
        """Two panes again, else one step back on the way here; at its beginning a refresh is cancelled, the
        news of gone keys and of findings is taken note of, and in the end all keys are looked at together."""
        lens = self.lens
        if self.desk.maximised:
            self.action_maximise()
        elif back := self.trail.back(lens):
            self._return(*back)
        elif self.live.state.progress is not None:
            self.live.cancel()
            self.notify("Refresh cancelled. Press r to start it again.", markup=False)
        elif news := gone(self.fleet, lens):
            self.look(replace(lens, noticed=lens.noticed.union(key.id for key in news)))
        elif noted := self.scene.built[0].pane.noted(lens):
            self.look(noted)
        elif lens.view != "overview":
            self.look(lens.at(ViewTarget("overview")))
        else:
            self.action_all_keys()

    def action_forward(self) -> None:
        """Where the last step back came from."""
        if forward := self.trail.forward(self.lens):
            self._return(*forward)

    def _return(self, lens: Lens, trail: Trail) -> None:
        self.trail = trail
        self.live.look(lens)
        self.paint()

    def action_all_keys(self) -> None:
        self.look(self.lens.at(AllKeysTarget()))

    # --- choosing --------------------------------------------------------------------------------

    def action_mark(self) -> None:
        if self.lens.focus is not None:
            self.look(replace(self.lens, marked=self.lens.marked ^ {self.lens.focus}))

    def action_mark_all(self) -> None:
        self.look(self.scene.all_marked())

    def action_filter(self) -> None:
        self._narrowing.filter()

    def action_sort(self) -> None:
        self._narrowing.sort()

    def action_sort_by_letter(self) -> None:
        self._narrowing.sort_by_letter()

    def action_go_to(self) -> None:
        self._going.ask()

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

    def action_owner(self) -> None:
        self._owning.ask()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """A key that does one thing here and another there does what the active view says."""
        return action not in ("owner", "scale") or action in self.active.view.toggles

    def action_maximise(self) -> None:
        self.desk.maximised = not self.desk.maximised
        self.paint()

    def action_theme(self) -> None:
        names = [palette.name for palette in self.setup.palettes]
        self.theme = names[(names.index(self.current_theme.name) + 1) % len(names)]
        self.paint()

    def action_glyphs(self) -> None:
        self.draw_with(LADDER[(LADDER.index(self.desk.glyphs) + 1) % len(LADDER)])
        self.notify(f"Drawing with {self.desk.glyphs.level} glyphs.", markup=False)

    def draw_with(self, glyphs: Glyphs) -> None:
        """Change the glyphs of all that is drawn, and will be."""
        self._printable.ascii_only = glyphs.level == "ascii"
        self.desk.draw_with(glyphs)
        for widget in self.screen.walk_children():  # messages too: they are drawn once and kept
            widget.refresh()
        self.paint()

    def action_help(self) -> None:
        self.push_screen(Help(self, self.active.view, self.setup.keys, self.active.pane.notes))

    def action_settings(self) -> None:
        self.push_screen(SettingsPage(self))

    # --- doing -----------------------------------------------------------------------------------

    def action_refresh_now(self) -> None:
        self.live.refresh(force=True)

    def action_export(self) -> None:
        self._exporting.to_folder()

    def action_export_to(self) -> None:
        self._exporting.to_path()

    def action_copy(self) -> None:
        self._exporting.to_clipboard()
