"""What one key's days say of it: whether it runs away, fails more than usual, or nears its cap."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from socd_tui.analysis.budget import Budgets, budgets
from socd_tui.analysis.day_history import days_lived
from socd_tui.analysis.episodes import Episode, episodes
from socd_tui.analysis.forecast import Forecast, forecast
from socd_tui.analysis.not_enough import NoAnswer, NotEnough
from socd_tui.analysis.runaway import (
    Habit,
    Rise,
    Runaway,
    detect_error_rise,
    runaway_or_habit,
)
from socd_tui.analysis.subtract import APART
from socd_tui.analysis.tier import TierVerdict, tier_verdict
from socd_tui.analysis.triage import Since, first_requests, held_since, since_start
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ENDED, TIER_LIMITS, UNLIMITED, ApiKey, KeyState
from socd_tui.model.lens import BASELINE
from socd_tui.model.past import Past
from socd_tui.model.record import dataclass
from socd_tui.model.text import Text
from socd_tui.model.usage import Day, Usage
from socd_tui.model.window import LOOK_BACK

NO_LIMIT = NoAnswer("the key has no day limit")
LIMIT_UNKNOWN = NotEnough("the day limit is unknown")
HORIZON = 30
"""Days that are forecast: a month, as Pro is paid by the month."""
UNREAD = NoAnswer("the key's figures could not be read")
AWAITED = NoAnswer(f"waiting for the last {LOOK_BACK}")


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What a key's days say of it. A part is NotEnough where the days do not carry it."""

    days: tuple[Day, ...]
    """Up to the service's today, which is last, without counts where the service sent no row for it."""
    budgets: Budgets
    """Of the longest window."""
    window_days: int
    """Length of the longest window; 0 without a fresh answer."""
    recent: Usage | None
    """The shortest window of a week or more; None without a fresh answer."""
    runaway: Runaway | NotEnough | None
    """None when its requests are as usual."""
    habit: Habit | None
    """A run of busy days that is no runaway, as the key has had such before."""
    rise: Rise | NotEnough | None
    """None when its errors are as usual."""
    forecast: Forecast | NotEnough
    unfitted: NotEnough | None
    """Why the days since the key's use changed are too few, where `forecast` only says the cap is reached."""
    tier: TierVerdict | NotEnough
    at_cap: Since | None
    """The first of the full days in a row whose requests reached the day limit, up to the newest."""
    first: Day | None = None
    """The day of the key's first requests; None where that is unknown."""
    foretold: tuple[int, int] = (0, 0)
    """How many of the forecasts that this machine wrote down came true, and of how many."""

    @cached_property
    def episodes(self) -> tuple[Episode, ...]:
        """What was unusual before, and is over: looked for where it is shown, as that costs milliseconds."""
        return episodes(self.days)

    @property
    def today(self) -> date | None:
        """The service's date when it last answered."""
        return self.days[-1].date if self.days else None


@dataclass(frozen=True, kw_only=True)
class Ground:
    """All that an assessment of one key is made from; two that are equal lead to the same assessment."""

    key: ApiKey
    answers: tuple[Usage, ...]
    """The service's answers, the shortest window first; compared by identity."""
    past: Past | None
    state: KeyState
    awaited: bool
    """Whether the answer that says what is usual for the key is still on its way."""
    beside_pro: bool
    """Whether the account has another key of the Pro tier in force."""

    @classmethod
    def of(cls, fleet: Fleet, key: ApiKey, answers: Iterable[Usage], pro: Collection[str]) -> Ground:
        """The ground of one of the Fleet's keys, whose answers these are; `pro` are its `pro_keys`."""
        usual = BASELINE[-1]
        return cls(
            key=key,
            answers=tuple(answers),
            past=fleet.past.get(key.id),
            state=key.state(fleet.now),
            awaited=fleet.usage(key.id, usual) is None and fleet.failure(key.id, usual) is None,
            beside_pro=len(pro) > (key.id in pro),
        )


def pro_keys(fleet: Fleet) -> frozenset[str]:
    """The ids of the Pro keys that are in force; "" stands for those that an export left out."""
    ids = {key.id for key in fleet.keys if key.plan == "pro" and key.state(fleet.now) not in ENDED}
    return frozenset(ids | {""} if fleet.left_out.pro else ids)


