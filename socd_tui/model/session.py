"""The session token in memory, and the session it belongs to."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NoReturn

from socd_tui.model.record import dataclass

COOKIE = "sb-access-token"
"""The documented cookie's name, and the only one ever sent."""

Where = Literal["environment", "file", "keyring", "demo", "firefox"]
"""Where a session's token comes from."""


class Secret:
    """A string that no repr, format, log, pickle or traceback shows; only `reveal` returns it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value
        _SECRETS.add(self)

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(****)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not serialised")


def known_secrets() -> tuple[str, ...]:
    """Every secret that this process has held, for whatever takes them out of a text."""
    return tuple(secret.reveal() for secret in _SECRETS)


_SECRETS: set[Secret] = set()


@dataclass(frozen=True)
class Session:
    """A token, the only origin (scheme://host[:port]) it may be sent to, and when it expires (UTC).

    `expires_at` is for display: it is what the token itself says, None if nothing; the service decides.
    """

    token: Secret
    origin: str
    expires_at: datetime | None
    where: Where
