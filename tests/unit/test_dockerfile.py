"""The image of the exporter: what goes into it is there, is enough to build from, and holds no secret."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from socd_tui.commands.parts.arguments import parse

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "share" / "docker" / "Dockerfile").read_text(encoding="utf-8")


def copied() -> list[str]:
    return [
        name
        for line in re.findall(r"^COPY (.+) /src/\S*$", DOCKERFILE, re.MULTILINE)
        for name in line.split()
    ]


def test_what_it_copies_is_enough_to_build_from(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    for name in copied():
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path)
    build = "import hatchling.build; print(hatchling.build.build_wheel('.'))"
    done = subprocess.run(
        [sys.executable, "-c", build],
        cwd=tmp_path,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith(".whl")


def test_it_starts_a_command_that_there_is_as_nobody_in_particular() -> None:
    words = re.findall(r'"([^"]+)"', DOCKERFILE.partition("CMD ")[2])
    assert parse(words)[0].name == "serve-metrics"
    assert DOCKERFILE.index("USER socd") < DOCKERFILE.index("ENTRYPOINT")
    assert "TOKEN" not in DOCKERFILE
