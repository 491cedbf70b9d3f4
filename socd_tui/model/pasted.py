"""Finds access tokens in whatever a person copied: a cookie, a table row, an export, a request, a mail.

The documented cookie is `sb-access-token`. A Supabase site may instead set `sb-<ref>-auth-token`: JSON,
mostly in base64 after `base64-`, and split over cookies that end in `.0`, `.1`, …. It also contains the
refresh token, whose use would end the browser's session, so only access tokens leave this module.

Every search takes time in proportion to the text, whatever it holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import unquote

from socd_tui.model.jwt import JWT, claims, from_base64, is_whole, moment
from socd_tui.model.record import dataclass
from socd_tui.model.session import COOKIE
from socd_tui.model.shell import COMMAND, shell_words

NAMED, SITE, BEARER, LOOSE = range(4)
"""Where a token stood, the surest first: in the documented cookie, in the site's own one, behind "Bearer" or
by itself, somewhere in the text."""


class Found(NamedTuple):
    """An access token, where it stood, and when the cookie it was in ends, if that was copied too."""

    level: int
    token: str
    ends: datetime | None = None


_NAME = r"sb-access-token|sb-[A-Za-z0-9_-]+-auth-token(?:\.[0-9]+)?"
_NAMES = re.compile(rf"(?<![\w.-])(?:{_NAME})")
# A value ends at `;`, or where the next line is another header or another session cookie, or where the name
# of one stands in quotes; any other line break is a terminal's or a mail's wrapping.
_CARRIER = re.compile(
    rf"(?<![\w.-])(?:(?P<cookie>{_NAME})(?P<sign>=|[\"'\\]*\s*[:=,]\s*)|(?i:bearer)[ \t])"
    r"(?P<value>(?:(?!\n[ \t]*(?:[\w-]+:|sb-[\w.-]+=)|[\"']sb-[\w.-]+[\"'])[^;])*)"
)
# Not every token is a JWT. Any word after the documented cookie name and "=" is taken as one; a word alone
# must be long enough. Neither may start with `sk_` or `sb_`, as API keys and keys of the site's project do.
_NAMED_WORD = re.compile(r"(?!sk_|sb_)[\w.~+/=:@!*-]+", re.ASCII)
_BARE_WORD = re.compile(r"(?!sk_|sb_)[\w.~+-]{20,}={0,2}", re.ASCII)
_FIRST_WORD = re.compile(r"[\"'`\s]*([\w.~+/=%-]+)", re.ASCII)
_ACCESS_IN_JSON = re.compile(r'"access_token"\s*:\s*"([^"]*)"|\A\s*\[\s*"([^"]*)"')
_LOOSE = re.compile(rf"(?<![\w.-]){JWT.pattern}", re.ASCII)
_OTHER_TOKEN = re.compile(r"(?:refresh|provider|id)_?-?token\W*\Z", re.IGNORECASE)
_WRAPPING = "\"'`\ufeff \t\r\n"

_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
_LOOKALIKES = str.maketrans("“”„‟«»″‘’‚‛′\u00a0\u202f\u2007", '"""""""' + "'''''" + "   ")
_QUOTED_MAIL = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)


def tidied(pasted: str) -> str:
    """The text without what editors, mail programs and encodings put into it."""
    if pasted.count("\0") > len(pasted) // 3:  # UTF-16 that was read as something else
        pasted = pasted.replace("\0", "")
    if not pasted.isascii():
        pasted = _UNSEEN.sub("", pasted).translate(_LOOKALIKES)
    pasted = pasted.replace("\r\n", "\n")
    if "=3D" in pasted:  # a mail's source (quoted-printable), in which a line ends early with "="
        pasted = pasted.replace("=\n", "").replace("=3D", "=")
    return _QUOTED_MAIL.sub("", pasted)


def access_tokens(text: str) -> list[Found]:
    """All access tokens in a tidied text, each once; the surest place first."""
    jar = _Jar()
    document = _json(text)
    if document is not None:
        jar.take_document(document)
    if not jar.found():
        jar.take_text(text)
        jar.take_rows(text)
        if not jar.cookies:
            jar.bearers.insert(0, text)
    found = jar.found() or list(_loose(text))
    return sorted(dict.fromkeys(found), key=lambda each: each.level)


def holds_refresh_token(text: str) -> bool:
    """Whether something in the text is called a refresh token."""
    return re.search(r"refresh[_-]?token", text, re.IGNORECASE) is not None


@dataclass(frozen=True)
class _Cookie:
    value: str
    opaque: re.Pattern[str] | None
    """What its value is to look like to be taken where it is not a JWT."""
    ends: datetime | None = None


class _Jar:
    """Everything in a text that may carry a token."""

    def __init__(self) -> None:
        self.cookies: list[dict[str, _Cookie]] = []
        """By name. A name that comes once more begins another browser's, or another moment's."""
        self.bearers: list[str] = []

    def found(self) -> list[Found]:
        """The access tokens in it."""
        found: list[Found] = []
        for cookies in self.cookies:
            named = cookies.get(COOKIE)
            if named and (token := _access_token(named.value, named.opaque)):
                found.append(Found(NAMED, token, named.ends))
            for name in dict.fromkeys(re.sub(r"\.[0-9]+$", "", name) for name in cookies if name != COOKIE):
                whole = cookies.get(name)
                if whole and (token := _access_token(whole.value)):
                    found.append(Found(SITE, token))
                chunks = _chunks(cookies, name)
                words = [word[1] for chunk in chunks if (word := _FIRST_WORD.match(chunk))]
                # With what stands around each of them, as raw JSON needs it; or without, as code does.
                if token := _access_token("".join(chunks)) or _access_token("".join(words)):
                    found.append(Found(BEARER if whole else SITE, token))  # beside a whole one: left over
        found += [
            Found(BEARER, token) for value in self.bearers if (token := _access_token(value, _BARE_WORD))
        ]
        return found

    def add(
        self, name: str, value: str, ends: datetime | None = None, opaque: re.Pattern[str] = _NAMED_WORD
    ) -> None:
        if not value.strip(_WRAPPING):
            return
        if not self.cookies or self.cookies[-1].get(name, _Cookie(value, None)).value != value:
            self.cookies.append({})
        self.cookies[-1].setdefault(name, _Cookie(value, opaque if name == COOKIE else None, ends))

    def take_text(self, text: str) -> None:
        """Of headers, cookies, commands and code."""
        if COMMAND.match(text):
            text = ";\n".join(shell_words(text))
        for carrier in _CARRIER.finditer(text):
            value = carrier["value"].strip()
            if carrier["cookie"] is None:
                self.bearers.append(value)
            else:
                self.add(
                    carrier["cookie"], value, None, _NAMED_WORD if carrier["sign"] == "=" else _BARE_WORD
                )

    def take_rows(self, text: str) -> None:
        """Of tables: a row of the developer tools (name, value, domain …), or a line of a cookies.txt file
        (…, end, name, value).
        """
        for line in text.split("\n"):
            if not _NAMES.search(line):
                continue
            cells = [cell.strip(_WRAPPING) for cell in (line.split("\t") if "\t" in line else line.split())]
            for before, name, value in zip(["", *cells], cells, cells[1:], strict=False):
                if _NAMES.fullmatch(name):
                    ends = moment(int(before)) if before.isascii() and before.isdigit() else None
                    self.add(name, value, ends if before.strip("0") else None, _BARE_WORD)

    def take_document(self, document: object) -> None:
        """Of JSON: lists of cookies as extensions write them, HAR files, headers, sessions."""
        waiting = [document]
        while waiting:
            part = waiting.pop()
            if isinstance(part, list):
                waiting += reversed(part)
            elif isinstance(part, dict):
                if isinstance(part.get("name"), str) and isinstance(part.get("value"), str):
                    self._take_pair(part["name"], part["value"], _ends(part))
                for name, value in part.items():
                    inner = value.get("value") if isinstance(value, dict) else value
                    if isinstance(inner, str):
                        self._take_pair(name, inner, None)
                waiting += [value for value in reversed(part.values()) if isinstance(value, dict | list)]

    def _take_pair(self, name: str, value: str, ends: datetime | None) -> None:
        called = name.lower()
        if _NAMES.fullmatch(name):
            self.add(name, value, ends)
        elif called == "access_token":
            self.bearers.append(value)
        elif called == "authorization" or COOKIE in value or "-auth-token" in value:
            self.take_text(value)
        elif "access_token" in value:  # an answer's body, which is JSON in a string
            self.bearers.append(value)


def _json(text: str) -> object:
    """What the text is as JSON; None when it is none, or a list of words, as one form of a session is."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        document: object = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    return document


