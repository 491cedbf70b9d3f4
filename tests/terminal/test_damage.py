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
            terminal.shows("Sign in to see", "session.json is damaged", "default settings are used")
            terminal.type(f"\x1b[200~{TOKEN}\x1b[201~")
            terminal.shows("Key 1", "The history was damaged. It starts anew")
            terminal.type("q")
            assert terminal.ended() == 0
        with Terminal(environ=environ, size=(100, 60)) as terminal:
            terminal.shows("Key 1", "default settings are used")
            assert "damaged" not in terminal.text
            terminal.type("q")
            assert terminal.ended() == 0
