"""A refresh: one call for the list of keys, one for each key's usage, one for limits that are missing.

Each batch of answers makes a new Fleet.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Hashable, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol

from socd_tui.clock import Clock
from socd_tui.model.errors import Problem, TimedOut
from socd_tui.model.fleet import Fleet, Slot
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Wanted
from socd_tui.model.progress import Progress
from socd_tui.model.record import dataclass, replace
from socd_tui.model.select import select
from socd_tui.service.calls import Ask, Calls
from socd_tui.service.changes import Change, Service, ask_keys, ask_limits, ask_usage, changed
from socd_tui.service.plan import Plan

FRESH = timedelta(seconds=60)
"""An answer younger than this is not asked for again unless a refresh is to bring newer ones."""

BACKGROUND_FRESH = timedelta(minutes=10)
"""The same for background windows, which only say what is usual; these whatever a refresh is to bring."""

STALLED_S = 45.0
"""Seconds without any answer after which a refresh gives up, beside waits for the service's limit."""

NEVER = datetime.min.replace(tzinfo=UTC)

LIST = "the list of keys"
"""The question for it, beside keys' ids for their limits and (id, days) for their figures."""


class Source(Service, Protocol):
    """What a refresh needs of the client."""

    @property
    def next_at(self) -> datetime | None:
        """When the next request is sent (our clock), while requests wait for that."""


@dataclass(frozen=True)
class Update:
    """The Fleet after some more answers, and how far the refresh is."""

    fleet: Fleet
    progress: Progress
    """Its moment is by our clock."""
    completes: bool = False
    """Whether with these answers the picture has all that it needs."""


async def refresh(
    source: Source,
    fleet: Fleet,
    wanted: Wanted | None,
    *,
    clock: Clock,
    calls: Calls[Change] | None = None,
    selectors: Sequence[str] = (),
    since: datetime | None = None,
    stalled_s: float = STALLED_S,
) -> AsyncGenerator[Update, None]:
    """Updates as answers come, until every selected key has its Usage or its Problem.

    Asked for is what is not younger than `since` (our clock), by default than a minute. What the picture
    needs comes first, and in that the keys that have been without an answer for longest; the windows of one
    key are asked for together, so that one can be subtracted from another. Once the picture has all of that,
    and not before, come limits that are missing, then the `background` windows. Without `wanted` only the
    keys and their limits are asked for.

    Raises SessionExpired at once (the Fleet of the last Update is still good), UsageError when a selector
    matches no key, ServiceError only when the list of keys fails. The failure of one key's call becomes
    that key's Problem. When for `stalled_s` nothing was heard, the keys without an answer get a TimedOut
    Problem. `calls` are those of an earlier refresh with the same client, which may still be under way.
    """
    calls = calls or Calls()
    fresh_since = since or clock() - FRESH
    if unread := calls.unread():
        fleet = changed(fleet, unread)
        yield Update(fleet, Progress(next_at=source.next_at))
    if not fleet.keys or _is_stale(fleet.listed_at, fresh_since, clock()):
        async for answers in _heard(
            source, calls, {LIST: partial(ask_keys, source, fleet.base_url)}, stalled_s
        ):
            fleet = changed(fleet, answers.values())
            yield Update(fleet, Progress(next_at=source.next_at))
    plan = _plan(source, fleet, _selected(fleet, selectors), wanted, clock(), since)
    if not plan.left:
        return
    try:
        for asks in plan.stages():
            async for answers in _heard(source, calls, asks, stalled_s):
                fleet, was_whole = changed(fleet, answers.values()), plan.is_whole
                plan.note(answers)
                progress = plan.progress._replace(next_at=source.next_at)
                yield Update(fleet, progress, completes=plan.is_whole and not was_whole)
    except TimedOut as error:
        late = [question for question in plan.left if isinstance(question, tuple)]
        problems: dict[Slot, Problem] = {slot: Problem.of(error, slot[0]) for slot in late}
        yield Update(replace(fleet, failures={**fleet.failures, **problems}), plan.progress)


async def _heard(
    source: Source, calls: Calls[Change], asks: Mapping[Hashable, Ask[Change]], stalled_s: float
) -> AsyncGenerator[dict[Hashable, Change], None]:
    """Batches of what has come, and an empty one when a wait begins or ends.

    Raises TimedOut when for too long nothing was heard.
    """
    loop = asyncio.get_running_loop()
    heard_at, next_at = loop.time(), None
    async with aclosing(calls.answered(asks)) as answered:
        async for answers in answered:
            if source.next_at is not None or any(not change.is_silence for _, change in answers):
                heard_at = loop.time()
            elif loop.time() - heard_at >= stalled_s:
                await calls.stop()
                raise TimedOut("The service was not heard for too long.", "Refresh again to ask for it.")
            if answers or source.next_at != next_at:
                next_at = source.next_at
                yield dict(answers)


def _selected(fleet: Fleet, selectors: Sequence[str]) -> list[ApiKey]:
    """The keys that are asked for. A chosen one that is gone is no mistake of the person's."""
    gone = {key.id for key in fleet.gone}
    left = [selector for selector in selectors if selector not in gone]
    return [] if selectors and not left else select(fleet.keys, left)


def _plan(
    source: Source,
    fleet: Fleet,
    keys: Sequence[ApiKey],
    wanted: Wanted | None,
    now: datetime,
    since: datetime | None,
) -> Plan:
    """What is to be asked of these keys, in its order."""
    plan, due = Plan(), list(keys)
    if wanted is not None:
        fresh_since = since or now - FRESH
        due = [
            key for key in keys if any(_wants(fleet, (key.id, days), fresh_since, now) for days in wanted.now)
        ]
        due.sort(key=lambda key: min(_heard_of(fleet, (key.id, days)) for days in wanted.now))
        for key in due:
            for days in wanted.now:
                plan.add("keys", key.id, (key.id, days), partial(ask_usage, source, key.id, days))
    for key in due:
        if not key.is_complete:
            plan.add("limits", key.id, key.id, partial(ask_limits, source, key))
    for days in wanted.background if wanted is not None else ():
        slots = [(key.id, days) for key in keys]
        slots = [slot for slot in slots if _wants(fleet, slot, now - BACKGROUND_FRESH, now)]
        for slot in sorted(slots, key=partial(_heard_of, fleet)):
            if since is not None or slot not in fleet.failures:
                plan.add("usual", slot, slot, partial(ask_usage, source, *slot))
    return plan


def _wants(fleet: Fleet, slot: Slot, since: datetime, now: datetime) -> bool:
    usage = fleet.usages.get(slot)
    return _is_stale(usage.fetched_at if usage else None, since, now)


def _heard_of(fleet: Fleet, slot: Slot) -> datetime:
    """When it was last answered, to sort what was not for longest to the front."""
    usage = fleet.usages.get(slot)
    return usage.fetched_at if usage else NEVER


def _is_stale(at: datetime | None, since: datetime, now: datetime) -> bool:
    """Also what an earlier run noted with a clock that has been set back since."""
    return at is None or not since < at <= now
