"""Signing in and out on the command line, and a canary: the token is in one file and nowhere else."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from socd_tui.service.demo import DemoServer
from tests.build import jwt, leaks
from tests.clock import NOW, Clock
from tests.command import ran
from tests.loopback import Loopback, answer, cut_short, refuse, reset
from tests.terminal.pseudo import environment

ORIGIN = "http://127.0.0.1:9"


CANARY = jwt(sub="canary", exp=int((NOW + timedelta(hours=3)).timestamp()))


def at(home: Path, origin: str, **more: str) -> dict[str, str]:
    return environment(home, SOCD_BASE_URL=origin, **more)


def session_file(home: Path) -> Path:
    return home / "data" / "socd-tui" / "session.json"


def test_without_a_token_commands_say_how_to_sign_in(tmp_path: Path) -> None:
    for command in (["show", "overview"], ["keys"]):
        done = ran(at(tmp_path, ORIGIN), *command)
        assert done.returncode == 5
        assert done.stdout == ""
        assert "not signed in" in done.stderr
        assert "socd-tui login" in done.stderr


def test_a_token_the_service_refuses_means_signing_in_again(demo: DemoServer, tmp_path: Path) -> None:
    done = ran(at(tmp_path, demo.base_url, SOCD_SESSION_TOKEN=CANARY), "show", "overview")
    assert done.returncode == 5
    assert done.stdout == ""
    assert "session" in done.stderr.lower()


def test_a_session_that_ended_means_signing_in_again(tmp_path: Path) -> None:
    clock = Clock()
    with DemoServer(clock=clock, requests_per_minute=1_000_000) as server:
        environ = at(tmp_path, server.base_url, SOCD_SESSION_TOKEN=server.token)
        assert ran(environ, "keys").returncode == 0
        clock.pass_by(timedelta(hours=2))
        done = ran(environ, "keys")
    assert done.returncode == 5
    assert done.stdout == ""


def test_a_token_from_standard_input_is_kept_for_the_next_command(demo: DemoServer, tmp_path: Path) -> None:
    environ = at(tmp_path, demo.base_url)
    done = ran(environ, "login", "--stdin", given=f"Cookie: a=b; sb-access-token={demo.token}\n")
    assert done.returncode == 0
    assert f"Signed in to {demo.base_url}" in done.stdout
    assert session_file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert session_file(tmp_path).parent.stat().st_mode & 0o777 == 0o700
    assert ran(environ, "keys").returncode == 0


def test_a_stored_token_is_not_sent_to_another_service(demo: DemoServer, tmp_path: Path) -> None:
    ran(at(tmp_path, demo.base_url), "login", "--stdin", given=demo.token)
    with Loopback({}) as other:
        done = ran(at(tmp_path, other.origin), "keys")
        assert done.returncode == 5
        assert other.requests == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("", "Nothing was pasted"),
        ("hello", "There is no session token"),
        ("sk_live_0123456789abcdefghij", "That is an API key"),
        (jwt(sub="canary", exp=1_000_000_000), "has expired"),
        ("x" * 70_000, "longer than 64 KiB"),
    ],
)
def test_anything_else_on_standard_input_is_refused_with_the_reason(
    tmp_path: Path, given: str, reason: str
) -> None:
    done = ran(at(tmp_path, ORIGIN), "login", "--stdin", given=given)
    assert done.returncode == 2
    assert reason in done.stderr
    assert not session_file(tmp_path).exists()


def test_login_in_a_pipe_without_the_option_says_which_to_use(tmp_path: Path) -> None:
    done = ran(at(tmp_path, ORIGIN), "login", given=CANARY)
    assert done.returncode == 2
    assert "--stdin" in done.stderr


def test_the_status_is_told_offline_masked_and_in_two_formats(tmp_path: Path) -> None:
    environ = at(tmp_path, ORIGIN)
    none = ran(environ, "status")
    assert (none.returncode, none.stdout) == (
        5,
        f"service   {ORIGIN}\nsession   none: run `socd-tui login`\n",
    )
    ran(environ, "login", "--stdin", given=CANARY)
    text = ran(environ, "status")
    assert text.returncode == 0
    assert str(session_file(tmp_path)) in text.stdout
    assert "expires   in 3 h (2026-11-22T17:20:00Z)" in text.stdout
    facts = json.loads(ran(environ, "status", "--format", "json").stdout)
    assert facts["present"] is True
    assert facts["expired"] is False
    assert facts["stored_in"] == "file"
    assert facts["origin"] == facts["base_url"] == ORIGIN
    assert datetime.fromisoformat(facts["expires_at"]) == NOW + timedelta(hours=3)
    assert len(CANARY) > 100
    assert facts["token"] == f"{CANARY[:4]}…({len(CANARY)} characters)"


def test_the_status_of_an_ended_session_says_so(tmp_path: Path) -> None:
    environ = at(tmp_path, ORIGIN, SOCD_SESSION_TOKEN=jwt(sub="canary", exp=1_000_000_000))
    ended = ran(environ, "status")
    assert "expires   expired" in ended.stdout
    assert ended.returncode == 5
    assert json.loads(ran(environ, "status", "--format", "json").stdout)["expired"] is True


def test_logout_forgets_the_token_and_is_content_to_find_none(tmp_path: Path) -> None:
    environ = at(tmp_path, ORIGIN)
    ran(environ, "login", "--stdin", given=CANARY)
    done = ran(environ, "logout")
    assert done.returncode == 0
    assert str(session_file(tmp_path)) in done.stdout
    assert not session_file(tmp_path).exists()
    again = ran(environ, "logout")
    assert again.returncode == 0
    assert "no session" in again.stdout


def test_logout_reminds_of_the_variable_in_the_shell(tmp_path: Path) -> None:
    done = ran(at(tmp_path, ORIGIN, SOCD_SESSION_TOKEN=CANARY), "logout")
    assert "SOCD_SESSION_TOKEN" in done.stdout


def test_the_token_is_in_the_session_file_and_nowhere_else_whatever_goes_wrong(tmp_path: Path) -> None:
    """Through every answer a service may give."""
    echoed = f"no such token: {CANARY}"
    answers = [
        answer(b"<html>login</html>", kind="text/html"),
        answer(b"[1", 200),
        answer(status=302, headers={"Location": f"http://127.0.0.1:9/?token={CANARY}"}),
        refuse(401, "bad_jwt", echoed),
        refuse(403, "forbidden", echoed),
        refuse(404, "not_found", echoed),
        refuse(429, "rate_limit_exceeded", echoed, {"Retry-After": "900"}),
        refuse(418, CANARY, echoed, {"Set-Cookie": f"sb-access-token={CANARY}"}),
        cut_short,
        reset,
    ]
    said = []
    with Loopback({}) as server:
        noisy = at(tmp_path, server.origin, SSLKEYLOGFILE=str(tmp_path / "keylog"))
        said.append(ran(noisy, "login", "--stdin", given=CANARY))
        for behaviour in answers:
            server.behaviours = {"/api/v1/keys": behaviour}
            said.append(ran(noisy, "show", "overview"))
        said.append(ran({**noisy, "SOCD_SESSION_TOKEN": CANARY}, "keys", "--format", "json"))
        said.append(ran({**noisy, "SOCD_SESSION_TOKEN": f"sk_live_{CANARY}"}, "keys"))
        said += [ran(noisy, "status"), ran(noisy, "status", "--format", "json")]
        assert {request.headers["cookie"] for request in server.requests} == {f"sb-access-token={CANARY}"}
    assert len({done.stderr for done in said}) > len(answers), "the failures are not all alike"
    assert not leaks("".join(done.stdout + done.stderr for done in said).encode(), CANARY)
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and leaks(path.read_bytes(), CANARY)]
    assert kept == [session_file(tmp_path)]
