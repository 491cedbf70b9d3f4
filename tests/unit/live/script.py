"""A service and a timer that do what a test says, when it says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from socd_tui.clock import Clock
from socd_tui.live.live import Live
from socd_tui.live.state import State
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Wanted
from socd_tui.model.progress import Progress
from socd_tui.model.session import Session
from socd_tui.service.feed import Feed
from socd_tui.service.source import Update

DEADLINE_S = 15.0
"""For what never happens; a wait ends as soon as its condition holds."""


@dataclass(eq=False, kw_only=True)
class Call:
    """One refresh: what it was asked for, and what it will say."""

    session: Session
    fleet: Fleet
    windows: Wanted | None
    selectors: tuple[str, ...]
    since: datetime | None
    steps: asyncio.Queue[Update | Exception | None] = field(default_factory=asyncio.Queue)
    over: bool = False
    """It has ended, or was stopped."""

    def answer(self, fleet: Fleet, done: int = 1, total: int = 1) -> None:
        self.steps.put_nowait(Update(fleet, Progress(done, total)))

    def fail(self, error: Exception) -> None:
        self.steps.put_nowait(error)

    def end(self) -> None:
        self.steps.put_nowait(None)


class Script:
    """Makes Feeds; `calls` are their refreshes, in order."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.open = 0
        """Feeds that were made and not closed."""
        self.wait_s = 0.0
        """So long the service wants not to be asked."""
        self._called = asyncio.Event()

    def feed(self, session: Session, clock: Clock) -> Feed:
        self.open += 1
        return _ScriptedFeed(self, session, clock)

    async def call(self, number: int = 1) -> Call:
        """The refresh of this number, as soon as it has begun."""
        async with asyncio.timeout(DEADLINE_S):
            while len(self.calls) < number:
                self._called.clear()
                await self._called.wait()
        return self.calls[number - 1]

    def begin(self, call: Call) -> None:
        self.calls.append(call)
        self._called.set()


class _ScriptedFeed(Feed):
    def __init__(self, script: Script, session: Session, clock: Clock) -> None:
        super().__init__(session, clock)
        self._script = script

    async def refresh(
        self,
        fleet: Fleet,
        wanted: Wanted | None,
        *,
        selectors: Sequence[str] = (),
        since: datetime | None = None,
    ) -> AsyncGenerator[Update, None]:
        call = Call(
            session=self.session, fleet=fleet, windows=wanted, selectors=tuple(selectors), since=since
        )
        self._script.begin(call)
        try:
            while (step := await call.steps.get()) is not None:
                if isinstance(step, Exception):
                    raise step
                yield step
        finally:
            call.over = True

    def wait_s(self, most: timedelta) -> float:
        return self._script.wait_s

    def leave(self) -> None:
        pass

    async def aclose(self) -> None:
        self._script.open -= 1


class Timers:
    """Calls that are due later; `pending` holds their delays in seconds."""

    def __init__(self) -> None:
        self._calls: dict[_Timer, Callable[[], None]] = {}

    @property
    def pending(self) -> list[float]:
        return [timer.delay_s for timer in self._calls]

    def later(self, delay_s: float, call: Callable[[], None]) -> _Timer:
        timer = _Timer(self._calls, delay_s)
        self._calls[timer] = call
        return timer

    def fire(self) -> None:
        """The time of the one pending call has come."""
        [(timer, call)] = self._calls.items()
        timer.cancel()
        call()


@dataclass(eq=False)
class _Timer:
    calls: dict[_Timer, Callable[[], None]]
    delay_s: float

    def cancel(self) -> None:
        self.calls.pop(self, None)


async def until(live: Live, holds: Callable[[State], object]) -> State:
    """The first State, from the newest on, for which it holds."""
    async with asyncio.timeout(DEADLINE_S):
        async for state in live.states():
            if holds(state):
                return state
    raise AssertionError(f"closed before; the last: {live.state}")


async def rest(live: Live) -> State:
    """The State when nothing is under way."""
    return await until(live, lambda state: not state.busy)
