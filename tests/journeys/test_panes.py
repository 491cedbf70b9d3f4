"""Two views side by side, what is behind a row, and what stays where it is when the picture changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from socd_tui.service.demo import DemoServer
from tests.clock import Clock
from tests.journeys.stage import Person, readout, renamed, requests, service, visit
from tests.journeys.test_narrowing import narrow

pytestmark = pytest.mark.anyio

WIDE = (160, 40)


def focused(person: Person) -> str:
    """The view whose tab is lit: that of the pane that keys act on."""
    return next(span.text for span in person.app.desk.lines("tabs")._lines[0] if span.role == "title").strip()


def panes(person: Person) -> list[str]:
    """The views on screen, from the left."""
    return [built.view.title for built in person.app.scene.built]


def left(person: Person) -> str:
    """The last line of the left of two panes."""
    return person.app.desk.lines("pane").text[-1].strip()


def right(person: Person) -> str:
    """All that the right of two panes shows."""
    second = person.app.desk.lines("second")
    return "\n".join(second.text) if second.display else ""


# --- side by side --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "shown"), [(119, ["Overview"]), (120, ["Overview", "Key"]), (200, ["Overview", "Key"])]
)
async def test_from_120_columns_the_page_of_the_key_stands_beside_the_table(
    demo: DemoServer, tmp_path: Path, width: int, shown: list[str]
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(width, 40)) as person:
        assert panes(person) == shown
        assert requests(demo, "MISP sync") in person.text
        assert ("/api/v1/" in right(person)) is (len(shown) == 2)
        for line in person.lines[7:-1]:  # below the four answers, which stand over both
            assert (line.find("│") > width // 3) is (len(shown) == 2), line


async def test_names_are_whole_before_a_second_pane_opens(tmp_path: Path) -> None:
    clock = Clock()
    with service(clock) as server:
        renamed(server, "The forwarder of the second floor, staging")
        async with visit(server, tmp_path, clock=clock, size=(130, 40)) as person:
            assert panes(person) == ["Overview"]
            await person.resize(200, 40)
            assert panes(person) == ["Overview", "Key"]


async def test_the_page_beside_is_of_the_key_under_the_cursor(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=WIDE) as person:
        for name in ("Production SIEM", "threat-notebook", "MISP sync"):
            await person.press("home")
            while person.at != name:
                await person.press("down")
            assert name in right(person).split("\n")[0]
            assert requests(demo, name) in right(person)


async def test_the_key_list_stands_beside_views_of_one_key_with_all_keys_on_top(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(100, 40)) as person:
        await person.press("2")
        rows = person.app.desk.lines("keys").text
        assert rows[1].startswith(" all 10 keys")
        counts = [int(row.split()[-2].replace(",", "")) for row in rows[2:11]]
        assert counts == sorted(counts, reverse=True)
        assert "not found" in rows[11]
        assert next(row for row in rows if row.startswith("▸")).startswith("▸Production SIEM")
        await person.press("0")
        assert person.app.desk.lines("keys").text[1].startswith("▸all 10 keys")
        assert "all 10 keys" in person.lines[0]
        await person.resize(99, 40)
        assert not person.app.desk.lines("keys").display


async def test_tab_moves_the_focus_and_digits_choose_the_view_of_the_pane_that_has_it(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=WIDE) as person:
        assert focused(person) == "1 Overview"
        await person.press("tab")
        assert focused(person) == "8 Key"
        await person.press("5")
        assert panes(person) == ["Overview", "429 map"]
        assert focused(person) == "5 429 map"
        await person.press("shift+tab", "6")
        assert panes(person) == ["Budget", "429 map"]
        assert focused(person) == "6 Budget"


async def test_the_same_view_never_stands_twice(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=WIDE) as person:
        for number in "12345678":
            await person.press(number)
            shown = panes(person)
            assert len(set(shown)) == len(shown) <= 2


async def test_a_click_on_a_tab_chooses_the_view_of_the_focused_pane(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=WIDE) as person:
        await person.press("tab")
        await person.click("4 Status")
        assert panes(person) == ["Overview", "Status"]


async def test_movements_act_on_the_focused_pane_alone(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=WIDE) as person:
        at, before = person.at, left(person)
        await person.press("tab", "2", "left", "left")
        assert "Fri 20 Nov" in right(person).split("\n")[-1]
        await person.press("down", "up", "home")
        assert "Mon 9 Nov" in right(person).split("\n")[-1]
        assert (person.at, left(person)) == (at, before)
        await person.press("shift+tab", "down")
        assert person.at != at
        assert "Mon 9 Nov" in right(person).split("\n")[-1]


async def test_exports_and_copies_are_of_the_focused_pane(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=WIDE) as person:
        await person.press("e", "tab", "e", "y")
        assert person.app.clipboard in right(person)
    names = sorted(path.name.split("-")[1] for path in tmp_path.glob("*.json"))
    assert names == ["key", "overview"]


@pytest.mark.parametrize(("focus", "view", "away"), [("", "Overview", "Key"), ("tab", "Key", "Overview")])
async def test_z_gives_the_focused_pane_all_the_room_and_z_or_escape_gives_it_back(
    demo: DemoServer, tmp_path: Path, focus: str, view: str, away: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=WIDE) as person:
        await person.to("threat-notebook")
        await person.press(*([focus] if focus else []))
        both = person.text
        for back in ("z", "escape"):
            await person.press("z")
            assert panes(person) == [view]
            assert focused(person).endswith(view)
            await person.press(back)
            await person.until(lambda: person.text == both)


async def test_a_maximised_pane_obeys_digits_and_tabs(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=WIDE) as person:
        await person.press("tab", "z", "5")
        assert "by hour" in person.text
        await person.click("4 Status")
        assert panes(person) == ["Status"]
        await person.press("z")
        assert panes(person) == ["Overview", "Status"]


async def test_a_narrower_terminal_and_back_keeps_cursor_views_and_filter(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(200, 50)) as person:
        await person.press("tab", "5", "shift+tab")
        await narrow(person, "requests>10k")
        await person.press("end", "up")
        before, at = person.text, person.at
        await person.resize(60, 20)
        assert person.at == at
        assert "filter requests>10k" in person.lines[2]
        assert "total 4 keys" in person.text
        assert "by hour" not in person.text
        await person.resize(200, 50)
        await person.until(lambda: person.text == before)
        assert panes(person) == ["Overview", "429 map"]


# --- the way back --------------------------------------------------------------------------------


async def test_escape_leads_back_step_by_step_with_the_cursor_where_it_was(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(80, 24)) as person:
        await person.to("MISP sync")
        await person.press("5")
        hour = person.pane[-1]
        await person.press("enter")
        assert person.app.lens.view == "series"
        assert "429 map › " in person.lines[1]
        await person.press("escape")
        assert (person.app.lens.view, person.pane[-1]) == ("heatmap", hour)
        await person.press("backspace")
        assert person.app.lens.view == "series"
        await person.press("ctrl+o", "escape")
        assert (person.app.lens.view, person.at) == ("overview", "MISP sync")


async def test_each_part_of_the_way_here_can_be_clicked(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(80, 24)) as person:
        await person.press("home", "down", "enter")
        assert person.lines[1].startswith(" Overview › ")
        name = person.at
        await person.press("4")
        assert "›" not in person.lines[1], "what was chosen by its number is no way into something"
        await person.press("escape")
        await person.click("Overview")
        assert (person.app.lens.view, person.at) == ("overview", name)


async def test_a_second_click_opens_what_the_first_one_chose(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        at = person.where(f" {requests(demo, 'MISP sync')} ")
        await person.pilot.click(offset=at, times=2)
        await person.until(lambda: person.app.lens.view == "key")
        assert person.at == "MISP sync"


async def test_pages_and_half_pages_move_the_cursor_in_tables(tmp_path: Path) -> None:
    clock = Clock()
    with service(clock, keys=50) as server:
        async with visit(server, tmp_path, clock=clock, size=(80, 24)) as person:
            first = person.at
            await person.press("pagedown")
            page = person.at
            assert page not in ("", first)
            await person.press("pageup")
            assert person.at == first
            await person.press("ctrl+d", "ctrl+d")
            assert person.at not in ("", first)
            await person.press("ctrl+u", "ctrl+u", "ctrl+u")
            await person.press(*["pagedown"] * 20)
            assert person.at == "", "in the end all keys together"


# --- what is behind a row ------------------------------------------------------------------------


async def test_enter_on_a_key_opens_its_page_with_the_key_list_beside(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("space")
        await person.to("MISP sync")
        await person.press("enter")
        assert "MISP sync" in person.lines[0]
        assert requests(demo, "MISP sync") in person.text
        assert "idle-lab" in person.text


@pytest.mark.parametrize("size", [(99, 36), (40, 12)])
async def test_enter_on_an_endpoint_shows_which_keys_ask_it_and_escape_leads_back(
    demo: DemoServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    now = Clock()()
    uses = {key: demo.truth.traffic(key, 14, now).by_path() for key in demo.truth.keys}
    path = max(uses[demo.truth.keys[0]], key=uses[demo.truth.keys[0]].__getitem__)
    asking = sorted((key for key in uses if uses[key].get(path)), key=lambda key: -uses[key][path])
    async with visit(demo, tmp_path, clock=Clock(), size=size) as person:
        await person.press("3")
        before = person.text
        await person.press("enter")
        assert path in person.lines[1]
        assert f" {path} " in person.pane[0] + " "
        for key in asking:
            assert readout(person).startswith(key.role.name[:3])
            [row] = [line for line in person.pane if line.startswith("▸")]
            assert f" {uses[key][path]:,} " in row
            await person.press("down")
        await person.press("enter")
        assert person.app.lens.view == "key"
        assert person.at == asking[-1].role.name
        await person.press("escape", "escape")
        assert person.text == before
        await person.press("enter", "4", "3")
        assert person.text == before


async def test_below_the_endpoints_stands_who_asks_the_one_under_the_cursor(
    demo: DemoServer, tmp_path: Path
) -> None:
    now = Clock()()
    counts = {key: demo.truth.traffic(key, 14, now).by_path() for key in demo.truth.keys}
    async with visit(demo, tmp_path, clock=Clock(), size=(120, 36)) as person:
        await person.press("0", "3")
        await person.rests()
        for _ in range(2):
            path = readout(person).split()[0]
            asking = {key: paths[path] for key, paths in counts.items() if paths.get(path)}
            below = person.pane[[f" {path}  " in line for line in person.pane].index(True, 3) :]
            assert f"asked by {len(asking)} of 9 keys" in "\n".join(below)
            for key, count in asking.items():
                named = [line for line in below if line.startswith(f" {key.role.name}")]
                assert any(f" {count:,} " in line for line in named), key.role.name
            await person.press("down")


# --- what stays where it is ----------------------------------------------------------------------


async def test_the_cursor_stays_on_its_date_when_view_key_or_window_change(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("2", *["left"] * 4)
        for keys in (
            ("right_curly_bracket",),
            ("1", "5", "2"),
            ("right_square_bracket",),
            ("right_square_bracket", "left_square_bracket"),
            ("left_square_bracket", "left_square_bracket"),
            ("r",),
        ):
            await person.press(*keys)
            await person.rests()
            assert "Wed 18 Nov" in person.pane[-1], keys
        await person.press("left_square_bracket")
        await person.rests()
        assert "Sun 22 Nov" in person.pane[-1]  # in a window of one day there is no other
        await person.press("right_square_bracket")
        await person.rests()
        assert "Wed 18 Nov" in person.pane[-1]


async def test_the_cursor_of_a_row_stays_on_its_name_over_refreshes_and_other_views(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("3", "S", "e", "down", "down")
        name = person.pane[-1].split()[0]
        await person.press("r")
        await person.rests()
        assert person.pane[-1].split()[0] == name
        await person.press("4", "1", "3")
        assert person.pane[-1].split()[0] == name
