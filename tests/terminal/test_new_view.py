"""A new view is one file or one folder: dropped into the package, everything else finds it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import socd_tui
from tests.fleets import demo

TALLY = '''
"""How many keys there are, and what they were asked in the last three days."""

from dataclasses import dataclass

from socd_tui.charts.canvas import Span
from socd_tui.model.lens import Wanted, shown_windows, visible
from socd_tui.views.parts.measure import Measure, Measures
from socd_tui.views.view import Pane, View


@dataclass(frozen=True, kw_only=True, eq=False)
class TallyPane(Pane):
    keys: int
    recent: int | None

    def draw(self, canvas):
        return [(Span(f" {self.keys} keys"),)]

    def sheet(self):
        return FIGURES.sheet([self])

    def json(self):
        return FIGURES.json(self)


FIGURES = Measures(
    (
        Measure(name="keys", read=lambda pane: pane.keys, meaning="all in the picture"),
        Measure(name="recent_requests", read=lambda pane: pane.recent),
    )
)


class TallyView(View):
    name = "tally"
    order = 98
    title = "Tally"
    question = "How many keys?"
    scope = "all"
    meanings = FIGURES.meanings()

    def windows(self, lens):
        return Wanted.merged([shown_windows(lens), Wanted((), (3,))])

    def build(self, known, lens):
        keys = visible(known.fleet, lens)
        answers = [usage for key in keys if (usage := known.fleet.usage(key.id, 3))]
        counts = [usage.requests for usage in answers if usage.requests is not None]
        return TallyPane(keys=len(keys), recent=sum(counts) if counts else None)


VIEW = TallyView()
'''

CENSUS = TALLY.replace("tally", "census").replace("Tally", "Census").replace("98", "99")
"""The same as a folder."""

EACH = ("tally", "census")

ASKS = """
import sys

from socd_tui.tui.goto import of_program
from socd_tui.tui.help import sections
from socd_tui.tui.keymap import keymap
from socd_tui.views.registry import view, view_number

for name in sys.argv[1:]:
    key = next(key for key in keymap() if key.id == f"view.{name}")
    assert key.keys == str(view_number(name)), key
    assert "How many keys?" in key.words
    assert name in [each.place.id for each in of_program({}, 90, []) if each.kind == "view"]
    assert "all in the picture" in str(sections(view(name)))
"""

WANTS = """
import sys

from socd_tui.model.lens import Lens
from socd_tui.views.frame.scene import windows

for name in sys.argv[1:]:
    for lens in (Lens(view=name), Lens(view="overview", beside=name)):
        wanted = windows(lens)
        assert 3 in wanted.background, wanted
        assert wanted.now == (lens.days,), wanted
    assert 3 not in windows(Lens(view="overview")).background
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package and its view tests with one file and one folder more."""
    folder = tmp_path_factory.mktemp("copy")
    package, tests = Path(socd_tui.__file__).parent, Path(__file__).parents[1]
    shutil.copytree(package, folder / "socd_tui", ignore=shutil.ignore_patterns("*.pyc.*"))
    shutil.copytree(tests, folder / "tests", ignore=shutil.ignore_patterns("*.pyc.*"))
    shutil.copy(tests.parent / "pyproject.toml", folder)
    views = folder / "socd_tui" / "views"
    (views / "tally.py").write_text(TALLY)
    (views / "census").mkdir()
    (views / "census" / "view.py").write_text(CENSUS)
    (views / "census" / "__init__.py").write_text("from socd_tui.views.census.view import VIEW as VIEW\n")
    return folder


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONPATH": str(copy)}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env=environ,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_it_gets_a_key_and_help_and_can_be_gone_to(copy: Path) -> None:
    done = run(copy, "-c", ASKS, *EACH)
    assert done.returncode == 0, done.stderr


def test_its_own_window_is_asked_for_while_it_is_on_the_screen(copy: Path) -> None:
    done = run(copy, "-c", WANTS, *EACH)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", EACH)
def test_it_can_be_printed_from_the_windows_it_wants(copy: Path, name: str) -> None:
    done = run(copy, "-m", "tests.program", "show", name, "--demo", "--format", "json")
    recent = sum(usage.requests or 0 for usage in demo(days=3).usages.values())
    assert json.loads(done.stdout)["data"] == {"keys": 10, "recent_requests": recent}, done.stderr


def test_the_contract_tests_take_it_in(copy: Path) -> None:
    tests = ("tests/contract/test_views.py", "-k", "tally")
    done = run(copy, "-m", "pytest", "-p", "no:cacheprovider", "-n", "0", "-vv", *tests)
    assert done.returncode == 0, done.stdout[-2000:]
    assert re.search(r"\[.*tally.*\] PASSED", done.stdout)
