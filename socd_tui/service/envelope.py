"""What an answer says in words: why a request failed, whatever its status.

The documented error envelope adds its message and request id. It may be missing, be another service's, or
contain the token or a part of it, in whatever form, which is then masked.
"""

from __future__ import annotations

import re

from socd_tui.model.errors import ServerFailed, ServiceError
from socd_tui.model.record import dataclass
from socd_tui.model.redaction import redacted
from socd_tui.model.session import Secret
from socd_tui.model.text import Text, clip

MOST_READ = 1_024
"""Characters of it that are looked at."""

MAX_QUOTED = 120
"""Columns of the service's own message, or request id, that our message repeats at most."""

SIGN_IN_AGAIN = "Sign in to the dashboard in a browser and paste the new session token."

_ENVELOPE = frozenset(
    {"error", "errors", "error_code", "error_description", "code", "status", "statuscode", "success", "ok"}
    | {"message", "msg", "detail", "details", "hint", "title", "type", "instance", "path", "timestamp"}
    | {"request_id", "requestid", "trace_id"}
)
"""Names that stand in the answers of services which have failed, and nowhere in one with figures."""
_WORDS = ("message", "msg", "detail", "title", "error_description", "description", "code")


@dataclass(frozen=True)
class Explanation:
    """What the error envelope of a reply says; None for what is not in it."""

    message: Text | None
    request_id: Text | None


def explain(payload: object, token: Secret) -> Explanation:
    """What an envelope says: the documented one, a list of `errors`, or a problem document (RFC 9457)."""
    parts = (_member(payload, "error"), _member(payload, "errors"))
    error = next((part for part in parts if part and isinstance(part, dict | list | str)), payload)
    if isinstance(error, list):
        error = next(iter(error), None)
    said = error if isinstance(error, str) else _first(error, _WORDS)
    request_id = _first(error, ("request_id",)) or _member(payload, "request_id")
    return Explanation(_text(said, token), _text(request_id, token))


def spoken_error(payload: object, status: int, token: Secret) -> ServiceError | None:
    """The error that a good status brings along in place of data; None where it brings data."""
    if not _is_refusal(payload):
        return None
    within = _member(payload, "data")
    explanation = explain(within if _is_refusal(within) else payload, token)
    said = explanation.message.original if explanation.message else ""
    session = re.search(r"session|sign|log.?in|auth|jwt|token", said, re.IGNORECASE)
    return ServerFailed(
        sentence(f"The service answered with an error in place of data ({status}).", explanation),
        f"If the session has ended: {SIGN_IN_AGAIN}" if session else "Try again in a while.",
        request_id=explanation.request_id,
    )


def _is_refusal(payload: object) -> bool:
    """Whether it says that it failed: an error, no success, or nothing but an envelope's words."""
    if not isinstance(payload, dict):
        return False
    if any(_is_said(payload.get(name)) for name in ("error", "errors")):
        return True
    if any(f"{payload.get(name)}".strip().lower() == "false" for name in ("success", "ok")):
        return True
    if _is_refusal(payload.get("data")):
        return True
    words = {name for name, value in payload.items() if value is not None and value != {}}
    return (
        any(isinstance(payload.get(name), str) for name in _WORDS)
        and {name.lower() for name in words} <= _ENVELOPE
    )


def _is_said(error: object) -> bool:
    """Whether an error is there: a word or an object of more than nulls, in a list or alone."""
    match error:
        case str():
            return bool(error.strip())
        case dict():
            return any(value is not None for value in error.values())
        case list():
            return any(map(_is_said, error))
        case _:
            return error is True


def _member(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _first(value: object, names: tuple[str, ...]) -> object:
    """The first of these members that says anything."""
    return next((member for name in names if (member := _member(value, name))), None)


def _text(value: object, token: Secret) -> Text | None:
    if not isinstance(value, str) or not value.strip():
        return None
    return Text(redacted(value[:MOST_READ], [token.reveal()]))


def sentence(happened: str, explanation: Explanation) -> str:
    parts = [happened]
    if explanation.message:
        parts.append(f"It says “{clip(explanation.message.shown, MAX_QUOTED)}”.")
    if explanation.request_id:
        parts.append(f"Request id: {clip(explanation.request_id.shown, MAX_QUOTED)}.")
    return " ".join(parts)
