"""What fails where nobody waits for it, or speaks for itself at the end, tells no more than a sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import socd_tui.commands
from tests.account import Account, key_row
from tests.pasted import JWT, REFRESH
from tests.terminal.pseudo import environment
from tests.trust.canary import Canary


def test_no_command_runs_an_event_loop_that_logs_what_fails_as_it_is() -> None:
    folder = Path(socd_tui.commands.__file__).parent
    assert [each.name for each in folder.rglob("*.py") if "asyncio.run(" in each.read_text()] == [
        "mishaps.py"
    ]


@pytest.mark.parametrize("way", ["task", "thread", "finaliser", "exit", "file name"])
def test_no_word_of_it_is_printed_or_kept_that_may_be_the_token(way: str, tmp_path: Path) -> None:
    with Account(key_row(1)) as account:
        environ = environment(tmp_path, SOCD_BASE_URL=account.origin, SOCD_SESSION_TOKEN=JWT)
        done = subprocess.run(
            [sys.executable, "-m", "tests.trust.failing", way, "0", "show", "overview"],
            env=environ,
            capture_output=True,
            check=False,
        )
    assert (done.returncode, done.stdout) == (1, b"")
    assert all(line.startswith(b"socd-tui: ") for line in done.stderr.splitlines())
    canary = Canary((JWT, REFRESH))
    assert canary.leaks(way, done.stderr) + canary.leaks_under(tmp_path) == []
