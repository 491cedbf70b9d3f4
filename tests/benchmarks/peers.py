"""Other terminal programs, where they are installed: how long until each has drawn anything."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.lab import Lab
from tests.benchmarks.starting import bare_ms
from tests.benchmarks.terminal import Missed, Program

LOG = "".join(f"2026-11-22 14:{n // 60:02}:{n % 60:02} INFO request {n} done\n" for n in range(2_000))
"""A file for a log viewer to open."""


@dataclass
class Peer:
    name: str
    command: Callable[[Path], list[str]]
    """From a folder that it may use."""
    sign: str
    """What its first useful frame has."""
    values: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    why_not: str = ""

    def measure(self, lab: Lab) -> None:
        if self.why_not:
            return
        home, floor = lab.folder(), bare_ms(lab)
        with Program(self.command(home), lab.environ(home)) as program:
            try:
                shown = program.until(self.sign.encode())
            except Missed as missed:
                self.why_not = str(missed).partition("\n")[0]
                return
        self.values.append((shown - program.began) * 1e3)
        self.floors.append(floor)

    @property
    def median(self) -> float | None:
        return statistics.median(self.values) if self.values else None

    @property
    def ratio(self) -> float | None:
        return statistics.median(self.values) / statistics.median(self.floors) if self.values else None


def peers() -> list[Peer]:
    """Each with a word where it is not installed."""
    found = [
        Peer("harlequin, an empty database", _database, "Query Editor"),
        Peer("toolong, a log of 2,000 lines", _log, "request 1999 done"),
    ]
    for peer, program in zip(found, ("harlequin", "tl"), strict=True):
        if shutil.which(program) is None:
            peer.why_not = "not installed"
    return found


def _database(home: Path) -> list[str]:
    return ["harlequin", str(home / "empty.duckdb")]


def _log(home: Path) -> list[str]:
    file = home / "service.log"
    file.write_text(LOG)
    return ["tl", str(file)]
