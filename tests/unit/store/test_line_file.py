"""What is kept of a line: whole, and only of what it was made of."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from socd_tui.model.line_values import LineValues
from socd_tui.store import history
from socd_tui.store.line import HISTORY, MOST, LineFile, stamp

VALUES = LineValues({"cap": "52%"}, datetime(2026, 11, 19, 9, 30, tzinfo=UTC), "low", ("'a' fails.",))


def of(folder: Path) -> LineFile:
    return LineFile(folder, "https://one.test", "alice")


def test_it_is_there_again_for_just_what_it_was_made_of(tmp_path: Path) -> None:
    of(tmp_path / "state").write("this", VALUES)
    again = of(tmp_path / "state")
    assert (again.read("this"), again.read("that"), again.notices) == (VALUES, None, [])


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    file = of(tmp_path)
    for n in range(MOST + 1):
        file.write(str(n), VALUES)
    assert [file.read(str(n)) is None for n in range(MOST + 1)] == [True, *([False] * MOST)]


@pytest.mark.parametrize(
    "row",
    [
        ["x", {}, None, "low"],
        ["x", {"a": 1}, None, "low", []],
        ["x", {"a": "\x1b"}, None, "low", []],
        [1, {}, None, "low", []],
        "x",
    ],
)
def test_what_was_never_written_so_is_made_anew(tmp_path: Path, row: object) -> None:
    file = of(tmp_path)
    file.path.write_text(json.dumps({"schema": LineFile.schema, "lines": [row]}))
    file.path.chmod(0o600)
    assert file.read("x") is None
    assert not file.path.exists()


def test_a_history_or_settings_that_are_written_make_another_stamp(tmp_path: Path) -> None:
    stamps = [stamp(tmp_path, tmp_path)]
    for name in (history.FILE, f"{history.FILE}-wal", "config.toml", history.FILE):
        with (tmp_path / name).open("a") as file:
            file.write("x")
        stamps.append(stamp(tmp_path, tmp_path))
    assert len(set(stamps)) == 5
    assert HISTORY == history.FILE
