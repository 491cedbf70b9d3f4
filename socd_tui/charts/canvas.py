"""The canvas everything is drawn on: lines of spans, whose roles a theme turns into colours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from socd_tui.charts.glyphs import FULL, Glyphs
from socd_tui.model.record import dataclass
from socd_tui.model.target import Target
from socd_tui.model.text import cell_width, clip

Role = Literal[
    "ink",
    "faint",
    "accent",
    "data",
    "good",
    "warn",
    "bad",
    "title",
    "heat1",
    "heat2",
    "heat3",
    "heat4",
]
"""What a piece of the picture means; a theme says how it looks.

`data` is what figures are drawn with: bars, columns, gauges. `accent` means: one can go there.
"""


class Span(NamedTuple):
    """Text of one role. `cursor` marks what is under the cursor; `target` is where a click goes.

    What has `changed` with the newest refresh stands out.
    """

    text: str
    role: Role = "ink"
    target: Target | None = None
    cursor: bool = False
    changed: bool = False


Line = tuple[Span, ...]


@dataclass(frozen=True)
class Canvas:
    """How many columns and lines there are, and which glyphs the terminal can show."""

    width: int
    height: int
    glyphs: Glyphs = FULL

    def fit(self, lines: Iterable[Line]) -> list[Line]:
        """Exactly `height` lines of exactly `width` columns: padded where short, clipped where too long."""
        fitted = [
            fit_line(line, self.width, self.glyphs)
            for line, _ in zip(lines, range(self.height), strict=False)
        ]
        blank = (Span(" " * self.width),) if self.width else ()
        return fitted + [blank] * (self.height - len(fitted))

    def sized(self, *, width: int | None = None, height: int | None = None) -> Canvas:
        """A canvas of another size with the same glyphs; a negative size counts as 0."""
        return Canvas(
            max(self.width if width is None else width, 0),
            max(self.height if height is None else height, 0),
            self.glyphs,
        )


def fit_line(line: Line, width: int, glyphs: Glyphs = FULL) -> Line:
    """The line in exactly `width` columns, and in ASCII when the glyphs are."""
    if glyphs.level != "ascii" and line_width(line) == width:  # as most are
        return line
    fitted: list[Span] = []
    left = width
    for span in line:
        text = to_ascii(span.text) if glyphs.level == "ascii" else span.text
        text = _clip(text, left, glyphs.ellipsis)
        fitted.append(span if text is span.text else span._replace(text=text))
        left -= cell_width(text)
        if left <= 0:
            break
    if left > 0:
        fitted.append(Span(" " * left))
    return tuple(fitted)


_DIGIT_NEXT = re.compile(r"[.,]?[0-9]")
"""The rest of a number, which may begin with the mark between its groups."""


def _clip(text: str, width: int, ellipsis: str) -> str:
    """The text cut at its end. A number is left out rather than cut: its first digits are another number."""
    clipped = clip(text, width, ellipsis=ellipsis)
    kept = clipped.removesuffix(ellipsis)
    if clipped == text or not _DIGIT_NEXT.match(text, len(kept)):
        return clipped
    return kept.rstrip("0123456789.,") + ellipsis if width else ""


def plain(lines: Iterable[Line]) -> str:
    """The picture as text, for a pipe or a golden file."""
    return "\n".join("".join(span.text for span in line).rstrip() for line in lines)


def blanks_apart(text: str) -> tuple[str, str, str]:
    """The blanks before a text, the text, and those after it; of blanks alone all are before."""
    core = text.strip(" ")
    start = text.index(core) if core else len(text)
    return text[:start], core, text[start + len(core) :]


def line_width(line: Sequence[Span]) -> int:
    """Terminal columns the line takes."""
    return sum([cell_width(span.text) for span in line])


def justify(left: Line, right: Line, width: int) -> Line:
    """`left` and `right` at the two edges; the right one is left out when both do not fit."""
    gap = width - line_width(left) - line_width(right)
    return (*left, Span(" " * gap), *right) if gap >= 1 else left


_ASCII = str.maketrans({
    "…": "~", "–": "-", "—": "-", "−": "-", "·": ".", "×": "x", "÷": "/", "▲": "^", "▼": "v", "▸": ">",
    "─": "-", "╌": "-", "━": "=", "│": "|", "┤": "|", "└": "+", "┬": "+", "┼": "+", "≥": ">", "≤": "<",
    "›": ">",
    "’": "'", "“": '"', "”": '"', "←": "<", "→": ">", "↑": "^", "↓": "v", "●": "*", "○": "o", "\u00a0": " ",
})  # fmt: skip


def to_ascii(text: str) -> str:
    """The text in ASCII, as wide as before: marks are replaced by similar ones, letters lose their accents.

    "?" stands for what has no replacement.
    """
    if text.isascii():
        return text
    return "".join(map(_ascii_char, text.translate(_ASCII)))


def _ascii_char(char: str) -> str:
    if char.isascii():
        return char
    base, width = unicodedata.normalize("NFKD", char)[0], cell_width(char)
    return base.ljust(width) if base.isascii() and base.isprintable() else "?" * width
