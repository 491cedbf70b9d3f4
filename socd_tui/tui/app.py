"""The terminal program: holds one Fleet and one Lens, and repaints when either is replaced."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.timer import Timer

from socd_tui import __version__
from socd_tui.charts.canvas import Span
from socd_tui.charts.glyphs import Glyphs
from socd_tui.model.errors import Problem, SessionExpired, SocdError, UsageError
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, visible
from socd_tui.model.select import select
from socd_tui.model.session import Session
from socd_tui.model.window import longer, parse_days, shorter
from socd_tui.service.feed import Feed
from socd_tui.store.export import default_path, export
from socd_tui.tui import chrome
from socd_tui.tui.help import Help
from socd_tui.tui.keymap import bindings, keymap
from socd_tui.tui.lines import Lines
from socd_tui.tui.palette import Commands
from socd_tui.tui.prompts import Prompt, SignIn
from socd_tui.tui.theme import PALETTES, styles, textual_themes
from socd_tui.views.document import document
from socd_tui.views.keylist import draw_keys
from socd_tui.views.picture import picture
from socd_tui.views.registry import AnyView, view
from socd_tui.views.view import Data, Motion

BESIDE = 100
"""From this width the key list stands beside the panes that show one key."""

AUTO_REFRESH = timedelta(seconds=60)
"""The service's answers count as fresh for as long."""

CLOCK_TICK_S = 5.0
"""How often ages and countdowns are looked at; they are repainted only when their minute changes."""


@dataclass(frozen=True)
class Setup:
    """What the program is given: everything it would otherwise reach out for."""

    fleet: Fleet
    lens: Lens
    session: Session | None
    origin: str
    sign_in: Callable[[str], Session]
    """Makes and stores a session from what a person pasted, or raises a SocdError."""
    clock: Callable[[], datetime]
    folder: Path
    """Where exports go."""
    glyphs: Glyphs
    colour: bool = True
    theme: str = PALETTES[0].name
    selectors: tuple[str, ...] = ()
    """Keys the picture is restricted to, as typed; resolved when the list arrives."""
    feed: Callable[[Session, Callable[[], datetime]], Feed] = Feed


