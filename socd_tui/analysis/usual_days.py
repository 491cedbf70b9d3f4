"""The usual days of a key as what the next day is compared with: its requests by weekday, and its errors.

The constants were chosen as those of analysis/runaway.py were.
"""

from __future__ import annotations

from datetime import date

from socd_tui.analysis.robust import median, quantile, spread
from socd_tui.analysis.unusual import SETTLED, UNUSUAL_SPREADS, Mark
from socd_tui.model.key import TIER_LIMITS
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

LEAST_RATIO_DAYS = 14
"""Fewest days with requests that say what error ratio is usual: two weeks, as weekends may differ."""
LEAST_RISE = 0.02
"""The smallest rise of the error ratio that matters: one request in fifty more fails than usual."""
LEAST_ERRORS = 5
"""Errors above the usual that one day of a rise must have, however few its requests."""
ABOVE_WEEKDAY = 1.25
"""Times the error ratio of the same weekdays that a rise must exceed: a weekend job may always fail more."""


_Counts = tuple[list[int], list[int]]
"""Errors and requests, an item a day."""


class UsualRequests:
    """The requests of the usual days, by weekday."""

    def __init__(self) -> None:
        self._weeks: tuple[list[float], ...] = tuple([] for _ in range(7))

    def add(self, day: Day) -> None:
        self._weeks[day.date.weekday()].append(requests_of(day))

    def compare(self, day: Day) -> Mark | None:
        """The day's requests beside the median of the same weekdays.

        The spread is that of all weekdays about their medians, as the eight days of one weekday are too few
        to estimate it, and at least that of counting (Poisson: the square root of the mean).
        """
        same = self._weeks[day.date.weekday()][-WEEKS:]
        if len(same) < LEAST_WEEKS:
            return None
        middle, requests = median(same), requests_of(day)
        excess = requests - middle
        if excess <= max(LEAST_EXCESS, (TWICE - 1) * middle):
            return Mark(day, middle, len(same)) if day.full else None
        weeks = [week[-WEEKS:] for week in self._weeks if week]
        off = [count / level for week in weeks if (level := median(week)) for count in week]
        relative = max(spread(off) if off else 0.0, STEADY)
        spreads = excess / max(relative * middle, middle**0.5, 1.0)
        active = [count for week in weeks for count in week if count]
        striking = len(active) >= LEAST_WEEKS and requests > TWICE * quantile(active, BUSY)
        return Mark(
            day=day,
            usual=middle,
            compared=len(same),
            spreads=spreads,
            unusual=spreads > UNUSUAL_SPREADS,
            striking=striking,
        )


def requests_of(day: Day) -> float:
    return float(day.requests or 0)


class UsualErrors:
    """The errors and the requests of the usual days, with their 429s and, where known, without."""

    def __init__(self) -> None:
        self._dates: list[date] = []
        self._apart: _Counts = ([], [])
        self._together: _Counts = ([], [])

    def add(self, day: Day) -> None:
        self._dates.append(day.date)
        apart = failed_apart(day)
        for counts, (errors, requests) in (
            (self._apart, apart),
            (self._together, failed_apart(day, apart=False) if day.throttled else apart),
        ):
            counts[0].append(errors)
            counts[1].append(requests)

    def compare(self, day: Day) -> Mark | None:
        """The day's error ratio beside that of the usual days of four weeks.

        The spread is that of their daily ratios, and at least that of drawing so few requests (binomial, with
        Laplace's rule of succession, so that a key that never failed has one too).
        """
        apart = day.throttled is not None
        errors, requests = failed_apart(day, apart)
        failed, of = (counts[-SETTLED:] for counts in (self._apart if apart else self._together))
        compared = len(of) - of.count(0)
        if not requests or compared < LEAST_RATIO_DAYS:
            return None
        usual_errors, usual_requests = sum(failed), sum(of)
        share = usual_errors / usual_requests
        excess = errors / requests - share
        if excess <= LEAST_RISE / 2:  # of most days, and what is left is most of the work
            return Mark(day, share, compared)
        dates = self._dates[-SETTLED:]
        ratios = [(on, part / whole) for on, part, whole in zip(dates, failed, of, strict=True) if whole]
        same = [ratio for on, ratio in ratios if on.weekday() == day.date.weekday()]
        expected = (usual_errors + 1) / (usual_requests + 2)
        by_chance = (expected * (1 - expected) / requests) ** 0.5
        spreads = excess / max(spread([ratio for _, ratio in ratios]), by_chance)
        unusual = spreads > UNUSUAL_SPREADS and excess > LEAST_RISE / 2  # half: it rarely begins at midnight
        striking = (
            excess > LEAST_RISE
            and excess * requests >= LEAST_ERRORS
            and errors / requests > ABOVE_WEEKDAY * median(same or [share])
        )
        return Mark(
            day=day, usual=share, compared=compared, spreads=spreads, unusual=unusual, striking=striking
        )


def failed_apart(day: Day, apart: bool = True) -> tuple[int, int]:
    """(errors, requests), where known without 429s if these are kept `apart`; (0, 0) for unusable counts."""
    refused = day.throttled if apart and day.throttled is not None else 0
    if day.requests is None or day.errors is None or refused < 0:
        return 0, 0
    errors, requests = day.errors - refused, day.requests - refused
    return (errors, requests) if 0 <= errors <= requests else (0, 0)
