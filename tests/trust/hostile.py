"""Texts that other people may have chosen, and what a terminal must not get of them."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64decode
from collections.abc import Iterable
from random import Random

MARKUP = (
    "prod [/b] key",
    "[@click=app.quit]x[/]",
    "[@click=app.bell()]y[/]",
    "[link=https://evil.example]z[/link]",
    "[bold red on white]" * 20,
    "[",
    "[/",
    "[[",
    "\\[b]",
    "$primary [$error]",
    "[@click=app.action_export]e[/]",
    "{0} {name} %s %n ${HOME} `id` $(id)",
    "<script>alert(1)</script>",
    "![x](https://evil.example/p.png) | cell | <br>",
    "=1+1",
    "@SUM(A1)",
    "+1",
    "-1",
    "=HYPERLINK(\"https://evil.example\";\"x\")",
)  # fmt: skip

SEQUENCES = (
    "\x1b[2J\x1b]0;title\x07red",
    "\x1b]52;c;Y2FuYXJ5\x07clip",
    "\x1b]52;c;Y2FuYXJ5\x1b\\clip",
    "\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1b[31mred",
    "\x1b[6n\x1b[c\x1b[>c",
    "\x1b[?1049l\x1b[?25h",
    "\x1bc",
    "\x1b(0lqk",
    "\x1bP$q q\x1b\\dcs",
    "\x1b_Gf=24;AAAA\x1b\\apc",
    "\x1b^pm\x1b\\",
    "\x1b[20t\x1b[21t",
    "\x1b[1;1Htop",
    "\x1b]1337;File=inline=1:AAAA\x07",
    "\x1b]4;1;rgb:ff/00/00\x07",
    "\x1b[?2004l",
    "\x9b31mC1\x00",
    "\x9d0;title\x9c",
    "\x90q\x9c",
    "a\r\nb\tc",
    "over\rwritten",
    "back\b\b\bspace",
    "line\u2028break\u2029",
    "bell\x07\x07",
    "shift\x0e\x0f",
    "\x1b",
    "\x1b[",
    "\x1b]",
    "\x85next",
    "del\x7f\x7f",
)

ORDER = (
    "\u202egnp.exe\u2066\u200b",
    "\u202a\u202b\u202c\u202d\u202e",
    "\u2066\u2067\u2068\u2069",
    "\u061c\u200e\u200f",
    "a\u200bb\u200cc\u200dd\u2060e\ufeff",
    "\U000e0041\U000e0042\U000e007f",
    "x\ufe0f\ufe0e",
    "\u115f\u1160\u3164\uffa0",
    "e" + "\u0301" * 50,
    "\u0e19\u0e33" + "\u0e49" * 20,
    "z\u0489\u0488" * 10,
    "字" * 100,
    "字" * 1000,
    "a" * 4000,
    "\ud800",
    "x\udfff\ud83dy",
    "\ue000\uf8ff\U000f0000",
    "\ufffe\uffff\U0001ffff",
    "\u0378\u0380",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f44d\U0001f3fd",
    "\u1160\u11a8" * 30,
    "\xad\u034f\u180e\u2061",
    "\u0600\u06dd\u070f\u08e2",
    "\ufff9a\ufffab\ufffb",
    "\U0001d173\U0001d17a",
    "مرحبا بالعالم",
    "שלום 123 abc",
)

_KINDS = ("Cc", "Cf", "Zl", "Zp", "Co", "Cs")


def texts(count: int, chance: Random) -> list[str]:
    """So many hostile texts: those above first, then each single character that is one, then mixtures."""
    planes = (range(0x3000), range(0xD7FF, 0xD801), range(0xF8FF, 0x10000), range(0xE0000, 0xE0080))
    points = [chr(point) for plane in planes for point in plane]
    single = [f"a{char}b" for char in points if unicodedata.category(char) in _KINDS]
    handmade = [*MARKUP, *SEQUENCES, *ORDER]
    if count < len(handmade):
        return chance.sample(handmade, count)
    pieces = [*handmade[: len(handmade) - 16], *single]
    found = dict.fromkeys([*handmade, *chance.sample(single, min(count // 2, len(single)))])
    while len(found) < count:
        found["".join(chance.choices(pieces, k=3))] = None
    return [*found][:count]


_OBEYED = re.compile(
    rb"\x1b(?:\[[0-9;:<=>?$ ]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[P_^][^\x1b]*\x1b\\|[ -/]*[0-~])", re.DOTALL
)
_ANYWHERE = re.compile(rb"\x1b\[[0-9;:]*[mHBCDX]")
"""Colours, places and steps of the cursor, and blanks, whose numbers differ with the text."""
_CLIPBOARD = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)(?:\x07|\x1b\\)")

_FOREIGN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_UNSEEN = re.compile(
    "[\u034f\u17b4\u17b5\u180b-\u180f\u115f\u1160\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)


def sequences(output: bytes) -> set[bytes]:
    """Every sequence a terminal obeys, word for word except for colours, places and the clipboard."""
    found = _OBEYED.findall(_CLIPBOARD.sub(b"", output))
    return {each for each in found if not _ANYWHERE.fullmatch(each)}


def foreign(output: bytes, harmless: Iterable[bytes]) -> list[str]:
    """What a terminal got that a run with harmless texts does not send: sequences and characters."""
    copied = [b64decode(each).decode("utf-8", "replace") for each in _CLIPBOARD.findall(output)]
    drawn = _OBEYED.sub(b"", output).decode("utf-8", "replace")
    bad = [f"drawn {char!a}" for char in bad_characters(drawn)]
    bad += [f"copied {char!a}" for char in bad_characters("".join(copied))]
    return [*map(repr, sequences(output) - {*harmless}), *bad]


def bad_characters(text: str) -> set[str]:
    """What controls a terminal, reorders a line or cannot be seen; not the ends of lines."""
    return {
        char
        for char in set(text) - {"\r", "\n"}
        if unicodedata.category(char) in _FOREIGN or _UNSEEN.match(char)
    }
