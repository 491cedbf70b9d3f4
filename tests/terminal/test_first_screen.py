"""What is known from last time is on the screen before Textual is, which takes the screen over as it is."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

from socd_tui.service.demo import DemoServer
from tests.terminal.pseudo import ALTERNATE_SCREEN, Terminal, environment
from tests.terminal.test_leaving import is_restored

FIGURES = ("Production SIEM", "total 9 of 10", "133x usual")

GATE = """
import importlib, os, sys
with open(os.environ["GATE"], "rb") as gate:
    gate.read()
sys.path.remove(os.path.dirname(os.path.dirname(__file__)))
del sys.modules["textual"]
sys.modules["textual"] = importlib.import_module("textual")
"""
"""In the place of Textual: waits until somebody opens the gate, and is Textual from then on."""


@pytest.fixture
def environ(live: DemoServer, tmp_path: Path) -> dict[str, str]:
    """Of who has looked at the account before."""
    environ = environment(tmp_path, SOCD_BASE_URL=live.base_url, SOCD_SESSION_TOKEN=live.token)
    with Terminal(environ=environ, size=(120, 40)) as terminal:
        terminal.shows(*FIGURES)
        terminal.until(lambda: not re.search(r" \d+/\d+ ", terminal.lines[2]))
        terminal.type("q")
        assert terminal.ended() == 0
    return environ


def in_place_of_textual(environ: Mapping[str, str], home: Path, source: str) -> dict[str, str]:
    """An environment in which Textual is this."""
    package = home / "shadow" / "textual"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(source)
    os.mkfifo(home / "gate")
    path = os.pathsep.join([str(package.parent), environ["PYTHONPATH"]])
    return {**environ, "PYTHONPATH": path, "GATE": str(home / "gate")}


def open_gate(home: Path) -> None:
    (home / "gate").open("wb").close()


def cells(terminal: Terminal) -> list[object]:
    """Letters and colours of all that is on the screen, as far as they can be seen."""
    size = terminal.screen
    every = (size.buffer[y][x] for y in range(size.lines) for x in range(size.columns))
    return [(each.bg, each.reverse, each.underscore) if each.data == " " else each for each in every]


def test_figures_are_there_before_textual_and_views_and_rows_can_be_looked_at(
    environ: dict[str, str], tmp_path: Path
) -> None:
    gated = in_place_of_textual(environ, tmp_path, GATE)
    with Terminal(environ=gated, size=(120, 40)) as terminal:
        terminal.shows(*FIGURES)
        assert len(terminal.output) < 16_000
        terminal.type("4")
        terminal.shows("fine: 200")
        terminal.type("1")
        terminal.shows(*FIGURES)
        terminal.type("\x1b[Bj")
        terminal.until(lambda: any(line.startswith("▸!! SOAR") for line in terminal.lines))
        terminal.type("k2")
        terminal.shows("requests/day", "MISP sync")
        open_gate(tmp_path)
        terminal.taken_over()
        assert terminal.output.count(b"\x1b[?1049h") == 1
        terminal.settled()
        assert "requests/day" in terminal.text
        terminal.type("\x1b")  # the way back begins where it was
        terminal.shows(*FIGURES)
        terminal.type("q")
        assert terminal.ended() == 0
        assert is_restored(terminal)


def test_keys_that_only_textual_understands_wait_for_it_and_so_do_those_after_them(
    environ: dict[str, str], tmp_path: Path
) -> None:
    gated = in_place_of_textual(environ, tmp_path, GATE)
    with Terminal(environ=gated, size=(120, 40)) as terminal:
        terminal.shows(*FIGURES)
        terminal.settled()
        before = terminal.lines
        terminal.type("/MISP2")
        terminal.settled()
        assert terminal.lines == before, "what is typed is not shown"
        open_gate(tmp_path)
        terminal.shows("MISP2")
        terminal.type("\x1b")
        terminal.until(lambda: "MISP2" not in terminal.text)
        terminal.type("\x1a")  # they are not pressed again when the program goes on
        os.waitpid(terminal.process.pid, os.WUNTRACED)
        terminal.screen.reset()
        os.killpg(terminal.process.pid, signal.SIGCONT)
        terminal.shows(*FIGURES)
        terminal.settled()
        assert "filter Overview" not in terminal.text
        terminal.type("q")
        assert terminal.ended() == 0


@pytest.mark.parametrize("options", [(), ("--no-color",), ("--ascii",), ("--theme", "socd-light")])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (160, 45)])
def test_textual_finds_the_screen_as_it_draws_it(
    environ: dict[str, str], tmp_path: Path, size: tuple[int, int], options: tuple[str, ...]
) -> None:
    gated = in_place_of_textual(environ, tmp_path, GATE)
    with Terminal("--offline", *options, environ=gated, size=size) as terminal:
        terminal.shows("threat-notebook")
        terminal.settled()
        before, written = cells(terminal), len(terminal.output)
        open_gate(tmp_path)
        terminal.taken_over()
        terminal.settled()
        assert len(terminal.output) - written < 400, "it was drawn once more"
        terminal.type("\x0c")  # all is drawn anew
        terminal.until(lambda: len(terminal.output) - written > 2_000)
        terminal.settled()
        assert cells(terminal) == before
        terminal.type("q")
        assert terminal.ended() == 0
        assert is_restored(terminal)


@pytest.mark.parametrize(
    ("how", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130), ("\x03", 130), ("q", 0)],
)
def test_it_can_be_left_before_textual_is_there(
    environ: dict[str, str], tmp_path: Path, how: signal.Signals | str, code: int
) -> None:
    gated = in_place_of_textual(environ, tmp_path, GATE)
    with Terminal(environ=gated, size=(80, 24)) as terminal:
        terminal.shows("threat-notebook")
        assert terminal.private_modes()[ALTERNATE_SCREEN]
        if isinstance(how, signal.Signals):
            terminal.signal(how)
        else:
            terminal.type(how)
        assert terminal.ended() == code
        assert is_restored(terminal)


def test_what_fails_before_textual_is_there_gives_the_terminal_back_and_is_told(
    environ: dict[str, str], tmp_path: Path
) -> None:
    broken = in_place_of_textual(environ, tmp_path, 'raise ImportError("no such library")')
    with Terminal(environ=broken, size=(80, 24)) as terminal:
        assert terminal.ended() == 1
        assert b"threat-notebook" in terminal.output
        assert is_restored(terminal)
        assert b"socd-tui: " in terminal.output
