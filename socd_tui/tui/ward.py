"""What the program tells its guardian, and gets from it."""

from __future__ import annotations

import mmap
import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

PRESSED = 128
"""What is added to a signal's number when only a key that nobody obeys asks for what it would do."""

# As keys, and as kitty's protocol writes them.
_CTRL_C = rb"\x03|\x1b\[99(?::[0-9:]*)?;5(?::1)?(?:;[0-9:]*)?u"
_QUIT = rb"\Aq\Z|\x11|\x1b\[113(?::[0-9:]*)?(?:;[15]?(?::1)?(?:;[0-9:]*)?)?u"

_READS, _READING, _QUITS, _DRAWN = range(4)
_FOLDERS = 16
"""Where the names of folders begin."""
_SIZE = 4 * mmap.PAGESIZE


class Ward:
    """Some memory that both processes see, and two pipes."""

    def __init__(self, board: mmap.mmap | None = None, typed: int = -1, signals: int = -1) -> None:
        self._board = board or mmap.mmap(-1, _SIZE)
        self.typed = typed
        """Where keys come from that the guardian took out of the terminal; -1 without one."""
        self.signals = signals
        """Where the numbers of signals go, at the moment they come; -1 without a guardian."""

    def with_pipes(self, *, typed: int, signals: int) -> Ward:
        """The same, as the child has it."""
        return Ward(self._board, typed, signals)

    @property
    def guarded(self) -> bool:
        return self.typed >= 0

    @property
    def reads(self) -> int:
        """How often the program has read what was typed, modulo 256."""
        return self._board[_READS]

    def has_read(self) -> None:
        self._board[_READS] = (self.reads + 1) % 256

    @property
    def reading(self) -> bool:
        """Whether the program waits for keys."""
        return bool(self._board[_READING])

    @reading.setter
    def reading(self, now: bool) -> None:
        self._board[_READING] = now

    @property
    def quits(self) -> bool:
        """Whether the key q would end the program, and is no part of a text."""
        return bool(self._board[_QUITS])

    @quits.setter
    def quits(self, now: bool) -> None:
        self._board[_QUITS] = now

    @property
    def drawn(self) -> bool:
        """Whether the terminal is in the program's modes."""
        return bool(self._board[_DRAWN])

    @drawn.setter
    def drawn(self, now: bool) -> None:
        self._board[_DRAWN] = now

    @property
    def folders(self) -> Sequence[str]:
        """Temporary ones, which the program removes in the end."""
        return [os.fsdecode(name) for name in self._board[_FOLDERS:].split(b"\0") if name]

    def leave_nothing_in(self, folder: str) -> None:
        """Has the guardian remove it where the program does not come to that."""
        names = b"\0".join(map(os.fsencode, (*self.folders, folder)))
        if _FOLDERS + len(names) <= _SIZE:
            self._board[_FOLDERS : _FOLDERS + len(names)] = names


_ward = Ward()


def become_ward(mine: Ward) -> None:
    """Called once in the child."""
    global _ward
    _ward = mine


def ward() -> Ward:
    """This process's side; one that nobody looks at where there is no guardian."""
    return _ward


def asked_for(keys: bytes, *, quits: bool) -> int | None:
    """What these keys ask a program for that does not answer: a signal's number, or 0 for its usual end."""
    if re.search(_CTRL_C, keys):
        from signal import SIGINT

        return SIGINT
    return 0 if quits and re.search(_QUIT, keys) else None
