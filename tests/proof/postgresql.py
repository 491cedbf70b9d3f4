"""A PostgreSQL of this machine, in a folder of its own, that listens to nobody but a socket in there."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.proof.tools import NotToBeHad

_FOLDERS = ":".join(map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)))


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{_FOLDERS}:{os.environ.get('PATH', '')}")
    if found is None:
        raise NotToBeHad(f"there is no {name}")
    return found


class Database:
    """Asked with psql."""

    def __init__(self, folder: Path) -> None:
        self._command = [
            _program("psql"),
            "-q",
            "-A",
            "-t",
            "-X",
            "-h",
            str(folder),
            "-U",
            "proof",
            "postgres",
        ]

    def run(self, *arguments: str, given: str = "") -> str:
        """What it prints. Raises RuntimeError with what went wrong."""
        done = subprocess.run(
            [*self._command, *arguments], input=given, capture_output=True, text=True, check=False
        )
        if done.returncode != 0 or "ERROR" in done.stderr:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()


@contextmanager
def database(folder: Path) -> Iterator[Database]:
    """A new one while the block runs. Raises NotToBeHad; root runs it as another user, as it must be."""
    initdb, server = _program("initdb"), _program("postgres")
    user = _another_user() if os.geteuid() == 0 else None
    folder.mkdir()
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"
    subprocess.run(
        [initdb, "-D", str(data), "-A", "trust", "-U", "proof", "--no-sync"],
        check=True,
        capture_output=True,
        user=user,
        cwd=folder,
    )
    options = ["-c", "listen_addresses=", "-c", "fsync=off", "-k", str(folder)]
    program = subprocess.Popen(
        [server, "-D", str(data), *options],
        user=user,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield Database(folder)
    finally:
        program.terminate()
        program.wait()


def _another_user() -> str:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise NotToBeHad("root has nobody to run PostgreSQL as")
