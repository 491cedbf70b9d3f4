"""What a command is, and the ones there are."""

from __future__ import annotations

import importlib

import socd_tui.commands
from socd_tui.model.modules import modules_in
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, Literal

    from socd_tui.commands.parts.context import World

    Shared = Literal[
        "demo",
        "offline",
        "open",
        "base_url",
        "profile",
        "session_from",
        "ascii",
        "no_color",
        "keys",
        "days",
        "since",
        "until",
        "today",
        "yesterday",
        "week",
        "month",
        "view",
        "theme",
        "reset_view",
        "output",
        "hide_names",
    ]
    """Options that several commands have in common, by their field of Options."""

THEMES = ("socd-dark", "socd-light", "socd-contrast", "socd-black", "socd-solarized")
"""The names of the UI's palettes, beside a person's own in `config.toml`."""

UP_TO_NOW: frozenset[Shared] = frozenset({"days", "since", "today", "week", "month"})
"""All that say which window is looked at, of those that end now."""
WINDOW: frozenset[Shared] = UP_TO_NOW | {"until", "yesterday"}
"""All that say which window is looked at. `parts/windows.py` reads them."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What was said on the command line. A command with arguments of its own adds their fields.

    None is what was not said. A field's default is the argument's.
    """

    demo: bool = False
    offline: bool = False
    open: str | None = None
    """An export to look at, as typed."""
    base_url: str | None = None
    profile: str | None = None
    """The account's name, or several with commas between, as typed."""
    session_from: str | None = None
    """The browser that holds the session, as typed."""
    ascii: bool = False
    no_color: bool = False
    keys: tuple[str, ...] = ()
    """Selectors of keys, as typed."""
    days: int | None = None
    since: str | None = None
    """A date, as typed; as is `until`."""
    until: str | None = None
    today: bool = False
    yesterday: bool = False
    week: bool = False
    month: bool = False
    view: str | None = None
    theme: str | None = None
    reset_view: bool = False
    hide_names: bool = False
    """Keys and owners are numbered."""
    output: str | None = None
    """The file to print to, as typed; `-` is standard output, as is None."""


class Command:
    """One command. The one with an empty name runs when none is given.

    Help makes one of each, so it is a plain class: as records these and the options take it 0.7 ms of 24.
    """

    def __init__(
        self,
        *,
        name: str,
        order: int,
        summary: str,
        uses: frozenset[Shared],
        options: type[Options],
        run: Callable[[World[Any]], int],
        arguments: Callable[[ArgumentParser], object] = lambda _: None,
        refusals: Mapping[Shared, tuple[str, str]] | None = None,
        failed: Callable[[Sequence[str], str], int | None] = lambda _arguments, _said: None,
        side_by_side: bool = False,
        alone: Mapping[str, str] | None = None,
        full_screen: bool = False,
    ) -> None:
        self.name = name
        self.order = order
        """Its place in the help."""
        self.summary = summary
        """What it does, as an imperative without a full stop."""
        self.uses = uses
        """The shared options that make a difference to it, beside `ascii` and `no_color`, which all obey."""
        self.options = options
        self.run = run
        """Does it and returns the exit code. Raises SocdError."""
        self.arguments = arguments
        """Adds the arguments of its own, whose `dest` are the fields of `options`."""
        self.refusals = refusals or {}
        """For shared options it cannot use: what is wrong and what to do, where that is not said of every
        one."""
        self.failed = failed
        """Tells its own way, by its arguments, why it could not be run: the exit code, or None for the usual
        way."""
        self.side_by_side = side_by_side
        """Whether it prints several accounts together, in the formats that can."""
        self.alone = alone or {}
        """Options with which it does not, by their field of `options`."""
        self.full_screen = full_screen
        """Whether it shows notices by itself, as standard error is covered while it runs."""


WITHOUT_NAME = "interactive"
"""The file of the command that runs when none is given; every other is called as its file."""


def commands() -> tuple[Command, ...]:
    """All commands, in the order of the help."""
    return tuple(sorted(map(_in_file, modules_in(socd_tui.commands)), key=lambda command: command.order))


def command_named(name: str) -> Command | None:
    """The command of that name, without loading the others; None where there is none."""
    file = name.replace("-", "_") or WITHOUT_NAME
    found = _in_file(file) if file in modules_in(socd_tui.commands) else None
    return found if found is not None and found.name == name else None


def _in_file(file: str) -> Command:
    found: Command = importlib.import_module(f"{socd_tui.commands.__name__}.{file}").COMMAND
    return found
