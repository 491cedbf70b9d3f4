"""`keys`: the account's keys, without their usage."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import dataclass
from typing import TYPE_CHECKING

from socd_tui.commands.parts.command import Command, Options

if TYPE_CHECKING:
    from socd_tui.commands.parts.context import World


@dataclass(frozen=True, kw_only=True)
class KeysOptions(Options):
    format: str = "table"


def arguments(parser: ArgumentParser) -> None:
    from socd_tui.views.frame.formats import FIGURES

    parser.add_argument("--format", choices=FIGURES)


def run(world: World[KeysOptions]) -> int:
    """Prints the account's keys."""
    import json

    from socd_tui.commands.parts.asking import figures
    from socd_tui.commands.parts.context import warn
    from socd_tui.model.lens import Lens
    from socd_tui.views.frame.formats import Writable, format_named
    from socd_tui.views.frame.keylist import keys_document, sheet
    from socd_tui.views.parts.notes import clock_note

    fleet = figures(world, Lens(), lambda _: None).fleet
    writable = Writable(sheet=lambda: sheet(fleet), json=lambda: json.dumps(keys_document(fleet), indent=2))
    world.emit(format_named(world.options.format).text(writable))
    if note := clock_note(fleet):
        warn(note)
    for problem in fleet.problems:
        warn(f"{problem.message} {problem.next_step}".rstrip())
    return 0


COMMAND = Command(
    name="keys",
    order=3,
    summary="print the account's keys",
    uses=frozenset({"demo", "offline", "base_url", "profile", "session_from", "output", "hide_names"}),
    options=KeysOptions,
    arguments=arguments,
    side_by_side=True,
    run=run,
)
