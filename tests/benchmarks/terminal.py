"""A program in a terminal, for measuring: when each piece of its output came, looked at afterwards.

Nothing is interpreted while the program runs, or the reading would take time from it and come late.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple, Self

import pyte

DEADLINE_S = 30.0
"""For what never comes."""

ANSWERED_WITHIN_S = 8.0
"""A key: what comes later than that is of something else."""

SETTLED_S = 2.0
"""A silence that says that nothing more comes: longer than any import takes."""

ALTERNATE_SCREEN = b"\x1b[?1049h"

Size = tuple[int, int]
SMALL, WIDE = (80, 24), (120, 40)

# pyte prints the letters of these: key protocol of kitty, questions to the terminal, and titles.
_UNKNOWN_TO_PYTE = re.compile(
    rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
)
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*)?$")
_OBEYED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)")


class Missed(Exception):
    """What was waited for did not come in time."""


class Piece(NamedTuple):
    """Some output, and when it was read (`time.perf_counter`)."""

    at: float
    data: bytes


class Repaint(NamedTuple):
    """What came after a key, until nothing came any more."""

    began: float
    """When it was pressed (`time.perf_counter`)."""
    last_s: float
    output: bytes


class Program:
    """A running program; killed at the end of the `with` block with all that it has started."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], size: Size = WIDE) -> None:
        self.size = size
        self.pieces: list[Piece] = []
        self.began = perf_counter()
        self.process, self._terminal = pty.fork()
        if self.process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
            os.chdir(environ["HOME"])  # or a package beside us would be found before that of PYTHONPATH
            os.execvpe(command[0], list(command), environ)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.killpg(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self._terminal)

    @property
    def output(self) -> bytes:
        return b"".join(data for _, data in self.pieces)

    def press(self, key: bytes) -> float:
        """The moment before the key was sent."""
        at = perf_counter()
        os.write(self._terminal, key)
        return at

    def until(self, sign: bytes, within_s: float = DEADLINE_S) -> float:
        """Reads until this text was written; when its last piece came. Raises Missed."""
        return self._until(lambda written: sign in _OBEYED.sub(b"", written), sign, within_s)

    def _until(self, holds: Callable[[bytes], bool], what: bytes, within_s: float) -> float:
        ends, written = perf_counter() + within_s, self.output
        while not holds(written):
            if not self._read(ends - perf_counter()):
                raise Missed(f"{what!r} was not written within {within_s:.0f} s")
            written += self.pieces[-1].data
        return self.pieces[-1].at

    def settle(self, silence_s: float = SETTLED_S) -> None:
        """Reads until nothing more comes, once the screen is the program's own. Raises Missed."""
        self._until(lambda written: ALTERNATE_SCREEN in written, ALTERNATE_SCREEN, DEADLINE_S)
        self.quiet(silence_s)

    def quiet(self, silence_s: float, within_s: float = DEADLINE_S) -> int:
        """Reads until nothing comes for so long; how many bytes came. Raises Missed."""
        began, ends = len(self.pieces), perf_counter() + within_s
        while self._read(silence_s):
            if perf_counter() > ends:
                raise Missed(f"no silence of {silence_s} s within {within_s:.0f} s")
        return sum(len(data) for _, data in self.pieces[began:])

    def repaint(self, key: bytes, silence_s: float) -> Repaint:
        """What a key costs until nothing has come for so long. Raises Missed when nothing comes at all."""
        began, pressed = len(self.pieces), self.press(key)
        if not self._read(ANSWERED_WITHIN_S):
            raise Missed(f"key {key!r} was not answered within {ANSWERED_WITHIN_S:.0f} s")
        self.quiet(silence_s)
        came = self.pieces[began:]
        return Repaint(pressed, came[-1].at - pressed, b"".join(data for _, data in came))

    def idle(self, seconds: float) -> int:
        """How many bytes come in so long."""
        began, ends = len(self.pieces), perf_counter() + seconds
        while self._read(ends - perf_counter()):
            pass
        return sum(len(data) for _, data in self.pieces[began:])

    def processes(self) -> list[int]:
        """The process that was started and all below it."""
        found, new = [], [self.process]
        while new:
            found += new
            lists = [_read(f"/proc/{each}/task/{task}/children") for each in new for task in _tasks(each)]
            new = [int(child) for text in lists for child in text.split()]
        return found

    def peak_bytes(self) -> int:
        """The most memory that the largest of them has held so far, and what the others hold alone.

        A process that was forked shares most of what it holds with the one that forked it.
        """
        peaks = {each: _bytes(f"/proc/{each}/status", "VmHWM") for each in self.processes()}
        largest = max(peaks, key=peaks.__getitem__)
        alone = [_bytes(f"/proc/{each}/smaps_rollup", "Private_") for each in peaks if each != largest]
        return peaks[largest] + sum(alone)

    def _read(self, wait_s: float) -> bool:
        if not select.select([self._terminal], [], [], max(0.0, wait_s))[0]:
            return False
        try:
            data = os.read(self._terminal, 65536)
        except OSError:  # the program has ended
            return False
        self.pieces.append(Piece(perf_counter(), data))
        return True


