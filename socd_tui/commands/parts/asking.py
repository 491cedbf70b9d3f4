"""Asks the service once and waits for all of its answers."""

from __future__ import annotations

import sys
from contextlib import aclosing
from dataclasses import replace

from socd_tui.analysis.known import prepare
from socd_tui.commands.parts.command import OptionsT
from socd_tui.commands.parts.context import World, warn
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, Wanted
from socd_tui.service.feed import Feed


async def answered(world: World[OptionsT], asked: Wanted | None) -> Fleet:
    """What the service says of the chosen keys, with what is remembered of them.

    `asked` are the windows; None asks for the list of keys alone. Raises SocdError when that list does
    not come.
    """
    session = world.signed_in()
    fleet, feed = world.fleet(session), Feed(session, world.clock)
    try:
        async with aclosing(feed.refresh(fleet, asked, selectors=world.options.keys)) as updates:
            async for update in updates:
                fleet = update.fleet
                _progress(update.done, update.total)
    finally:
        _progress(0, 0)
        await feed.aclose()
    memory = world.memory(session)
    memory.keep(prepare(fleet, Lens()))
    for notice in memory.notices:
        warn(notice)
    past = memory.past()
    return replace(fleet, past={key.id: past[key.id] for key in fleet.keys if key.id in past})


def _progress(done: int, total: int) -> None:
    """A count that overwrites itself, for a person watching; nothing in a pipe."""
    if sys.stderr.isatty():
        text = f"{done}/{total} answers" if total and done < total else ""
        print(f"\r{text:<20}\r", end="", file=sys.stderr, flush=True)
