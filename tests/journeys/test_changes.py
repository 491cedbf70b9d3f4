"""What a refresh changed stands out until the next one, in every table; the read-out says how much it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from socd_tui.charts.canvas import Span
from tests.account import Account, by_window, flat, key_id, key_row
from tests.clock import Clock
from tests.journeys.stage import Person, readout, visit
from tests.loopback import refuse

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)


def sends(today: int, errors: int = 0) -> Any:
    """An account whose key made so many requests today, and a hundred on each day before."""
    return by_window(lambda days: flat([100] * (days - 1) + [today], [0] * (days - 1) + [errors]))


def standing_out(person: Person, place: str = "pane") -> list[str]:
    """All that stands out in a part of the screen, in its order."""
    return [span.text for span in marked(person, place)]


def marked(person: Person, place: str = "pane") -> list[Span]:
    return [span for line in person.app.desk.lines(place)._given for span in line if span.changed]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@asynccontextmanager
async def two_keys(
    home: Path, clock: Clock, **options: Any
) -> AsyncIterator[tuple[Person, Callable[..., Any]]]:
    """Somebody who looks at an account of two keys, and what makes the first send more."""
    rows = [key_row(1, name="Alpha"), key_row(2, name="Bravo")]
    with Account(*rows, usages={row["id"]: sends(50) for row in rows}) as account:

        async def more(person: Person, today: int, errors: int = 0) -> None:
            account.usages[key_id(1)] = sends(today, errors)
            clock.pass_by(MINUTE)
            await person.press("r")
            await person.rests()

        async with visit(account, home, clock=clock, days=7, **options) as person:
            yield person, more


async def test_cells_that_changed_stand_out_for_one_refresh(tmp_path: Path, clock: Clock) -> None:
    async with two_keys(tmp_path, clock) as (person, more):
        assert standing_out(person) == []
        await more(person, 91)
        assert "691" in standing_out(person)
        assert "650" not in standing_out(person)
        assert {span.text for span in marked(person) if span.cursor} >= {"691"}
        await person.press("down")
        assert "691" in standing_out(person)
        await more(person, 91)
        assert standing_out(person) == []


async def test_the_read_out_says_what_has_come_in_since(tmp_path: Path, clock: Clock) -> None:
    async with two_keys(tmp_path, clock) as (person, more):
        assert "since" not in readout(person)
        await more(person, 91)
        assert "Alpha#k001  691 req  +41 since 14:20" in readout(person)
        await person.press("0")
        assert "2 of 2 keys  1,341 req  +41 since 14:20" in readout(person)
        await person.to("Bravo")
        assert "since" not in readout(person)
        await more(person, 101)
        await person.to("Alpha")
        assert "+10 since 14:21" in readout(person)
        await more(person, 101)
        assert "since" not in readout(person)


@pytest.mark.parametrize(
    ("view", "changed"),
    [("1", "691"), ("3", "691"), ("4", "20"), ("7", "691")],
    ids=["overview", "endpoints", "status", "bill"],
)
async def test_it_is_so_in_every_table(tmp_path: Path, clock: Clock, view: str, changed: str) -> None:
    async with two_keys(tmp_path, clock) as (person, more):
        await more(person, 60, 10)
        await person.press(view)
        await more(person, 91, 20)
        assert changed in standing_out(person)
        await more(person, 91, 20)
        assert standing_out(person) == []


async def test_peaks_that_rose_stand_out_in_the_budget(tmp_path: Path, clock: Clock) -> None:
    def peak(count: int) -> Any:
        return by_window(lambda days: flat([100] * days, rate_limit_peak_per_day=count))

    with Account(key_row(1), usage=peak(100)) as account:
        async with visit(account, tmp_path, clock=clock, days=7) as person:
            await person.press("6")
            account.usage = peak(200_000)
            clock.pass_by(MINUTE)
            await person.press("r")
            await person.rests()
            assert any("20.0%" in text for text in standing_out(person))


async def test_the_list_of_keys_shows_it_too(tmp_path: Path, clock: Clock) -> None:
    async with two_keys(tmp_path, clock, size=(119, 36)) as (person, more):
        await person.press("2")
        await more(person, 91)
        assert standing_out(person, "keys") == ["691"]


async def test_figures_of_another_window_do_not_stand_out(tmp_path: Path, clock: Clock) -> None:
    async with two_keys(tmp_path, clock) as (person, more):
        await more(person, 91)
        await person.press("]")
        await person.rests()
        assert standing_out(person) == []
        assert "since" not in readout(person)
        await person.press("[")
        await person.rests()
        assert "691" in standing_out(person)
        assert "+41 since 14:20" in readout(person)


async def test_a_refresh_that_failed_changes_nothing(tmp_path: Path, clock: Clock) -> None:
    with Account(key_row(1), usage=sends(50)) as account:
        async with visit(account, tmp_path, clock=clock, days=7) as person:
            account.usage = refuse(404, "not_found", "No such key")
            clock.pass_by(MINUTE)
            await person.press("r")
            await person.rests()
            assert standing_out(person) == []
            assert "since" not in readout(person)


async def test_nothing_is_painted_where_nothing_changed(tmp_path: Path, clock: Clock) -> None:
    async with two_keys(tmp_path, clock) as (person, more):
        pane = person.app.desk.lines("pane")
        before = pane._given
        await more(person, 50)
        assert pane._given[:-1] == before[:-1], "all but the read-out with its time"


@pytest.mark.parametrize(("view", "told"), [("6", "+41 req since 14:20"), ("7", "+41 since 14:20")])
async def test_it_is_told_where_a_row_is_of_a_key(tmp_path: Path, clock: Clock, view: str, told: str) -> None:
    async with two_keys(tmp_path, clock) as (person, more):
        await more(person, 91)
        await person.press(view)
        await person.to("Alpha")
        assert told in readout(person)
        await person.to("Bravo")
        assert "since" not in readout(person)


async def test_beside_a_finding_it_says_of_what(tmp_path: Path, clock: Clock) -> None:
    with Account(key_row(1, expires_at="2026-11-25T00:00:00Z"), usage=sends(50)) as account:
        async with visit(account, tmp_path, clock=clock, days=7, landing=True) as person:
            account.usage = sends(91)
            clock.pass_by(MINUTE)
            await person.press("r")
            await person.rests()
            assert "expires on Wed 25 Nov  +41 req since 14:20" in readout(person)
