"""Text from the service, made harmless before it is shown.

Key names, paths, tiers and error messages come from the network. They may contain escape sequences, which a
terminal obeys, or bidirectional overrides, which reorder a line, and may be a megabyte long. `Text` has the
original for exports, and the harmless form that screens and tables show.
"""

from __future__ import annotations

import codecs
import unicodedata
from functools import cached_property, lru_cache

from socd_tui.model.record import dataclass

MAX_CODE_POINTS = 256
"""Longest text that is shown; the documented limit of a key name is 100."""

LONGEST_SENTENCE = 4_000
"""Code points that are said of one mistake at most."""

MAX_MARKS = 2
"""Combining marks of one kind (stacking, spacing) kept after one letter: enough for written languages, too
few to cover other lines."""

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

PLAIN, DROPPED, REPLACED, STACKING, SPACING = range(5)
"""What becomes of a character: the last two are marks above or below a letter, and beside it."""

_MARKED_AS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}

_UNSAFE = frozenset({"Cc", "Cs", "Zl", "Zp", "Cn", "Co"})
_MARKS = frozenset({"Mn", "Me"})
_COMBINING = _MARKS | {"Mc"}


def _ranges(*ranges: tuple[int, int]) -> frozenset[str]:
    return frozenset(chr(point) for first, last in ranges for point in range(first, last + 1))


_INVISIBLE = _ranges(
    (0xFE00, 0xFE0F),  # variation selectors: terminals disagree whether one widens its base
    (0xE0100, 0xE01EF),
    (0x1F3FB, 0x1F3FF),  # skin tones: a terminal gives them no column, or two
    (0x034F, 0x034F),  # and other marks that show nothing
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x115F, 0x1160),  # Hangul fillers: letters that show nothing
    (0x3164, 0x3164),
    (0xFFA0, 0xFFA0),
)
_JAMO = _ranges((0x1161, 0x11FF), (0xD7B0, 0xD7C6), (0xD7CB, 0xD7FB))
"""Hangul vowels and final consonants, which combine with the syllable before them."""

_WIDE_SINCE_UNICODE_16 = _ranges(
    (0x2630, 0x2637), (0x268A, 0x268F), (0x4DC0, 0x4DFF), (0x1D300, 0x1D356), (0x1D360, 0x1D376)
)
"""Two columns wide for Rich, which Textual draws with; `unicodedata` knows them only from Python 3.14 on."""


@dataclass(frozen=True)
class Text:
    """One text from the service."""

    original: str
    """As it came."""

    @cached_property
    def shown(self) -> str:
        """In its harmless form."""
        return inert(self.original)

    def __str__(self) -> str:
        return self.shown


def decoded(data: bytes) -> str:
    """The text of a file or a pipe: UTF-8, or UTF-16 as some programs save and redirect it, without its mark.

    What is neither becomes U+FFFD.
    """
    for mark, encoding in _MARKED_AS.items():
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    half = data[:4096:2].count(0), data[1:4096:2].count(0)
    if max(half) * 3 > len(data[:4096]):
        return data.decode("utf-16-be" if half[0] > half[1] else "utf-16-le", "replace")
    return data.decode("utf-8", "replace")


def inert(original: str, limit: int = MAX_CODE_POINTS) -> str:
    """The text without anything that controls a terminal, reorders a line or has no certain width.

    Controls, surrogates, line separators, unassigned and private-use code points become U+FFFD. Dropped
    are format characters (bidirectional, zero width, tags), variation selectors, skin tones and fillers,
    and more than `MAX_MARKS` marks of a kind after one letter. At most `limit` code points are kept.
    """
    if original.isascii() and original.isprintable():
        return original[:limit]
    original = original[:limit]
    kinds = [*map(_kind, original)]
    if not any(kinds) and unicodedata.is_normalized("NFC", original):
        return original
    # What is dropped is dropped before composing: it may have stood between a letter and its accent.
    harmless = "".join(
        REPLACEMENT if kind == REPLACED else char
        for char, kind in zip(original, kinds, strict=True)
        if kind != DROPPED
    )
    kept: list[str] = []
    stacking = spacing = 0
    for char in unicodedata.normalize("NFC", harmless):
        kind = _kind(char)
        if kind == STACKING:
            stacking += 1
        elif kind == SPACING:
            spacing += 1
        else:
            stacking = spacing = 0
        if max(stacking, spacing) <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)[:limit]  # composing can lengthen: some characters only exist in parts


def quoted(shown: str) -> str:
    """'so': a text of somebody else in a sentence of ours, which no quote within it can end."""
    return "'" + shown.replace("'", "’") + "'"


