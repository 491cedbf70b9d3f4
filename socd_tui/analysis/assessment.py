"""All that can be said of one key from its days: does it run away, fail, or head for its cap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from socd_tui.analysis.evidence import NotEnough
from socd_tui.analysis.forecast import Forecast, forecast
from socd_tui.analysis.record import record
from socd_tui.analysis.runaway import Rise, Runaway, error_rise, runaway
from socd_tui.analysis.tier import TierVerdict, tier_verdict
from socd_tui.analysis.verdict import Budgets, budgets
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.past import DayRecord
from socd_tui.model.usage import Usage

UNLIMITED = NotEnough("the day limit is unknown")


@dataclass(frozen=True)
class Assessment:
    """Each part is its answer, None when all is as usual, or why the days do not carry one."""

    days: tuple[DayRecord, ...]
    budgets: Budgets
    """Of the shortest window there is an answer for."""
    runaway: Runaway | NotEnough | None
    rise: Rise | NotEnough | None
    forecast: Forecast | NotEnough
    unfitted: NotEnough | None
    """Why the days since the key changed carry no band; what is forecast then only says what has happened."""
    tier: TierVerdict | NotEnough
    foretold: tuple[int, int] = (0, 0)
    """How many of the forecasts written down here came true, and of how many."""

    @property
    def ran_away(self) -> Runaway | None:
        """A runaway that goes on."""
        return self.runaway if isinstance(self.runaway, Runaway) and self.runaway.ongoing else None


def assess(fleet: Fleet, key: ApiKey) -> Assessment:
    """Everything known of the key, in whatever windows it was asked for."""
    answers = fleet.usages_of(key.id)
    past = fleet.past.get(key.id)
    known = _assessed(record(fleet, key), key, *((answers[0], answers[-1]) if answers else (None, None)))
    return replace(known, foretold=past.foretold) if past else known


@lru_cache(maxsize=256)  # asked again with each repaint, of each key
def _assessed(
    days: tuple[DayRecord, ...], key: ApiKey, shortest: Usage | None, longest: Usage | None
) -> Assessment:
    found = budgets(key, shortest)
    ran = runaway(days)
    limit = found.day.limit
    changed = ran.since if isinstance(ran, Runaway) and ran.ongoing else None
    foretold, unfitted = _forecast(days, limit.value, changed) if limit else (UNLIMITED, None)
    paths = None if longest is None or longest.endpoints is None else [row.path for row in longest.endpoints]
    tier = tier_verdict(key, days, budgets(key, longest), endpoints=paths, found=foretold)
    return Assessment(days, found, ran, error_rise(days), foretold, unfitted, tier)


def _forecast(
    days: tuple[DayRecord, ...], limit: int, changed: date | None
) -> tuple[Forecast | NotEnough, NotEnough | None]:
    """From the days since the key changed; where they are too few, what has happened already stays a fact."""
    found = forecast(days, limit, since=changed)
    if isinstance(found, NotEnough) and changed is not None:
        whole = forecast(days, limit)
        if isinstance(whole, Forecast) and whole.outcome == "already":
            return whole, found
    return found, None
