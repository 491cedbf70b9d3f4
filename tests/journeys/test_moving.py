"""Getting around by keyboard and mouse: rows, days, keys, marks, and the way back."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Key

from socd_tui.service.demo import DemoServer
from tests.clock import Clock
from tests.journeys.stage import readout, requests, visit

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("down", "up", "first", "last"), [("down", "up", "home", "end"), ("j", "k", "g", "G")]
)
async def test_arrows_or_letters_walk_findings_and_keys_and_stop_at_the_ends(
    demo: DemoServer, tmp_path: Path, down: str, up: str, first: str, last: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        assert person.at == "Production SIEM"
        await person.press(up, down)
        assert person.at == "Production SIEM"
        await person.press(down, down)
        assert person.at == "SOAR enrichment"
        await person.press(last)
        assert person.at == ""
        assert person.row("total").startswith("▸")
        await person.press(down, up)
        assert person.at == "ghost import"
        await person.press(*[up] * 10)  # nine rows, and that over the quiet keys
        assert person.at == "Production SIEM"
        assert person.row("Production SIEM").startswith("▸")
        await person.press(first)
        assert person.at == "threat-notebook"
        assert person.findings[0].startswith("▸!! threat-notebook")
        await person.press(up)
        assert person.findings[0].startswith("▸!! threat-notebook")


async def test_the_read_out_line_speaks_of_the_row_under_the_cursor(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.to("threat-notebook")
        assert person.pane[-1].strip().startswith("threat-notebook")
        assert requests(demo, "threat-notebook") in person.pane[-1]


@pytest.mark.parametrize(("left", "right"), [("left", "right"), ("h", "l")])
async def test_days_are_walked_sideways_and_the_cursor_starts_on_the_newest(
    demo: DemoServer, tmp_path: Path, left: str, right: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("2")
        assert "Sun 22 Nov" in person.pane[-1]
        await person.press(left, left)
        assert "Fri 20 Nov" in person.pane[-1]
        await person.press(right)
        assert "Sat 21 Nov" in person.pane[-1]
        await person.press("home")
        assert "Mon 9 Nov" in person.pane[-1]


async def test_m_jumps_to_the_busiest_day(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.to("threat-notebook")
        await person.press("2", "m")
        traffic = demo.truth.traffic(demo.truth.keys[1], 14, Clock()())
        busiest = max(requests for _, requests, _ in traffic.daily)
        assert f"{busiest:,} req" in person.pane[-1]


@pytest.mark.parametrize(("first", "last"), [("home", "end"), ("g", "G")])
async def test_in_the_key_list_first_last_and_the_maximum_are_keys(
    demo: DemoServer, tmp_path: Path, first: str, last: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("2", "left")
        day = "Sat 21 Nov"
        assert day in readout(person)
        await person.press("shift+tab", last)
        assert person.at == "ghost import"
        await person.press(first)
        assert (person.at, day in readout(person)) == ("", True)
        await person.press("down")
        assert (person.at, day in readout(person)) == ("Production SIEM", True)
        await person.press("down", "down", "m")
        assert (person.at, day in readout(person)) == ("Production SIEM", True)
        await person.press("tab", first)
        assert "Mon 9 Nov" in readout(person)


async def test_braces_change_the_key_without_leaving_the_view(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("2", "right_curly_bracket", "right_curly_bracket")
        assert person.at == "SOAR enrichment"
        assert "SOAR enrichment" in person.lines[0]
        assert requests(demo, "SOAR enrichment") in "\n".join(person.pane)
        await person.press("left_curly_bracket")
        assert person.at == "MISP sync"
        assert "2 Series" in person.lines[1]


async def test_tab_moves_to_the_key_list_where_the_arrows_choose_a_key(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("3", "tab", "down", "down")
        assert person.at == "SOAR enrichment"
        await person.press("tab", "down")
        assert person.at == "SOAR enrichment"


async def test_enter_opens_a_key_and_escape_goes_back_but_never_quits(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.to("threat-notebook")
        await person.press("enter")
        assert "threat-notebook" in person.lines[0]
        assert "threat-notebook" in person.pane[0]
        assert "Overview › threat-notebook" in person.lines[1]
        await person.press("escape")
        assert "all 10 keys" in person.lines[0]
        assert person.at == "threat-notebook"
        await person.press("escape", "escape", "escape")
        assert person.app.is_running
        assert "all 10 keys" in person.lines[0]


async def test_marked_keys_are_summed_where_figures_add_up(demo: DemoServer, tmp_path: Path) -> None:
    pair = requests(demo, "threat-notebook", "SOAR enrichment")
    async with visit(demo, tmp_path, clock=Clock()) as person:
        for name in ("threat-notebook", "SOAR enrichment"):
            await person.to(name)
            await person.press("space")
        assert "marked 2/10" in person.head
        for view in "234":
            await person.press(view)
            assert "2 of 10 keys" in person.lines[0]
            assert pair in "\n".join(person.pane), person.text


async def test_marks_are_taken_back_one_by_one_all_at_once_and_with_escape(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("space")
        assert "marked 1/10" in person.head
        await person.press("space")
        assert "marked" not in person.head
        await person.press("a")
        assert "marked 10/10" in person.head
        await person.press("a")
        assert "marked" not in person.head
        await person.press("space", "2", "escape")
        assert "marked 1/10" in person.head
        assert person.app.lens.view == "overview"
        await person.press("escape")
        assert "marked" not in person.head


async def test_a_click_on_a_row_puts_the_cursor_there(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.click_row("Old dashboard")
        assert person.at == "Old dashboard"
        assert person.row("Old dashboard").startswith("▸")


async def test_clicks_on_a_tab_on_a_listed_key_and_on_a_hint_do_what_they_say(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.click("4 Status")
        assert "200" in "\n".join(person.pane)
        await person.click("MISP")
        assert person.at == "MISP sync"
        await person.click(" help")
        await person.shows("jump to the maximum")


async def test_the_wheel_moves_the_cursor(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.wheel(down=True)
        await person.wheel(down=True)
        assert person.at == "SOAR enrichment"
        await person.wheel(down=False)
        assert person.at == "MISP sync"
        await person.press("2")
        await person.wheel(down=False, over="#keys")
        assert person.at == "Production SIEM"


async def test_a_click_on_empty_space_changes_nothing(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        before = person.text
        await person.pilot.click(offset=(60, 30))
        await person.pilot.pause()
        assert person.text == before


async def test_the_brackets_make_the_window_shorter_and_longer_up_to_its_ends(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        for key, days in (("right_square_bracket", 30), ("greater_than_sign", 60), ("less_than_sign", 30)):
            await person.press(key)
            await person.rests()
            assert f"{days} d" in person.lines[0]
            assert requests(demo, "MISP sync", days=days) in person.text
        await person.press(*["left_square_bracket"] * 5)
        await person.rests()
        assert " 1 d " in person.lines[0]
        assert requests(demo, "MISP sync", days=1) in person.text


async def test_w_asks_for_a_window_refuses_a_wrong_one_and_takes_the_next(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        for wrong, said in (
            ("366", "from 1 to 365, or all"),
            ("0", "from 1 to 365, or all"),
            ("two", "Write 30, 30d, 2w, since 24 Nov"),
        ):
            await person.press("w", *wrong)
            await person.shows(f"'{wrong}' is not a window", said)
            await person.press("enter")
            await person.shows(f"'{wrong}' is not a window", said)
            await person.press("escape")
            assert "14 d" in person.lines[0]
        await person.press("w", *"366", "enter", *["backspace"] * 3, *"45", "enter")
        await person.rests()
        assert "45 d" in person.lines[0]
        assert requests(demo, "MISP sync", days=45) in person.text


async def test_q_quits(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.pilot.press("q")
        await person.until(lambda: not person.app.is_running)
        assert not person.app.return_code


@pytest.mark.parametrize("opening", ["w", "s"])
async def test_an_answer_and_an_escape_in_one_moment_close_the_question_once(
    demo: DemoServer, tmp_path: Path, opening: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press(opening)
        assert len(person.app.screen_stack) == 2
        for key in ("enter", "escape"):
            person.app.post_message(Key(key, None))
        await person.until(lambda: len(person.app.screen_stack) == 1)
        await person.press("2")
        assert person.app.lens.view == "series"


async def test_nothing_is_drawn_of_a_program_that_is_leaving(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        person.app.exit()
        await person.app.desk.remove_children()
        person.app.paint()
        person.app.paint_frame()  # as when the clock ticks in just that moment
    assert person.app.crash is None