def quoted_value(value: object) -> str:
    """The same of any value that somebody has written, cut where it is long."""
    try:
        text = str(value)
    except (ValueError, RecursionError):  # more digits than Python writes, lists too deep
        text = "that"
    return quoted(clip(inert(text), 60))


def is_harmless(char: str) -> bool:
    """Whether a terminal may get it, wherever it stands."""
    return _kind(char) not in (DROPPED, REPLACED)


def sentence(said: str) -> str:
    """What is said of a mistake, inert as a whole: it may repeat what was typed, sent, or found in a file."""
    return inert(said, LONGEST_SENTENCE)


# Each letter of a filter compares every name again: 1,000 names outside ASCII take 9 to 17 ms, with this
# cache 0.1 ms.
@lru_cache(maxsize=1 << 14)
def folded(text: str) -> str:
    """The one form in which what a person typed is compared with what is shown.

    Inert, in normal form C, without regard to case (Unicode's full case folding: STRASSE is Straße) and to
    how many blanks stand between words, which few people can see.
    """
    words = " ".join(inert(text).split())
    if words.isascii():
        return words.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", words).casefold())


def cell_width(text: str) -> int:
    """Terminal columns that the text takes: 2 for an East Asian wide character, 0 for a mark, else 1.

    For the result of `inert` this is also what Rich counts: no character's width depends on its neighbours.
    """
    if text.isascii():
        return len(text)
    return _piece_width(text) if len(text) <= MAX_CODE_POINTS else sum(map(_char_width, text))


@lru_cache(maxsize=1 << 14)
def _piece_width(text: str) -> int:
    """Of what is drawn again and again: bars, columns, cut names."""
    return sum(map(_char_width, text))


def counted(count: int, noun: str) -> str:
    """1 key, 1,234 keys."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def clip(text: str, width: int, *, ellipsis: str = "…") -> str:
    """The text, cut at its end to at most `width` columns; an ellipsis marks the cut."""
    if cell_width(text) <= width:
        return text
    room = width - cell_width(ellipsis)
    if room < 0:
        return ellipsis[: max(width, 0)]
    return _head(text, room) + ellipsis


def clip_middle(text: str, width: int, *, ellipsis: str = "…") -> str:
    """Like `clip`, but cut in the middle, for paths: both ends of one are needed to recognise it."""
    if cell_width(text) <= width:
        return text
    room = width - cell_width(ellipsis)
    if room < 2:
        return clip(text, width, ellipsis=ellipsis)
    return _ends(text, room // 2, room, ellipsis)


def clip_name(text: str, width: int, *, ellipsis: str = "…") -> str:
    """Like `clip`, but never cut after the last "#": that suffix distinguishes keys of the same name.

    Names often differ at their end ("… staging", "… production"), so some of it stays where there is room.
    """
    name, mark, tail = text.rpartition("#")
    room = width - cell_width(mark + tail)
    if not mark or room < 2:
        return _clip_words(text, width, ellipsis)
    return _clip_words(name, room, ellipsis) + mark + tail


def _clip_words(name: str, width: int, ellipsis: str) -> str:
    """Cut at a third from its end, or at its end where too little would be left of the beginning."""
    if cell_width(name) <= width:
        return name
    room = width - cell_width(ellipsis)
    return clip(name, width, ellipsis=ellipsis) if room < 9 else _ends(name, room - room // 3, room, ellipsis)


def _ends(text: str, first: int, room: int, ellipsis: str) -> str:
    """So many columns of the beginning, and of the end as many more as there is room."""
    head = _head(text, first)
    tail = _head(text[::-1], room - cell_width(head))[::-1]
    while tail and not _char_width(tail[0]):  # a mark whose base was cut away
        tail = tail[1:]
    return head + ellipsis + tail


@lru_cache(maxsize=1 << 17)
def _kind(char: str) -> int:
    """What becomes of a character."""
    category = unicodedata.category(char)
    if category == "Cf" or char in _INVISIBLE:
        return DROPPED
    if category in _UNSAFE:
        return REPLACED
    if category in _MARKS or char in _JAMO:
        return STACKING
    return SPACING if category == "Mc" else PLAIN


@lru_cache(maxsize=1 << 17)
def _char_width(char: str) -> int:
    if unicodedata.category(char) in _COMBINING or char in _JAMO:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" or char in _WIDE_SINCE_UNICODE_16 else 1


def _head(text: str, width: int) -> str:
    used = 0
    for index, char in enumerate(text):
        used += _char_width(char)
        if used > width:
            return text[:index]
    return text
