"""Daily rows placed by date: every day of the window has a place, and a missing one is known as missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from socd_tui.model.usage import Usage


@dataclass(frozen=True)
class DaySlot:
    """One date of the picture. `missing`: the service sent no row; `outside`: a row beyond the window."""

    date: date
    requests: int | None = None
    errors: int | None = None
    partial: bool = False
    missing: bool = False
    outside: bool = False
    silent_keys: int = 0


def calendar(usage: Usage) -> tuple[DaySlot, ...]:
    """The window's dates in ascending order, and before or after them any other date the service sent."""
    sent = {day.date: day for day in usage.days or ()}
    slots = []
    for when in sorted({*sent, *usage.window.dates()}):
        day = sent.get(when)
        outside = when not in usage.window
        slots.append(
            DaySlot(when, missing=True)
            if day is None
            else DaySlot(when, day.requests, day.errors, day.partial, False, outside, day.silent_keys)
        )
    return tuple(slots)
