"""A sign-in in another window or with `socd-tui login`: who waits for one goes on, nobody else notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from socd_tui.live.memory import Memory
from socd_tui.model.fleet import Fleet
from socd_tui.model.session import Secret, Session
from socd_tui.model.text import Text
from socd_tui.model.token import parse_token
from socd_tui.service.demo import DemoServer
from socd_tui.store.firefox import firefox
from socd_tui.store.followed import FollowedSession
from socd_tui.store.history import History
from socd_tui.store.paths import Paths
from socd_tui.store.session import SessionStore
from socd_tui.tui.elsewhere import Elsewhere
from tests.account import Account, key_id, key_row
from tests.build import jwt, prepared
from tests.clock import Clock
from tests.firefox import installed
from tests.journeys.stage import visit

pytestmark = pytest.mark.anyio


def store(home: Path) -> SessionStore:
    """As another process has it."""
    return SessionStore(Paths.under(home / "home"), {}, Clock())


async def test_who_is_asked_for_a_token_goes_on_when_another_process_stored_one(
    demo: DemoServer, tmp_path: Path
) -> None:
    here = store(tmp_path)
    async with visit(
        demo, tmp_path, clock=Clock(), signed_in=False, elsewhere=lambda: here.newer(demo.base_url)
    ) as person:
        await person.shows("Sign in to see")
        store(tmp_path).save(parse_token(demo.token), demo.base_url)
        await person.shows("total 9 of 10")
        assert person.front == ""


async def test_who_follows_a_browser_goes_on_when_it_has_a_session_and_sees_of_which_account(
    tmp_path: Path,
) -> None:
    (browser,) = installed(tmp_path, "default")
    with Account(key_row(1)) as account:
        store = FollowedSession(Paths.under(tmp_path / "home"), {}, Clock(), firefox("firefox", tmp_path, {}))
        async with visit(
            account,
            tmp_path,
            clock=Clock(),
            signed_in=False,
            profile="work",
            follows=True,
            elsewhere=lambda: store.newer(account.origin),
        ) as person:
            await person.shows("Sign in to see", "used, and kept nowhere")
            browser.cookie("sb-access-token", account.token, "127.0.0.1")
            await person.shows("work: Key 1")
            assert person.front == ""
    assert not (tmp_path / "home").exists()


async def test_nobody_is_taken_away_from_the_account_on_the_screen(tmp_path: Path) -> None:
    alice, renewed, bob = jwt(sub="alice"), jwt(sub="alice", jti="renewed"), jwt(sub="bob")
    stored: list[Session] = []
    with Account(key_row(1)) as account:

        def session(token: str) -> Session:
            return Session(Secret(token), account.origin, None, "file")

        async with visit(
            account,
            tmp_path,
            clock=Clock(),
            session=session(alice),
            elsewhere=lambda: stored.pop() if stored else None,
        ) as person:
            look, live = Elsewhere(person.app).look, person.app.live
            stored.append(session(bob))
            await look()
            assert live.state.session == session(alice)
            stored.append(session(renewed))
            await look()
            assert live.state.session == session(renewed)


async def test_figures_that_another_process_kept_are_shown_here_and_nothing_is_asked_for_them(
    tmp_path: Path, clock: Clock
) -> None:
    with Account(key_row(1)) as account:

        def memory(_: object = None) -> Memory:
            return Memory(History(tmp_path / "data", account.origin, "somebody", clock=clock))

        async with visit(account, tmp_path, clock=clock, memory=memory) as person:
            await person.shows("total 1 key", "700")
            await person.rests()
            look, live, asked = Elsewhere(person.app).look, person.app.live, len(account.requests)
            own = live.state.known
            await look()
            assert live.state.known is own, "what this process has kept itself is no news"
            clock.pass_by(timedelta(minutes=5))
            memory().keep(prepared(later(own.fleet, clock())))
            await look()
            await person.shows("total 1 of 2", "7,000")
            assert len(account.requests) == asked
            await person.rests()
            taken = live.state.known
            await look()
            assert live.state.known is taken
            clock.pass_by(timedelta(minutes=5))
            await person.press("r")
            await person.shows("total 1 key", "700", "key 'Key 2#k001' is gone")


async def test_what_another_process_kept_before_is_no_news(tmp_path: Path, clock: Clock) -> None:
    with Account(key_row(1)) as account:

        def memory(_: object = None) -> Memory:
            return Memory(History(tmp_path / "data", account.origin, "somebody", clock=clock))

        async with visit(account, tmp_path, clock=clock, memory=memory) as person:
            await person.shows("total 1 key", "700")
            await person.rests()
            memory().keep(prepared(later(person.app.fleet, clock() - timedelta(minutes=5))))
            await Elsewhere(person.app).look()
            await person.rests()
            assert "7,000" not in person.text
            assert "total 1 key" in person.text


def later(fleet: Fleet, at: datetime) -> Fleet:
    """The same account at another moment: a key more, and ten times the requests."""
    (key,) = fleet.keys
    usages = {
        slot: replace(usage, requests=7_000, successful=7_000, statuses=None, fetched_at=at, observed_at=at)
        for slot, usage in fleet.usages.items()
    }
    another = replace(key, id=key_id(2), name=Text("Key 2"))
    return replace(fleet, keys=(key, another), usages=usages, listed_at=at, observed_at=at)
