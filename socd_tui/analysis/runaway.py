"""Which key ran away, and since when its errors rose: days that do not fit what the key usually does.

Both walk a key's days forward and hold each day against the usual days before it. An unusual day does
not count as usual, so that a runaway does not excuse its own next day. The constants were chosen on
invented accounts whose truth is known: tests/benchmarks/runaways.py, seed 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from socd_tui.analysis.evidence import NotEnough
from socd_tui.analysis.robust import median, quantile, spread
from socd_tui.model.key import TIER_LIMITS
from socd_tui.model.past import DayRecord

NEAR = 3.0
"""Spreads above the usual from which a day is unusual: the three sigma rule (Pukelsheim, 1994)."""
FAR = 6.0
"""Spreads above the usual from which a run of days is told. At 4 the benchmark tells a rise of errors
of one healthy key in a thousand, at 6 of none, and finds nearly as many of the true ones."""
PAUSE = 2
"""Usual days that do not end a run: a weekend. Without it one small runaway in six begins too late."""
SETTLED = 28
"""Days after which a new level is the usual one: it then has four of each weekday."""
RECENT = timedelta(days=7)
"""A run that ended longer ago is history."""
BUSY = 0.9
"""The quantile that stands for a key's busy days."""

WEEKS = 8
"""The newest usual days of a weekday that tell what is usual on it."""
LEAST_WEEKS = 3
"""Of two values a median is no more robust than their mean."""
TWICE = 2.0
"""Less than twice the usual is a busy day or growth. At 1.75 the benchmark's false alarms are threefold."""
LEAST_EXCESS = TIER_LIMITS["free"][1] // 10
"""Requests a day above the usual that matter: a tenth of the smallest daily limit there is."""
STEADY = 0.1
"""No spread is below this share of its median: three equal days must not make the next one wild."""

LEAST_DAYS = 14
"""Days with requests that tell the usual error ratio: two weeks, as weekends may differ."""
LEAST_RISE = 0.02
"""The smallest rise of the error ratio that matters: one request in fifty more fails than usual."""
LEAST_ERRORS = 5
"""Errors above the usual that no day may fall short of to prove a rise, however few its requests."""
ABOVE_WEEKDAY = 1.25
"""Times the ratio of the same weekdays that a rise goes beyond: a weekend job may always fail more."""


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Rise:
    """More errors than usual until now, as shares (0 to 1) of the requests, both from summed counts."""

    since: date
    """The first day known to be unusual."""
    days: int
    usual: float
    now: float
    requests: int
    """In the risen days, without 429s where the ratios are."""
    compared: int
    """Full days with requests the usual is taken from."""


@dataclass(frozen=True)
class _Mark:
    """One day beside the usual days before it. `striking`: unusual for the whole key, busy days included."""

    day: DayRecord
    usual: float
    compared: int
    spreads: float = 0.0
    unusual: bool = False
    striking: bool = False


_Judge = Callable[[DayRecord, Sequence[DayRecord]], "_Mark | None"]
"""Holds a day against the usual days before it; None when these are too few, or the day is not over."""


def runaway(days: Sequence[DayRecord]) -> Runaway | NotEnough | None:
    """Whether a key makes far more requests than usual, since when, and how many times as many.

    `days` ascend, gaps left out; a day that is not over counts only when it is too high already. None
    when no day of the last week was unusual.
    """
    told = [day for day in days if day.requests is not None and day.requests >= 0]
    run, judged = _newest_run(told, _beside_weekdays, _newest(days))
    if not run:
        full = sum(day.full for day in told)
        return None if judged else NotEnough(f"{full} full days, {LEAST_WEEKS} of each weekday are needed")
    by_weekday = {mark.day.date.weekday(): mark.compared for mark in run}
    return Runaway(
        since=run[0].day.date,
        days=len(run),
        usual=sum(mark.usual for mark in run) / len(run),
        now=median([_requests(day) for day in _full(run)] or [_requests(run[-1].day)]),
        compared=sum(by_weekday.values()),
        until=run[-1].day.date,
        ongoing=_goes_on(run, told, days),
    )


def error_rise(days: Sequence[DayRecord]) -> Rise | NotEnough | None:
    """Since when more of a key's requests fail than usual, if they do on its newest full day or today.

    A day's ratio is (errors - 429s) ÷ (requests - 429s); where its 429s are unknown it is errors ÷
    requests, and so are those of the days it is held against. `days` ascend, gaps left out.
    """
    told = [day for day in days if _failed(day)[1]]
    run, judged = _newest_run(told, _beside_ratios, _newest(days))
    if not run:
        full = sum(day.full for day in told)
        return None if judged else NotEnough(f"{full} full days with requests, {LEAST_DAYS} are needed")
    if not _goes_on(run, told, days):
        return None
    errors, requests = _sum(_failed(mark.day) for mark in run)
    return Rise(run[0].day.date, len(run), run[0].usual, errors / requests, requests, run[0].compared)


def _goes_on(run: Sequence[_Mark], told: Sequence[DayRecord], days: Sequence[DayRecord]) -> bool:
    """No usual day came after it, and no more untold days than a run may pause for."""
    newest = days[-1]
    over = newest.date if newest.full else newest.date - timedelta(days=1)
    last = run[-1].day.date
    return last >= _newest(_full_days(told)) and over - last <= timedelta(days=PAUSE)


