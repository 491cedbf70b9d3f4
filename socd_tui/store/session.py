"""Stores the session token between two runs: in a file only its owner can read, or in the keyring if asked.

`session.json` holds the token, the one origin it was stored for, and when. A null token means that the
keyring has it, so that `logout` removes it there too. The variable `SOCD_SESSION_TOKEN` wins over what is
stored; it is removed from the environment at once, so that no child process inherits it
and nobody sees it there.
"""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from socd_tui.clock import Clock
from socd_tui.model.errors import NotSignedIn, SocdError, StoreError, UsageError
from socd_tui.model.jwt import claims
from socd_tui.model.record import dataclass
from socd_tui.model.session import COOKIE, Secret, Session, Where
from socd_tui.model.token import MAX_TOKEN, Token, mask, normal_origin, parse_token
from socd_tui.store.atomic import read_private, sweep, write_private
from socd_tui.store.environment import VARIABLE, taken
from socd_tui.store.paths import Paths, printable, private_dir, store_error

KEYRING_VARIABLE = "SOCD_KEYRING"
_MAX_BYTES = MAX_TOKEN + 4096  # a token, an origin and a date


@dataclass(frozen=True)
class _Document:
    """The content of the session file; `token` is None when the keyring has it."""

    token: Token | None
    origin: str


@dataclass(frozen=True, kw_only=True)
class SessionStatus:
    """What `socd-tui status` says about the session; None is what is not known or not there."""

    present: bool
    """There is a token for the origin asked about."""
    path: Path
    """The session file, whether or not it exists."""
    where: Where | None = None
    masked: str | None = None
    """The token's first characters and its length."""
    origin: str | None = None
    """The origin the token is for, even when that is not the one asked about."""
    expires_at: datetime | None = None
    expired: bool = False
    """By this machine's clock; the service decides."""
    note: str | None = None
    """Why there is no token, or why it is not sent."""


