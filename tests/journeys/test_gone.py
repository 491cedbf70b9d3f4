"""Keys that are deleted while somebody looks at them: what was chosen of them goes with them, and is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.account import Account, flat, key_id, key_row
from tests.clock import Clock
from tests.journeys.stage import Person, visit
from tests.loopback import refuse

pytestmark = pytest.mark.anyio

ROWS = [key_row(n) for n in (1, 2, 3)]
COUNTS = {1: 100, 2: 10, 3: 1}


def account() -> Account:
    return Account(*ROWS, usages={key_id(n): flat([each] * 7) for n, each in COUNTS.items()})


def listing(*numbers: int) -> dict[str, object]:
    return {"data": [ROWS[n - 1] for n in numbers], "meta": {"total": len(numbers)}}


def delete(served: Account, number: int) -> None:
    """The list no longer has the key, and what is asked of it is not found."""
    served.listed = listing(*({1, 2, 3} - {number}))
    served.usages[key_id(number)] = refuse(404, "not_found", "gone")


async def mark(person: Person, *names: str) -> None:
    for name in names:
        await person.click_row(name)
        await person.press("space")


async def test_a_mark_goes_with_its_key_and_the_header_says_that_it_is_gone(
    tmp_path: Path, clock: Clock
) -> None:
    with account() as served:
        async with visit(served, tmp_path, clock=clock, days=7) as person:
            await mark(person, "Key 2", "Key 3")
            assert "marked 2/3" in person.head
            delete(served, 2)
            await person.press("r")
            await person.shows("key 'Key 2#k002' is gone", "marked 1/2")
            await person.press("2")
            assert "peak 1 " in person.text  # of Key 3 alone
            assert "Key 3#k003" in person.head
            await person.press("escape", "escape")  # the view, then the marks
            assert "marked" not in person.head
            assert "is gone" in person.head
            await person.press("escape")
            assert "gone" not in person.text


async def test_the_only_marked_key_is_gone_and_nothing_is_marked(tmp_path: Path, clock: Clock) -> None:
    with account() as served:
        async with visit(served, tmp_path, clock=clock, days=7) as person:
            await mark(person, "Key 2")
            assert person.at == "Key 2"
            delete(served, 2)
            await person.press("r")
            await person.shows("key 'Key 2#k002' is gone", "total 2 keys")
            assert "marked" not in person.head
            assert person.at != "Key 2"


async def test_a_key_that_comes_back_is_no_longer_called_gone(tmp_path: Path, clock: Clock) -> None:
    with account() as served:
        async with visit(served, tmp_path, clock=clock, days=7) as person:
            served.listed = listing(3)
            clock.pass_by(timedelta(minutes=1))
            await person.press("r")
            await person.shows("2 keys are gone")
            served.listed = listing(1, 2, 3)
            clock.pass_by(timedelta(minutes=1))
            await person.press("r")
            await person.shows("total 3 keys")
            assert "gone" not in person.text
            served.listed = listing(1, 2)
            clock.pass_by(timedelta(minutes=1))
            await person.press("r")
            await person.shows("key 'Key 3#k003' is gone")
            await person.rests()
            await person.press("escape")
            assert "gone" not in person.text
            served.listed = listing(1, 2, 3)
            clock.pass_by(timedelta(minutes=1))
            await person.press("r")
            await person.shows("total 3 keys")
            served.listed = listing(1, 2)
            clock.pass_by(timedelta(minutes=1))
            await person.press("r")
            await person.shows("key 'Key 3#k003' is gone")


async def test_a_list_that_may_be_incomplete_says_of_no_key_that_it_is_gone(
    tmp_path: Path, clock: Clock
) -> None:
    with account() as served:
        async with visit(served, tmp_path, clock=clock, days=7) as person:
            served.listed = {"data": [ROWS[0]], "meta": {"total": 3}}
            await person.press("r")
            await person.rests()
            assert "gone" not in person.text


@pytest.mark.parametrize("also", [1, None])
async def test_a_key_chosen_at_the_start_may_go_while_the_others_go_on(
    tmp_path: Path, clock: Clock, also: int | None
) -> None:
    chosen = ("Key 2", "Key 1") if also else ("Key 2",)
    with account() as served:
        async with visit(served, tmp_path, clock=clock, days=7, selectors=chosen) as person:
            delete(served, 2)
            served.usages[key_id(1)] = flat([333] * 7)
            for _ in range(2):
                await person.press("r")
                await person.shows("key 'Key 2#k002' is gone", "2,331" if also else "None of the chosen keys")
                await person.rests()
                assert "There is no key" not in person.text
