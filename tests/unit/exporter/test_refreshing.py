"""Refreshes of a service on loopback: what is shown when the session ends, and when somebody signs in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import pytest

from socd_tui.exporter.page import Page
from socd_tui.exporter.refreshing import READABLE, Refreshing, RefreshingThread, nothing_yet
from socd_tui.live.sources import Sources
from socd_tui.model.errors import NotSignedIn
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.session import Secret, Session
from socd_tui.outputs.metrics.families import windows
from socd_tui.store.counters import Counters
from tests.account import KEYS, TOKEN, Account, flat, key_id, key_row
from tests.build import ago
from tests.clock import Clock
from tests.exposition import values
from tests.loopback import Request, answer, answer_json

pytestmark = pytest.mark.anyio


class Person:
    """Whose session may end, and who may sign in anew."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.token: str | None = TOKEN
        self.said: list[str] = []

    def session(self) -> Session:
        if self.token is None:
            raise NotSignedIn("You are not signed in.")
        return Session(Secret(self.token), self.origin, None, "file")

    def counters(self, session: Session) -> Mapping[str, Counters]:
        return {key_id(1): Counters(anchor=ago(6), requests=700, errors=0, throttled=0)}


def exporter(account: Account, person: Person) -> tuple[Refreshing, Callable[[str], object]]:
    """What refreshes, and what is told then by one name."""
    sources = Sources(fleet=Fleet(base_url=account.origin), clock=Clock(), watched=False, windows=windows)
    page = Page(nothing_yet(sources, Lens()), stale_after_s=900, elapsed_s=lambda: 0.0)
    refreshing = Refreshing(sources, Lens(), person, page, interval_s=60, tell=person.said.append)

    def told(name: str) -> object:
        return values(page.text("prometheus", zipped=False).decode(), name)

    return refreshing, told


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_figures_outlast_the_session_and_a_new_one_is_taken_up() -> None:
    taken = [TOKEN]

    def keys(request: Request) -> None:
        is_good = any(token in request.headers["cookie"] for token in taken)
        (answer_json(account.listed) if is_good else answer(status=401))(request)

    with Account(key_row()) as account:
        account.behaviours[KEYS] = keys
        person = Person(account.origin)
        refreshing, told = exporter(account, person)
        await refreshing.refresh()
        assert told("socd_up") == {(): 1}
        assert told("socd_key_requests_total") == {(key_id(1),): 700}
        taken.clear()
        await refreshing.refresh()
        assert told("socd_up") == {(): 0}
        assert told("socd_refresh_failures_total") == {("session",): 1, ("service",): 0}
        assert told("socd_key_window_requests") == {(key_id(1), "7d"): 700}
        assert told("socd_key_requests_total") == {(key_id(1),): 700}
        person.token = f"{TOKEN}new"
        taken.append(person.token)
        await refreshing.refresh()
        assert told("socd_up") == {(): 1}
        assert told("socd_refreshes_total") == {(): 3}
        await refreshing.run(_stopped())
    assert person.said[-1] == READABLE
    assert len(person.said) == 2


async def test_a_service_that_fails_and_nobody_signed_in_are_told_apart_and_once() -> None:
    with Account(key_row()) as account:
        person = Person(account.origin)
        refreshing, told = exporter(account, person)
        person.token = None
        await refreshing.refresh()
        assert told("socd_key_window_requests") == {}
        person.token = TOKEN
        account.behaviours[KEYS] = answer(status=503)
        await refreshing.refresh()
        await refreshing.refresh()
        assert told("socd_up") == {(): 0}
        assert told("socd_refresh_failures_total") == {("session",): 1, ("service",): 2}
        await refreshing.run(_stopped())
    assert len(person.said) == 2
    assert not any(part in said for part in TOKEN.split(".") for said in person.said)


async def test_each_refresh_asks_for_newer_figures() -> None:
    with Account(key_row()) as account:
        refreshing, told = exporter(account, Person(account.origin))
        await refreshing.refresh()
        account.usage = flat([200] * 7)
        await refreshing.refresh()
        assert told("socd_key_window_requests") == {(key_id(1), "7d"): 1_400}
        await refreshing.run(_stopped())


def test_a_mistake_of_the_program_ends_the_thread_and_is_kept() -> None:
    class Broken(Person):
        def session(self) -> Session:
            raise ZeroDivisionError

    ended = []
    with Account(key_row()) as account:
        refreshing, _ = exporter(account, Broken(account.origin))
        thread = RefreshingThread(refreshing, lambda: ended.append(True))
        thread.start()
        thread.stop()
    assert isinstance(thread.failure, ZeroDivisionError)
    assert ended == [True]


def _stopped() -> asyncio.Event:
    """With which `run` closes what is open, and asks no more."""
    stopping = asyncio.Event()
    stopping.set()
    return stopping
