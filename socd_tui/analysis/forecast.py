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
from math import sqrt
from typing import Literal

from socd_tui.analysis.chance import chance_to_reach
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.robust import median, quantile
from socd_tui.model.record import dataclass
from socd_tui.model.usage import Day

LEAST_FULL_DAYS = 5
"""Fewest full days for a forecast: two future days in three lie between the extremes of five."""
WEEKLY_FROM = 14
"""Full days from which each weekday has a level of its own, with two days each."""
FITTED = 28
"""Days back that are fitted, four of each weekday."""
DRIFT = 0.03
"""Share of the next day's variance that each day of distance adds."""
TAIL = 0.1
"""Share of days expected on either side of the band."""
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
Point = tuple[int, int]
"""(day ordinal, requests); an ordinal modulo 7 is a weekday."""


@dataclass(frozen=True)
class Band:
    """Requests of one day: `low` of the lower demand, `middle` and `high` of the upper one."""

    date: date
    low: float
    middle: float
    high: float


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
    bands: tuple[Band, ...]
    chance: float
    """The chance that some day of the horizon reaches the limit, 0 to 1."""
    model: str
    """What was fitted, e.g. "median of 9 days"."""
    full_days: int
    """How many there are to fit."""
    inside: int
    """How many of the `of` newest full days had requests within the band forecast a week before."""
    of: int

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
    days: Sequence[Day], limit: int, *, since: date | None = None, horizon: int = 30
) -> Forecast | NotEnough:
    """The next `horizon` days of a key, and how likely they reach `limit` requests per day.

    `days` ascend, gaps left out. Days before `since` are not fitted, as the key's use has changed since, nor
    is a day that is not over. The first day of the forecast is the last of `days` where that is not over,
    else the day after.
    """
    if limit <= 0:
        return NotEnough(f"a day limit of {limit:,} leaves nothing to forecast")
    ahead = _ahead(days, since, horizon)
    if isinstance(ahead, NotEnough):
        return ahead
    asked, bands = ahead.asked, ahead.bands
    reached = _reached(days, limit)
    edges = [(band.middle, band.high) for band in bands]
    chance = 1.0 if ahead.so_far >= limit else chance_to_reach(limit, [count for _, count in asked], edges)
    judged = [inside for point in asked[-JUDGED:] if (inside := _came_true(asked, *point)) is not None]
    return Forecast(
        outcome="already" if reached else "not_within" if chance < UNLIKELY else "between",
        reached=reached,
        limit=limit,
        horizon=horizon,
        bands=bands,
        chance=chance,
        model=ahead.upper.model,
        full_days=len(asked),
        inside=sum(judged),
        of=len(judged),
    )


def expected(
    days: Sequence[Day], *, since: date | None = None, horizon: int = 30
) -> tuple[Band, ...] | NotEnough:
    """The bands alone, of days that have no one limit: those of several keys together."""
    ahead = _ahead(days, since, horizon)
    return ahead if isinstance(ahead, NotEnough) else ahead.bands


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


def _recent(points: Sequence[Point]) -> list[Point]:
    return [point for point in points if point[0] > points[-1][0] - FITTED]


@dataclass(frozen=True, kw_only=True)
class _Fit:
    """The level of each weekday, or one level for all days, and how far days lie from it."""

    model: str
    levels: list[float]
    """Requests."""
    last: int
    """The newest fitted day."""
    shares: tuple[float, float]
    """How far the edges of the next day's band lie above the middle, as shares of it."""
    quiet: float
    """The upper edge where the middle is 0, where a share of it would be 0 too."""

    def at(self, day: int) -> tuple[float, float, float]:
        """The lower edge, the middle and the upper edge of a day, in requests.

        The edges widen as the level drifts: the variance of a random walk grows by the same each day.
        """
        middle = self.levels[day % len(self.levels)]
        if middle <= 0:
            return 0.0, 0.0, self.quiet
        wide = sqrt(1 + DRIFT * max(day - self.last, 0))
        low, high = (max(0.0, middle * (1 + share * wide)) for share in self.shares)
        return min(low, middle), middle, max(middle, high)


