"""Finds the access token in what the user copied from the browser, and checks the origin it is sent to.

The documented cookie is `sb-access-token`. A Supabase site may instead set `sb-<ref>-auth-token`: JSON,
mostly in base64 after `base64-`, and split over cookies that end in `.0`, `.1`, …. It also contains the
refresh token, whose use would end the browser's session, so only the access token leaves this module. No
message here quotes what was pasted: every refusal is one of the constants below.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from itertools import count
from urllib.parse import unquote

from socd_tui.model.errors import UsageError
from socd_tui.model.session import Secret

MAX_PASTE = 64 * 1024
"""Bytes. A session cookie is 1–8 KB and browsers send at most some tens of KB of cookies."""

COOKIE = "sb-access-token"
"""The documented cookie's name, and the only one ever sent."""

_COPY = (
    "In the browser where you are signed in to SOC Defenders, copy the value of the cookie sb-access-token "
    "(or a request of the dashboard as cURL) and paste that."
)
_EMPTY = ("Nothing was pasted.", _COPY)
_TOO_LONG = ("That is longer than 64 KiB, so it is not a session.", _COPY)
_NO_TOKEN = ("There is no session token in what was pasted.", _COPY)
_API_KEY = ("That is an API key; usage analytics need the browser session.", _COPY)
_PROJECT_KEY = ("That is a key of the site's project, not your session.", _COPY)
_EXPIRED = (
    "That session token has expired.",
    "Reload the dashboard in the browser and copy the cookie again; if it is fresh, check the clock here.",
)
_NOT_AN_ORIGIN = (
    "The base URL is not of the form https://host or https://host:port.",
    "Leave out user names, paths and queries, for example https://socdefenders.ai.",
)
_PLAIN_HTTP = (
    "The base URL is plain http, so the session token would travel unencrypted.",
    "Use https. Plain http is only for this machine, for example http://127.0.0.1:8000.",
)

# A value ends at `;`, or where the next line is another header or another session cookie; any other
# line break is a terminal's or a mail's wrapping.
_CARRIER = re.compile(
    r"(?<![\w.-])(?:(?P<cookie>sb-access-token|sb-[A-Za-z0-9_-]+-auth-token(?:\.[0-9]+)?)=|(?i:bearer)[ \t])"
    r"(?P<value>(?:(?!\n[ \t]*(?:[\w-]+:|sb-[\w.-]+=))[^;])*)"
)
_JWT = re.compile(r"ey[\w-]*\.[\w-]+\.[\w-]*", re.ASCII)
# Not every token is a JWT. Any word after the documented cookie name is taken as one; a word alone must be
# long enough. Neither may start with `sk_` or `sb_`, as API keys and keys of the site's project do.
_NAMED_WORD = re.compile(r"(?!sk_|sb_)[\w.~+/=:@!*-]+", re.ASCII)
_BARE_WORD = re.compile(r"(?!sk_|sb_)[\w.~+-]{20,}={0,2}", re.ASCII)
_ACCESS_IN_JSON = re.compile(r'"access_token"\s*:\s*"([^"]*)"|\A\s*\[\s*"([^"]*)"')
_WRAPPING = "\"'`\ufeff \t\r\n"

_CURL = re.compile(r"\s*(?:\$\s+)?(?:curl(?:\.exe)?|-b|-H|--cookie|--header)\s")
_SHELL_PIECE = re.compile(
    r"""\\\n | \$'(?P<ansi>(?:[^'\\]|\\.)*)' | '(?P<single>[^']*)' | "(?P<double>(?:[^"\\]|\\.)*)"
      | \\(?P<escaped>.) | (?P<plain>[^\s'"\\$]+) | (?P<gap>\s+) | (?P<stray>.)""",
    re.DOTALL | re.VERBOSE,
)
_SHELL_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))", re.DOTALL)

_ORIGIN = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)(?::(?P<port>[0-9]{1,5}))?/?"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Token:
    """An access token, and when it expires (UTC) if it is a JWT that says so. The service decides."""

    secret: Secret
    expires_at: datetime | None


def parse_token(pasted: str, now: datetime | None = None) -> Token:
    """The access token in a pasted JWT, cookie, `Cookie:` header, `Bearer` line, session JSON or cURL line.

    Raises UsageError for anything else and, given `now` (UTC), for a token that has expired by then.
    """
    if len(pasted.encode("utf-8", "replace")) > MAX_PASTE:
        raise UsageError(*_TOO_LONG)
    value = next(filter(None, _candidates(pasted)), None)
    if value is None:
        raise UsageError(*_why_none(pasted))
    claims = _claims(value) or {}
    if claims.get("role") in ("anon", "service_role") and not claims.get("sub"):
        raise UsageError(*_PROJECT_KEY)
    expires_at = _expiry(claims)
    if now is not None and expires_at is not None and expires_at <= now:
        raise UsageError(*_EXPIRED)
    return Token(Secret(value), expires_at)


def mask(secret: Secret) -> str:
    """The token's length and its beginning, to recognise it by: at most 4 characters and a tenth of it."""
    value = secret.reveal()
    return f"{value[: min(4, len(value) // 10)]}…({len(value)} characters)"


def account_of(secret: Secret) -> str:
    """An id of the account a token belongs to: a digest of the JWT's issuer and subject; empty without these.

    It separates the histories of accounts, and is made of nothing that grants access.
    """
    claims = _claims(secret.reveal()) or {}
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        return ""
    return sha256(f"{claims.get('iss')} {subject}".encode(errors="replace")).hexdigest()[:16]


