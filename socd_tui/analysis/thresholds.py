"""Which keys pass which thresholds, now or, as their forecasts have it, soon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from math import ceil
from typing import Literal, get_args

from socd_tui.analysis.assessment import HORIZON, Assessment
from socd_tui.analysis.budget import Budget, budgets
from socd_tui.analysis.findings import Finding
from socd_tui.analysis.forecast import Forecast, forecast
from socd_tui.analysis.known import KeyFacts, Known
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.runaway import Runaway
from socd_tui.model.errors import Problem
from socd_tui.model.key import ENDED, UNLIMITED, ApiKey, Limit, share_of
from socd_tui.model.record import dataclass, replace
from socd_tui.model.threshold import GRAVITIES, Measure, Thresholds
from socd_tui.model.usage import Usage, ratio

Basis = Literal["current", "peak", "busiest_day"]
"""What the service counts now, its high-water mark in the window, or the largest daily row, a lower bound."""

Level = Literal["passed", "forecast", "unread", "unknown", "ok"]
LEVELS: tuple[Level, ...] = get_args(Level)
"""The worst first: a threshold is passed now, or forecast to pass; no figures could be read; a figure that a
threshold is on is unknown."""

FARTHEST = HORIZON
"""Days ahead at most: farther no forecast is judged."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One measure beside its threshold."""

    measure: Measure
    level: Level
    threshold: float
    value: float | None = None
    """In the measure's unit; None where it is unknown, or there is nothing to judge."""
    why: str = ""
    """Why it has no value, or why it is not judged."""
    of: Limit | None = None
    """The limit that it is a share of."""
    basis: Basis | None = None
    """What of it was taken as used."""
    ahead: Forecast | None = None
    """What is forecast of the threshold, where that decides."""
    finding: Finding | None = None
    """The gravest."""


