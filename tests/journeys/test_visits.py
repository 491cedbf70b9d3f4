"""Two visits to one account: what came up between them is the first line of the second, until it is seen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from socd_tui.model.session import Session
from socd_tui.model.token import account_of
from socd_tui.store.visit import VisitFile
from tests.account import Account, by_window, daily, flat, key_row
from tests.clock import NOW, Clock
from tests.journeys.stage import Person, visit
from tests.loopback import Behaviour, refuse, silent

pytestmark = pytest.mark.anyio

QUIET, LOUD = 100, 9_000
SINCE = "since Thu 19 Nov: "
BEFORE = NOW - timedelta(days=3)
"""Thu 19 Nov, 14:20."""


def sends(clock: Clock, loud_days: int = 0, **changes: Any) -> Behaviour:
    """A key that runs away since so many days ago, or is quiet."""

    def usage(days: int) -> Any:
        counts = [LOUD if ago < loud_days else QUIET + ago % 7 for ago in reversed(range(days))]
        return flat(counts, daily=daily(counts, ends=clock().date()), **changes)

    return by_window(usage)


@asynccontextmanager
async def looks(account: Account, home: Path, clock: Clock, **options: Any) -> AsyncIterator[Person]:
    def visits(session: Session) -> VisitFile:
        return VisitFile(home / "state", session.origin, account_of(session.token))

    settings = {"days": 7, "landing": True, **options}
    async with visit(account, home, clock=clock, visits=visits, **settings) as person:
        yield person


@pytest.fixture
def clock() -> Clock:
    return Clock(BEFORE)


@pytest.fixture
def account(clock: Clock) -> Any:
    """Three keys, of which the third runs away at the first visit."""
    rows = [key_row(number, name=name) for number, name in enumerate(("Alpha", "Bravo", "Charlie"), 1)]
    usages = {row["id"]: sends(clock, 3 * (row["name"] == "Charlie")) for row in rows}
    with Account(*rows, usages=usages) as there:
        yield there


def turns(account: Account, clock: Clock, *, alpha: int = 2, charlie: int = 0) -> None:
    """At NOW the first key runs away and the third does so no longer."""
    clock.now = NOW
    first, _, third = list(account.usages)
    account.usages[first] = sends(clock, alpha)
    account.usages[third] = sends(clock, charlie)


async def test_what_is_new_and_gone_since_the_last_visit_is_the_first_line(
    account: Account, tmp_path: Path, clock: Clock
) -> None:
    async with looks(account, tmp_path, clock) as person:
        assert "since Thu" not in person.text
        assert not person.messages
    turns(account, clock)
    async with looks(account, tmp_path, clock) as person:
        first = person.pane[0]
        new, gone = first.split("; ")
        assert new == f" {SINCE}1 new, 1 gone: 'Alpha#k001' running away"
        assert gone.startswith("gone 'Charlie#k003' running away")
        assert first.endswith("esc seen")
        assert not person.messages
        await person.press("escape")
        assert SINCE not in person.text
        await person.press("r")
        await person.rests()
        assert SINCE not in person.text


async def test_who_looks_at_what_is_new_has_taken_note_of_it(
    account: Account, tmp_path: Path, clock: Clock
) -> None:
    async with looks(account, tmp_path, clock):
        pass
    turns(account, clock)
    async with looks(account, tmp_path, clock) as person:
        await person.click("'Alpha#k001'")
        assert person.app.lens.view == "series"
        assert person.at == "Alpha"
        await person.press("escape")
        assert person.app.lens.view == "overview"
        assert SINCE not in person.text


@pytest.mark.parametrize("size", [(200, 50), (160, 45), (120, 36), (80, 24), (60, 20), (40, 12)])
async def test_it_is_the_first_line_at_every_size(
    account: Account, tmp_path: Path, clock: Clock, size: tuple[int, int]
) -> None:
    async with looks(account, tmp_path, clock):
        pass
    turns(account, clock)
    async with looks(account, tmp_path, clock, size=size) as person:
        assert person.lines[3].startswith(f" {SINCE}1 new, 1 gone")
        assert len(person.lines) == size[1]


async def test_it_stays_while_the_program_refreshes_and_is_not_there_again_at_a_restart(
    account: Account, tmp_path: Path, clock: Clock
) -> None:
    async with looks(account, tmp_path, clock):
        pass
    turns(account, clock)
    async with looks(account, tmp_path, clock) as person:
        clock.pass_by(timedelta(minutes=5))
        await person.press("r")
        await person.rests()
        assert SINCE in person.pane[0]
    clock.pass_by(timedelta(minutes=5))
    async with looks(account, tmp_path, clock) as person:
        assert "since" not in person.pane[0]
        assert not person.messages


async def test_what_comes_up_meanwhile_is_announced_once_and_not_again_after_a_restart(
    account: Account, tmp_path: Path, clock: Clock
) -> None:
    async with looks(account, tmp_path, clock) as person:
        first = next(iter(account.usages))
        account.usages[first] = sends(clock, 2)
        clock.pass_by(timedelta(minutes=5))
        await person.press("r")
        await person.shows("New: 'Alpha#k001' runs away: 9,000 req/day")
        assert "since" not in person.pane[0]
        [toast] = person.app.screen.query("Toast")
        assert toast.region.bottom <= person.app.size.height - 2
        person.app.clear_notifications()
        clock.pass_by(timedelta(minutes=5))
        await person.press("r")
        await person.rests()
        assert not person.messages
    async with looks(account, tmp_path, clock) as person:
        await person.press("r")
        await person.rests()
        assert not person.messages


async def test_several_new_findings_are_one_message(account: Account, tmp_path: Path, clock: Clock) -> None:
    async with looks(account, tmp_path, clock) as person:
        for key_id in list(account.usages)[:2]:
            account.usages[key_id] = sends(clock, 2)
        clock.pass_by(timedelta(minutes=5))
        await person.press("r")
        await person.shows("2 new findings: ", "'Alpha#k001' running away", "'Bravo#k002' running away")
        assert len(person.app.screen.query("Toast")) == 1


async def test_another_window_announces_nothing(account: Account, tmp_path: Path, clock: Clock) -> None:
    async with looks(account, tmp_path, clock) as person:
        for key in ("]", "]", "[", "[", "["):
            clock.pass_by(timedelta(minutes=5))
            await person.press(key)
            await person.rests()
            assert not person.messages


async def test_of_a_key_that_does_not_answer_nothing_is_said_to_be_gone(
    account: Account, tmp_path: Path, clock: Clock
) -> None:
    async with looks(account, tmp_path, clock):
        pass
    turns(account, clock)
    third = list(account.usages)[2]
    account.usages[third] = refuse(404, "not_found", "No such key")
    async with looks(account, tmp_path, clock) as person:
        assert person.pane[0].startswith(f" {SINCE}1 new: 'Alpha#k001' running away")
        assert "gone" not in person.pane[0]


async def test_a_refresh_that_was_stopped_tells_what_it_knows_and_loses_nothing(
    account: Account, tmp_path: Path, clock: Clock
) -> None:
    async with looks(account, tmp_path, clock):
        pass
    turns(account, clock)
    third = list(account.usages)[2]
    answers, account.usages[third] = account.usages[third], silent
    async with looks(account, tmp_path, clock, patient=False) as person:
        await person.shows("runs away")
        await person.press("escape")
        await person.shows("Refresh cancelled")
        await person.rests()
        assert person.pane[0].startswith(f" {SINCE}1 new: 'Alpha#k001' running away")
    account.usages[third] = answers
    async with looks(account, tmp_path, clock) as person:
        assert person.pane[0].startswith(f" {SINCE}1 new, 1 gone")


async def test_another_window_makes_nothing_new(account: Account, tmp_path: Path, clock: Clock) -> None:
    async with looks(account, tmp_path, clock, days=30) as person:
        await person.press("]")
        await person.rests()
    clock.pass_by(timedelta(hours=5))
    async with looks(account, tmp_path, clock, days=7) as person:
        for _ in range(2):
            await person.press("]")
            await person.rests()
            assert "since" not in person.pane[0]
            assert not person.messages


async def test_a_damaged_visit_is_told_once_and_the_program_starts(
    account: Account, tmp_path: Path, clock: Clock
) -> None:
    async with looks(account, tmp_path, clock):
        pass
    [path] = (tmp_path / "state").iterdir()
    path.write_bytes(b"{")
    turns(account, clock)
    async with looks(account, tmp_path, clock) as person:
        await person.shows("is damaged. What is new since your last visit is not known.")
        assert "since" not in person.pane[0]
    async with looks(account, tmp_path, clock) as person:
        assert not person.messages
