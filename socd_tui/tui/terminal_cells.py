"""What the terminal shows, cell by cell, so that only what differs is written to it.

Textual writes whole pieces of lines, each with all of its colours: a step of the cursor over ssh is many
kilobytes. Between it and the terminal stands this: it reads what is to be written, lays it over what was
written before, and writes the cells that differ, with no more than what changes from one to the next.
What it does not know (other sequences, letters of two columns or none) it passes on as it is, and takes for
unknown what may be on the screen then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest

from socd_tui.model.text import cell_width
from socd_tui.tui.cell_style import PLAIN, Style, changed
from socd_tui.tui.terminal_pen import Pen

SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"

# Textual's: a piece with all of its style, and where the next one stands. A piece without style is bare.
_TOKEN = re.compile(
    r"\x1b\[(?P<codes>[\d;]*)m(?P<styled>[^\x00-\x1f\x7f-\x9f]+)\x1b\[0m"
    r"|\x1b\[(?P<line>\d+);(?P<column>\d+)H|(?P<bare>[^\x00-\x1f\x7f-\x9f]+)|(?P<next>\n)"
    r"|\x1b\[(?P<style>[\d;]*)m|(?P<other>(?s:.))"
)
# Modes of the mouse, pastes, focus, the cursor, wrapping and resizing; titles, the clipboard and colours;
# the keyboard's protocol; the cursor's shape; questions; the bell.
_HARMLESS = re.compile(
    r"(?:\x1b\[\?(?:7|25|100[0-6]|101[56]|2004|2026|2048)(?:[hl]|\$p)"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[<>=]\d*u|\x1b\[\d* q|\x07)+"
)

GAP = 4
"""Cells that need not be written are, when it takes no more than to step over them."""

Piece = tuple[int, int, Iterable[tuple[str, str]]]
"""Its line and column; texts, each with the codes of its style."""


class _Row:
    """The letters of a line and their styles; None where what is shown is not known."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.styles: list[Style | None] = []

    def lay(self, x: int, text: str, styles: Sequence[Style]) -> None:
        """The text, of letters of one column, from that column on; the style of each."""
        end = x + len(text)
        missing = end - len(self.letters)
        if missing > 0:
            self.letters += [""] * missing
            self.styles += [None] * missing
        self.letters[x:end] = text
        self.styles[x:end] = styles

    def copy(self) -> _Row:
        copied = _Row()
        copied.letters, copied.styles = self.letters.copy(), self.styles.copy()
        return copied

    def since(self, before: _Row) -> Iterator[tuple[int, str, Style]]:
        """What differs from before, as pieces of one style: column, text and style."""
        if self.letters == before.letters and self.styles == before.styles:
            return
        letters, styles = self.letters, self.styles
        cells = enumerate(zip_longest(letters, before.letters, styles, before.styles))
        start = stop = 0
        ink: Style | None = None
        for x in [x for x, (letter, old, style, was) in cells if letter != old or style is not was]:
            style = styles[x]
            # The first two as most cells are; all of it is what `_joined` would say of the next cell.
            if x > stop or not (style is ink or (ink and style is ink.blank and letters[x] == " ")):
                joined = self._joined(start, stop, x, ink) if ink and x - stop <= GAP else None
                if joined is None:
                    if ink:
                        yield start, "".join(letters[start:stop]), ink
                    start, joined = x, style
                ink = joined
            stop = x + 1
        if ink:
            yield start, "".join(letters[start:stop]), ink

    def _joined(self, start: int, stop: int, last: int, ink: Style) -> Style | None:
        """The one style that a piece can have with all until the last column; None where it cannot."""
        for x in range(stop, last + 1):
            style = self.styles[x]
            if style is ink or (style is ink.blank and self.letters[x] == " "):
                continue
            if style is None or style.blank is not ink or set(self.letters[start:x]) != {" "}:
                return None
            ink = style
        return ink


def _styles(text: str, style: Style) -> list[Style]:
    """That of each letter, of which blanks show less."""
    blank = style.blank
    if blank is style or " " not in text:
        return [style] * len(text)
    if text.isspace():
        return [blank] * len(text)
    return [blank if letter == " " else style for letter in text]


def _told(codes: str) -> Style:
    """The style that these codes alone tell."""
    style = changed(PLAIN, codes)
    assert style is not None, f"what is {codes}?"
    return style


