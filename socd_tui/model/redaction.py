"""Texts that leave the program by no plan of ours, without a secret in any form libraries write it in."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from functools import lru_cache
from itertools import accumulate
from math import ceil
from urllib.parse import quote

HIDDEN = "****"

LEAST = 8
"""Characters from which a part of a secret is a secret: shorter ones are in any text."""

PIECE = 12
"""Characters in a row of a secret that give it away, wherever it was cut or wrapped."""

_TOKEN = re.compile(r"(?:eyJ[\w-]{4,}+|(?<!\w)(?i:eyJ)[\w-]{8,}+)(?:\.[\w-]*+)*+", re.ASCII)
"""A JSON Web Token, or its beginning, that nobody has told us of; perhaps without its capitals."""

_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FOLDED = str.maketrans(_CAPITALS, _CAPITALS.lower())
"""Host names and headers lose their capitals. Only ASCII's, so that a text keeps its length."""

_BETWEEN = frozenset("\0 \t\r\n\"'`,|")
"""What wraps, groups or quotes a text; UTF-16 has a NUL after each character."""

_BASE64URL = str.maketrans("+/", "-_")


def redacted(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets, their parts between dots, and any `PIECE` of one.

    Each is also found as base64, hex, in addresses, escaped as JSON, Python and HTML do, backwards, and with
    blanks, line ends, quotes or NULs within it.
    """
    places = [at for at, char in enumerate(text) if char not in _BETWEEN]
    folded = "".join([text[at] for at in places]).translate(_FOLDED)
    secret_until = [0] * len(text)
    for secret in secrets:
        for length, pieces in _pieces_by_length(secret).items():
            for start in range(len(folded) - length + 1):
                if folded[start : start + length] in pieces:
                    at, last = places[start], places[start + length - 1]
                    secret_until[at] = max(secret_until[at], last + 1)
    return _TOKEN.sub(HIDDEN, "".join(_without(text, secret_until)))


def _without(text: str, secret_until: list[int]) -> Iterator[str]:
    """What is no secret, and a mark for each stretch that is one."""
    at = 0
    while at < len(text):
        end = secret_until[at]
        if not end:
            following = next((next_ for next_ in range(at, len(text)) if secret_until[next_]), len(text))
            yield text[at:following]
            at = following
            continue
        while at < end:  # pieces overlap
            end = max(end, secret_until[at])
            at += 1
        yield HIDDEN


@lru_cache(maxsize=8)
def _pieces_by_length(secret: str) -> Mapping[int, Set[str]]:
    """All that must not be in a text: every piece, and shorter parts whole, in all their forms.

    Kept, because it takes milliseconds, and each answer that fails may hold the token.
    """
    found: dict[int, set[str]] = {}
    for part in _parts(secret):
        for written in _written(part):
            size = min(PIECE, len(written))
            whole = "".join(written).translate(_FOLDED)
            begins = list(accumulate(map(len, written), initial=0))
            for start, end in zip(begins, begins[size:], strict=False):
                if end - start >= LEAST:
                    found.setdefault(end - start, set()).add(whole[start:end])
    return found


def _parts(secret: str) -> Set[str]:
    """It, and what stands between its dots and is too short for a piece: those of more are its own."""
    if len(secret) < LEAST:
        return set()
    between_dots = (_bare(each) for each in secret.split(".") if len(each) >= LEAST)
    return {_bare(secret), *(each for each in between_dots if len(each) < PIECE)}


def _bare(part: str) -> str:
    return "".join(char for char in part if char not in _BETWEEN)


def _written(part: str) -> Iterator[list[str]]:
    """The part in each form, as a list of what stands for one character."""
    data = part.encode("utf-8", "surrogatepass")
    yield list(part)
    yield list(reversed(part))
    forms: tuple[Callable[[str], str], ...] = (
        lambda each: quote(each, safe="", errors="surrogatepass"),
        lambda each: repr(each)[1:-1],
        lambda each: f"\\u{ord(each):04x}",
        lambda each: f"&#{ord(each)};",
        lambda each: f"&#x{ord(each):x};",
        lambda each: f"{each}\\0",
        lambda each: f"{each}\\x00",
    )
    for form in forms:
        of_each = {each: form(each) for each in set(part)}
        yield [of_each[each] for each in part]
    for sign in ("", "%", "\\x"):
        yield [f"{sign}{byte:02x}" for byte in data]
    for before in range(3):  # how it falls on base64's groups of three bytes, wherever it stands in a text
        # What also depends on its neighbours is no part of it.
        encoded = b64encode(bytes(before) + data).decode("ascii")
        encoded = encoded[ceil(before * 8 / 6) : (before + len(data)) * 8 // 6]
        yield list(encoded)
        yield list(encoded.translate(_BASE64URL))
