"""A new pane is one file: dropped into the package, everything else finds it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import socd_tui

TALLY = '''
"""How many keys there are."""

from dataclasses import dataclass

from socd_tui.charts.canvas import Span
from socd_tui.charts.sheet import Field, Sheet
from socd_tui.model.lens import visible
from socd_tui.views.view import Meaning, View


@dataclass(frozen=True)
class Tally:
    keys: int
    cursor: None = None
    notes: tuple[str, ...] = ()


VIEW = View(
    name="tally",
    order=9,
    title="Tally",
    question="How many keys?",
    scope="all",
    build=lambda known, lens: Tally(len(visible(known.fleet, lens))),
    draw=lambda data, canvas: [(Span(f" {data.keys} keys"),)],
    sheet=lambda data: Sheet((Field("keys"),), ((data.keys,),)),
    data=lambda data: {"keys": data.keys},
    grid=lambda data: [],
    aim=lambda lens, target: lens,
    maximum=lambda data: None,
    meanings=(Meaning("keys", "all in the picture"),),
)
'''

ASKS = """
from socd_tui.tui.help import Help
from socd_tui.tui.keymap import keymap
from socd_tui.tui.palette import _commands
from socd_tui.views.registry import view, views

found = next(key for key in keymap() if key.id == "view.tally")
assert found.keys == str(len(views())), found
assert "How many keys?" in found.words
assert found.id in [key.id for key in _commands()]
assert "all in the picture" in str(Help(view("tally")).sections())
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package and its view tests with one file more."""
    folder = tmp_path_factory.mktemp("copy")
    package, tests = Path(socd_tui.__file__).parent, Path(__file__).parents[1]
    shutil.copytree(package, folder / "socd_tui", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(tests, folder / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(tests.parent / "pyproject.toml", folder)
    (folder / "socd_tui" / "views" / "tally.py").write_text(TALLY)
    return folder


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_gets_a_key_help_and_a_palette_entry(copy: Path) -> None:
    done = run(copy, "-c", ASKS)
    assert done.returncode == 0, done.stderr


def test_it_can_be_printed(copy: Path) -> None:
    done = run(copy, "-m", "tests.program", "show", "tally", "--demo", "--format", "json")
    assert json.loads(done.stdout)["data"] == {"keys": 10}, done.stderr


def test_the_contract_tests_take_it_in(copy: Path) -> None:
    options = ("-p", "no:cacheprovider", "-n", "0", "-k", "tally")
    done = run(copy, "-m", "pytest", *options, "tests/contract/test_views.py")
    assert done.returncode == 0, done.stdout[-2000:]
    assert "passed" in done.stdout