class TerminalCells:
    """What the terminal shows."""

    erases = False
    """Whether the terminal gives what is erased the ground that is told (`erases_in_colour`)."""

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
        written = data if _HARMLESS.fullmatch(data) else self._differing(data)
        if written and self._held:
            self._held = False
            return SYNC_START + written
        return written

    def laid(self, pieces: Iterable[Piece], then: tuple[int, int] | None = None) -> str:
        """What to write so that the terminal shows these pieces; `then` is where its cursor is to be left."""
        sheet = _Sheet(self._rows)
        for y, x, texts in pieces:
            sheet.lay_line(y, x, [(text, _told(codes)) for text, codes in texts])
        return self._written(sheet, then)

    def _differing(self, data: str) -> str:
        sheet = _Sheet(self._rows)
        style, at = PLAIN, self._at
        for token in _TOKEN.finditer(data):
            kind = token.lastgroup
            if kind == "column":
                at = int(token["line"]) - 1, int(token["column"]) - 1
            elif kind == "next":
                at = None  # what follows says where it stands
            elif kind == "style":
                after = changed(style, token["style"])
                if after is None:
                    break
                style = after
            elif at is None or kind == "other":
                break
            else:
                own = changed(style, token["codes"]) if kind == "styled" else style
                if own is None:
                    break
                at = sheet.lay(*at, token[kind or 0], own)
                style = PLAIN if kind == "styled" else style
        else:
            return self._written(sheet, at if at is not None and at[1] >= 0 else None)
        self.forget()
        return data

    def _written(self, sheet: _Sheet, then: tuple[int, int] | None) -> str:
        width = max((len(row.letters) for row in self._rows.values()), default=0)
        pen = Pen(self._at, width=width, erases=self.erases)
        sheet.write(pen)
        if then is not None:
            pen.go(*then)
        self._at = pen.at
        return pen.done()


_Placed = tuple[int, int, str]
"""The line, column and text of a piece."""
_ByStyle = dict[Style, list[_Placed]]


class _Sheet:
    """What is laid over the rows of a terminal, until it is written."""

    def __init__(self, rows: dict[int, _Row]) -> None:
        self._rows = rows
        self._before: dict[int, _Row] = {}
        """Rows that something was laid over, as the terminal shows them."""
        self._first: list[tuple[int, int, str, Style]] = []
        """Line, column, text and style of what has to be written in this order, before all else."""

    def lay(self, y: int, x: int, text: str, style: Style) -> tuple[int, int]:
        """The text over what is there, and where the next is; column -1 where nobody knows.

        Terminals disagree how far letters of other widths lead: the rest of such a line is passed on.
        """
        if x < 0 or not (text.isascii() or all(map(_one_cell, text))):
            self._first += self._differing(y)
            self._first.append((y, x, text, style))
            self._rows.pop(y, None)
            self._before[y] = _Row()
            return y, -1
        self._row(y).lay(x, text, _styles(text, style))
        return y, x + len(text)

    def _row(self, y: int) -> _Row:
        """The row to lay over, which stays as the terminal shows it, too."""
        row = self._rows.get(y)
        if row is None:
            row = self._rows[y] = _Row()
        if y not in self._before:
            self._before[y] = row.copy()
        return row

    def lay_line(self, y: int, x: int, texts: Sequence[tuple[str, Style]]) -> None:
        """Texts that follow each other."""
        joined = "".join([text for text, _ in texts])
        if joined.isascii() or all(map(_one_cell, joined)):
            styles: list[Style] = []
            for text, style in texts:
                styles += _styles(text, style)
            self._row(y).lay(x, joined, styles)
            return
        for text, style in texts:
            _, x = self.lay(y, x, text, style)

    def write(self, pen: Pen) -> None:
        """With all that has one style together: to go elsewhere takes less than to tell another colour."""
        for piece in self._first:
            pen.write_on(*piece)
        by_style: _ByStyle = {}
        for y in self._before:
            for _, x, text, style in self._differing(y):
                by_style.setdefault(style, []).append((y, x, text))
        while by_style:
            grounds = {style.blank for style in by_style if style.blank is not style}
            style = min((each for each in by_style if each not in grounds), key=pen.far)
            for y, x, text in self._with_blanks(by_style, style):
                pen.write(y, x, text, style)

    @staticmethod
    def _with_blanks(by_style: _ByStyle, style: Style) -> list[_Placed]:
        """Takes out what has that style, with the blanks on its lines that look the same in it."""
        pieces, beside = by_style.pop(style), by_style.get(style.blank, [])
        lines = {y for y, _, _ in pieces}
        blanks = [each for each in beside if each[0] in lines and each[2].isspace()]
        if blanks:
            by_style[style.blank] = [each for each in beside if each not in blanks]
            pieces = sorted([*pieces, *blanks])
        return pieces

    def _differing(self, y: int) -> list[tuple[int, int, str, Style]]:
        if y not in self._before or y not in self._rows:
            return []
        return [(y, x, text, style) for x, text, style in self._rows[y].since(self._before[y])]


@lru_cache(maxsize=4096)
def _one_cell(letter: str) -> bool:
    return cell_width(letter) == 1
