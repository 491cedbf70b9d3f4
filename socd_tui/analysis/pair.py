"""Which whole days are compared with which."""

from __future__ import annotations

from datetime import date, timedelta

from socd_tui.model.lens import Compare
from socd_tui.model.record import dataclass
from socd_tui.model.window import Window


@dataclass(frozen=True)
class Pair:
    """Two spans of whole days of one length, and how they were chosen. Dates are UTC, both ends included."""

    kind: Compare
    now: Window
    before: Window

    @property
    def apart(self) -> timedelta:
        """From a day to the one it stands beside."""
        return self.now.start - self.before.start


def pair(kind: Compare, today: date, days: int) -> Pair:
    """The whole days that are compared on this date: today is not over, so it is in neither.

    Of the same length: those of the window of `days`, each with the date a window before it; of a window of
    one day yesterday and the day before. By the calendar: the days of yesterday's week, from Monday on, and
    the same days of the week before.
    """
    yesterday = today - timedelta(days=1)
    if kind == "calendar_week":
        length, apart = yesterday.weekday() + 1, 7
    else:
        length, apart = max(days - 1, 1), days
    return Pair(
        kind,
        Window.ending(yesterday, length),
        Window.ending(yesterday - timedelta(days=apart), length),
    )
