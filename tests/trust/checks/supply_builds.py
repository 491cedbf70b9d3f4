"""The archives that are published: the same bytes from two builds, true hashes, and a true list of parts."""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.trust.check import Check, NotHere, Outcome, Trial
from tests.trust.sbom import PAGE, REQUIREMENTS, ROOT, direct, document, pinned

FOLDERS = ("socd_tui", "share", "tests", "docs")
FILES = (
    *("pyproject.toml", "requirements.txt", ".gitignore", "LICENSE"),
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"),
)

SHARED = (
    "socd_tui/share/completions/socd-tui.bash",
    "data/share/man/man1/socd-tui.1",
    "data/share/zsh/site-functions/_socd-tui",
    "data/share/socd-tui/prometheus/socd.rules.yml",
)
"""Of what is beside the program, what must come along."""

BUILD = """
import sys
from hatchling.build import build_sdist, build_wheel
build_sdist(sys.argv[1]); build_wheel(sys.argv[1])
"""


@dataclass(frozen=True)
class Machine:
    """What differs between two machines that build the same version."""

    name: str
    umask: int
    touched_s: int
    """When its files were written, in seconds since 1970."""
    environ: dict[str, str]


MACHINES = (
    Machine("one", 0o022, 1_600_000_000, {"TZ": "UTC", "PYTHONHASHSEED": "1", "LC_ALL": "C"}),
    Machine(
        "another, deep/in a folder",
        0o077,
        1_700_000_123,
        {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "USER": "somebody"},
    ),
)

Builder = Callable[[Path, Path, Machine], None]
"""Builds the sources into a folder, as that machine would."""


def build_ours(sources: Path, out: Path, machine: Machine) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(out)],
        cwd=sources,
        env=environ | machine.environ,
        umask=machine.umask,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-500:])


def build_naively(sources: Path, out: Path, _: Machine) -> None:
    shutil.make_archive(str(out / "socd_tui-0.1.0"), "gztar", sources)
    with zipfile.ZipFile(out / "socd_tui-0.1.0-py3-none-any.whl", "w") as wheel:
        for path in sorted((sources / "socd_tui").rglob("*.py")):
            wheel.write(path, path.relative_to(sources))


def _copied(machine: Machine, folder: Path) -> Path:
    """The sources, as another machine has them."""
    sources = folder / machine.name / "sources"
    sources.mkdir(parents=True)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, sources / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, sources / name)
    for path in sources.rglob("*"):
        path.chmod((0o777 if path.is_dir() else 0o666) & ~machine.umask)
        os.utime(path, (machine.touched_s, machine.touched_s))
    return sources


def _archives(build: Builder, folder: Path) -> Iterator[dict[str, bytes]]:
    for machine in MACHINES:
        out = folder / machine.name / "out"
        sources = _copied(machine, folder)
        out.mkdir()
        build(sources, out, machine)
        yield {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def _differences(one: dict[str, bytes], other: dict[str, bytes]) -> Iterator[str]:
    if one.keys() != other.keys():
        yield f"{sorted(one)} and {sorted(other)} were built"
    for name in one.keys() & other.keys():
        if one[name] != other[name]:
            yield f"{name} has other bytes in a second build"


def _wheel_faults(wheel: bytes) -> Iterator[str]:
    """By its own RECORD (PEP 376): each file is in it, with its size and hash."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        names = archive.namelist()
        record = next((name for name in names if name.endswith(".dist-info/RECORD")), None)
        if record is None:
            yield "the wheel has no RECORD"
            return
        rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(archive.read(record).decode()))}
        for name in names:
            digest = hashlib.sha256(archive.read(name)).digest()
            expected = f"sha256={base64.urlsafe_b64encode(digest).decode().rstrip('=')}"
            if name != record and rows.get(name) != [expected, str(len(archive.read(name)))]:
                yield f"RECORD is wrong about {name}"
        for part in SHARED:
            if not any(name.endswith(part) for name in names):
                yield f"the wheel has no {part}"
        stray = [name for name in names if not name.startswith("socd_tui") or "__pycache__" in name]
        if stray:
            yield f"the wheel also holds {', '.join(stray[:3])}"


def _requirement_faults(text: str) -> Iterator[str]:
    try:
        parts = pinned(text)
    except ValueError as error:
        yield str(error)
        return
    for part in parts:
        if not part.hashes:
            yield f"{part.name} has no hash"
    for name in {*direct()} - {part.name for part in parts}:
        yield f"{name} is needed, and not pinned"


def _sbom_faults(sbom: str, requirements: str) -> Iterator[str]:
    """It has all parts, each as it is pinned; what the program itself names is required."""
    try:
        told = json.loads(sbom)
        needed = {part["name"] for part in told["components"] if part["scope"] == "required"}
    except (ValueError, KeyError, TypeError):
        yield "there is no list of parts"
        return
    for name in {*direct()} - needed:
        yield f"{name} is not told to be required"
    if told != json.loads(json.dumps(document(pinned(requirements), needed))):
        yield "the list of parts is another than the pinned requirements: run python -m tests.trust.sbom"


def attack(trial: Trial, build: Builder, requirements: str, sbom: str) -> Outcome:
    one, other = _archives(build, trial.home)
    wheels: Sequence[bytes] = [data for name, data in one.items() if name.endswith(".whl")]
    faults = [
        *_differences(one, other),
        *(fault for wheel in wheels for fault in _wheel_faults(wheel)),
        *_requirement_faults(requirements),
        *_sbom_faults(sbom, requirements),
    ]
    parts = requirements.count("==")
    hashes = requirements.count("--hash=sha256:")
    return Outcome(
        f"{len(one)} archives, each built twice on unlike machines; {parts} pinned parts",
        f"{len(faults)} differences; {hashes:,} hashes",
        tuple(faults),
    )


def ours(trial: Trial) -> Outcome:
    if importlib.util.find_spec("hatchling") is None:
        raise NotHere("hatchling")
    sbom = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return attack(trial, build_ours, REQUIREMENTS.read_text(encoding="utf-8"), sbom)


def naive(trial: Trial) -> Outcome:
    return attack(trial, build_naively, "textual>=8.2\nhttpx\n", "{}")


CHECK = Check(
    name="supply_builds",
    must_show="wheel and sdist are the same bytes from two builds; RECORD, requirements and SBOM are true",
    ours=ours,
    naive=naive,
    naive_is="an archive of the folder, and versions left open",
)
