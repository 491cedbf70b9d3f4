"""Asks the service once and waits for all of its answers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import aclosing

from socd_tui.commands.parts.command import OptionsT
from socd_tui.commands.parts.context import World, warn
from socd_tui.live.live import Live
from socd_tui.live.sources import Sources
from socd_tui.live.state import State
from socd_tui.model.lens import Lens, Wanted
from socd_tui.model.preferences import Preferences
from socd_tui.model.progress import Progress
from socd_tui.views.parts.how_far import how_far


async def answered(world: World[OptionsT], lens: Lens, windows: Callable[[Lens], Wanted | None]) -> State:
    """What one refresh ends with; what is remembered of the keys is in it. Raises what ended it early.

    `windows` says what is asked for the Lens, None for the list of keys alone.
    """
    sources = Sources(
        fleet=world.fleet(),
        clock=world.clock,
        steady=world.steady,
        session=world.signed_in(),
        memory=world.memory,
        watched=False,
        selectors=world.options.keys,
        windows=windows,
        preferences=Preferences(world.settings.owners),
    )
    live = Live(sources, lens)
    live.start()
    try:
        async with aclosing(live.states()) as states:
            async for state in states:
                _progress(state.progress)
                if not state.busy:
                    break
    finally:
        _progress(None)
        await live.close()
    for notice in live.state.notices:
        warn(notice)
    if live.state.error is not None:
        raise live.state.error
    return live.state


def _progress(progress: Progress | None) -> None:
    """How far it is, in a line that overwrites itself, for a person watching; nothing in a pipe."""
    if sys.stderr.isatty():
        text = how_far(progress) if progress is not None else ""
        print(f"\r{text:<60}\r", end="", file=sys.stderr, flush=True)
