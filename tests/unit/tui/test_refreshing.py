"""The end does not wait for what is only read; and nobody is told to wait for what nobody asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from socd_tui.analysis.known import Known
from socd_tui.live.memory import Memory
from socd_tui.model.fleet import Fleet
from socd_tui.model.past import Past
from socd_tui.service.demo.payload import key_list
from socd_tui.store.history import History
from socd_tui.tui.app import SocdApp
from tests.clock import NOW, Clock
from tests.journeys.stage import DEADLINE_S, Person, service, visit
from tests.loopback import Behaviour, Loopback, answer_json, silent

WAITS = ("waiting for", "Waiting for")


def history(folder: Path) -> History:
    return History(folder / "data", "https://example.org", "account", clock=lambda: NOW)


async def seen_and_left(
    visiting: AbstractAsyncContextManager[Person], holds: Callable[[Person], bool]
) -> None:
    async with visiting as person:
        await person.until(lambda: holds(person))
        person.app.exit()


@pytest.mark.parametrize("stuck", ["past", "last"])
def test_leaving_does_not_wait_for_a_disk_that_is_only_read(tmp_path: Path, stuck: str) -> None:
    reading, over = Event(), Event()
    ended: list[str] = []

    def wait() -> None:
        reading.set()
        over.wait(DEADLINE_S)
        ended.append(stuck)

    class Stuck(Memory):
        def last(self) -> Fleet | None:
            if stuck == "last":
                wait()
            return super().last()

        def past(self) -> dict[str, Past]:
            wait()
            return {}

    with service(Clock()) as server:
        visiting = visit(
            server, tmp_path, clock=Clock(), memory=lambda _: Stuck(history(tmp_path)), patient=False
        )
        asyncio.run(seen_and_left(visiting, lambda _: reading.is_set()))
    assert not ended
    over.set()


def test_leaving_waits_for_what_was_learnt(tmp_path: Path) -> None:
    apps: list[SocdApp] = []

    class Late(Memory):
        def keep(self, known: Known) -> None:
            while not apps or apps[0].is_running:
                Event().wait(0.005)
            Event().wait(0.2)  # as a slow disk does
            super().keep(known)

    def learnt(person: Person) -> bool:
        apps.append(person.app)
        return "total 9 of 10" in person.text and person.app.live.state.progress is None

    with service(Clock()) as server:
        visiting = visit(
            server, tmp_path, clock=Clock(), memory=lambda _: Late(history(tmp_path)), patient=False
        )
        asyncio.run(seen_and_left(visiting, learnt))
    kept = history(tmp_path).last()
    assert kept
    assert len(kept.keys) == 10


def test_leaving_does_not_wait_for_ever(tmp_path: Path) -> None:
    writing, over = Event(), Event()
    ended: list[bool] = []

    class Locked(Memory):
        def keep(self, known: Known) -> None:
            writing.set()
            ended.append(over.wait(DEADLINE_S))

    with service(Clock()) as server:
        visiting = visit(
            server,
            tmp_path,
            clock=Clock(),
            memory=lambda _: Locked(history(tmp_path)),
            patient=False,
            leaving_s=0.05,
        )
        asyncio.run(seen_and_left(visiting, lambda _: writing.is_set()))
    assert not ended
    over.set()


@pytest.mark.parametrize("view", ["1", "2", "6", "7"])
def test_whoever_is_signed_out_is_not_told_to_wait_for_what_nobody_asks_for(
    tmp_path: Path, view: str
) -> None:
    async def go() -> None:
        clock = Clock()
        with service(clock) as server:
            async with visit(server, tmp_path, clock=clock) as person:
                clock.pass_by(timedelta(hours=2))
                await person.press("r")
                await person.shows("paste the token")
                await person.press("escape", view)
                for key in ("c", *["right_square_bracket"] * 3):  # 30, 60 and 90 days
                    await person.press(key)
                    await person.rests()
                    assert not [word for word in WAITS if word in person.text], person.text

    asyncio.run(go())


def test_a_refresh_that_was_stopped_is_told_until_it_is_begun_again(tmp_path: Path) -> None:
    async def go() -> None:
        with service(Clock()) as server:
            keys = server.truth.keys
            answers: dict[str, Behaviour] = {f"/api/v1/keys/{key.id}/usage": silent for key in keys}
            answers["/api/v1/keys"] = answer_json(key_list(server.truth, NOW))
            with Loopback(answers) as slow:
                async with visit(
                    server, tmp_path, clock=Clock(), origin=slow.origin, patient=False
                ) as person:
                    await person.shows("Production SIEM")
                    await person.press("c", "2")
                    await person.shows("Waiting for the figures of Production SIEM")
                    await person.press("escape")
                    await person.shows("The refresh was cancelled.")
                    assert not [word for word in WAITS if word in person.text]
                    await person.press("r")
                    await person.shows("Waiting for the figures of Production SIEM")

    asyncio.run(go())
