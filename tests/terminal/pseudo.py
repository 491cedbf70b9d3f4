"""The program in a terminal that is not there: a pty whose far end is a pyte screen.

    with Terminal("--demo") as terminal:
        terminal.until(lambda: "Overview" in terminal.text)
        terminal.type("q")
        assert terminal.ended() == 0

Nothing is read but inside `until` and `ended`, so a test that wants a terminal that has stopped reading
only has to stop calling them.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, Self

import pyte
import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "tests.program")
"""socd-tui on a clock of ours."""

DEADLINE_S = 60.0
"""For a program that does not answer at all; a wait ends as soon as its condition holds."""

# The pty becomes the terminal of a session of its own, as a terminal emulator has it. Done after the
# fork by a small program, because code between fork and exec is not safe beside threads.
_LAUNCH = """
import fcntl, os, sys, termios
tty = os.open(sys.argv[1], os.O_RDWR)
fcntl.ioctl(tty, termios.TIOCSCTTY, 0)
for number in (0, 1, 2):
    os.dup2(tty, number)
os.closerange(3, tty + 1)
os.execv(sys.argv[2], sys.argv[2:])
"""

# pyte prints the letters of these: key protocol of kitty, and replies to and from the terminal.
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b\][^\x07\x1b]*\x07")
_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_SGR = re.compile(rb"\x1b\[([0-9;:]*)m")
_OBEYED = re.compile(rb"\x1b(?:\[[0-9;:<=>?$ ]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|P[^\x1b]*\x1b\\|.)")
_KITTY = re.compile(rb"\x1b\[([<>])[0-9]*u")

ALTERNATE_SCREEN, CURSOR, WRAP, PASTE, FOCUS = 1049, 25, 7, 2004, 1004
MOUSE = (1000, 1002, 1003, 1006, 1015, 1016)


def environment(home: Path, **changes: str) -> dict[str, str]:
    """A person's environment with their folders in `home`, colours, UTF-8; nothing of ours or Python's."""
    ours = ("SOCD_", "XDG_", "NO_COLOR", "TEXTUAL", "COLUMNS", "LINES", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    folders = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
    home.mkdir(exist_ok=True)
    own = {"HOME": str(home), "TMPDIR": str(home), "PYTHONPATH": str(ROOT)}
    return {**kept, **folders, **terminal, **own, **changes}


def children(process: int) -> list[int]:
    """The processes that one has started; skips the test where there is no /proc."""
    path = Path(f"/proc/{process}/task/{process}/children")
    if not path.exists():
        pytest.skip("needs /proc")
    return [int(child) for child in path.read_text().split()]


class Terminal:
    """A running program, what it wrote (`output`) and what that looks like (`text`)."""

    def __init__(
        self,
        *arguments: str,
        environ: Mapping[str, str],
        size: tuple[int, int] = (80, 24),
        program: Sequence[str] = PROGRAM,
        folder: Path | None = None,
    ) -> None:
        self.output = b""
        self._fed = 0
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.master, self._slave = pty.openpty()
        os.set_blocking(self.master, False)
        self.modes_before = self.modes_after = self.modes()
        self._set_size(*size)
        command = [sys.executable, "-I", "-S", "-c", _LAUNCH, os.ttyname(self._slave), *program, *arguments]
        self.process = subprocess.Popen(
            command, env=dict(environ), cwd=folder, start_new_session=True, close_fds=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.hang_up()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def lines(self) -> list[str]:
        # pyte's own `display` fails on the second half of a wide character whose first half is overwritten.
        rows = [self.screen.buffer[y] for y in range(self.screen.lines)]
        return ["".join(row[x].data for x in range(self.screen.columns)).rstrip() for row in rows]

    def until(self, holds: Callable[[], bool], within_s: float = DEADLINE_S) -> None:
        """Reads what the program writes until `holds`; fails with the screen when it never does."""
        ends = monotonic() + within_s
        while not holds():
            left_s = ends - monotonic()
            if left_s <= 0:
                raise AssertionError(f"waited {within_s} s in vain; on the screen:\n{self.text}")
            if not self._read(left_s) and self.process.poll() is not None and not holds():
                raise AssertionError(f"ended with {self.process.returncode}; on the screen:\n{self.text}")

    def shows(self, *words: str) -> None:
        """Waits until all the words are on the screen."""
        self.until(lambda: all(word in self.text for word in words))

    def taken_over(self) -> None:
        """Waits until Textual has the terminal: what is known is on it before."""
        self.until(lambda: PASTE in self.private_modes())

    def settled(self, for_s: float = 0.12) -> None:
        """Waits until no byte has come for a moment: before and after checks of what is *not* written."""
        while self._read(for_s):
            pass

    def type(self, keys: str | bytes) -> None:
        """Sends keys, in as many pieces as the terminal takes them."""
        left = memoryview(keys.encode() if isinstance(keys, str) else keys)
        while left:
            select.select([], [self.master], [], DEADLINE_S)
            left = left[os.write(self.master, left[:1024]) :]

    def interfere(self, data: bytes) -> None:
        """As when another program writes to the terminal."""
        os.write(self._slave, data)

    def resize(self, columns: int, lines: int) -> None:
        """As when a window's edge is dragged: the size changes and the program gets SIGWINCH."""
        self.screen.resize(lines, columns)
        self._set_size(columns, lines)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def ended(self, within_s: float = DEADLINE_S, *, reading: bool = True) -> int:
        """The exit code, once the program has ended. Unless `reading`, its output stays in the pty."""
        ends = monotonic() + within_s
        while reading and self.process.poll() is None and monotonic() < ends:
            self._read(0.02)
        code = self.process.wait(max(ends - monotonic(), 0.01))
        self.modes_after = self.modes()
        os.close(self._slave)  # now the end of what was written is an end of file
        self._slave = -1
        while self._read(DEADLINE_S):
            pass
        return code

    def stuff(self, keys: str) -> None:
        """Types keys until the pty takes no more of what the program writes, as nobody reads."""
        ends = monotonic() + DEADLINE_S
        while select.select([], [self._slave], [], 0)[1]:
            assert monotonic() < ends, "the program writes nothing"
            self.type(keys)
            select.select([], [], [], 0.05)

    def hang_up(self) -> None:
        """As when the window is closed."""
        for descriptor in (self.master, self._slave):
            with suppress(OSError):  # `ended` may have closed it
                os.close(descriptor)
        self.master = self._slave = -1

    def modes(self) -> list[Any]:
        """The line settings (termios) as they are now."""
        return termios.tcgetattr(self._slave)

    def private_modes(self) -> dict[int, bool]:
        """The last word on each DEC private mode, in what was written so far."""
        found = {}
        for numbers, letter in _MODE.findall(self.output):
            for number in numbers.split(b";"):
                found[int(number)] = letter == b"h"
        return found

    def kitty_depth(self) -> int:
        """How often kitty's key protocol was switched on and not off again."""
        return sum(1 if sign == b">" else -1 for sign in _KITTY.findall(self.output))

    def colours(self) -> set[str]:
        """Every SGR parameter that names a colour."""
        found = set()
        for parameters in _SGR.findall(self.output):
            codes = [int(code) for code in re.split(rb"[;:]", parameters) if code]
            found |= {str(code) for code in codes if 30 <= code <= 38 or 40 <= code <= 48 or code >= 90}
        return found

    def drawn(self) -> set[str]:
        """Every character that was ever drawn, as opposed to obeyed."""
        return set(_OBEYED.sub(b"", self.output).decode())

    def sequences(self) -> set[bytes]:
        """The kinds of escape sequences sent: without their numbers, but for private modes and OSC."""
        found = _OBEYED.findall(self.output)
        return {
            each if each[1:2] == b"]" or b"?" in each else re.sub(rb"[0-9;]+", b"", each) for each in found
        }

    def _read(self, wait_s: float) -> bool:
        try:
            if not select.select([self.master], [], [], wait_s)[0]:
                return False
            chunk = os.read(self.master, 65536)
        except OSError:  # closed by `hang_up`, or by the program's end
            return False
        self.output += chunk
        # A sequence may be cut by the end of a chunk: feed what lies before the last escape.
        whole = self.output.rfind(b"\x1b", self._fed)
        whole = len(self.output) if whole < 0 or len(self.output) - whole > 32 else whole
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", self.output[self._fed : whole]))
        self._fed = whole
        return bool(chunk)

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
