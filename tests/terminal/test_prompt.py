"""`socd-tui login` on a terminal: nothing is shown, nothing is lost, and ctrl+c is safe."""

from __future__ import annotations

import json
import signal
import termios
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from tests.terminal.pseudo import PASTE, Terminal

ORIGIN = "http://127.0.0.1:9"
LFLAG = 3
"""The local modes among those of `termios.tcgetattr`."""

ASKS = b"\x1b[?2004h"
"""Bracketed paste is switched on: from here the prompt reads."""


def jwt(length: int) -> str:
    """A token of exactly so many characters."""
    claims = urlsafe_b64encode(json.dumps({"sub": "me"}).encode()).decode().rstrip("=")
    return (f"eyJhbGciOiJIUzI1NiJ9.{claims}." + "Canary7" * length)[:length]


def asked(environ: dict[str, str]) -> Terminal:
    terminal = Terminal("login", "--base-url", ORIGIN, environ=environ)
    terminal.until(lambda: ASKS in terminal.output)
    return terminal


def stored(home: Path) -> str:
    token = json.loads((home / "data" / "socd-tui" / "session.json").read_text())["token"]
    assert isinstance(token, str)
    return token


def is_discreet(terminal: Terminal) -> bool:
    return b"Canary" not in terminal.output and not terminal.private_modes()[PASTE]


def test_a_token_of_six_thousand_characters_survives_and_is_not_shown(
    environ: dict[str, str], tmp_path: Path
) -> None:
    token = jwt(6000)
    with asked(environ) as terminal:
        assert ORIGIN in terminal.text.replace("\n", "")
        terminal.type(token + "\r")
        assert terminal.ended() == 0
        assert f"Signed in to {ORIGIN}" in terminal.text
        assert is_discreet(terminal)
        assert terminal.modes_after == terminal.modes_before
    assert stored(tmp_path) == token


def test_a_pasted_command_of_several_lines_is_taken_whole(environ: dict[str, str], tmp_path: Path) -> None:
    token = jwt(900)
    command = f"curl '{ORIGIN}/x' \\\r  -H 'accept: */*' \\\r  -b 'a=b; sb-access-token={token}'\r"
    with asked(environ) as terminal:
        terminal.type(f"\x1b[200~{command}\x1b[201~")
        terminal.settled()
        assert terminal.process.poll() is None
        terminal.type("\r")
        assert terminal.ended() == 0
        assert is_discreet(terminal)
    assert stored(tmp_path) == token


def test_typing_mistakes_can_be_taken_back(environ: dict[str, str], tmp_path: Path) -> None:
    token = jwt(120)
    with asked(environ) as terminal:
        terminal.type(f"nonsense\x15{token}xy\x7f\x7f\r")
        assert terminal.ended() == 0
    assert stored(tmp_path) == token


@pytest.mark.parametrize(("typed", "code"), [("Canary\x03", 130), ("Canary\x04", 2), ("\r", 2)])
def test_ctrl_c_and_an_empty_answer_store_nothing_and_restore_the_terminal(
    environ: dict[str, str], tmp_path: Path, typed: str, code: int
) -> None:
    with asked(environ) as terminal:
        assert terminal.modes() != terminal.modes_before
        terminal.type(typed)
        assert terminal.ended() == code
        assert is_discreet(terminal)
        assert terminal.modes_after == terminal.modes_before
    assert not list(tmp_path.rglob("session.json"))


def test_an_api_key_is_refused_with_the_reason_and_not_shown(environ: dict[str, str], tmp_path: Path) -> None:
    with asked(environ) as terminal:
        terminal.type("sk_live_Canary0123456789\r")
        assert terminal.ended() == 2
        assert "That is an API key" in terminal.text
        assert is_discreet(terminal)
    assert not list(tmp_path.rglob("session.json"))


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_during_the_prompt_restores_the_terminal(environ: dict[str, str], name: str) -> None:
    number = signal.Signals[name]
    with asked(environ) as terminal:
        terminal.signal(number)
        assert terminal.ended() == 128 + number
        assert terminal.modes_after == terminal.modes_before
        assert not terminal.private_modes()[PASTE]


def test_nothing_is_echoed_from_the_moment_it_asks(environ: dict[str, str]) -> None:
    with Terminal("login", environ=environ) as terminal:
        terminal.shows("press enter:")
        assert not terminal.modes()[LFLAG] & termios.ECHO
        terminal.type("\x03")
        terminal.ended()
        assert terminal.modes_after == terminal.modes_before
