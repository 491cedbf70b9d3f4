"""Walks a key's days forward and finds its newest run of unusual days.

Each day is compared with the usual days before it. An unusual day is not counted among the usual ones, so
that the second day of a runaway is compared with the days before the first. How a day is compared is the
caller's. The constants were chosen on invented accounts whose truth is known: tests/benchmarks/runaways.py,
seed 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from socd_tui.model.record import dataclass
from socd_tui.model.usage import Day

UNUSUAL_SPREADS = 3.0
"""Spreads above the usual from which a day is unusual: the three sigma rule (Pukelsheim, 1994)."""
CERTAIN_SPREADS = 6.0
"""Spreads above the usual from which a run of days is reported. With 4 the benchmark reports a rise of
errors for one healthy key in a thousand; with 6 for none, and it misses few more of the true ones."""
PAUSE = 2
"""Usual days that do not end a run: a weekend. Without it one small runaway in six begins too late."""
SETTLED = 28
"""Days after which a new level is the usual one: it then has four of each weekday."""
RECENT = timedelta(days=7)
"""A run that ended longer ago is not reported."""


class Mark(NamedTuple):
    """One day compared with the usual days before it; a tuple, because a walk makes one for each day."""

    day: Day
    usual: float
    compared: int
    """How many days the usual is taken from."""
    spreads: float = 0.0
    """How far the day lies above the usual."""
    unusual: bool = False
    striking: bool = False
    """Unusual even among the key's busy days."""


class UsualDays(Protocol):
    """The usual days so far, as what a day is compared with.

    It is told of one day after the other and keeps what comparing takes: to count the usual days anew for
    each day would be most of the work.
    """

    def add(self, day: Day) -> None:
        """One more usual day; days ascend."""

    def compare(self, day: Day) -> Mark | None:
        """The day beside the usual days before it; None when these are too few, or the day is not over."""


def goes_on(run: Sequence[Mark], counted: Sequence[Day], days: Sequence[Day]) -> bool:
    """Whether no usual day came after the run, and no more days without counts than a run may pause for."""
    newest = days[-1]
    over = newest.date if newest.full else newest.date - timedelta(days=1)
    last = run[-1].day.date
    return last >= newest_date(full_days(counted)) and over - last <= timedelta(days=PAUSE)


@dataclass(frozen=True)
class Walk:
    """What a walk along a key's days came upon."""

    ended: Sequence[Sequence[Mark]]
    """Certain runs that ended, the oldest first."""
    settled: Sequence[Sequence[Mark]]
    """Certain runs whose level became the usual one, the oldest first."""
    last: Sequence[Mark]
    """The run that no usual days have ended; empty for none, and perhaps not a certain one."""
    judged: bool
    """Whether the newest full day could be judged."""


def newest_run(
    days: Sequence[Day], begin: Callable[[], UsualDays], newest: date
) -> tuple[Sequence[Mark], bool]:
    """The last run of unusual days, when it is recent; and whether the newest full day could be judged."""
    walk = walked(days, begin)
    last = walk.last if _is_certain(walk.last) else next(reversed(walk.ended), ())
    return (last if last and newest - last[-1].day.date <= RECENT else ()), walk.judged


def walked(days: Sequence[Day], begin: Callable[[], UsualDays]) -> Walk:
    """The walk along all days; `begin` makes the one that no day has been added to."""
    usual: list[Day] = []
    compared = begin()
    run: list[Mark] = []
    ended: list[list[Mark]] = []
    settled: list[list[Mark]] = []
    paused, judged = 0, False
    for day in days:
        if run and (paused > PAUSE or day.date - run[-1].day.date > RECENT):
            if _is_certain(run):
                ended.append(run)
            else:
                usual = sorted([*usual, *full_days(mark.day for mark in run)], key=lambda day: day.date)
                compared = _told(begin(), usual)
            run = []
        mark, full = compared.compare(day), day.full
        if full:
            judged = mark is not None
        if mark and mark.unusual:
            run.append(mark)
            paused = 0
            if (day.date - run[0].day.date).days >= SETTLED:
                usual = [each for each in full_days(days) if run[0].day.date <= each.date <= day.date]
                compared = _told(begin(), usual)
                if _is_certain(run):
                    settled.append(run)
                run = []
        elif full and (mark or not run):
            usual.append(day)
            compared.add(day)
            paused += 1
    return Walk(ended, settled, run, judged)


def _told(usual: UsualDays, days: Iterable[Day]) -> UsualDays:
    """The same, told of these days."""
    for day in days:
        usual.add(day)
    return usual


def _is_certain(run: Sequence[Mark]) -> bool:
    """Whether one day is striking, and all together lie far above the usual: Stouffer's sum (1949)."""
    spreads = sum(mark.spreads for mark in run)
    return any(mark.striking for mark in run) and spreads > CERTAIN_SPREADS * len(run) ** 0.5


def full_days(days: Iterable[Day]) -> list[Day]:
    """Those that are over."""
    return [day for day in days if day.full]


def newest_date(days: Iterable[Day]) -> date:
    """The date of the newest one; long ago without any."""
    return max((day.date for day in days), default=date.min)
