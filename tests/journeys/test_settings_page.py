"""The page of `,`: every preference, where it comes from, and what changes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from socd_tui.model.lens import Lens
from socd_tui.model.setting import settings_of
from socd_tui.service.demo import DemoServer
from socd_tui.store.choices import Choices
from socd_tui.store.settings import Settings
from socd_tui.tui.remembered import choices_of
from socd_tui.tui.settings import Origins
from tests.clock import Clock
from tests.journeys.stage import Person, visit
from tests.journeys.test_choices import memory

pytestmark = pytest.mark.anyio

USUAL = choices_of(Lens(days=14), theme="socd-dark", glyphs="full")


def line(person: Person, name: str) -> str:
    return next(" ".join(each[1:].split()) for each in person.lines if each[1:].startswith(f"{name} "))


async def test_the_comma_opens_the_page_and_its_keys_change_what_they_change_everywhere(
    demo: DemoServer, tmp_path: Path
) -> None:
    origins = Origins(Settings(days=14, lines={"days": 2}), usual=USUAL)
    async with visit(
        demo, tmp_path, clock=Clock(), size=(100, 30), origins=origins, remembered=memory(tmp_path)
    ) as person:
        await person.press(",")
        assert line(person, "window") == "window 14 d config.toml, line 2"
        assert line(person, "theme").endswith("default")
        await person.press("enter")
        assert line(person, "theme") == "theme socd-light remembered for this account"
        await person.press("t")
        assert "socd-contrast" in line(person, "theme")
        await person.press("A")
        assert "shades" in line(person, "glyphs")
        await person.press("u")
        assert "your own" in line(person, "zone")
        await person.press("R")
        assert line(person, "live").startswith("live on")
        await person.press("escape")
        assert "total" in person.text
        assert person.app.lens.local


async def test_enter_on_the_window_asks_for_one_and_comes_back(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(80, 24)) as person:
        await person.press(",", "j", "j", "enter", "3", "0", "enter")
        assert "30 d" in line(person, "window")
        await person.press("q")
        assert " 30 d " in person.lines[0]


@pytest.mark.parametrize("word", ["settings", "preferences", "config", "options"])
async def test_it_is_found_by_what_people_call_it(demo: DemoServer, tmp_path: Path, word: str) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press(":")
        await person.write(word)
        await person.shows("key ,")
        await person.press("enter")
        await person.shows("Settings", "first view")


async def test_it_scrolls_and_fits_the_smallest_screen_without_colour_in_ascii(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(40, 12), colour=False) as person:
        await person.press("A", "A", ",", "end")
        assert person.text.isascii()
        last = [*settings_of(Choices).values()][-1]
        assert any(each.startswith(f">{last.title}") for each in person.lines)
        await person.press("home")
        assert any(each.startswith(">theme") for each in person.lines)
        await person.press(",")
        assert "theme" not in person.text


async def test_a_click_goes_to_a_line_and_a_second_changes_it(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press(",")
        x, y = person.where(" zone ")
        await person.pilot.click(offset=(x + 2, y), times=2)
        await person.until(lambda: "your own" in line(person, "zone"))
        await person.click("esc close")
        assert "first view" not in person.text


async def test_who_has_the_comma_for_something_else_keeps_it(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), keys={"window.shorter": "comma"}) as person:
        await person.press(",")
        assert person.app.screen is person.app.desk
        assert " 7 d " in person.lines[0]
