"""`socd-tui serve-metrics`: what it refuses to start with, and whose figures it serves."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest

from socd_tui.commands.parts.context import opened
from socd_tui.commands.serve_metrics import ServeMetricsOptions, StoredAccount
from socd_tui.model.errors import NotSignedIn
from socd_tui.model.session import Secret
from socd_tui.model.token import parse_token
from socd_tui.store.session import SessionStore
from tests.account import TOKEN
from tests.clock import Clock
from tests.command import ran
from tests.terminal.pseudo import environment

ORIGIN = "http://127.0.0.1:9"
OTHER = TOKEN.replace("c2lnbmF0dXJl", "b3RoZXJzaWduYXR1cmU")


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = ran(environment(tmp_path, SOCD_BASE_URL=ORIGIN), "serve-metrics", "--port", str(port))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"Port {port} of 127.0.0.1 cannot be used: Address already in use." in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--interval", "0.5"),
        ("--interval", "nan"),
        ("--interval", "1e9"),
        ("--interval", "59", "--base-url", "https://socdefenders.example"),
        ("--stale-after", "-1"),
        ("--port", "65536"),
        ("--port", "9" * 5_000),
        ("--without", "socd_up"),
        ("--output", "socd.prom"),
    ],
)
def test_what_it_cannot_do_is_refused_before_it_begins(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = ran(environment(tmp_path, SOCD_BASE_URL=ORIGIN), "serve-metrics", *arguments)
    assert (done.returncode, done.stdout) == (2, "")


def test_what_is_no_token_in_the_environment_is_refused_before_it_begins(tmp_path: Path) -> None:
    environ = environment(tmp_path, SOCD_BASE_URL=ORIGIN, SOCD_SESSION_TOKEN="no token")
    assert ran(environ, "serve-metrics", "--port", "0").returncode == 2


def test_who_signs_in_and_out_elsewhere_is_followed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(environment(tmp_path, SOCD_BASE_URL=ORIGIN)) as (account, elsewhere):
        with pytest.raises(NotSignedIn, match="socd-tui login"):
            account.session()
        for token in (TOKEN, OTHER):
            elsewhere.save(parse_token(token), ORIGIN)
            assert account.session().token == Secret(token)
        elsewhere.forget()
        with pytest.raises(NotSignedIn):
            account.session()
        elsewhere.path.write_text("damaged")
        for _ in range(2):
            with pytest.raises(NotSignedIn):
                account.session()
    assert capsys.readouterr().err.count("is damaged") == 1


def test_who_signs_in_later_is_meant_where_the_environment_has_a_token_of_before(tmp_path: Path) -> None:
    given = environment(tmp_path, SOCD_BASE_URL=ORIGIN, SOCD_SESSION_TOKEN=TOKEN)
    with running(given) as (account, elsewhere):
        assert account.session().token == Secret(TOKEN)
        elsewhere.save(parse_token(OTHER), ORIGIN)
        for _ in range(2):
            assert account.session().token == Secret(OTHER)


@contextmanager
def running(environ: dict[str, str]) -> Iterator[tuple[StoredAccount, SessionStore]]:
    """Whose figures a program that runs would serve, and the store as another one has it."""
    clock = Clock()
    with (
        mock.patch.dict(os.environ, environ, clear=True),
        opened(ServeMetricsOptions(), clock, clock) as world,
    ):
        yield StoredAccount(world), SessionStore(world.paths, {}, clock)
