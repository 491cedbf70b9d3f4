"""What the terminal shows, cell by cell, so that only what differs is written to it.

Textual writes whole pieces of lines, each with all of its colours: a step of the cursor over ssh is many
kilobytes. Between it and the terminal stands this: it reads what is to be written, lays it over what was
written before, and writes the cells that differ, with no more than what changes from one to the next.
What it does not know (other sequences, letters of two columns or none) it passes on as it is, and takes for
unknown what may be on the screen then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from socd_tui.model.text import cell_width

SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"

_TOKEN = re.compile(
    r"(?P<move>\x1b\[(?P<line>\d+);(?P<column>\d+)H)|(?P<style>\x1b\[(?P<codes>[\d;]*)m)"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f]+)|(?P<next>\n)|(?P<other>(?s:.))"
)
# Modes of the mouse, pastes, focus, the cursor, wrapping and resizing; titles, the clipboard and colours;
# the keyboard's protocol; the cursor's shape; questions; the bell.
_HARMLESS = re.compile(
    r"(?:\x1b\[\?(?:7|25|100[0-6]|101[56]|2004|2026|2048)(?:[hl]|\$p)"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[<>=]\d*u|\x1b\[\d* q|\x07)+"
)

GAP = 4
"""Cells that need not be written are, when it takes no more than to step over them."""

BOLD, DIM, UNDERLINE, REVERSE, STRUCK, DOUBLE = 1, 2, 4, 7, 9, 21
_OFF = {1: 22, 2: 22, 3: 23, 4: 24, 5: 25, 6: 25, 7: 27, 8: 28, 9: 29, 21: 24}
"""By the code that begins an attribute: the one that ends it."""
_ON_BLANKS = frozenset({UNDERLINE, REVERSE, STRUCK, DOUBLE})
"""Attributes that can be seen of a blank, too."""


class Style(NamedTuple):
    """Codes of the colours ("38;5;17", "" for the terminal's own), and of what else is on."""

    ink: str = ""
    ground: str = ""
    attributes: frozenset[int] = frozenset()

    @property
    def blank(self) -> Style:
        """What can be seen of it where there is no letter."""
        return self if self.attributes & _ON_BLANKS else Style(ground=self.ground)


PLAIN = Style()


class _Row:
    """The letters of a line and their styles; None where what is shown is not known."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.styles: list[Style | None] = []

    def reach(self, width: int) -> None:
        missing = width - len(self.letters)
        if missing > 0:
            self.letters += [""] * missing
            self.styles += [None] * missing


class TerminalCells:
    """What the terminal shows."""

    def __init__(self) -> None:
        self._rows: dict[int, _Row] = {}
        self._at: tuple[int, int] | None = None
        """The line and column of the terminal's cursor; None when it is not known."""
        self._held = False
        """Whether a picture has begun of which nothing was written yet."""

    def forget(self) -> None:
        """Something else has written to the terminal, or its size has changed."""
        self._rows.clear()
        self._at = None

    def changes(self, data: str) -> str:
        """What to write in place of `data`, so that the terminal shows what it would after all of it."""
        if data == SYNC_START:
            self._held = True
            return ""
        if data == SYNC_END and self._held:
            self._held = False
            return ""
        written = self._passed_on(data) if data.startswith("\x1b") else None
        if written is None:
            written = self._differing(data)
        if written and self._held:
            self._held = False
            return SYNC_START + written
        return written

    def _passed_on(self, data: str) -> str | None:
        return data if _HARMLESS.fullmatch(data) else None

    def _differing(self, data: str) -> str:
        pen = _Pen(self._at)
        style, at = PLAIN, self._at
        for token in _TOKEN.finditer(data):
            kind = token.lastgroup
            if kind == "text" and at is not None:
                y, x = at
                text = token["text"]
                if x >= 0 and _one_cell_each(text):
                    self._lay(y, x, text, style, pen)
                    at = y, x + len(text)
                else:  # terminals disagree how far this leads: so it is with the rest of the line
                    self._rows.pop(y, None)
                    pen.write_on(y, x, text, style)
                    at = y, -1
            elif kind == "style":
                known = changed(style, token["codes"])
                if known is None:
                    break
                style = known
            elif kind == "move":
                at = int(token["line"]) - 1, int(token["column"]) - 1
            elif kind == "next":
                at = None  # what follows says where it stands
            else:
                break
        else:
            if at is not None and at[1] >= 0:
                pen.go(*at)
            self._at = pen.at
            return pen.done()
        self.forget()
        return data

    def _lay(self, y: int, x: int, text: str, style: Style, pen: _Pen) -> None:
        """The text over what is there."""
        row = self._rows.get(y)
        if row is None:
            row = self._rows[y] = _Row()
        end = x + len(text)
        row.reach(end)
        letters, blank = list(text), style.blank
        styles = [style] * len(text)
        if blank is not style and " " in text:
            styles = [blank if letter == " " else style for letter in letters]
        if row.letters[x:end] == letters and row.styles[x:end] == styles:
            return
        for start, stop in _runs(row, x, letters, styles):
            pen.go(y, x + start)
            pen.write(letters[start:stop], styles[start:stop])
        row.letters[x:end], row.styles[x:end] = letters, styles


def _runs(row: _Row, x: int, letters: list[str], styles: list[Style]) -> Iterator[tuple[int, int]]:
    """Where cells differ, those that are near each other in one."""
    start = stop = -1
    for n, (letter, style) in enumerate(zip(letters, styles, strict=True)):
        if row.letters[x + n] == letter and row.styles[x + n] == style:
            continue
        if start >= 0 and n - stop <= GAP:
            stop = n + 1
            continue
        if start >= 0:
            yield start, stop
        start, stop = n, n + 1
    if start >= 0:
        yield start, stop


class _Pen:
    """Writes in one place after the other, and says no more than what changes in between."""

    def __init__(self, at: tuple[int, int] | None) -> None:
        self.at = at
        """The line and column of the terminal's cursor; None when it is not known."""
        self._style = PLAIN
        self._written: list[str] = []

    def go(self, y: int, x: int) -> None:
        """Puts the terminal's cursor there."""
        if self.at == (y, x):
            return
        if self.at is not None and self.at[0] == y and self.at[1] < x:
            self._written.append(f"\x1b[{x - self.at[1]}C")
        else:
            self._written.append(f"\x1b[{y + 1};{x + 1}H")
        self.at = y, x

    def write(self, letters: list[str], styles: list[Style]) -> None:
        """Letters of one column each, from where the cursor is."""
        for letter, style in zip(letters, styles, strict=True):
            seen = self._style.blank if letter == " " else self._style
            if seen != style:
                self._take(style)
            self._written.append(letter)
        if self.at is not None:
            self.at = self.at[0], self.at[1] + len(letters)

    def write_on(self, y: int, x: int, text: str, style: Style) -> None:
        """Text of which nobody knows how far it leads, at a column, or after what was written last (-1)."""
        if x >= 0:
            self.go(y, x)
        if self._style != style:
            self._take(style)
        self._written.append(text)
        self.at = None

    def done(self) -> str:
        """All that was written; the terminal's own style is left behind."""
        if self._style != PLAIN:
            self._written.append("\x1b[m")
        return "".join(self._written)

    def _take(self, style: Style) -> None:
        self._written.append(between(self._style, style))
        self._style = style


@lru_cache(maxsize=4096)
def _one_cell(letter: str) -> bool:
    return cell_width(letter) == 1


def _one_cell_each(text: str) -> bool:
    return text.isascii() or all(_one_cell(letter) for letter in text)


@lru_cache(maxsize=4096)
def changed(style: Style, codes: str) -> Style | None:
    """The style after a sequence "ESC [ codes m" (ECMA-48, 8.3.117); None when it holds what is not known."""
    rest = [int(code or 0) for code in codes.split(";")]
    while rest:
        code = rest.pop(0)
        if code == 0:
            style = PLAIN
        elif code in _OFF:
            style = style._replace(attributes=style.attributes | {code})
        elif code in _OFF.values():
            ended = {each for each, off in _OFF.items() if off == code}
            style = style._replace(attributes=style.attributes - ended)
        else:
            colour = _colour(code, rest)
            if colour is None:
                return None
            name, value = colour
            style = style._replace(ink=value) if name == "ink" else style._replace(ground=value)
    return style


def _colour(code: int, rest: list[int]) -> tuple[str, str] | None:
    """What a code says of the ink or the ground, with as many of the rest as belong to it, which it takes."""
    name = "ink" if code // 10 in (3, 9) else "ground"
    if code in (39, 49):
        return name, ""
    if 30 <= code <= 37 or 40 <= code <= 47 or 90 <= code <= 97 or 100 <= code <= 107:
        return name, str(code)
    count = {(38, 5): 2, (48, 5): 2, (38, 2): 4, (48, 2): 4}.get((code, rest[0] if rest else 0))
    if count is None or len(rest) < count:
        return None
    taken = [rest.pop(0) for _ in range(count)]
    return name, ";".join(map(str, [code, *taken]))


@lru_cache(maxsize=4096)
def between(before: Style, after: Style) -> str:
    """The shortest sequence that leads from one style to another."""
    ended = {_OFF[each] for each in before.attributes - after.attributes}
    begun = {each for each in after.attributes if each not in before.attributes or _OFF[each] in ended}
    codes = [*map(str, sorted(ended)), *map(str, sorted(begun))]
    codes += [after.ink or "39"] if after.ink != before.ink else []
    codes += [after.ground or "49"] if after.ground != before.ground else []
    anew = ["0", *map(str, sorted(after.attributes)), *filter(None, (after.ink, after.ground))]
    return f"\x1b[{min(';'.join(codes), ';'.join(anew), key=len)}m"
