"""`doctor`: what works here, and what to do about the rest."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence

from socd_tui.commands.parts.command import Command, Options
from socd_tui.commands.parts.exit_codes import ExitCode
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from socd_tui.commands.parts.checkup import Checked
    from socd_tui.commands.parts.context import World


@dataclass(frozen=True, kw_only=True)
class DoctorOptions(Options):
    format: str = "text"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"))


def run(world: World[DoctorOptions]) -> int:
    """Prints a line for each thing it looks at. Exit 5 when a session is all that is wanting, 1 for more."""
    from socd_tui.commands.parts.checkup import checkup, this_machine

    looked_at = list(checkup(world, this_machine(world, asks=not world.options.offline)))
    lines = "\n".join(each.line for each in looked_at)
    world.emit(_document(looked_at) if world.options.format == "json" else lines)
    to_fix = {each.name for each in looked_at if each.verdict == "fix"}
    if to_fix == {"session"}:
        return ExitCode.SIGNED_OUT
    return ExitCode.FAILED if to_fix else ExitCode.OK


def _document(looked_at: Sequence[Checked]) -> str:
    import json
    from dataclasses import asdict

    checks = [{**asdict(each), "next_step": each.next_step or None} for each in looked_at]
    facts = {"schema": "socd-tui/doctor/1", "ok": all(each.verdict != "fix" for each in looked_at)}
    return json.dumps({**facts, "checks": checks}, indent=2)


COMMAND = Command(
    name="doctor",
    uses=frozenset({"base_url", "profile", "offline", "output"}),
    refusals={"demo": ("The demo is always well.", "Leave --demo out to have this machine looked at.")},
    options=DoctorOptions,
    arguments=arguments,
    run=run,
)
