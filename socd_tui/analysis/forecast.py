"""Forecasts a key's requests per day, and how likely one of these days reaches the day cap.

Two series of daily counts are fitted. The upper one includes refused requests, because a key that is held
at its cap asks for more than it gets; the lower one has only the requests that were let through. The level
of a weekday is the median of such weekdays. There is no trend: on real days those of so few weeks do not go
on. The 80 % band comes from how far each day lies from the fit to the other days, as a share of its level,
and widens with the distance, as levels drift. The constants were chosen on real days:
tests/benchmarks/real.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property, partial
from typing import Literal, NamedTuple, overload

from socd_tui.analysis.fit import LEAST_FULL_DAYS, Fit, Point, fitted, recent, until
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.model.record import dataclass, field
from socd_tui.model.usage import Day

JUDGED = 14
"""How many of the newest full days are compared with the forecast made a week before them."""
WEEK_DAYS = 7
"""Days from such a forecast to its day, and the days back in which a cap counts as "already" reached."""
GUESS_BELOW = 21
"""Full days below which the chance is a guess: with one or two weeks it hardly beats the average key's."""
UNLIKELY = 0.1
"""The chance below which the cap is not reached within the horizon."""
LIKELY = 0.5
"""The chance from which it is more likely reached than not."""

Outcome = Literal["not_within", "between", "already"]
"""Where the chance lies: below UNLIKELY, above it, or the limit was reached in the last week."""


class Band(NamedTuple):
    """Requests of one day: `low` of the lower demand, `middle` and `high` of the upper one."""

    date: date
    low: float
    middle: float
    high: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Bands(Sequence[Band]):
    """The band of each day ahead, made when somebody looks at it: all are made of a few numbers."""

    first: int
    """The first of the days, counted as Python does."""
    days: int
    so_far: int
    """Today's requests until now, where the first day is today: it cannot end with fewer."""
    upper: Fit
    lower: Fit | None
    """None where the lower series has too few days: then the lower edge is 0."""

    def __len__(self) -> int:
        return self.days

    @overload
    def __getitem__(self, at: int) -> Band: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Band, ...]: ...

    def __getitem__(self, at: int | slice) -> Band | tuple[Band, ...]:
        places = range(self.days)[at]
        return self._band(places) if isinstance(places, int) else tuple(map(self._band, places))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # like that of a list

    def upper_edges(self) -> list[tuple[float, float]]:
        """The middle and the upper edge of each."""
        return [self._above(place) for place in range(self.days)]

    def _above(self, place: int) -> tuple[float, float]:
        _, middle, high = self.upper.at(self.first + place)
        return (middle, high) if place else (max(middle, self.so_far), max(high, self.so_far))

    def _band(self, place: int) -> Band:
        day = self.first + place
        low = self.lower.at(day)[0] if self.lower else 0.0
        return Band(date.fromordinal(day), min(low, self.upper.at(day)[1]), *self._above(place))


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """How likely a key's requests of a day reach its limit, and the band of each day of the horizon."""

    outcome: Outcome
    """Not reached within the horizon, perhaps reached in it, or already reached."""
    reached: date | None
    """The newest day of the last full week, or today, that reached the limit; None without one."""
    limit: int
    """Requests per day."""
    horizon: int
    """Days ahead."""
    bands: Bands
    chance: float
    """The chance that some day of the horizon reaches the limit, 0 to 1."""
    model: str
    """What was fitted, e.g. "median of 9 days"."""
    full_days: int
    """How many there are to fit."""
    looked_back: Callable[[], tuple[int, int]] = field(compare=False, repr=False)
    """Makes `inside` and `of`: it costs more than the forecast, and is asked for where it is shown."""

    @cached_property
    def _looked_back(self) -> tuple[int, int]:
        return self.looked_back()

    @property
    def inside(self) -> int:
        """How many of the `of` newest full days had requests within the band forecast a week before."""
        return self._looked_back[0]

    @property
    def of(self) -> int:
        return self._looked_back[1]

    @property
    def guess(self) -> bool:
        """Whether there are too few days for more than a guess."""
        return self.full_days < GUESS_BELOW

    @property
    def unlikely(self) -> bool:
        """Whether less than one in ten such keys reach the limit."""
        return self.chance < UNLIKELY

    @property
    def likely(self) -> bool:
        """Whether it is more likely reached than not."""
        return self.chance >= LIKELY

    @property
    def worst(self) -> Band:
        """The day that asks for the most."""
        return max(self.bands, key=lambda band: band.high)


