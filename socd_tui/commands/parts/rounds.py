"""For a command that goes on: one look after the other, over failures, until somebody ends it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from socd_tui.commands.parts.asking import for_a_shell, sources
from socd_tui.commands.parts.context import OptionsT, World, warn
from socd_tui.commands.parts.kept import kept_nearest
from socd_tui.commands.parts.mishaps import run_tasks
from socd_tui.commands.parts.windows import moved_on
from socd_tui.live.live import Live
from socd_tui.live.state import State
from socd_tui.model.errors import SocdError, StoreError, UsageError
from socd_tui.model.lens import Lens, Wanted

if TYPE_CHECKING:
    from socd_tui.model.session import Session

Pause = Callable[[float], Awaitable[None]]
"""Waits for so many seconds."""

FRESH = timedelta(minutes=1)
"""As old answers may be and are not asked for again: rounds that follow sooner tell the same figures."""

_LEAST, _MOST = timedelta(seconds=1), timedelta(days=1)
_ENDING = (signal.SIGTERM, signal.SIGHUP)


async def rounds(
    world: World[OptionsT],
    lens: Lens,
    windows: Callable[[Lens], Wanted | None],
    every: timedelta,
    pause: Pause = asyncio.sleep,
) -> AsyncGenerator[State | SocdError, None]:
    """What is known in each round, or why nothing could be asked in it.

    A session that is stored meanwhile, by `socd-tui login`, is taken up. Raises UsageError where no key was
    ever what was typed.
    """
    if world.reads_only:
        while True:
            began = world.steady()
            yield _kept(world, moved_on(world, lens))
            await pause(_left(world, every, began))
    live = Live(sources(world, windows, world.session()), lens)
    live.start()
    said, begun = 0, False
    try:
        while True:
            began = world.steady()
            state = await _at_rest(live)
            world.tell()
            for notice in state.notices[said:]:
                warn(notice)
            said = len(state.notices)
            if isinstance(state.error, UsageError) and not begun:
                raise state.error
            begun = begun or state.error is None
            yield _outcome(world, state)
            await pause(_left(world, every, began))
            if (moved := moved_on(world, live.state.lens)) != live.state.lens:
                live.look(moved)
            if (session := _newer(world)) is not None:
                live.sign_in(session)
            elif state.session is not None:
                live.refresh(force=every >= FRESH)
    finally:
        await live.close()


def _kept(world: World[OptionsT], lens: Lens) -> State | SocdError:
    """What is stored by now."""
    try:
        return kept_nearest(world, lens)
    except SocdError as error:
        return error


def _left(world: World[OptionsT], every: timedelta, began: datetime) -> float:
    """Seconds until the next round: those that a slow one has taken up are left out."""
    return (every - (world.steady() - began) % every).total_seconds()


def ended_by_signal(work: Coroutine[Any, Any, int]) -> int:
    """What the work returns; 128+n where signal n ended it, after what it still had to do."""
    ended: list[int] = []

    async def run() -> int:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()

        def end(number: int) -> None:
            ended.append(number)
            if task is not None:
                task.cancel()

        for number in _ENDING:
            loop.add_signal_handler(number, end, number)
        try:
            return await work
        except asyncio.CancelledError:
            if not ended:
                raise
            return 128 + ended[0]

    return run_tasks(run())


async def _at_rest(live: Live) -> State:
    """The State in which nothing is under way any more."""
    async with aclosing(live.states()) as states:
        async for state in states:
            if not state.busy:
                return state
    return live.state


def _outcome(world: World[OptionsT], state: State) -> State | SocdError:
    if state.error is not None:
        return for_a_shell(world, state.error)
    return world.not_signed_in() if state.session is None else state


def _newer(world: World[OptionsT]) -> Session | None:
    with suppress(StoreError):  # it may be mended while this goes on
        return world.store.newer(world.origin)
    return None


def seconds_between(typed: str) -> timedelta:
    """From one round to the next. Raises UsageError."""
    from socd_tui.model.typed_duration import parse_duration

    return parse_duration(typed, least=_LEAST, most=_MOST, example="60", bare_s=True)
