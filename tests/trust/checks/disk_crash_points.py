"""A save that is killed, or fails, at every call: what is there is old or new, and nothing is left."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import IO

from socd_tui.model.errors import StoreError
from socd_tui.store.atomic import sweep
from socd_tui.store.export import export
from socd_tui.store.paths import Paths
from tests.account import TODAY
from tests.clock import NOW
from tests.terminal.pseudo import ROOT
from tests.trust.check import Check, Outcome, Trial
from tests.trust.saves import (
    KEYS,
    ORIGIN,
    REFUSED,
    SAVED,
    SAVES,
    VIEW,
    history,
    session,
    token,
    visit,
    visits,
)
from tests.trust.start import ending_in

FAULTS = {"KILL": "signal=KILL", "ENOSPC": "error=ENOSPC", "EIO": "error=EIO"}
LIMIT_S = 30.0
CALLS = "%file,%desc"
"""All that have to do with files."""

_CALL = re.compile(r"^(?:\d+ +)?(\w+)\(", re.M)

Look = Callable[[Path, int | None], Iterator[str]]
"""What is wrong in a home after the next start; the exit code of the save, None after a kill."""


@dataclass(frozen=True)
class Ended:
    code: int | None
    """None after a kill."""
    log: str = ""


class Saver:
    """Saves in other processes, which can be killed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in: IO[str] = process.stdin
        self._out: IO[str] = process.stdout

    def begin(self, kind: str, home: Path) -> int:
        self._in.write(f"{kind} {home}\n")
        self._in.flush()
        return int(self._out.readline())

    def ended(self) -> int | None:
        code = int(self._out.readline())
        return None if code < 0 else code

    def traced(self, kind: str, home: Path, *options: str) -> Ended:
        """Saves while strace looks on."""
        child, log = self.begin(kind, home), home.with_name("strace.log")
        _until_stopped(child)
        command = ["strace", "-o", str(log), "-e", f"trace={CALLS}", *options, "-p", str(child)]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as strace:
            assert strace.stderr is not None
            attached = strace.stderr.readline()
            os.kill(child, signal.SIGCONT)
            code = self.ended()
            strace.stderr.read()
        assert "attached" in attached, attached
        return Ended(code, log.read_text())


@contextmanager
def saving() -> Iterator[Saver]:
    command = [sys.executable, "-m", "tests.trust.saves"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environ
    ) as process:
        with ending_in(3600):
            yield Saver(process)
        assert process.stdin is not None
        process.stdin.close()


def _until_stopped(process: int) -> None:
    ends = monotonic() + LIMIT_S
    while Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "Tt":
        assert monotonic() < ends
        select.select([], [], [], 0.001)


# --- what must come of it -------------------------------------------------------------------------


def attacked(trial: Trial, kinds: tuple[str, ...], look: Look) -> Outcome:
    """Each save at each of its calls, and saves without end killed at random moments."""
    faults: list[str] = []
    points = kills = 0
    with saving() as saver:
        homes = {kind: _before(trial.home / f"before-{kind}", kind) for kind in kinds}
        if trial.whole and shutil.which("strace"):
            for kind in kinds:
                for name, number, fault in _points(saver, kind, homes[kind], trial):
                    home = _copy(homes[kind], trial.home / "point")
                    options = "-e", f"inject={name}:{FAULTS[fault]}:when={number}"
                    code = saver.traced(kind, home, *options).code
                    points += 1
                    faults += [f"{kind}, {fault} at {name} {number}: {each}" for each in look(home, code)]
        chance = trial.random()
        for number in range(trial.count(16, 200)):
            kind = kinds[number % len(kinds)]
            home, wait_s = _copy(homes[kind], trial.home / "killed"), chance.random() * 0.06
            child = saver.begin(f"ever-{kind}", home)
            select.select([], [], [], wait_s)
            os.kill(child, signal.SIGKILL)
            saver.ended()
            kills += 1
            faults += [f"{kind} killed after {wait_s * 1e3:.0f} ms: {each}" for each in look(home, None)]
    calls = f"{points:,} failed calls of saves" if points else "no failed calls (the whole form, with strace)"
    return Outcome(f"{calls}, {kills} kills", f"{len(faults)} torn, lost or left over", tuple(faults))


def _points(saver: Saver, kind: str, home: Path, trial: Trial) -> Iterator[tuple[str, int, str]]:
    traced = saver.traced(kind, _copy(home, trial.home / "point"))
    assert traced.code == SAVED, traced
    for name, calls in sorted(Counter(_CALL.findall(traced.log)).items()):
        for number in range(1, calls + 1):
            for fault in FAULTS:
                yield name, number, fault


