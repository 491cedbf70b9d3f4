"""Fewer rows and another order: filters, sorts, what they do to totals, exports and the cursor."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.events import Key

from socd_tui.service.demo import DemoServer
from tests.clock import Clock
from tests.journeys.stage import Person, renamed, requests, service, visit
from tests.journeys.test_exporting import exported, timeless, twin

pytestmark = pytest.mark.anyio

FAILING = ["MISP sync", "threat-notebook", "dev sandbox#RgJE", "Old dashboard", "Contractor read-only"]
ALONE = (99, 36)
"""Too narrow for the key list beside a pane."""
NAME = re.compile(r"[ ▸](\S+(?: \S+)*?)(?:  | free | pro | [\d—])")
BUSY = ["Production SIEM", "MISP sync", "SOAR enrichment", "threat-notebook"]


async def narrow(person: Person, text: str) -> None:
    """Presses / and answers; what stood there is selected and so replaced."""
    await person.press("slash")
    await person.write(text)
    await person.press("enter")


async def sort(person: Person, column: str) -> None:
    """Presses s and types the column's heading, or its name in files."""
    await person.press("s")
    await person.shows(" by:")
    await person.write(column)
    await person.press("enter")
    pane = person.app.desk.lines(person.app.desk.pane)
    await person.until(
        lambda: len(pane.text) == pane.size.height
    )  # the room of the line is the table's again


def rows(person: Person) -> list[str]:
    """The names of the pane's rows, as they stand; with the short id only where namesakes need it."""
    lines = person.table[1:]
    end = next(n for n, line in enumerate(lines) if line.startswith((" total", " other")))
    keys = [line for line in lines[:end] if " quiet key" not in line]
    names = [NAME.match(line)[1] for line in keys]  # type: ignore[index]  # no match is a failure
    return [name if "sandbox" in name else name.partition("#")[0] for name in names]


def total(person: Person) -> str:
    return next(line for line in person.pane if line.startswith(" total"))


def chip(person: Person) -> str:
    """What the rule line says of filter and sort."""
    return person.lines[2].strip("─ ")


async def test_slash_keeps_the_rows_that_match_and_says_so_in_the_rule(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=ALONE) as person:
        assert chip(person) == ""
        for typed, names in (
            ("sandbox", ["dev sandbox#RgJE", "dev sandbox#0o4z"]),
            ("!free", ["Production SIEM", "MISP sync", "SOAR enrichment", "Old dashboard"]),
            ("/^(misp|soar) /", ["MISP sync", "SOAR enrichment"]),
            ("err%>5", FAILING),
            ("!err%>5", ["Production SIEM", "SOAR enrichment", "dev sandbox#0o4z"]),
            ("requests>10k", BUSY),
        ):
            await narrow(person, typed)
            assert rows(person) == names
            assert chip(person) == f"filter {typed}"
            assert f"total {len(names)} keys" in total(person)
        await person.press("escape")
        assert len(rows(person)) == 10
        assert chip(person) == ""


async def test_the_total_is_of_the_rows_that_are_left_and_its_share_of_all_of_them(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=ALONE) as person:
        assert " 100% " in total(person)
        await narrow(person, "requests>10k")
        assert f" {requests(demo, *BUSY)} 96.9% " in total(person)


