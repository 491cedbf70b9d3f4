"""However the program is left, whatever it does: the terminal is as it was, and the exit code says why."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from signal import Signals

from tests.terminal.pseudo import ALTERNATE_SCREEN, CURSOR, FOCUS, MOUSE, PASTE, WRAP, Terminal, environment
from tests.trust.check import Check, Outcome, Trial

PATIENCE_S = 6.0
"""For a program that does not leave at all."""
AT_ONCE_S = 1.0
"""What is promised, of a machine that has time: only the whole form is held to it."""
STOPS = 20

WAYS: dict[str, tuple[Signals | bytes, int]] = {
    "q": (b"q", 0),
    "ctrl+q": (b"\x11", 0),
    "INT": (signal.SIGINT, 130),
    "TERM": (signal.SIGTERM, 143),
    "HUP": (signal.SIGHUP, 129),
    "QUIT": (signal.SIGQUIT, 131),
    "hang-up": (b"", 129),
}

Open = Callable[[Trial, str], Terminal]


def ours(trial: Trial) -> Outcome:
    return _tried(trial, _ours)


def naive(trial: Trial) -> Outcome:
    return _tried(trial, _bare, sample=1)  # each that stays is waited for


def _ours(trial: Trial, state: str) -> Terminal:
    environ = environment(trial.home / state.replace(" ", "-"))
    if state.startswith("stuck"):
        program = (
            sys.executable,
            "-m",
            "tests.terminal.stuck",
            environ["HOME"],
            state.removeprefix("stuck "),
        )
        return Terminal(environ=environ, program=program)
    return Terminal("--demo", environ=environ, size=(160, 50))


def _bare(trial: Trial, state: str) -> Terminal:
    program = (sys.executable, "-m", "tests.trust.bare", state.removeprefix("stuck "))
    return Terminal(environ=environment(trial.home / "bare"), program=program, size=(160, 50))


STATES = ("loading", "idle", "prompt", "typing", "stalled", "stuck in C", "stuck in a loop")


def _reached(terminal: Terminal, state: str) -> None:
    terminal.until(lambda: b"\x1b[?2004h" in terminal.output)
    if state == "loading":
        return
    terminal.shows("Overview")
    terminal.settled()
    if state in ("prompt", "typing"):
        terminal.type("/")
        terminal.shows("filter Overview")
        if state == "typing":
            terminal.type("prod")
            terminal.shows("prod")
    elif state == "stalled":
        terminal.stuff("t")
    elif state.startswith("stuck"):
        terminal.type("r")
        terminal.until(lambda: b"\x1b]0;stuck" in terminal.output)
        terminal.settled()


def _serves(way: str, state: str) -> bool:
    """Where a key is a letter of a text it is no way out, nor does a terminal that reads nothing send one."""
    return not (way == "q" and state in ("prompt", "typing")) and not (state == "stalled" and "q" in way)


def _tried(trial: Trial, opened: Open, sample: int = 5) -> Outcome:
    pairs = [(way, state) for state in STATES for way in WAYS if _serves(way, state)]
    if not trial.whole:
        must = [("TERM", "stuck in C"), ("q", "stuck in C"), ("TERM", "stalled")]
        others = trial.random().sample([pair for pair in pairs if pair not in must], 2)
        pairs = [*must, *others][:sample]
    faults, slowest = [], 0.0
    for way, state in pairs:
        fault, took_s = _left(trial, opened, way, state)
        slowest = max(slowest, took_s)
        if fault:
            faults.append(f"{way} while {state}: {fault}")
        elif trial.whole and took_s > AT_ONCE_S:
            faults.append(f"{way} while {state}: it took {took_s:.2f} s")
    stops = trial.count(3, STOPS)
    faults += [f"ctrl+z: {fault}" for fault in _stopped(trial, opened, stops)]
    return Outcome(
        tried=f"{len(pairs)} pairs of {len(WAYS)} ways out and {len(STATES)} states; ctrl+z {stops} times",
        figure=f"{len(faults)} left otherwise; the slowest took {slowest:.1f} s",
        faults=tuple(faults),
    )


def _left(trial: Trial, opened: Open, way: str, state: str) -> tuple[str, float]:
    """What is wrong afterwards, and how long it took."""
    asks, code = WAYS[way]
    with opened(trial, state) as terminal:
        _reached(terminal, state)
        began = time.monotonic()
        try:
            if way == "hang-up":
                terminal.hang_up()
                ended = terminal.process.wait(PATIENCE_S)
                took_s = time.monotonic() - began
                return ("" if ended == code else f"it ended with {ended}"), took_s
            if isinstance(asks, Signals):
                terminal.signal(asks)
            else:
                terminal.type(asks)
            ended = terminal.ended(PATIENCE_S, reading=state != "stalled")
            took_s = time.monotonic() - began
        except subprocess.TimeoutExpired:
            return "it stays", 0.0
        if ended != code:
            return f"it ended with {ended}", took_s
        return _unlike(terminal), took_s


def _unlike(terminal: Terminal) -> str:
    """What of the terminal is not as it was."""
    if terminal.modes_after != terminal.modes_before:
        return "other line settings"
    modes = terminal.private_modes()
    on = [str(mode) for mode in (ALTERNATE_SCREEN, FOCUS, PASTE, *MOUSE) if modes.get(mode)]
    off = [str(mode) for mode in (CURSOR, WRAP) if not modes.get(mode, True)]
    return ", ".join([*on, *off])


def _stopped(trial: Trial, opened: Open, times: int) -> list[str]:
    """Stops and goes on as a shell has a job do; then quits."""
    with opened(trial, "stuck in C") as terminal:
        _reached(terminal, "idle")
        raw = terminal.modes()
        for nth in range(times):
            terminal.type("\x1a")
            if not _has_stopped(terminal):
                return [f"it does not stop at the {nth + 1}. time"]
            if terminal.modes() != terminal.modes_before:
                return [f"other line settings while it was stopped, at the {nth + 1}. time"]
            os.killpg(terminal.process.pid, signal.SIGCONT)
            try:
                terminal.until(lambda: terminal.modes() == raw, PATIENCE_S)
            except AssertionError:
                return [f"it did not come back at the {nth + 1}. time"]
            terminal.settled()
        terminal.type("q")
        try:
            code = terminal.ended(PATIENCE_S)
        except subprocess.TimeoutExpired:
            return ["q no longer ends it"]
        wrong = _unlike(terminal)
        return ([f"it ended with {code}"] if code else []) + ([wrong] if wrong else [])


def _has_stopped(terminal: Terminal) -> bool:
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        terminal.settled(0.02)
        pid, status = os.waitpid(terminal.process.pid, os.WNOHANG | os.WUNTRACED)
        if pid:
            return os.WIFSTOPPED(status)
    return False


CHECK = Check(
    name="terminal_ways_out",
    must_show="the terminal is as it was and the exit code right, in any state, within a second",
    ours=ours,
    naive=naive,
    naive_is="a bare Textual app",
)
