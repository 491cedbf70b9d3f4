"""What an HTTP reply means: its JSON when it is good, else the typed error that fits its status.

The documented error envelope only adds its message and request id. It may be missing, be HTML, or contain
the token, which is then masked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import TypedDict
from urllib.parse import urlsplit

from socd_tui.clock import duration
from socd_tui.model.errors import (
    Forbidden,
    Malformed,
    NotFound,
    NotReady,
    ProxyRefused,
    Redirected,
    ServerFailed,
    SessionExpired,
    SocdError,
    Throttled,
    TooLarge,
)
from socd_tui.model.record import dataclass, field
from socd_tui.model.redaction import redacted
from socd_tui.model.session import Secret, known_secrets
from socd_tui.model.text import Text
from socd_tui.service.body import MAX_VALUES, inflate, parse_json, web_page_error, wrong_kind_error
from socd_tui.service.documented import documented
from socd_tui.service.envelope import MOST_READ, SIGN_IN_AGAIN, Explanation, explain, sentence
from socd_tui.service.scalar import moment

MOST_AT_ONCE = 64 * 1024
"""Bytes of a body that are read in place: it takes no longer than to begin a thread for it, about."""

MOST_JSON_AT_ONCE = 16 * 1024
"""The same of JSON that is no usage answer, a key's limits above all, when it is no longer compressed."""

_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_NEXT = re.compile(r"""\brel\s*=\s*(?:next\b|"[^"]*\bnext\b|'[^']*\bnext\b)""", re.IGNORECASE)

_SIGN_IN_PAGE = re.compile(r"log-?in|sign-?in|\b(?:auth|sso)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Reply:
    """Status, headers (by lower-case name) and the body as it came, still compressed."""

    status: int
    # Not in the repr: a Set-Cookie may hold a token.
    headers: Mapping[str, str] = field(repr=False)
    raw: bytes = field(repr=False)

    @property
    def served_at(self) -> datetime | None:
        """The service's clock when it answered, by its `Date`; None for one out of all reason."""
        served_at = moment(self.headers.get("date"))
        return served_at if isinstance(served_at, datetime) else None

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300 and not self.is_pending

    @property
    def is_pending(self) -> bool:
        """Whether the service is still at work on the answer and says when to ask for it."""
        return self.status == 202 and "retry-after" in self.headers

    @property
    def kind(self) -> str:
        """What the body is said to be, as text/html; nothing when that is not said."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_json(self) -> bool:
        return not self.kind or "json" in self.kind

    @property
    def next_link(self) -> str:
        """The address that a `Link` header has for the next page (RFC 8288)."""
        links = _LINK.findall(self.headers.get("link", ""))
        return next((address.strip() for address, rest in links if _NEXT.search(rest)), "")

    def at_once(self) -> object:
        """What a small body says: a usage answer's figures, or its JSON; None for `payload` to tell."""
        if len(self.raw) > MOST_AT_ONCE:
            return None
        # Kept as it was sent: it may be asked for once, of a thousand answers, and takes a sixth of the room.
        again = partial(inflate, self.raw, self.headers.get("content-encoding", ""), MAX_VALUES)
        try:
            body = again()
            figures = documented(body, again)
            return parse_json(body) if figures is None and len(body) <= MOST_JSON_AT_ONCE else figures
        except (Malformed, TooLarge):
            return None

    def payload(self) -> object:
        """The body's JSON as Python values, whatever it is labelled.

        Raises Malformed when it is none, TooLarge beyond the limit.
        """
        body = inflate(self.raw, self.headers.get("content-encoding", ""))
        try:
            return parse_json(body)
        except Malformed:
            if "html" in self.kind:
                raise web_page_error() from None
            if body and not self.is_json:
                raise wrong_kind_error(self.kind) from None
            raise


@dataclass(frozen=True)
class Wait:
    """A wait that the service asks for: from when to when, on its own clock (UTC)."""

    since: datetime
    until: datetime

    @property
    def step(self) -> str:
        """It asks to try again in 2 min, at 14:22:00 UTC; of another day with the day."""
        days = (self.until.date() - self.since.date()).days
        if days == 0:
            when = f"at {self.until:%H:%M:%S}"
        elif days == 1:
            when = f"tomorrow {self.until:%H:%M}"
        else:
            year = f" {self.until.year}" if self.until.year != self.since.year else ""
            when = f"on {self.until.day} {self.until:%b}{year} {self.until:%H:%M}"
        return f"It asks to try again in {duration(self.until - self.since)}, {when} UTC."


class _Details(TypedDict):
    request_id: Text | None
    retry_at: datetime | None


def read_explanation(reply: Reply, token: Secret) -> Explanation:
    """The message and request id of an error reply, with `token` masked in them."""
    try:
        payload = reply.payload()
    except (Malformed, TooLarge):
        payload = None
    return explain(payload, token)


def refusal_error(reply: Reply, explanation: Explanation, wait: Wait | None = None) -> SocdError:
    """The error to raise for a reply that is not good; `wait` is what it asks for."""
    step, at = (wait.step, wait.until) if wait else ("Try again in a while.", None)
    how: _Details = {"request_id": explanation.request_id, "retry_at": at}
    match reply.status:
        case 401:
            # Without the service's message: it advises to send an API key, which this endpoint refuses.
            return session_expired_error()
        case 403:
            message = sentence("The service does not allow this session to see that (403).", explanation)
            return Forbidden(message, "The key may be another account's, or the tier too low.", **how)
        case 404:
            message = sentence("The service has nothing at that address (404).", explanation)
            return NotFound(
                message, "The key may be deleted or another account's; else check the base URL.", **how
            )
        case 407:
            return proxy_error(407)
        case 429:
            message = sentence("The service asks to wait: too many requests (429).", explanation)
            return Throttled(message, step, **how)
        case 202:
            message = sentence("The service has no answer ready yet (202).", explanation)
            return NotReady(message, step, **how)
        case 304:
            return ServerFailed(
                "The service says that nothing has changed (304) and sent no figures.",
                "A proxy or cache in between may answer in its place: try again in a while.",
            )
        case status if 300 <= status < 400:
            return _redirect_error(reply.headers.get("location", ""))
        case status:
            return ServerFailed(
                sentence(f"The service answered with status {status}.", explanation), step, **how
            )


def session_expired_error() -> SessionExpired:
    """The error for a 401, or a redirect to a login page."""
    return SessionExpired(
        "The service refused the session token: it has expired or was signed out.",
        SIGN_IN_AGAIN,
    )


def proxy_error(status: int | None, host: str = "the service") -> ProxyRefused:
    """The error for a proxy that does not connect to `host`, with the status it answered with."""
    if status == 407:
        return ProxyRefused(
            "The proxy asks for a name and a password (407: proxy authentication required).",
            "Put them into HTTPS_PROXY, as in http://NAME:PASSWORD@proxy.example:8080.",
        )
    return ProxyRefused(
        f"The proxy did not connect to {host}{f' ({status})' if status else ''}.",
        "Check HTTPS_PROXY, or list the service in NO_PROXY.",
    )


def _redirect_error(location: str) -> SocdError:
    try:
        target = urlsplit(location)
    except ValueError:
        target = urlsplit("")
    if _SIGN_IN_PAGE.search(f"{target.netloc}{target.path}"):
        return session_expired_error()
    host = redacted((target.hostname or "")[:MOST_READ], known_secrets())
    where = f"to {Text(host).shown}" if host else "elsewhere"
    return Redirected(
        f"The service points {where}; the session token is not sent there.",
        "If that is its right address, set it as the base URL and store the token for it.",
    )
