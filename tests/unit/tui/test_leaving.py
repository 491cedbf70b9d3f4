"""The program's end waits for what was learnt, but not for ever, and not for what is only read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from threading import Event

import pytest

from socd_tui.analysis.known import Known
from socd_tui.live.memory import Memory
from socd_tui.model.fleet import Fleet
from socd_tui.model.past import Past
from socd_tui.store.history import History
from socd_tui.tui.app import SocdApp
from tests.clock import NOW, Clock
from tests.journeys.stage import DEADLINE_S, Person, service, visit


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
