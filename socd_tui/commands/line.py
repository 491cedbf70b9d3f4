"""`line`: what is known in one line, for a status bar or a prompt; never asks, and never fails."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import dataclass
from typing import TYPE_CHECKING

from socd_tui.commands.parts.command import Command, Options
from socd_tui.commands.parts.exit_codes import ExitCode
from socd_tui.model.errors import NothingStored, SocdError

if TYPE_CHECKING:
    from socd_tui.commands.parts.context import World
    from socd_tui.outputs.line import Told

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
    fields = "; ".join(f"{{{name}}} {field.words}" for name, field in FIELDS.items())
    parser.epilog = f"fields: {fields}."


def run(world: World[LineOptions]) -> int:
    """Prints one line of what is stored. Exit 0, whatever is wrong: a bar has no place for anything else."""
    from socd_tui.commands.parts.context import warn
    from socd_tui.outputs.line import TEMPLATE, line

    options = world.options
    try:
        told = _told(world)
    except SocdError as error:
        warn(str(error))
        told = _nothing(world)
    except Exception as error:  # noqa: BLE001  # a mistake of ours is told beside the line, too
        from socd_tui.last_resort import told as told_of

        warn(told_of(error))
        told = _nothing(world)
    text, mistakes = line(TEMPLATE if options.format is None else options.format, told, options.made_for)
    for mistake in mistakes:
        warn(mistake)
    world.emit(text)
    return ExitCode.OK


def _told(world: World[LineOptions]) -> Told:
    """What is stored. Raises SocdError."""
    from socd_tui.commands.parts.kept import kept_nearest
    from socd_tui.model.lens import Lens
    from socd_tui.outputs.line import Told

    if world.options.demo:
        raise NothingStored("The demo stores nothing.", "Leave --demo out.")
    state = kept_nearest(world, Lens(days=world.days))
    session = world.store.describe(world.origin)
    return Told(
        known=state.known,
        lens=state.lens,
        now=world.clock(),
        expires_at=session.expires_at,
        is_signed_in=session.present,
    )


def _nothing(world: World[LineOptions]) -> Told:
    from socd_tui.model.lens import Lens
    from socd_tui.outputs.line import Told

    return Told(known=None, lens=Lens(days=world.days), now=world.clock())


COMMAND = Command(
    name="line",
    order=3,
    summary="print what is stored in one line, for tmux, waybar or a prompt",
    uses=frozenset({"demo", "base_url", "keys", "days", "output"}),
    options=LineOptions,
    arguments=arguments,
    run=run,
)
