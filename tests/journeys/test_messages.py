"""What is said in passing: one thing at a time, never over the lines one reads, never a flood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from socd_tui.service.demo import DemoServer
from socd_tui.store.owners import OwnersFile
from socd_tui.views.registry import views
from tests.clock import Clock
from tests.journeys.stage import Person, visit

pytestmark = pytest.mark.anyio


def said(person: Person) -> list[str]:
    """The messages on the screen, each in one line."""
    toasts = [toast.content_region for toast in person.app.screen.query("Toast")]
    lines = person.lines
    return [
        " ".join(" ".join(line[each.x : each.right] for line in lines[each.y : each.bottom]).split())
        for each in toasts
    ]


async def test_a_new_message_takes_the_place_of_the_one_before(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("A")
        assert said(person) == ["Drawing with shade glyphs."]
        await person.press("A", "A", "A")
        assert said(person) == ["Drawing with shade glyphs."]
        await person.press("ctrl+c")
        assert said(person) == ["Press q to quit."]


async def test_nothing_stays_of_the_messages_that_were_said(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("ctrl+c")
        widgets = len(person.app.screen.query("*"))
        await person.press("A", "t", "t", "A", "u", "u", "ctrl+c")
        assert said(person) == ["Press q to quit."]
        assert len(person.app.screen.query("*")) == widgets


async def test_the_same_message_within_seconds_is_counted(demo: DemoServer, tmp_path: Path) -> None:
    clock = Clock()
    async with visit(demo, tmp_path, clock=clock) as person:
        await person.press("ctrl+c", "ctrl+c", "ctrl+c")
        assert said(person) == ["Press q to quit. (x3)"]
        clock.pass_by(timedelta(seconds=6))
        await person.press("ctrl+c")
        assert said(person) == ["Press q to quit."]


async def test_ctrl_c_names_the_key_that_quits_here(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), keys={"quit": "x"}) as person:
        await person.press("ctrl+c")
        assert said(person) == ["Press x to quit."]


@pytest.mark.parametrize("size", [(160, 45), (120, 36), (80, 24), (60, 20), (40, 12)])
async def test_no_message_stands_on_the_read_out_or_the_footer(
    demo: DemoServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=size) as person:
        for number, _ in enumerate(views(), 1):
            await person.press(str(number), "A", "A", "A")
            regions = [toast.region for toast in person.app.screen.query("Toast")]
            assert len(regions) == 1
            assert regions[0].bottom <= size[1] - 2, "the footer and the read-out above it stay free"


@pytest.mark.parametrize("size", [(160, 45), (80, 24), (40, 12)])
async def test_before_a_line_at_the_bottom_no_message_stands_on_the_line_nor_on_the_read_out(
    demo: DemoServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=size, owners=OwnersFile(tmp_path)) as person:
        for keys in ("/", ":", "s", "S", "w", "E", ("7", "o")):
            await person.press(*keys)
            assert person.app.screen is not person.app.desk, keys
            await person.press("end", "ctrl+c")
            assert said(person)[0].startswith("Press ctrl+q to quit, esc closes."), keys
            [toast] = person.app.screen.query("Toast")
            assert toast.region.bottom < person.app.desk.lines("pane").region.bottom, keys
            await person.press("escape")
            await person.until(lambda: person.app.screen is person.app.desk)


@pytest.mark.parametrize("width", [40, 60])
async def test_a_message_of_any_length_is_whole(demo: DemoServer, tmp_path: Path, width: int) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(width, 24)) as person:
        for length in range(width - 12, width + 6):
            message = ("abcdefgh " * 9)[: length - 3] + "END"
            person.app.notify(message)
            await person.pilot.pause()
            await person.pilot.pause()
            assert said(person) == [" ".join(message.split())]


async def test_ctrl_c_copies_what_is_marked(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("w", "ctrl+c")  # the window that was there is marked
        assert person.app.clipboard == "14"
        assert said(person) == []


async def test_news_of_one_moment_is_one_message_and_what_follows_at_once_leaves_it(
    demo: DemoServer, tmp_path: Path
) -> None:
    told: list[Sequence[str]] = [("The first thing.", "The second thing."), ("The third thing.",)]
    clock = Clock()
    async with visit(demo, tmp_path, clock=clock, news=lambda: told.pop(0) if told else ()) as person:
        assert said(person) == ["The first thing. The second thing."]
        session = person.app.live.state.session
        assert session is not None
        person.app.live.sign_in(session)
        await person.rests()
        assert said(person) == ["The first thing. The second thing. The third thing."]
