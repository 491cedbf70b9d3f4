"""`spec`: everything that can be typed and everything that comes back, for programs that call this one."""

from __future__ import annotations

from socd_tui.commands.parts.command import Command, Options
from socd_tui.commands.parts.exit_codes import ExitCode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from socd_tui.commands.parts.context import World


def run(world: World[Options]) -> int:
    """Prints commands, options, exit codes, views and columns as JSON."""
    import json

    from socd_tui.commands.parts.command_line import spec

    world.emit(json.dumps(spec(), indent=2))
    return ExitCode.OK


COMMAND = Command(
    name="spec",
    uses=frozenset({"output"}),
    options=Options,
    run=run,
)
