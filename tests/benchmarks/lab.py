"""What measurements stand on: checkouts, services, and home folders whose history a client has filled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Self

from socd_tui.store.history import FILE
from tests.benchmarks.service import Service
from tests.benchmarks.terminal import Missed, Program
from tests.terminal.pseudo import ROOT, environment

WINDOWS = (7, 30, 90)
"""In days: those that a history is filled with."""

KEPT_DAYS = (7, 90)
"""Those of the overview: what it shows, and what says what is usual."""

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
        self._filled: dict[int, Filled] = {}

    def __enter__(self) -> Self:
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
        environ = environment(home, PYTHONPATH=self.import_from, **more)
        environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or each start compiles the program again
        return environ

    def filled(self, keys: int, windows: Sequence[int] = WINDOWS) -> Filled:
        """An account of so many keys that has been asked for these windows."""
        if keys not in self._filled:
            self._filled[keys] = self._fill(keys, windows)
        return self._filled[keys]

    @cached_property
    def years(self) -> Path:
        """The file of a history of 50 keys over three years."""
        folder = self.folder()
        command = [sys.executable, "-m", "tests.benchmarks.history_size", str(folder), "50", str(3 * 365)]
        run(command, self.environ(folder))
        return folder / FILE

    def _fill(self, keys: int, windows: Sequence[int]) -> Filled:
        service = self._stack.enter_context(Service(keys))
        home = self.folder()
        environ = self.environ(home, **service.environ)
        for days in windows:
            run([*PROGRAM, "show", "overview", "--days", str(days), "--format", "json"], environ)
        (history,) = home.rglob(FILE)
        service.wait_before_answers(LATE_S)
        with Program(PROGRAM, environ) as program:  # what is imported for the first time is compiled first
            program.settle()
        return Filled(service, home, history, environ)


@dataclass(frozen=True)
class Filled:
    """A home folder with the history of an account; its service now answers too late."""

    service: Service
    home: Path
    history: Path
    environ: Mapping[str, str]

    @cached_property
    def payloads(self) -> Path:
        """A file of what the service answers for the shortest and the longest window, see `inside.py`."""
        self.service.wait_before_answers(0)
        try:
            keys = [row["id"] for row in json.loads(self.service.get("/api/v1/keys"))["data"]]
            usages = [(key, days, self.service.usage(key, days)) for key in keys for days in KEPT_DAYS]
        finally:
            self.service.wait_before_answers(LATE_S)
        file = self.home / "payloads.json"
        file.write_text(json.dumps({"usages": [each for each in usages if each[2]]}))
        return file

    @cached_property
    def busiest(self) -> str:
        """The requests of the busiest key in 7 days as they are written on screen: only figures have them."""
        command = [*PROGRAM, "show", "overview", "--offline", "--format", "json"]
        document = json.loads(run(command, self.environ).stdout)
        most = max(row["requests"] or 0 for row in document["data"]["rows"])
        return f"{most:,}"


PROGRAM = (sys.executable, "-m", "socd_tui")


@dataclass(frozen=True)
class Ran:
    """A program that has ended."""

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
    return Ran(seconds, done.stdout)