@dataclass(frozen=True, kw_only=True)
class KeyCheck:
    """One key beside all thresholds."""

    key: ApiKey
    level: Level
    readings: tuple[Reading, ...] = ()
    problem: Problem | None = None
    """Why its figures could not be read."""
    has_ended: bool = False

    @property
    def nearness(self) -> float:
        """How far the measure that is nearest to its threshold has come, 1 at the threshold."""
        near = [each.value / each.threshold for each in self.readings if each.value is not None]
        return max(near, default=0.0)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What is judged, and how."""

    thresholds: Thresholds
    within: int = 7
    """Days ahead in which the threshold of the day limit may be forecast to pass; 0 for none."""
    by_chance: bool = False
    """Whether only the day limit is judged, by what is forecast unless it has passed already."""
    unknown_fails: bool = False
    """Whether an unknown figure counts as one that has passed its threshold."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """All keys beside all thresholds, the worst first, and what is left of the session."""

    rows: tuple[KeyCheck, ...]
    session: Reading | None = None

    @property
    def level(self) -> Level:
        """The worst there is."""
        levels = [row.level for row in self.rows] + ([self.session.level] if self.session else [])
        return worst(levels)


def worst(levels: Iterable[Level]) -> Level:
    """The worst of them; ok without any."""
    found: Level = "ok"
    for level in levels:
        found = min(found, level, key=LEVELS.index)
    return found


def check(known: Known, keys: Sequence[ApiKey], rules: Rules, expires_at: datetime | None) -> Checked:
    """These keys by the rules; `expires_at` is when the session ends, by the service's clock.

    Of a key that has ended nothing but findings is judged: it has no limit any more.
    """
    rows = [_check_key(known.by_key[key.id], rules) for key in keys]
    rows.sort(key=lambda row: (LEVELS.index(row.level), -row.nearness))
    least = rules.thresholds.limits.get("session")
    session = None if least is None else _session(expires_at, known.fleet.now, least, rules)
    return Checked(rows=tuple(rows), session=session)


def _check_key(facts: KeyFacts, rules: Rules) -> KeyCheck:
    if facts.problem is not None and facts.ground.state not in ENDED:
        return KeyCheck(key=facts.key, level="unread", problem=facts.problem)
    readings = tuple(_judged(each, rules) for each in _readings(facts, rules))
    levels: list[Level] = [each.level for each in readings]
    return KeyCheck(
        key=facts.key, level=worst(levels), readings=readings, has_ended=facts.ground.state in ENDED
    )


def _judged(reading: Reading, rules: Rules) -> Reading:
    failed = reading.level == "unknown" and rules.unknown_fails
    return replace(reading, level="passed") if failed else reading


def _readings(facts: KeyFacts, rules: Rules) -> Iterator[Reading]:
    of_limits, has_ended = budgets(facts.key, facts.usage), facts.ground.state in ENDED
    for measure, threshold in rules.thresholds.limits.items():
        match measure:
            case "findings" if not rules.by_chance:
                yield _findings(facts, threshold)
            case "day" if not has_ended:
                yield _ahead(_used(measure, of_limits.day, threshold), facts, rules)
            case "minute" if not (has_ended or rules.by_chance):
                yield _used(measure, of_limits.minute, threshold)
            case "errors" if not (has_ended or rules.by_chance):
                yield _errors(facts.usage, threshold, rules.thresholds.min_requests)
            case "throttled" if not (has_ended or rules.by_chance):
                refused = facts.usage.throttled if facts.usage else None
                yield _level(measure, refused, threshold, "the service did not say how many")
            case _:
                pass


def _level(measure: Measure, value: float | None, threshold: float, why: str) -> Reading:
    if value is None:
        return Reading(measure=measure, level="unknown", threshold=threshold, why=why)
    level: Level = "passed" if value >= threshold else "ok"
    return Reading(measure=measure, level=level, threshold=threshold, value=value)


def _used(measure: Measure, budget: Budget, threshold: float) -> Reading:
    """Of a limit: what the service counts now, else its high-water mark in the window."""
    limit = budget.limit
    if limit == UNLIMITED:
        return Reading(measure=measure, level="ok", threshold=threshold, why="there is no limit")
    if limit is None or not limit.value:
        return _level(measure, None, threshold, "the limit is unknown")
    ways: tuple[tuple[Basis, int | None], ...] = (
        ("current", budget.current),
        ("peak", budget.peak),
        ("busiest_day", budget.busiest_day),
    )
    basis, used = next((way for way in ways if way[1] is not None), (None, None))
    share = share_of(limit, used)
    reading = _level(
        measure,
        None if share is None else 100 * share,
        threshold,
        "the service did not say how much is used",
    )
    return replace(reading, of=limit, basis=basis)


def _errors(usage: Usage | None, threshold: float, least: int) -> Reading:
    requests, failed, refused = (usage.requests, usage.failed, usage.throttled) if usage else (None,) * 3
    if requests is None or failed is None or refused is None:
        return _level("errors", None, threshold, "the service did not say how many")
    asked = requests - refused
    if asked < least:
        few = f"not judged: {asked:,} of {least:,} requests"
        return Reading(measure="errors", level="ok", threshold=threshold, why=few)
    share = ratio(failed - refused, asked)
    return _level("errors", None if share is None else 100 * share, threshold, "its counts contradict")


def _findings(facts: KeyFacts, threshold: float) -> Reading:
    """By the gravest; unknown where it is none so grave, and too few days say what is usual."""
    gravest = max(facts.findings, key=_gravity, default=None)
    value = _gravity(gravest) if gravest else 0
    usual, why = facts.assessment.runaway, "waiting for what is usual"
    if value < threshold and facts.ground.state not in ENDED:
        if isinstance(usual, NotEnough):
            why = usual.reason
        if facts.ground.awaited or isinstance(usual, NotEnough):
            return replace(_level("findings", None, threshold, why), finding=gravest)
    return replace(_level("findings", value, threshold, ""), finding=gravest)


def _gravity(finding: Finding) -> int:
    return GRAVITIES.index(finding.gravity)


def _ahead(now: Reading, facts: KeyFacts, rules: Rules) -> Reading:
    """The reading of the day limit, with what is forecast where its threshold has not passed."""
    limit = now.of.value if now.of else None
    if not rules.within or now.level == "passed" or limit is None:
        return now
    ahead = _forecast(facts.assessment, ceil(limit * now.threshold / 100), rules.within)
    if isinstance(ahead, NotEnough):
        return replace(now, level="unknown", why=f"no forecast: {ahead.reason}") if rules.by_chance else now
    level: Level = "forecast" if ahead.likely else "ok" if rules.by_chance else now.level
    return replace(now, level=level, ahead=ahead)


def _forecast(assessment: Assessment, requests: int, within: int) -> Forecast | NotEnough:
    runaway = assessment.runaway
    changed = runaway.since if isinstance(runaway, Runaway) and runaway.ongoing else None
    if not assessment.days:
        return NotEnough("no day is known")
    return forecast(assessment.days, requests, since=changed, horizon=min(within, FARTHEST))


def _session(expires_at: datetime | None, now: datetime | None, least: float, rules: Rules) -> Reading:
    if expires_at is None or now is None:
        reading = _level("session", None, least, "the token does not say when it ends")
        return _judged(reading, rules)
    left = (expires_at - now).total_seconds() / 60
    level: Level = "passed" if left <= least else "ok"
    return Reading(measure="session", level=level, threshold=least, value=left)
