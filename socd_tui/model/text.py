"""Text written by other people, made harmless before anything can show it.

Key names, paths, tiers and error messages come from the network. A terminal obeys escape sequences,
bidirectional overrides reorder what is read, and a name may be a megabyte long. `Text` keeps what the
service said for exports and carries the inert form that screens and tables use.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

MAX_CODE_POINTS = 256
"""Longest text kept for display; the documented limit of a key name is 100."""

MAX_MARKS = 2
"""Combining marks kept on one base: enough for written languages, too few to paint over other lines."""

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_REPLACED = frozenset({"Cc", "Cs", "Zl", "Zp", "Cn", "Co"})
_MARKS = frozenset({"Mn", "Me"})


@dataclass(frozen=True)
class Text:
    """One piece of foreign text: `original` for exports, `shown` for people."""

    original: str
    shown: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shown", inert(self.original))

    def __str__(self) -> str:
        return self.shown


def inert(original: str) -> str:
    """The text with nothing left in it that a terminal or a reader's eye could be tricked by.

    Controls, surrogates, line separators, unassigned and private-use code points become U+FFFD;
    format characters (bidi, zero width, tags) and marks beyond two on one base are dropped.
    """
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", original[:MAX_CODE_POINTS]):
        category = unicodedata.category(char)
        if category == "Cf":
            continue
        marks = marks + 1 if category in _MARKS else 0
        if marks > MAX_MARKS:
            continue
        kept.append(REPLACEMENT if category in _REPLACED else char)
    return "".join(kept)


def cell_width(text: str) -> int:
    """Terminal columns the text takes: 2 for East Asian wide, 0 for combining marks, else 1."""
    if text.isascii():
        return len(text)
    return sum(map(_char_width, text))


def clip(text: str, width: int, *, ellipsis: str = "…") -> str:
    """The text cut at its end to at most `width` columns, with an ellipsis where something was lost."""
    if cell_width(text) <= width:
        return text
    room = width - cell_width(ellipsis)
    if room < 0:
        return ellipsis[: max(width, 0)]
    return _head(text, room) + ellipsis


def clip_middle(text: str, width: int, *, ellipsis: str = "…") -> str:
    """Like `clip`, but cut in the middle: both ends of a path carry its meaning."""
    if cell_width(text) <= width:
        return text
    room = width - cell_width(ellipsis)
    if room < 2:
        return clip(text, width, ellipsis=ellipsis)
    head = _head(text, room // 2)
    tail = _head(text[::-1], room - cell_width(head))[::-1]
    return head + ellipsis + tail


def clip_name(text: str, width: int, *, ellipsis: str = "…") -> str:
    """Like `clip`, but what follows the last "#" stays: it tells namesakes apart."""
    name, mark, tail = text.rpartition("#")
    room = width - cell_width(mark + tail)
    if not mark or room < 2:
        return clip(text, width, ellipsis=ellipsis)
    return clip(name, room, ellipsis=ellipsis) + mark + tail


def _char_width(char: str) -> int:
    if unicodedata.category(char) in _MARKS:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _head(text: str, width: int) -> str:
    used = 0
    for index, char in enumerate(text):
        used += _char_width(char)
        if used > width:
            return text[:index]
    return text
