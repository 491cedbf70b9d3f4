"""A start of the terminal program in this process: all that it reads, asks, draws and keeps."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn
from unittest import mock

from socd_tui.analysis.known import prepare
from socd_tui.charts.canvas import Canvas, Line, plain
from socd_tui.charts.glyphs import FULL
from socd_tui.commands.interactive import begun
from socd_tui.commands.parts.command import Options
from socd_tui.commands.parts.context import opened
from socd_tui.live.live import Live
from socd_tui.live.recalled import recalled
from socd_tui.live.state import State
from socd_tui.views.frame.picture import picture
from socd_tui.views.frame.scene import composed
from socd_tui.views.registry import views
from tests.account import KEYS, TOKEN, Account, answered
from tests.clock import NOW, Clock
from tests.loopback import Request
from tests.terminal.pseudo import environment

LIMIT_S = 20.0
"""How long a start may take before it counts as one that hangs."""

SCREEN = Canvas(80, 24, FULL)


class Hangs(BaseException):
    """It did not come to an end. No program catches what it does not know."""


@dataclass(frozen=True)
class Started:
    """What came of a start."""

    crash: str = ""
    """The exception that ended it, or that it hangs; empty when it went on."""
    notices: tuple[str, ...] = ()
    """What the person was told, beside the figures."""
    shown: str = ""
    """Every view, as drawn last."""
    signed_in: bool = False
    """It had a session of the account, or was given one when it asked."""


@dataclass
class Gate:
    """An account that answers once it may: what a start shows before that is what it remembers."""

    account: Account
    may_answer: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.account.behaviours[KEYS] = self._answer

    def _answer(self, request: Request) -> None:
        self.may_answer.wait(LIMIT_S)
        answered(self.account.listed, request)


def start(home: Path, gate: Gate, at: datetime = NOW) -> Started:
    """Starts the program for the person who lives there, signs in when asked, and waits until it rests."""
    return judged(lambda: _start(home, gate, Clock(at)))


def judged(run: Callable[[], Started], limit_s: float = LIMIT_S) -> Started:
    """What comes of it; a crash when it raises or hangs."""
    try:
        with ending_in(limit_s):
            return run()
    except Hangs:
        return Started(crash="hangs")
    except Exception as error:  # noqa: BLE001  # whatever ends a start is what is looked for
        return Started(crash=f"{type(error).__name__}: {str(error)[:120]}")


@contextmanager
def ending_in(limit_s: float) -> Iterator[None]:
    """Raises Hangs inside what has not come to an end by then."""

    def end(_: int, __: FrameType | None) -> NoReturn:
        raise Hangs

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _start(home: Path, gate: Gate, clock: Clock) -> Started:
    environ = environment(home, SOCD_BASE_URL=gate.account.origin)
    gate.may_answer.clear()
    try:
        with (
            mock.patch.dict(os.environ, environ, clear=True),
            opened(Options(), clock, clock, environ) as world,
        ):
            sources, lens, setup = begun(world)
            live = Live(sources, lens, recalled(sources, lens))
            asked = False

            async def run() -> str:
                nonlocal asked
                live.start()
                async with aclosing(live.states()) as states:
                    async for state in states:
                        if state.progress is not None and not gate.may_answer.is_set():
                            draw(state)
                            gate.may_answer.set()
                        if state.question is not None and state.session is None and not asked:
                            asked = True
                            live.sign_in(setup.sign_in(TOKEN))
                        elif not state.busy:
                            break
                await live.close()
                return draw(live.state)

            shown = asyncio.run(run())
            state = live.state
            if state.error is not None:
                raise state.error
            return Started("", (*state.notices, *world.news()), shown, not asked)
    finally:
        gate.may_answer.set()


def draw(state: State) -> str:
    """Every view as it is seen, and its file; then all that is remembered, as half a year shows it."""
    half_a_year = replace(state.lens, days=180)
    remembered = prepare(state.fleet, half_a_year, state.known.preferences, None)
    lines: list[Line] = []
    for view in views():
        for known, lens in ((remembered, half_a_year), (state.known, state.lens)):
            [built] = composed(known, lens, [view]).built
            lines += picture(view, built.pane, known, built.lens, SCREEN)
            built.pane.sheet()
            built.pane.json()
    return plain(lines)
