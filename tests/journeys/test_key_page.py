"""The page of one key: read, walked through and left by keyboard and mouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from socd_tui.service.demo import DemoServer
from tests.clock import Clock
from tests.journeys.stage import Person, readout, visit

pytestmark = pytest.mark.anyio


def page(person: Person) -> str:
    """What stands on the page, without its line breaks."""
    return " ".join("\n".join(person.pane).split())


async def test_the_page_answers_what_is_wrong_and_what_to_do(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(90, 30)) as person:
        await person.click_row("threat-notebook")
        await person.press("8")
        await person.shows("runs away", "1,000 a day, reached on 4 days", "find the loop")
        assert "98.8% of the increase is on /api/v1/iocs" in page(person)
        assert "8 Key" in person.lines[1]


async def test_each_row_leads_to_the_view_that_has_more_of_it(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(90, 30)) as person:
        await person.click_row("threat-notebook")
        await person.press("8")
        await person.shows("runs away")
        await person.press("down", "left")
        assert readout(person).startswith("Sat 21 Nov  7,365 req")
        await person.press("enter")
        assert "Series" in person.lines[1]
        assert "Sat 21 Nov" in readout(person)
        await person.press("escape")
        assert readout(person).startswith("Sat 21 Nov  7,365 req")
        await person.press("down")
        assert readout(person).startswith("/api/v1/iocs ")
        await person.press("enter")
        assert "Endpoints" in person.lines[1]
        assert readout(person).startswith("/api/v1/iocs ")
        await person.press("escape")
        await person.click("429 throttled")
        await person.press("enter")
        assert "Status" in person.lines[1]
        assert readout(person).startswith("429")


async def test_braces_go_from_page_to_page(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(90, 30)) as person:
        await person.click_row("threat-notebook")
        await person.press("8", "left_curly_bracket", "left_curly_bracket")
        await person.shows("MISP sync", "throttled every hour", "stay below 100 requests a minute")


async def test_marked_keys_have_one_page_together(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(90, 30)) as person:
        await person.click_row("threat-notebook")
        await person.press("space", "down", "space", "8")
        await person.shows("2 of 10 keys", "counts are sums")
        assert "dev sandbox#RgJE" in page(person)
        assert "latency" not in page(person)
