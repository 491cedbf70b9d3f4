"""The exporter as it is installed: it serves until it is ended, and leaves nothing behind."""

from __future__ import annotations

import select
import signal
import socket
import subprocess
from pathlib import Path
from time import monotonic
from typing import IO
from urllib.request import urlopen

from tests.exposition import values
from tests.terminal.pseudo import DEADLINE_S, PROGRAM, environment


def test_it_serves_the_demo_until_it_is_told_to_end(tmp_path: Path) -> None:
    program = subprocess.Popen(
        [*PROGRAM, "serve-metrics", "--demo", "--port", "0"],
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert program.stdout is not None
        assert program.stderr is not None
        address = program.stdout.readline().strip()
        text = _scraped(address, program.stderr)
        assert values(text, "socd_up") == {(): 1}
        assert len(values(text, "socd_key_requests_total")) == 9
        program.send_signal(signal.SIGTERM)
        _, said = program.communicate(timeout=DEADLINE_S)
    finally:
        program.kill()
    assert program.returncode == 128 + signal.SIGTERM
    assert "Traceback" not in said
    assert not list(tmp_path.glob("socd-tui-demo*"))
    with socket.socket() as free:
        assert free.connect_ex(("127.0.0.1", int(address.split(":")[2].split("/")[0]))) != 0


def _scraped(address: str, said: IO[str]) -> str:
    """As soon as the account has been read."""
    until_s = monotonic() + DEADLINE_S
    while monotonic() < until_s:
        with urlopen(address) as answer:
            text = str(answer.read().decode())
        if values(text, "socd_up"):
            return text
        select.select([said], [], [], 0.05)
    raise TimeoutError(address)
