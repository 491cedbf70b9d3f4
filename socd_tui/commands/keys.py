"""`keys`: the account's keys, without their usage."""

from __future__ import annotations

from argparse import ArgumentParser

from socd_tui.commands.parts.command import Command, Options
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
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
    from socd_tui.commands.parts.problems import warn_of_problems
    from socd_tui.model.lens import Lens
    from socd_tui.views.frame.formats import Writable, format_named
    from socd_tui.views.frame.keylist import keys_document, sheet

    known = figures(world, Lens(), lambda _: None).known
    fleet = known.fleet
    writable = Writable(sheet=lambda: sheet(fleet), json=lambda: json.dumps(keys_document(fleet), indent=2))
    world.emit(format_named(world.options.format).text(writable))
    warn_of_problems(known, ())
    return 0


COMMAND = Command(
    name="keys",
    uses=frozenset({"demo", "offline", "base_url", "profile", "session_from", "output", "hide_names"}),
    options=KeysOptions,
    arguments=arguments,
    side_by_side=True,
    run=run,
)
