"""`check` as a process: the exit codes that a shell sees, and how one that goes on is ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from socd_tui.service.demo import DemoServer
from tests.clock import Clock
from tests.terminal.pseudo import PROGRAM, environment

CHECK = (*PROGRAM, "check", "--key", "SOAR enrichment")


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    with DemoServer(clock=Clock(), requests_per_minute=1_000_000) as server:
        yield server


@pytest.fixture
def signed_in(demo: DemoServer, tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path, SOCD_BASE_URL=demo.base_url, SOCD_SESSION_TOKEN=demo.token)


@pytest.mark.parametrize(("threshold", "code"), [("day=0.1", 3), ("day=0.2", 4)])
def test_a_shell_sees_whether_a_threshold_has_passed_or_may(
    signed_in: dict[str, str], threshold: str, code: int
) -> None:
    done = subprocess.run([*CHECK, "--fail-at", threshold], env=signed_in, capture_output=True, check=False)
    assert done.returncode == code


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (None, 141)])
def test_one_that_goes_on_ends_without_a_word(
    signed_in: dict[str, str], number: signal.Signals | None, code: int
) -> None:
    """By a signal while it waits, or because nobody reads any more."""
    seconds = "1" if number is None else "600"
    with subprocess.Popen(
        [*CHECK, "--watch", seconds],
        env=signed_in,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        first = json.loads(running.stdout.readline())
        assert first["schema"] == "socd-tui/check/1"
        if number is None:
            running.stdout.close()
        else:
            os.kill(running.pid, number)
            assert running.stdout.read() == b""
        assert running.stderr.read() == b""
        assert running.wait(20) == code
