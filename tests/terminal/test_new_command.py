"""A new command is a file and its line in a table: the command line offers it and gives it its world."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import socd_tui

GREET = '''
"""`greet`: says hello."""

from dataclasses import dataclass

from socd_tui.commands.parts.command import Command, Options


@dataclass(frozen=True, kw_only=True)
class GreetOptions(Options):
    whom: str = "you"


def run(world):
    world.emit(f"Hello, {world.options.whom}: {world.days} days of {world.origin}…")
    return 3


COMMAND = Command(
    name="greet",
    uses=frozenset({"base_url", "days"}),
    options=GreetOptions,
    arguments=lambda parser: parser.add_argument("--whom", help="who is greeted"),
    run=run,
)
'''


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package with one command more."""
    folder = tmp_path_factory.mktemp("copy")
    package = Path(socd_tui.__file__).parent
    shutil.copytree(package, folder / "socd_tui", ignore=shutil.ignore_patterns("*.pyc.*"))
    commands = folder / "socd_tui" / "commands"
    (commands / "greet.py").write_text(GREET)
    table = commands / "parts" / "commands.py"
    table.write_text(table.read_text().replace("\n}\n", '\n    "greet": "say hello",\n}\n', 1))
    return folder


def ran(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONPATH": str(copy), "HOME": str(copy)}
    return subprocess.run(
        [sys.executable, "-m", "socd_tui", *arguments],
        cwd=copy,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_help_lists_it_last_and_tells_its_arguments_and_the_shared_ones_it_uses(copy: Path) -> None:
    listed = ran(copy, "--help").stdout
    assert re.search(r"\n    greet +say hello\n\n", listed)
    told = ran(copy, "greet", "--help").stdout
    assert "Say hello." in told
    assert all(option in told for option in ("--whom", "--days", "--base-url", "--ascii"))
    assert "--key" not in told


def test_it_runs_with_its_own_and_the_shared_options_before_or_after_its_name(copy: Path) -> None:
    where = ("--base-url", "http://127.0.0.1:9")
    done = ran(copy, "--days", "3", "--ascii", *where, "greet", "--whom", "Ada")
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.startswith("Hello, Ada: 3 days of http://127.0.0.1:9")
    assert done.stdout.isascii()
    assert ran(copy, "greet", "--days", "5", *where).stdout.startswith("Hello, you: 5 days")


def test_what_it_cannot_use_is_refused(copy: Path) -> None:
    done = ran(copy, "--key", "MISP sync", "greet")
    assert (done.returncode, done.stdout) == (2, "")
    assert "`socd-tui greet` cannot use --key" in done.stderr
