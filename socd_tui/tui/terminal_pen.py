"""Writes on a terminal, in one place after the other, with no more than what changes in between."""

from __future__ import annotations

import re

from socd_tui.tui.cell_style import PLAIN, Style, between

_FEWEST = " " * 5
_ERASED = re.compile(" {11,}| {5,}$")
"""Blanks that it takes less to erase, and to step over where something follows."""


class Pen:
    """Where the cursor is, and the style that is told."""

    def __init__(self, at: tuple[int, int] | None, *, width: int = 0, erases: bool = False) -> None:
        """`width` is the screen's; `erases`: whether what the terminal erases has the ground that is told."""
        self.at = at
        """The line and column of the terminal's cursor; None when it is not known."""
        self._width, self._erases = width, erases
        self._style = PLAIN
        self._written: list[str] = []

    def go(self, y: int, x: int) -> None:
        """Puts the terminal's cursor there."""
        if self.at != (y, x):
            self._written.append(self._way(y, x))
            self.at = y, x

    def _way(self, y: int, x: int) -> str:
        """The shortest one, from where the cursor is."""
        column = f";{x + 1}" if x else ""
        place = f"\x1b[{y + 1 if y or x else ''}{column}H"
        if self.at is None:
            return place
        before, back = self.at[0], self.at[1] - x
        if before == y and back < 0:
            return f"\x1b[{-back if back < -1 else ''}C"
        # Beyond the last column terminals disagree where they are.
        if before + 1 == y and back >= 0 and self.at[1] < self._width:
            left = f"\x1b[{back if back > 1 else ''}D" if back else ""
            return min(f"{left}\x1b[B", place, key=len)
        return place

    def far(self, style: Style) -> int:
        """How many bytes it takes to write in that style."""
        return 0 if style in (self._style, self._style.blank) else len(between(self._style, style))

    def write(self, y: int, x: int, text: str, style: Style) -> None:
        """Letters of one column each, from that line and column on."""
        self.go(y, x)
        if self._style is not style and not (text.isspace() and self._style.blank is style.blank):
            self._take(style)
        done = 0
        if self._erases and _FEWEST in text and not style.blank.attributes:
            for blanks in _ERASED.finditer(text):
                self._put(y, x + done, text[done : blanks.start()])
                self.go(y, x + blanks.start())
                self._written.append(f"\x1b[{len(blanks[0])}X")
                done = blanks.end()
        self._put(y, x + done, text[done:])

    def _put(self, y: int, x: int, text: str) -> None:
        if text:
            self.go(y, x)
            self._written.append(text)
            self.at = y, x + len(text)

    def write_on(self, y: int, x: int, text: str, style: Style) -> None:
        """Text of which nobody knows how far it leads, at a column, or after what was written last (-1)."""
        if x >= 0:
            self.go(y, x)
        if self._style is not style:
            self._take(style)
        self._written.append(text)
        self.at = None

    def done(self) -> str:
        """All that was written; the terminal's own style is left behind."""
        if self._style is not PLAIN:
            self._written.append("\x1b[m")
        return "".join(self._written)

    def _take(self, style: Style) -> None:
        self._written.append(between(self._style, style))
        self._style = style


def erases_in_colour(fileno: int) -> bool:
    """Whether a terminal can erase a number of cells ("ech" of terminfo(5)), and gives them the background
    colour that is set ("bce").

    As if it could not where terminfo does not know it, and without curses, which some Pythons lack.
    """
    try:
        import curses  # which only the app needs
    except ImportError:
        return False
    try:
        curses.setupterm(fd=fileno)
    except curses.error:
        return False
    return curses.tigetflag("bce") == 1 and bool(curses.tigetstr("ech"))
