"""How it looks: help, themes, any size of terminal, and names written by somebody hostile."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from socd_tui.charts.glyphs import ASCII
from socd_tui.charts.palettes import PALETTES
from socd_tui.service.demo import DemoServer
from socd_tui.tui.app import SocdApp
from tests.clock import Clock
from tests.journeys.stage import Person, renamed, requests, service, visit
from tests.loopback import Loopback, refuse

pytestmark = pytest.mark.anyio

HOSTILE = (
    "prod [/b] key",
    "[@click=app.quit]x[/]",
    "\x1b[2J\x1b]0;title\x07red",
    "\x1b]52;c;Y2FuYXJ5\x07clip",
    "\u202egnp.exe\u2066\u200b",
    "a\r\nb\tc",
    "字" * 100,
    "e" + "\u0301" * 50,
    "\x9b31mC1\x00",
    "[bold red on white]" * 20,
)


async def test_help_explains_the_view_and_its_keys_and_closes_the_way_it_opened(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(120, 60)) as person:
        for opening, closing in (
            ("?", "?"),
            ("f1", "escape"),
            ("?", "q"),
        ):
            await person.press("6", opening)
            await person.shows("Will I hit the cap?", "high-water mark", "jump to the maximum")
            await person.press(closing)
            assert "jump to the maximum" not in person.text
            assert person.app.is_running


async def test_help_scrolls_where_it_does_not_fit(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(80, 24)) as person:
        await person.press("question_mark")
        assert "quit the program" not in person.text
        await person.press("end")
        assert "quit the program" in person.text
        await person.press("home", "pagedown", "pageup")
        assert person.lines[0].startswith(" Notes on these figures")


@pytest.mark.parametrize("opening", ["question_mark", "comma"])
async def test_what_nobody_can_see_is_drawn_in_its_new_size_once_it_is_seen_again(
    demo: DemoServer, tmp_path: Path, opening: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(80, 24)) as person:
        before = person.app.scene
        await person.press(opening)
        await person.resize(120, 36)
        assert person.app.scene is before
        await person.press("escape")
        await person.until(lambda: len(person.app.scene.built) == 2)
        assert max(map(len, person.lines)) > 80


async def test_the_narrowest_line_has_a_column_to_type_in(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(16, 8)) as person:
        await person.press("slash", "x")
        assert person.lines[-1] == " filter Overviex"


def total(text: str) -> str:
    """How many lines the whole help has, as it says itself: "74 of 74"."""
    counted = re.search(r"(\d+) of \1\b", text)
    assert counted is not None
    return counted[1]


async def test_help_is_searched_while_one_types_and_escape_shows_all_again(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(80, 24)) as person:
        await person.press("6", "?")
        every = person.text
        await person.write("high-water")
        assert "high-water mark" in person.text
        assert "quit the program" not in person.text
        assert f" of {total(every)}" in person.text
        await person.press("escape")
        assert person.text == every
        await person.write("/q")  # without the stroke it would close
        await person.write("uit")
        assert f" 1 of {total(every)}" in person.text
        assert "quit the program (quit)" in person.text
        await person.write("zz")
        assert "Nothing here is about" in person.text
        await person.press("escape", "escape")
        assert person.app.screen is person.app.desk


async def test_help_finds_a_key_by_what_people_call_it(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(40, 12)) as person:
        await person.press("?")
        assert "esc closes" in person.text
        await person.write("timezone")
        assert "tell hours in UTC or in" in person.text


@pytest.mark.parametrize("width", [40, 80, 200])
async def test_the_columns_of_help_are_straight(demo: DemoServer, tmp_path: Path, width: int) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(width, 200)) as person:
        await person.press("5", "?")
        lines = person.lines
        at = next(y for y, line in enumerate(lines) if line.startswith(" Every key of the keyboard"))
        end = next(y for y, line in enumerate(lines) if y > at and not line)
        column = lines[at + 1].index("Overview: ")
        for line in lines[at + 1 : end]:
            assert line[column - 2 : column] == "  "
            assert line[column] != " "


async def test_the_themes_take_turns_with_other_colours_and_the_same_words(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        said, worn = person.text, []
        for _ in PALETTES:
            worn.append(colours(person.app))
            await person.press("t")
            assert person.text == said
        assert colours(person.app) == worn[0]
        assert not worn[0] & worn[1]
        assert all(worn.count(each) == 1 for each in worn)


async def test_ascii_is_kept_in_everything_that_can_be_opened(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(80, 24), glyphs=ASCII, colour=False) as person:
        for keys in ("1", "2", "3", "4", "5", "6", "7", "question_mark", "w", "E", "ctrl+p", "R", "c"):
            await person.press(keys)
            await person.until(lambda: len(person.text) > 200)
            assert person.text.isascii(), keys
            await person.press("escape")


@pytest.mark.parametrize("view", "1234567")
async def test_a_terminal_of_any_size_shows_what_fits_and_keeps_the_cursor(
    demo: DemoServer, tmp_path: Path, view: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(200, 50)) as person:
        await person.to("MISP sync")
        await person.press(view)
        for width, height in ((99, 30), (80, 24), (60, 15), (40, 10), (20, 5), (1, 1), (200, 50)):
            await person.resize(width, height)
            assert len(person.lines) <= height
            assert all(sum(map(columns, line)) <= width for line in person.lines)
            assert person.at == "MISP sync"
        assert "MISP sync" in person.text


async def test_a_small_terminal_names_the_worst_key(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(30, 8)) as person:
        assert "over threat-notebook" in person.text


async def test_in_eighty_columns_no_number_is_cut(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(80, 24)) as person:
        for name in ("Production SIEM", "threat-notebook", "MISP sync", "SOAR enrichment"):
            assert f" {requests(demo, name)} " in person.row(name[:8])


@pytest.fixture(scope="module")
def hostile() -> Iterator[DemoServer]:
    with service(Clock()) as server:
        renamed(server, *HOSTILE)
        yield server


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_hostile_names_are_shown_as_what_they_are_and_do_nothing(
    hostile: DemoServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with visit(hostile, tmp_path, clock=Clock(), size=size) as person:
        for view in "1345672":
            await person.press(view)
            assert harmless(person)
        for _ in HOSTILE:
            await person.press("y", "right_curly_bracket")
            assert harmless(person)
        assert person.app.is_running


async def test_markup_in_a_name_is_text_and_no_link(hostile: DemoServer, tmp_path: Path) -> None:
    async with visit(hostile, tmp_path, clock=Clock()) as person:
        assert "prod [/b] key" in person.text
        for click in (person.click, person.click_row):  # the first answer, which opens it; the key's own row
            await click("[@click=app.quit]x[/]")
            assert person.app.is_running
            assert person.at == "[@click=app.quit]x[/]"
            await person.press("escape", "end")


async def test_a_hostile_error_message_is_told_inertly(
    demo: DemoServer, tmp_path: Path, clock: Clock
) -> None:
    message = "no [/b] [@click=app.quit]way[/] \x1b]52;c;Y2FuYXJ5\x07 \u202eback"
    with Loopback({"/api/v1/keys": refuse(403, "forbidden", message)}) as gate:
        async with visit(demo, tmp_path, clock=clock, origin=gate.origin) as person:
            await person.shows("no [/b] [@click=app.quit]way[/]")
            assert harmless(person)
            assert person.app.is_running


def harmless(person: Person) -> bool:
    """Nothing a terminal would obey or an eye be tricked by, and no line wider than the screen."""
    assert all(
        unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co") for line in person.lines for char in line
    )
    return all(sum(map(columns, line)) <= person.app.size.width for line in person.lines)


def columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def colours(app: SocdApp) -> set[str]:
    """Every colour on the screen."""
    styles = {segment.style for line in app.screen._compositor.render_strips() for segment in line}
    return {
        str(colour.name) for style in styles if style for colour in (style.color, style.bgcolor) if colour
    }
