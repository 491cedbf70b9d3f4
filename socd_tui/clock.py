"""The only place that reads the system's clock; everything else is given a Clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the time now, as an aware datetime in any zone."""


def utc_now() -> datetime:
    """This machine's time, in UTC."""
    return datetime.now(UTC)
