"""The commands that there are, in the order of the help: they are listed without loading one of them."""

from __future__ import annotations

import importlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from socd_tui.commands.parts.command import Command

SUMMARIES = {
    "": "open the terminal program",
    "show": "print one view",
    "report": "write all views as one page for a browser",
    "keys": "print the account's keys",
    "login": "store a session token from a hidden prompt, standard input or Firefox",
    "logout": "forget the session token everywhere it was stored",
    "status": "tell what is known of the session, without asking the service",
    "tell": "say in plain sentences what is wrong and how things stand",
    "findings": "print what is wrong with which key, also as events for a SIEM",
    "check": "tell whether a threshold is passed, or forecast to pass",
    "guard": "tell before a job whether a key has room for its requests, and if not, when",
    "line": "print what is stored in one line, for tmux, waybar or a prompt",
    "history": "tell what is remembered of the keys, without asking the service",
    "sql": "ask what is remembered by a SELECT of SQL, read only",
    "metrics": "print what is known as metrics for Prometheus",
    "serve-metrics": "serve the metrics on a loopback port for Prometheus",
    "mcp": "answer an assistant's questions over standard input and output, read only",
    "config": "print the settings that count and where each comes from",
    "doctor": "tell what works here, and what to do about the rest; asks the service once, without a token",
    "completion": "print what bash, zsh or fish complete this command line with",
    "spec": "print commands, options, exit codes, views and columns as JSON",
    "demo-server": "run the simulated service on loopback",
}
"""What each command does, by its name, as an imperative without a full stop.

A command's file is called as the command is; the one without a name runs when none is given.
"""

WITHOUT_NAME = "interactive"
"""The file of the command that runs when none is given."""


def commands() -> tuple[Command, ...]:
    """All commands, each loaded, in the order of the help."""
    return tuple(map(_loaded, SUMMARIES))


def command_named(name: str) -> Command | None:
    """The command of that name, without loading the others; None where there is none."""
    return _loaded(name) if name in SUMMARIES else None


def _loaded(name: str) -> Command:
    file = name.replace("-", "_") or WITHOUT_NAME
    found: Command = importlib.import_module(f"socd_tui.commands.{file}").COMMAND
    return found
