"""However the program ends, the terminal is given back, and the exit code says what ended it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from signal import Signals
from time import monotonic

import pytest

from tests.terminal.pseudo import (
    ALTERNATE_SCREEN,
    CURSOR,
    FOCUS,
    MOUSE,
    PASTE,
    PROGRAM,
    WRAP,
    Terminal,
    children,
)

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
AT_ONCE_S = 5.0
"""Far more than the second the program allows itself, so that a busy machine is no failure."""
NO_TERMINAL = "socd-tui: There is no terminal for the UI here."


def is_restored(terminal: Terminal) -> bool:
    modes = terminal.private_modes()
    assert terminal.modes_after == terminal.modes_before
    assert terminal.kitty_depth() <= 0
    assert modes[CURSOR]
    assert modes[WRAP]
    return not any(modes.get(mode) for mode in (ALTERNATE_SCREEN, FOCUS, PASTE, *MOUSE))


def opened(environ: dict[str, str], size: tuple[int, int] = (80, 24)) -> Terminal:
    terminal = Terminal("--demo", environ=environ, size=size)
    terminal.shows("Production")
    terminal.taken_over()
    return terminal


@pytest.mark.parametrize("keys", ["q", "\x11"])
def test_q_and_ctrl_q_leave_the_terminal_as_it_was(environ: dict[str, str], keys: str) -> None:
    with opened(environ) as terminal:
        assert terminal.private_modes()[ALTERNATE_SCREEN]
        assert terminal.modes() != terminal.modes_before
        terminal.type(keys)
        assert terminal.ended() == 0
        assert is_restored(terminal)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_the_program_at_once_with_the_terminal_restored(
    environ: dict[str, str], number: Signals
) -> None:
    with opened(environ) as terminal:
        terminal.settled()
        terminal.signal(number)
        assert terminal.ended(AT_ONCE_S) == 128 + number
        assert is_restored(terminal)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_obeyed_even_when_the_terminal_has_stopped_reading(
    environ: dict[str, str], number: Signals
) -> None:
    with opened(environ, size=(200, 50)) as terminal:
        terminal.settled()
        terminal.stuff("t")
        terminal.signal(number)
        assert terminal.ended(AT_ONCE_S, reading=False) == 128 + number
        assert is_restored(terminal)


def test_a_signal_during_the_first_refresh_is_obeyed_too(environ: dict[str, str]) -> None:
    with Terminal("--demo", environ=environ) as terminal:
        terminal.until(lambda: b"\x1b[?1049h" in terminal.output)
        terminal.signal(signal.SIGTERM)
        assert terminal.ended(AT_ONCE_S) == 128 + signal.SIGTERM
        assert is_restored(terminal)


def test_q_in_the_middle_of_the_first_refresh_is_no_crash(environ: dict[str, str]) -> None:
    with Terminal("--demo", environ=environ) as terminal:
        terminal.shows("1 Overview")
        terminal.type("q")
        assert terminal.ended() == 0
        assert is_restored(terminal)


def test_a_forced_end_leaves_the_shell_a_terminal_it_can_read(environ: dict[str, str]) -> None:
    asked = "import os; print(f'blocking={os.get_blocking(0)}')"
    script = f'trap : TERM; "$0" -m tests.program --demo; echo "code=$?"; "$0" -c "{asked}"'
    program = ("/bin/sh", "-c", script, sys.executable)
    with Terminal(environ=environ, size=(200, 50), program=program) as terminal:
        terminal.shows("Production")
        terminal.settled()
        terminal.stuff("t")
        os.killpg(terminal.process.pid, signal.SIGTERM)
        terminal.until(lambda: b"code=143" in terminal.output)
        assert terminal.ended() == 0
        assert b"blocking=True" in terminal.output


def test_a_program_that_was_stopped_draws_all_again_when_it_goes_on(environ: dict[str, str]) -> None:
    with opened(environ) as terminal:
        terminal.settled()
        for _ in range(2):
            terminal.type("\x1a")
            os.waitpid(terminal.process.pid, os.WUNTRACED)
            terminal.settled()
            assert terminal.modes() == terminal.modes_before
            terminal.screen.reset()
            os.killpg(terminal.process.pid, signal.SIGCONT)
            terminal.shows("1 Overview", "Production", "refresh")
            terminal.settled()
        terminal.type("q")
        assert terminal.ended() == 0
        assert is_restored(terminal)


def test_a_closed_window_ends_the_program(environ: dict[str, str]) -> None:
    with opened(environ) as terminal:
        terminal.hang_up()
        assert terminal.process.wait(AT_ONCE_S) == 128 + signal.SIGHUP


def test_nothing_stays_behind_in_the_temporary_folder(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    with opened({**environ, "TMPDIR": str(tmp_path / "tmp")}) as terminal:
        terminal.settled()
        assert len(list((tmp_path / "tmp").iterdir())) == 1
        terminal.signal(signal.SIGTERM)
        terminal.ended()
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_dumb_terminal_gets_one_sentence_and_no_escape_byte(environ: dict[str, str]) -> None:
    with Terminal("--demo", environ={**environ, "TERM": "dumb"}) as terminal:
        assert terminal.ended() == 2
        assert terminal.output.decode().startswith(NO_TERMINAL)
        assert terminal.output.count(b"\n") == 1
        assert b"\x1b" not in terminal.output


@pytest.mark.parametrize("closed", ["</dev/null", "<&-", ">/dev/null", ">&-"])
def test_without_a_terminal_on_all_three_streams_there_is_one_sentence(
    environ: dict[str, str], closed: str
) -> None:
    program = ("/bin/sh", "-c", f'exec "$0" -m tests.program --demo {closed}', sys.executable)
    with Terminal(environ=environ, program=program) as terminal:
        assert terminal.ended() == 2
        assert terminal.output.decode().startswith(NO_TERMINAL)
        assert terminal.output.count(b"\n") == 1
        assert b"\x1b" not in terminal.output


def test_in_a_pipe_the_sentence_is_on_standard_error(environ: dict[str, str]) -> None:
    done = subprocess.run(
        [*PROGRAM, "--demo"], env=environ, stdin=subprocess.PIPE, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.decode().startswith(NO_TERMINAL)


def test_a_closed_standard_error_does_not_move_its_messages_into_the_data(environ: dict[str, str]) -> None:
    script = '"$0" -m tests.program show overview --demo --format json 2>&-'
    done = subprocess.run(
        ["/bin/sh", "-c", script, sys.executable], env=environ, capture_output=True, check=False
    )
    assert done.returncode == 6
    assert done.stdout.startswith(b"{")
    assert done.stdout.rstrip().endswith(b"}")


def test_an_idle_program_writes_nothing_and_costs_next_to_nothing(environ: dict[str, str]) -> None:
    with opened(environ) as terminal:
        terminal.settled(for_s=1)
        processes = [terminal.process.pid, *children(terminal.process.pid)]
        written, spent_s, began = len(terminal.output), sum(map(_cpu_s, processes)), monotonic()
        terminal.settled(for_s=5.2)  # longer than the tick of its clock
        assert len(terminal.output) == written
        assert (sum(map(_cpu_s, processes)) - spent_s) / (monotonic() - began) < 0.03


def _cpu_s(process: int) -> float:
    """User and system time: fields 14 and 15 of proc(5)."""
    path = Path(f"/proc/{process}/stat")
    if not path.exists():
        pytest.skip("needs /proc")
    fields = path.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
