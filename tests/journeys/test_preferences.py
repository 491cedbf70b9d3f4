"""How a person has it: themes, glyphs, scales, their own keys and defaults, and what tells them all that."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from socd_tui.charts.palettes import PALETTES
from socd_tui.service.demo import DemoServer
from socd_tui.tui.keymap import caption, keymap
from socd_tui.views.registry import views
from tests.clock import Clock
from tests.journeys.stage import visit

pytestmark = pytest.mark.anyio


# --- while it runs -------------------------------------------------------------------------------


async def test_t_goes_through_all_themes_from_the_one_chosen(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), theme="socd-light") as person:
        grounds: list[str] = []
        themes: list[str] = []
        for _ in PALETTES:
            grounds.append(str(person.app.screen.styles.background))
            themes.append(person.app.theme)
            await person.press("t")
        assert sorted(themes) == sorted(palette.name for palette in PALETTES)
        assert str(person.app.screen.styles.background) == grounds[0]


async def test_capital_a_goes_from_blocks_over_shades_to_ascii_and_back(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(160, 40)) as person:
        await person.press("3")
        await person.shows("idle-lab")  # the key list beside has been drawn too
        blocks = person.pane
        assert "░" not in person.text
        await person.press("A")
        assert "░" in person.text
        await person.press("A")
        assert person.text.isascii()
        await person.press("A")
        assert person.pane == blocks


async def test_once_ascii_every_cell_is_also_of_messages_that_were_there_before(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(150, 24)) as person:
        await person.press("R", "A", "A")
        for keys in ("1", "2", "3", "4", "5", "6", "7", "slash", "s", "question_mark", "ctrl+p", "w", "c"):
            await person.press(keys)
            assert person.text.isascii(), keys
            await person.press("escape")
        await person.press("3", "enter")
        assert person.text.isascii()


@pytest.mark.parametrize(("size", "said"), [((80, 24), "own max"), ((119, 24), "own max")])
async def test_o_gives_each_trend_its_own_scale_and_the_column_says_so(
    demo: DemoServer, tmp_path: Path, size: tuple[int, int], said: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=size) as person:
        shared = person.pane
        assert "trend" in person.table[0]
        assert said not in person.table[0]
        assert "█" not in person.row("dev sandbox#RgJE")
        await person.press("o")
        assert said in person.table[0]
        assert "█" in person.row("dev sandbox#RgJE")
        await person.press("o")
        assert person.pane == shared


@pytest.mark.parametrize("width", [80, 120])
async def test_capital_r_is_live_as_the_header_says_until_it_is_pressed_again(
    demo: DemoServer, tmp_path: Path, width: int
) -> None:
    clock = Clock()
    async with visit(demo, tmp_path, clock=clock, size=(width, 24)) as person:
        assert "live" not in person.lines[0]
        await person.press("R")
        assert "● live" in person.lines[0]
        assert width < 100 or "● live 60 s" in person.lines[0]
        clock.pass_by(timedelta(seconds=20))
        await person.press("down")
        assert "● live" in person.lines[0]
        await person.press("R")
        assert "live" not in person.lines[0]
        await person.shows("No longer refreshing by itself.")


# --- what it tells -------------------------------------------------------------------------------


async def test_help_begins_with_the_view_and_its_numbers_and_lists_every_binding(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(80, 190)) as person:
        for number, view in enumerate(views(), 1):
            await person.press(str(number), "question_mark")
            await person.shows(f"{view.title}: {view.question}", "Every key of the keyboard")
            mine, _, every = " ".join(person.text.split()).partition("Every key of the keyboard")
            for each in view.meanings:
                assert f"{each.number} {each.meaning[:30]}" in mine
            for key in keymap():
                assert f"{caption(key)} " in every
                assert f"({key.id})" in every
            await person.press("escape")


async def test_help_names_the_keys_of_the_focused_view_first(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(150, 36)) as person:
        for keys, own, others in (
            (("1",), "filter rows", "fold the 429 map"),
            (("tab", "5"), "fold the 429 map", "filter rows"),
        ):
            await person.press(*keys, "question_mark")
            await person.shows("What the numbers mean")
            first = person.text.partition("What the numbers mean")[0]
            assert own in first
            assert others not in first
            await person.press("escape")