class SessionStore:
    """Loads, saves and removes the session token; `notices` are sentences to show the person once."""

    def __init__(
        self, paths: Paths, environ: MutableMapping[str, str], clock: Clock, profile: str = ""
    ) -> None:
        self.path = paths.data / "session.json"
        self.notices: list[str] = []
        self.why_none: NotSignedIn | None = None
        """Why `load` found none, where there is more to say than that nobody has signed in."""
        self._clock = clock
        self._use_keyring = environ.get(KEYRING_VARIABLE) == "1"
        self._environment_token = _take_from_environment(environ)
        self._account = f"session-{profile}" if profile else "session"
        """What the keyring has the token under."""
        self._login = (
            f"Store the session again with `socd-tui login{f' --profile {profile}' * bool(profile)}`."
        )
        self._seen = self._stamp()

    def load(self, origin: str) -> Session | None:
        """The session for exactly this origin, or None.

        Raises UsageError when the environment variable holds no token or `origin` is not one, StoreError
        when what is stored cannot be read.
        """
        origin = normal_origin(origin)
        session = self._load_given(origin) or self._load_stored()
        return session if session is not None and session.origin == origin else None

    def newer(self, origin: str) -> Session | None:
        """The session for this origin that another process has stored since this one looked last.

        None when there is none, or none that can be read: that is for the next start to tell.
        """
        stamp, before = self._stamp(), self._seen
        if stamp is None or stamp == before:
            return None
        with suppress(StoreError):
            session = self._load_stored()
            return session if session is not None and session.origin == normal_origin(origin) else None
        return None

    def save(self, token: Token, origin: str) -> Session:
        """Store the token for this origin only, in place of any other; the environment's counts no more.

        Raises StoreError when it cannot be stored, UsageError for an origin no token may be sent to.
        """
        origin = normal_origin(origin)
        if private_dir(self.path.parent):
            self.notices.append(
                f"{printable(self.path.parent)} was open to other users; now it is yours alone."
            )
        sweep(self.path.parent)
        where: Where = "file"
        if self._use_keyring:
            self._write(None, origin)  # before the keyring gets it, so that `logout` will look there
            where = self._store_in_keyring(token.secret)
        else:
            with suppress(StoreError):  # the token of an earlier login
                self._remove_from_keyring()
        if where == "file":
            self._write(token.secret, origin)
        self._environment_token = None
        return Session(token.secret, origin, token.expires_at, where)

    def forget(self) -> list[str]:
        """Remove the token everywhere it was stored; returns those places in words.

        Raises StoreError when it may still be somewhere; a second call continues.
        """
        places = []
        if self._environment_token is not None:
            self._environment_token = None
            places.append(f"this run's {VARIABLE} (unset it in your shell too)")
        if self._remove_from_keyring():
            places.append("the keyring")
        try:
            self.path.unlink()
            places.append(f"the file {printable(self.path)}")
        except (FileNotFoundError, NotADirectoryError):
            pass
        except OSError as error:
            raise store_error(self.path, "removed", error) from None
        sweep(self.path.parent)
        return places

    def place(self, where: Where | None) -> str:
        """Where a token is, in words: the path of the session file, "the keyring" and so on."""
        named = {"file": str(self.path), "firefox": "Firefox's cookies"}
        return named.get(where or "", f"the {where}")

    def describe(self, origin: str) -> SessionStatus:
        """What `load(origin)` would return; `note` says so when the file or the variable is damaged.

        Raises UsageError when `origin` is not one.
        """
        origin = normal_origin(origin)
        try:
            session = self._load_given(origin) or self._load_stored()
        except SocdError as error:
            return SessionStatus(present=False, path=self.path, note=str(error))
        if session is None:
            return SessionStatus(present=False, path=self.path)
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

    def _load_given(self, origin: str) -> Session | None:
        """The environment's token, for whatever origin is asked about. Raises UsageError if it is none."""
        match self._environment_token:
            case None:
                return None
            case Token(secret, expires_at):
                return Session(secret, origin, expires_at, "environment")
            case UsageError() as error:
                raise UsageError(error.message, error.next_step)

    def _load_stored(self) -> Session | None:
        """The stored session, whichever origin it is for. Raises StoreError when it cannot be read."""
        document = self._read_document()
        if document is None:
            return None
        if document.token is not None:
            return Session(document.token.secret, document.origin, document.token.expires_at, "file")
        from socd_tui.store import keyring

        secret = keyring.fetch(self._account)
        token = _exact_token(secret.reveal()) if secret is not None else None
        if token is None:
            raise StoreError("The keyring no longer has the session token.", self._login)
        return Session(token.secret, document.origin, token.expires_at, "keyring")

    def _read_document(self) -> _Document | None:
        """The session file; None when there is none. Raises StoreError when it cannot be read."""
        self._seen = self._stamp()  # before it is read: what comes in between is newer
        try:
            data = read_private(self.path, _MAX_BYTES, notices=self.notices)
        except StoreError as error:
            raise StoreError(error.message, self._login) from None
        if data is None:
            return None
        document = _parse_document(data)
        if document is None:
            raise StoreError(f"{printable(self.path)} is damaged.", self._login)
        return document

    def _write(self, secret: Secret | None, origin: str) -> None:
        document = {
            "token": secret.reveal() if secret is not None else None,
            "origin": origin,
            "stored_at": self._clock().isoformat(timespec="seconds"),
        }
        write_private(self.path, json.dumps(document).encode())
        self._seen = self._stamp()

    def _stamp(self) -> tuple[int, ...] | None:
        """What is another one when somebody has written the file; None when there is none."""
        try:
            status = self.path.lstat()
        except (OSError, ValueError):
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size

    def _store_in_keyring(self, secret: Secret) -> Where:
        """Where the token belongs: the keyring, which has it now, or the file if the keyring failed."""
        from socd_tui.store import keyring

        try:
            keyring.store(secret, self._account)
        except StoreError as error:
            self.notices.append(f"{error.message} The token is in the file {printable(self.path)} instead.")
            return "file"
        return "keyring"

    def _remove_from_keyring(self) -> bool:
        """Whether the token was in the keyring. Raises StoreError when it may still be there."""
        try:
            document = self._read_document()
        except StoreError:
            return False
        if document is None or document.token is not None:
            return False
        from socd_tui.store import keyring

        keyring.remove(self._account)
        return True


def _take_from_environment(environ: MutableMapping[str, str]) -> Token | UsageError | None:
    """The token in the environment, or why it is none; the variable is removed."""
    pasted = taken(environ, VARIABLE)
    if not pasted:
        return None
    try:
        return parse_token(pasted)  # an expired one is for the service to refuse
    except UsageError as error:
        return UsageError(f"{VARIABLE}: {error.message}", error.next_step)


def _parse_document(data: bytes) -> _Document | None:
    """The session file from its bytes; None when `save` cannot have written them."""
    try:
        match json.loads(data):
            case {"token": str(value), "origin": str(origin)}:
                token = _exact_token(value)
                return _Document(token, normal_origin(origin)) if token is not None else None
            case {"token": None, "origin": str(origin)}:
                return _Document(None, normal_origin(origin))
    except (ValueError, RecursionError, UsageError):
        pass
    return None


def _exact_token(value: str) -> Token | None:
    """The token if `value` is one and nothing else: the stored bytes may have been tampered with."""
    try:
        # A token that is no JWT is known as one by its cookie's name.
        token = parse_token(value if claims(value) is not None else f"{COOKIE}={value}")
    except UsageError:
        return None
    return token if token.secret.reveal() == value else None
