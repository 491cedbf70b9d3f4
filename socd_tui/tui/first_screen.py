"""The terminal until Textual has it: the first picture is on it, and keys wait to be read.

Textual takes a quarter of a second to be there, this a fraction of it. The same sequences are written as by
Textual's driver, so that it finds the terminal as it would leave it, and what is shown is noted cell by cell:
it then writes what differs, and nothing blinks.
"""

from __future__ import annotations

import os
import select
import sys
import termios
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from socd_tui.charts.ansi import Depth, sgr
from socd_tui.charts.canvas import Line
from socd_tui.charts.look import Looks, pieces
from socd_tui.tui.guardian import RESTORE
from socd_tui.tui.terminal_cells import SYNC_END, SYNC_START, TerminalCells
from socd_tui.tui.ward import ward

ALTERNATE = "\x1b[?1049h"
"""To the alternate screen: what was on the terminal is there again afterwards."""
HIDE_CURSOR = "\x1b[?25l"


class FirstScreen:
    """The terminal of a guarded program, until Textual's driver takes it over."""

    def __init__(self) -> None:
        # Textual's driver has the same two: the output of a program may go elsewhere.
        self._keys, self._screen = sys.stdin.fileno(), sys.stderr
        self.cells = TerminalCells()
        self.size: tuple[int, int] = os.get_terminal_size(self._keys)
        """Columns and lines."""
        self.sources = [self._keys, ward().typed]
        """Where keys come from; of two at once those of the second were typed before."""
        self.unread = b""
        """Keys that were read, and are for whoever takes over."""
        self._modes: list[Any] | None = None
        self._is_ours = False

    def show(self, lines: Sequence[Line], looks: Looks, depth: Depth) -> None:
        """Draw all of the screen. From the first time on the terminal no longer shows what is typed."""
        begun = ""
        if not self._is_ours:
            self._is_ours = ward().drawn = ward().reading = True  # the guardian reads what asks to leave
            self._take_keys()
            begun = ALTERNATE + HIDE_CURSOR
        drawn = (
            (y, 0, [(text, sgr(look, depth)) for text, look in pieces(line, looks)])
            for y, line in enumerate(lines)
        )
        if written := begun + self.cells.laid(drawn):
            self._write(f"{SYNC_START}{written}{SYNC_END}")

    def has_input(self) -> bool:
        """Whether something was typed that nobody has read."""
        return bool(select.select(self.sources, [], [], 0)[0])

    def typed(self) -> bytes:
        """What was typed by now, of which there may be nothing. Raises OSError when the terminal is gone."""
        typed = b""
        for source in reversed(self.sources):
            # Looked at anew: the guardian takes out what nobody has read for a while.
            if select.select([source], [], [], 0)[0]:
                typed += os.read(source, 1024)
                ward().has_read()
        return typed

    def taken_over(self) -> list[Any] | None:
        """From now on another gives it back: with how it read keys before, None where that is not known."""
        self._is_ours = False
        return self._modes

    def give_back(self) -> None:
        """As it was, unless another has taken it over."""
        if self._is_ours:
            self._write(RESTORE.decode("ascii"))
            with suppress(termios.error):  # what was typed here is no command for the shell
                termios.tcflush(self._keys, termios.TCIFLUSH)
            self._read_keys_in(self._modes)
            self._is_ours = ward().drawn = ward().reading = False

    def _take_keys(self) -> None:
        with suppress(termios.error):
            self._modes = termios.tcgetattr(self._keys)
            modes = termios.tcgetattr(self._keys)
            modes[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
            modes[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
            modes[6][termios.VMIN] = 1
            self._read_keys_in(modes)

    def _read_keys_in(self, modes: list[Any] | None) -> None:
        if modes is not None:
            with suppress(termios.error):
                termios.tcsetattr(self._keys, termios.TCSANOW, modes)

    def _write(self, text: str) -> None:
        self._screen.write(text)
        self._screen.flush()


@contextmanager
def first_screen() -> Iterator[FirstScreen | None]:
    """The terminal, and in the end it is as it was; None where nobody would see to that after a kill.

    None, too, where the terminal does not say how large it is: Textual then knows what to do.
    """
    screen = None
    if ward().guarded:
        with suppress(OSError):
            screen = FirstScreen()
    if screen is not None and 0 in screen.size:
        screen = None
    try:
        yield screen
    finally:
        if screen is not None:
            screen.give_back()
