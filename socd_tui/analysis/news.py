"""What is new since an earlier visit, and what is gone: findings compared, where both visits could tell.

What the answers did not tell then or do not tell now is neither: of such a key, or kind, nothing is said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import get_args

from socd_tui.analysis.diagnosis import findings_of_key
from socd_tui.analysis.findings import (
    Burst,
    Capped,
    EndedInUse,
    ErrorsRising,
    Expiring,
    Failing,
    Finding,
    NearingCap,
    RunningAway,
    Throttled,
    UsualBurst,
)
from socd_tui.analysis.known import KeyFacts, Known
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ENDED, ApiKey
from socd_tui.model.lens import BASELINE
from socd_tui.model.record import dataclass, replace
from socd_tui.model.usage import Usage
from socd_tui.model.visit import Standing, Visit

PAUSE = timedelta(hours=1)
"""Between two looks at an account that are two visits: a session of the dashboard lasts as long, so whoever
comes back within it was hardly gone."""

KINDS: Mapping[str, type] = {each.kind: each for each in get_args(Finding)}
"""Those that are looked for, worst first."""

_HIDDEN_BY: Mapping[str, frozenset[str]] = {
    Capped.kind: frozenset({RunningAway.kind}),
    Throttled.kind: frozenset({RunningAway.kind, Capped.kind}),
    NearingCap.kind: frozenset({RunningAway.kind, Capped.kind}),
    Failing.kind: frozenset({ErrorsRising.kind}),
    Burst.kind: frozenset({RunningAway.kind}),
    UsualBurst.kind: frozenset({RunningAway.kind, Burst.kind}),
}
"""Beside which kinds a kind is not named though it may stand: see `analysis/diagnosis.py`."""

_GOES_ON_AS: Mapping[str, frozenset[str]] = {
    RunningAway.kind: frozenset({UsualBurst.kind}),
    Burst.kind: frozenset({UsualBurst.kind}),
    ErrorsRising.kind: frozenset({Failing.kind}),
}
"""What a kind becomes that lasts until it is usual."""

_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Gone:
    """A kind of finding that stood at the visit before, and no longer does."""

    key: ApiKey
    kind: str


@dataclass(frozen=True)
class News:
    """What differs from the visit at `since` (the service's clock, UTC), worst first."""

    since: datetime
    new: tuple[Finding, ...]
    gone: tuple[Gone, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.gone)


def seen(known: Known) -> Visit | None:
    """What stands now, of the keys whose fresh answers tell it; None where there is none."""
    keys = {key_id: standing for key_id, _, standing in _read(known)}
    at = max((known.fleet.usages[key_id, BASELINE[0]].observed_at for key_id in keys), default=None)
    return Visit(at=at, kinds=frozenset(KINDS), keys=keys) if at else None


def news(known: Known, visit: Visit, keys: Collection[ApiKey]) -> News:
    """What is new of these keys since the visit, and what is gone."""
    ids = {key.id for key in keys}
    new: set[tuple[str, str]] = set()
    gone: list[Gone] = []
    for key_id, facts, now in _read(known):
        if key_id not in ids:
            continue
        then = visit.keys.get(key_id)
        if then is None and _is_younger(facts.key, visit.at):
            then = Standing()
        if then is not None:
            new |= {(kind, key_id) for kind in now.stood - then.stood if _was_absent(kind, then, visit)}
            gone += (Gone(facts.key, kind) for kind in then.stood - now.stood if _is_over(kind, now))
    worst_first = known.findings(tuple(keys)).worst_first
    rank = list(KINDS)
    return News(
        visit.at,
        tuple(each for each in worst_first if (each.kind, each.key.id) in new),
        tuple(sorted(gone, key=lambda each: rank.index(each.kind))),
    )


def _was_absent(kind: str, then: Standing, visit: Visit) -> bool:
    hidden = _HIDDEN_BY.get(kind, _NOBODY)
    return kind in visit.kinds and kind not in then.untold and hidden.isdisjoint(then.stood)


def _is_over(kind: str, now: Standing) -> bool:
    instead = _HIDDEN_BY.get(kind, _NOBODY) | _GOES_ON_AS.get(kind, _NOBODY)
    return kind in KINDS and kind not in now.untold and instead.isdisjoint(now.stood)


def _is_younger(key: ApiKey, at: datetime) -> bool:
    return key.created_at is not None and key.created_at > at


def _read(known: Known) -> Iterator[tuple[str, KeyFacts, Standing]]:
    """The keys that could be read, and what stands of each."""
    for key_id, facts in known.by_key.items():
        if answers := _fresh(known.fleet, facts):
            yield key_id, facts, Standing(_stood(known.fleet, facts, answers), _untold(facts))


def _fresh(fleet: Fleet, facts: KeyFacts) -> tuple[Usage, ...]:
    """The answers of this run that tell what is recent and what is usual; empty where one is missing.

    They are the same whichever window is looked at, so that another one makes nothing new.
    """
    slots = [(facts.key.id, days) for days in BASELINE]
    answers = tuple(usage for slot in slots if (usage := fleet.usages.get(slot)))
    is_fresh = all(fleet.opened_at is None or usage.fetched_at >= fleet.opened_at for usage in answers)
    if len(answers) < len(slots) or not is_fresh or any(slot in fleet.failures for slot in slots):
        return ()
    return answers if facts.assessment.recent is answers[0] else ()


def _stood(fleet: Fleet, facts: KeyFacts, answers: tuple[Usage, ...]) -> frozenset[str]:
    if facts.ground.answers == answers:
        return frozenset(each.kind for each in facts.findings)
    ground = replace(facts.ground, answers=answers)
    return frozenset(each.kind for each in findings_of_key(ground, facts.assessment, fleet.now))


def _untold(facts: KeyFacts) -> frozenset[str]:
    """The kinds of which nobody can say whether they stand."""
    assessment, recent = facts.assessment, facts.assessment.recent
    untold: set[str] = set()
    if isinstance(assessment.runaway, NotEnough):
        untold |= {RunningAway.kind, Burst.kind, UsualBurst.kind}
    if isinstance(assessment.rise, NotEnough):
        untold.add(ErrorsRising.kind)
    if isinstance(assessment.forecast, NotEnough):
        untold |= {Capped.kind, NearingCap.kind}
    if recent is None or None in (recent.requests, recent.throttled):
        untold |= {Throttled.kind, Failing.kind}
    if recent is None or recent.failed is None:
        untold.add(Failing.kind)
    if assessment.today is None or facts.key.unreadable:
        untold |= {EndedInUse.kind, Expiring.kind}
    if facts.ground.state in ENDED:
        untold.add(Expiring.kind)
    return frozenset(untold)
