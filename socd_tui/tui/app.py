"""What keys and mouse do: each makes a new Lens, starts a refresh, or opens a screen that asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on

from socd_tui import __version__
from socd_tui.analysis.remembered_window import remembered_days
from socd_tui.analysis.row_filter import Columns, parse_filter
from socd_tui.charts.glyphs import LADDER
from socd_tui.model.errors import SocdError, UsageError
from socd_tui.model.lens import Lens, Sort, visible
from socd_tui.model.window import longer, longest_days, parse_window, shorter
from socd_tui.store.export import default_path, export
from socd_tui.tui.help import Figures, Help
from socd_tui.tui.keymap import bindings, keymap
from socd_tui.tui.lines import Lines
from socd_tui.tui.palette import Commands
from socd_tui.tui.prompts import Choice, Prompt
from socd_tui.tui.refreshing import Refreshing
from socd_tui.tui.setup import Setup
from socd_tui.tui.theme import PALETTES
from socd_tui.views.document import document
from socd_tui.views.frame.formats import ENDINGS, Writable, format_of
from socd_tui.views.registry import view
from socd_tui.views.view import Motion

__all__ = ["Setup", "SocdApp"]


class SocdApp(Refreshing):
    """The program as people use it."""

    COMMANDS: ClassVar = {Commands}
    BINDINGS: ClassVar = bindings()

    def act(self, lens: Lens) -> None:
        """Take the Lens that the active pane asks for; the pane beside keeps a view of its own."""
        if self.pane == "second" and lens.view == self.second:
            lens = replace(lens, view=self.lens.view)
        self.look(lens)

    # --- moving ----------------------------------------------------------------------------------

    def action_view(self, name: str) -> None:
        if self.pane == "second":
            self.look(replace(self.lens, beside=name))
        else:
            self.look(replace(self.lens, view=name))

    def action_move(self, motion: Motion) -> None:
        if self.focused is not None and self.focused.id == "keys" and motion in ("up", "down"):
            self.action_next_key(1 if motion == "down" else -1)
            return
        seen, data = self.current()
        self.act(seen.moved(self.active_lens, data, motion))

    def action_next_key(self, step: int) -> None:
        ids = [key.id for key in visible(self.fleet, self.lens)]
        if ids:
            at = ids.index(self.lens.focus) + step if self.lens.focus in ids else 0
            self.look(replace(self.lens, focus=ids[min(max(at, 0), len(ids) - 1)]))

    def action_switch_focus(self, back: bool = False) -> None:
        if back:
            self.screen.focus_previous()
        else:
            self.screen.focus_next()
        self.call_after_refresh(self.paint)

    def action_enter(self) -> None:
        """Go to what the cursor is on, or show all its figures."""
        seen, data = self.current()
        if seen.enter is not None:
            self.act(seen.enter(self.active_lens, data))
        elif seen.details is not None and (details := seen.details(self.known, self.active_lens)):
            self.push_screen(Figures(details))
        else:
            self.notify("There is nothing more to show of this.", markup=False)

    async def action_back(self) -> None:
        """Undo the latest of: a running refresh, one pane, a filter, marks, a view."""
        lens, name = self.lens, self.active_lens.view
        if self.progress is not None:
            self.cancel_refresh()
            self.notify("Refresh cancelled. Press r to start it again.", markup=False)
        elif self.maximised:
            self.action_maximise()
        elif lens.filters.get(name):
            self.look(replace(lens, filters={**lens.filters, name: ""}))
        elif lens.marked:
            self.look(replace(lens, marked=frozenset()))
        elif lens.view != "overview":
            self.look(replace(lens, view="overview"))

    # --- choosing --------------------------------------------------------------------------------

    def action_mark(self) -> None:
        if self.lens.focus is not None:
            self.look(replace(self.lens, marked=self.lens.marked ^ {self.lens.focus}))

    def action_mark_all(self) -> None:
        every = frozenset(key.id for key in visible(self.fleet, self.lens))
        self.look(replace(self.lens, marked=frozenset() if self.lens.marked == every else every))

    def action_filter(self) -> None:
        columns, name = self._columns(), self.active_lens.view
        if columns is None:
            return

        def accept(text: str) -> str:
            parse_filter(text, columns)
            return text.strip()

        self.push_screen(
            Prompt(
                f"Show only the rows of {view(name).title} that match",
                accept,
                value=self.lens.filters.get(name, ""),
                hint="text, !text, /regex/, or a comparison such as requests>10k or err%>5; empty for all",
            ),
            lambda text: (
                self.look(replace(self.lens, filters={**self.lens.filters, name: text}))
                if text is not None
                else None
            ),
        )

    def action_sort(self) -> None:
        columns, name = self._columns(), self.active_lens.view
        if columns is not None:
            own = "(the view's own order)"
            choice = Choice(f"Sort {view(name).title} by", [own, *columns.names])
            self.push_screen(
                choice, lambda picked: self._sort(name, columns, picked, own) if picked else None
            )

    def _sort(self, name: str, columns: Columns, picked: str, own: str) -> None:
        sorts = {view_name: sort for view_name, sort in self.lens.sorts.items() if view_name != name}
        self.look(replace(self.lens, sorts=sorts if picked == own else {**sorts, name: columns.sort(picked)}))

    def action_reverse(self) -> None:
        name = self.active_lens.view
        sort = self.lens.sorts.get(name)
        if self._columns() is None:
            return
        if sort is None:
            self.notify("Sort by a column first: press s.", markup=False)
        else:
            turned = Sort(sort.column, not sort.descending)
            self.look(replace(self.lens, sorts={**self.lens.sorts, name: turned}))

    def _columns(self) -> Columns | None:
        """What the active pane can be narrowed by; says so when it has no rows."""
        seen = view(self.active_lens.view)
        if seen.columns is None:
            self.notify(f"{seen.title} has no rows to filter or sort.", markup=False)
        return seen.columns

    def action_window(self, step: int) -> None:
        remembered = remembered_days(self.fleet)
        days = (longer if step > 0 else shorter)(self.lens.days, remembered)
        self.look(replace(self.lens, days=days))

    def action_choose_window(self) -> None:
        remembered = remembered_days(self.fleet)
        further = f"longer, or all ({remembered}), as far as days are remembered here"
        prompt = Prompt(
            "Window in days",
            lambda typed: parse_window(typed, remembered),
            value=str(self.lens.days),
            hint=f"any up to {longest_days()}; {further}",
        )
        self.push_screen(prompt, lambda days: self.look(replace(self.lens, days=days)) if days else None)

    def action_compare(self) -> None:
        self.look(replace(self.lens, compare=not self.lens.compare))

    # --- looking ---------------------------------------------------------------------------------

    def action_zone(self) -> None:
        self.look(replace(self.lens, local=not self.lens.local))

    def action_fold(self) -> None:
        self.look(replace(self.lens, folded=not self.lens.folded))

    def action_scale(self) -> None:
        self.look(replace(self.lens, own_scale=not self.lens.own_scale))

    def action_maximise(self) -> None:
        self.maximised = not self.maximised
        self.paint()

    def action_theme(self) -> None:
        names = [palette.name for palette in PALETTES]
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        self.paint()

    def action_glyphs(self) -> None:
        self.draw_with(LADDER[(LADDER.index(self.glyphs) + 1) % len(LADDER)])
        self.paint()
        self.notify(f"Drawing with {self.glyphs.level} glyphs.", markup=False)

    def action_help(self) -> None:
        seen, data = self.current()
        self.push_screen(Help(seen, self.setup.keys, data.notes))

    # --- doing -----------------------------------------------------------------------------------

    def action_refresh_now(self) -> None:
        self.refresh_fleet(force=True)

    def action_auto_refresh(self) -> None:
        self.refresh_regularly(self.auto is None)
        every = f"{self.setup.refresh_every.total_seconds():.0f} s"
        started = f"Refreshing every {every}. Press R to stop."
        self.notify(started if self.auto else "No longer refreshing by itself.", markup=False)

    def action_export(self) -> None:
        path = default_path(self.setup.folder, self.active_lens, self.setup.clock())
        self._exported(lambda: self._export_to(path))

    def action_export_to(self) -> None:
        path = str(default_path(self.setup.folder, self.active_lens, self.setup.clock()))
        prompt = Prompt(
            "Export this view to",
            lambda text: self._export_to(_expanded(text)),
            value=path,
            hint=f"The ending of the name chooses the format: {ENDINGS}.",
        )
        self.push_screen(prompt, lambda done: self._exported(lambda: done) if done else None)

    def _export_to(self, path: Path) -> Path:
        """Writes what is shown, in the format that the name asks for; returns where. Raises SocdError."""
        format_, now = format_of(path), self.setup.clock()
        seen, data = self.current()
        figures = Writable(
            sheet=lambda: seen.sheet(data),
            json=lambda: document(
                seen, data, self.known, self.active_lens, generated_at=now, version=__version__
            ),
        )
        return export(path, format_.text(figures))

    def _exported(self, write: Callable[[], Path]) -> None:
        try:
            path = write()
            name = path.name if path.parent == self.setup.folder else path
            self.notify(f"Exported to {name}", markup=False)
        except SocdError as error:
            self.notify(str(error), severity="error", markup=False)

    def action_copy(self) -> None:
        """The read-out line is the pane's last."""
        text = self.lines(self.pane).text
        if text and text[-1].strip():
            self.copy_to_clipboard(text[-1].strip())
            self.notify("Copied the read-out line.", markup=False)

    # --- the mouse -------------------------------------------------------------------------------

    @on(Lines.Picked)
    def picked(self, event: Lines.Picked) -> None:
        # What a target means is the widget's to say: a pane's may be any text the service wrote.
        target = event.target
        if event.source.id in ("tabs", "rule", "footer"):
            kind, _, name = str(target).partition(":")
            actions = {key.id: key.action for key in keymap()}
            if kind == "view":
                self.action_view(name)
            elif name in actions:
                self.call_later(self.run_action, actions[name])
        elif event.source.id == "keys":
            self.look(replace(self.lens, focus=str(target)))
        else:
            self.act(view(self.active_lens.view).aim(self.active_lens, target))

    @on(Lines.Scrolled)
    def scrolled(self, event: Lines.Scrolled) -> None:
        self.screen.set_focus(event.source)  # at once: the widget's own `focus` would come after the move
        self.action_move("down" if event.down else "up")


def _expanded(text: str) -> Path:
    """The path that was typed, with `~` made whole. Raises UsageError for a user there is not."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise UsageError("There is no such user's folder.", "Type the path from the root.") from None
