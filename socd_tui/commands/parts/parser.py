"""Words of a command line, and what is said of those that nobody knows."""

from __future__ import annotations

import argparse
import os
import sys

from socd_tui.model.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, NoReturn


class Help(argparse.HelpFormatter):
    """As wide as the terminal, as argparse has it: what that asks takes 3 ms to load."""

    def __init__(self, prog: str, **settings: Any) -> None:
        super().__init__(prog, width=_columns() - 2, **settings)


class RawHelp(Help, argparse.RawDescriptionHelpFormatter):
    """The same, with the lines of description and epilog as they are."""


def _columns() -> int:
    """Columns of the terminal as `shutil.get_terminal_size` finds them."""
    try:
        if (typed := int(os.environ.get("COLUMNS", ""))) > 0:
            return typed
    except ValueError:
        pass
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (ValueError, OSError):  # it is closed, or no terminal
        return 80


class Parser(argparse.ArgumentParser):
    """What it refuses is told as by the rest of the program, with the option or value that may be meant."""

    def error(self, message: str) -> NoReturn:
        """Raises UsageError: argparse would print all that can be typed, and end the program."""
        from socd_tui.model.redaction import redacted

        # It repeats what was typed, which may be a token that nobody knows yet.
        raise UsageError(f"{redacted(message, ()).rstrip('.')}.", f"`{self.prog} --help` tells more.")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Nothing is left that is not known."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            option = next((word for word in unknown if word.startswith("-")), "").partition("=")[0]
            near = _told(option, self._option_string_actions) if option else ""
            self.error(f"unrecognized arguments: {' '.join(unknown)}{near}")
        return found, unknown

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            near = _told(str(value), map(str, action.choices or ()))
            raise argparse.ArgumentError(action, f"{error.message}{near}") from None


def _told(word: str, words: Iterable[str]) -> str:
    """The nearest one, behind another sentence."""
    from socd_tui.model.nearest import nearest

    near = nearest(word, words)
    return f". {near}" if near else ""
