"""The installed program in a home whose every file is damaged: it starts, says so, and goes on."""

from __future__ import annotations

from pathlib import Path

from tests.account import TOKEN, Account, key_row
from tests.terminal.pseudo import Terminal, environment


def test_a_home_of_garbage_is_told_and_the_program_goes_on(tmp_path: Path) -> None:
    for kind, name in (("config", "config.toml"), ("data", "session.json"), ("data", "history.sqlite3")):
        path = tmp_path / kind / "socd-tui" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\x00\xffgarbage" * 100)
    with Account(key_row(1)) as account:
        environ = environment(tmp_path, SOCD_BASE_URL=account.origin)
        with Terminal(environ=environ, size=(100, 60)) as terminal:
            terminal.shows("Sign in to see")
            terminal.type(f"\x1b[200~{TOKEN}\x1b[201~")
            terminal.shows("Key 1")
            terminal.type("q")
            assert terminal.ended() == 0
            # What is told stays for seconds only, and its lines are broken anywhere between words.
            for word in (b"session.json", b"damaged", b"default", b"anew"):
                assert word in terminal.output
        with Terminal(environ=environ, size=(100, 60)) as terminal:
            terminal.shows("Key 1")
            assert "damaged" not in terminal.text
            terminal.type("q")
            assert terminal.ended() == 0
