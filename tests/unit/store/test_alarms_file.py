"""What is kept of the alarms that were told."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from socd_tui.model.alarm import Alarmed
from socd_tui.store.alarms import AlarmsFile
from tests.account import key_id

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


def of(folder: Path) -> AlarmsFile:
    return AlarmsFile(folder, "https://one.test", "")


def test_what_was_told_is_there_again(tmp_path: Path) -> None:
    told = {(key_id(1), "day"): Alarmed("passed", AT), ("", "session"): Alarmed("signed_out", AT)}
    of(tmp_path / "state").write(told)
    again = of(tmp_path / "state")
    assert (again.read(), again.notices) == (told, [])


@pytest.mark.parametrize(
    "row",
    [
        ["../x", "day", "passed", AT.isoformat()],
        [key_id(1), "Day!", "passed", AT.isoformat()],
        [key_id(1), "day", "awful", AT.isoformat()],
        [key_id(1), "day", "passed", "today"],
        [key_id(1), "day", "passed"],
        7,
    ],
)
def test_what_was_never_written_so_is_set_aside_and_told_once(tmp_path: Path, row: object) -> None:
    file = of(tmp_path)
    file.path.write_text(json.dumps({"schema": AlarmsFile.schema, "alarms": [row]}))
    file.path.chmod(0o600)
    assert file.read() == {}
    assert ["may be told again" in notice for notice in file.notices] == [True]