def _newest_run(days: Sequence[DayRecord], judge: _Judge, newest: date) -> tuple[list[_Mark], bool]:
    """The last run of unusual days, when it is recent; and whether the newest full day could be judged."""
    usual: list[DayRecord] = []
    run: list[_Mark] = []
    ended: list[_Mark] = []
    paused, judged = 0, False
    for day in days:
        if run and (paused > PAUSE or day.date - run[-1].day.date > RECENT):
            if _sure(run):
                ended = run
            else:
                usual = sorted([*usual, *_full(run)], key=lambda day: day.date)
            run = []
        mark = judge(day, usual)
        if day.full:
            judged = mark is not None
        if mark and mark.unusual:
            run.append(mark)
            paused = 0
            if (day.date - run[0].day.date).days >= SETTLED:
                usual = [each for each in _full_days(days) if run[0].day.date <= each.date <= day.date]
                run = []
        elif day.full and (mark or not run):
            usual.append(day)
            paused += 1
    last = run if _sure(run) else ended
    return (last if last and newest - last[-1].day.date <= RECENT else []), judged


def _sure(run: Sequence[_Mark]) -> bool:
    """One day is striking, and all together lie far above the usual: Stouffer's sum of deviations (1949)."""
    return any(mark.striking for mark in run) and sum(mark.spreads for mark in run) > FAR * len(run) ** 0.5


def _full(run: Sequence[_Mark]) -> list[DayRecord]:
    return _full_days([mark.day for mark in run])


def _full_days(days: Sequence[DayRecord]) -> list[DayRecord]:
    return [day for day in days if day.full]


def _newest(days: Sequence[DayRecord]) -> date:
    return max((day.date for day in days), default=date.min)


def _beside_weekdays(day: DayRecord, usual: Sequence[DayRecord]) -> _Mark | None:
    """Requests beside the median of the same weekdays.

    The noise is that of all weekdays about their medians, as eight days tell little of it, and at least
    that of counting (Poisson: the square root of the mean).
    """
    same = _on(day.date.weekday(), usual)
    if len(same) < LEAST_WEEKS:
        return None
    middle = median(same)
    excess = _requests(day) - middle
    if excess <= max(LEAST_EXCESS, (TWICE - 1) * middle):
        return _Mark(day, middle, len(same)) if day.full else None
    weeks = [week for weekday in range(7) if (week := _on(weekday, usual))]
    off = [count / level for week in weeks if (level := median(week)) for count in week]
    relative = max(spread(off) if off else 0.0, STEADY)
    spreads = excess / max(relative * middle, middle**0.5, 1.0)
    active = [count for week in weeks for count in week if count]
    striking = len(active) >= LEAST_WEEKS and _requests(day) > TWICE * quantile(active, BUSY)
    return _Mark(day, middle, len(same), spreads, spreads > NEAR, striking)


def _on(weekday: int, usual: Sequence[DayRecord]) -> list[float]:
    return [_requests(day) for day in usual if day.date.weekday() == weekday][-WEEKS:]


def _requests(day: DayRecord) -> float:
    return float(day.requests or 0)


def _beside_ratios(day: DayRecord, usual: Sequence[DayRecord]) -> _Mark | None:
    """The error ratio beside that of the usual days of four weeks.

    The noise is that of their daily ratios, and at least that of drawing so few requests (binomial, with
    Laplace's rule of succession, so that a key that never failed has some).
    """
    apart = day.throttled is not None
    errors, requests = _failed(day, apart)
    before = {each.date: counts for each in usual[-SETTLED:] if (counts := _failed(each, apart))[1]}
    if not requests or len(before) < LEAST_DAYS:
        return None
    usual_errors, usual_requests = _sum(before.values())
    share, expected = usual_errors / usual_requests, (usual_errors + 1) / (usual_requests + 2)
    ratios = {on: failed / of for on, (failed, of) in before.items()}
    same = [ratio for on, ratio in ratios.items() if on.weekday() == day.date.weekday()]
    excess = errors / requests - share
    spreads = excess / max(spread(list(ratios.values())), (expected * (1 - expected) / requests) ** 0.5)
    unusual = spreads > NEAR and excess > LEAST_RISE / 2  # half, as its first day is seldom a whole one
    striking = (
        excess > LEAST_RISE
        and excess * requests >= LEAST_ERRORS
        and errors / requests > ABOVE_WEEKDAY * median(same or [share])
    )
    return _Mark(day, share, len(before), spreads, unusual, striking)


def _failed(day: DayRecord, apart: bool = True) -> tuple[int, int]:
    """(errors, requests), 429s taken `apart` where they are known; (0, 0) where the counts say nothing."""
    refused = day.throttled if apart and day.throttled is not None else 0
    if day.requests is None or day.errors is None or refused < 0:
        return 0, 0
    errors, requests = day.errors - refused, day.requests - refused
    return (errors, requests) if 0 <= errors <= requests else (0, 0)


def _sum(counts: Iterable[tuple[int, int]]) -> tuple[int, int]:
    pairs = list(counts)
    return sum(errors for errors, _ in pairs), sum(requests for _, requests in pairs)
