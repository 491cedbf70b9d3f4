"""`tell`: what is known in plain sentences, one a line; with `--watch` what is new of it, as it comes up."""

from __future__ import annotations

from argparse import ArgumentParser

from socd_tui.commands.parts.command import WINDOW, Command, Options
from socd_tui.commands.parts.exit_codes import ExitCode
from socd_tui.model.errors import UsageError
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import timedelta

    from socd_tui.commands.parts.context import World
    from socd_tui.commands.parts.rounds import Pause
    from socd_tui.live.state import State
    from socd_tui.model.errors import SocdError
    from socd_tui.model.lens import Lens, Wanted
    from socd_tui.model.visit import Visit

SESSION_ENDS_S = 600
"""Seconds before the end of a session from which on that is told."""


@dataclass(frozen=True, kw_only=True)
class TellOptions(Options):
    watch: str | None = None


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--watch",
        nargs="?",
        const="60",
        metavar="SECONDS",
        help="go on, and say only what is new, every so many seconds (60)",
    )


def windows(lens: Lens) -> Wanted:
    """The window that is told of, and what says what is usual."""
    from socd_tui.model.lens import BASELINE, Wanted, shown_windows

    return Wanted.merged([shown_windows(lens), Wanted((), BASELINE)])


def run(world: World[TellOptions]) -> int:
    """Prints sentences. Exit 6 when some keys could not be read."""
    from socd_tui.commands.parts.windows import on_window
    from socd_tui.model.lens import Lens

    lens = on_window(world, Lens())
    if world.options.watch is not None:
        from socd_tui.commands.parts.rounds import ended_by_signal, seconds_between

        if world.output is not None:
            raise UsageError(
                "--watch adds to what was said, and --output replaces it.", "Redirect it: >> FILE."
            )
        if world.options.hide_names:
            raise UsageError("--watch tells names: what is new is of some key.", "Leave --hide-names out.")
        return ended_by_signal(watch(world, lens, seconds_between(world.options.watch)))
    from socd_tui.commands.parts.asking import figures
    from socd_tui.model.lens import visible
    from socd_tui.outputs.sentences import everything
    from socd_tui.views.frame.document import problems

    state = figures(world, lens, windows)
    world.emit("\n".join(everything(state.known, state.lens)))
    failed = problems(state.known, visible(state.fleet, state.lens))
    return ExitCode.SOME_KEYS if any(problem.key_id for problem in failed) else ExitCode.OK


async def watch(world: World[TellOptions], lens: Lens, every: timedelta, pause: Pause | None = None) -> int:
    """Prints everything once, and then only what is new. Ends by being cancelled."""
    import asyncio
    import sys
    from contextlib import aclosing

    from socd_tui.commands.parts.rounds import rounds

    teller = _Teller(world)
    async with aclosing(rounds(world, lens, windows, every, pause or asyncio.sleep)) as looks:
        async for look in looks:
            for line in teller.told(look):
                world.emit(line)
                sys.stdout.flush()
    return ExitCode.OK


class _Teller:
    """Knows what it has said."""

    def __init__(self, world: World[TellOptions]) -> None:
        self._world = world
        self._stood: dict[str, str] | None = None
        self._visit: Visit | None = None
        self._failure = ""
        self._warned_of: object = None

    def told(self, look: State | SocdError) -> list[str]:
        """What is new in this look, each line with its time."""
        from socd_tui.model.errors import SocdError

        if isinstance(look, SocdError):
            again, self._failure = self._failure == str(look), str(look)
            return [] if again else self._dated([str(look)])
        from socd_tui.analysis.news import news, seen
        from socd_tui.analysis.standing import standings
        from socd_tui.model.lens import visible
        from socd_tui.outputs.sentences import changes, everything, stood

        known, lens = look.known, look.lens
        rows = standings(known, lens)
        lines: list[str] = []
        if self._failure:
            self._failure = ""
            lines.append("Figures can be read again.")
        if self._stood is None:
            lines += everything(known, lens)
        else:
            keys = visible(known.fleet, lens)
            since = news(known, self._visit, keys) if self._visit else None
            lines += changes(since, self._stood, rows)
        self._stood, self._visit = stood(rows), seen(known) or self._visit
        return self._dated([*lines, *self._session(look)])

    def _session(self, look: State) -> list[str]:
        """That it ends soon, once for each."""
        from socd_tui.clock import duration

        session, now = look.session, look.fleet.now
        if session is None or session.expires_at is None or now is None or session is self._warned_of:
            return []
        left = session.expires_at - now
        if left.total_seconds() > SESSION_ENDS_S:
            return []
        self._warned_of = session
        follows = self._world.options.session_from is not None
        renew = "open the dashboard in Firefox" if follows else f"run `{self._world.login}`"
        return [f"The session ends in {duration(left)}: {renew} to go on."]

    def _dated(self, lines: list[str]) -> list[str]:
        at = f"{self._world.clock():%H:%M} UTC"
        return [f"{at}  {line}" for line in lines]


COMMAND = Command(
    name="tell",
    uses=WINDOW
    | {"demo", "offline", "open", "base_url", "profile", "session_from", "keys", "output", "hide_names"},
    options=TellOptions,
    arguments=arguments,
    side_by_side=True,
    alone={"watch": "--watch"},
    run=run,
)