def _before(home: Path, kind: str) -> Path:
    home.mkdir()
    SAVES[kind](home, 0)
    return home


def _copy(home: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(home, to)
    return to


# --- the program ----------------------------------------------------------------------------------


def ours(trial: Trial) -> Outcome:
    return attacked(trial, ("session", "history", "aside", "older", "visit", "view", "crash"), _next_start)


def _next_start(home: Path, code: int | None) -> Iterator[str]:
    if code not in (None, SAVED, REFUSED):
        yield f"the save ended with {code}"
    paths = Paths.under(home)
    for folder in (paths.data, paths.state):
        sweep(folder)  # as every start does
    if (paths.data / "session.json").exists():
        yield from _session(home, code)
    if paths.data.joinpath("history.sqlite3").exists():
        yield from _history(home, code)
    if visits(home).path.exists():
        yield from _visits(home, code)
    if (home / "exports").exists():
        yield from _views(home / "exports")
    yield from _left(home)


def _session(home: Path, code: int | None) -> Iterator[str]:
    try:
        found = session(home).load(ORIGIN)
    except StoreError as error:
        yield str(error)
        return
    tokens = [token(generation) for generation in _possible(code)]
    if found is None or found.token.reveal() not in tokens:
        yield f"another session: {found}"


def _history(home: Path, code: int | None) -> Iterator[str]:
    here = history(home)
    try:
        past, last = here.past(), here.last()
    except StoreError as error:
        yield str(error)
        return
    for key in KEYS:
        days = (
            {day.date: day.requests for day, _ in past[key.id].days if day.date != TODAY}
            if key.id in past
            else {}
        )
        if not days and not list(here.path.parent.glob("history-corrupt-*")):
            yield "the days are lost"
        if days and (len(days) != 89 or len(set(days.values())) != 1):
            yield f"half a history: {len(days)} days, {set(days.values())}"
        if code == SAVED and set(days.values()) != {200}:
            yield f"saved, but {set(days.values())}"
    if last is not None and len(last.usages) != 2 * len(KEYS):
        yield "half a snapshot"
    if any(path.name.startswith("history.sqlite3-") for path in here.path.parent.iterdir()):
        yield "a log of SQLite's is left"


def _visits(home: Path, code: int | None) -> Iterator[str]:
    file = visits(home)
    found = file.read(NOW + timedelta(days=99))
    if file.notices or found not in [visit(generation) for generation in _possible(code)]:
        yield f"another visit: {file.notices}, {found and found.at}"


def _possible(code: int | None) -> Iterable[int]:
    """What may be there after a save that ended so: what was saved, what was there before, or either."""
    return (1,) if code == SAVED else (0, 1) if code == REFUSED else range(400)


def _views(folder: Path) -> Iterator[str]:
    export(folder / "next.json", "{}")  # takes along what a killed one left
    for path in folder.glob("view*"):
        if path.read_text() != f"{VIEW}\n":
            yield f"half of {path.name}"


def _left(home: Path) -> Iterator[str]:
    for path in home.rglob("*"):
        if path.name.endswith((".tmp", "-journal")):
            yield f"{path.name} is left"
        if path.is_file() and path.stat().st_mode & 0o077:
            yield f"{path.name} has mode {path.stat().st_mode & 0o777:o}"
    aside = list(home.rglob("history-corrupt-*"))
    mains = {path.name for path in aside if path.suffix == ".sqlite3"}
    if len(mains) > 3 or any(path.name.partition(".sqlite3")[0] + ".sqlite3" not in mains for path in aside):
        yield f"left of moved files: {sorted(path.name for path in aside)}"


# --- a careless program ---------------------------------------------------------------------------


def naive(trial: Trial) -> Outcome:
    return attacked(trial, ("careless",), _torn)


def _torn(home: Path, _: int | None) -> Iterator[str]:
    for path in (Paths.under(home).data / "session.json", Paths.under(home).data / "history.json"):
        try:
            content = json.loads(path.read_bytes())
        except ValueError:
            yield f"{path.name} is torn"
        else:
            if isinstance(content, list) and len(content) != 20_000:
                yield f"{path.name} is cut"


CHECK = Check(
    name="disk_crash_points",
    must_show="a save that is killed or fails at any call leaves old or new, and nothing stale",
    ours=ours,
    naive=naive,
    naive_is="open(path, 'w') and json.dump",
)
