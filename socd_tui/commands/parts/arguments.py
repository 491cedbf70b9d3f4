"""The command line: from words to a command and its frozen Options. No Namespace leaves this file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping

from socd_tui import __version__
from socd_tui.commands.parts.command import THEMES
from socd_tui.commands.parts.commands import SUMMARIES, command_named
from socd_tui.commands.parts.exit_codes import exit_code_lines
from socd_tui.commands.parts.parser import Help, Parser, RawHelp
from socd_tui.model.days import DEFAULT_DAYS, RANGE
from socd_tui.model.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from socd_tui.commands.parts.command import Command, Options, Shared

_EXIT_CODES = "\n  ".join(exit_code_lines())

EPILOG = f"""exit codes:
  {_EXIT_CODES}

environment:
  SOCD_SESSION_TOKEN   session token; wins over the stored one
  SOCD_BASE_URL        the service, default https://socdefenders.ai
  SOCD_KEYRING=1       keep the token in the system keyring (extra "keyring")
  NO_COLOR, SOCD_ASCII=1, SSL_CERT_FILE, HTTPS_PROXY, XDG_*_HOME are honoured

config.toml in the configuration folder holds preferences; columns of --filter and --sort have
the names of the JSON document. The README tells more.
"""


class _SharedOption:
    """An option of several commands, that may stand before or after the command's name."""

    def __init__(
        self, *, dest: Shared, flag: str, words: str, purpose: str, reading: Mapping[str, Any] | None = None
    ) -> None:
        self.dest, self.flag, self.words = dest, flag, words
        self.purpose = purpose
        """What it is for, told to whoever gives it to a command that cannot use it."""
        self.reading = reading or {"action": "store_true"}
        """How argparse reads its value."""