def assess(ground: Ground, observed: tuple[Day, ...]) -> Assessment:
    """What the key's observed days say of it.

    Of its answers only those that came with the newest one say how it is now: older ones are of another day.
    """
    newest = max(ground.answers, key=lambda usage: usage.fetched_at, default=None)
    fresh = tuple(
        usage for usage in ground.answers if newest and abs(newest.observed_at - usage.observed_at) <= APART
    )
    first = first_requests(ground.key, fresh, observed)
    assessment = _assess_days(days_lived(ground.key, observed), ground, fresh, first)
    if ground.past:
        assessment = replace(assessment, foretold=ground.past.foretold)
    if ground.state in ENDED:
        ended = NoAnswer(f"the key is {ground.state}")
        return replace(assessment, forecast=ended, unfitted=None, tier=ended)
    if ground.awaited:
        return replace(assessment, forecast=AWAITED, unfitted=None, tier=AWAITED)
    if not ground.answers and not assessment.days:
        return replace(assessment, forecast=UNREAD, unfitted=None, tier=UNREAD)
    return assessment


def _assess_days(
    lived: tuple[Day, ...], ground: Ground, answers: tuple[Usage, ...], first: Day | None
) -> Assessment:
    key = ground.key
    days = _until_today(lived, answers)
    longest = answers[-1] if answers else None
    window_days = longest.window.days if longest else 0
    limits = budgets(key, longest)
    limit = limits.day.limit.value if limits.day.limit else None
    runaway, habit = runaway_or_habit(days)
    changed = runaway.since if isinstance(runaway, Runaway) and runaway.ongoing else None
    ahead: Forecast | NotEnough = NO_LIMIT if limits.day.limit == UNLIMITED else LIMIT_UNKNOWN
    unfitted = None
    if limit:
        ahead, unfitted = _forecast(days, limit, changed, _horizon(key, days))
    return Assessment(
        days=days,
        budgets=limits,
        window_days=window_days,
        recent=next((usage for usage in answers if usage.window.days >= BASELINE[0]), longest),
        runaway=runaway,
        habit=habit,
        rise=detect_error_rise(days),
        forecast=ahead,
        unfitted=unfitted,
        tier=tier_verdict(
            key,
            days,
            limits,
            endpoints=_paths(longest),
            forecast=ahead,
            on_free=_on_free(key, days),
            runaway=runaway if isinstance(runaway, Runaway) else None,
            beside_pro=ground.beside_pro,
            window_days=window_days,
        ),
        at_cap=_at_cap(days, first, limit) if limit else None,
        first=first,
    )


def _at_cap(days: Sequence[Day], first: Day | None, limit: int) -> Since | None:
    def reaches(day: Day) -> bool | None:
        return None if day.requests is None else day.requests >= limit

    return since_start(held_since(days, reaches), first, reaches)


def _paths(usage: Usage | None) -> list[Text] | None:
    return None if usage is None or usage.endpoints is None else [row.path for row in usage.endpoints]


def _on_free(key: ApiKey, days: tuple[Day, ...]) -> Forecast | NotEnough | None:
    """What Free's day cap would be for a key that has more."""
    if key.plan in ("", "free"):
        return None
    return forecast(days, TIER_LIMITS["free"][1], horizon=_horizon(key, days))


def _horizon(key: ApiKey, days: Sequence[Day]) -> int:
    """Days that are forecast: a month, or until the key expires."""
    if key.expires_at is None or not days:
        return HORIZON
    return max(min((key.expires_at.date() - days[-1].date).days + 1, HORIZON), 1)


def _until_today(days: tuple[Day, ...], answers: Sequence[Usage]) -> tuple[Day, ...]:
    """The days, and today without counts where the service leaves out days without requests."""
    now = max((usage.observed_at for usage in answers), default=None)
    if not days or now is None or days[-1].date >= now.date():
        return days
    return (*days, Day(now.date(), partial=True))


def _forecast(
    days: tuple[Day, ...], limit: int, changed: date | None, horizon: int
) -> tuple[Forecast | NotEnough, NotEnough | None]:
    """The forecast from the days since the key's use changed, and why there is none where they are too few.

    A cap that was reached already is a fact whatever the days before: then the forecast says that.
    """
    ahead = forecast(days, limit, since=changed, horizon=horizon)
    if isinstance(ahead, NotEnough) and changed is not None:
        from_all_days = forecast(days, limit, horizon=horizon)
        if isinstance(from_all_days, Forecast) and from_all_days.reached:
            return from_all_days, ahead
    return ahead, None
