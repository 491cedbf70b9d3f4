"""The one way to figures: those that the service answers, or, where nothing is asked, those there are."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import aclosing
from typing import TYPE_CHECKING

from socd_tui.commands.parts.context import OptionsT, World, warn
from socd_tui.commands.parts.mishaps import run_tasks

if TYPE_CHECKING:
    from socd_tui.live.sources import Sources
    from socd_tui.live.state import State
    from socd_tui.model.errors import SocdError
    from socd_tui.model.lens import Lens, Wanted
    from socd_tui.model.progress import Progress
    from socd_tui.model.session import Session


def figures(
    world: World[OptionsT], lens: Lens, windows: Callable[[Lens], Wanted | None], *, whole: bool = False
) -> State:
    """What is known in the end, for a command that looks once. Raises what ended it early.

    `windows` says what is asked for the Lens, None for the list of keys alone; `whole`, that all that is
    remembered will be told.
    """
    if world.reads_only:  # without what it takes to ask, which takes longer to import than this to do
        from socd_tui.commands.parts.kept import kept

        state = kept(world, lens, whole=whole)
    else:
        state = run_tasks(answered(world, lens, windows))
    return without_names(state) if world.options.hide_names else state


def without_names(state: State) -> State:
    """Everything made anew from figures without names. Raises UsageError for a filter that says one."""
    from socd_tui.analysis.hiding import hidden, name_in
    from socd_tui.analysis.known import prepare
    from socd_tui.model.errors import UsageError
    from socd_tui.model.preferences import Preferences
    from socd_tui.model.record import replace

    fleet, owners = state.fleet, state.known.preferences.owners
    for text in state.lens.filters.values():
        if name_in(text, fleet, owners):
            raise UsageError("--filter says a name, and --hide-names hides it.", "Choose keys by --key.")
    made = hidden(fleet, owners, state.lens)
    known = prepare(made.fleet, made.lens, Preferences(made.owners, state.known.preferences.zone))
    return replace(state, known=known, lens=made.lens)


async def answered(world: World[OptionsT], lens: Lens, windows: Callable[[Lens], Wanted | None]) -> State:
    """The same, for a command that looks again and again.

    It is what one refresh ends with; what is remembered of the keys is in it.
    """
    if world.reads_only:
        from socd_tui.commands.parts.kept import kept

        return kept(world, lens)
    from socd_tui.live.live import Live

    live = Live(sources(world, windows, world.signed_in()), lens)
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
        raise for_a_shell(world, live.state.error)
    return live.state


def sources(
    world: World[OptionsT], windows: Callable[[Lens], Wanted | None], session: Session | None = None
) -> Sources:
    """Where a command without a screen has its figures from."""
    from socd_tui.live.sources import Sources
    from socd_tui.model.preferences import Preferences

    return Sources(
        fleet=world.fleet(),
        clock=world.clock,
        steady=world.steady,
        session=session,
        memory=world.memory,
        watched=False,
        selectors=world.options.keys,
        windows=windows,
        preferences=Preferences(world.settings.owners),
    )


def for_a_shell(world: World[OptionsT], error: SocdError) -> SocdError:
    """The same; of a session that has ended with what to do where there is no page to paste a token into."""
    from socd_tui.model.errors import SessionExpired

    if not isinstance(error, SessionExpired):
        return error
    if world.options.session_from is not None:
        return SessionExpired(error.message, "Open the dashboard in Firefox, which renews the session.")
    again = f"run `{world.login}`, or set SOCD_SESSION_TOKEN anew where that is set"
    return SessionExpired(error.message, f"Sign in to the dashboard in a browser, then {again}.")


def _progress(progress: Progress | None) -> None:
    """How far it is, in a line that overwrites itself, for a person watching; nothing in a pipe."""
    if sys.stderr.isatty():
        from socd_tui.views.parts.how_far import how_far

        text = how_far(progress) if progress is not None else ""
        print(f"\r{text:<60}\r", end="", file=sys.stderr, flush=True)
