"""What an HTTP reply means: its JSON when it is good, else the one typed error that fits.

The status decides. The documented error envelope only adds words, and is read as whatever it turns out
to be: missing, HTML, or with the token echoed in it.
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
from socd_tui.service.body import inflate, parse_json, web_page

LONGEST_SAYING = 120
"""Columns of the service's own message worth repeating in ours."""

SIGN_IN_AGAIN = "Sign in to the dashboard in a browser and paste the new session token."

_SIGN_IN_PAGE = re.compile(r"log-?in|sign-?in|\b(?:auth|sso)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Reply:
    """Status, headers (asked by lower-case name) and the body as it came, still compressed."""

    status: int
    # Not in the repr: a Set-Cookie may hold a token.
    headers: Mapping[str, str] = field(repr=False)
    raw: bytes = field(repr=False)

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    def payload(self) -> object:
        """The body's JSON. Raises Malformed and TooLarge."""
        if "html" in self.headers.get("content-type", "").lower():
            raise web_page()
        return parse_json(inflate(self.raw, self.headers.get("content-encoding", "")))


@dataclass(frozen=True)
class Words:
    """What the error envelope says; None where it says nothing."""

    message: Text | None
    request_id: Text | None


def words(reply: Reply, token: Secret) -> Words:
    """The message and request id of an error reply, if it has any."""
    try:
        payload = reply.payload()
    except (Malformed, TooLarge):
        payload = None
    error = _field(payload, "error") or payload
    return Words(_text(_field(error, "message"), token), _text(_field(error, "request_id"), token))


def refused(reply: Reply, said: Words) -> SocdError:
    """The error for a reply that is neither good nor a 429."""
    status, request_id = reply.status, said.request_id
    match status:
        case 401:
            # Without the service's words: they advise to send an API key, which this endpoint refuses.
            return session_expired()
        case 403:
            message = _sentence("The service does not allow this session to see that (403).", said)
            return Forbidden(
                message, "The key may be another account's, or the tier too low.", request_id=request_id
            )
        case 404:
            message = _sentence("The service has nothing at that address (404).", said)
            return NotFound(
                message,
                "The key may be deleted or another account's; else check the base URL.",
                request_id=request_id,
            )
        case _ if 300 <= status < 400:
            return _redirected(reply.headers.get("location", ""))
        case _:
            message = _sentence(f"The service answered with status {status}.", said)
            return ServerFailed(message, "Try again in a while.", request_id=request_id)


def session_expired() -> SessionExpired:
    return SessionExpired(
        "The service refused the session token: it has expired or was signed out.",
        SIGN_IN_AGAIN,
    )


def throttled(until: datetime, request_id: Text | None = None) -> Throttled:
    return Throttled(
        "The service asks to wait: too many requests (429).",
        f"Try again at {until:%H:%M:%S} UTC.",
        retry_at=until,
        request_id=request_id,
    )


def _redirected(location: str) -> SocdError:
    try:
        target = urlsplit(location)
    except ValueError:
        target = urlsplit("")
    if _SIGN_IN_PAGE.search(f"{target.netloc}{target.path}"):
        return session_expired()
    where = f"to {Text(target.hostname).shown}" if target.hostname else "elsewhere"
    return Redirected(
        f"The service points {where}; the session token is not sent there.",
        "If that is its right address, set it as the base URL and store the token for it.",
    )


def _field(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _text(value: object, token: Secret) -> Text | None:
    if not isinstance(value, str) or not value.strip():
        return None
    return Text(value.replace(token.reveal(), "****"))


def _sentence(happened: str, said: Words) -> str:
    parts = [happened]
    if said.message:
        parts.append(f"It says “{clip(said.message.shown, LONGEST_SAYING)}”.")
    if said.request_id:
        parts.append(f"Request id: {clip(said.request_id.shown, LONGEST_SAYING)}.")
    return " ".join(parts)
