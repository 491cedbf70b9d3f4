"""Where pictures are made: what may be new of every key holds up no key that is pressed."""

from __future__ import annotations

import gc
import math
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from weakref import ref

import pytest
from textual.events import Key

from socd_tui.service.demo import DemoServer
from socd_tui.tui.drawing import Part, Plan
from tests.clock import Clock
from tests.journeys.stage import visit

pytestmark = pytest.mark.anyio


@contextmanager
def pictures() -> Iterator[list[tuple[Part, bool]]]:
    """What of each picture was made, and whether the thread of the event loop made it."""
    made: list[tuple[Part, bool]] = []

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is Plan.drawn.__code__:
            made.append((frame.f_locals["part"], threading.current_thread() is threading.main_thread()))

    before = sys.getprofile()
    threading.setprofile(look)
    sys.setprofile(look)
    try:
        yield made
    finally:
        sys.setprofile(before)
        threading.setprofile(None)


@contextmanager
def held() -> Iterator[threading.Event]:
    """No picture is made in a thread before the event is set."""
    go = threading.Event()

    def hold(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is Plan.drawn.__code__:
            go.wait()

    threading.setprofile(hold)
    try:
        yield go
    finally:
        threading.setprofile(None)
        go.set()


@pytest.mark.parametrize("key", ["[", "]", "c", "2", "6", "8", "0", "space", "a", "o"])
async def test_a_picture_that_differs_in_more_than_its_cursor_is_not_made_by_the_event_loop(
    demo: DemoServer, tmp_path: Path, key: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(160, 45)) as person:
        await person.press("down", "up", "down")
        with pictures() as made:
            await person.press(key)
        assert made[:1] == [("whole", False)]


async def test_neither_is_that_of_newer_answers(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(160, 45)) as person:
        await person.press("down", "up", "down")
        with pictures() as made:
            await person.press("r")
            await person.rests()
        assert made[:1] == [("whole", False)]


async def test_a_step_of_the_cursor_is_shown_before_the_page_beside_it(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(160, 45)) as person:
        person.app._painting.quick_s = math.inf  # on a machine of any speed
        await person.press("down", "up")
        page = person.app.desk.lines("second").text
        with pictures() as made:
            await person.press("down")
        assert [part for part, _ in made] == ["leading", "following"]
        assert person.app.desk.lines("second").text != page


async def test_a_screen_that_grows_while_a_picture_is_made_is_filled(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(160, 41)) as person:
        person.app._painting.quick_s = math.inf  # on a machine of any speed
        with held() as go:
            person.app.post_message(Key("space", " "))
            await person.resize(160, 60)
            go.set()
            await person.app.painted()
        filled = person.app.desk.text()
        person.app.paint()
        await person.app.painted()
        assert person.app.desk.text() == filled


@pytest.mark.parametrize("view", ["1", "6", "7"])
async def test_what_is_no_longer_shown_goes_without_the_collector(
    demo: DemoServer, tmp_path: Path, view: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(160, 45)) as person:
        await person.press(view, "down")
        shown = ref(person.app.scene.known)
        gc.collect()
        gc.disable()
        try:
            await person.press("]", "]", "down")
            assert person.app.scene.known is not shown()
            assert shown() is None
        finally:
            gc.enable()
