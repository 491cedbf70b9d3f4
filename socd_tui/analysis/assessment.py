"""All that can be said of one key from its days: does it run away, fail, or head for its cap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from socd_tui.analysis.budget import Budgets, budgets
from socd_tui.analysis.compare import APART
from socd_tui.analysis.evidence import NoAnswer, NotEnough
from socd_tui.analysis.forecast import Forecast, forecast
from socd_tui.analysis.record import days_lived
from socd_tui.analysis.runaway import Rise, Runaway, error_rise, runaway
from socd_tui.analysis.tier import TierVerdict, tier_verdict
from socd_tui.analysis.triage import Since, lasting
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ENDED, ApiKey, KeyState
from socd_tui.model.lens import BASELINE
from socd_tui.model.past import DayRecord, Past
from socd_tui.model.text import Text
from socd_tui.model.usage import Usage
from socd_tui.model.window import LOOK_BACK

UNLIMITED = NotEnough("the day limit is unknown")
HORIZON = 30
"""Days ahead: what is paid for at once is a month."""
AWAITED = NoAnswer(f"waiting for the last {LOOK_BACK}")


@dataclass(frozen=True)
class Assessment:
    """Each part is its answer, None when all is as usual, or why there is none."""

    days: tuple[DayRecord, ...]
    """Up to the service's today, which is last and says nothing where the service sent no row for it."""
    budgets: Budgets
    """Of the longest window."""
    seen_days: int
    """How many days that window has."""
    recent: Usage | None
    """The shortest window of a week or more."""
    runaway: Runaway | NotEnough | None
    rise: Rise | NotEnough | None
    forecast: Forecast | NotEnough
    unfitted: NotEnough | None
    """Why the days since the key changed carry no band; what is forecast then only says what has happened."""
    tier: TierVerdict | NotEnough
    at_cap: Since | None
    """Since when each full day asked for all that its limit allows, or more."""
    foretold: tuple[int, int] = (0, 0)
    """How many of the forecasts written down here came true, and of how many."""

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
    """Whether what says what is usual for the key is still on its way."""

    @classmethod
    def of(cls, fleet: Fleet, key: ApiKey, answers: Iterable[Usage]) -> Ground:
        """The ground of one of the Fleet's keys, whose answers these are."""
        usual = BASELINE[-1]
        return cls(
            key=key,
            answers=tuple(answers),
            past=fleet.past.get(key.id),
            state=key.state(fleet.listed_at),
            awaited=fleet.usage(key.id, usual) is None and fleet.failure(key.id, usual) is None,
        )


def assess(ground: Ground, observed: tuple[DayRecord, ...]) -> Assessment:
    """What the key's observed days say; of its answers only those of the newest moment say what is now."""
    newest = max((usage.observed_at for usage in ground.answers), default=None)
    fresh = tuple(usage for usage in ground.answers if newest and newest - usage.observed_at <= APART)
    assessment = _assessed(days_lived(ground.key, observed), ground.key, fresh)
    if ground.past:
        assessment = replace(assessment, foretold=ground.past.foretold)
    if ground.state in ENDED:
        ended = NoAnswer(f"the key is {ground.state}")
        return replace(assessment, forecast=ended, unfitted=None, tier=ended)
    if ground.awaited:
        return replace(assessment, forecast=AWAITED, unfitted=None, tier=AWAITED)
    return assessment


def _assessed(told: tuple[DayRecord, ...], key: ApiKey, answers: tuple[Usage, ...]) -> Assessment:
    days = _until_today(told, answers)
    longest = answers[-1] if answers else None
    found, ran = budgets(key, longest), runaway(days)
    seen_days = longest.window.days if longest else 0
    limit = found.day.limit.value if found.day.limit else None
    changed = ran.since if isinstance(ran, Runaway) and ran.ongoing else None
    foretold, unfitted = _forecast(days, limit, changed, _horizon(key, days)) if limit else (UNLIMITED, None)
    tier = tier_verdict(key, days, found, endpoints=_paths(longest), forecast=foretold, window_days=seen_days)
    recent = next((usage for usage in answers if usage.window.days >= BASELINE[0]), longest)
    at_cap = lasting(days, lambda day: _reaches(day, limit)) if limit else None
    rise = error_rise(days)
    return Assessment(days, found, seen_days, recent, ran, rise, foretold, unfitted, tier, at_cap)


def _paths(usage: Usage | None) -> list[Text] | None:
    return None if usage is None or usage.endpoints is None else [row.path for row in usage.endpoints]


def _reaches(day: DayRecord, limit: int) -> bool | None:
    return None if day.requests is None else day.requests >= limit


def _horizon(key: ApiKey, days: Sequence[DayRecord]) -> int:
    """Days that are forecast: a month, or until the key ends."""
    if key.expires_at is None or not days:
        return HORIZON
    return max(min((key.expires_at.date() - days[-1].date).days + 1, HORIZON), 1)


def _until_today(told: tuple[DayRecord, ...], answers: Sequence[Usage]) -> tuple[DayRecord, ...]:
    """The days, with an untold today where the service leaves out days on which nothing happened."""
    now = max((usage.observed_at for usage in answers), default=None)
    if not told or now is None or told[-1].date >= now.date():
        return told
    return (*told, DayRecord(now.date(), None, None, None, now))


def _forecast(
    days: tuple[DayRecord, ...], limit: int, changed: date | None, horizon: int
) -> tuple[Forecast | NotEnough, NotEnough | None]:
    """From the days since the key changed; where they are too few, what has happened already stays a fact."""
    found = forecast(days, limit, since=changed, horizon=horizon)
    if isinstance(found, NotEnough) and changed is not None:
        whole = forecast(days, limit, horizon=horizon)
        if isinstance(whole, Forecast) and whole.outcome == "already":
            return whole, found
    return found, None
