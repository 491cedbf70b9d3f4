"""The traffic of the demo: the source of every figure that its service answers.

Each day of each key is generated from the seed, the key and the date alone, so any window is an exact sum
of days: 14 days less the last 7 are the 7 days before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import TypeVar

from socd_tui.model.days import DEFAULT_DAYS, MAX_DAYS
from socd_tui.model.record import dataclass, field
from socd_tui.model.window import Window
from socd_tui.service.demo.day import DAY_S, QUIET, DemoDay, Outcome, accepted, generate_day
from socd_tui.service.demo.fleet import DemoKey
from socd_tui.service.demo.latency import ResponseTimes, summarise

K = TypeVar("K")

MOMENT = 64
"""Sums that are kept: those of all keys and windows of one moment, for a clock that stands still."""

OVER = 512
"""Sums of days that are over that are kept: those of some hundred keys, for as long as the day lasts."""

ASKED_FIRST = (DEFAULT_DAYS, MAX_DAYS)
"""The windows that the program opens on, and learns from what is usual."""


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """One key's window: requests by (path, status), and what these do not say."""

    window: Window
    counts: Counter[Outcome] = field(default_factory=Counter)
    daily: list[tuple[date, int, int]] = field(default_factory=list)
    """(UTC date, requests, errors), ascending, every date of the window."""
    throttled_by_hour: list[tuple[datetime, int]] = field(default_factory=list)
    """(start of the UTC hour, 429 answers), ascending, only hours with some."""
    levels: Counter[tuple[str, int]] = field(default_factory=Counter)
    """Requests by (path, response-time level)."""
    minute_peaks: list[int] = field(default_factory=list)
    day_peaks: list[int] = field(default_factory=list)
    """Most requests accepted in one minute, and in all, by date like `daily`."""

    def copied(self, window: Window) -> Traffic:
        """The same, to be gone on with in a window that reaches further."""
        return Traffic(
            window=window,
            counts=self.counts.copy(),
            daily=[*self.daily],
            throttled_by_hour=[*self.throttled_by_hour],
            levels=self.levels.copy(),
            minute_peaks=[*self.minute_peaks],
            day_peaks=[*self.day_peaks],
        )

    @property
    def total(self) -> int:
        return self.counts.total()

    def answered(self, first: int, last: int) -> int:
        """Requests answered with a status from `first` to `last`, both included."""
        return sum(self.by_path(first, last).values())

    def by_status(self) -> dict[int, int]:
        """Requests by status, ascending."""
        return dict(sorted(_sum_by((status, n) for (_, status), n in self.counts.items()).items()))

    def by_path(self, first: int = 0, last: int = 999) -> dict[str, int]:
        """Requests by path, of the given statuses only, the most first."""
        selected = ((path, n) for (path, status), n in self.counts.items() if first <= status <= last)
        return dict(sorted(_sum_by(selected).items(), key=lambda item: (-item[1], item[0])))

    def latency(self, path: str | None = None) -> ResponseTimes | None:
        """Response times over the window, or of one path in it; None without requests."""
        return summarise(
            _sum_by((level, n) for (where, level), n in self.levels.items() if path in (None, where))
        )


