"""Which window is looked at: so many days back from now, or days that are named."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from socd_tui.commands.parts.command import WINDOW
from socd_tui.model.errors import UsageError
from socd_tui.model.record import replace
from socd_tui.model.window import Dates

if TYPE_CHECKING:
    from socd_tui.commands.parts.command import Options
    from socd_tui.commands.parts.context import World
    from socd_tui.model.lens import Lens

LONGEST = 3_660
"""Days of the longest window: ten years."""

NAMED = ("today", "yesterday", "week", "month")
_ONE = "Give one of --days, --since with --until, --today, --yesterday, --week and --month."


def on_window(world: World[Any], lens: Lens, usual: int | None = None) -> Lens:
    """The Lens on the window that was asked for; on `usual` days, else the person's own, where none was.

    Raises UsageError for dates that cannot be read, and for two windows.
    """
    options, today = world.options, world.clock().date()
    if world.export is not None:
        if not any(getattr(options, each) for each in WINDOW):
            return lens
        today = (world.export.fleet.at or world.clock()).date()  # then was the day that it is of
    days = options.days or usual or world.settings.days
    dates = _dates(options, today, days)
    if dates is None:
        return replace(lens, days=days, dates=None)
    if dates.last is not None and dates.last >= today:
        dates = Dates(dates.first)
    return replace(lens, days=dates.window(today).days, dates=dates)


def moved_on(world: World[Any], lens: Lens) -> Lens:
    """The Lens on today, or this week, where that was asked for: by now it is another one than at first."""
    return on_window(world, lens) if any(getattr(world.options, each) for each in NAMED) else lens


def _dates(options: Options, today: date, days: int) -> Dates | None:
    """The days that were named; None where none were."""
    named = [name for name in NAMED if getattr(options, name)]
    by_date = options.since is not None or options.until is not None
    if len(named) + by_date > 1 or (options.days and (named or options.since is not None)):
        raise UsageError("More than one window was asked for.", _ONE)
    yesterday = today - timedelta(days=1)
    match named:
        case ["today"]:
            return Dates(today)
        case ["yesterday"]:
            return Dates(yesterday, yesterday)
        case ["week"]:
            return Dates(today - timedelta(days=today.weekday()))
        case ["month"]:
            return Dates(today.replace(day=1))
    if not by_date:
        return None
    from socd_tui.model.typed_window import parse_date

    last = today if options.until is None else parse_date(options.until, today)
    first = last - timedelta(days=days - 1) if options.since is None else parse_date(options.since, today)
    if first > last:
        raise UsageError(f"{first} is after {last}.", "Let --since be the earlier date.")
    if (last - first).days >= LONGEST:
        raise UsageError(f"{first} is more than ten years before {last}.", "Give a later --since.")
    return Dates(first, last)
