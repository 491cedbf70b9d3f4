"""A key's limits, how much of them it uses, and the word for it: ok, near, over."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import Literal

from socd_tui.analysis.totals import highest
from socd_tui.model.key import UNLIMITED, ApiKey, Limit, share_of
from socd_tui.model.record import dataclass, field
from socd_tui.model.usage import Usage, day_columns

NEAR_SHARE = 0.8
"""From this share of a limit a key is near it."""

Verdict = Literal["ok", "near", "over", "throttled", "idle", "unknown"]

OF_A_LIMIT: tuple[Verdict, ...] = ("over", "near", "ok", "unknown")
"""Verdicts that are of one limit; the others are of a key."""

_WORST_FIRST: tuple[Verdict, ...] = ("over", "near", "throttled", "ok", "unknown")


@dataclass(frozen=True)
class Budget:
    """One limit of a key, and how much of it is used, in requests per minute or per day."""

    limit: Limit | None
    current: int | None
    """What the service counts against the limit at this moment."""
    peak: int | None
    """The service's high-water mark in the window."""
    answer: Usage | None = field(default=None, compare=False, repr=False)
    """Where it is of a day, the answer that its figures are of."""

    @cached_property
    def busiest_day(self) -> int | None:
        """The largest daily row of a window without 429s.

        It is a lower bound of the peak, for where the service sends none: rows are of calendar days, limits
        of any 24 hours. Rows include refused requests: with 429s they do not say how many were let through.
        """
        usage = self.answer
        if usage is None or usage.throttled != 0 or not usage.days:
            return None
        ordinals, requests, *_ = day_columns(usage.days)
        first = bisect_left(ordinals, usage.window.start.toordinal())
        after = bisect_right(ordinals, usage.window.end.toordinal())
        return highest(requests[first:after])

    @property
    def used_ratio(self) -> float | None:
        """current ÷ limit"""
        return share_of(self.limit, self.current)

    @property
    def peak_ratio(self) -> float | None:
        """peak ÷ limit, or the busiest day ÷ limit where the service sends no peak."""
        return share_of(self.limit, self._high)

    @property
    def highest(self) -> float | None:
        """The larger of both."""
        used, peak = self.current, self._high
        if used is None or peak is None:
            return share_of(self.limit, peak if used is None else used)
        return share_of(self.limit, max(used, peak))

    @property
    def _high(self) -> int | None:
        return self.peak if self.peak is not None else self.busiest_day

    @property
    def verdict(self) -> Verdict:
        """over from 100 % of the limit, near from 80 %, by the higher of `current` and `peak`.

        Without a limit any use is ok.
        """
        share = self.highest
        if share is None:
            return "ok" if self.limit == UNLIMITED else "unknown"
        return "over" if share >= 1 else "near" if share >= NEAR_SHARE else "ok"


@dataclass(frozen=True)
class Budgets:
    """Both limits of one key."""

    minute: Budget
    day: Budget
    requests: int | None
    throttled: int | None = None

    @cached_property
    def verdict(self) -> Verdict:
        """The worse of both; idle when the window has no requests at all.

        A key with 429s and without peaks is "throttled": it reached one of its limits, and which is unknown.
        """
        if self.requests == 0:
            return "idle"
        no_peak = self.minute.peak is None and self.day.peak is None
        reached: Verdict = "throttled" if self.throttled and no_peak else "unknown"
        found = self.minute.verdict, self.day.verdict, reached
        return next(verdict for verdict in _WORST_FIRST if verdict in found)


def budgets(key: ApiKey, usage: Usage | None) -> Budgets:
    """Both limits of a key and their use: from the usage answer, else the key's record, else its tier."""
    if usage is None:
        return Budgets(Budget(key.minute_limit(), None, None), Budget(key.day_limit(), None, None), None)
    return Budgets(
        Budget(key.minute_limit(usage.minute.limit), usage.minute.current, usage.peak_per_minute),
        Budget(key.day_limit(usage.day.limit), usage.day.current, usage.peak_per_day, usage),
        usage.requests,
        usage.throttled,
    )
