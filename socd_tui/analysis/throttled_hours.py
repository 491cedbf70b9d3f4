"""When 429s came, in figures for one sentence: how often, how many an hour, and which hours had none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from socd_tui.model.usage import Usage

HOUR = timedelta(hours=1)

Span = tuple[time, time]
"""Hours of the day that follow each other, from the first one's start to the last one's end."""


@dataclass(frozen=True, kw_only=True)
class ThrottledHours:
    """How the 429s of a window lie on its hours."""

    hit: int
    """Hours with a 429."""
    lived: int
    """Hours of the window so far."""
    least: int
    """The fewest in an hour that had any."""
    most: int
    worst: datetime
    """The UTC hour with most; the newest of equals."""
    quiet: tuple[Span, ...] | None
    """Hours of the day that had none on any day, the longest stretch first; None where the listed hours do
    not account for every 429 of the window."""

    @property
    def every(self) -> bool:
        """Each hour so far had one."""
        return self.hit >= self.lived


def throttled_hours(usage: Usage, zone: tzinfo = UTC) -> ThrottledHours | None:
    """None where the service sent no hours, or none with a 429; hours of the day are those of the zone."""
    counts = {
        hour.start: hour.throttled
        for hour in usage.hours or ()
        if hour.throttled > 0 and hour.start.date() in usage.window
    }
    if not counts:
        return None
    complete = usage.throttled is not None and sum(counts.values()) >= usage.throttled
    dates = (usage.window.end - usage.window.start).days + 1
    return ThrottledHours(
        hit=len(counts),
        lived=max((dates - 1) * 24 + usage.observed_at.hour + 1, len(counts)),
        least=min(counts.values()),
        most=max(counts.values()),
        worst=max(counts, key=lambda hour: (counts[hour], hour)),
        quiet=_quiet(usage, counts, zone) if complete else None,
    )


def _quiet(usage: Usage, hits: Iterable[datetime], zone: tzinfo) -> tuple[Span, ...]:
    """The stretches of hours of the day that were lived through and never hit."""
    hit = {hour.astimezone(zone).time() for hour in hits}
    midnight = datetime.combine(usage.window.end, time(), UTC)
    newest = [midnight + HOUR * n for n in range(24)]
    if usage.window.start < usage.window.end:  # each hour of the day was lived on an earlier day
        newest = [hour - timedelta(days=1) for hour in newest]
    lived = sorted(hour.astimezone(zone).time() for hour in newest if hour <= usage.observed_at)
    free = [at for at in lived if at not in hit]
    runs: list[list[time]] = []
    for at in free:
        if runs and _after(runs[-1][-1]) == at:
            runs[-1].append(at)
        else:
            runs.append([at])
    if len(runs) > 1 and _after(runs[-1][-1]) == runs[0][0]:  # around midnight
        runs[0] = runs.pop() + runs[0]
    runs.sort(key=len, reverse=True)
    return tuple((run[0], _after(run[-1])) for run in runs)


def _after(at: time) -> time:
    """The time of day an hour later."""
    return at.replace(hour=(at.hour + 1) % 24)
