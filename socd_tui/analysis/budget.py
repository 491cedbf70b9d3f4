"""How near a key is to its limits, in one word with the figures behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from socd_tui.model.key import ApiKey, Limit
from socd_tui.model.usage import Meter, Usage, ratio

NEAR = 0.8
"""From this share of a limit a key is near it."""

Verdict = Literal["ok", "near", "over", "throttled", "idle", "unknown"]

_WORST_FIRST: tuple[Verdict, ...] = ("over", "near", "throttled", "ok", "unknown")


@dataclass(frozen=True)
class Budget:
    """One limit and what is known against it, in requests per minute or per day.

    `current` is the service's meter at this moment; `peak` its high-water mark in the window;
    `busiest_day` the largest daily row of a window without 429s: a lower bound of the peak where the
    service sends none (a calendar day, while limits roll). Daily rows count refused requests too, so
    with 429s they say nothing of what was let through.
    """

    limit: Limit | None
    current: int | None
    peak: int | None
    busiest_day: int | None = None

    @property
    def used_ratio(self) -> float | None:
        """current ÷ limit"""
        return ratio(self.current, self.limit.value if self.limit else None)

    @property
    def peak_ratio(self) -> float | None:
        """peak ÷ limit, with the busiest day standing in for a peak the service does not send."""
        high = self.peak if self.peak is not None else self.busiest_day
        return ratio(high, self.limit.value if self.limit else None)

    @property
    def verdict(self) -> Verdict:
        """over from 100 % of the limit, near from 80 %, by the higher of the meter and the mark."""
        known = [share for share in (self.used_ratio, self.peak_ratio) if share is not None]
        if not known:
            return "unknown"
        return "over" if max(known) >= 1 else "near" if max(known) >= NEAR else "ok"


@dataclass(frozen=True)
class Budgets:
    """Both limits of one key."""

    minute: Budget
    day: Budget
    requests: int | None
    throttled: int | None = None

    @property
    def verdict(self) -> Verdict:
        """The worse of both; idle when the window holds no requests at all.

        A key that was throttled and whose peaks nobody sent is called that: some limit stopped it.
        """
        if self.requests == 0:
            return "idle"
        unsaid = self.minute.peak is None and self.day.peak is None
        hit: Verdict = "throttled" if self.throttled and unsaid else "unknown"
        return min((self.minute.verdict, self.day.verdict, hit), key=_WORST_FIRST.index)


def budgets(key: ApiKey, usage: Usage | None) -> Budgets:
    """Limits from the usage answer, else the key's record, else its tier."""
    if usage is None:
        return Budgets(Budget(key.minute_limit(), None, None), Budget(key.day_limit(), None, None), None)
    let_through = [
        day.requests
        for day in usage.days or ()
        if day.requests is not None and day.date in usage.window and usage.throttled == 0
    ]
    return Budgets(
        Budget(_limit(usage.minute, key.minute_limit()), usage.minute.current, usage.peak_per_minute),
        Budget(
            _limit(usage.day, key.day_limit()),
            usage.day.current,
            usage.peak_per_day,
            max(let_through, default=None),
        ),
        usage.requests,
        usage.throttled,
    )


def _limit(meter: Meter, known: Limit | None) -> Limit | None:
    return Limit(meter.limit, "usage") if meter.limit is not None else known
