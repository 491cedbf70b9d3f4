"""The session token between two runs: in a file only its owner can read, or in the keyring if asked.

`session.json` holds the token, the one origin it was stored for, and when. A null token says that the
keyring has it, so that `logout` finds it there too. `SOCD_SESSION_TOKEN` wins over what is stored; it is
taken out of the environment at once, so that no child process inherits it.
"""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from socd_tui.clock import Clock
from socd_tui.model.errors import SocdError, StoreError, UsageError
from socd_tui.model.session import Secret, Session, Where
from socd_tui.model.token import COOKIE, MAX_PASTE, Token, mask, normal_origin, parse_token
from socd_tui.store.atomic import read_private, sweep, write_private
from socd_tui.store.paths import Paths, private_dir, refused, shown

VARIABLE = "SOCD_SESSION_TOKEN"
KEYRING_VARIABLE = "SOCD_KEYRING"
_CAP = MAX_PASTE + 4096  # a token, an origin and a date


_LOGIN = "Store the session again with `socd-tui login`."


@dataclass(frozen=True)
class _Document:
    """The session file; `token` is None when the keyring has it."""

    token: Token | None
    origin: str


@dataclass(frozen=True)
class SessionStatus:
    """What `status` tells. `present`: there is a token for the origin asked about; `note`: what is odd."""

    present: bool
    path: Path
    """The session file, whether or not it exists."""
    where: Where | None = None
    masked: str | None = None
    origin: str | None = None
    """The origin the token is for, even when that is not the one asked about."""
    expires_at: datetime | None = None
    expired: bool = False
    """By this machine's clock; the service decides."""
    note: str | None = None


