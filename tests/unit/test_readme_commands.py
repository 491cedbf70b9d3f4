"""Every command that the README shows does what it is shown for."""

from __future__ import annotations

import re
import shlex
from itertools import takewhile
from pathlib import Path

import pytest

from socd_tui.commands.parts.arguments import parse
from socd_tui.service.demo import DemoServer
from tests.command import ran
from tests.terminal.pseudo import environment

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INSIDE = re.compile(r"#\((socd-tui [^)]*)\)")
"""A command in a string that tmux runs."""

GOES_ON = ("", "login", "serve-metrics", "mcp", "demo-server")
"""Commands that wait for somebody."""


def shown() -> list[list[str]]:
    """The arguments of each, without what the shell does with its output."""
    lines = [line for block in _BLOCK.findall(README) for line in block.splitlines()]
    inside = [within[1] if (within := _INSIDE.search(line)) else line for line in lines]
    found: list[list[str]] = []
    for line in inside:
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        words = list(lexer)
        if "socd-tui" in words:
            rest = words[words.index("socd-tui") + 1 :]
            found.append(list(takewhile(lambda word: not {*word} <= {*"|&;<>()"}, rest)))
    return found


def test_all_of_them_can_be_typed() -> None:
    commands = [parse(arguments)[0].name for arguments in shown()]
    assert len(commands) > 20
    assert {"show", "check", "guard", "line", "tell", "findings", "metrics", "sql", "report"} <= {*commands}


def test_all_that_end_by_themselves_print_something_and_say_what_they_found(
    demo: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environ = environment(tmp_path, SOCD_BASE_URL=demo.base_url, SOCD_SESSION_TOKEN=demo.token)
    for arguments in shown():
        command, options = parse(arguments)
        if (
            command.name in GOES_ON
            or getattr(options, "watch", None) is not None
            or "/" in str(options.output)
        ):
            continue
        done = ran(environ, *arguments)
        # A monitoring system's own: 2 is CRITICAL.
        expected = (2,) if getattr(options, "nagios", False) else (0, 3, 4, 6)
        assert done.returncode in expected, (arguments, done)
        assert done.stdout or (options.output and Path(options.output).stat().st_size), arguments
