"""Following a browser: whatever it holds is used, as it is renewed, and nothing of it is stored."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from socd_tui.commands.check import CheckOptions, watch
from socd_tui.commands.parts.context import World, opened
from socd_tui.commands.parts.rounds import Pause
from socd_tui.commands.serve_metrics import ServeMetricsOptions, StoredAccount
from socd_tui.model.errors import NotSignedIn, StoreError
from socd_tui.store.firefox import firefox
from socd_tui.store.followed import FollowedSession
from socd_tui.store.paths import Paths
from tests.account import Account, key_row
from tests.build import jwt, leaks
from tests.clock import NOW, Clock
from tests.command import Done, ran
from tests.firefox import Profile, installed
from tests.rounds import watched
from tests.terminal.pseudo import environment

COOKIE, HOST = "sb-access-token", "127.0.0.1"
MINUTE = timedelta(minutes=1)


def token(minutes: int) -> str:
    """One of this account that ends so long after the tests' now."""
    return jwt(sub="ana", exp=int((NOW + minutes * MINUTE).timestamp()))


FIRST, SECOND = token(60), token(120)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return installed(tmp_path, "default")[0]


@pytest.fixture(scope="module")
def service() -> Iterator[Account]:
    with Account(key_row()) as service:
        yield service


def run(home: Path, service: Account, *arguments: str, **environ: str) -> Done:
    service.requests.clear()
    return ran(environment(home, SOCD_BASE_URL=service.origin, **environ), *arguments)


def sent(service: Account) -> list[str]:
    """The tokens that the service got, each once."""
    tokens = (str(request.headers["cookie"]).removeprefix(f"{COOKIE}=") for request in service.requests)
    return list(dict.fromkeys(tokens))


def files_below(home: Path) -> Iterator[bytes]:
    return (path.read_bytes() for path in home.rglob("*") if path.is_file() and ".mozilla" not in path.parts)


def test_what_the_browser_holds_is_sent_and_nothing_of_it_is_stored(
    tmp_path: Path, profile: Profile, service: Account
) -> None:
    profile.cookie(COOKIE, FIRST, HOST)
    done = run(tmp_path, service, "keys", "--session-from", "firefox", SOCD_SESSION_TOKEN=token(5))
    assert (done.returncode, done.stderr) == (0, "")
    assert sent(service) == [FIRST]
    assert not (tmp_path / "data" / "socd-tui" / "session.json").exists()
    assert not any(leaks(data, FIRST) for data in files_below(tmp_path))
    assert run(tmp_path, service, "keys").returncode == 5


