"""Two views side by side, what is behind a row, and what stays where it is when the picture changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from socd_tui.service.demo import DemoServer
from tests.clock import Clock
from tests.journeys.stage import Person, requests, visit
from tests.journeys.test_narrowing import narrow

pytestmark = pytest.mark.anyio

WIDE = (160, 24)
TITLES = ("Overview", "Series", "Endpoints", "Status", "429 map", "Budget", "Bill")


def panes(person: Person) -> list[str]:
    """The titles over the panes, from the left; none when one pane has all the room."""
    head = person.pane[0]
    found = {head.find(f" {title}  "): title for title in TITLES}
    return [title for at, title in sorted(found.items()) if at >= 0]


def focused(person: Person) -> str:
    """The view whose tab is lit."""
    return next(span.text for span in person.app.desk.lines("tabs")._lines[0] if span.role == "title").strip()


def left(person: Person) -> str:
    """The last line of the left of two panes."""
    return person.app.desk.lines("pane").text[-1].strip()


def right(person: Person) -> str:
    """The last line of the right of two panes."""
    return person.app.desk.lines("second").text[-1].strip()


# --- side by side --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "shown"), [(139, []), (140, ["Overview", "Series"]), (200, ["Overview", "Series"])]
)
async def test_from_140_columns_two_views_stand_side_by_side_and_below_only_one(
    demo: DemoServer, tmp_path: Path, width: int, shown: list[str]
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(width, 40)) as person:
        assert panes(person) == shown
        assert requests(demo, "MISP sync") in person.text
        assert ("requests/day" in person.text) is bool(shown)


async def test_the_second_pane_shows_the_key_under_the_cursor_of_the_first(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=WIDE) as person:
        for name in ("Production SIEM", "threat-notebook", "MISP sync"):
            assert f"Series  {name}" in person.pane[0]
            assert f"sum {requests(demo, name)}" in person.text
            await person.press("down")


async def test_tab_moves_the_focus_and_digits_choose_the_view_of_the_pane_that_has_it(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=WIDE) as person:
        assert focused(person) == "1 Overview"
        await person.press("tab")
        assert focused(person) == "2 Series"
        await person.press("5")
        assert panes(person) == ["Overview", "429 map"]
        assert focused(person) == "5 429 map"
        await person.press("shift+tab", "6")
        assert panes(person) == ["Budget", "429 map"]
        assert focused(person) == "6 Budget"


async def test_the_same_view_never_stands_twice(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=WIDE) as person:
        for number in "1234567":
            await person.press(number)
            shown = panes(person)
            assert shown[0] == TITLES[int(number) - 1]
            assert len(set(shown)) == 2


async def test_a_click_on_a_tab_chooses_the_view_of_the_focused_pane(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=WIDE) as person:
        await person.press("tab")
        await person.click("4 Status")
        assert panes(person) == ["Overview", "Status"]


async def test_movements_act_on_the_focused_pane_alone(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=WIDE) as person:
        await person.press("down", "tab", "left", "left")
        assert person.at == "threat-notebook"
        assert right(person).startswith("Fri 20 Nov")
        before = left(person)
        await person.press("down", "up", "home")
        assert right(person).startswith("Mon 9 Nov")
        assert left(person) == before
        await person.press("shift+tab", "down")
        assert left(person).startswith("MISP sync")
        assert right(person).startswith("Mon 9 Nov")


async def test_exports_and_copies_are_of_the_focused_pane(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=WIDE) as person:
        await person.press("e", "tab", "e", "y")
        assert person.app.clipboard == right(person)
    names = sorted(path.name.split("-")[1] for path in tmp_path.glob("*.json"))
    assert names == ["overview", "series"]


async def test_each_of_two_panes_says_what_narrows_it_and_the_header_whose_figures_have_the_focus(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=WIDE) as person:
        await narrow(person, "sync")
        await person.press("tab", "3")
        await narrow(person, "misp")
        assert person.pane[0].index("filter sync") < person.pane[0].index("Endpoints")
        assert "filter misp" in person.pane[0]
        assert "filter" not in person.lines[2]
        assert "MISP sync" in person.lines[0]
        await person.press("shift+tab", "escape")
        assert "filter sync" not in person.text
        assert "filter misp" in person.text
        assert "all 10 keys" in person.lines[0]


@pytest.mark.parametrize(
    ("focus", "view", "away"), [("", "Overview", "Series"), ("tab", "Series", "Overview")]
)
async def test_z_gives_the_focused_pane_all_the_room_and_z_or_escape_gives_it_back(
    demo: DemoServer, tmp_path: Path, focus: str, view: str, away: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=WIDE) as person:
        await person.press("down", *([focus] if focus else []))
        both = person.text
        for back in ("z", "escape"):
            await person.press("z")
            assert panes(person) == []
            assert ("requests/day" in person.text) is (view == "Series")
            assert f"{TITLES.index(view) + 1} {view}" == focused(person)
            assert ("all 10 keys" in person.lines[0]) is (view == "Overview")
            await person.press(back)
            await person.until(lambda: person.text == both)


async def test_a_maximised_pane_obeys_digits_and_tabs(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=WIDE) as person:
        await person.press("tab", "z", "5")
        assert "by hour" in person.text
        await person.click("4 Status")
        assert "4xx" in "\n".join(person.pane)
        await person.press("z")
        assert panes(person) == ["Overview", "Status"]


async def test_a_narrower_terminal_and_back_keeps_cursor_views_and_filter(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(200, 50)) as person:
        await person.press("tab", "5", "shift+tab")
        await narrow(person, "requests>10k")
        await person.press("down", "down")
        before = person.text
        await person.resize(60, 20)
        assert person.at == "MISP sync"
        assert "filter requests>10k" in person.lines[2]
        assert "total 4 keys" in person.text
        assert "by hour" not in person.text
        await person.resize(200, 50)
        await person.until(lambda: person.text == before)
        assert panes(person) == ["Overview", "429 map"]


# --- what is behind a row ------------------------------------------------------------------------


async def test_enter_on_a_key_opens_its_series_with_the_key_list_beside(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("space", "down", "down", "enter")
        assert "MISP sync" in person.lines[0]
        assert f"sum {requests(demo, 'MISP sync')}" in person.text
        assert "idle-lab" in person.text


async def test_enter_on_an_endpoint_shows_its_figures_and_which_keys_use_it(
    demo: DemoServer, tmp_path: Path
) -> None:
    now = Clock()()
    uses = {key: demo.truth.traffic(key, 14, now).by_path() for key in demo.truth.keys}
    async with visit(demo, tmp_path, clock=Clock(), size=(99, 36)) as person:
        await person.press("3", "down", "enter")
        path = list(uses[demo.truth.keys[0]])[1]
        await person.shows(path, "of the key's)")
        for key, paths in uses.items():
            name = f" {key.role.name}#{key.prefix[-4:]} "
            told = [line for line in person.lines if name in line and "of the key's)" in line]
            assert len(told) == (path in paths), name
            assert all(f" {paths[path]:,} req" in line for line in told)
        for closing in ("escape", "enter", "q"):
            await person.press(closing)
            assert "of the key's)" not in person.text
            assert "3 Endpoints" in focused(person)
            assert person.app.is_running
            await person.press("enter")
            await person.shows("of the key's)")


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
