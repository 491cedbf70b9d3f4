"""The only place that reads the system's clocks; everything else is given a Clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Returns the time now, as an aware datetime in any zone."""


EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
"""No moment before the one, or from the other on, is meant by anybody, whoever sent or stored it.

What is counted from a moment within them, a window back or a month ahead, is a date too.
"""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC).toordinal()
"""The date from which moments are counted, itself counted as Python counts dates."""


def utc_now() -> datetime:
    """This machine's time, in UTC: it jumps when somebody sets it."""
    return datetime.now(UTC)


def elapsed_s() -> float:
    """Seconds by a clock that nobody can set. Time asleep counts where the system tells it."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def steady(clock: Clock = utc_now, elapsed: Callable[[], float] = elapsed_s) -> Clock:
    """A Clock that begins with the time of `clock` and then goes on, however that one is set.

    What is waited for and how old something is are measured by it.
    """
    start, began_s = clock(), elapsed()
    return lambda: start + timedelta(seconds=elapsed() - began_s)


def duration(length: timedelta) -> str:
    """A length of time in its largest whole unit: 40 s, 18 min, 5 h, 3 d."""
    seconds = int(length.total_seconds())
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
