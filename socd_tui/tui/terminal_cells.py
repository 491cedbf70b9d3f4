"""What the terminal shows, cell by cell, so that only what differs is written to it.

Textual writes whole pieces of lines, each with all of its colours: a step of the cursor over ssh is many
kilobytes. Between it and the terminal stands this: it reads what is to be written, lays it over what was
written before, and writes the cells that differ, with no more than what changes from one to the next.
What it does not know (other sequences, letters of two columns or none) it passes on as it is, and takes for
unknown what may be on the screen then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from socd_tui.model.text import cell_width

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

BOLD, DIM, UNDERLINE, REVERSE, STRUCK, DOUBLE = 1, 2, 4, 7, 9, 21
_OFF = {1: 22, 2: 22, 3: 23, 4: 24, 5: 25, 6: 25, 7: 27, 8: 28, 9: 29, 21: 24}
"""By the code that begins an attribute: the one that ends it."""
_ON_BLANKS = frozenset({UNDERLINE, REVERSE, STRUCK, DOUBLE})
"""Attributes that can be seen of a blank, too."""


class Style:
    """Codes of the colours ("38;5;17", "" for the terminal's own), and of what else is on.

    There is one of each, so that they can be told apart without looking into them: `styled` makes them.
    """

    __slots__ = ("attributes", "blank", "ground", "ink")

    def __init__(self, ink: str, ground: str, attributes: frozenset[int]) -> None:
        self.ink, self.ground, self.attributes = ink, ground, attributes
        seen = bool(attributes & _ON_BLANKS)
        self.blank: Style = self if seen or not (ink or attributes) else styled(ground=ground)
        """What can be seen of it where there is no letter."""


@cache
def styled(ink: str = "", ground: str = "", attributes: frozenset[int] = frozenset()) -> Style:
    """The style of these."""
    return Style(ink, ground, attributes)


PLAIN = styled("", "", frozenset())


Piece = tuple[int, int, Iterable[tuple[str, str]]]
"""Its line and column; texts, each with the codes of its style."""


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
        written = data if _HARMLESS.fullmatch(data) else self._differing(data)
        if written and self._held:
            self._held = False
            return SYNC_START + written
        return written

    def laid(self, pieces: Iterable[Piece], then: tuple[int, int]) -> str:
        """What to write so that the terminal shows these pieces, with its cursor at that line and column."""
        pen = _Pen(self._at)
        for y, x, texts in pieces:
            at = y, x
            for text, codes in texts:
                style = changed(PLAIN, codes)
                assert style is not None, f"what is {codes}?"
                at = self._lay(*at, text, style, pen)
        pen.go(*then)
        self._at = pen.at
        return pen.done()

    def _differing(self, data: str) -> str:
        pen = _Pen(self._at)
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
                at = self._lay(*at, token[kind or 0], own, pen)
                style = PLAIN if kind == "styled" else style
        else:
            if at is not None and at[1] >= 0:
                pen.go(*at)
            self._at = pen.at
            return pen.done()
        self.forget()
        return data

    def _lay(self, y: int, x: int, text: str, style: Style, pen: _Pen) -> tuple[int, int]:
        """The text over what is there, and where the next is; column -1 where nobody knows.

        Terminals disagree how far letters of other widths lead: the rest of such a line is passed on.
        """
        if x < 0 or not (text.isascii() or all(map(_one_cell, text))):
            self._rows.pop(y, None)
            pen.write_on(y, x, text, style)
            return y, -1
        row = self._rows.get(y)
        if row is None:
            row = self._rows[y] = _Row()
        end = x + len(text)
        row.reach(end)
        letters, blank = list(text), style.blank
        if blank is style or " " not in text:
            styles = [style] * len(text)
        else:
            styles = [blank if letter == " " else style for letter in text]
        old_letters, old_styles = row.letters[x:end], row.styles[x:end]
        if old_letters == letters and old_styles == styles:
            return y, end
        row.letters[x:end], row.styles[x:end] = letters, styles
        cells = zip(letters, old_letters, styles, old_styles, strict=True)
        differing = [
            n for n, (letter, old, now, before) in enumerate(cells) if letter != old or now is not before
        ]
        for start, stop in _together(differing):
            pen.go(y, x + start)
            pen.write(text[start:stop], style)
        return y, end


def _together(differing: list[int]) -> Iterator[tuple[int, int]]:
    """From where to where those columns lie, of which there is one at least; near ones in one."""
    start = last = differing[0]
    for at in differing:
        if at - last > GAP + 1:
            yield start, last + 1
            start = at
        last = at
    yield start, last + 1


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

    def write(self, text: str, style: Style) -> None:
        """Letters of one column each, from where the cursor is."""
        if text.isspace():
            style = style.blank
            if self._style.blank is not style:
                self._take(style)
        elif self._style is not style:
            self._take(style)
        self._written.append(text)
        if self.at is not None:
            self.at = self.at[0], self.at[1] + len(text)

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


@lru_cache(maxsize=4096)
def _one_cell(letter: str) -> bool:
    return cell_width(letter) == 1


@lru_cache(maxsize=4096)
def changed(style: Style, codes: str) -> Style | None:
    """The style after a sequence "ESC [ codes m" (ECMA-48, 8.3.117); None when it holds what is not known."""
    rest = [int(code or 0) for code in codes.split(";")]
    ink, ground, attributes = style.ink, style.ground, set(style.attributes)
    while rest:
        code = rest.pop(0)
        if code == 0:
            ink = ground = ""
            attributes.clear()
        elif code in _OFF:
            attributes.add(code)
        elif code in _OFF.values():
            attributes -= {each for each, off in _OFF.items() if off == code}
        else:
            colour = _colour(code, rest)
            if colour is None:
                return None
            ink, ground = (colour, ground) if code // 10 in (3, 9) else (ink, colour)
    return styled(ink, ground, frozenset(attributes))


def _colour(code: int, rest: list[int]) -> str | None:
    """The colour that a code begins, "" for the terminal's own, with as many of the rest as it takes."""
    if code in (39, 49):
        return ""
    if 30 <= code <= 37 or 40 <= code <= 47 or 90 <= code <= 97 or 100 <= code <= 107:
        return str(code)
    count = {(38, 5): 2, (48, 5): 2, (38, 2): 4, (48, 2): 4}.get((code, rest[0] if rest else 0))
    if count is None or len(rest) < count:
        return None
    return ";".join(map(str, [code, *(rest.pop(0) for _ in range(count))]))


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
