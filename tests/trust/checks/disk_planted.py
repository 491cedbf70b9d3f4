"""Things that somebody put where files and folders of the program belong: nothing beyond them is touched."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

from socd_tui.model.errors import StoreError
from socd_tui.store.crash_report import report
from socd_tui.store.export import export
from tests.account import Account, by_window, key_row
from tests.clock import NOW
from tests.trust.check import Check, Outcome, Trial
from tests.trust.checks.disk_corrupt import (
    CONFIG,
    DATA,
    HISTORY,
    OF_ACCOUNTS,
    SESSION,
    SETTINGS,
    STATE,
    WAL,
    kept,
    lived_in,
    sent_usage,
)
from tests.trust.start import Gate, Started, judged, start

CRASH, EXPORT = STATE / "crash.txt", Path("exports", "view.json")
FILES = (SESSION, HISTORY, WAL, SETTINGS, CRASH, EXPORT)
FOLDERS = (DATA, CONFIG, STATE)
PRIVATE = (SESSION, HISTORY, WAL, DATA)
"""What nobody else may read."""
TOLD = (*PRIVATE, SETTINGS)
"""Without which something is missing; the others are of no use to a person who looks at figures."""
SOMEBODY = 54321
"""A user id that is not ours."""


# --- what is planted: at this path, leading to this victim ------------------------------------------


def symlink(path: Path, victim: Path) -> None:
    path.symlink_to(victim)


def dangling(path: Path, victim: Path) -> None:
    path.symlink_to(victim.with_name("new"))


def hard_link(path: Path, victim: Path) -> None:
    path.hardlink_to(victim)


def fifo(path: Path, _: Path) -> None:
    os.mkfifo(path)


def folder(path: Path, _: Path) -> None:
    path.mkdir()


def file(path: Path, _: Path) -> None:
    path.write_bytes(b"a file")


def unix_socket(path: Path, _: Path) -> None:
    here = os.open(path.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as server:  # by way of the folder: addresses must be short
        server.bind(f"/proc/self/fd/{here}/{path.name}")
    os.close(here)


def device(path: Path, _: Path) -> None:
    os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))  # /dev/zero


def somebody_elses(path: Path, victim: Path) -> None:
    (shutil.copytree if victim.is_dir() else shutil.copy)(victim, path)
    os.chown(path, SOMEBODY, SOMEBODY)


def loose(path: Path, victim: Path) -> None:
    (shutil.copytree if victim.is_dir() else shutil.copy)(victim, path)
    path.chmod(0o777)


Plant = Callable[[Path, Path], None]
IN_PLACE_OF_A_FILE: tuple[Plant, ...] = (
    symlink, dangling, hard_link, fifo, folder, unix_socket, device, somebody_elses, loose,
)  # fmt: skip
IN_PLACE_OF_A_FOLDER: tuple[Plant, ...] = (
    symlink, dangling, fifo, file, unix_socket, device, somebody_elses, loose,
)  # fmt: skip


# --- what must come of it -------------------------------------------------------------------------

Run = Callable[[Path], Started]


def attacked(trial: Trial, before: Path, run: Run) -> Outcome:
    files = (*FILES, *(kept(before, name).relative_to(before) for name in OF_ACCOUNTS))
    cases = [(path, plant) for path in files for plant in IN_PLACE_OF_A_FILE]
    cases += [(path, plant) for path in FOLDERS for plant in IN_PLACE_OF_A_FOLDER]
    if not trial.whole:
        cases = trial.random().sample(cases, 16)
    faults: list[str] = []
    not_here: set[str] = set()
    for number, (path, plant) in enumerate(cases):
        home = trial.home / f"{number}"
        shutil.copytree(before, home)
        try:
            victims = _planted(home, path, plant)
        except PermissionError:  # only root gives files away and makes devices
            not_here.add(plant.__name__)
            continue
        seen_before = {victim: seen(victim) for victim in victims}
        started = run(home)
        name = f"{path} is {plant.__name__}"
        if started.crash:
            faults.append(f"{name}: {started.crash}")
        faults += [
            f"{name}: the victim {victim.name} was touched"
            for victim in victims
            if seen(victim) != seen_before[victim]
        ]
        faults += [f"{name}: {fault}" for fault in _judge(home, path, plant, started)]
        shutil.rmtree(home)
    missing = f", without root not {' and '.join(sorted(not_here))}" if not_here else ""
    tried = f"{len(cases)} things in place of {len(files)} files and {len(FOLDERS)} folders{missing}"
    return Outcome(
        tried, f"{len(faults)} touched a victim, ended it, held it up or were not told", tuple(faults)
    )


def _planted(home: Path, path: Path, plant: Plant) -> tuple[Path, ...]:
    """Puts it there; what it leads to, whose content is what the program would have found."""
    at, beyond = home / path, home / "victims"
    beyond.mkdir()
    victim = beyond / "victim"
    if at.is_dir() or at.exists():
        at.rename(victim)
    else:
        at.parent.mkdir(parents=True, exist_ok=True)
        victim.write_bytes(b"precious")
    victim.chmod(0o755 if victim.is_dir() else 0o644)
    plant(at, victim)
    return victim, beyond


def seen(path: Path) -> object:
    """All that can be told of a file, or of a folder and what is in it."""
    status = path.lstat()
    facts = status.st_mode, status.st_uid, status.st_ino
    if path.is_dir():
        return facts, sorted((each.name, seen(each)) for each in path.iterdir())
    return facts, status.st_mtime_ns, path.read_bytes()


def _judge(home: Path, path: Path, plant: Plant, started: Started) -> Iterator[str]:
    if started.crash:
        return
    if "100" not in started.shown:
        yield "no figures are shown"
    for notice in started.notices:
        if not notice.isprintable() or started.notices.count(notice) > 1:
            yield f"told badly: {started.notices}"
            break
    at = home / path
    if not os.path.lexists(at):
        return
    status, kind = at.lstat(), stat.S_ISDIR if path in FOLDERS else stat.S_ISREG
    is_private = path in PRIVATE or path.name.startswith(OF_ACCOUNTS)
    if is_private and plant is loose and status.st_mode & 0o077:
        yield f"others still have mode {stat.S_IMODE(status.st_mode):o}"
    stays = (
        not kind(status.st_mode)
        or status.st_uid != os.geteuid()
        or (plant is hard_link and status.st_nlink > 1)
    )
    kept_elsewhere = path is SETTINGS and plant in (
        symlink,
        hard_link,
    )  # as people do who keep them in a repository
    if path in TOLD and stays and not kept_elsewhere and path.name not in "".join(started.notices):
        yield f"not told: {started.notices}"


# --- the program ----------------------------------------------------------------------------------


def ours(trial: Trial) -> Outcome:
    with Account(key_row(1), usage=by_window(sent_usage)) as account:
        gate = Gate(account)
        before = lived_in(trial.home / "before", gate)

        def run(home: Path) -> Started:
            started = start(home, gate, NOW + timedelta(hours=1))
            return started if started.crash else judged(lambda: _with_files(home, started))

        return attacked(trial, before, run)


def _with_files(home: Path, started: Started) -> Started:
    """A crash is reported and a view exported, too; a sentence is all that may come of a refusal."""
    report(ValueError("as ever"), home / STATE)
    (home / EXPORT).parent.mkdir(exist_ok=True)
    with suppress(StoreError):
        export(home / EXPORT, "{}")
    return started


# --- a careless program ---------------------------------------------------------------------------


def naive(trial: Trial) -> Outcome:
    with Account(key_row(1), usage=by_window(sent_usage)) as account:
        before = lived_in(trial.home / "before", Gate(account))
    return attacked(trial, before, lambda home: judged(lambda: _writing(home), 0.5))


def _writing(home: Path) -> Started:
    """Writes the same files as people write files."""
    contents: Mapping[Path, str] = {SESSION: "{}", CRASH: "Traceback", EXPORT: "{}"}
    with (home / SETTINGS).open() as settings:
        settings.read(1 << 20)
    for path, text in contents.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        with (home / path).open("w") as out:
            out.write(text)
    with closing(sqlite3.connect(home / HISTORY)) as db, db:
        db.execute("CREATE TABLE IF NOT EXISTS seen (at)")
        db.execute("INSERT INTO seen VALUES (1)")
    return Started(shown="100")


CHECK = Check(
    name="disk_planted",
    must_show="what stands where a file or folder belongs leads to nothing that is touched, and is told",
    ours=ours,
    naive=naive,
    naive_is="open(path, 'w') and makedirs",
)
