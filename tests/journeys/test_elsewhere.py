"""A sign-in in another window or with `socd-tui login`: who waits for one goes on, nobody else notices."""

from __future__ import annotations

from pathlib import Path

import pytest

from socd_tui.model.session import Secret, Session
from socd_tui.model.token import parse_token
from socd_tui.service.demo import DemoServer
from socd_tui.store.paths import Paths
from socd_tui.store.session import SessionStore
from socd_tui.tui.elsewhere import Elsewhere
from tests.account import Account, key_row
from tests.build import jwt
from tests.clock import Clock
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
