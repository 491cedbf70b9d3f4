"""What is on the screen when the program begins, before there is an app: what is known without asking."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from threading import Thread
from typing import TypeVar

from socd_tui.analysis.known import prepare
from socd_tui.charts.ansi import Depth
from socd_tui.live.clocks import Clocks
from socd_tui.live.recalled import Recalled, recalled
from socd_tui.live.sources import Sources
from socd_tui.live.state import State
from socd_tui.model.lens import Lens
from socd_tui.model.record import dataclass, field, replace
from socd_tui.model.trail import Trail
from socd_tui.tui.first_picture import FirstPicture, first_picture
from socd_tui.tui.first_screen import FirstScreen
from socd_tui.tui.setup import Setup
from socd_tui.tui.ward import ward

PATIENCE_S = 2.0
"""How long the first picture waits for what is remembered, which another process may hold."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, eq=False)
class Opening:
    """What the app begins with."""

    lens: Lens
    recalled: Recalled | None
    """What was known last, where that is shown."""
    picture: FirstPicture | None = None
    """What is on the screen."""
    screen: FirstScreen | None = None
    """The terminal that shows it; None where nothing is drawn yet."""
    now: datetime
    """The service's clock."""
    trail: Trail = field(default_factory=Trail)
    """The way to what is on the screen."""
    before: State | None = None
    """What was there before the service was asked; None where it has not been."""


@dataclass(frozen=True, eq=False)
class Meanwhile:
    """What has come of the keys."""

    opening: Opening
    code: int | None = None
    """The exit code, where one of them was to leave."""


def opened(sources: Sources, lens: Lens, setup: Setup, screen: FirstScreen | None) -> Opening:
    """Reads what was known last and draws it on the screen, if there is one."""
    last = _in_time(lambda: recalled(sources, lens), PATIENCE_S)
    state = last.state if last else _nothing_known(sources, lens)
    if setup.live and state.session is not None:  # as the app will begin
        state = replace(state, every=setup.unasked_pause(len(state.fleet.keys)))
    now = Clocks(sources.clock, sources.steady or sources.clock).service_now(state.fleet)
    if screen is None:
        return Opening(lens=lens, recalled=last, now=now)
    first = drawn(state, setup, screen, now)
    seen = first.scene.lens  # its focus is where the cursor is
    if last is not None:
        last = replace(last, state=replace(state, lens=seen))
    return Opening(lens=seen, recalled=last, picture=first, screen=screen, now=now)


def drawn(
    state: State, setup: Setup, screen: FirstScreen, now: datetime, trail: Trail | None = None
) -> FirstPicture:
    """What the State looks like, which is on the screen then; `now` is the service's clock."""
    picture = first_picture(state, setup, screen.size, now, trail or Trail())
    ward().quits = "quit" not in setup.keys
    screen.show(picture.lines, setup.looks(setup.theme, sixteen=setup.sixteen), _depth(setup))
    return picture


def _nothing_known(sources: Sources, lens: Lens) -> State:
    known = prepare(sources.fleet, lens, sources.preferences)
    return State(known=known, lens=lens, session=sources.session)


def _depth(setup: Setup) -> Depth:
    """As Rich tells it, which draws what follows."""
    if setup.sixteen:
        return "16"
    return "all" if os.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") else "256"


def _in_time(work: Callable[[], T], patience_s: float) -> T | None:
    """What the work returns or raises, from a thread; None where it takes longer, whatever comes of it."""
    answers: list[T] = []
    errors: list[BaseException] = []

    def settle() -> None:
        try:
            answers.append(work())
        except BaseException as error:  # noqa: BLE001  # raised where it is waited for
            errors.append(error)

    thread = Thread(target=settle, daemon=True)
    thread.start()
    thread.join(patience_s)
    if errors:
        raise errors[0]
    return answers[0] if answers else None