class SocdApp(App[None]):
    """Keys and mouse make a new Lens, answers make a new Fleet, each makes one repaint."""

    TITLE = "socd-tui"
    CSS_PATH = "app.tcss"
    COMMANDS: ClassVar = {Commands}
    BINDINGS: ClassVar = bindings()

    def __init__(self, setup: Setup) -> None:
        super().__init__(ansi_color=None if setup.colour else True)
        self.setup = setup
        self.fleet = setup.fleet
        self.lens = setup.lens
        self.session = setup.session
        self.problem: Problem | None = None
        self.crash: Exception | None = None
        self._progress: tuple[int, int] | None = None
        self._feed: Feed | None = None
        self._auto: Timer | None = None
        self._seen: tuple[AnyView, Data] | None = None
        for each in textual_themes():
            self.register_theme(each)
        self.theme = setup.theme

    def compose(self) -> ComposeResult:
        yield Lines(id="header")
        yield Lines(id="tabs")
        yield Lines(id="rule")
        with Horizontal(id="body"):
            yield Lines(id="keys", focusable=True)
            yield Lines(id="pane", focusable=True)
        yield Lines(id="footer")

    def on_mount(self) -> None:
        for lines in self.query(Lines):
            lines.glyphs = self.setup.glyphs
        self.query_one("#pane").focus()
        self.set_interval(CLOCK_TICK_S, self._paint_frame)
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        """After the first frame: ask for a token or for figures."""
        if self.session is None:
            self.ask_session("Sign in to see your keys' usage.")
        else:
            self.refresh_fleet()

    # --- the picture -----------------------------------------------------------------------------

    def look(self, lens: Lens) -> None:
        """Look through another Lens; fetch when it wants a window there is no answer for."""
        before, self.lens = self.lens, lens
        self.paint()
        if lens.days != before.days:
            self.refresh_fleet()

    @on(Lines.Resized)
    def paint(self) -> None:
        """Draw everything from (Fleet, Lens); only lines that changed reach the terminal."""
        seen = view(self.lens.view)
        data = seen.build(self.fleet, self.lens)
        self._seen = (seen, data)
        roles = styles(self.theme, self.setup.colour)
        keys = self.query_one("#keys", Lines)
        keys.set_class(seen.scope == "subject" and self.size.width >= BESIDE, "beside")
        pane = self.query_one("#pane", Lines)
        pane.show(picture(seen, data, self.fleet, self.lens, pane.canvas()), roles)
        if keys.display:
            keys.show(draw_keys(self.fleet, self.lens, keys.canvas()), roles)
        self._paint_frame()

    def _paint_frame(self) -> None:
        roles = styles(self.theme, self.setup.colour)
        width, now = self.size.width, self.setup.clock()
        total = len(visible(self.fleet, self.lens))
        message = (Span(self.problem.message, "bad"),) if self.problem and not self._progress else ()
        frame = {
            "#header": chrome.header(self.fleet, self.lens, self.session, now, width),
            "#tabs": chrome.tabs(self.lens, len(self.lens.marked), total, width),
            "#rule": chrome.rule(width, self.setup.glyphs, self._progress, message),
            "#footer": chrome.footer(keymap(), width),
        }
        for name, line in frame.items():
            self.query_one(name, Lines).show([line], roles)

    def screen_text(self) -> str:
        """The whole screen as text, line by line, without trailing blanks."""
        rows = [[] for _ in range(self.size.height)]  # type: list[list[str]]
        for widget in self.query(Lines):
            for y, line in enumerate(widget.text if widget.display else ()):
                row = rows[widget.region.y + y]
                row.append(line.rjust(len(line) + widget.region.x - sum(map(len, row))))
        return "\n".join("".join(row).rstrip() for row in rows)

    def _current(self) -> tuple[AnyView, Data]:
        seen = view(self.lens.view)
        return self._seen or (seen, seen.build(self.fleet, self.lens))

    # --- the service -----------------------------------------------------------------------------

    def refresh_fleet(self, force: bool = False) -> None:
        """Fetch what is missing or older than a minute; everything when forced."""
        if self.session is None:
            self.ask_session("Sign in to refresh.")
        else:
            self._fetch(self.session, force)

    @work(exclusive=True, group="refresh")
    async def _fetch(self, session: Session, force: bool) -> None:
        if self._feed is None:
            self._feed = self.setup.feed(session, self.setup.clock)
        self._progress, self.problem = (0, 0), None
        self._paint_frame()
        try:
            async with aclosing(
                self._feed.refresh(self.fleet, self.lens.days, selectors=self.setup.selectors, force=force)
            ) as updates:
                async for update in updates:
                    self.fleet, self._progress = update.fleet, (update.done, update.total)
                    self._first_look()
                    self.paint()
        except SessionExpired as error:
            await self._signed_out(error)
        except UsageError as error:
            self.exit(return_code=error.exit_code, message=str(error))
        except SocdError as error:
            self.problem = Problem.of(error)
            self.notify(str(error), severity="error", markup=False)
        finally:
            self._progress = None
            self.paint()

    def _first_look(self) -> None:
        """Once the keys are known: which of them the picture is about, and the cursor on one."""
        if self.setup.selectors and not self.lens.only:
            chosen = select(self.fleet.keys, self.setup.selectors)
            self.lens = replace(self.lens, only=tuple(key.id for key in chosen))
        if self.lens.focus is None and (keys := visible(self.fleet, self.lens)):
            self.lens = replace(self.lens, focus=keys[0].id)

    async def _signed_out(self, error: SessionExpired) -> None:
        """What is on screen stays; one question, and it goes on in place."""
        self.session = None
        await self._drop_feed()
        self.ask_session(error.message)

    async def _drop_feed(self) -> None:
        feed, self._feed = self._feed, None
        if feed is not None:
            await feed.aclose()

    def ask_session(self, reason: str) -> None:
        if isinstance(self.screen, SignIn):
            return

        def signed_in(session: Session | None) -> None:
            if session is not None:
                self.session = session
                self.refresh_fleet(force=True)
            self.paint()

        self.push_screen(SignIn(reason, self.setup.origin, self.setup.sign_in), signed_in)

    async def on_unmount(self) -> None:
        await self._drop_feed()

    # --- keys and mouse --------------------------------------------------------------------------

    def action_view(self, name: str) -> None:
        self.look(replace(self.lens, view=name))

    def action_move(self, motion: Motion) -> None:
        if self.focused is not None and self.focused.id == "keys" and motion in ("up", "down"):
            self.action_next_key(1 if motion == "down" else -1)
            return
        seen, data = self._current()
        self.look(seen.moved(self.lens, data, motion))

    def action_next_key(self, step: int) -> None:
        ids = [key.id for key in visible(self.fleet, self.lens)]
        if ids:
            at = ids.index(self.lens.focus) + step if self.lens.focus in ids else 0
            self.look(replace(self.lens, focus=ids[min(max(at, 0), len(ids) - 1)]))

    def action_switch_focus(self) -> None:
        self.screen.focus_next()

    def action_enter(self) -> None:
        seen, data = self._current()
        if seen.enter is not None:
            self.look(seen.enter(self.lens, data))

    async def action_back(self) -> None:
        """Undo the latest of: a running refresh, marks, a view."""
        if self._progress is not None:
            self.workers.cancel_group(self, "refresh")
            self.notify("Refresh cancelled. Press r to start it again.", markup=False)
        elif self.lens.marked:
            self.look(replace(self.lens, marked=frozenset()))
        elif self.lens.view != "overview":
            self.look(replace(self.lens, view="overview"))

    def action_mark(self) -> None:
        if self.lens.focus is not None:
            self.look(replace(self.lens, marked=self.lens.marked ^ {self.lens.focus}))

    def action_mark_all(self) -> None:
        every = frozenset(key.id for key in visible(self.fleet, self.lens))
        self.look(replace(self.lens, marked=frozenset() if self.lens.marked == every else every))

    def action_window(self, step: int) -> None:
        days = longer(self.lens.days) if step > 0 else shorter(self.lens.days)
        self.look(replace(self.lens, days=days))

    def action_choose_window(self) -> None:
        prompt = Prompt(
            "Window in days, 1 to 90", parse_days, value=str(self.lens.days), hint="1 7 14 30 60 90 or any"
        )
        self.push_screen(prompt, lambda days: self.look(replace(self.lens, days=days)) if days else None)

    def action_refresh_now(self) -> None:
        self.refresh_fleet(force=True)

    def action_auto_refresh(self) -> None:
        if self._auto is None:
            self._auto = self.set_interval(AUTO_REFRESH.total_seconds(), self._refresh_if_signed_in)
            self.notify("Refreshing every minute. Press R to stop.", markup=False)
        else:
            self._auto.stop()
            self._auto = None
            self.notify("No longer refreshing by itself.", markup=False)

    def _refresh_if_signed_in(self) -> None:
        if self.session is not None:
            self.refresh_fleet(force=True)

    def action_export(self) -> None:
        now = self.setup.clock()
        self._exported(lambda: self._export_to(default_path(self.setup.folder, self.lens, now)))

    def action_export_to(self) -> None:
        path = str(default_path(self.setup.folder, self.lens, self.setup.clock()))
        prompt = Prompt(
            "Export this view as JSON to", lambda text: self._export_to(Path(text).expanduser()), value=path
        )
        self.push_screen(prompt, lambda done: self._exported(lambda: done) if done else None)

    def _export_to(self, path: Path) -> Path:
        seen, data = self._current()
        text = document(
            seen, data, self.fleet, self.lens, generated_at=self.setup.clock(), version=__version__
        )
        return export(path, text)

    def _exported(self, write: Callable[[], Path]) -> None:
        try:
            path = write()
            name = path.name if path.parent == self.setup.folder else path
            self.notify(f"Exported to {name}", markup=False)
        except SocdError as error:
            self.notify(str(error), severity="error", markup=False)

    def action_copy(self) -> None:
        """The read-out line is the pane's last."""
        text = self.query_one("#pane", Lines).text
        if text and text[-1].strip():
            self.copy_to_clipboard(text[-1].strip())
            self.notify("Copied the read-out line.", markup=False)

    def action_theme(self) -> None:
        names = [palette.name for palette in PALETTES]
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        self.paint()

    def action_help(self) -> None:
        self.push_screen(Help(view(self.lens.view)))

    @on(Lines.Picked)
    def picked(self, event: Lines.Picked) -> None:
        target = event.target
        kind, _, name = str(target).partition(":")
        actions = {key.id: key.action for key in keymap()}
        if kind == "view":
            self.action_view(name)
        elif kind == "action" and name in actions:
            self.call_later(self.run_action, actions[name])
        elif event.source.id == "keys":
            self.look(replace(self.lens, focus=str(target)))
        else:
            self.look(view(self.lens.view).aim(self.lens, target))

    @on(Lines.Scrolled)
    def scrolled(self, event: Lines.Scrolled) -> None:
        event.source.focus()
        self.action_move("down" if event.down else "up")

    # --- the end ---------------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        """Textual would print local variables; keep the error for a report without them, and leave."""
        if self.crash is None:
            self.crash = error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()