def _fit(points: Sequence[Point]) -> _Fit | None:
    """The model of the recent points; None for too few.

    Its band is the jackknife's: leave-one-out residuals around the fit to all points (Barber, Candès, Ramdas
    & Tibshirani, 2021).
    """
    points = _recent(points)
    if len(points) < LEAST_FULL_DAYS:
        return None
    period = 7 if len(points) >= WEEKLY_FROM else 1
    columns: list[list[int]] = [[] for _ in range(period)]
    for day, count in points:
        columns[day % period].append(count)
    usual = median([count for _, count in points])
    levels = [median(column) if column else usual for column in columns]
    shares: list[float] = []
    quiet: list[int] = []
    for level, column in zip(levels, columns, strict=True):
        ordered = sorted(column)
        for rank, count in enumerate(ordered if len(ordered) > 1 else ()):
            if level > 0:
                shares.append((count - _middle_without(ordered, rank)) / level)
            else:
                quiet.append(count)
    return _Fit(
        model=f"{'median' if period == 1 else 'weekday medians'} of {len(points)} days",
        levels=levels,
        last=points[-1][0],
        shares=_edges(shares),
        quiet=_edges(quiet)[1],
    )


def _middle_without(ordered: Sequence[int], rank: int) -> float:
    """The median of the others, looked up in the sorted list: sorting again for each day would be slow."""
    below, above = (len(ordered) - 2) // 2, (len(ordered) - 1) // 2
    return (ordered[below + (below >= rank)] + ordered[above + (above >= rank)]) / 2


@dataclass(frozen=True, kw_only=True)
class _Ahead:
    """The days to come, and what they were fitted to."""

    asked: list[Point]
    upper: _Fit
    so_far: int
    """Requests of today until now; 0 where today is over."""
    bands: tuple[Band, ...]


def _ahead(days: Sequence[Day], since: date | None, horizon: int) -> _Ahead | NotEnough:
    regime = [day for day in days if since is None or day.date >= since]
    asked, passed = _points(regime, _asked), _points(regime, _passed)
    upper = _fit(asked)
    if upper is None:
        n = len(_recent(asked))
        return NotEnough(f"{n} full day{'' if n == 1 else 's'}, {LEAST_FULL_DAYS} are needed")
    lower = upper if passed == asked else _fit(passed)
    last = regime[-1]
    so_far = 0 if last.full else _asked(last) or 0
    first = last.date.toordinal() + last.full
    bands = tuple(_band(upper, lower, first + n, 0 if n else so_far) for n in range(horizon))
    return _Ahead(asked=asked, upper=upper, so_far=so_far, bands=bands)


def _edges(values: Sequence[float]) -> tuple[float, float]:
    """The quantiles that leave TAIL of future values outside on either side.

    Of n past values and a future one each rank is as likely, hence p(n + 1) (Weibull, 1939; Hyndman &
    Fan's type 6) as a share for type 7; few values give their smallest and largest.
    """
    if not values:
        return 0.0, 0.0
    n = len(values)
    tail = max(0.0, TAIL * (n + 1) - 1) / max(n - 1, 1)
    return quantile(values, tail), quantile(values, 1 - tail)


def _band(upper: _Fit, lower: _Fit | None, day: int, so_far: int) -> Band:
    """The band of one day. A day that is not over ends with `so_far` requests at least; the lower edge is 0
    where the lower series has too few days.
    """
    _, middle, high = upper.at(day)
    low = lower.at(day)[0] if lower else 0.0
    return Band(date.fromordinal(day), min(low, middle), max(middle, so_far), max(high, so_far))


def _reached(days: Sequence[Day], limit: int) -> date | None:
    """The newest day of the last full week, or today, whose requests reached the limit, refused ones too."""
    over = days[-1].date.toordinal() - (not days[-1].full)
    recent = (day for day in days if day.date.toordinal() > over - WEEK_DAYS)
    return max((day.date for day in recent if (_asked(day) or 0) >= limit), default=None)


def _came_true(points: Sequence[Point], day: int, count: int) -> bool | None:
    """Whether a day lay in the band forecast a week before it (rolling origin: Tashman, 2000).

    None where there were too few days for that forecast.
    """
    fit = _fit([point for point in points if point[0] <= day - WEEK_DAYS])
    if fit is None:
        return None
    low, _, high = fit.at(day)
    return low <= count <= high
