"""When the service is asked again without anybody asking for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from socd_tui.live.sources import Timer

LONG_WAIT = timedelta(minutes=15)
"""So long at most what the service refused for its number is waited for, or a single key is."""


class Timetable:
    """One refresh that is due, if any. `every` is the pause between automatic ones, None without them."""

    def __init__(
        self, later: Callable[[float, Callable[[], None]], Timer], refresh: Callable[[bool], None]
    ) -> None:
        self._later = later
        self._refresh = refresh
        self._timer: Timer | None = None
        self.every: timedelta | None = None

    def set(self, wait: timedelta, *, cut_short: bool = False) -> timedelta | None:
        """How long it is to the next refresh, whose timer starts now; None when there is to be none.

        `wait` is how long the service does not want to be asked. One that it `cut_short` goes on after that,
        unless that is too long: `refresh` is told so.
        """
        self._stop()
        goes_on = cut_short and timedelta() < wait <= LONG_WAIT
        pause = wait if goes_on else None if self.every is None else max(self.every, wait)
        if pause is not None:
            self._timer = self._later(pause.total_seconds(), lambda: self._refresh(goes_on))
        return pause

    def close(self) -> None:
        """Nothing is asked any more."""
        self.every = None
        self._stop()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
