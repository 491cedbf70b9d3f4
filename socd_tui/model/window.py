"""The look-back window: which UTC days a usage answer speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from socd_tui.model.errors import UsageError

MIN_DAYS, MAX_DAYS, DEFAULT_DAYS = 1, 90, 7
"""The service's own range and default for `days`."""

LADDER = (1, 7, 14, 30, 60, 90)
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

    def dates(self) -> Iterator[date]:
        for offset in range((self.end - self.start).days + 1):
            yield self.start + timedelta(days=offset)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


def covering(windows: Iterable[Window]) -> Window | None:
    """The window that covers them all; None for none."""
    known = list(windows)
    if not known:
        return None
    widest = max(known, key=lambda window: window.days)
    return Window(widest.days, min(w.start for w in known), max(w.end for w in known), widest.source)


def parse_days(text: str) -> int:
    """A window length typed by a person. Raises UsageError outside 1–90."""
    try:
        days = int(text.strip())
    except ValueError:
        days = 0
    if not MIN_DAYS <= days <= MAX_DAYS:
        raise UsageError(
            f"'{text.strip()[:20]}' is not a window.",
            f"Give a whole number of days from {MIN_DAYS} to {MAX_DAYS}.",
        )
    return days


def parse_window(text: str, remembered: int) -> int:
    """A window typed in the program: 1–90 days, or as far as days are remembered. Raises UsageError."""
    typed = text.strip().lower()
    if typed == "all":
        return remembered
    longest = max(remembered, *REMEMBERED)
    days = int(typed[:9]) if typed.isascii() and typed.isdigit() else 0
    if not MIN_DAYS <= days <= longest:
        raise UsageError(
            f"'{typed[:20]}' is not a window.", f"Give a whole number of days from 1 to {longest}, or all."
        )
    return days


def longer(days: int, remembered: int = MAX_DAYS) -> int:
    """The next step up the ladder, which goes on while days are remembered; the longest stays."""
    return next((step for step in _steps(remembered) if step > days), days)


def shorter(days: int, remembered: int = MAX_DAYS) -> int:
    """The next step down the ladder; the shortest stays."""
    return next((step for step in reversed(_steps(remembered)) if step < days), LADDER[0])


def _steps(remembered: int) -> tuple[int, ...]:
    further = (*(step for step in REMEMBERED if step < remembered), remembered)
    return (*LADDER, *further) if remembered > MAX_DAYS else LADDER
