"""The clocks that tests hand to the program: no test asks what day it is today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic

NOW = datetime(2026, 11, 22, 14, 20, tzinfo=UTC)
"""A Sunday afternoon, far enough from midnight for every test."""


@dataclass
class Clock:
    """Stands still until told otherwise."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, time: timedelta) -> None:
        self.now += time


def going(start: datetime = NOW) -> Callable[[], datetime]:
    """A clock that shows `start` now and goes on from there."""
    began_s = monotonic()
    return lambda: start + timedelta(seconds=monotonic() - began_s)
