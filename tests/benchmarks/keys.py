"""Run as a program: what each key press costs in a terminal, of one or more checkouts in one run.

    python tests/benchmarks/keys.py [--keys 50] [--size 120x40] [--rounds 5] [TREE ...]

Each round starts every checkout in a pseudo-terminal against one demo service of so many keys, waits until
all of them have come in, and presses the same tour of keys. Printed by key, as medians over the rounds: the
milliseconds from the press to the first picture, and to the last byte before half a second of silence (when
what was asked for has come in, too), those of processor time until then, and the bytes. A bare Textual
program that echoes a key stands beside them. On shared machines only ratios of one run count.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parents[2]
SILENCE_S = 0.5
TOUR: dict[str, bytes] = {
    "down": b"\x1b[B",
    "down again": b"\x1b[B",
    "down once more": b"\x1b[B",
    "up": b"\x1b[A",
    "2 series": b"2",
    "3 endpoints": b"3",
    "4 status": b"4",
    "5 429 map": b"5",
    "6 budget": b"6",
    "down in budget": b"\x1b[B",
    "7 bill": b"7",
    "1 overview": b"1",
    "] window": b"]",
    "[ window": b"[",
    "c compare": b"c",
    "c off": b"cc",
    "t theme": b"t",
}
BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("first frame")
    def on_key(self, event):
        self.query_one(Static).update(f"{event.key} {event.time}")
Bare().run()
"""


@dataclass(frozen=True)
class Cost:
    """Of one key press."""

    first_ms: float
    last_ms: float
    processor_ms: float
    output: int


def drawn(terminal: int, silence: float = SILENCE_S) -> tuple[float, float, int]:
    """Reads until nothing comes for so long; when the first and the last bytes came, and how many."""
    first = last = time.perf_counter()
    count = 0
    while select.select([terminal], [], [], silence)[0]:
        last = time.perf_counter()
        first = first if count else last
        count += len(os.read(terminal, 65536))
    return first, last, count


def processor_ms(process: int) -> float:
    """What a process and its children have run so far, with threads that have ended."""
    own = time.clock_gettime(~process << 3 | 2) * 1e3  # as clock_getcpuclockid(3) makes it
    tasks = Path(f"/proc/{process}/task").iterdir()
    children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return own + sum(map(processor_ms, children))


@contextmanager
def program(command: list[str], environ: dict[str, str], size: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """A program in a terminal of this size, killed with all it has started in the end."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(environ["HOME"])  # or a package beside us would be found before that of PYTHONPATH
        os.execve(command[0], command, environ)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    try:
        yield process, terminal
    finally:
        os.killpg(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(terminal)


@contextmanager
def demo_service(keys: int) -> Iterator[tuple[str, str]]:
    """The address and a session token of a demo service."""
    command = [sys.executable, "-m", "socd_tui", "demo-server", "--keys", str(keys)]
    with subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        told = ""
        while not re.search(r"eyJ[\w.-]+", told):
            told += service.stdout.readline()
        address, token = re.search(r"http://\S+", told), re.search(r"eyJ[\w.-]+", told)
        assert address
        assert token
        try:
            yield address[0].rstrip("/'\""), token[0]
        finally:
            service.terminate()


def toured(command: list[str], environ: dict[str, str], size: tuple[int, int], ready_s: float) -> list[Cost]:
    """What each key of the tour costs, after so long a silence as says that all has come in."""
    with program(command, environ, size) as (process, terminal):
        drawn(terminal, ready_s)
        costs = []
        for key in TOUR.values():
            spent, pressed = processor_ms(process), time.perf_counter()
            os.write(terminal, key)
            first, last, count = drawn(terminal)
            costs.append(
                Cost(
                    (first - pressed) * 1e3 if count else 0.0,
                    (last - pressed) * 1e3 if count else 0.0,
                    processor_ms(process) - spent,
                    count,
                )
            )
        return costs


def main() -> None:
    parser = argparse.ArgumentParser(description="What each key press costs.")
    parser.add_argument("trees", nargs="*", type=Path, default=[HERE], metavar="TREE")
    parser.add_argument("--keys", type=int, default=50)
    parser.add_argument("--size", default="120x40")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    width, height = map(int, options.size.split("x"))
    programs = {"bare": [sys.executable, "-c", BARE]}
    programs |= {str(tree): [sys.executable, "-m", "socd_tui"] for tree in options.trees}
    costs: dict[str, list[list[Cost]]] = {name: [] for name in programs}
    ready_s = max(3.0, options.keys / 50)
    with demo_service(options.keys) as (address, token):
        for _ in range(options.rounds):
            for name, command in programs.items():
                with TemporaryDirectory() as home:
                    folders = {f"XDG_{kind}_HOME": home for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
                    environ = {
                        **os.environ,
                        **folders,
                        "HOME": home,
                        "TERM": "xterm-256color",
                        "COLORTERM": "truecolor",
                        "LC_ALL": "C.UTF-8",
                        "PYTHONPATH": name,
                        "SOCD_BASE_URL": address,
                        "SOCD_SESSION_TOKEN": token,
                    }
                    costs[name].append(toured(command, environ, (width, height), ready_s))
    _print(costs)


def _print(costs: dict[str, list[list[Cost]]]) -> None:
    print("key".ljust(16) + "".join(f"{Path(name).name[-20:]:>36}" for name in costs))
    for number, key in enumerate(TOUR):
        cells = []
        for rounds in costs.values():
            at = [tour[number] for tour in rounds]
            first = statistics.median(cost.first_ms for cost in at)
            last = statistics.median(cost.last_ms for cost in at)
            spent = statistics.median(cost.processor_ms for cost in at)
            output = statistics.median(cost.output for cost in at)
            cells.append(f"{first:>7.1f} {last:>6.1f} {spent:>6.1f} ms {output:>8,.0f} B")
        print(key.ljust(16) + "".join(f"{cell:>36}" for cell in cells))
    for name, rounds in costs.items():
        every = [cost for tour in rounds for cost in tour]
        times = sorted(cost.first_ms for cost in every)
        middle, late = statistics.median(times), times[int(len(times) * 0.95)]
        spent = statistics.fmean(cost.processor_ms for cost in every)
        output = statistics.fmean(cost.output for cost in every)
        print(f"{Path(name).name}: median {middle:.1f} ms, p95 {late:.1f} ms;", end=" ")
        print(f"a key {spent:.1f} ms of processor time and {output:,.0f} bytes")


if __name__ == "__main__":
    main()
