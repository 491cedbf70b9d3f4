"""A program that is stuck leaves when it is asked to, with the terminal as it was; a busy one goes on."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from signal import Signals

import pytest

from tests.terminal.pseudo import Terminal, children
from tests.terminal.test_leaving import AT_ONCE_S, is_restored

KINDS = ["in C", "in a loop", "in a call of the system"]


def stuck(environ: dict[str, str], kind: str) -> Terminal:
    program = (sys.executable, "-m", "tests.terminal.stuck", str(Path(environ["HOME"]) / "state"), kind)
    terminal = Terminal(environ=environ, program=program)
    terminal.shows("1 Overview")
    terminal.settled()
    terminal.type("r")
    terminal.until(lambda: b"\x1b]0;stuck" in terminal.output)
    terminal.settled()
    return terminal


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("asks", "code"), [(signal.SIGTERM, 143), ("q", 0), ("\x03", 130)])
def test_a_stuck_program_leaves_when_it_is_asked_to(
    environ: dict[str, str], kind: str, asks: Signals | str, code: int
) -> None:
    with stuck(environ, kind) as terminal:
        if isinstance(asks, Signals):
            terminal.signal(asks)
        else:
            terminal.type(asks)
        assert terminal.ended(AT_ONCE_S) == code
        assert is_restored(terminal)
        assert (b"was stuck" in terminal.output) == isinstance(asks, str)


def test_other_keys_do_not_end_a_stuck_program(environ: dict[str, str]) -> None:
    with stuck(environ, "in C") as terminal:
        terminal.type("jjxQ")
        terminal.settled(1.5)
        assert terminal.process.poll() is None
        terminal.signal(signal.SIGINT)
        assert terminal.ended(AT_ONCE_S) == 130


def test_a_program_that_was_busy_gets_the_keys_that_it_did_not_read(environ: dict[str, str]) -> None:
    with stuck(environ, "in C for a moment") as terminal:
        terminal.type("/")
        terminal.shows("filter Overview")
        terminal.type("\x11")
        assert terminal.ended() == 0
        assert is_restored(terminal)


def test_what_a_killed_program_leaves_behind_is_put_in_order(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    with Terminal("--demo", environ={**environ, "TMPDIR": str(tmp_path / "tmp")}) as terminal:
        terminal.shows("Production")
        (program,) = children(terminal.process.pid)
        os.kill(program, signal.SIGKILL)
        assert terminal.ended(AT_ONCE_S) == 137
        assert is_restored(terminal)
        assert b"socd-tui: The program was ended by SIGKILL." in terminal.output
    assert list((tmp_path / "tmp").iterdir()) == []


def test_the_program_does_not_outlive_its_guardian(environ: dict[str, str]) -> None:
    with Terminal("--demo", environ=environ) as terminal:
        terminal.shows("Production")
        terminal.taken_over()
        (program,) = children(terminal.process.pid)
        terminal.signal(signal.SIGKILL)
        terminal.process.wait()
        terminal.until(lambda: b"\x1b[?1049l" in terminal.output)
        terminal.ended()
        assert is_restored(terminal)
        assert not Path(f"/proc/{program}/root").exists()
