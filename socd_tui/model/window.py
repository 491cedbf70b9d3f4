"""The look-back window: which UTC days a usage answer speaks of, and how long one may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple

from socd_tui.model.days import MAX_DAYS, MIN_DAYS, RANGE
from socd_tui.model.errors import UsageError
from socd_tui.model.record import dataclass

LOOK_BACK = f"{MAX_DAYS} days"
"""How far back the service looks, in words."""

LADDER = (1, 7, 14, 30, 60, MAX_DAYS)
"""Window lengths one key press apart."""

REMEMBERED = (180, 365)
"""Further steps, where this machine remembers days the service no longer tells."""

WindowSource = Literal["period", "days", "clock"]


@dataclass(frozen=True)
class Window:
    """`days` as asked or answered; `start` and `end` are its first and last UTC date, both included.

    `source` says how the dates are known: from the payload's period, from its daily rows, or only
    from the clock and the length.
    """

    days: int
    start: date
    end: date
    source: WindowSource = "clock"

    @classmethod
    def ending(cls, end: date, days: int, source: WindowSource = "clock") -> Window:
        return cls(days, end - timedelta(days=days - 1), end, source)

    @classmethod
    def longest(cls, end: date) -> Window:
        """As far back from this date as the service looks."""
        return cls.ending(end, MAX_DAYS)

    def dates(self) -> Iterator[date]:
        for offset in range((self.end - self.start).days + 1):
            yield self.start + timedelta(days=offset)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


class Dates(NamedTuple):
    """Days that were named rather than counted back from now, UTC, both included."""

    first: date
    last: date | None = None
    """None for the day of the newest answer, whichever that is."""

    def window(self, newest: date) -> Window:
        """They as a window, where the newest answer ends on this date. It has one day at least."""
        last = max(self.last or newest, self.first)
        return Window((last - self.first).days + 1, self.first, last)


def covering(windows: Iterable[Window]) -> Window | None:
    """The window that covers them all; None for none."""
    parts = list(windows)
    if not parts:
        return None
    widest = max(parts, key=lambda window: window.days)
    return Window(widest.days, min(w.start for w in parts), max(w.end for w in parts), widest.source)


def answered_by_service(days: int) -> bool:
    """Whether the service answers a window of this length."""
    return MIN_DAYS <= days <= MAX_DAYS


def beyond_service(days: int) -> bool:
    """Whether a window is longer than the service's, so that it is made here from remembered days."""
    return days > MAX_DAYS


def longest_days(remembered: int = 0) -> int:
    """The length of the longest window there is: the service's, or all the days that are remembered."""
    return max(MAX_DAYS, remembered)


def service_days(days: int) -> int:
    """The length to ask the service for where a window of `days` is wanted: its longest for a longer one."""
    return min(days, MAX_DAYS)


def parse_days(text: str) -> int:
    """A window length typed by a person. Raises UsageError for one the service does not answer."""
    try:
        days = int(text.strip())
    except ValueError:
        days = 0
    if not answered_by_service(days):
        raise UsageError(
            f"'{text.strip()[:20]}' is not a window.",
            f"Give a whole number of days from {RANGE}.",
        )
    return days


def longer(days: int, remembered: int = 0) -> int:
    """The next step up the ladder, which goes on while days are remembered; the longest stays."""
    return next((step for step in ladder(remembered) if step > days), days)


def shorter(days: int, remembered: int = 0) -> int:
    """The next step down the ladder; the shortest stays."""
    return next((step for step in reversed(ladder(remembered)) if step < days), LADDER[0])


def ladder(remembered: int) -> tuple[int, ...]:
    """The lengths one key press apart, the shortest first; as far as days are remembered."""
    further = (*(step for step in REMEMBERED if step < remembered), remembered)
    return (*LADDER, *further) if beyond_service(remembered) else LADDER
