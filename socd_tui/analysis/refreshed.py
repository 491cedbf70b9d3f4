"""What the newest refresh has changed: the figures beside those that they took the place of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from socd_tui.analysis.known import KeyFacts, Known, prepare
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens
from socd_tui.model.record import dataclass, replace
from socd_tui.model.usage import Usage


@dataclass(frozen=True)
class Added:
    """Requests that came in since an earlier answer; fewer than none where the service took some back."""

    requests: int
    since: datetime
    """The service's clock at that answer, UTC."""


def replaces(known: Known, then: Known) -> bool:
    """Whether an answer of `then`, in the window looked at, has been replaced by a newer one."""
    pairs = ((facts.usage, known.usage(key_id)) for key_id, facts in then.by_key.items())
    return any(None not in (before, now) and before is not now for before, now in pairs)


def as_it_was(then: Known, lens: Lens) -> Known:
    """What was known then, seen through this Lens. Answers of an earlier run are left out: they are of
    another day, and all would have changed."""
    known = prepare(then.fleet, lens, then.preferences, then, long=False)
    return replace(
        known, by_key={key_id: _of_this_run(then, facts) for key_id, facts in known.by_key.items()}
    )


def _of_this_run(known: Known, facts: KeyFacts) -> KeyFacts:
    opened_at, usage = known.fleet.opened_at, facts.usage
    if usage is None or opened_at is None or usage.fetched_at >= opened_at:
        return facts
    return replace(facts, usage=None, problem=None, compare=None)


def comparable(known: Known, keys: Iterable[ApiKey]) -> Known | None:
    """What was known when the newest refresh began, where the same of these keys had answered by then."""
    then = known.earlier
    if then is None or any((known.usage(key.id) is None) != (then.usage(key.id) is None) for key in keys):
        return None
    return then


def added(known: Known, keys: Iterable[ApiKey]) -> Added | None:
    """What came in for these keys since the answers before; None where nothing did, or that is unknown."""
    keys = tuple(keys)
    then = comparable(known, keys)
    pairs = [(then.usage(key.id), known.usage(key.id)) for key in keys] if then else []
    pairs = [(before, now) for before, now in pairs if before and now]
    counts = [_between(before, now) for before, now in pairs if before and now]
    requests = sum(count or 0 for count in counts)
    if not requests or None in counts:
        return None
    return Added(requests, min(before.observed_at for before, _ in pairs if before))


def _between(before: Usage, now: Usage) -> int | None:
    """Requests from one answer to the other, whose windows may end on different days."""
    if before is now:
        return 0
    if before.window == now.window:
        counts = [now.requests, before.requests]
    else:
        since = before.window.end
        later = [day.requests for day in now.days or () if day.date >= since]
        first = [day.requests for day in before.days or () if day.date == since]
        counts = [sum(count or 0 for count in later) if later and None not in later else None, *first]
    if len(counts) < 2 or None in counts:
        return None
    return (counts[0] or 0) - (counts[1] or 0)
