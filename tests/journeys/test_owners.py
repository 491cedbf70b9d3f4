"""Naming who pays for a key, on the bill."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from socd_tui.model.preferences import Preferences
from socd_tui.service.demo import DemoServer
from socd_tui.store.owners import OwnersFile
from tests.clock import Clock
from tests.journeys.stage import named, visit

pytestmark = pytest.mark.anyio


async def test_o_on_a_row_of_the_bill_names_an_owner_and_the_bill_says_so_at_once(
    demo: DemoServer, tmp_path: Path
) -> None:
    file = OwnersFile(tmp_path / "config")
    async with visit(demo, tmp_path, clock=Clock(), owners=file) as person:
        await person.press("7", "o")
        await person.shows("owner of 'Production SIEM")
        await person.write("Detection")
        await person.shows("A new owner.")
        assert "Production SIEM" in person.pane[-1], "nothing that is read is covered"
        await person.press("enter")
        await person.shows("'Detection' pays for")
        assert any(line.strip().startswith("Detection") for line in person.pane)
    assert tomllib.loads(file.path.read_text()) == {
        "owners": {"Detection": [named(demo, "Production SIEM").id]}
    }


async def test_the_owners_there_are_complete_what_is_typed(demo: DemoServer, tmp_path: Path) -> None:
    file = OwnersFile(tmp_path / "config")
    known = Preferences(file.give("another", "Detection engineering"))
    async with visit(demo, tmp_path, clock=Clock(), owners=file, preferences=known) as person:
        await person.press("7", "o")
        await person.write("engin")
        await person.shows("A new owner; tab takes 'Detection engineering' instead.")
        await person.press("tab")
        await person.shows("One of the owners there are.")
        await person.press("enter")
        await person.shows("'Detection engineering' pays for")


async def test_an_owner_is_chosen_with_the_arrows_or_a_click_and_escape_changes_nothing(
    demo: DemoServer, tmp_path: Path
) -> None:
    file = OwnersFile(tmp_path / "config")
    file.give("one", "Detection")
    known = Preferences(file.give("another", "Platform"))
    async with visit(demo, tmp_path, clock=Clock(), owners=file, preferences=known, size=(80, 24)) as person:
        before = person.pane
        await person.press("7", "o", "down", "down", "enter")
        await person.shows("'Platform' pays for")
        await person.press("down", "down", "o")  # past the owner's own row
        await person.click(" Detection")
        await person.shows("'Detection' pays for")
        written = file.path.read_bytes()
        await person.press("down", "o", "X", "escape")
        assert file.path.read_bytes() == written
        assert len(person.pane) == len(before)


async def test_a_name_that_nobody_could_read_is_refused_while_it_is_typed(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), owners=OwnersFile(tmp_path / "config")) as person:
        await person.press("7", "o")
        await person.paste("x" * 81)
        await person.shows("That is no name. Give up to 80 letters, or none for nobody.")
        await person.press("enter")
        await person.shows("That is no name.")
        assert not (tmp_path / "config").exists()


async def test_an_empty_name_takes_the_owner_away_and_a_pattern_that_still_claims_is_told(
    demo: DemoServer, tmp_path: Path
) -> None:
    file = OwnersFile(tmp_path / "config")
    file.give("Production *", "Platform")
    owners = file.give(named(demo, "Production SIEM").id, "Detection")
    async with visit(demo, tmp_path, clock=Clock(), owners=file, preferences=Preferences(owners)) as person:
        await person.press("7", "o", "delete", "enter")
        await person.shows("Nobody is named for", "still gives it to 'Platform'.")


async def test_a_file_that_is_no_toml_is_told_and_left_alone(demo: DemoServer, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    file = OwnersFile(tmp_path / "config")
    file.path.write_text("days = \n")
    async with visit(demo, tmp_path, clock=Clock(), owners=file) as person:
        await person.press("7", "o")
        await person.write("Zoe")
        await person.press("enter")
        await person.shows("cannot be understood, so nothing was written. Mend it, then try again.")
        assert not any("Zoe" in line for line in person.pane)
    assert file.path.read_text() == "days = \n"


async def test_o_is_still_the_scale_where_there_is_one(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), owners=OwnersFile(tmp_path)) as person:
        await person.press("o")
        assert person.front == ""
        assert person.app.lens.rescaled == {"overview"}
        await person.press("6", "o")
        assert person.front == ""
        assert person.app.lens.rescaled == {"overview"}