def forecast(
    days: Sequence[Day],
    limit: int,
    *,
    since: date | None = None,
    horizon: int = 30,
    bands: Bands | None = None,
) -> Forecast | NotEnough:
    """The next `horizon` days of a key, and how likely they reach `limit` requests per day.

    `days` ascend, gaps left out. Days before `since` are not fitted, as the key's use has changed since, nor
    is a day that is not over. The first day of the forecast is the last of `days` where that is not over,
    else the day after. `bands` are those of a forecast of the same for another limit, where there is one.
    """
    if limit <= 0:
        return NotEnough(f"a day limit of {limit:,} leaves nothing to forecast")
    regime = _regime(days, since)
    asked = _points(regime, _asked)
    found = bands or _bands(regime, asked, horizon)
    if isinstance(found, NotEnough):
        return found
    from socd_tui.analysis.chance import chance_to_reach  # late: a start reads what was found out

    reached = _reached(days, limit)
    counts = [count for _, count in asked]
    chance = 1.0 if found.so_far >= limit else chance_to_reach(limit, counts, found.upper_edges())
    return Forecast(
        outcome="already" if reached else "not_within" if chance < UNLIKELY else "between",
        reached=reached,
        limit=limit,
        horizon=horizon,
        bands=found,
        chance=chance,
        model=found.upper.model,
        full_days=len(asked),
        looked_back=partial(_came_true, asked),
    )


def looked_back(days: Sequence[Day], since: date | None) -> tuple[int, int]:
    """How many of the newest full days had requests within the band forecast a week before, and of how many.

    Of the days that `forecast` is given.
    """
    return _came_true(_points(_regime(days, since), _asked))


def expected(
    days: Sequence[Day], *, since: date | None = None, horizon: int = 30
) -> Sequence[Band] | NotEnough:
    """The bands alone, of days that have no one limit: those of several keys together."""
    regime = _regime(days, since)
    bands = _bands(regime, _points(regime, _asked), horizon)
    return bands if isinstance(bands, NotEnough) else bands[:]


def _asked(day: Day) -> int | None:
    """Requests, refused ones included; a count below 0 is bad data, and unknown."""
    return day.requests if day.requests is not None and day.requests >= 0 else None


def _passed(day: Day) -> int | None:
    """Requests that were let through. Where a day's 429s are unknown, each of its errors may be one.

    A result below 0 is bad data but harmless: the lower edge of a band is 0 at least.
    """
    asked, refused = _asked(day), day.errors if day.throttled is None else day.throttled
    return None if asked is None or refused is None else asked - refused


def _points(days: Sequence[Day], demand: Callable[[Day], int | None]) -> list[Point]:
    return [(day.date.toordinal(), count) for day in days if day.full and (count := demand(day)) is not None]


def _bands(regime: Sequence[Day], asked: Sequence[Point], horizon: int) -> Bands | NotEnough:
    upper = fitted(asked)
    if upper is None:
        n = len(recent(asked))
        return NotEnough(f"{n} full day{'' if n == 1 else 's'}, {LEAST_FULL_DAYS} are needed")
    passed = _points(regime, _passed)
    lower = upper if passed == asked else fitted(passed)
    last = regime[-1]
    so_far = 0 if last.full else _asked(last) or 0
    first = last.date.toordinal() + last.full
    return Bands(first=first, days=horizon, so_far=so_far, upper=upper, lower=lower)


def _regime(days: Sequence[Day], since: date | None) -> Sequence[Day]:
    """Those on which the key was used as it is now."""
    return days if since is None else [day for day in days if day.date >= since]


def _reached(days: Sequence[Day], limit: int) -> date | None:
    """The newest day of the last full week, or today, whose requests reached the limit, refused ones too."""
    over = days[-1].date.toordinal() - (not days[-1].full)
    for day in reversed(days):
        if day.date.toordinal() <= over - WEEK_DAYS:
            return None
        if (_asked(day) or 0) >= limit:
            return day.date
    return None


def _came_true(points: Sequence[Point]) -> tuple[int, int]:
    """How many of the newest days lay in the band forecast a week before them, and of how many there was one.

    The origin of the forecasts rolls (Tashman, 2000).
    """
    judged = [inside for point in points[-JUDGED:] if (inside := _lay_inside(points, *point)) is not None]
    return sum(judged), len(judged)


def _lay_inside(points: Sequence[Point], day: int, count: int) -> bool | None:
    """Whether a day lay in the band forecast a week before it; None where there were too few days for one."""
    fit = fitted(until(points, day - WEEK_DAYS))
    if fit is None:
        return None
    low, _, high = fit.at(day)
    return low <= count <= high
