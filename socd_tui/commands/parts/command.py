"""What a command is, and what can be said to it."""

from __future__ import annotations

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
    """One command."""

    def __init__(
        self,
        *,
        name: str,
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
        """As in the table of the commands, `parts/commands.py`, which says what it does."""
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
