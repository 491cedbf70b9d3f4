"""The exit codes have one place, which the errors, the help and the README agree with."""

from __future__ import annotations

import re
from pathlib import Path

from socd_tui.model import errors
from socd_tui.model.exit_code import ExitCode
from tests.command import ran

README = Path(__file__).parents[2] / "README.md"


def test_help_and_readme_tell_every_exit_code(tmp_path: Path) -> None:
    told = " ".join(ran({"HOME": str(tmp_path)}, "--help").stdout.split())
    readme = " ".join(README.read_text("utf-8").split())
    for code in ExitCode:
        assert f" {int(code)} {code.words}" in told
        assert re.search(rf"[ :]{int(code)} {code.words.split(',')[0].split(' (')[0]}", readme), code


def test_every_line_of_their_table_is_short(tmp_path: Path) -> None:
    lines = ran({"HOME": str(tmp_path)}, "--help").stdout.splitlines()
    start = lines.index("exit codes:")
    assert all(len(line) <= 100 for line in lines[start : lines.index("", start)])


def test_the_tree_of_errors_says_the_code_that_each_error_has() -> None:
    for name, code in re.findall(r"(\w+) +exit (\d)", errors.__doc__ or ""):
        assert getattr(errors, name).exit_code == int(code)