def _ends(cookie: dict[str, object]) -> datetime | None:
    """When a cookie in JSON ends, as extensions (seconds) and HAR (ISO 8601) say it."""
    for name in ("expirationDate", "expires", "expiry"):
        told = cookie.get(name)
        if isinstance(told, str):
            try:
                at = datetime.fromisoformat(told)
            except ValueError:
                continue
            return at if at.tzinfo else at.replace(tzinfo=UTC)
        if isinstance(told, int | float) and told > 0:
            return moment(told)
    return None


def _chunks(cookies: dict[str, _Cookie], name: str) -> list[str]:
    """The cookies `.0`, `.1`, …, up to the first missing one: later ones are of an earlier session."""
    chunks: list[str] = []
    while chunk := cookies.get(f"{name}.{len(chunks)}"):
        chunks.append(chunk.value)
    return chunks


def _access_token(value: str, word: re.Pattern[str] | None = None) -> str | None:
    """The access token that `value` is, begins with or contains; if it is no JWT, only a `word`."""
    value = value.strip(_WRAPPING)
    first = found[1] if (found := _FIRST_WORD.match(value)) else ""
    if is_whole(first):  # what follows on the next line is no more of it
        return first
    joined = unquote("".join(value.split()))
    packed = joined.removeprefix("base64-")
    # `{"` and `["` are eyJ… and WyJ… in base64: the cookie without its prefix, refresh token included.
    is_packed = packed != joined or (packed.startswith(("eyJ", "WyJ")) and "." not in packed)
    if is_packed:
        joined = from_base64(packed).decode("utf-8", "replace")
    if is_packed or joined.startswith(("{", "[")):
        # Searched, not parsed: a paste without its end may still contain a complete access token.
        access = _ACCESS_IN_JSON.search(joined)
        joined, word = (access[1] or access[2] or "" if access else ""), None
    if claims(joined) is not None:
        return joined
    if word is None:
        return first if claims(first) is not None else None
    if word.fullmatch(value):
        return value
    # The rest of a line of code, or of a table's row.
    return first if len(first) < len(value) and (claims(first) is not None or _closed(value, first)) else None


def _closed(value: str, first: str) -> bool:
    """Whether the value is a long word that a quote ends."""
    return _BARE_WORD.fullmatch(first) is not None and value[len(first) : len(first) + 1] in ('"', "'")


def _loose(text: str) -> Iterator[Found]:
    """JWTs anywhere, except those that are called another kind of token."""
    for found in _LOOSE.finditer(text):
        if claims(found[0]) is not None and not _OTHER_TOKEN.search(
            text, max(found.start() - 40, 0), found.start()
        ):
            yield Found(LOOSE, found[0])
