"""The session token in memory: present when needed, invisible everywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NoReturn

Where = Literal["environment", "file", "keyring", "demo"]


class Secret:
    """A string that no repr, format, log, pickle or traceback shows. Only `reveal` gives it out."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

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


@dataclass(frozen=True)
class Session:
    """A token, the one origin (scheme://host[:port]) it may be sent to, and what its JWT claims.

    `expires_at` is decoded for display only; the service decides. None when the token does not say.
    """

    token: Secret
    origin: str
    expires_at: datetime | None
    where: Where
