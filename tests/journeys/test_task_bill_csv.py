"""The task: the bill of 30 days, by owner, as a CSV file, from the screen."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from socd_tui.model.preferences import Preferences
from socd_tui.service.demo import DemoServer
from tests.clock import Clock
from tests.journeys.stage import visit

pytestmark = pytest.mark.anyio

AT_MOST = 6

BY_THE_LADDER = ("7", "]", "]", "E", "tab", "enter")
"""From the window of 7 days, with which the program starts."""

OWNERS = {"Detection": ("Production *", "SOAR *"), "Data team": ("threat-*",)}


async def test_the_bill_by_owner_of_30_days_is_a_csv_file_after_six_keys(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(
        demo, tmp_path, clock=Clock(), size=(80, 24), days=7, landing=True, preferences=Preferences(OWNERS)
    ) as person:
        assert len(BY_THE_LADDER) <= AT_MOST
        await person.press(*BY_THE_LADDER[:3])
        await person.rests()
        await person.press(*BY_THE_LADDER[3:5])
        await person.shows("CSV, a row for each owner")
        await person.press(*BY_THE_LADDER[5:])
        await person.shows("Exported to socd-bill-30d-20261122T142000Z.csv")
    [path] = tmp_path.glob("*.csv")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert {*OWNERS} < {row["owner"] for row in rows}
    assert len(rows) == 3, "two owners, and what nobody is named for"


async def test_once_more_tab_has_a_row_for_each_key(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), preferences=Preferences(OWNERS)) as person:
        await person.press("7", "E", "tab", "tab")
        await person.shows("CSV, a row for each key")
        await person.press("enter")
        await person.shows("Exported to")
    [path] = tmp_path.glob("*.csv")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert "Production SIEM" in {row["key"] for row in rows}
