"""The session that a browser holds, in place of a stored one: read anew when one is needed, kept nowhere."""

from __future__ import annotations

from collections.abc import MutableMapping
from contextlib import suppress
from datetime import datetime, timedelta

from socd_tui.clock import Clock
from socd_tui.model.errors import NotSignedIn, StoreError
from socd_tui.model.session import Session
from socd_tui.model.token import Token, mask, normal_origin
from socd_tui.store.firefox import Firefox
from socd_tui.store.paths import Paths, Stamp
from socd_tui.store.session import SessionStatus, SessionStore

SOON = timedelta(minutes=2)
"""Before a session ends the browser is looked at whenever it has written: it renews one 90 s before."""
SELDOM = timedelta(minutes=1)
"""Else no oftener than this: a browser in use writes all the time."""


class FollowedSession(SessionStore):
    """The store of a run that follows a browser, which renews its session by itself."""

    def __init__(
        self, paths: Paths, environ: MutableMapping[str, str], clock: Clock, browser: Firefox
    ) -> None:
        super().__init__(paths, environ, clock)
        self._environment_token = None  # whoever names a browser means that one
        self._browser = browser
        self._last: Session | None = None
        self._read: tuple[Stamp, datetime] | None = None
        """How the browser's files stood when they were read last, and when that was."""

    def load(self, origin: str) -> Session | None:
        """What the browser has now; None where that is nothing, and then `why_none` says why.

        Raises StoreError when its cookies cannot be read.
        """
        origin, now = normal_origin(origin), self._clock()
        last, stamp = self._last, self._browser.stamp()
        if last and last.origin == origin and self._read and self._read[0] == stamp and not _ends(last, now):
            return last
        self._read = stamp, now
        self._last = self.why_none = None
        try:
            self._last = self._browser.session(origin, now)
        except NotSignedIn as error:
            self.why_none = error
        return self._last

    def newer(self, origin: str) -> Session | None:
        """What the browser has, if that is another one than when it was looked at last."""
        now, before = self._clock(), self._last
        if self._read is not None:
            is_soon = before is None or _ends(before, now + SOON)
            if self._browser.stamp() == self._read[0] or not (is_soon or now - self._read[1] >= SELDOM):
                return None
        with suppress(StoreError):
            session = self.load(origin)
            if session is not None and (before is None or session.token != before.token):
                return session
        self._last = self._last or before  # it is still the one that is used
        return None

    def save(self, token: Token, origin: str) -> Session:
        """For this run alone."""
        return Session(token.secret, normal_origin(origin), token.expires_at, "environment")

    def describe(self, origin: str) -> SessionStatus:
        """What the browser has now. Raises StoreError when its cookies cannot be read."""
        session = self.load(origin)
        path = self._browser.path
        if session is None:
            return SessionStatus(present=False, path=path, note=str(self.why_none or ""))
        return SessionStatus(
            present=True,
            path=path,
            where=session.where,
            masked=mask(session.token),
            origin=session.origin,
            expires_at=session.expires_at,
        )


def _ends(session: Session, now: datetime) -> bool:
    return session.expires_at is not None and session.expires_at <= now
