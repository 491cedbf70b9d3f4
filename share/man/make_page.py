"""Makes the manual page from the command line: `python share/man/make_page.py`."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from socd_tui.commands.parts.command_line import ENVIRONMENT, about, visible, whole_parser
from socd_tui.commands.parts.commands import SUMMARIES
from socd_tui.model.exit_code import BY_SIGNAL, ExitCode

PAGE = Path(__file__).parent / "man1" / "socd-tui.1"

FILES = {
    "~/.config/socd-tui/config.toml": "preferences; socd-tui config --schema tells what it may hold",
    "~/.local/share/socd-tui/session.json": "the session token and the one service it is for",
    "~/.local/share/socd-tui/history.sqlite3": "what is remembered of every key; socd-tui sql asks it",
    "~/.local/state/socd-tui": "what was chosen and looked at last",
}
EXAMPLES = {
    "socd-tui": "look at the account on the terminal",
    "socd-tui --demo": "the same of a simulated account",
    "socd-tui show overview --format json": "the figures for a program",
    "socd-tui check --fail-at day=80": "exit 3 when a key has used 80 % of its day limit",
    "socd-tui doctor": "what works here, and what to do about the rest",
}


def page() -> str:
    """The page, in the macros of man(7)."""
    root, by_name = whole_parser()
    lines = [
        '.TH SOCD\\-TUI 1 "" "socd\\-tui" "User Commands"',
        *(".SH NAME", "socd\\-tui \\- usage analytics for SOC Defenders API keys, in the terminal"),
        *(".SH SYNOPSIS", ".B socd\\-tui", "[\\fIOPTION\\fR]... [\\fICOMMAND\\fR [\\fIARGUMENT\\fR]...]"),
        *(".SH DESCRIPTION", escaped(root.description or "")),
        "Without a command the terminal program opens.",
        "Data goes to standard output, everything else to standard error.",
        "Options may stand before or after the command's name; one that a command cannot use is refused.",
        *(".SH OPTIONS", *_arguments(visible(root)), ".SH COMMANDS"),
    ]
    for name, summary in SUMMARIES.items():
        if name:
            lines += [f".SS {escaped(name)}", _sentence(summary)]
            lines += _own_arguments(by_name[name], root)
    codes = {**{str(int(code)): code.words for code in ExitCode}, BY_SIGNAL[0]: BY_SIGNAL[1]}
    for title, entries in (
        ("EXIT STATUS", codes),
        ("ENVIRONMENT", ENVIRONMENT),
        ("FILES", FILES),
        ("EXAMPLES", EXAMPLES),
    ):
        lines.append(f".SH {title}")
        for name, words in entries.items():
            lines += [".TP", f".B {escaped(name)}", _sentence(words)]
    return "\n".join([*lines, ""])


def _own_arguments(parser: argparse.ArgumentParser, root: argparse.ArgumentParser) -> Iterator[str]:
    """Those of the command alone, and the names of the others that it takes."""
    general = {option for action in visible(root) for option in action.option_strings}
    used = [action for action in visible(parser) if general.intersection(action.option_strings)]
    names = [action.option_strings[-1] for action in used if not isinstance(action, argparse._HelpAction)]
    yield f"Of the options above it takes {escaped(', '.join(names))}."
    yield from _arguments(action for action in visible(parser) if action not in used)


def _arguments(actions: Iterable[argparse.Action]) -> Iterator[str]:
    for action in actions:
        names = ", ".join(f"\\fB{escaped(option)}\\fR" for option in action.option_strings)
        value = f"\\fI{escaped(_value(action))}\\fR" if action.nargs != 0 else ""
        yield ".TP"
        yield " ".join(filter(None, (names, value)))
        yield _sentence(about(action) or "")


def _value(action: argparse.Action) -> str:
    if action.metavar is None and action.choices:
        return "|".join(map(str, action.choices))
    return str(action.metavar or action.dest.upper())


def _sentence(words: str) -> str:
    return escaped(f"{words[:1].upper()}{words[1:]}{'' if words.endswith('.') else '.'}") if words else "\\&"


def escaped(text: str) -> str:
    """As it stands, in whatever line: a point or an apostrophe at its beginning would be a macro."""
    plain = (
        text.replace("\\", "\\e")
        .replace("-", "\\-")
        .replace("'", "\\(aq")
        .replace("\n", " ")
        .replace("…", "...")
    )
    return f"\\&{plain}" if plain.startswith(".") else plain


def main() -> None:
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