def test_status_tells_what_it_holds(tmp_path: Path, profile: Profile, service: Account) -> None:
    profile.cookie(COOKIE, FIRST, HOST)
    done = run(tmp_path, service, "status", "--session-from", "firefox:default")
    assert done.returncode == 0
    assert "in Firefox's cookies" in done.stdout
    assert not leaks(done.stdout.encode(), FIRST)
    profile.cookie(COOKIE, "", HOST)
    done = run(tmp_path, service, "status", "--session-from", "firefox", "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["present"]) == (5, False)
    assert "has no session of 127.0.0.1" in json.loads(done.stdout)["note"]


def test_without_a_session_in_the_browser_it_is_told_why(
    tmp_path: Path, profile: Profile, service: Account
) -> None:
    for value, why in (
        (None, "has no session of 127.0.0.1"),
        (token(-1), "has expired. Reload the dashboard"),
    ):
        profile.cookie(COOKIE, value, HOST)
        done = run(tmp_path, service, "show", "overview", "--session-from", "firefox")
        assert (done.returncode, done.stdout) == (5, "")
        assert done.stderr.count("\n") == 1
        assert why in done.stderr
        assert service.requests == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["keys", "--session-from", "firefox:othr"], "Firefox has no profile 'othr'"),
        (["keys", "--session-from", "edge"], "other browsers encrypt their cookies"),
        (["keys", "--session-from", "firefox", "--demo"], "With --demo no session is needed."),
        (["keys", "--session-from", "firefox", "--offline"], "With --offline no session is needed."),
        (["history", "--session-from", "firefox"], "cannot use --session-from"),
        (["login", "--session-from", "firefox"], "cannot use --session-from"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    tmp_path: Path, profile: Profile, service: Account, arguments: list[str], told: str
) -> None:
    done = run(tmp_path, service, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_rounds_go_on_with_what_the_browser_was_given_meanwhile(
    tmp_path: Path, profile: Profile, service: Account
) -> None:
    clock = Clock()
    service.requests.clear()

    def passes(minutes: int, renewed: str = "") -> Callable[[], object]:
        def go() -> None:
            clock.pass_by(minutes * MINUTE)
            if renewed:
                profile.cookie(COOKIE, renewed, HOST)

        return go

    def go_on(world: World[CheckOptions], pause: Pause) -> object:
        return watch(world, MINUTE, pause)

    options = CheckOptions(watch="60", session_from="firefox")
    environ = environment(tmp_path, SOCD_BASE_URL=service.origin)
    steps = [passes(1, FIRST), passes(1), passes(57, SECOND)]
    done = watched(environ, options, go_on, steps, clock)
    states: list[Any] = [json.loads(line)["state"] for line in done.stdout.splitlines()]
    assert [state == "signed_out" for state in states] == [True, False, False, False]
    assert sent(service) == [FIRST, SECOND]


def test_the_exporter_has_what_the_browser_has_now(
    tmp_path: Path, profile: Profile, service: Account
) -> None:
    clock = Clock()
    environ = environment(tmp_path, SOCD_BASE_URL=service.origin)
    with (
        mock.patch.dict(os.environ, environ, clear=True),
        opened(ServeMetricsOptions(session_from="firefox"), clock, clock) as world,
    ):
        account = StoredAccount(world)
        with pytest.raises(NotSignedIn, match="Firefox's profile 'default' has no session"):
            account.session()
        for value in (FIRST, SECOND):
            profile.cookie(COOKIE, value, HOST)
            assert account.session().token.reveal() == value


def test_cookies_that_can_be_looked_at_no_more_are_told_and_then_found_again(
    tmp_path: Path, profile: Profile
) -> None:
    profile.cookie(COOKIE, FIRST, HOST)
    clock, origin = Clock(), "http://127.0.0.1:9"
    browser = firefox("firefox", tmp_path, {})
    store = FollowedSession(Paths.under(tmp_path / "own"), {}, clock, browser)
    kept = browser.path.rename(tmp_path / "kept")
    browser.path.symlink_to(browser.path)
    with pytest.raises(StoreError, match="is a symbolic link"):
        store.load(origin)
    assert store.newer(origin) is None
    kept.replace(browser.path)
    assert store.newer(origin) is not None


def test_a_browser_in_use_is_looked_at_seldom_unless_a_session_is_needed(
    tmp_path: Path, profile: Profile
) -> None:
    clock = Clock()
    browser = firefox("firefox", tmp_path, {})
    store, origin = FollowedSession(Paths.under(tmp_path / "own"), {}, clock, browser), "http://127.0.0.1:9"

    def newer() -> str | None:
        session = store.newer(origin)
        return session.token.reveal() if session else None

    assert (store.load(origin), newer()) == (None, None)
    profile.cookie(COOKIE, FIRST, HOST)
    assert (newer(), newer()) == (FIRST, None)
    profile.cookie(COOKIE, SECOND, HOST)
    assert newer() is None
    clock.pass_by(MINUTE)
    assert (newer(), newer()) == (SECOND, None)
    profile.cookie("other", "x", HOST)
    clock.pass_by(118 * MINUTE)
    assert newer() is None
    profile.cookie(COOKIE, third := token(180), HOST)
    assert newer() == third
