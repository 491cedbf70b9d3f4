"""How a person has it: themes, glyphs, scales, their own keys and defaults, and what tells them all that."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from socd_tui.model.lens import Lens
from socd_tui.service.demo import DemoServer
from socd_tui.tui.keymap import caption, keymap
from socd_tui.tui.palette import Commands
from socd_tui.tui.theme import PALETTES
from socd_tui.views.registry import AnyView, views
from tests.clock import Clock
from tests.journeys.stage import service, visit
from tests.terminal.pseudo import PROGRAM, Terminal, environment

pytestmark = pytest.mark.anyio


# --- while it runs -------------------------------------------------------------------------------


async def test_t_goes_through_three_themes_from_the_one_chosen(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), theme="socd-light") as person:
        grounds = []
        for _ in range(3):
            grounds.append(str(person.app.screen.styles.background))
            await person.press("t")
        assert len(set(grounds)) == len(PALETTES) == 3
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


@pytest.mark.parametrize(("size", "said"), [((80, 24), "own max"), ((139, 24), "trend, own scale")])
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
async def test_capital_r_counts_down_in_the_header_until_it_is_pressed_again(
    demo: DemoServer, tmp_path: Path, width: int
) -> None:
    clock = Clock()
    async with visit(demo, tmp_path, clock=clock, size=(width, 24)) as person:
        assert "next in" not in person.lines[0]
        await person.press("R")
        assert "next in 60 s" in person.lines[0]
        clock.pass_by(timedelta(seconds=20))
        await person.press("down")
        assert "next in 40 s" in person.lines[0]
        await person.press("R")
        assert "next in" not in person.lines[0]
        await person.shows("No longer refreshing by itself.")


# --- what it tells -------------------------------------------------------------------------------


@pytest.mark.parametrize("seen", views(), ids=lambda seen: seen.name)
async def test_help_begins_with_the_view_and_its_numbers_and_lists_every_binding(
    demo: DemoServer, tmp_path: Path, seen: AnyView
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(80, 110), lens=Lens(seen.name, 14)) as person:
        await person.press("question_mark")
        await person.shows(f"{seen.title}: {seen.question}", "All keys")
        mine, _, every = " ".join(person.front.split()).partition("All keys")
        for each in seen.meanings:
            assert f"{each.number} {each.meaning[:30]}" in mine
        for key in keymap():
            assert f"{caption(key)} " in every
            assert f"({key.id})" in every


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


async def test_the_palette_finds_every_action_by_its_words(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        provider = Commands(person.app.screen)
        listed = {str(hit.text) async for hit in provider.discover()}
        for key in keymap():
            if key.id != "palette":
                assert words(key.words) in listed
                best = max([hit async for hit in provider.search(key.words)], key=lambda hit: hit.score)
                assert str(best.text) == words(key.words)


def words(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- config.toml ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def live() -> Iterator[DemoServer]:
    with service(Clock()) as server:
        yield server


@pytest.fixture
def environ(live: DemoServer, tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path, SOCD_BASE_URL=live.base_url, SOCD_SESSION_TOKEN=live.token)


def prefer(home: Path, text: str) -> Path:
    """Writes the config.toml of the person who lives there."""
    path = home / "config" / "socd-tui" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


def shown(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*PROGRAM, "show", *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, encoding="utf-8", check=False)


def tells(terminal: Terminal, sentence: str) -> None:
    """Waits for a message, which may be wrapped anywhere."""
    words = "".join(sentence.split())
    terminal.until(lambda: words in "".join(terminal.text.replace("▌", "").split()))


def test_the_program_starts_with_theme_view_days_glyphs_and_keys_of_the_persons_own(
    environ: dict[str, str], tmp_path: Path
) -> None:
    prefer(
        tmp_path,
        """
        theme = "socd-light"
        view = "endpoints"
        days = 3
        ascii = true
        [keys]
        export = "x"
        view.series = "v,f6"
        """,
    )
    light = next(palette for palette in PALETTES if palette.name == "socd-light")
    ground = ";".join(str(int(light.background[n : n + 2], 16)) for n in (1, 3, 5))
    with Terminal(environ=environ, size=(90, 24), folder=tmp_path) as terminal:
        terminal.shows("3 Endpoints", "  3 d ", "/api/v1/iocs", "x export")
        assert f"48;2;{ground}".encode() in terminal.output
        terminal.type("e2x")
        terminal.shows("Exported to socd-endpoints-3d")
        terminal.type("v")
        terminal.shows("requests/day")
        terminal.type("?")
        terminal.shows("x      export this view as JSON")
        assert all(char.isascii() for char in terminal.drawn())
        terminal.type("qq")
        assert terminal.ended() == 0
    assert len(list(tmp_path.glob("*.json"))) == 1


def test_what_is_said_on_the_command_line_wins(environ: dict[str, str], tmp_path: Path) -> None:
    prefer(tmp_path, 'view = "endpoints"\ndays = 3\ntheme = "socd-light"\n')
    options = ("--view", "status", "--days", "5", "--theme", "socd-contrast")
    with Terminal(*options, environ=environ) as terminal:
        terminal.shows("4 Status", "  5 d ")
        assert b"48;2;0;0;0" in terminal.output
        terminal.type("q")
        assert terminal.ended() == 0
    assert (
        json.loads(shown(environ, "series", "--days", "5", "--format", "json").stdout)["window"]["days"] == 5
    )


def test_a_printed_view_has_the_persons_own_window_and_glyphs(
    environ: dict[str, str], tmp_path: Path
) -> None:
    assert json.loads(shown(environ, "series", "--format", "json").stdout)["window"]["days"] == 7
    prefer(tmp_path, "days = 3\nascii = true\n")
    done = shown(environ, "series")
    assert " 3 d " in done.stdout
    assert done.stdout.isascii()
    assert "config.toml" not in done.stderr


def test_mistakes_are_told_with_their_place_and_the_nearest_name_and_nothing_stops(
    environ: dict[str, str], tmp_path: Path
) -> None:
    path = prefer(tmp_path, 'dayz = 3\ntheme = "socd-lihgt"\ndays = 400\n\n[keys]\nexprot = "x"\n')
    done = shown(environ, "series", "--format", "json")
    assert done.stderr.splitlines()[0] == (
        f"socd-tui: {path}, line 1: there is no setting 'dayz'. The nearest is 'days'."
    )
    assert f"{path}, line 3: days is a whole number from 1 to 90." in done.stderr
    assert json.loads(done.stdout)["window"]["days"] == 7
    # Messages of the UI are as wide as this terminal, so that nothing else stands in their lines.
    with Terminal(environ=environ, size=(72, 45)) as terminal:
        terminal.shows("1 Overview", " 7 d ", "Production SIEM")
        tells(terminal, f"{path}, line 2: 'socd-lihgt' is no theme. The nearest is 'socd-light'.")
        tells(terminal, f"{path}, line 6: there is no binding 'exprot'. The nearest is 'export'.")
        terminal.type("q")
        assert terminal.ended() == 0


def test_a_file_that_is_no_toml_is_told_with_its_line_and_the_defaults_hold(
    environ: dict[str, str], tmp_path: Path
) -> None:
    path = prefer(tmp_path, "days = 3\ntheme = \n")
    done = shown(environ, "series", "--format", "json")
    assert done.stderr.startswith(f"socd-tui: {path}: ")
    assert "line 2" in done.stderr
    assert json.loads(done.stdout)["window"]["days"] == 7
