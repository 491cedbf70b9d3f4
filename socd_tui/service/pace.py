"""How fast one session may ask, by the limit that the service's answers tell of.

An account has other clients than this program: they are left room, and a refused request is one too many.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from socd_tui.clock import Clock
from socd_tui.service.allowance import MINUTE, Allowance

LEFT_TO_OTHERS = 10
"""Of so many requests one is never used."""

SLACK = timedelta(seconds=2)
"""By which two tellings of one moment may differ: a `Date` has whole seconds."""

ON_THE_WAY = timedelta(seconds=1)
"""By which a request may be longer on its way to the service than a later one."""

LONGEST_RENEWAL = timedelta(minutes=15)
"""So long at most a request waits for the limit to be renewed."""

NO_WAIT = timedelta()


class Pace:
    """What was sent, what the newest answer allows, and what other clients use. By a Clock never set back.

    Of a limit at most nine tenths are sent in any window, wherever it begins: whether the service counts
    from minute to minute or the last sixty seconds is not documented. The first ones go at once; when they
    were not enough, the others follow evenly.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sent: deque[datetime] = deque()
        self._in_flight = 0
        self.limit: int | None = None
        """Requests that the service allows in a window; None before it has told."""
        self._window = MINUTE
        self._remaining = 0
        """Until `_renewed_at`: what the service still allows, less what was sent since it said so."""
        self._renewed_at: datetime | None = None
        self._evenly_until = clock()
        """Until then requests are spread: what others use is seen only by asking now and then."""
        self._others: deque[tuple[datetime, int]] = deque()
        """When an answer was heard, and how many requests of other clients its window had."""

    def send(self) -> None:
        """A request is sent now."""
        self._forget()
        self._sent.append(self._clock())
        self._in_flight += 1
        self._remaining -= 1

    def end(self) -> None:
        """One that was sent has ended."""
        self._in_flight -= 1

    def hear(self, allowance: Allowance | None) -> None:
        """What the answer of one that has ended tells of the limit, None for nothing."""
        if allowance is None:
            return
        if allowance.limit != self.limit:
            self.limit, self._window, self._renewed_at = allowance.limit, allowance.window, None
            self._others.clear()
        now, before = self._clock(), self._renewed_at
        self._renewed_at = None if allowance.renewed_in is None else now + allowance.renewed_in
        self._window = max(self._window, allowance.window, _window_of(allowance.renewed_in))
        self._others.append((now, self._count_others(allowance)))
        # What is in flight may have been counted or not.
        remaining = max(allowance.remaining - self._in_flight, 0)
        same_window = (
            before is not None and self._renewed_at is not None and self._renewed_at - before <= SLACK
        )
        # Answers may overtake each other.
        self._remaining = min(remaining, self._remaining) if same_window else remaining

    def next_wait(self) -> timedelta:
        """How long the next request has to wait; nothing before the service has told of a limit."""
        if self.limit is None:
            return NO_WAIT
        self._forget()
        now, kept = self._clock(), self._kept(self.limit)
        waits = [NO_WAIT]
        most = self.limit - kept
        if self._sent and now < self._evenly_until:
            waits.append(self._sent[-1] + self._window / most - now)
        if len(self._sent) >= most:
            waits.append(self._sent[-most] + self._window + ON_THE_WAY - now)
            self._evenly_until = now + 2 * self._window
        if self._renewed_at is not None and self._remaining <= kept:
            waits.append(self._renewed_at - now)
        return max(waits)

    @property
    def renewal(self) -> timedelta | None:
        """How long it takes at most for the limit to be renewed; None before the service has told of one."""
        return None if self.limit is None else min(self._window + SLACK, LONGEST_RENEWAL)

    def _kept(self, limit: int) -> int:
        """Requests of each window that are left to others: one more than they use lately, and a tenth.

        Whatever they use, this program has a quarter, and one at least, to get on.
        """
        others = max((count for _, count in self._others), default=0)
        return min(max(limit // LEFT_TO_OTHERS, others + 1), limit - max(limit // 4, 1))

    def _count_others(self, allowance: Allowance) -> int:
        """What of the window's requests was not sent from here."""
        began = (self._renewed_at or self._clock()) - self._window - SLACK
        ours = sum(1 for sent in self._sent if sent > began)
        return max(allowance.limit - allowance.remaining - ours, 0)

    def _forget(self) -> None:
        """What is over: requests after a window, those of others after two."""
        now = self._clock()
        while self._sent and self._sent[0] <= now - self._window - SLACK:
            self._sent.popleft()
        while self._others and self._others[0][0] <= now - 2 * self._window:
            self._others.popleft()


def _window_of(renewed_in: timedelta | None) -> timedelta:
    """The usual window that a renewal so far away is in."""
    usual = (MINUTE, timedelta(hours=1), timedelta(days=1))
    away = renewed_in or NO_WAIT
    return next((window for window in usual if away <= window + SLACK), usual[-1])
