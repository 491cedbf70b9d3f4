"""What an HTTP reply means: its JSON when it is good, else the typed error that fits its status.

The documented error envelope only adds its message and request id. It may be missing, be HTML, or contain
the token, which is then masked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from socd_tui.model.errors import (
    Forbidden,
    Malformed,
    NotFound,
    Redirected,
    ServerFailed,
    SessionExpired,
    SocdError,
    Throttled,
    TooLarge,
)
from socd_tui.model.session import Secret
from socd_tui.model.text import Text, clip
from socd_tui.service.body import inflate, parse_json, web_page_error

MAX_QUOTED = 120
"""Columns of the service's own message, or request id, that our message repeats at most."""

SIGN_IN_AGAIN = "Sign in to the dashboard in a browser and paste the new session token."

_SIGN_IN_PAGE = re.compile(r"log-?in|sign-?in|\b(?:auth|sso)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Reply:
    """Status, headers (by lower-case name) and the body as it came, still compressed."""

    status: int
    # Not in the repr: a Set-Cookie may hold a token.
    headers: Mapping[str, str] = field(repr=False)
    raw: bytes = field(repr=False)

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    def payload(self) -> object:
        """The body's JSON as Python values. Raises Malformed when it is none, TooLarge beyond the limit."""
        if "html" in self.headers.get("content-type", "").lower():
            raise web_page_error()
        return parse_json(inflate(self.raw, self.headers.get("content-encoding", "")))


@dataclass(frozen=True)
class Explanation:
    """What the error envelope of a reply says; None for what is not in it."""

    message: Text | None
    request_id: Text | None


def read_explanation(reply: Reply, token: Secret) -> Explanation:
    """The message and request id of an error reply, with `token` masked in them."""
    try:
        payload = reply.payload()
    except (Malformed, TooLarge):
        payload = None
    error = _member(payload, "error") or payload
    return Explanation(_text(_member(error, "message"), token), _text(_member(error, "request_id"), token))


def refusal_error(reply: Reply, explanation: Explanation) -> SocdError:
    """The error to raise for a reply that is neither good nor a 429."""
    status, request_id = reply.status, explanation.request_id
    match status:
        case 401:
            # Without the service's message: it advises to send an API key, which this endpoint refuses.
            return session_expired_error()
        case 403:
            message = _sentence("The service does not allow this session to see that (403).", explanation)
            return Forbidden(
                message, "The key may be another account's, or the tier too low.", request_id=request_id
            )
        case 404:
            message = _sentence("The service has nothing at that address (404).", explanation)
            return NotFound(
                message,
                "The key may be deleted or another account's; else check the base URL.",
                request_id=request_id,
            )
        case _ if 300 <= status < 400:
            return _redirect_error(reply.headers.get("location", ""))
        case _:
            message = _sentence(f"The service answered with status {status}.", explanation)
            return ServerFailed(message, "Try again in a while.", request_id=request_id)


def session_expired_error() -> SessionExpired:
    """The error for a 401, or a redirect to a login page."""
    return SessionExpired(
        "The service refused the session token: it has expired or was signed out.",
        SIGN_IN_AGAIN,
    )


def throttled_error(until: datetime, request_id: Text | None = None) -> Throttled:
    """The error for a 429 after which nothing should be asked before `until` (UTC)."""
    return Throttled(
        "The service asks to wait: too many requests (429).",
        f"Try again at {until:%H:%M:%S} UTC.",
        retry_at=until,
        request_id=request_id,
    )


def _redirect_error(location: str) -> SocdError:
    try:
        target = urlsplit(location)
    except ValueError:
        target = urlsplit("")
    if _SIGN_IN_PAGE.search(f"{target.netloc}{target.path}"):
        return session_expired_error()
    where = f"to {Text(target.hostname).shown}" if target.hostname else "elsewhere"
    return Redirected(
        f"The service points {where}; the session token is not sent there.",
        "If that is its right address, set it as the base URL and store the token for it.",
    )


def _member(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _text(value: object, token: Secret) -> Text | None:
    if not isinstance(value, str) or not value.strip():
        return None
    return Text(value.replace(token.reveal(), "****"))


def _sentence(happened: str, explanation: Explanation) -> str:
    parts = [happened]
    if explanation.message:
        parts.append(f"It says “{clip(explanation.message.shown, MAX_QUOTED)}”.")
    if explanation.request_id:
        parts.append(f"Request id: {clip(explanation.request_id.shown, MAX_QUOTED)}.")
    return " ".join(parts)
