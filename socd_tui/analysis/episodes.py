"""What was unusual of a key before what is told of it now: earlier runs of requests and of errors.

They are found by the walk that finds the newest ones, and told by the same rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from socd_tui.analysis.runaway import is_brief, rise_of, runaway_of
from socd_tui.analysis.unusual import RECENT, Mark, newest_date, walked
from socd_tui.analysis.usual_days import UsualErrors, UsualRequests, failed_apart
from socd_tui.model.record import dataclass
from socd_tui.model.usage import Day


@dataclass(frozen=True, kw_only=True)
class Episode:
    """Days in a row that were unusual, and are over."""

    of: Literal["requests", "errors"]
    since: date
    until: date
    """The last of them."""
    now: float
    """Requests a day, or the share of requests that failed, 429 left out."""
    usual: float
    """The same of the days before."""
    settled: bool = False
    """It became the usual."""


def episodes(days: Sequence[Day]) -> tuple[Episode, ...]:
    """All of a key that ended before the last week of its days, which the findings tell; the newest first."""
    if not days:
        return ()
    recent = newest_date(days) - RECENT
    found = [each for each in (*_of_requests(days), *_of_errors(days)) if each.until < recent]
    return tuple(sorted(found, key=lambda each: each.since, reverse=True))


def _of_requests(days: Sequence[Day]) -> list[Episode]:
    counted = [day for day in days if day.requests is not None and day.requests >= 0]
    walk = walked(counted, UsualRequests)
    each: list[tuple[Sequence[Mark], bool]] = [(run, False) for run in walk.ended]
    each += [(run, True) for run in walk.settled]
    return [
        Episode(
            of="requests", since=run.since, until=run.until, now=run.now, usual=run.usual, settled=settled
        )
        for marks, settled in each
        for run in [runaway_of(marks, ongoing=False)]
        if not is_brief(run)
    ]


def _of_errors(days: Sequence[Day]) -> list[Episode]:
    walk = walked([day for day in days if failed_apart(day)[1]], UsualErrors)
    return [
        Episode(of="errors", since=rise.since, until=run[-1].day.date, now=rise.now, usual=rise.usual)
        for run in walk.ended
        for rise in [rise_of(run)]
    ]
