"""Somebody looks at what there is: nothing is asked, and the screen says so and how old it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

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
