"""Detects days that differ from what a key usually does: a runaway of its requests, a rise of its errors.

The constants were chosen on invented accounts whose truth is known, tests/benchmarks/runaways.py, seed 1,
those of habits on real days, tests/benchmarks/real.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.robust import median
from socd_tui.analysis.unusual import PAUSE, Mark, full_days, goes_on, newest_date, newest_run
from socd_tui.analysis.usual_days import (
    LEAST_RATIO_DAYS,
    LEAST_WEEKS,
    UsualErrors,
    UsualRequests,
    failed_apart,
    requests_of,
)
from socd_tui.model.record import dataclass
from socd_tui.model.usage import Day

BRIEF_DAYS = 4
"""A run that is over and had fewer days is told only when it was large."""
BRIEF_TIMES = 5.0
"""Times the usual from which it was. Else one alarm in four on real days is of busy days that are over."""
BURSTS = 3
"""Earlier bursts like a run, each as long, that make it a habit. With two, more true runaways are missed."""
ALIKE = 0.5
"""The share of a run's requests a day from which an earlier day is like it."""
REMEMBERED = timedelta(days=180)
"""How long before a run such bursts count: half a year."""


@dataclass(frozen=True, kw_only=True)
class Runaway:
    """Requests a day far above what the key usually makes on these weekdays."""

    since: date
    """The first day known to be unusual."""
    days: int
    """Unusual days until now; today only when it is too high already."""
    usual: float
    """Requests a day to expect: the median of the same weekdays, averaged over the unusual days."""
    now: float
    """Requests a day: the median of the unusual full days, or today's so far when there is none."""
    compared: int
    """Full days the usual is taken from."""
    until: date
    """The last unusual day."""
    ongoing: bool
    """It reaches the newest full day, or today."""

    @property
    def times(self) -> float | None:
        """now ÷ usual; None when no requests at all are usual on these weekdays."""
        return self.now / self.usual if self.usual else None


@dataclass(frozen=True, kw_only=True)
class Habit:
    """Requests a day as far above the usual as the key has had them several times before, and as long."""

    run: Runaway
    """What would be a runaway without the earlier days."""
    earlier: int
    """Days before that were like those of the run."""


@dataclass(frozen=True, kw_only=True)
class Rise:
    """More errors than usual until now. Ratios (0 to 1) are of the errors and requests of several days."""

    since: date
    """The first day known to be unusual."""
    days: int
    """Unusual days until now."""
    usual: float
    """The error ratio of the usual days before."""
    now: float
    """The error ratio of the unusual days."""
    requests: int
    """In the unusual days, without 429s where the ratios are without them."""
    compared: int
    """Full days with requests the usual is taken from."""


def detect_runaway(days: Sequence[Day]) -> Runaway | NotEnough | None:
    """Whether a key makes far more requests than usual, since when, and how many times as many.

    `days` ascend, gaps left out; a day that is not over counts only when it is too high already. None
    when no day of the last week was unusual, or when such runs are the key's habit.
    """
    return runaway_or_habit(days)[0]


def detect_habit(days: Sequence[Day]) -> Habit | None:
    """The run that is no runaway because the key has such runs again and again."""
    return runaway_or_habit(days)[1]


def runaway_or_habit(days: Sequence[Day]) -> tuple[Runaway | NotEnough | None, Habit | None]:
    """Both, of which there is one at most, of one walk along the days."""
    found, earlier = _requests_run(days)
    if earlier and isinstance(found, Runaway):
        return None, Habit(run=found, earlier=earlier)
    return found, None


def _requests_run(days: Sequence[Day]) -> tuple[Runaway | NotEnough | None, int]:
    """The newest run, and how many earlier days were like it; 0 where it is no habit."""
    counted = [day for day in days if day.requests is not None and day.requests >= 0]
    run, judged = newest_run(counted, UsualRequests, newest_date(days))
    if not run:
        full = sum(day.full for day in counted)
        reason = f"{full} full days, {LEAST_WEEKS} of each weekday are needed"
        return (None if judged else NotEnough(reason)), 0
    found = runaway_of(run, ongoing=goes_on(run, counted, days))
    return (None, 0) if is_brief(found) else (found, _earlier_days_like(run, counted))


def runaway_of(run: Sequence[Mark], *, ongoing: bool) -> Runaway:
    """What a run of unusual days amounts to."""
    by_weekday = {mark.day.date.weekday(): mark.compared for mark in run}
    return Runaway(
        since=run[0].day.date,
        days=len(run),
        usual=sum(mark.usual for mark in run) / len(run),
        now=median(
            [requests_of(day) for day in full_days(mark.day for mark in run)] or [requests_of(run[-1].day)]
        ),
        compared=sum(by_weekday.values()),
        until=run[-1].day.date,
        ongoing=ongoing,
    )


def is_brief(found: Runaway) -> bool:
    """Whether it is over and was neither long nor large."""
    return not found.ongoing and found.days < BRIEF_DAYS and (found.times or BRIEF_TIMES) < BRIEF_TIMES


def _earlier_days_like(run: Sequence[Mark], counted: Sequence[Day]) -> int:
    """How many days of earlier bursts are like those of the run; 0 with fewer than BURSTS as long as it."""
    level = ALIKE * median([requests_of(mark.day) for mark in run])
    first = run[0].day.date
    bursts: list[list[Day]] = []
    for day in counted:
        if not first - REMEMBERED <= day.date < first or requests_of(day) < level:
            continue
        if not bursts or (day.date - bursts[-1][-1].date).days > PAUSE + 1:
            bursts.append([])
        bursts[-1].append(day)
    lasted = sum(requests_of(mark.day) >= level for mark in run)
    as_long = [burst for burst in bursts if len(burst) >= lasted]
    return sum(map(len, as_long)) if len(as_long) >= BURSTS else 0


def detect_error_rise(days: Sequence[Day]) -> Rise | NotEnough | None:
    """Since when more of a key's requests fail than usual, if they do on its newest full day or today.

    A day's ratio is (errors - 429s) ÷ (requests - 429s); where its 429s are unknown it is errors ÷
    requests, and so are those of the days it is compared with. `days` ascend, gaps left out. None when
    its errors have not risen.
    """
    counted = [day for day in days if failed_apart(day)[1]]
    run, judged = newest_run(counted, UsualErrors, newest_date(days))
    if not run:
        full = sum(day.full for day in counted)
        return None if judged else NotEnough(f"{full} full days with requests, {LEAST_RATIO_DAYS} are needed")
    return rise_of(run) if goes_on(run, counted, days) else None


def rise_of(run: Sequence[Mark]) -> Rise:
    """What a run of days with unusually many errors amounts to."""
    errors, requests = _sum(failed_apart(mark.day) for mark in run)
    return Rise(
        since=run[0].day.date,
        days=len(run),
        usual=run[0].usual,
        now=errors / requests,
        requests=requests,
        compared=run[0].compared,
    )


def _sum(counts: Iterable[tuple[int, int]]) -> tuple[int, int]:
    pairs = list(counts)
    return sum(errors for errors, _ in pairs), sum(requests for _, requests in pairs)