def normal_origin(url: str) -> str:
    """A base URL as the `scheme://host[:port]` that a token may be sent to: lower case, no default port.

    Raises UsageError for plain http to another machine, and for anything but a scheme, host and port.
    """
    parts = _ORIGIN.fullmatch(url.strip().lower())
    host = _normal_host(parts["host"]) if parts else None
    if parts is None or host is None:
        raise UsageError(*_NOT_AN_ORIGIN)
    scheme, port = parts["scheme"], int(parts["port"] or _DEFAULT_PORTS[parts["scheme"]])
    if not 0 < port < 65536:
        raise UsageError(*_NOT_AN_ORIGIN)
    origin = f"{scheme}://{host}" if port == _DEFAULT_PORTS[scheme] else f"{scheme}://{host}:{port}"
    if scheme == "http" and not is_loopback(origin):
        raise UsageError(*_PLAIN_HTTP)
    return origin


def is_loopback(origin: str) -> bool:
    """Whether the origin is written as this machine: `localhost`, 127.0.0.0/8 or ::1. No name is looked up.

    An IPv4 address written as IPv6 is not taken as one, because Python recognises these only since 3.13.
    """
    parts = _ORIGIN.fullmatch(origin)
    host = parts["host"] if parts else ""
    if host == "localhost":
        return True
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    return address.is_loopback and not (isinstance(address, IPv6Address) and address.ipv4_mapped)


def _why_none(pasted: str) -> tuple[str, str]:
    """Why there is no token: a message and a next step."""
    if not pasted.strip(_WRAPPING):
        return _EMPTY
    if "sk_live_" in pasted:
        return _API_KEY
    if "sb_secret_" in pasted or "sb_publishable_" in pasted:
        return _PROJECT_KEY
    return _NO_TOKEN


def _candidates(pasted: str) -> Iterator[str | None]:
    """For each place a token may be in: the token, or None. The documented cookie comes first."""
    text = pasted.replace("\r\n", "\n")
    if _CURL.match(text):
        text = ";\n".join(_shell_words(text))
    cookies: dict[str, str] = {}
    bearers: list[str] = []
    for carrier in _CARRIER.finditer(text):
        name, value = carrier["cookie"], carrier["value"].strip()
        if name is None:
            bearers.append(value)
        elif value.strip(_WRAPPING):
            cookies.setdefault(name, value)
    yield _access_token(cookies.get(COOKIE, ""), _NAMED_WORD)
    for name in dict.fromkeys(re.sub(r"\.[0-9]+$", "", name) for name in cookies if name != COOKIE):
        yield _access_token(cookies.get(name) or _joined(cookies, name))
    for value in bearers if cookies else [text, *bearers]:
        yield _access_token(value, _BARE_WORD)


def _joined(cookies: dict[str, str], name: str) -> str:
    """The cookies `.0`, `.1`, … joined, up to the first missing one: later ones are of an earlier session."""
    chunks: list[str] = []
    for number in count():
        chunk = cookies.get(f"{name}.{number}")
        if chunk is None:
            break
        chunks.append(chunk)
    return "".join(chunks)


def _access_token(value: str, word: re.Pattern[str] | None = None) -> str | None:
    """The access token that `value` is or contains; one that is not a JWT only if it matches `word`."""
    value = value.strip(_WRAPPING)
    joined = unquote("".join(value.split()))
    packed = joined.removeprefix("base64-")
    # `{"` and `["` are eyJ… and WyJ… in base64: the cookie without its prefix, refresh token included.
    is_packed = packed != joined or (packed.startswith(("eyJ", "WyJ")) and "." not in packed)
    if is_packed:
        joined = _from_base64(packed).decode("utf-8", "replace")
    if is_packed or joined.startswith(("{", "[")):
        # Searched, not parsed: a paste without its end may still contain a complete access token.
        access = _ACCESS_IN_JSON.search(joined)
        joined, word = (access[1] or access[2] or "" if access else ""), None
    if _claims(joined) is not None:
        return joined
    return value if word is not None and word.fullmatch(value) else None


def _claims(token: str) -> dict[str, object] | None:
    """The claims of a JWT, unverified; None when the token is not a JWT."""
    if not _JWT.fullmatch(token):
        return None
    try:
        claims = json.loads(_from_base64(token.split(".")[1]))
    except (ValueError, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None


def _from_base64(text: str) -> bytes:
    """The decoded bytes; empty when the text is not base64."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""


def _expiry(claims: dict[str, object]) -> datetime | None:
    moment = claims.get("exp")
    if not isinstance(moment, int | float) or isinstance(moment, bool):
        return None
    try:
        return datetime.fromtimestamp(moment, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _shell_words(line: str) -> list[str]:
    """A command's arguments as bash sees them, or as cmd.exe does when the line is quoted with carets."""
    if '^"' in line:
        line = re.sub(r"\^(.)", r"\1", line, flags=re.DOTALL)
    words = [""]
    for piece in _SHELL_PIECE.finditer(line):
        kind = piece.lastgroup
        if kind == "gap":
            words.append("")
        elif kind in ("ansi", "double"):
            words[-1] += _SHELL_ESCAPE.sub(_unescaped, piece[kind])
        elif kind is not None:
            words[-1] += piece[kind]
    return words


def _unescaped(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else escape[3]


def _normal_host(host: str) -> str | None:
    """The host, an IPv6 address in its shortest form; None when it is in brackets and no such address."""
    if not host.startswith("["):
        return host
    try:
        address = IPv6Address(host.strip("[]"))
    except ValueError:
        return None
    if address.ipv4_mapped:  # which Python writes in hexadecimal before 3.13, in decimals since
        high, low = divmod(int(address.ipv4_mapped), 1 << 16)
        return f"[::ffff:{high:x}:{low:x}]"
    return f"[{address.compressed}]"
