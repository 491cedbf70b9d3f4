"""Secrets in texts of the service, masked before anything is made of them.

A path of the endpoint statistics is whatever clients asked for: with a key in its query, or in its place.
Masked here it can be neither shown, exported nor kept.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

SHOWN = 8
"""Characters that stay, so that its owner can recognise it: of an API key no more than "sk_live_"."""

SEARCHED = 4096
"""Longest text that is taken: a path beyond it is an attack, and searching it would take long."""

_KNOWN = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"sk_(?:live|test)_[\w-]{8,}"  # this service's own; the list of keys shows at most four of these
    r"|(?:sk|pk|rk)-[\w-]{16,}"
    r"|gh[opsur]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{10,}"
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[\w-]{30,}"
    r"|eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?"  # a JSON Web Token
    r")",
    re.ASCII,
)
_PARAMETER = re.compile(
    r"(?<![A-Za-z0-9])("
    # The first may stand at the end of one word, as in accessToken; the second only after a sign.
    r"(?:[\w.-]{0,40}(?:token|secret|passw(?:or)?d|passphrase|signature|credentials?"
    r"|(?:api|access|secret|private|auth|app|client|subscription)[_-]?key)"
    r"|(?:[\w.-]{0,40}[_.-])?(?:pwd|auth|authorization|sess(?:ion)?_?id|session|sid|jwt|sig|key))"
    r"(?:\[\w{0,40}\]|\])?=(?:(?:Bearer|Basic)\s+)?)"
    r"([^&;#\s\"'<>]+)",
    re.IGNORECASE | re.ASCII,
)
_BEARER = re.compile(r"(\b(?:Bearer|Basic)\s+)([\w.~+/=-]{8,}+(?!…))", re.IGNORECASE | re.ASCII)
_USERINFO = re.compile(r"(://)([^/@\s]+)(?=@)")


_SIGNS = ("=", "@", "%")
_LETTERS = ("sk", "rk-", "pk-", "gh", "glpat", "xox", "AKIA", "ASIA", "AIza", "eyJ", "earer", "asic")
_MARKS = (*_SIGNS, *_LETTERS)
"""One of these is in each secret that is found, so that thousands of dates are not searched."""


def masked(text: str) -> str:
    """The text without well-known kinds of secret: of each only its first `SHOWN` characters are left.

    Nothing is searched, nor kept, beyond `SEARCHED` characters.
    """
    return _KNOWN.sub(lambda found: _cut(found[0]), text[:SEARCHED])


def may_hold_secret(text: str) -> bool:
    """Whether there is anything in it that each secret has."""
    for mark in _MARKS:  # noqa: SIM110  # `any` takes four times as long, at each name and text of an answer
        if mark in text:
            return True
    return False


def masked_path(path: str) -> str:
    """A path or address without secrets, whatever their kind, in the parameters that usually hold one.

    Percent-encoded ones are found too, also where that was done twice; the path is then shown decoded.
    """
    if not may_hold_secret(path):
        return path[:SEARCHED]
    cleaned = _masked_address(path[:SEARCHED])
    if "%" not in path:
        return cleaned
    once = unquote(path[:SEARCHED])
    for decoded in (once, unquote(once)):
        if (clean := _masked_address(decoded)) != decoded:
            return clean
    return cleaned


def masked_json(value: object) -> object:
    """A JSON value, each of whose texts and names is masked like a path."""
    match value:
        case str():
            return masked_path(value)
        case list():
            return [masked_json(each) for each in value]
        case dict():
            return {masked_path(name): masked_json(each) for name, each in value.items()}
        case _:
            return value


def _masked_address(text: str) -> str:
    text = _USERINFO.sub(_second, text)
    return masked(_BEARER.sub(_second, _PARAMETER.sub(_second, text)))


def _second(found: re.Match[str]) -> str:
    return found[1] + _cut(found[2])


def _cut(secret: str) -> str:
    """Its beginning; of a short one nothing, as that would be most of it."""
    if secret.endswith("…"):
        return secret
    return f"{secret[:SHOWN]}…" if len(secret) > SHOWN else "…"
