"""`config`: the settings that count, where each comes from, and whether a file of them is right."""

from __future__ import annotations

from argparse import ArgumentParser

from socd_tui.commands.parts.command import Command, Options
from socd_tui.commands.parts.exit_codes import ExitCode
from socd_tui.model.errors import UsageError
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from socd_tui.commands.parts.context import World

MOST_TOLD = 1_000
"""Mistakes of one file."""


@dataclass(frozen=True, kw_only=True)
class ConfigOptions(Options):
    format: str = "toml"
    check: str | None = None
    schema: bool = False


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--format", choices=("toml", "json"))
    other = parser.add_mutually_exclusive_group()
    other.add_argument(
        "--check", metavar="FILE", help="tell what of this file cannot be used instead; exit 2 when something"
    )
    other.add_argument("--schema", action="store_true", help="print the JSON Schema of config.toml instead")


def run(world: World[ConfigOptions]) -> int:
    """Prints the settings with their sources, or what `--check` and `--schema` ask for."""
    import json

    from socd_tui.commands.parts.effective import as_facts, as_toml, schema
    from socd_tui.commands.parts.opening import valid_names

    options = world.options
    if options.check is not None:
        return _checked(world, options.check)
    if options.schema:
        world.emit(json.dumps(schema(valid_names()), indent=2))
    elif options.format == "json":
        world.emit(json.dumps(as_facts(world), indent=2))
    else:
        world.emit(as_toml(world))
    return ExitCode.OK


def _checked(world: World[ConfigOptions], typed: str) -> int:
    import json
    from pathlib import Path

    from socd_tui.commands.parts.opening import valid_names
    from socd_tui.model.text import quoted
    from socd_tui.store.paths import printable
    from socd_tui.store.settings import read_settings

    found = read_settings(Path(typed), valid_names, MOST_TOLD)
    if found is None:
        raise UsageError(f"There is no file {quoted(printable(Path(typed)))}.", "Name one that is there.")
    _, mistakes = found
    if world.options.format == "json":
        world.emit(json.dumps({"schema": "socd-tui/config-check/1", "mistakes": mistakes}, indent=2))
    else:
        world.emit("\n".join(mistakes) or f"{printable(Path(typed))}: all of it can be used.")
    return ExitCode.USAGE if mistakes else ExitCode.OK


COMMAND = Command(
    name="config",
    uses=frozenset({"base_url", "profile", "days", "view", "theme", "output"}),
    refusals={"demo": ("The demo has settings of its own.", "Leave --demo out to be told of yours.")},
    options=ConfigOptions,
    arguments=arguments,
    run=run,
)
