"""A person in front of the program: the real app, a real service on loopback, and a clock that obeys.

async with visit(service, folder) as person:
    await person.shows("total 9 of 10 keys")
    await person.to("threat-notebook")
    await person.press("enter")
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime
from io import StringIO
from pathlib import Path
from time import monotonic
from typing import Any

from rich.console import Console
from textual.events import Key, MouseScrollDown, MouseScrollUp, Paste
from textual.geometry import Region
from textual.keys import _character_to_key
from textual.pilot import Pilot

from socd_tui.charts.glyphs import FULL
from socd_tui.live.live import Live
from socd_tui.live.sources import Sources
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, visible
from socd_tui.model.session import Secret, Session
from socd_tui.model.target import KeyTarget
from socd_tui.model.token import parse_token
from socd_tui.service.client import Client
from socd_tui.service.demo import DemoServer
from socd_tui.service.demo.fleet import DemoKey
from socd_tui.service.feed import Feed
from socd_tui.service.retry import LONGEST_PAUSE
from socd_tui.store.paths import Paths
from socd_tui.store.session import SessionStore
from socd_tui.tui.app import SocdApp
from socd_tui.tui.exporting import GROUP as EXPORTING
from socd_tui.tui.setup import Setup
from socd_tui.views.frame.scene import windows
from tests.account import Account
from tests.clock import NOW

DEADLINE_S = 60.0
"""For what never happens; a wait ends as soon as its condition holds."""

HEADINGS = ("key", "owner, key", "endpoint", "code")
"""With what the heading of a table begins."""


class ImpatientFeed(Feed):
    """The real thing, but for the pauses between attempts."""

    def __init__(self, session: Session, clock: Callable[[], datetime]) -> None:
        super().__init__(session, clock)
        self._client = Client(session, clock=clock, pause=_at_once)


async def _at_once(seconds: float) -> None:
    """Between attempts; a wait for the service's limit is one, as its clock may stand still."""
    await asyncio.sleep(0 if seconds <= LONGEST_PAUSE.total_seconds() else seconds)


@contextmanager
def service(clock: Callable[[], datetime], **options: Any) -> Iterator[DemoServer]:
    """The demo account, with a rate limit that a standing clock never reaches."""
    with DemoServer(**{"clock": clock, "requests_per_minute": 1_000_000, **options}) as server:
        yield server


def renamed(server: DemoServer, *names: str) -> None:
    """Gives the account's first keys other names, which nobody ever checked."""
    keys = server.truth.keys
    fresh = [replace(key, role=replace(key.role, name=name)) for key, name in zip(keys, names, strict=False)]
    server.truth.keys = (*fresh, *keys[len(fresh) :])


def named(server: DemoServer, name: str) -> DemoKey:
    return next(key for key in server.truth.keys if key.role.name == name)


def requests(server: DemoServer, *names: str, days: int = 14, now: datetime = NOW) -> str:
    """How many requests these keys made, as the service knows and the screen should say."""
    keys = [key for key in server.truth.keys if key.role.name in names]
    assert len(keys) == len(names), "a name is wrong, or two keys share it"
    return f"{sum(server.truth.traffic(key, days, now).total for key in keys):,}"


