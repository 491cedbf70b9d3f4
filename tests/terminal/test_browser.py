"""The program as `textual-serve` runs it for a browser: over pipes, in packets, without a terminal."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import IO

import pyte

from tests.terminal.pseudo import DEADLINE_S, environment

SIZE = (100, 30)


@dataclass
class Browser:
    """Shows what it is sent, and sends what is typed."""

    sent: IO[bytes]
    typed: IO[bytes]
    screen: pyte.Screen = field(default_factory=lambda: pyte.Screen(*SIZE))
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stream = pyte.Stream(self.screen)

    def packet(self) -> bool:
        """Takes in one packet: the kind, its length in four bytes, and what is in it; False at the end."""
        kind = self.sent.read(1)
        if not kind:
            return False
        body = self.sent.read(int.from_bytes(self.sent.read(4), "big"))
        if kind == b"D":
            self._stream.feed(body.decode())
        else:
            self.told.append(json.loads(body)["type"])
        return True

    def until(self, *words: str) -> None:
        while not all(any(word in line for line in self.screen.display) for word in words):
            assert self.packet(), "\n".join(self.screen.display)

    def type(self, keys: str) -> None:
        body = keys.encode()
        self.typed.write(b"D" + len(body).to_bytes(4, "big") + body)
        self.typed.flush()


@contextmanager
def served(home: Path) -> Iterator[tuple[Browser, subprocess.Popen[bytes]]]:
    environ = environment(
        home,
        TEXTUAL_DRIVER="textual.drivers.web_driver:WebDriver",
        COLUMNS=str(SIZE[0]),
        ROWS=str(SIZE[1]),
        LC_ALL="C",
        TERM="dumb",
    )
    with subprocess.Popen(
        [sys.executable, "-m", "tests.program", "--demo"],
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=home,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == b"__GANGLION__\n"
        late = Timer(DEADLINE_S, process.kill)  # what never comes is then the end of what was sent
        late.start()
        try:
            yield Browser(process.stdout, process.stdin), process
        finally:
            late.cancel()
            process.kill()


def test_it_is_drawn_whole_keys_reach_it_and_q_ends_it(tmp_path: Path) -> None:
    with served(tmp_path) as (browser, process):
        browser.until("threat-notebook", "total")
        browser.type("6")
        browser.until("high-water mark", "░")
        browser.type("q")
        while browser.packet():
            pass
        assert process.wait() == 0
        assert process.stderr
        assert process.stderr.read() == b""
    assert browser.told[-1] == "exit"
