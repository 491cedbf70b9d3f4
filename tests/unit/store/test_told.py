"""What is kept of the findings that were told to other programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from socd_tui.model.episode import Told
from socd_tui.store.told import ToldFile
from tests.account import key_id

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
ID = "0123456789abcdef" * 2


def of(folder: Path) -> ToldFile:
    return ToldFile(folder, "https://one.test", "alice")


def test_what_was_told_is_there_again(tmp_path: Path) -> None:
    told = {("runaway", key_id(1)): Told(ID, AT), ("capped", key_id(1)): Told(ID, AT)}
    of(tmp_path / "state").write(told)
    again = of(tmp_path / "state")
    assert (again.read(), again.notices) == (told, [])


@pytest.mark.parametrize(
    "row",
    [
        ["run away", key_id(1), ID, AT.isoformat()],
        ["runaway", "../x", ID, AT.isoformat()],
        ["runaway", key_id(1), "short", AT.isoformat()],
        ["runaway", key_id(1), ID, "today"],
        ["runaway", key_id(1), ID],
        [1, key_id(1), ID, AT.isoformat()],
        "runaway",
    ],
)
def test_what_was_never_written_so_is_set_aside_and_told_once(tmp_path: Path, row: object) -> None:
    file = of(tmp_path)
    file.path.write_text(json.dumps({"schema": ToldFile.schema, "findings": [row]}))
    file.path.chmod(0o600)
    assert file.read() == {}
    assert ["may be told by another id" in notice for notice in file.notices] == [True]
    assert not file.path.exists()
