"""The program's state: one Fleet, one Lens, and a repaint when either is replaced."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.filter import LineFilter
from textual.timer import Timer
from textual.worker import WorkerFailed

from socd_tui.analysis.findings import findings
from socd_tui.analysis.reach import reach
from socd_tui.charts.canvas import Line, Span
from socd_tui.charts.glyphs import Glyphs
from socd_tui.memory import Memory
from socd_tui.model.errors import Problem, SessionExpired, SocdError, UsageError
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, visible, wanted
from socd_tui.model.past import Past
from socd_tui.model.select import select
from socd_tui.model.session import Session
from socd_tui.service.feed import Feed
from socd_tui.tui import chrome
from socd_tui.tui.filter import Printable
from socd_tui.tui.keymap import keymap
from socd_tui.tui.lines import Lines
from socd_tui.tui.prompts import SignIn
from socd_tui.tui.theme import PALETTES, Styles, styles, textual_themes
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
    connect: Callable[[], Session] | None = None
    """Makes the session after the first frame, in a thread: for what takes its time, as a demo service."""
    colour: bool = True
    theme: str = PALETTES[0].name
    selectors: tuple[str, ...] = ()
    """Keys the picture is restricted to, as typed; resolved when the list arrives."""
    feed: Callable[[Session, Callable[[], datetime]], Feed] = Feed
    local_zone: tzinfo = UTC
    refresh_every: timedelta = timedelta(seconds=60)
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys by binding id, where a person wants others than the key map's."""
    memory: Callable[[Session], Memory] | None = None
    """What this machine remembers of the session's account."""
    news: Callable[[], Sequence[str]] = tuple
    """Gives out what a person should be told, each sentence once: at the start and after a sign-in."""


