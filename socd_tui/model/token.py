"""A session token: found in what the user copied, checked, masked; and the origin it may be sent to.

No message here quotes what was pasted: every refusal is one of the constants below.
"""

from __future__ import annotations

import re
from datetime import datetime
from ipaddress import IPv6Address, ip_address

from socd_tui.model.digest import digest
from socd_tui.model.errors import UsageError
from socd_tui.model.jwt import claims, expiry
from socd_tui.model.record import dataclass
from socd_tui.model.session import Secret

MAX_PASTE = 8 * 1024 * 1024
"""Bytes. A session cookie is 1–8 KB; a recording of a page's requests (HAR) is some megabytes."""

MAX_TOKEN = 64 * 1024
"""Characters. Browsers send at most some tens of KB of cookies."""

_COPY = (
    "In the browser where you are signed in to SOC Defenders, copy the value of the cookie sb-access-token "
    "(or a request of the dashboard as cURL) and paste that."
)
_EMPTY = ("Nothing was pasted.", _COPY)
_NO_COOKIE = ("That is longer than 64 KiB, so it is not a session.", _COPY)
_TOO_LONG = ("That is longer than 8 MiB, too long to look for a session in it.", _COPY)
_NO_TOKEN = ("There is no session token in what was pasted.", _COPY)
_API_KEY = ("That is an API key; usage analytics need the browser session.", _COPY)
_PROJECT_KEY = ("That is a key of the site's project, not your session.", _COPY)
_REFRESH = ("That is a refresh token; using it would end the browser's session.", _COPY)
_SEVERAL = (
    "There are several different session tokens in what was pasted.",
    "Copy only the one of the account you want to see.",
)
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
    """The access token in whatever was pasted: see `pasted.py` for what that may be.

    Of several it is the one that has not expired. Raises UsageError where there is none, where several are
    left, and, given `now` (UTC), for one that has expired by then.
    """
    if len(pasted) <= MAX_TOKEN and claims(pasted) is not None:
        return _alone(pasted, now)
    from socd_tui.model.pasted import access_tokens, tidied

    if len(pasted.encode("utf-8", "replace")) > MAX_PASTE:
        raise UsageError(*_TOO_LONG)
    text = tidied(pasted)
    words = access_tokens(text)
    found = [each for each in words if len(each.token) <= MAX_TOKEN]
    if not found:
        raise UsageError(*(_NO_COOKIE if words else _why_none(text)))
    sessions = [each for each in found if not _is_project_key(each.token)]
    if not sessions:
        raise UsageError(*_PROJECT_KEY)
    live = [each for each in sessions if not _has_ended(each.token, each.ends, now)]
    if not live:
        raise UsageError(*_EXPIRED)
    surest = {each.token for each in live if each.level == live[0].level}
    accounts = {account for each in live if (account := account_of(Secret(each.token)))}
    if len(surest) > 1 or len(accounts) > 1:
        raise UsageError(*_SEVERAL)
    return _token(live[0].token)


def _alone(token: str, now: datetime | None) -> Token:
    """The same where nothing but a token was pasted, as programs do: what finds one takes 2 ms to load."""
    if _is_project_key(token):
        raise UsageError(*_PROJECT_KEY)
    if _has_ended(token, None, now):
        raise UsageError(*_EXPIRED)
    return _token(token)


def _token(token: str) -> Token:
    return Token(Secret(token), expiry(claims(token) or {}))


def mask(secret: Secret) -> str:
    """The token's length and its beginning, to recognise it by: at most 4 characters and a tenth of it."""
    value = secret.reveal()
    return f"{value[: min(4, len(value) // 10)]}…({len(value)} characters)"


def account_of(secret: Secret) -> str:
    """An id of the account a token belongs to: a digest of the JWT's issuer and subject; empty without these.

    It separates the histories of accounts, and is made of nothing that grants access.
    """
    told = claims(secret.reveal()) or {}
    subject = told.get("sub")
    if not isinstance(subject, str) or not subject:
        return ""
    return digest(f"{told.get('iss')} {subject}".encode(errors="replace"))[:16]


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


def _is_project_key(token: str) -> bool:
    told = claims(token) or {}
    return told.get("role") in ("anon", "service_role") and not told.get("sub")


def _has_ended(token: str, cookie_ends: datetime | None, now: datetime | None) -> bool:
    """By the token's own word, else by the cookie's."""
    ends = expiry(claims(token) or {}) or cookie_ends
    return now is not None and ends is not None and ends <= now


def _why_none(text: str) -> tuple[str, str]:
    """Why there is no token: a message and a next step."""
    if not text.strip("\"'` \t\r\n"):
        return _EMPTY
    if "sk_live_" in text:
        return _API_KEY
    if "sb_secret_" in text or "sb_publishable_" in text:
        return _PROJECT_KEY
    from socd_tui.model.pasted import holds_refresh_token

    return _REFRESH if holds_refresh_token(text) else _NO_TOKEN


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