class Truth:
    """The days of all keys, each generated when first asked for. `began` (UTC) is when the demo started."""

    def __init__(self, keys: tuple[DemoKey, ...], seed: int, began: datetime) -> None:
        self.keys = keys
        self._seed = seed
        self._began = began.date()
        self._days: dict[tuple[str, date], DemoDay] = {}
        self._summed = lru_cache(MOMENT)(self._sum)
        self._over = lru_cache(OVER)(self._sum_over)

    def day(self, key: DemoKey, on: date) -> DemoDay:
        """The day as it is at midnight, whether or not that is over."""
        slot = (key.id, on)
        # Two threads may generate one day at once: both get the same.
        if slot not in self._days:
            self._days[slot] = self._generate(key, on)
        return self._days[slot]

    def prepare(self, now: datetime) -> None:
        """Generate all the days that may be asked for, before they are, and sum up what is asked first."""
        for key in self.keys:
            self.lifetime(key, now)
            for days in ASKED_FIRST:
                self.traffic(key, days, now)

    def traffic(self, key: DemoKey, days: int, now: datetime) -> Traffic:
        """The traffic of the `days` UTC dates that end with today, up to `now`; not to be changed."""
        return self._summed(key, days, now)

    def _sum(self, key: DemoKey, days: int, now: datetime) -> Traffic:
        today = now.date()
        window = Window.ending(today, days)
        traffic = self._over(key, window.start, today).copied(window)
        _add_day(traffic, today, self.day(key, today), _elapsed_s(today, now), key.limit_per_minute)
        return traffic

    def _sum_over(self, key: DemoKey, start: date, today: date) -> Traffic:
        """The traffic of the dates before `today`, which stays as it is."""
        window = Window.ending(today - timedelta(days=1), (today - start).days)
        traffic = Traffic(window=window)
        for on in window.dates():
            _add_day(traffic, on, self.day(key, on), DAY_S, key.limit_per_minute)
        return traffic

    def lifetime(self, key: DemoKey, now: datetime) -> int:
        """Requests since the key was created."""
        today = now.date()
        over = self._over(key, Window.longest(self._began).start, today)
        so_far = self.day(key, today).counts(_elapsed_s(today, now))
        return key.role.before + over.total + sum(so_far.values())

    def last_used(self, key: DemoKey, now: datetime) -> datetime | None:
        """When the newest accepted request was made; None for a key that was never used."""
        window = Window.longest(now.date())
        for ago in range(window.days):
            on = window.end - timedelta(days=ago)
            second = self.day(key, on).last_accepted_s(_elapsed_s(on, now))
            if second is not None:
                return _midnight(on) + timedelta(seconds=second)
        return key.last_used_at

    def current(self, key: DemoKey, now: datetime) -> tuple[int, int]:
        """Accepted requests of the last minute and of today, which the key's two limits apply to."""
        day, elapsed_s = self.day(key, now.date()), _elapsed_s(now.date(), now)
        today = accepted(day.counts(elapsed_s))
        last_minute = today - accepted(day.counts(max(0, elapsed_s - 60)))
        return min(last_minute, key.limit_per_minute), today

    def _generate(self, key: DemoKey, on: date) -> DemoDay:
        # A key is first used on the day after it was created.
        habit = key.role.story((on - self._began).days, on.weekday() >= 5)
        if habit is None or on <= key.created_at.date():
            return QUIET
        rng = Random(f"{self._seed}:{key.id}:{on}")  # noqa: S311 - invented data, no secret
        return generate_day(habit, key.limit_per_day, rng)


def _add_day(traffic: Traffic, on: date, day: DemoDay, elapsed_s: int, limit_per_minute: int) -> None:
    counts = day.counts(elapsed_s)
    for (path, status), count in counts.items():
        traffic.counts[path, status] += count
        traffic.levels[path, day.levels[path]] += count
    errors = sum(count for (_, status), count in counts.items() if status >= 400)
    traffic.daily.append((on, sum(counts.values()), errors))
    traffic.throttled_by_hour.extend(
        (_midnight(on) + timedelta(hours=hour), count)
        for hour, count in day.throttled_by_hour(elapsed_s).items()
    )
    traffic.minute_peaks.append(day.busiest_minute(limit_per_minute, elapsed_s))
    traffic.day_peaks.append(accepted(counts))


def _sum_by(pairs: Iterable[tuple[K, int]]) -> dict[K, int]:
    """The sum of the counts of each group, from (group, count)."""
    sums: dict[K, int] = {}
    for group, count in pairs:
        sums[group] = sums.get(group, 0) + count
    return sums


def _elapsed_s(on: date, now: datetime) -> int:
    """How many seconds of the day have passed."""
    return DAY_S if on < now.date() else int((now - _midnight(on)).total_seconds())


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), UTC)