class Person:
    """What one can do at the keyboard, and what one sees."""

    def __init__(self, app: SocdApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def text(self) -> str:
        """Everything on the screen, prompts and messages included."""
        width, height = self.app.size
        console = Console(
            width=width, height=height, file=StringIO(), color_system=None, legacy_windows=False
        )
        below = self.app._background_screens
        console.print(self.app.screen._compositor.render_update(full=True, screen_stack=below))
        written = console.file
        assert isinstance(written, StringIO)
        return "\n".join(line.rstrip() for line in written.getvalue().rstrip("\n").split("\n"))

    @property
    def front(self) -> str:
        """A prompt, help or details alone, without the picture before which they stand."""
        return within(self.lines, self._boxes)

    @property
    def messages(self) -> str:
        """What was told in passing, which is wrapped beside whatever else is on the screen."""
        return within(self.lines, self._toasts)

    @property
    def _boxes(self) -> list[Region]:
        return [box.region for box in self.app.screen.query(".box")]

    @property
    def _toasts(self) -> list[Region]:
        return [toast.content_region for toast in self.app.screen.query("Toast")]

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @property
    def head(self) -> str:
        """The lines above the figures: whose, which views, what is marked or wrong."""
        return "\n".join(self.lines[:3])

    @property
    def pane(self) -> list[str]:
        """The pane that keys act on, with what stands over it, without what surrounds it."""
        desk = self.app.desk
        banner = desk.lines("banner")
        over = banner.text if banner.display and desk.pane == "pane" else []
        return [line.rstrip() for line in (*over, *desk.lines(desk.pane).text)]

    @property
    def table(self) -> list[str]:
        """The pane from the heading of its table on, without the sentences above it."""
        pane = self.pane
        return pane[next(y for y, line in enumerate(pane) if line[1:].startswith(HEADINGS)) :]

    @property
    def findings(self) -> list[str]:
        """The sentences above the table."""
        above = self.pane[: -len(self.table)]
        ruled = [y for y, line in enumerate(above) if line.startswith(("────────", "--------"))]
        return [line.strip() for line in above[ruled[-1] + 1 if ruled else 0 :]]

    def row(self, name: str) -> str:
        """What the table says of one key or path: the line that begins with it."""
        return next(line for line in self.table if line[1:].lstrip().startswith(name))

    @property
    def at(self) -> str:
        """The name of the key under the cursor."""
        key = self.app.fleet.key(self.app.lens.focus or "")
        return key.name.shown if key else ""

    async def to(self, name: str) -> None:
        """Puts the cursor on the first key of that name."""
        key = next(each for each in visible(self.app.fleet, self.app.lens) if each.name.shown == name)
        self.app.look(self.app.lens.at(KeyTarget(key.id)))
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Keys by Textual's names or as characters. The pilot's own `press` rests thrice after each."""
        for key in keys:
            name = key if len(key) > 1 or key.isalnum() else _character_to_key(key)
            screens = len(self.app.screen_stack)
            self.app.post_message(Key(name, key if len(key) == 1 else None))
            await self.pilot.pause(0)
            if len(self.app.screen_stack) != screens:  # what is typed next is for the new screen
                await self.pilot.pause()
            await self.app.painted()
        await self.pilot.pause()
        await self.app.painted()

    async def resize(self, width: int, height: int) -> None:
        await self.pilot.resize_terminal(width, height)
        await self.until(lambda: self.app.size == (width, height))
        await self.pilot.pause()

    def where(self, word: str) -> tuple[int, int]:
        """Column and line of the first place a word stands."""
        y, line = next((y, line) for y, line in enumerate(self.lines) if word in line)
        return line.index(word), y

    async def click(self, word: str) -> None:
        await self.pilot.click(offset=self.where(word))
        await self.pilot.pause()

    async def click_row(self, name: str) -> None:
        """Clicks a row of the table; findings above it may have the same name."""
        row = self.row(name)
        await self.pilot.click(offset=(row.index(name), self.lines.index(row)))
        await self.pilot.pause()

    async def wheel(self, *, down: bool, over: str = "#pane") -> None:
        event = MouseScrollDown if down else MouseScrollUp
        await self.pilot._post_mouse_events([event], widget=over, offset=(2, 2))
        await self.pilot.pause()

    async def write(self, text: str) -> None:
        """Types a text, key by key."""
        await self.press(*text)

    async def paste(self, text: str) -> None:
        """As the terminal hands over a bracketed paste."""
        target = self.app.focused or self.app.screen
        target.post_message(Paste(text))
        await self.pilot.pause()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Waits until it holds. The pilot's `pause`, which draws each time, comes once, at the end."""
        ends = monotonic() + DEADLINE_S
        if holds():
            return
        while not holds():
            assert monotonic() < ends, f"waited in vain; on the screen:\n{self.text}"
            await asyncio.sleep(0.02)
        await self.pilot.pause(0)

    async def shows(self, *words: str) -> None:
        """Waits until all the words are on the screen, over however many lines."""

        def shown() -> bool:
            lines = self.lines
            drawn = "\n".join(lines), within(lines, self._boxes), within(lines, self._toasts)
            seen = [" ".join(each.split()) for each in drawn]
            return all(any(word in each for each in seen) for word in words)

        await self.until(shown)

    async def rests(self) -> None:
        """Waits until nothing is under way, and all of it is on the screen."""
        await self.until(lambda: not self.app.live.state.busy and self.app.shown is self.app.live.state)
        await self.pilot.pause()

    async def exported(self) -> None:
        """Waits until nothing is being written."""
        await self.until(
            lambda: all(work.is_finished for work in self.app.workers if work.group == EXPORTING)
        )


def within(lines: Sequence[str], regions: Sequence[Region]) -> str:
    """What stands in these parts of the screen, one after the other."""
    return "\n".join(line[each.x : each.right] for each in regions for line in lines[each.y : each.bottom])


def readout(person: Person) -> str:
    """The line under the figures that says all of what the cursor is on."""
    return person.pane[-1].strip()


@asynccontextmanager
async def visit(
    server: DemoServer | Account,
    home: Path,
    *,
    clock: Callable[[], datetime],
    size: tuple[int, int] = (119, 36),
    signed_in: bool = True,
    patient: bool = True,
    days: int = 14,
    lens: Lens | None = None,
    origin: str = "",
    landing: bool = False,
    **changes: Any,
) -> AsyncIterator[Person]:
    """Starts the program as `socd-tui` would; `changes` are fields of its Sources and its Setup.

    A `patient` person first waits for the figures, and goes to the key that the service lists first; with
    `landing` stays where the program opens. `origin` may be another address than the server's.
    """
    origin = origin or server.base_url
    store = SessionStore(Paths.under(home / "home"), {}, clock)
    session = Session(Secret(server.token), origin, server.expires_at, "environment")
    sources = Sources(
        fleet=Fleet(mode="live", base_url=origin),
        clock=clock,
        session=session if signed_in else None,
        feed=ImpatientFeed,
        windows=windows,
    )
    setup = Setup(
        origin=origin,
        sign_in=lambda pasted: store.save(parse_token(pasted, clock()), origin),
        clock=clock,
        folder=home,
        glyphs=FULL,
    )
    of_sources = {name: changes.pop(name) for name in [*changes] if hasattr(sources, name)}
    live = Live(replace(sources, **of_sources), lens or Lens(days=days))
    app = SocdApp(live, replace(setup, **changes))
    app.NOTIFICATION_TIMEOUT = DEADLINE_S  # type: ignore[misc]  # else a busy machine misses what was said
    async with app.run_test(size=size, notifications=True) as pilot:
        person = Person(app, pilot)
        await pilot.pause()
        if signed_in and patient:
            await person.rests()
            if not landing and lens is None and (keys := visible(app.fleet, app.lens)):
                await person.to(keys[0].name.shown)
        yield person
        app.exit()
