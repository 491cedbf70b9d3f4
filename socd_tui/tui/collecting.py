"""Python's collector of cycles, kept out of the way of who presses a key.

Now and then it looks through every object there is, whoever waits: of a thousand keys for a quarter of a
second. Figures hold no cycles, they go when nobody holds them any more; what does is small and can wait. So
it looks at what is new as ever, and through everything only while nobody has pressed a key for a while.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

LOOKS_S = 5.0
"""How often it is looked whether nobody is at the keyboard."""

IDLE_S = 5.0
"""Seconds without a key after which nobody is."""

RESTS_S = 60.0
"""Seconds between two times that it looks through everything."""

LONGEST_S = 600.0
"""Seconds after which it does, whoever is at the keyboard."""

NEVER = 1_000_000_000
"""So often it would have to look at what is new before it looked through everything by itself."""


class Collector:
    """When Python's collector looks through everything."""

    def __init__(self, steady: Callable[[], float] = monotonic) -> None:
        self._steady = steady
        self._touched = self._collected = steady()

    @contextmanager
    def in_charge(self) -> Iterator[None]:
        """Meanwhile only `look` makes it look through everything."""
        before = gc.get_threshold()
        gc.set_threshold(*before[:2], NEVER)
        try:
            yield
        finally:
            gc.set_threshold(*before)

    def touched(self) -> None:
        """A key was pressed."""
        self._touched = self._steady()

    def look(self) -> None:
        """It looks through everything, if nobody is at the keyboard and it has not for a while."""
        now = self._steady()
        rested, idle = now - self._collected, now - self._touched
        if rested >= LONGEST_S or (rested >= RESTS_S and idle >= IDLE_S):
            self._collected = now
            gc.collect()
