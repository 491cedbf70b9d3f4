"""What measurements stand on: checkouts, services, and home folders whose history a client has filled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from compileall import compile_dir
from contextlib import ExitStack
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Self

from socd_tui.clock import utc_now
from socd_tui.store.history import FILE
from tests.benchmarks.service import Service
from tests.benchmarks.terminal import Missed
from tests.terminal.pseudo import ROOT, environment

WINDOWS = (7, 30, 90)
"""In days: those that a history is filled with, as far as so many days are to be remembered."""

SHOWN_DAYS, LONGEST = WINDOWS[0], WINDOWS[-1]
"""The window that the program opens on, and the one that says what is usual."""

SAMPLER = Path(__file__).with_name("sampler")

LATE_S = 600.0
"""An answer that takes so long cannot have brought what is on screen."""

RUN_WITHIN_S = 300.0

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
"""A Textual program of one widget, which says which key was pressed."""


class Lab:
    """One checkout, ready to be measured. What is made for it is removed at the end of the `with` block."""

    def __init__(self, tree: Path = ROOT) -> None:
        self.tree = tree.resolve()
        self._stack = ExitStack()
        self._filled: dict[tuple[int, int], Filled] = {}
        self._more: dict[str, str] = {}  # in the environment of all that is started

    def __enter__(self) -> Self:
        compile_dir(self.tree / "socd_tui", quiet=1)  # or the first start would do it
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @cached_property
    def import_from(self) -> str:
        """PYTHONPATH: the checkout's program, and the tests of this one."""
        alone = self.folder()
        (alone / "socd_tui").symlink_to(self.tree / "socd_tui")
        return os.pathsep.join(map(str, (alone, ROOT)))

    def folder(self) -> Path:
        # What has been killed may still write a moment longer.
        made = TemporaryDirectory(ignore_cleanup_errors=True)
        return Path(self._stack.enter_context(made))

    def environ(self, home: Path, **more: str) -> dict[str, str]:
        return environment(home, PYTHONPATH=self.import_from, **self._more, **more)

    def filled(self, keys: int, days: int = LONGEST) -> Filled:
        """An account of so many keys, of each of which so many days are remembered."""
        if (keys, days) not in self._filled:
            self._filled[keys, days] = self._fill(keys, days)
        return self._filled[keys, days]

    @cached_property
    def years(self) -> Path:
        """The file of a history of 50 keys over three years."""
        folder = self.folder()
        command = [sys.executable, "-m", "tests.benchmarks.history_size", str(folder), "50", str(3 * 365)]
        run(command, self.environ(folder))
        return folder / FILE

    def sampled(self, notes: Path) -> Lab:
        """The same, but each process of the program notes in this folder what it is doing: see `sampler/`."""
        sampled = copy(self)
        sampled.import_from = os.pathsep.join((self.import_from, str(SAMPLER)))
        sampled._more = {"BENCHMARK_NOTES": str(notes)}
        also = {"PYTHONPATH": sampled.import_from, **sampled._more}
        sampled._filled = {
            size: replace(filled, environ={**filled.environ, **also}) for size, filled in self._filled.items()
        }
        return sampled

    def _fill(self, keys: int, days: int) -> Filled:
        service = self._stack.enter_context(Service(keys))
        home = self.folder()
        environ = self.environ(home, **service.environ)
        for window in WINDOWS:
            if window <= days:
                run([*PROGRAM, "show", "overview", "--days", str(window), "--format", "json"], environ)
        (history,) = home.rglob(FILE)
        filled = Filled(service, home, history, environ)
        if days > LONGEST:
            inside(filled, "remember", days=days)
        service.wait_before_answers(LATE_S)
        return filled


@dataclass(frozen=True)
class Filled:
    """A home folder with the history of an account; its service now answers too late."""

    service: Service
    home: Path
    history: Path
    environ: Mapping[str, str]
    _busiest: dict[int, str] = field(default_factory=dict)

    @cached_property
    def payloads(self) -> Path:
        """A file of what the service answers for the shortest and the longest window, see `inside.py`."""
        self.service.wait_before_answers(0)
        try:
            keys = [row["id"] for row in json.loads(self.service.get("/api/v1/keys"))["data"]]
            slots = [(key, days) for key in keys for days in (SHOWN_DAYS, LONGEST)]
            usages = [(*slot, self.service.usage(*slot)) for slot in slots]
        finally:
            self.service.wait_before_answers(LATE_S)
        file = self.home / "payloads.json"
        file.write_text(json.dumps({"usages": [each for each in usages if each[2]]}))
        return file

    def busiest(self, days: int = SHOWN_DAYS) -> str:
        """The requests of the busiest key as they are written on screen: only what is stored says them."""
        if days not in self._busiest:
            self._busiest[days] = self._ask_busiest(days)
        return self._busiest[days]

    def _ask_busiest(self, days: int) -> str:
        command = [*PROGRAM, "show", "overview", "--offline", *window(days), "--format", "json"]
        document = json.loads(run(command, self.environ).stdout)
        most = max(row["requests"] or 0 for row in document["data"]["rows"])
        return f"{most:,}"


PROGRAM = (sys.executable, "-m", "socd_tui")


def window(days: int) -> tuple[str, str]:
    """The arguments for so many days; those beyond the service's are told by their first."""
    first = utc_now().date() - timedelta(days=days - 1)
    return ("--days", str(days)) if days <= LONGEST else ("--since", str(first))


@dataclass(frozen=True)
class Ran:
    """A program that has ended."""

    began: float
    """When it was started (`time.perf_counter`)."""
    seconds: float
    """From its start to its end."""
    stdout: str


def run(command: Sequence[str], environ: Mapping[str, str]) -> Ran:
    """Runs it to its end. Raises Missed when it takes too long or fails.

    An exit code of 6 is no failure: the account has a key that the service does not know.
    """
    began = perf_counter()
    try:
        done = subprocess.run(
            command, env=environ, cwd=environ["HOME"], capture_output=True, text=True, timeout=RUN_WITHIN_S
        )
    except subprocess.TimeoutExpired:
        raise Missed(f"{' '.join(command[1:])} did not end within {RUN_WITHIN_S:.0f} s") from None
    seconds = perf_counter() - began
    if done.returncode not in (0, 6):
        raise Missed(f"{' '.join(command[1:])} failed ({done.returncode}): {done.stderr[-200:].strip()}")
    return Ran(began, seconds, done.stdout)


def inside(
    filled: Filled, part: str, *, days: int = SHOWN_DAYS, history: Path | None = None
) -> dict[str, float]:
    """The milliseconds of a part of the program, by row, in a process of its own: see `inside.py`."""
    paths = map(str, (history or filled.history, filled.payloads))
    command = [sys.executable, "-m", "tests.benchmarks.inside", part, *paths, str(days)]
    found: dict[str, float] = json.loads(run(command, filled.environ).stdout)
    return found