class SessionStore:
    """Keeps the session token; `notices` are sentences to show the person once."""

    def __init__(self, paths: Paths, environ: MutableMapping[str, str], clock: Clock) -> None:
        self.path = paths.data / "session.json"
        self.notices: list[str] = []
        self._clock = clock
        self._use_keyring = environ.get(KEYRING_VARIABLE) == "1"
        self._given = _from_environment(environ)

    def load(self, origin: str) -> Session | None:
        """The token for exactly this origin, or None.

        Raises UsageError when the environment's token or the origin is none, StoreError when what is
        stored cannot be read.
        """
        origin = normal_origin(origin)
        session = self._from_variable(origin) or self._stored()
        return session if session is not None and session.origin == origin else None

    def save(self, token: Token, origin: str) -> Session:
        """Store the token for this origin only, instead of any other; it now wins over the environment's.

        Raises StoreError; UsageError for an origin no token may be sent to.
        """
        origin = normal_origin(origin)
        if private_dir(self.path.parent):
            self.notices.append(f"{shown(self.path.parent)} was open to other users; now it is yours alone.")
        sweep(self.path.parent)
        where: Where = "file"
        if self._use_keyring:
            self._write(None, origin)  # before the keyring has it, so that `logout` will look there
            where = self._into_keyring(token.secret)
        else:
            with suppress(StoreError):  # what an earlier login left there
                self._out_of_keyring()
        if where == "file":
            self._write(token.secret, origin)
        self._given = None
        return Session(token.secret, origin, token.expires_at, where)

    def forget(self) -> list[str]:
        """Remove the token everywhere it was stored; answers where that was, in words.

        Raises StoreError when it may still be somewhere; a second try continues.
        """
        places = []
        if self._given is not None:
            self._given = None
            places.append(f"this run's {VARIABLE} (unset it in your shell too)")
        if self._out_of_keyring():
            places.append("the keyring")
        try:
            self.path.unlink()
            places.append(f"the file {shown(self.path)}")
        except (FileNotFoundError, NotADirectoryError):
            pass
        except OSError as error:
            raise refused(self.path, "removed", error) from None
        sweep(self.path.parent)
        return places

    def place(self, where: Where | None) -> str:
        """Where a token is, in words: the path of the file, else what it is kept in."""
        return str(self.path) if where == "file" else f"the {where}"

    def describe(self, origin: str) -> SessionStatus:
        """What `load(origin)` would find, without failing: a damaged file or variable is told in `note`."""
        origin = normal_origin(origin)
        try:
            session = self._from_variable(origin) or self._stored()
        except SocdError as error:
            return SessionStatus(False, self.path, note=str(error))
        if session is None:
            return SessionStatus(False, self.path)
        present = session.origin == origin
        return SessionStatus(
            present=present,
            path=self.path,
            where=session.where,
            masked=mask(session.token),
            origin=session.origin,
            expires_at=session.expires_at,
            expired=session.expires_at is not None and session.expires_at <= self._clock(),
            note=None
            if present
            else f"The stored token is for {session.origin}; it is not sent to {origin}.",
        )

    def _from_variable(self, origin: str) -> Session | None:
        match self._given:
            case None:
                return None
            case Token(secret, expires_at):
                return Session(secret, origin, expires_at, "environment")
            case UsageError() as error:
                raise UsageError(error.message, error.next_step)

    def _stored(self) -> Session | None:
        """What is stored, for whatever origin. Raises StoreError when it cannot be read."""
        document = self._document()
        if document is None:
            return None
        if document.token is not None:
            return Session(document.token.secret, document.origin, document.token.expires_at, "file")
        from socd_tui.store import keyring

        secret = keyring.fetch()
        token = _cookie(secret.reveal()) if secret is not None else None
        if token is None:
            raise StoreError("The keyring no longer has the session token.", _LOGIN)
        return Session(token.secret, document.origin, token.expires_at, "keyring")

    def _document(self) -> _Document | None:
        try:
            data = read_private(self.path, _CAP, notices=self.notices)
        except StoreError as error:
            raise StoreError(error.message, _LOGIN) from None
        if data is None:
            return None
        document = _parsed(data)
        if document is None:
            raise StoreError(f"{shown(self.path)} is damaged.", _LOGIN)
        return document

    def _write(self, secret: Secret | None, origin: str) -> None:
        document = {
            "token": secret.reveal() if secret is not None else None,
            "origin": origin,
            "stored_at": self._clock().isoformat(timespec="seconds"),
        }
        write_private(self.path, json.dumps(document).encode())

    def _into_keyring(self, secret: Secret) -> Where:
        from socd_tui.store import keyring

        try:
            keyring.store(secret)
        except StoreError as error:
            self.notices.append(f"{error.message} The token is in the file {shown(self.path)} instead.")
            return "file"
        return "keyring"

    def _out_of_keyring(self) -> bool:
        """Whether the keyring had the token. Raises StoreError when it has it still."""
        try:
            document = self._document()
        except StoreError:
            return False
        if document is None or document.token is not None:
            return False
        from socd_tui.store import keyring

        keyring.remove()
        return True


def _from_environment(environ: MutableMapping[str, str]) -> Token | UsageError | None:
    """The token the environment gives, or why it is none; the variable is gone afterwards."""
    pasted = environ.pop(VARIABLE, "")
    if not pasted:
        return None
    try:
        return parse_token(pasted)  # an expired one is for the service to refuse
    except UsageError as error:
        return UsageError(f"{VARIABLE}: {error.message}", error.next_step)


def _parsed(data: bytes) -> _Document | None:
    """The session file's content; None when it is not what `save` writes."""
    try:
        match json.loads(data):
            case {"token": str(value), "origin": str(origin)}:
                token = _cookie(value)
                return _Document(token, normal_origin(origin)) if token is not None else None
            case {"token": None, "origin": str(origin)}:
                return _Document(None, normal_origin(origin))
    except (ValueError, RecursionError, UsageError):
        pass
    return None


def _cookie(value: str) -> Token | None:
    """The token if `value` is exactly one, ready to be sent; stored bytes may have been tampered with."""
    try:
        token = parse_token(f"{COOKIE}={value}")
    except UsageError:
        return None
    return token if token.secret.reveal() == value else None
