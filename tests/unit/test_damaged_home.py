"""Files of a person's home that are damaged or planted: the program starts, and says so once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.account import Account, key_row
from tests.clock import NOW
from tests.command import ran
from tests.terminal.pseudo import environment
from tests.trust.start import Gate, start

NO_PROCESS = 2**22 + 1
"""Above the highest process id Linux or macOS gives out."""


@pytest.fixture
def gate() -> Iterator[Gate]:
    with Account(key_row(1)) as account:
        yield Gate(account)


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"[" * 60_000, b'{"token": "x"}'])
def test_a_session_that_cannot_be_read_is_told_and_asked_for_again(
    content: bytes, gate: Gate, tmp_path: Path
) -> None:
    session = tmp_path / "data" / "socd-tui" / "session.json"
    assert not start(tmp_path, gate).signed_in
    session.write_bytes(content)
    environ = environment(tmp_path, SOCD_BASE_URL=gate.account.origin)
    done = ran(environ, "show", "overview")
    assert done.returncode == 5
    damaged, asked = done.stderr.splitlines()
    assert damaged == f"socd-tui: {session} is damaged. Store the session again with `socd-tui login`."
    assert "You are not signed in" in asked
    started = start(tmp_path, gate, NOW + timedelta(hours=1))
    assert (started.crash, started.signed_in) == ("", False)
    assert [str(session) in notice for notice in started.notices] == [True]
    healed = start(tmp_path, gate, NOW + timedelta(hours=2))
    assert (healed.crash, healed.signed_in, healed.notices) == ("", True, ())


def test_what_a_killed_run_left_is_gone_after_the_next_start(gate: Gate, tmp_path: Path) -> None:
    assert not start(tmp_path, gate).crash
    left = [
        tmp_path / kind / "socd-tui" / f".socd-tui-{NO_PROCESS}-00c0ffee.tmp" for kind in ("data", "state")
    ]
    for path in left:
        path.write_text("half a file")
    environ = environment(tmp_path, SOCD_BASE_URL=gate.account.origin)
    assert ran(environ, "status").returncode == 0
    assert not any(path.exists() for path in left)
