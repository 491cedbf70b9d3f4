"""Other people's programs: those of this machine, else from Debian's packages, unpacked and not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PACKAGES = {
    "promtool": "prometheus",
    "prometheus": "prometheus",
    "prometheus-node-exporter": "prometheus-node-exporter",
    "amtool": "prometheus-alertmanager",
}
"""The package of each program."""

DOWNLOAD_S = 300.0


class NotToBeHad(Exception):
    """A program is not on this machine, and its package cannot be fetched."""


class Tools:
    """Finds each program on this machine or under a folder that packages are unpacked in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> str:
        """Raises NotToBeHad."""
        unpacked = self._folder / "usr" / "bin" / name
        found = str(unpacked) if unpacked.exists() else shutil.which(name)
        if found is None:
            raise NotToBeHad(f"there is no {name}")
        return found

    def fetch(self) -> None:
        """Get and unpack the packages of whatever is missing; needs no rights. Raises NotToBeHad."""
        missing = {package for name, package in PACKAGES.items() if not self._has(name)}
        if not missing:
            return
        if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
            raise NotToBeHad("this machine has no packages of Debian's")
        self._folder.mkdir(parents=True, exist_ok=True)
        if not self._download(sorted(missing), []):
            own = self._own_lists()
            self._run(["apt-get", "--quiet", *own, "update"])
            if not self._download(sorted(missing), own):
                raise NotToBeHad(f"these packages cannot be fetched: {', '.join(sorted(missing))}")
        for archive in self._folder.glob("*.deb"):
            if not self._run(["dpkg", "-x", str(archive), str(self._folder)]):
                raise NotToBeHad(f"{archive.name} cannot be unpacked")

    def _has(self, name: str) -> bool:
        try:
            self.path(name)
        except NotToBeHad:
            return False
        return True

    def _download(self, packages: Sequence[str], options: Sequence[str]) -> bool:
        return self._run(["apt-get", "--quiet", *options, "download", *packages])

    def _own_lists(self) -> list[str]:
        """Where the lists of packages are kept that nobody has fetched on this machine yet."""
        lists, cache = self._folder / "lists", self._folder / "cache"
        for folder in (lists / "partial", cache / "archives" / "partial"):
            folder.mkdir(parents=True, exist_ok=True)
        return ["-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={cache}"]

    def _run(self, command: Sequence[str]) -> bool:
        try:
            done = subprocess.run(
                command, cwd=self._folder, capture_output=True, timeout=DOWNLOAD_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0


@contextmanager
def running(*command: str, log: Path, environ: dict[str, str] | None = None) -> Iterator[None]:
    """A program that is ended with the block; what it says goes to the log."""
    with log.open("wb") as said:
        program = subprocess.Popen(command, stdout=said, stderr=said, env=environ or dict(os.environ))
    try:
        yield
    finally:
        program.terminate()
        try:
            program.wait(10)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()
