"""Two people at one machine: what one account knows is never shown, chosen or written down as the other's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from socd_tui.live.memory import Memory
from socd_tui.model.fleet import Fleet
from socd_tui.model.session import Secret, Session
from socd_tui.model.token import account_of
from socd_tui.service.demo import DemoServer
from socd_tui.service.demo.payload import key_list
from socd_tui.store.history import History
from tests.build import jwt, prepared
from tests.clock import NOW, Clock
from tests.fleets import fetched
from tests.journeys.stage import DEADLINE_S, requests, service, visit
from tests.loopback import Loopback, answer_json, refuse

KEYS = "/api/v1/keys"
ENDED = refuse(401, "unauthorized", "The session has ended")
REFUSED = refuse(403, "forbidden", "Owners only")

pytestmark = pytest.mark.anyio


def token(person: str) -> str:
    """A session token that says whose it is."""
    return jwt(iss="test", sub=person, exp=int((NOW + timedelta(days=1)).timestamp()))


ALICE, BOB = token("alice"), token("bob")


def remembered_by(folder: Path) -> Callable[[Session], Memory]:
    """Each account's memory in one file, as the program keeps them."""
    return lambda session: Memory(history(folder, session.token.reveal()))


def history(folder: Path, whose: str) -> History:
    return History(folder / "data", "https://example.org", account_of(Secret(whose)), clock=lambda: NOW)


def names(fleet: Fleet | None) -> list[str]:
    return [key.name.shown for key in fleet.keys] if fleet else []


def keys_of(server: DemoServer, *called: str) -> dict[str, object]:
    """The key list of an account that has these keys and no others."""
    listed = key_list(server.truth, NOW)
    known = listed["data"]
    assert isinstance(known, list)
    data = [
        {**known[n], "id": f"{n:08}-0000-4000-8000-000000000000", "name": name}
        for n, name in enumerate(called)
    ]
    return {"data": data, "meta": {"total": len(data)}}


@pytest.fixture
def alices(tmp_path: Path) -> list[str]:
    """Alice was here before; the names of her keys."""
    Memory(history(tmp_path, ALICE)).keep(prepared(fetched(NOW - timedelta(hours=1))))
    return names(history(tmp_path, ALICE).last())


@pytest.fixture
def gate() -> Iterator[Loopback]:
    """A service that wants everybody to sign in again."""
    with Loopback({KEYS: ENDED}) as server:
        yield server


def alice(gate: Loopback) -> Session:
    return Session(Secret(ALICE), gate.origin, None, "environment")


async def test_of_another_account_nothing_stays_though_the_service_is_not_reached(
    demo: DemoServer, tmp_path: Path, gate: Loopback, alices: list[str]
) -> None:
    async with visit(
        demo,
        tmp_path,
        clock=Clock(),
        origin=gate.origin,
        session=alice(gate),
        memory=remembered_by(tmp_path),
    ) as person:
        await person.shows("Production SIEM", "paste the token")
        gate.behaviours = {KEYS: REFUSED}
        await person.paste(BOB)
        await person.shows("Owners only")
        await person.rests()
        assert not [name for name in alices if name in person.text]
    assert names(history(tmp_path, BOB).last()) == []
    assert names(history(tmp_path, ALICE).last()) == alices


async def test_marks_and_the_cursor_are_not_another_accounts(
    demo: DemoServer, tmp_path: Path, gate: Loopback, alices: list[str]
) -> None:
    async with visit(
        demo,
        tmp_path,
        clock=Clock(),
        origin=gate.origin,
        session=alice(gate),
        memory=remembered_by(tmp_path),
    ) as person:
        await person.press("escape", "down", "space")
        assert "marked 1/10" in person.head
        await person.press("r")
        gate.behaviours = {KEYS: answer_json(keys_of(demo, "night shift", "day shift"))}
        await person.paste(BOB)
        await person.shows("day shift")
        await person.rests()
        assert "marked" not in person.head
        assert person.at == ""
        assert person.row("total").startswith("▸total 0 of 2")


