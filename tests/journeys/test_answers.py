"""What is told without a search: who is in trouble, what changed, why it fails, where it leads, who pays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from socd_tui.model.lens import Lens
from socd_tui.model.preferences import Preferences
from socd_tui.service.demo import DemoServer
from tests.clock import NOW, Clock
from tests.journeys.stage import named, readout, requests, service, visit
from tests.journeys.test_narrowing import narrow

pytestmark = pytest.mark.anyio

TOLD = {
    "threat-notebook": ("runs away: ", "since Thu 19 Nov", "on /api/v1/iocs", "2"),
    "MISP sync": ("throttled every hour since ", "24.0% refused (429)", "5"),
    "SOAR enrichment": ("errors rose from 2.1% to 8.6%", "since Tue 17 Nov", "mostly 500, 503", "4"),
    "Old dashboard": ("revoked on Tue 10 Nov, yet asked ", "4"),
    "Contractor read-only": ("expires on Wed 25 Nov", "2"),
    "dev sandbox#RgJE": ("27.1% of its requests fail", "mostly 403, 400", "4"),
}
"""What is said of whom, worst first; at the end the key of the view that shows it."""

OWNERS = {"Detection": ("Production SIEM", "SOAR*"), "Intel": ("MISP sync",)}


@pytest.fixture(scope="module")
def quiet() -> Iterator[DemoServer]:
    """An account of ordinary integrations: its keys without the ten that have a story."""
    with service(Clock(), keys=15) as server:
        server.truth.keys = server.truth.keys[10:]
        yield server


# --- what is wrong -------------------------------------------------------------------------------


async def test_the_overview_opens_with_who_is_in_trouble_since_when_and_by_what(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        for line, (name, (*said, number)) in zip(person.findings, TOLD.items(), strict=False):
            assert line.lstrip("!").lstrip().startswith(name)
            assert all(words in line for words in said), line
            assert line.endswith(f" {number}")
        assert len(person.findings) == len(TOLD)
        traffic = demo.truth.traffic(named(demo, "threat-notebook"), 4, NOW)
        full = sorted(n for _, n, _ in traffic.daily[:3])
        assert f" {full[1]:,} req/day " in person.findings[0]
        assert person.row("Production SIEM").startswith("▸")


@pytest.mark.parametrize(
    ("name", "title", "said"),
    [
        ("threat-notebook", "2 Series", "Thu 19 Nov  "),
        ("MISP sync", "5 429 map", ""),
        ("SOAR enrichment", "4 Status", "500 server error  "),
        ("Old dashboard", "4 Status", ""),
        ("Contractor read-only", "2 Series", "Sun 22 Nov  "),
    ],
)
async def test_enter_on_a_finding_shows_its_key_and_day_or_code_and_escape_leads_back_to_it(
    demo: DemoServer, tmp_path: Path, name: str, title: str, said: str
) -> None:
    at = list(TOLD).index(name)
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press(*["up"] * (len(TOLD) - at))
        pointed = person.text
        assert person.findings[at].startswith(("▸!! ", "▸!  "))
        assert name in person.findings[at]
        assert not any(line.startswith("▸") for line in person.table)
        assert readout(person).startswith(name[:10])
        await person.press("enter")
        assert person.at == name
        assert name in person.lines[0]
        assert person.app.lens.view == {"429 map": "heatmap"}.get(title[2:], title[2:].lower())
        assert title[0] == TOLD[name][-1]
        assert readout(person).startswith(said)
        await person.press("escape")
        assert person.text == pointed


async def test_the_rise_of_errors_stands_over_the_codes_with_its_first_day(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(99, 36)) as person:
        await person.press("home", "down", "down", "enter")
        assert re.search(r" 5xx +\d.*errors (up from )?2.1% to 8.6% .*since (Tue )?17 Nov", person.text)
        assert "└ 5xx rose" in person.text
        await person.press("right_curly_bracket")
        assert person.at == "threat-notebook"
        assert "rose" not in person.text


async def test_a_click_on_a_finding_does_what_moving_to_it_does(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("home", "down", "down")
        moved = person.text
        await person.press("end", "up")
        assert person.at == "ghost import"
        await person.click("errors rose from")
        assert person.text == moved
        assert person.at == "SOAR enrichment"
        await person.press("enter")
        assert "SOAR enrichment" in person.lines[0]
        assert readout(person).startswith("500 server error")


async def test_a_finding_can_be_marked_and_copied_as_the_key_it_is_of(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("home", "space", "y")
        assert person.row("threat-notebook").startswith("●")
        assert person.app.clipboard.startswith("threat-notebook#")
        assert "runs away" in person.app.clipboard


@pytest.mark.parametrize("size", [(80, 24), (120, 24), (160, 24), (60, 16)])
async def test_findings_leave_room_for_the_keys_at_any_size(
    demo: DemoServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=size) as person:
        await person.press("home")
        assert any(line.startswith("▸!! threat") for line in person.pane)
        assert all(len(line) <= size[0] for line in person.lines)
        assert any(line[1:].startswith("Production") for line in person.pane)
        assert any(line[1:].startswith("total 9 of 10") for line in person.pane)


async def test_an_account_without_trouble_is_told_so_with_how_many_keys_were_looked_at(
    quiet: DemoServer, tmp_path: Path
) -> None:
    async with visit(quiet, tmp_path, clock=Clock()) as person:
        assert person.findings == ["Nothing unusual in 5 keys."]
        await person.press("home")
        first = person.at
        await person.press("up", "home")
        assert person.at == first
        assert person.row(first).startswith("▸")
        await person.press("e")
        await person.exported()
    [path] = tmp_path.glob("*.json")
    assert '"findings": []' in path.read_text()
    assert "Nothing unusual in 5 keys." in path.read_text()


# --- who and why ---------------------------------------------------------------------------------


async def test_several_marked_keys_stand_side_by_side_under_the_endpoints(
    demo: DemoServer, tmp_path: Path
) -> None:
    pair = [
        demo.truth.traffic(named(demo, name), 14, NOW).by_path() for name in ("Production SIEM", "MISP sync")
    ]
    async with visit(demo, tmp_path, clock=Clock(), size=(99, 36)) as person:
        await person.press("space")
        await person.to("MISP sync")
        await person.press("3")
        assert "MISP" not in person.table[0]
        await person.press("space")
        heading = person.table[0]
        assert 0 < heading.find("#dSsJ") < heading.find("#h8HC")
        for path in ("/api/v1/iocs", "/api/v1/iocs/misp"):
            counts = [paths.get(path, 0) for paths in pair]
            assert person.row(f"{path} ").split()[1] == f"{sum(counts):,}"
            assert person.row(f"{path} ").split()[-2:] == [f"{n:,}" for n in counts]
        await person.press("escape")
        assert "#dSsJ" not in person.table[0]


async def test_y_on_a_code_copies_the_text_of_a_ticket(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("up", "up", "up", "up", "enter", "y")
        copied = person.app.clipboard
        assert copied.startswith("API status 500 server error\nKey: 'SOAR enrichment#")
        assert "Since when: 5xx rose (all errors) from 2.1% to 8.6% since Tue 17 Nov (UTC)" in copied
        assert "request id" in copied.split("\n")[-1]
        await person.press("1", "y")
        assert "\n" not in person.app.clipboard


async def test_of_the_code_under_the_cursor_it_says_why_it_comes_and_what_the_documentation_advises(
    demo: DemoServer, tmp_path: Path
) -> None:
    now = demo.truth.traffic(named(demo, "MISP sync"), 14, NOW)
    refused = now.by_status()[429]
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.to("MISP sync")
        await person.press("4")
        assert "429: more requests than the limit allows" in person.text
        told = f"429 throttled  {refused:,} of {now.total:,} req"
        assert readout(person).startswith(told)
        await person.press("enter")
        assert person.app.lens.view == "key"
        await person.press("escape")
        assert readout(person).startswith(told)


async def test_enter_on_a_code_of_all_keys_leads_to_the_one_that_makes_most_of_it(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("a", "4", "m")
        await person.press("enter")
        assert "threat-notebook" in person.lines[0]
        assert person.app.lens.view == "status"
        assert not person.app.lens.marked


async def test_a_budget_tells_forecast_model_record_and_whether_the_tier_suits_and_enter_opens_the_key(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(120, 45)) as person:
        await person.press("6", "home")
        assert "not in 30 d" in "\n".join(person.pane)
        await person.shows(
            "threat-notebook#",
            "tier free: stay",
            "because without the runaway its usual is",
            "stop the loop, stay",
        )
        await person.press("down", "down")
        await person.shows(
            "day cap forecast day cap not within 30 days",
            "model weekday medians",
            " past days inside what was",
        )
        await person.press("enter")
        await person.shows("dev sandbox#", "to do")
        await person.press("escape")
        await person.shows("minute head-room")


async def test_7_shares_the_plan_among_the_owners_a_person_named(demo: DemoServer, tmp_path: Path) -> None:
    lens, preferences = Lens(days=14), Preferences(OWNERS)
    async with visit(demo, tmp_path, clock=Clock(), lens=lens, preferences=preferences) as person:
        await person.press("7")
        for owner, names in {
            "Detection": ("Production SIEM", "SOAR enrichment"),
            "Intel": ("MISP sync",),
        }.items():
            assert f" {requests(demo, *names)} " in person.row(owner)
            assert all(
                person.table.index(person.row(name)) > person.table.index(person.row(owner)) for name in names
            )
        assert " 139.53 " in person.row("total")
        assert "estimated share of $139.53, 14 of 30 days of the $299/month plan, by requests" in person.text
        await narrow(person, "intel")
        assert f" {requests(demo, 'MISP sync')} " in person.row("total")
        assert readout(person).startswith("MISP sync#h8HC  Intel  ")
        await person.press("enter")
        assert "MISP sync" in person.lines[0]
        assert "Bill › MISP sync" in person.lines[1]


async def test_help_has_all_that_is_odd_about_the_figures(demo: DemoServer, tmp_path: Path) -> None:
    preferences = Preferences({"Ann": ("nobody *",)})
    async with visit(demo, tmp_path, clock=Clock(), preferences=preferences) as person:
        await person.press("7")
        assert "note: no key matches 'nobody *' of 'Ann'" in person.text
        await person.press("question_mark")
        await person.shows(
            "Notes on these figures",
            "9 of 10 keys answered",
            "no key matches 'nobody *' of 'Ann'",
        )
