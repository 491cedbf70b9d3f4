"""Where pictures are made: what may be new of every key holds up no key that is pressed."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest
from textual.events import Key

from socd_tui.service.demo import DemoServer
from socd_tui.tui.drawing import Plan
from tests.clock import Clock
from tests.journeys.stage import visit

pytestmark = pytest.mark.anyio


@contextmanager
def threads_of_pictures() -> Iterator[list[bool]]:
    """Of each picture whether the thread of the event loop made it."""
    made: list[bool] = []

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is Plan.drawn.__code__:
            made.append(threading.current_thread() is threading.main_thread())

    before = sys.getprofile()
    threading.setprofile(look)
    sys.setprofile(look)
    try:
        yield made
    finally:
        sys.setprofile(before)
        threading.setprofile(None)


@pytest.mark.parametrize("key", ["[", "]", "c", "2", "6", "8", "0", "space", "a", "o"])
async def test_a_picture_that_differs_in_more_than_its_cursor_is_not_made_by_the_event_loop(
    demo: DemoServer, tmp_path: Path, key: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(160, 45)) as person:
        await person.press("down", "up", "down")
        with threads_of_pictures() as made:
            await person.press(key)
        assert made[:1] == [False]


async def test_neither_is_that_of_newer_answers(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(160, 45)) as person:
        await person.press("down", "up", "down")
        with threads_of_pictures() as made:
            await person.press("r")
            await person.rests()
        assert made[:1] == [False]


async def test_a_step_of_the_cursor_is_shown_before_the_page_beside_it(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(160, 45)) as person:
        await person.press("down", "up", "down", "up")
        desk, key = person.app.desk, person.app.lens.focus
        page = desk.lines("second").text
        person.app.post_message(Key("down", None))
        await person.until(lambda: person.app.active.lens.focus != key)
        assert desk.lines("second").text == page
        await person.app.painted()
        assert desk.lines("second").text != page
