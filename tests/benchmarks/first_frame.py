"""How long until something is on screen: this program against a bare Textual one, in one run.

    python tests/benchmarks/first_frame.py [rounds]

Each round starts both in a pseudo-terminal and stops the clock when the text that only a drawn frame
holds arrives. Figures on shared machines are noisy; the ratio of the medians is what counts.
"""

from __future__ import annotations

import os
import pty
import select
import signal
import statistics
import sys
import time

BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("first frame")
Bare().run()
"""

PROGRAMS = {
    "bare Textual": ([sys.executable, "-c", BARE], b"first frame"),
    "socd-tui --demo": ([sys.executable, "-m", "socd_tui", "--demo"], b"Overview"),
    "its first figures": ([sys.executable, "-m", "socd_tui", "--demo"], b"threat-note"),
}


def seconds_until(command: list[str], sign: bytes) -> float:
    """From the start of the process to the arrival of `sign`."""
    began = time.perf_counter()
    process, terminal = pty.fork()
    if process == 0:
        os.environ |= {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
        os.execv(command[0], command)
    seen = b""
    while sign not in seen and select.select([terminal], [], [], 20)[0]:
        seen += os.read(terminal, 65536)
    passed = time.perf_counter() - began
    os.killpg(process, signal.SIGKILL)  # what it has started too, or it would take time from the next
    os.waitpid(process, 0)
    os.close(terminal)
    return passed


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    taken: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(rounds):
        for name, (command, sign) in PROGRAMS.items():
            taken[name].append(seconds_until(command, sign))
    bare = statistics.median(taken["bare Textual"])
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:<18} {median * 1000:5.0f} ms   {median / bare:.2f} x bare")


if __name__ == "__main__":
    main()