def _days(text: str) -> int:
    from socd_tui.model.window import parse_days

    try:
        return parse_days(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


_A_WINDOW = "it is the window that a view looks back"

_SHARED = (
    _SharedOption(
        dest="demo",
        flag="--demo",
        words="a simulated service with stories: no account, no network",
        purpose="it starts a simulated service to ask",
    ),
    _SharedOption(
        dest="offline",
        flag="--offline",
        words="only what is stored on this machine: nothing is asked",
        purpose="it reads what is stored of keys and their usage",
    ),
    _SharedOption(
        dest="open",
        flag="--open",
        words="look at an export again: a JSON file of `show` or `e`, or a report; nothing is asked",
        purpose="it names an export of keys and their usage",
        reading={"metavar": "FILE"},
    ),
    _SharedOption(
        dest="base_url",
        flag="--base-url",
        words="the service to ask (default https://socdefenders.ai)",
        purpose="it names the service to ask",
        reading={"metavar": "URL"},
    ),
    _SharedOption(
        dest="profile",
        flag="--profile",
        words="the account of [profiles.NAME] in config.toml; several with commas, where data is printed",
        purpose="it names the account that is looked at",
        reading={"metavar": "NAME"},
    ),
    _SharedOption(
        dest="session_from",
        flag="--session-from",
        words="use the session that Firefox has with the service, as it is renewed; nothing is stored",
        purpose="it names the browser that holds the session",
        reading={"metavar": "firefox[:PROFILE]"},
    ),
    _SharedOption(dest="ascii", flag="--ascii", words="draw with ASCII only", purpose="it chooses glyphs"),
    _SharedOption(dest="no_color", flag="--no-color", words="no colour", purpose="it chooses colours"),
    _SharedOption(
        dest="keys",
        flag="--key",
        words="a key's id, prefix, or unique name; repeatable (default: all keys)",
        purpose="it chooses the keys that a view shows",
        reading={"action": "append", "metavar": "SEL"},
    ),
    _SharedOption(
        dest="days",
        flag="--days",
        words=f"look-back window, {RANGE} (default {DEFAULT_DAYS})",
        purpose=_A_WINDOW,
        reading={"type": _days, "metavar": "N"},
    ),
    _SharedOption(
        dest="since",
        flag="--since",
        words="from this UTC date on: 2026-11-24, '24 Nov', Mon, yesterday",
        purpose=_A_WINDOW,
        reading={"metavar": "DATE"},
    ),
    _SharedOption(
        dest="until",
        flag="--until",
        words="up to this UTC date, the last one that is looked at",
        purpose=_A_WINDOW,
        reading={"metavar": "DATE"},
    ),
    _SharedOption(dest="today", flag="--today", words="today alone", purpose=_A_WINDOW),
    _SharedOption(dest="yesterday", flag="--yesterday", words="yesterday alone", purpose=_A_WINDOW),
    _SharedOption(dest="week", flag="--week", words="since Monday", purpose=_A_WINDOW),
    _SharedOption(dest="month", flag="--month", words="since the first of the month", purpose=_A_WINDOW),
    _SharedOption(
        dest="view",
        flag="--view",
        words="view to open (default overview)",
        purpose="it is the view that the terminal program opens on",
        reading={"metavar": "NAME"},
    ),
    _SharedOption(
        dest="theme",
        flag="--theme",
        words=f"colours: {', '.join(THEMES)}, or your own of config.toml",
        purpose="it chooses the colours of the terminal program",
        reading={"metavar": "NAME"},
    ),
    _SharedOption(
        dest="reset_view",
        flag="--reset-view",
        words="forget the theme, glyphs, zone, window, orders and second view chosen last",
        purpose="it forgets what was chosen in the terminal program",
    ),
    _SharedOption(
        dest="hide_names",
        flag="--hide-names",
        words="number keys and owners instead of naming them, for what leaves the team",
        purpose="it hides whose figures are printed",
    ),
    _SharedOption(
        dest="output",
        flag="--output",
        words="write to this file, in one step and in place of what it held; - is standard output",
        purpose="it names the file that data is written to",
        reading={"metavar": "FILE"},
    ),
)

_FOR_ALL: frozenset[Shared] = frozenset({"ascii", "no_color"})


def parse(argv: Sequence[str] | None = None) -> tuple[Command, Options]:
    """The command that is asked for, and its Options.

    Raises UsageError for what cannot be read and for an option that the command cannot use, SystemExit once
    help or version is told.
    """
    given = vars(parser().parse_args(argv))
    command = command_named(given.pop("command"))
    assert command is not None  # as the parser has found it
    _refuse_what_is_of_no_use(command, given)
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    options: Callable[..., Options] = command.options
    return command, options(**values)


def failed(argv: Sequence[str] | None, said: str) -> int | None:
    """Has the command tell its own way why it could not be run; the exit code, or None where it has no such.

    The words may be such as cannot be read, so that any of them may be its name.
    """
    words = sys.argv[1:] if argv is None else argv
    named = (command_named(name) for name in SUMMARIES if name in words)
    codes = (command.failed(words, said) for command in named if command is not None)
    return next((code for code in codes if code is not None), None)


def _refuse_what_is_of_no_use(command: Command, given: Mapping[str, Any]) -> None:
    """Raises UsageError for options that the command cannot use, and for those that contradict."""
    for option in _SHARED:
        if option.dest in given and option.dest not in command.uses | _FOR_ALL:
            raise UsageError(*_refusal(command, option))
    if {"demo", "offline"} <= given.keys():
        raise UsageError("The demo has nothing stored.", "Leave --demo or --offline out.")
    for name in ("demo", "offline"):
        if {"session_from", name} <= given.keys():
            raise UsageError(f"With --{name} no session is needed.", f"Leave --{name} or --session-from out.")
    if {"demo", "profile"} <= given.keys():
        raise UsageError("The demo is an account of its own.", "Leave --demo or --profile out.")
    for name in ("demo", "offline", "base_url", "profile", "session_from"):
        if {"open", name} <= given.keys():
            flag = f"--{name.replace('_', '-')}"
            raise UsageError(f"An export is all that is looked at, so {flag} says nothing.", "Leave it out.")


def _refusal(command: Command, option: _SharedOption) -> tuple[str, str]:
    """What happened, and what to do."""
    why = f"`socd-tui {command.name}` cannot use {option.flag}: {option.purpose}.", "Leave it out."
    return command.refusals.get(option.dest, why)


def parser() -> argparse.ArgumentParser:
    """The whole command line. What was not given is not set: defaults are those of the Options."""
    root = Parser(
        prog="socd-tui",
        description="Who is burning my API limit? Usage analytics for SOC Defenders API keys.",
        epilog=EPILOG,
        formatter_class=RawHelp,
        argument_default=argparse.SUPPRESS,
    )
    for option in _SHARED:
        root.add_argument(option.flag, dest=option.dest, help=option.words, **option.reading)
    root.add_argument("--version", action="version", version=f"socd-tui {__version__}")
    root.add_subparsers(action=_Commands, dest="command", metavar="COMMAND", title="commands", prog=root.prog)
    root.set_defaults(command="")
    return root


class _Commands(argparse._SubParsersAction):  # type: ignore[type-arg]  # has no arguments while it runs
    """The commands as argparse knows them, of which only those are loaded that it asks for."""

    def __init__(self, option_strings: Sequence[str], prog: str, **settings: Any) -> None:
        super().__init__(option_strings, prog, **settings)
        parsers: Any = _Parsers(prog)
        self._name_parser_map = self.choices = parsers

    def _get_subactions(self) -> list[argparse.Action]:
        """What help lists."""
        return [self._ChoicesPseudoAction(name, (), told) for name, told in SUMMARIES.items() if name]


class _Parsers(Mapping[str, "CommandParser"]):
    """The parser of each command by the command's name, made when it is asked for."""

    def __init__(self, prog: str) -> None:
        self._prog = prog
        self._made: dict[str, CommandParser] = {}

    def __getitem__(self, name: str) -> CommandParser:
        if name not in self._made:
            command = command_named(name) if name else None
            if command is None:
                raise KeyError(name)
            self._made[name] = CommandParser(command=command, prog=f"{self._prog} {name}")
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return filter(None, SUMMARIES)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class CommandParser(Parser):
    """Of one command. It gets its arguments once it is asked to read some: the others' are not made."""

    def __init__(self, *, command: Command, **settings: Any) -> None:
        summary = SUMMARIES[command.name]
        words = f"{summary[:1].upper()}{summary[1:]}."
        super().__init__(
            description=words, argument_default=argparse.SUPPRESS, formatter_class=Help, **settings
        )
        self._command: Command | None = command
        self.given: tuple[str, ...] | None = None
        """What is to be read, once it is."""

    def complete(self) -> None:
        """Gives it all of its arguments now, for who wants to know them."""
        if self._command is not None:
            _add_arguments(self, self._command)
            self._command = None

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        self.given = tuple(args or ())
        self.complete()
        return super().parse_known_args(args, namespace)


def _add_arguments(target: argparse.ArgumentParser, command: Command) -> None:
    """Shared options, of which the help tells those that are of use here, and the command's own."""
    for option in _SHARED:
        words = option.words if option.dest in command.uses | _FOR_ALL else argparse.SUPPRESS
        target.add_argument(option.flag, dest=option.dest, help=words, **option.reading)
    command.arguments(target)
