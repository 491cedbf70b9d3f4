"""Detects days that differ from what a key usually does: a runaway of its requests, a rise of its errors.

The constants were chosen on invented accounts whose truth is known, tests/benchmarks/runaways.py, seed 1,
those of habits on real days, tests/benchmarks/real.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.robust import median, quantile, spread
from socd_tui.analysis.unusual import (
    PAUSE,
    SETTLED,
    UNUSUAL_SPREADS,
    Mark,
    full_days,
    goes_on,
    newest_date,
    newest_run,
)
from socd_tui.model.key import TIER_LIMITS
from socd_tui.model.record import dataclass
from socd_tui.model.usage import Day

BUSY = 0.9
"""The quantile of its days that a key's busy days reach."""

WEEKS = 8
"""How many of the newest usual days of a weekday say what is usual on it."""
LEAST_WEEKS = 3
"""Fewest days of a weekday that say what is usual on it: the median of two is only their mean."""
TWICE = 2.0
"""Less than twice the usual is a busy day or growth. With 1.75 the benchmark has three times as many false
alarms."""
LEAST_EXCESS = TIER_LIMITS["free"][1] // 10
"""Requests a day above the usual that matter: a tenth of the smallest documented daily limit."""
STEADY = 0.1
"""The spread is at least this share of the median, so that after three equal days a fourth may differ."""

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

LEAST_RATIO_DAYS = 14
"""Fewest days with requests that say what error ratio is usual: two weeks, as weekends may differ."""
LEAST_RISE = 0.02
"""The smallest rise of the error ratio that matters: one request in fifty more fails than usual."""
LEAST_ERRORS = 5
"""Errors above the usual that one day of a rise must have, however few its requests."""
ABOVE_WEEKDAY = 1.25
"""Times the error ratio of the same weekdays that a rise must exceed: a weekend job may always fail more."""


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
    found, earlier = _requests_run(days)
    return None if earlier else found


def detect_habit(days: Sequence[Day]) -> Habit | None:
    """The run that is no runaway because the key has such runs again and again."""
    found, earlier = _requests_run(days)
    return Habit(run=found, earlier=earlier) if earlier and isinstance(found, Runaway) else None


def _requests_run(days: Sequence[Day]) -> tuple[Runaway | NotEnough | None, int]:
    """The newest run, and how many earlier days were like it; 0 where it is no habit."""
    counted = [day for day in days if day.requests is not None and day.requests >= 0]
    run, judged = newest_run(counted, compare_requests, newest_date(days))
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
            [_requests(day) for day in full_days(mark.day for mark in run)] or [_requests(run[-1].day)]
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
    level = ALIKE * median([_requests(mark.day) for mark in run])
    first = run[0].day.date
    bursts: list[list[Day]] = []
    for day in counted:
        if not first - REMEMBERED <= day.date < first or _requests(day) < level:
            continue
        if not bursts or (day.date - bursts[-1][-1].date).days > PAUSE + 1:
            bursts.append([])
        bursts[-1].append(day)
    lasted = sum(_requests(mark.day) >= level for mark in run)
    as_long = [burst for burst in bursts if len(burst) >= lasted]
    return sum(map(len, as_long)) if len(as_long) >= BURSTS else 0


def detect_error_rise(days: Sequence[Day]) -> Rise | NotEnough | None:
    """Since when more of a key's requests fail than usual, if they do on its newest full day or today.

    A day's ratio is (errors - 429s) ÷ (requests - 429s); where its 429s are unknown it is errors ÷
    requests, and so are those of the days it is compared with. `days` ascend, gaps left out. None when
    its errors have not risen.
    """
    counted = [day for day in days if failed_apart(day)[1]]
    run, judged = newest_run(counted, compare_error_ratio, newest_date(days))
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


def compare_requests(day: Day, usual: Sequence[Day]) -> Mark | None:
    """The day's requests compared with the median of the same weekdays.

    The spread is that of all weekdays about their medians, as the eight days of one weekday are too few to
    estimate it, and at least that of counting (Poisson: the square root of the mean).
    """
    same = _on_weekday(day.date.weekday(), usual)
    if len(same) < LEAST_WEEKS:
        return None
    middle = median(same)
    excess = _requests(day) - middle
    if excess <= max(LEAST_EXCESS, (TWICE - 1) * middle):
        return Mark(day=day, usual=middle, compared=len(same)) if day.full else None
    weeks = [week for weekday in range(7) if (week := _on_weekday(weekday, usual))]
    off = [count / level for week in weeks if (level := median(week)) for count in week]
    relative = max(spread(off) if off else 0.0, STEADY)
    spreads = excess / max(relative * middle, middle**0.5, 1.0)
    active = [count for week in weeks for count in week if count]
    striking = len(active) >= LEAST_WEEKS and _requests(day) > TWICE * quantile(active, BUSY)
    return Mark(
        day=day,
        usual=middle,
        compared=len(same),
        spreads=spreads,
        unusual=spreads > UNUSUAL_SPREADS,
        striking=striking,
    )


def _on_weekday(weekday: int, usual: Sequence[Day]) -> list[float]:
    return [_requests(day) for day in usual if day.date.weekday() == weekday][-WEEKS:]


def _requests(day: Day) -> float:
    return float(day.requests or 0)


def compare_error_ratio(day: Day, usual: Sequence[Day]) -> Mark | None:
    """The day's error ratio compared with that of the usual days of four weeks.

    The spread is that of their daily ratios, and at least that of drawing so few requests (binomial, with
    Laplace's rule of succession, so that a key that never failed has one too).
    """
    apart = day.throttled is not None
    errors, requests = failed_apart(day, apart)
    before = {each.date: counts for each in usual[-SETTLED:] if (counts := failed_apart(each, apart))[1]}
    if not requests or len(before) < LEAST_RATIO_DAYS:
        return None
    usual_errors, usual_requests = _sum(before.values())
    share, expected = usual_errors / usual_requests, (usual_errors + 1) / (usual_requests + 2)
    excess = errors / requests - share
    if excess <= LEAST_RISE / 2:  # of most days, and what is left is most of the work
        return Mark(day=day, usual=share, compared=len(before))
    ratios = {on: failed / of for on, (failed, of) in before.items()}
    same = [ratio for on, ratio in ratios.items() if on.weekday() == day.date.weekday()]
    spreads = excess / max(spread(list(ratios.values())), (expected * (1 - expected) / requests) ** 0.5)
    unusual = spreads > UNUSUAL_SPREADS and excess > LEAST_RISE / 2  # half: it rarely begins at midnight
    striking = (
        excess > LEAST_RISE
        and excess * requests >= LEAST_ERRORS
        and errors / requests > ABOVE_WEEKDAY * median(same or [share])
    )
    return Mark(
        day=day, usual=share, compared=len(before), spreads=spreads, unusual=unusual, striking=striking
    )


def failed_apart(day: Day, apart: bool = True) -> tuple[int, int]:
    """(errors, requests), where known without 429s if these are kept `apart`; (0, 0) for unusable counts."""
    refused = day.throttled if apart and day.throttled is not None else 0
    if day.requests is None or day.errors is None or refused < 0:
        return 0, 0
    errors, requests = day.errors - refused, day.requests - refused
    return (errors, requests) if 0 <= errors <= requests else (0, 0)


def _sum(counts: Iterable[tuple[int, int]]) -> tuple[int, int]:
    pairs = list(counts)
    return sum(errors for errors, _ in pairs), sum(requests for _, requests in pairs)
