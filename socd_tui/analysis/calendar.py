"""Daily rows placed by date: every day of the window has a place, also one the service sent no row for."""

from __future__ import annotations

from socd_tui.model.usage import Day, Usage


def calendar(usage: Usage) -> tuple[Day, ...]:
    """The window's dates in ascending order, and before or after them any other date the service sent."""
    sent = {day.date: day for day in usage.days or ()}
    today = usage.observed_at.date()
    return tuple(
        Day(on, missing=True)
        if on not in sent
        else sent[on]._replace(outside=on not in usage.window, ahead=on > today)
        for on in sorted({*sent, *usage.window.dates()})
    )
