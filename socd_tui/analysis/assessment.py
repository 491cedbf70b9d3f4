"""What one key's days say of it: whether it runs away, fails more than usual, or nears its cap."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING

from socd_tui.analysis.budget import Budgets, budgets
from socd_tui.analysis.day_history import days_lived, days_observed, tell_the_same_days
from socd_tui.analysis.forecast import Bands, Forecast, forecast
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

if TYPE_CHECKING:
    from socd_tui.analysis.episodes import Episode

NO_LIMIT = NoAnswer("the key has no day limit")
LIMIT_UNKNOWN = NotEnough("the day limit is unknown")
HORIZON = 30
"""Days that are forecast: a month, as Pro is paid by the month."""
UNREAD = NoAnswer("the key's figures could not be read")
AWAITED = NoAnswer(f"waiting for the last {LOOK_BACK}")


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


class Assessment:
    """What a key's days say of it. A part is NotEnough where the days do not carry it.

    Each part is made when it is first asked for, of the ground alone, and stays.
    """

    def __init__(self, ground: Ground, before: Assessment | None = None) -> None:
        """Of this ground; what had been made `before`, of another one that comes to the same, stays."""
        self._ground = ground
        if before is None:
            return
        was = before._ground
        if was.past is ground.past and tell_the_same_days(was.answers, ground.answers):
            self.observed = before.observed
        if before._rests_on == self._rests_on:
            vars(self).update(vars(before) | vars(self))

    @cached_property
    def observed(self) -> tuple[Day, ...]:
        """Every day anything is known of, ascending."""
        return tuple(days_observed(self._ground.answers, self._ground.past))

    @cached_property
    def days(self) -> tuple[Day, ...]:
        """Those it is of: up to the service's today, which is last, without counts where the service sent no
        row for it."""
        return _until_today(days_lived(self._ground.key, self.observed), self._fresh)

    @cached_property
    def today(self) -> date | None:
        """The service's date when it last answered; None without a day."""
        return self.days[-1].date if self.days else None

    @cached_property
    def budgets(self) -> Budgets:
        """Of the longest window."""
        return budgets(self._ground.key, self._longest)

    @property
    def window_days(self) -> int:
        """Length of the longest window; 0 without a fresh answer."""
        return self._longest.window.days if self._longest else 0

    @property
    def recent(self) -> Usage | None:
        """The shortest window of a week or more; None without a fresh answer."""
        return next((usage for usage in self._fresh if usage.window.days >= BASELINE[0]), self._longest)

    @property
    def runaway(self) -> Runaway | NotEnough | None:
        """None when its requests are as usual."""
        return self.busy[0]

    @property
    def habit(self) -> Habit | None:
        """A run of busy days that is no runaway, as the key has had such before."""
        return self.busy[1]

    @cached_property
    def busy(self) -> tuple[Runaway | NotEnough | None, Habit | None]:
        """Both of them."""
        return runaway_or_habit(self.days)

    @cached_property
    def rise(self) -> Rise | NotEnough | None:
        """None when its errors are as usual."""
        return detect_error_rise(self.days)

    @property
    def forecast(self) -> Forecast | NotEnough:
        return self.ahead[0]

    @property
    def unfitted(self) -> NotEnough | None:
        """Why the days since the key's use changed are too few, where `forecast` only says the cap is
        reached."""
        return self.ahead[1]

    @cached_property
    def ahead(self) -> tuple[Forecast | NotEnough, NotEnough | None]:
        """Both of them."""
        if self._unasked:
            return self._unasked, None
        if not self._limit:
            return NO_LIMIT if self.budgets.day.limit == UNLIMITED else LIMIT_UNKNOWN, None
        return _forecast(self.days, self._limit, self.changed, _horizon(self._ground.key, self.days))

    @property
    def changed(self) -> date | None:
        """Since when the key is used as it is now; None where that is as ever."""
        return since_changed(self.runaway)

    @cached_property
    def tier(self) -> TierVerdict | NotEnough:
        return self._unasked or tier_verdict(
            self._ground.key,
            self.days,
            self.budgets,
            endpoints=_paths(self._longest),
            forecast=self.forecast,
            on_free=partial(_on_free, self._ground.key, self.days, self._bands),
            runaway=self.runaway if isinstance(self.runaway, Runaway) else None,
            beside_pro=self._ground.beside_pro,
            window_days=self.window_days,
        )

    @cached_property
    def at_cap(self) -> Since | None:
        """The first of the full days in a row whose requests reached the day limit, up to the newest."""
        return _at_cap(self.days, self.first, self._limit) if self._limit else None

    @cached_property
    def first(self) -> Day | None:
        """The day of the key's first requests; None where that is unknown."""
        return first_requests(self._ground.key, self._fresh, self.observed)

    @property
    def foretold(self) -> tuple[int, int]:
        """How many of the forecasts that this machine wrote down came true, and of how many."""
        return self._ground.past.foretold if self._ground.past else (0, 0)

    @cached_property
    def episodes(self) -> tuple[Episode, ...]:
        """What was unusual before, and is over."""
        from socd_tui.analysis.episodes import episodes  # late: a start tells nothing of what is over

        return episodes(self.days)

    @cached_property
    def _fresh(self) -> tuple[Usage, ...]:
        """The answers that came with the newest one, the shortest window first: older ones are of another
        day, and do not say how the key is now."""
        answers = self._ground.answers
        newest = max(answers, key=lambda usage: usage.fetched_at, default=None)
        return tuple(
            usage for usage in answers if newest and abs(newest.observed_at - usage.observed_at) <= APART
        )

    @property
    def _rests_on(self) -> tuple[object, ...]:
        """All that makes a difference to a part: of what is remembered, and of most answers, their days."""
        ground = self._ground
        return (
            *(ground.key, ground.state, ground.awaited, ground.beside_pro, bool(ground.answers)),
            *(self._longest, self.recent, self.first, self.days, self.observed),
        )

    @property
    def _bands(self) -> Bands | None:
        """The forecast's, where that is made of all days: those of another limit are the same."""
        forecast = self.forecast
        return forecast.bands if isinstance(forecast, Forecast) and self.changed is None else None

    @property
    def _longest(self) -> Usage | None:
        return self._fresh[-1] if self._fresh else None

    @property
    def _limit(self) -> int | None:
        """Requests a day; None without a limit, and where it is unknown."""
        limit = self.budgets.day.limit
        return limit.value if limit else None

    @cached_property
    def _unasked(self) -> NotEnough | None:
        """Why nothing is said of the days ahead, whatever the days until now are."""
        if self._ground.state in ENDED:
            return NoAnswer(f"the key is {self._ground.state}")
        if self._ground.awaited:
            return AWAITED
        return None if self._ground.answers or self.days else UNREAD


def since_changed(runaway: Runaway | NotEnough | None) -> date | None:
    """Since when a key is used as it is now, by its runaway; None where that is as ever."""
    return runaway.since if isinstance(runaway, Runaway) and runaway.ongoing else None


def _at_cap(days: Sequence[Day], first: Day | None, limit: int) -> Since | None:
    def reaches(day: Day) -> bool | None:
        return None if day.requests is None else day.requests >= limit

    return since_start(held_since(days, reaches), first, reaches)


def _paths(usage: Usage | None) -> list[Text] | None:
    return None if usage is None or usage.endpoints is None else [row.path for row in usage.endpoints]


def _on_free(key: ApiKey, days: tuple[Day, ...], bands: Bands | None) -> Forecast | NotEnough:
    """What Free's day cap would be for a key that has more."""
    return forecast(days, TIER_LIMITS["free"][1], horizon=_horizon(key, days), bands=bands)


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