async def test_the_total_row_of_endpoints_stays_and_names_what_was_filtered_out(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=ALONE) as person:
        await person.press("3")
        await narrow(person, "taxii")
        paths = demo.truth.traffic(demo.truth.keys[0], 14, Clock()()).by_path()
        left = sum(n for path, n in paths.items() if "taxii" not in path)
        assert rows(person) == ["/api/taxii2/api/collections/{id}/objects/"]
        assert any(line.split()[:4] == ["other", "(filtered", "out)", f"{left:,}"] for line in person.pane)
        assert requests(demo, "Production SIEM") in total(person)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("reqests>10", "There is no column 'reqests' here. The nearest is 'requests'."),
        ("/(/", "That pattern does not work:"),
    ],
)
async def test_a_wrong_filter_is_told_in_place_and_may_be_corrected(
    demo: DemoServer, tmp_path: Path, wrong: str, said: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await narrow(person, wrong)
        await person.shows("filter Overview:", said)
        assert chip(person) == ""
        await person.press(*["backspace"] * len(wrong))
        await person.write("requests>10k")
        await person.press("enter")
        assert "filter Overview:" not in person.text
        assert rows(person) == BUSY


async def test_what_is_wrong_with_a_filter_is_told_while_it_is_typed(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("slash")
        await person.write("eror_ratio>5")
        await person.shows("The nearest is 'error_ratio'.")
        await person.press("backspace", *["left"] * 9, "r", *["right"] * 9, "4", "%")
        await person.until(lambda: "nearest" not in person.text)
        await person.press("enter")
        assert chip(person) == "filter error_ratio>4%"


async def test_escape_out_of_the_question_leaves_the_filter_as_it_was(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await narrow(person, "sandbox")
        await person.press("slash")
        await person.write("siem")
        await person.press("escape")
        assert chip(person) == "filter sandbox"
        await person.press("slash", "delete", "enter")
        assert len(rows(person)) == 10


async def test_each_view_remembers_its_own_filter_also_over_a_refresh_and_another_window(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await narrow(person, "sync")
        await person.press("3")
        assert chip(person) == ""
        await narrow(person, "misp")
        await person.press("6")
        await narrow(person, "day%>90")
        for key, said in (("1", "sync"), ("3", "misp"), ("6", "day%>90")):
            await person.press(key, "r", "right_square_bracket")
            await person.rests()
            assert chip(person) == f"filter {said}"
        assert "MISP" not in "\n".join(person.pane)
        await person.press("slash", "delete", "enter", "1")
        assert rows(person) == ["MISP sync"]
        assert requests(demo, "MISP sync", days=90) in person.table[1]
        await person.press("6")
        assert chip(person) == ""


@pytest.mark.parametrize(("number", "title"), [("2", "Series"), ("5", "429 map")])
async def test_views_without_rows_say_that_there_is_nothing_to_narrow(
    demo: DemoServer, tmp_path: Path, number: str, title: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press(number)
        for key in ("slash", "s", "S"):
            await person.press(key)
        await person.shows(f"{title} has no rows to filter or sort. (x3)")
        assert len(person.app.screen_stack) == 1


async def test_when_a_filter_hides_the_focused_key_the_cursor_and_the_figures_go_to_one_that_is_shown(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await narrow(person, "/notebook|sync/")
        assert person.at == "MISP sync"
        await person.press("down", "2")
        assert "threat-notebook" in person.lines[0]
        assert requests(demo, "threat-notebook") in "\n".join(person.pane)
        await person.press("1", "escape")
        assert person.at == "threat-notebook"


async def test_marking_all_and_the_braces_follow_the_rows_as_they_are_shown(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await narrow(person, "/notebook|sync|sandbox/")
        await sort(person, "requests")
        shown = rows(person)
        assert shown[:2] == ["MISP sync", "threat-notebook"]
        await person.press("a")
        assert "marked 4/10" in person.head
        await person.press("a", "m")
        assert "marked" not in person.head
        walked = [person.at]
        for _ in shown:
            await person.press("}")
            walked.append(person.at)
        names = [name.partition("#")[0] for name in shown]
        assert walked == [*names, names[-1]]
        await person.press("{")
        assert person.at == names[-2]


async def test_a_filter_that_nothing_matches_shows_no_rows_and_lets_nothing_be_opened(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.to("threat-notebook")
        await narrow(person, "nobody")
        assert rows(person) == []
        assert "total 0 keys" in total(person)
        await person.press("m", "enter", "y")
        assert person.app.lens.view == "overview"
        assert person.app.clipboard == ""
        await person.press("escape")
        assert person.at == "threat-notebook"


@pytest.mark.parametrize("question", ["w", "s"])
async def test_enter_and_escape_in_one_go_close_a_question_once(
    demo: DemoServer, tmp_path: Path, question: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press(question)
        for name in ("enter", "escape"):
            person.app.post_message(Key(name, None))
        await person.until(lambda: len(person.app.screen_stack) == 1)
        await person.press("2")
        assert person.app.lens.view == "series"


async def test_s_picks_a_column_and_s_reversed_turns_it_with_unknown_figures_always_last(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        before = rows(person)
        await person.press("S", "S")
        await person.shows("There is no order to turn yet: press a letter.")
        await person.press("escape")
        await sort(person, "error_ratio")
        falling = rows(person)
        assert falling[0] == "threat-notebook"
        assert "err%▼" in person.table[0]
        assert chip(person) == "by err%"
        assert person.at == "threat-notebook"
        await person.press("S", "S")
        assert "err%▲" in person.table[0]
        assert rows(person) == [*reversed(falling[:8]), *falling[8:]]
        assert falling[8:] == ["idle-lab", "ghost import"]
        assert person.at == falling[7]
        await sort(person, "own order")
        assert rows(person) == before
        assert "▲" not in person.table[0]


async def test_names_are_sorted_from_a_and_each_view_has_its_own_order(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=ALONE) as person:
        await sort(person, "key")
        assert rows(person) == sorted(rows(person), key=str.casefold)
        await person.press("3")
        assert chip(person) == ""
        await sort(person, "path")
        assert rows(person) == sorted(rows(person))
        await person.press("r", "1")
        await person.rests()
        assert chip(person) == "by key"


async def test_an_export_holds_the_filter_the_sort_and_only_those_rows_as_show_prints_them(
    tmp_path: Path,
) -> None:
    clock = Clock()
    with service(clock) as server:
        async with visit(server, tmp_path, clock=clock) as person:
            await narrow(person, "requests>10k")
            await sort(person, "error_ratio")
            await person.press("S", "e")
            ours = timeless(await exported(person, tmp_path))
        narrowed = ("--filter", "requests>10k", "--sort", "err%:asc", "--days", "14")
        assert ours == timeless(await twin(server, tmp_path, "overview", *narrowed))
        ids = {key.id: key.role.name for key in server.truth.keys}
    assert ours["lens"]["filter"] == "requests>10k"
    assert ours["lens"]["sort"] == {"column": "error_ratio", "descending": False}
    assert {ids[row["key_id"]] for row in ours["data"]["rows"]} == set(BUSY)
    ratios = [row["error_ratio"] for row in ours["data"]["rows"]]
    assert ratios == sorted(ratios)
    assert ours["data"]["total"]["requests"] == sum(row["requests"] for row in ours["data"]["rows"])


async def test_a_click_on_the_chip_asks_for_another_filter(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await narrow(person, "sandbox")
        await person.click("filter sandbox")
        await person.shows("filter Overview:")
        await person.write("siem")
        await person.press("enter")
        assert rows(person) == ["Production SIEM"]


@pytest.mark.parametrize("gesture", ["click", "double click", "drag"])
@pytest.mark.parametrize("words", ["filter Overview:", "0 of 10"])
async def test_a_press_on_the_words_beside_what_is_typed_leaves_its_cursor_and_selection(
    demo: DemoServer, tmp_path: Path, words: str, gesture: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(80, 24)) as person:
        await person.press("slash")
        await person.write("gateway test")
        await person.press(*["left"] * 2, *["shift+left"] * 2)
        await person.shows("0 of 10")
        pressed, (x, y) = person.where(words), person.where("filter Overview: gateway test")
        if gesture == "drag":
            await person.pilot.mouse_down(offset=pressed)
            await person.pilot.hover(offset=(x + len("filter Overview: gat"), y))
            await person.pilot.mouse_up(offset=(x + len("filter Overview: gat"), y))
        else:
            await person.pilot.click(offset=pressed, times=2 if gesture == "double click" else 1)
        await person.press("X")
        await person.shows("filter Overview: gateway Xst")


async def test_a_pattern_that_other_engines_never_finish_is_answered_at_once(
    clock: Clock, tmp_path: Path
) -> None:
    with service(clock) as server:
        renamed(server, "a" * 50 + "!", "a" * 50)
        async with visit(server, tmp_path, clock=clock, size=ALONE) as person:
            await narrow(person, "/^(a+)+$/")
            assert [name[:5] for name in rows(person)] == ["aaaaa"]


async def test_a_pattern_that_has_no_bound_is_refused_while_it_is_typed(
    demo: DemoServer, clock: Clock, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=clock) as person:
        await person.press("slash")
        await person.write("/(?=a)/")
        await person.shows("'(?=' is not known here")
        await person.press("escape", "slash")
        await person.paste("x" * 501)
        await person.shows("at most 500 characters")
        await person.press("escape")
        assert not person.app.lens.filters


async def test_rows_go_while_a_filter_is_typed_and_the_line_says_what_it_understood_and_how_many_are_left(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=ALONE) as person:
        await person.press("slash")
        await person.write("err%>5")
        await person.shows("err% > 5 %", "5 of 10")
        assert rows(person) == FAILING
        await person.press("x")
        await person.shows("'5x', at character 6, is no number.")
        assert len(rows(person)) == 10
        await person.press("escape")
        assert len(rows(person)) == 10
        assert chip(person) == ""


async def test_arrows_bring_back_earlier_filters_of_the_view(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=ALONE) as person:
        for typed in ("sandbox", "siem"):
            await narrow(person, typed)
        await person.press("slash", "up", "up")
        assert rows(person) == ["dev sandbox#RgJE", "dev sandbox#0o4z"]
        await person.press("down", "enter")
        assert chip(person) == "filter siem"


async def test_where_no_row_is_left_the_pane_says_so_and_the_way_back(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=ALONE) as person:
        await narrow(person, "nobody")
        await person.shows("No row matches 'nobody'; esc undoes")
        await person.press("escape")
        assert len(rows(person)) == 10


async def test_a_click_on_a_heading_sorts_by_it_and_another_turns_the_order(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=ALONE) as person:
        await person.click("requests share")
        assert "requests▼" in person.table[0]
        assert rows(person)[:2] == ["Production SIEM", "MISP sync"]
        await person.click("requests▼")
        assert "requests▲" in person.table[0]
        assert rows(person)[0] == "idle-lab"
        assert person.at == "idle-lab"