def screens(pieces: Sequence[Piece], size: Size) -> Iterator[tuple[float, pyte.Screen]]:
    """The screen after each piece, with when it came. It is one object that changes."""
    screen = pyte.Screen(*size)
    stream, left = pyte.ByteStream(screen), b""
    for at, data in pieces:
        left += data
        cut = _UNFINISHED.search(left)
        whole, left = (left[: cut.start()], left[cut.start() :]) if cut else (left, b"")
        stream.feed(_UNKNOWN_TO_PYTE.sub(b"", whole))
        yield at, screen


def text(screen: pyte.Screen) -> str:
    # pyte's own `display` fails on the second half of a wide character whose first half is overwritten.
    rows = [screen.buffer[y] for y in range(screen.lines)]
    return "\n".join("".join(row[x].data for x in range(screen.columns)).rstrip() for row in rows)


def shown_since(program: Program, holds: Callable[[str], bool], what: str) -> float:
    """From when on the screen holds, to the end of what was written. Raises Missed when it does not."""
    since, last = None, ""
    for at, screen in screens(program.pieces, program.size):
        last = text(screen)
        since = (since or at) if holds(last) else None
    if since is None:
        raise Missed(f"never on screen: {what}. On it at last:\n{last}")
    return since


def first_shown(program: Program, holds: Callable[[str], bool], what: str) -> float:
    """When the screen held for the first time. Raises Missed when it never did."""
    last = ""
    for at, screen in screens(program.pieces, program.size):
        last = text(screen)
        if holds(last):
            return at
    raise Missed(f"never on screen: {what}. On it at last:\n{last}")


def changed_bytes(before: Sequence[Piece], after: Sequence[Piece], size: Size) -> int:
    """The bytes of the characters in those cells that another character or another look is in."""
    screen, old = None, {}
    for number, (_, screen) in enumerate(screens([*before, *after], size)):
        if number == len(before) - 1:
            old = _cells(screen)
    new = _cells(screen) if screen else {}
    changed = [new.get(place) for place in new.keys() | old.keys() if new.get(place) != old.get(place)]
    return sum(len(cell.data.encode()) if cell else 1 for cell in changed)  # what is gone takes a space


def _cells(screen: pyte.Screen) -> dict[tuple[int, int], pyte.screens.Char]:
    cells = {(y, x): screen.buffer[y][x] for y in range(screen.lines) for x in range(screen.columns)}
    return {place: cell for place, cell in cells.items() if cell != screen.default_char}


def _bytes(path: str, field: str) -> int:
    """The sum of what the fields say whose names begin so."""
    return sum(int(kb) * 1024 for kb in re.findall(rf"^{field}\w*:\s+(\d+) kB", _read(path), re.MULTILINE))


def _tasks(process: int) -> list[str]:
    try:
        return [each.name for each in Path(f"/proc/{process}/task").iterdir()]
    except OSError:
        return []


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:  # it has ended meanwhile
        return ""
