"""What the service asked to wait for, and its clock: both outlive the request that learnt of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from socd_tui.clock import Clock
from socd_tui.model.errors import SocdError, Throttled
from socd_tui.model.fleet import CLOCKS_AGREE
from socd_tui.model.record import dataclass
from socd_tui.service.envelope import Explanation
from socd_tui.service.reply import Reply, Wait, refusal_error

LONGEST_REFUSAL = timedelta(days=1)
"""After a wrong header that asks for years the service is asked again tomorrow."""

_ALL = ""
"""In place of a path: whatever it is."""


@dataclass(frozen=True)
class _Refusal:
    """Until when (our clock) a request is not sent, and the error that says why."""

    until: datetime
    make_error: Callable[[], SocdError]


class Waiting:
    """What one client knows of the service's patience and clock, by a Clock that is never set back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._refusals: dict[str, _Refusal] = {}
        self._ahead: timedelta | None = None
        """How far the service's clock is ahead of ours; None before it has said."""
        self._doubted: timedelta | None = None
        """The same by the newest `Date`, when it was not believed."""

    def refuse(self, reply: Reply, explanation: Explanation, wait: timedelta, path: str) -> SocdError:
        """The error of a reply that asks for this wait; until it is over `raise_if_refused` raises it, too.

        A 429 holds for all requests, which count together, anything else for the path that was asked for.
        """
        now = self._clock()
        since = reply.served_at or self.service_time(now)
        make_error = partial(refusal_error, reply, explanation, Wait(since, since + wait))
        scope = _ALL if reply.status == 429 else path
        self._refusals[scope] = _Refusal(now + min(wait, LONGEST_REFUSAL), make_error)
        return make_error()

    def used_up(self, limit: int | None, wait: timedelta) -> SocdError:
        """The error of a request that is not sent: nothing is left of the limit for so long."""
        since = self.service_time()
        until = Wait(since, since + wait)
        return Throttled(
            f"Nothing is left of the {limit:,} requests that the service allows.",
            until.step,
            retry_at=until.until,
        )

    def raise_if_refused(self, path: str) -> None:
        """Raises the error of a request that need not be sent: it would be refused like one before it."""
        for scope in (_ALL, path):
            refusal = self._refusals.get(scope)
            if refusal is not None and self._clock() < refusal.until:
                raise refusal.make_error()

    def wait_s(self, most: timedelta) -> float:
        """Seconds until what was refused may be asked for again, 0 when nothing is waited for.

        What concerns a single path counts only when it is over in `most`: the others need not wait longer.
        """
        now = self._clock()
        waits = [(scope, refusal.until - now) for scope, refusal in self._refusals.items()]
        return max(
            (left.total_seconds() for scope, left in waits if scope == _ALL or left <= most), default=0
        )

    def hear(self, served_at: datetime | None, fetched_at: datetime) -> None:
        """Sets the service's clock by the `Date` of an answer.

        One that differs from what the answers before it lead to expect is believed when it is nearer to our
        own clock than they were, or when the next one says the same: a single answer, of a cache perhaps,
        must not date all that comes after it.
        """
        if served_at is None:
            return
        ahead = served_at - fetched_at
        expected = [each for each in (self._ahead, self._doubted) if each is not None]
        agrees = any(abs(ahead - each) <= CLOCKS_AGREE for each in expected)
        if self._ahead is None or agrees or abs(ahead) < abs(self._ahead):
            self._ahead, self._doubted = ahead, None
        else:
            self._doubted = ahead

    def service_time(self, moment: datetime | None = None) -> datetime:
        """What the service's clock shows now, or at a moment of ours; ours before it has said."""
        return (moment or self._clock()) + (self._ahead or timedelta())
