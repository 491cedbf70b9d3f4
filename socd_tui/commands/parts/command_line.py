"""The whole command line as facts: what `spec`, shells and the manual page are told of it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from socd_tui.commands.parts.arguments import CommandParser, parser
from socd_tui.commands.parts.command import Command, Options
from socd_tui.commands.parts.commands import SUMMARIES, commands
from socd_tui.model.exit_code import BY_SIGNAL, ExitCode
from socd_tui.model.record import fields
from socd_tui.model.text import inert

ENVIRONMENT = {
    "SOCD_SESSION_TOKEN": "session token; wins over the stored one, and is taken out of the environment",
    "SOCD_BASE_URL": "the service to ask, where --base-url is not given",
    "SOCD_KEYRING": "1: keep the token in the system's keyring",
    "SOCD_ASCII": "1: draw with ASCII only",
    "NO_COLOR": "anything: no colour",
    "XDG_CONFIG_HOME": "where the folder with config.toml is",
    "XDG_DATA_HOME": "where the folder with session and history is",
    "XDG_STATE_HOME": "where the folder with what was chosen last is",
    "SSL_CERT_FILE": "certificates to trust in place of the system's",
    "SSL_CERT_DIR": "a folder of such",
    "HTTPS_PROXY": "the proxy for https",
    "NO_PROXY": "hosts that are asked without it",
}
"""Variables that make a difference, and which."""


def whole_parser() -> tuple[argparse.ArgumentParser, dict[str, CommandParser]]:
    """The command line with the arguments of all commands, and those by name."""
    root = parser()
    by_name: dict[str, CommandParser] = {}
    for action in root._actions:
        if isinstance(action, argparse._SubParsersAction):
            action.choices = by_name = dict(action.choices)  # what makes completions reads a dict
    for each in by_name.values():
        each.complete()
    return root, by_name


def visible(of: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """What can be given, without what help leaves out and without the commands."""
    for action in of._actions:
        if action.help != argparse.SUPPRESS and not isinstance(action, argparse._SubParsersAction):
            yield action


def spec() -> dict[str, object]:
    """For programs that call this one."""
    from socd_tui import __version__

    root, by_name = whole_parser()
    return {
        "schema": "socd-tui/spec/1",
        "version": __version__,
        "options": _arguments(root, Options),
        "commands": [_command(each, by_name) for each in commands() if each.name],
        "exit_codes": [
            *({"code": int(each), "name": each.name.lower(), "about": each.words} for each in ExitCode),
            {"code": BY_SIGNAL[0], "name": "by_signal", "about": BY_SIGNAL[1]},
        ],
        "environment": [{"name": name, "about": about} for name, about in ENVIRONMENT.items()],
        "views": _views(),
    }


def _command(command: Command, by_name: dict[str, CommandParser]) -> dict[str, object]:
    own = by_name[command.name]
    return {
        "name": command.name,
        "about": SUMMARIES[command.name],
        "arguments": _arguments(own, command.options),
    }


def _arguments(of: argparse.ArgumentParser, options: type[Options]) -> list[dict[str, object]]:
    defaults = {each.name: each.default for each in fields(options)}
    return [
        {
            "name": action.option_strings[-1] if action.option_strings else _placeholder(action),
            "about": about(action),
            "value": None if action.nargs == 0 else _placeholder(action),
            "choices": list(map(str, action.choices)) if action.choices else None,
            "repeatable": isinstance(action, argparse._AppendAction),
            "required": action.required if action.option_strings else action.nargs not in ("?", "*"),
            "default": _plain(defaults.get(action.dest)),
        }
        for action in visible(of)
        if not isinstance(action, argparse._HelpAction | argparse._VersionAction)
    ]


def about(action: argparse.Action) -> str | None:
    """Its help; argparse has a per cent sign doubled."""
    return action.help.replace("%%", "%") if action.help else None


def _placeholder(action: argparse.Action) -> str:
    """What stands for its value in help."""
    return str(action.metavar or action.dest)


def _plain(default: object) -> object:
    return default if isinstance(default, str | int | float | bool) else None


def _views() -> list[dict[str, object]]:
    from socd_tui.views.registry import views

    return [
        {
            "name": view.name,
            "title": view.title,
            "question": view.question,
            "of": "every key" if view.scope == "all" else "the keys chosen, or all",
            "rows_by": list(view.groupings) or None,
            "columns": [
                {
                    "name": measure.name,
                    "json_name": measure.json_name or measure.name,
                    "unit": measure.kind,
                    "about": inert(measure.meaning, 1_000) or None,
                    "in_files": measure.in_files,
                    "in_json": measure.in_json,
                    "filters_and_sorts": measure.narrows,
                }
                for measure in (view.measures.each if view.measures else ())
            ],
        }
        for view in views()
    ]
