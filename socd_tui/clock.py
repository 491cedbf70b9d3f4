"""The one place where the time of day is asked for; everything else is handed a clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Tells the moment, in a zone of its own or in UTC."""


def utc_now() -> datetime:
    """This machine's time, in UTC."""
    return datetime.now(UTC)