class Cockpit(App[None]):
    """Shows the Fleet through the Lens. What keys and mouse do is in `SocdApp`."""

    TITLE = "socd-tui"
    CSS_PATH: ClassVar = "app.tcss"

    def __init__(self, setup: Setup) -> None:
        super().__init__(ansi_color=None if setup.colour else True)
        self.setup = setup
        self.fleet = setup.fleet
        self.lens = setup.lens
        self.session = setup.session
        self.glyphs = setup.glyphs
        self.maximised = False
        self.problem: Problem | None = None
        self.crash: BaseException | None = None
        self.progress: tuple[int, int] | None = None
        self.auto: Timer | None = None
        self._next_refresh: datetime | None = None
        self._feed: Feed | None = None
        self._memory: Memory | None = None
        self._past: Mapping[str, Past] = {}
        self._latest: object = None
        self._seen: dict[str, tuple[AnyView, Data]] = {}
        self._printable = Printable(ascii_only=setup.glyphs.level == "ascii")
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
            yield Lines(id="second", focusable=True)
        yield Lines(id="footer")

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self._printable]

    def on_mount(self) -> None:
        self.set_keymap(dict(self.setup.keys))
        self.draw_with(self.setup.glyphs)
        self.lines("pane").focus()
        self.set_interval(CLOCK_TICK_S, self._paint_frame)
        self.call_after_refresh(self._start)

    async def _start(self) -> None:
        """After the first frame: ask for a token or for figures."""
        self._tell_news()
        if self.session is None and self.setup.connect is not None:
            self.session = await asyncio.to_thread(self.setup.connect)
            self.fleet = replace(self.fleet, base_url=self.session.origin)
        if self.session is None:
            self.ask_session("Sign in to see your keys' usage.")
        else:
            await self._recall(self.session)
            self.refresh_fleet()

    async def _recall(self, session: Session) -> None:
        """Show what was known of this account last, while the service is being asked."""
        if self.setup.memory is None:
            return
        self._memory = await asyncio.to_thread(self.setup.memory, session)
        if not self.fleet.keys:
            self.fleet = await asyncio.to_thread(self._memory.last, self.fleet)
            with suppress(UsageError):  # a key that was not there then may be there now
                self._first_look()
            self.paint()
        self._look_back()

    @work(group="memory")
    async def _look_back(self) -> None:
        """Read all that is remembered, which may take longer than the service's answer."""
        if self._memory is not None:
            self._past = await asyncio.to_thread(self._memory.past)
            self._take(self.fleet)
            self.paint()

    async def _keep(self) -> None:
        """Add to what is remembered what was learnt."""
        if self._memory is not None:
            await asyncio.to_thread(self._memory.keep, self.fleet)
            if not self._exit:
                self._tell(self._memory.notices)

    def _take(self, fleet: Fleet) -> None:
        """A newer Fleet, with what is remembered and the longer windows made from it."""
        self.fleet = reach(replace(fleet, past=self._past), self.lens.days)

    def _tell_news(self) -> None:
        self._tell(self.setup.news())

    def _tell(self, sentences: Iterable[str]) -> None:
        for sentence in sentences:
            self.notify(sentence, markup=False, timeout=10)

    def lines(self, id_: str) -> Lines:
        # Of the main screen: a prompt may be on top of it.
        return self.screen_stack[0].query_one(f"#{id_}", Lines)

    # --- the picture -----------------------------------------------------------------------------

    def look(self, lens: Lens) -> None:
        """Look through another Lens; fetch when it wants a window there is no answer for."""
        before, self.lens = self.lens, lens
        if lens.days != before.days:
            self._take(self.fleet)
        if lens.days != before.days and self.session is None:
            self._unreached(Problem("not_signed_in", "You are signed out.", "Press r to sign in."))
        self.paint()
        if wanted(lens) != wanted(before) and self.session is not None:
            self.refresh_fleet()

    def draw_with(self, glyphs: Glyphs) -> None:
        """Change the glyphs while running."""
        self.glyphs = glyphs
        self._printable.ascii_only = glyphs.level == "ascii"
        for lines in self.screen_stack[0].query(Lines):
            lines.glyphs = glyphs
        for widget in self.screen.walk_children():  # messages too: they are drawn once and kept
            widget.refresh()

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
        return self._seen.get(self.pane) or (seen, seen.build(self.fleet, self.active_lens))

    @on(Lines.Resized)
    def paint(self) -> None:
        """Draw everything from (Fleet, Lens); only lines that changed reach the terminal."""
        if self._exit:  # a refresh that the end cut short: the widgets may be gone
            return
        self._arrange()
        self._follow_cursor()
        roles = styles(self.theme, self.setup.colour)
        keys, second = self.lines("keys"), self.lines("second")
        if keys.display:
            keys.show(draw_keys(self.fleet, self.lens, keys.canvas()), roles)
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
                cursor = seen.build(self.fleet, replace(self.lens, view=name)).cursor
                if cursor is not None:
                    self.lens = replace(self.lens, focus=seen.aim(self.lens, cursor).focus)
                return

    def _paint_pane(self, id_: str, lens: Lens, roles: Styles) -> None:
        seen, pane = view(lens.view), self.lines(id_)
        data = seen.build(self.fleet, lens)
        self._seen[id_] = (seen, data)
        canvas, head = pane.canvas(), list[Line]()
        if self.two_panes:
            head = [chrome.pane_title(seen, self.fleet, lens, canvas.width, focused=self.pane == id_)]
        body = canvas.sized(height=canvas.height - len(head))
        pane.show([*head, *picture(seen, data, self.fleet, lens, body)], roles)

    def _paint_frame(self) -> None:
        roles = styles(self.theme, self.setup.colour)
        width, now = self.size.width, self.setup.clock()
        total = len(visible(self.fleet, self.lens))
        message = (Span(self.problem.message, "bad"),) if self.problem and not self.progress else ()
        # Of two panes each says itself what narrows it.
        narrowing = () if self.two_panes else chrome.narrowing(self.active_lens)
        chips = (*chrome.comparing(self.fleet, self.active_lens), *narrowing, *chrome.marks(self.lens, total))
        frame = {
            "header": chrome.header(
                self.fleet, self.active_lens, self.session, now, width, self._next_refresh
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
        self.progress, self.problem = (0, 0), None
        self._latest = latest = object()
        self._paint_frame()
        # Ids once they are known: a key that is renamed meanwhile is still the one that was meant.
        selectors = self.lens.only or self.setup.selectors
        try:
            async with aclosing(
                self._feed.refresh(self.fleet, wanted(self.lens), selectors=selectors, force=force)
            ) as updates:
                async for update in updates:
                    # In a thread, and kept: what a frame then asks for again costs it nothing.
                    await asyncio.to_thread(findings, update.fleet, visible(update.fleet, self.lens))
                    self._take(replace(update.fleet, mode=self.setup.fleet.mode))
                    self.progress = (update.done, update.total)
                    self._first_look()
                    self.paint()
        except SessionExpired as error:
            await self._signed_out(error)
        except SocdError as error:
            if isinstance(error, UsageError) and not self.lens.only:
                self.exit(return_code=error.exit_code, message=str(error))
            self.problem = Problem.of(error)
            self.notify(str(error), severity="error", markup=False)
        finally:
            await self._keep()
            if self._latest is latest:  # else a newer refresh has begun, and what follows is its to say
                self.progress = None
                if self.auto is not None:
                    self._next_refresh = self.setup.clock() + self.setup.refresh_every
                self.paint()

    def cancel_refresh(self) -> None:
        """Stop the running refresh; keys it did not reach say so."""
        self.workers.cancel_group(self, "refresh")
        self._unreached(Problem("cancelled", "The refresh was cancelled.", "Press r to start it again."))

    def _unreached(self, problem: Problem) -> None:
        """Keys that are waiting for an answer which will not come."""
        days = self.lens.days
        waiting = [key.id for key in self.fleet.keys if self.fleet.usage(key.id, days) is None]
        told = {(key_id, days): replace(problem, key_id=key_id) for key_id in waiting}
        self.fleet = replace(self.fleet, failures={**told, **self.fleet.failures})

    def refresh_regularly(self, on_: bool) -> None:
        """Refresh every so often, or no longer."""
        if self.auto is not None:
            self.auto.stop()
        every = self.setup.refresh_every
        self.auto = self.set_interval(every.total_seconds(), self._refresh_if_signed_in) if on_ else None
        self._next_refresh = self.setup.clock() + every if on_ else None
        self._paint_frame()

    def _refresh_if_signed_in(self) -> None:
        """Not while one runs: a slow service would be asked over and over and never heard to the end."""
        if self.session is not None and self.progress is None:
            self.refresh_fleet(force=True)

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
        self.problem = Problem.of(error)
        self._unreached(self.problem)
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
                self._tell_news()
                self.run_worker(self._recall(session), group="memory")
                self.refresh_fleet(force=True)
            self.paint()

        self.push_screen(SignIn(reason, self.setup.origin, self.setup.sign_in), signed_in)

    async def on_unmount(self) -> None:
        await self._drop_feed()

    # --- the end ---------------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        """Textual would print local variables; keep the error for a report without them, and leave."""
        if self.crash is None:
            self.crash = error.error if isinstance(error, WorkerFailed) else error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()
