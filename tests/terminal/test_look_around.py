"""Who has no token looks around in the demo, from the very screen that asks for one."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.terminal.pseudo import Terminal, environment

ASKED = "paste the token"
OFFERED = "ctrl+d  look around with simulated keys"
CTRL_D = "\x04"


def files(home: Path) -> list[str]:
    return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())


def test_the_demo_begins_in_the_same_run_and_leaves_nothing_behind(tmp_path: Path) -> None:
    environ = environment(tmp_path, SOCD_BASE_URL="http://127.0.0.1:9")
    with Terminal(environ=environ, size=(80, 24)) as terminal:
        terminal.shows(ASKED, OFFERED)
        before = files(tmp_path)
        terminal.type(CTRL_D)
        terminal.shows("demo", "Production SIEM", "total")
        assert "demo" in terminal.text.split("\n")[0]
        terminal.type("t5u]")
        terminal.shows("14 d")
        terminal.type("7o")
        terminal.shows("owner of")
        terminal.type("Somebody\r")
        terminal.shows("pays for")
        terminal.type("q")
        assert terminal.ended() == 0
        assert terminal.modes_after == terminal.modes_before
    assert files(tmp_path) == before


def test_a_pasted_or_typed_token_that_begins_with_d_is_a_token(tmp_path: Path) -> None:
    environ = environment(tmp_path, SOCD_BASE_URL="http://127.0.0.1:9")
    with Terminal(environ=environ, size=(80, 24)) as terminal:
        terminal.shows(ASKED)
        terminal.type("d")
        terminal.type("emo")
        terminal.shows("••••")
        terminal.type("\x1b[200~demo-d\x04-token\x1b[201~")
        terminal.shows("There is no session token")
        assert "Production SIEM" not in terminal.text
        terminal.type("\x1b")
        terminal.until(lambda: "Sign in at" not in terminal.text)
        terminal.type("q")
        assert terminal.ended() == 0


def test_a_signal_ends_the_demo_that_began_so_as_it_ends_any(tmp_path: Path) -> None:
    environ = environment(tmp_path, SOCD_BASE_URL="http://127.0.0.1:9")
    with Terminal("--theme", "socd-light", environ=environ, size=(80, 24)) as terminal:
        terminal.shows(OFFERED)
        terminal.type(CTRL_D)
        terminal.shows("demo", "Production SIEM")
        terminal.signal(signal.SIGTERM)
        assert terminal.ended() == 128 + signal.SIGTERM
