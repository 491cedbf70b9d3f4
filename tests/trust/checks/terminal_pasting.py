"""Text of any size, with marks or without, is pasted: no command runs, the program answers, memory stays."""

from __future__ import annotations

import os
import re
import select
import sys
import time
from pathlib import Path

from tests.terminal.pseudo import PROGRAM, Terminal, children, environment
from tests.trust.check import Check, NotHere, Outcome, Trial

PATIENCE_S = 30.0
MORE_MIB = 64
TEXT = b"the quick fox asks of it all; "
PLACES = ("the main screen", "a prompt")
FORMS = {"marked": (b"\x1b[200~", b"\x1b[201~"), "unmarked": (b"", b"")}
SENDS_S = 30.0


def ours(trial: Trial) -> Outcome:
    return _tried(trial, "--demo", sizes_mb=(1, *((10, 200) if trial.whole else ())))


def naive(trial: Trial) -> Outcome:
    bare = (sys.executable, "-m", "tests.trust.bare", "in C")
    # Into its line to type in it takes most of a minute, and more than a GiB.
    places = PLACES if trial.whole else PLACES[:1]
    return _tried(trial, program=bare, sizes_mb=(1,), places=places)


def _tried(
    trial: Trial,
    *arguments: str,
    sizes_mb: tuple[int, ...],
    program: tuple[str, ...] = PROGRAM,
    places: tuple[str, ...] = PLACES,
) -> Outcome:
    faults, most, tried = [], 0.0, 0
    for place in places:
        for form, (start, end) in FORMS.items():
            for size in sizes_mb:
                tried += 1
                data = start + TEXT * (size * 1_000_000 // len(TEXT)) + end
                environ = environment(trial.home / "home")
                with Terminal(*arguments, environ=environ, program=program) as terminal:
                    terminal.shows("Overview")
                    terminal.settled()
                    if place == "a prompt":
                        terminal.type("/")
                        terminal.shows("filter Overview")
                    fault, more = _pasted(terminal, data)
                most = max(most, more)
                if fault:
                    faults.append(f"{size} MB {form} into {place}: {fault}")
    return Outcome(
        tried=f"{tried} pastes of {' and '.join(map(str, sizes_mb))} MB",
        figure=f"{len(faults)} did harm; {most:.0f} MiB more memory at most",
        faults=tuple(faults),
    )


def _pasted(terminal: Terminal, data: bytes) -> tuple[str, float]:
    """What is wrong, and how much more memory it took in MiB."""
    program = [*children(terminal.process.pid), terminal.process.pid][0]
    before = _most_mib(program)
    if not _sent(terminal, data):
        return "it is not read" if terminal.process.poll() is None else "it ends the program", 0.0
    try:
        terminal.until(lambda: "asted" in terminal.text, PATIENCE_S / 5)
    except AssertionError:
        return "nothing is said of it", 0.0
    more = _most_mib(program) - before
    if more > MORE_MIB:
        return f"it takes {more:.0f} MiB", more
    terminal.type("\x11")
    return ("" if terminal.ended(PATIENCE_S) == 0 else "ctrl+q no longer ends it"), more


def _sent(terminal: Terminal, data: bytes) -> bool:
    """Writes it as fast as it is read, and reads what the program draws meanwhile."""
    left, ends = memoryview(data), time.monotonic() + SENDS_S
    while left and time.monotonic() < ends and terminal.process.poll() is None:
        readable, writable, _ = select.select([terminal.master], [terminal.master], [], 1)
        if readable:
            os.read(terminal.master, 65536)
        if writable:
            left = left[os.write(terminal.master, left[:65536]) :]
    return not left


def _most_mib(process: int) -> float:
    """The most memory it ever had."""
    path = Path(f"/proc/{process}/status")
    found = re.search(r"VmHWM:\s+(\d+)", path.read_text()) if path.exists() else None
    if found is None:
        raise NotHere("/proc")
    return int(found[1]) / 1024


CHECK = Check(
    name="terminal_pasting",
    must_show=f"pasted text of any size runs no command, is told, and takes {MORE_MIB} MiB at most",
    ours=ours,
    naive=naive,
    naive_is="a bare Textual app",
)
