"""Python's collector of cycles, kept out of the way of who presses a key.

It looks through every object there is, now and then, whoever waits: of a thousand keys for a quarter of a
second. Figures hold no cycles; they go when nobody holds them any more. So once they have come in they are
put where it does not look, and it looks through everything only while nobody has pressed a key for a while.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import monotonic

LOOKS_S = 10.0
"""How often it is looked whether nobody is at the keyboard."""

IDLE_S = 10.0
"""Seconds without a key after which nobody is."""

RESTS_S = 300.0
"""Seconds between two times that it looks through everything."""


class Collector:
    """What is done with Python's collector while the program runs."""

    def __init__(self, steady: Callable[[], float] = monotonic) -> None:
        self._steady = steady
        self._touched = self._collected = steady()
        self._kept: object = None

    def touched(self) -> None:
        """A key was pressed."""
        self._touched = self._steady()

    def keep(self, figures: object) -> None:
        """Figures have come in: it need not look at what there is now."""
        if figures is not self._kept:
            self._kept = figures
            gc.freeze()

    def look(self) -> None:
        """It looks through everything, if nobody is at the keyboard and it has not for a while."""
        now = self._steady()
        if now - self._touched >= IDLE_S and now - self._collected >= RESTS_S:
            self._collected = now
            gc.unfreeze()
            gc.collect()
            gc.freeze()
