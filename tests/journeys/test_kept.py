"""Somebody looks at what there is: nothing is asked, and the screen says so and how old it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from socd_tui.analysis.known import prepare
from socd_tui.model.lens import Lens
from socd_tui.store.exported import read_export
from socd_tui.views.frame.document import document
from socd_tui.views.registry import view
from tests.account import Account, key_row
from tests.clock import Clock
from tests.fleets import NOW, demo
from tests.journeys.stage import visit

pytestmark = pytest.mark.anyio


async def test_what_is_stored_is_looked_at_offline(tmp_path: Path) -> None:
    stored = replace(demo("flat", 90, 7), mode="cache", opened_at=NOW + timedelta(hours=3))
    clock = Clock(NOW + timedelta(hours=3))
    with Account(key_row(1)) as account:
        async with visit(account, tmp_path, clock=clock, kept=stored, signed_in=False, days=7) as person:
            await person.shows("total 9 of 10", "offline", "stale, 3 h")
            assert "signed out" not in person.head
            await person.press("r")
            await person.shows("Nothing is asked: these figures stay as they are.")
            await person.press("]", "2")
            await person.shows("14 d", "9 Nov–22 Nov")
            await person.press("L")
            await person.shows("no token is needed")
        assert account.requests == []


async def test_an_export_is_looked_at_with_the_lens_that_it_was_made_through(tmp_path: Path) -> None:
    lens = Lens(view="series", days=7, focus=demo().keys[1].id)
    known = prepare(demo("flat", 90, 7), lens)
    pane = view("series").build(known, lens)
    path = tmp_path / "export.json"
    path.write_text(document(view("series"), pane, known, lens, generated_at=NOW, version="1"))
    found = read_export(path)
    with Account(key_row(1)) as account:
        async with visit(
            account, tmp_path, clock=Clock(NOW), kept=found.fleet, lens=found.lens, signed_in=False
        ) as person:
            await person.shows("from a file", "threat-notebook", "7 d")
            await person.press("R", "]")
            await person.shows("Nothing is asked", "14 d")
        assert account.requests == []
