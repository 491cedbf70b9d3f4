"""`line`: what is known in one line, for a status bar or a prompt; never asks, and never fails."""

from __future__ import annotations

from argparse import ArgumentParser

from socd_tui.commands.parts.command import Command, Options
from socd_tui.commands.parts.exit_codes import ExitCode
from socd_tui.model.errors import NothingStored, SocdError
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from socd_tui.commands.parts.context import World
    from socd_tui.model.line_values import LineValues

BARS = ("plain", "tmux", "waybar", "zsh")


@dataclass(frozen=True, kw_only=True)
class LineOptions(Options):
    format: str | None = None
    made_for: str = "plain"


def arguments(parser: ArgumentParser) -> None:
    from socd_tui.outputs.line import FIELDS, TEMPLATE

    parser.add_argument(
        "--format", metavar="TEMPLATE", help=f"text with fields (default '{TEMPLATE}')".replace("%", "%%")
    )
    parser.add_argument(
        "--for",
        dest="made_for",
        choices=BARS,
        help="what shows it, to escape what that obeys (default plain: names without what any of them obeys)",
    )
    fields = "; ".join(f"{{{name}}} {words}" for name, words in FIELDS.items())
    parser.epilog = f"fields: {fields}."


def run(world: World[LineOptions]) -> int:
    """Prints one line of what is stored. Exit 0, whatever is wrong: a bar has no place for anything else."""
    from socd_tui.commands.parts.context import warn
    from socd_tui.model.line_values import LineValues
    from socd_tui.outputs.line import TEMPLATE, Moment, line

    options, moment, values = world.options, Moment(now=world.clock()), LineValues()
    try:
        if options.demo:
            raise NothingStored("The demo stores nothing.", "Leave --demo out.")
        session = world.store.describe(world.origin)
        moment = Moment(now=moment.now, expires_at=session.expires_at, is_signed_in=session.present)
        values = _values(world)
    except SocdError as error:
        warn(str(error))
    except Exception as error:  # noqa: BLE001  # a mistake of ours is told beside the line, too
        from socd_tui.last_resort import told

        warn(told(error))
    template = TEMPLATE if options.format is None else options.format
    text, mistakes = line(template, values, moment, options.made_for)
    for mistake in mistakes:
        warn(mistake)
    world.emit(text)
    return ExitCode.OK


def _values(world: World[LineOptions]) -> LineValues:
    """What the fields say: as it was said last, where nothing has been stored since. Raises SocdError."""
    from socd_tui import __version__
    from socd_tui.model.token import account_of
    from socd_tui.store.line import LineFile, stamp

    session, now = world.session(), world.clock()
    file = LineFile(world.paths.state, world.origin, account_of(session.token) if session else "")
    stored = stamp(world.paths.data, world.paths.config)
    of = f"{__version__}; {stored}; {now:%Y-%m-%dT%H}; {world.days}; {world.options.keys!r}"
    values = file.read(of) if stored else None
    if values is None:
        values = _made(world)
        file.write(of, values)
    return values


def _made(world: World[LineOptions]) -> LineValues:
    """Of what is stored. Raises SocdError."""
    from socd_tui.commands.parts.kept import kept_nearest
    from socd_tui.model.lens import Lens
    from socd_tui.outputs.line_values import values

    try:
        state = kept_nearest(world, Lens(days=world.days))
    except NothingStored as error:
        raise NothingStored(
            error.message, "Run `socd-tui show overview` once: what it reads is kept."
        ) from None
    return values(state.known, state.lens)


COMMAND = Command(
    name="line",
    uses=frozenset({"demo", "offline", "base_url", "profile", "keys", "days", "output"}),
    options=LineOptions,
    arguments=arguments,
    run=run,
)
