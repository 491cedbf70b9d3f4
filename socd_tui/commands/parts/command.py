"""What a command is, and the ones there are."""

from __future__ import annotations

import importlib
import pkgutil
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import socd_tui.commands
from socd_tui.model.record import dataclass

if TYPE_CHECKING:
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


OptionsT = TypeVar("OptionsT", bound=Options)


@dataclass(frozen=True, kw_only=True)
class Command(Generic[OptionsT]):
    """One command. The one with an empty name runs when none is given."""

    name: str
    order: int
    """Its place in the help."""
    summary: str
    """What it does, as an imperative without a full stop."""
    uses: frozenset[Shared]
    """The shared options that make a difference to it, beside `ascii` and `no_color`, which all obey."""
    options: type[OptionsT]
    run: Callable[[World[OptionsT]], int]
    """Does it and returns the exit code. Raises SocdError."""
    arguments: Callable[[ArgumentParser], object] = lambda _: None
    """Adds the arguments of its own, whose `dest` are the fields of `options`."""
    refusals: Mapping[Shared, tuple[str, str]] = field(default_factory=dict)
    """For shared options it cannot use: what is wrong and what to do, where that is not said of every one."""
    failed: Callable[[Sequence[str], str], int | None] = lambda _arguments, _said: None
    """Tells its own way, by its arguments, why it could not be run; the exit code, or None for the usual."""
    side_by_side: bool = False
    """Whether it prints several accounts together, in the formats that can."""
    alone: Mapping[str, str] = field(default_factory=dict)
    """Options with which it does not, by their field of `options`."""
    full_screen: bool = False
    """Whether it shows notices by itself, as standard error is covered while it runs."""


def commands() -> tuple[Command[Any], ...]:
    """All commands, in the order of the help."""
    modules = (
        importlib.import_module(f"{socd_tui.commands.__name__}.{module.name}")
        for module in pkgutil.iter_modules(socd_tui.commands.__path__)
        if not module.ispkg
    )
    return tuple(sorted((module.COMMAND for module in modules), key=lambda command: command.order))
