"""`completion`: what a shell reads to complete the command line."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser

from socd_tui.commands.parts.command import Command, Options
from socd_tui.commands.parts.exit_codes import ExitCode
from socd_tui.model.errors import UsageError
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from socd_tui.commands.parts.context import World

SHELLS = ("bash", "zsh", "fish")


@dataclass(frozen=True, kw_only=True)
class CompletionOptions(Options):
    shell: str | None = None
    key_names: bool = False


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS, nargs="?", default=None, help="the shell that completes")
    # For what is printed: it asks for the names each time that somebody presses tab.
    parser.add_argument("--keys", dest="key_names", action="store_true", help=SUPPRESS)


def run(world: World[CompletionOptions]) -> int:
    """Prints the completions of a shell, or the names of the keys that are remembered."""
    from socd_tui.commands.parts.completions import completion_of, key_names

    if world.options.key_names:
        if names := key_names(world):
            world.emit("\n".join(names), exact=True)
    elif world.options.shell is None:
        raise UsageError("No shell was named.", "Name yours: source <(socd-tui completion bash).")
    else:
        world.emit(completion_of(world.options.shell).rstrip("\n"), exact=True)
    return ExitCode.OK


COMMAND = Command(
    name="completion",
    uses=frozenset({"base_url", "profile", "output"}),
    options=CompletionOptions,
    arguments=arguments,
    run=run,
)