async def test_whoever_cannot_be_told_apart_is_taken_for_somebody_else(
    demo: DemoServer, tmp_path: Path, gate: Loopback
) -> None:
    gate.behaviours = {KEYS: answer_json(keys_of(demo, "night shift"))}
    unsaid = Session(Secret("first-opaque-session-token"), gate.origin, None, "environment")
    async with visit(demo, tmp_path, clock=Clock(), origin=gate.origin, session=unsaid) as person:
        await person.shows("night shift")
        gate.behaviours = {KEYS: ENDED}
        await person.press("r")
        await person.shows("paste the token")
        gate.behaviours = {KEYS: REFUSED}
        await person.paste("second-opaque-session-token")
        await person.shows("Owners only")
        assert "night shift" not in person.text


async def test_the_service_is_asked_when_the_right_memory_is_open(
    demo: DemoServer, tmp_path: Path, gate: Loopback, alices: list[str]
) -> None:
    opening, opened = Event(), Event()

    def memory(session: Session) -> Memory:
        if session.token.reveal() == BOB:
            opening.set()
            opened.wait(DEADLINE_S)
        return remembered_by(tmp_path)(session)

    async with visit(
        demo, tmp_path, clock=Clock(), origin=gate.origin, session=alice(gate), memory=memory
    ) as person:
        await person.shows("Production SIEM", "paste the token")
        asked = len(gate.requests)
        gate.behaviours = {KEYS: answer_json(keys_of(demo, "night shift"))}
        await person.paste(BOB)
        await person.until(opening.is_set)
        await person.press("2", "1")
        assert len(gate.requests) == asked
        opened.set()
        await person.shows("night shift")
        await person.rests()
    assert names(history(tmp_path, ALICE).last()) == alices


async def test_fresh_figures_are_not_replaced_by_remembered_ones(
    demo: DemoServer, tmp_path: Path, clock: Clock
) -> None:
    Memory(history(tmp_path, demo.token)).keep(prepared(fetched(NOW - timedelta(days=3))))
    reading, read = Event(), Event()

    class Slow(Memory):
        def last(self) -> Fleet | None:
            fleet = super().last()
            reading.set()
            read.wait(DEADLINE_S)
            return fleet

    def memory(_: Session) -> Memory:
        return Slow(history(tmp_path, demo.token))

    async with visit(demo, tmp_path, clock=clock, memory=memory, signed_in=False) as person:
        await person.paste(demo.token)
        await person.until(reading.is_set)
        await person.press("r")
        await person.shows("as of 14:20 UTC (now)", requests(demo, "MISP sync"))
        read.set()
        await person.rests()
        assert requests(demo, "MISP sync") in person.text
        assert "as of 14:20 UTC (now)" in person.lines[0]


async def test_windows_do_not_reach_as_far_as_another_accounts_days(demo: DemoServer, tmp_path: Path) -> None:
    older = fetched(NOW - timedelta(days=100))
    keys = tuple(replace(key, id=f"another-{key.id}") for key in older.keys)
    usages = {
        (f"another-{key}", days): replace(usage, key_id=f"another-{key}")
        for (key, days), usage in older.usages.items()
    }
    Memory(history(tmp_path, BOB)).keep(prepared(replace(older, keys=keys, usages=usages)))
    async with visit(demo, tmp_path, clock=Clock(), days=90, memory=remembered_by(tmp_path)) as person:
        await person.press("right_square_bracket")
        assert " 90 d " in person.lines[0]


async def test_a_chosen_key_that_is_gone_is_not_taken_for_an_empty_account(
    tmp_path: Path, clock: Clock
) -> None:
    with service(clock) as server:
        async with visit(server, tmp_path, clock=clock, selectors=("Production SIEM",)) as person:
            server.truth.keys = server.truth.keys[3:]
            clock.pass_by(timedelta(minutes=5))
            await person.press("r")
            await person.shows("None of the chosen keys is in this account.")
            assert "no API keys" not in person.text
