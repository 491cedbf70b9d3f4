"""Leaving at any moment is leaving: never a crash."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.events import Key

from socd_tui.service.demo import DemoServer
from tests.clock import Clock
from tests.journeys.stage import visit

pytestmark = pytest.mark.anyio

OPENS = ("ctrl+p", "slash", "s", "S", "w", "question_mark", "E", "e")


@pytest.mark.parametrize("opens", OPENS)
@pytest.mark.parametrize("turns", [4, 6])
async def test_what_is_just_being_opened_does_not_keep_one_from_leaving(
    demo: DemoServer, tmp_path: Path, opens: str, turns: int
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        person.app.post_message(Key(opens, {"slash": "/", "question_mark": "?"}.get(opens, opens)))
        for _ in range(turns):  # of the event loop: what it opens is there in part
            await asyncio.sleep(0)
        person.app.post_message(Key("ctrl+q", None))
        await person.until(lambda: not person.app.is_running)
    assert person.app.crash is None
    assert person.app.return_code == 0
