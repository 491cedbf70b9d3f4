"""A refresh: one call for the list of keys, one for each key's usage, one for limits that are missing.

Each answer makes a new Fleet.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from socd_tui.clock import Clock
from socd_tui.model.errors import Malformed, Problem, ServiceError, TimedOut
from socd_tui.model.fleet import Fleet, Slot
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Wanted
from socd_tui.model.select import select
from socd_tui.service.answer import Answer
from socd_tui.service.listing import list_keys
from socd_tui.service.payload import dialect
from socd_tui.service.scalar import member
from socd_tui.service.wire import read_usage
from socd_tui.service.wire_keys import read_detail, read_keys

FRESH = timedelta(seconds=60)
"""An answer younger than this is not asked for again unless a refresh is forced."""

BACKGROUND_FRESH = timedelta(minutes=10)
"""The same for background windows, which only say what is usual; these also when a refresh is forced."""

ABOUT = ("key_id", "window_days", "key", "period")
"""What an answer says of itself beside its figures, in both dialects."""

REFRESH_DEADLINE_S = 45.0
"""Seconds for one refresh with all its calls."""

INCOMPLETE = "The key's limits could not be read"
"""How the note begins that the detail call failed."""

Change = Callable[[Fleet], Fleet]
"""What one call's answer, or its failure, changes in the Fleet."""


class Service(Protocol):
    """What a refresh needs of the client: GET of one path, which raises a SocdError when it fails."""

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer: ...


@dataclass(frozen=True)
class Update:
    """The Fleet after one more answer, and how many of the refresh's calls have ended, of how many."""

    fleet: Fleet
    done: int
    total: int


async def refresh(
    service: Service,
    fleet: Fleet,
    wanted: Wanted | None,
    *,
    clock: Clock,
    selectors: Sequence[str] = (),
    force: bool = False,
    deadline_s: float = REFRESH_DEADLINE_S,
) -> AsyncGenerator[Update, None]:
    """An Update for each answer, until every selected key has its Usage or its Problem.

    Without `wanted` only the keys and their limits are asked for. All `now` windows of a key are asked
    for at the same time, so that one can be subtracted from another; the `background` windows come last.

    Raises SessionExpired at once (the Fleet of the last Update is still good), UsageError when a selector
    matches no key, ServiceError only when the list of keys fails. The failure of one key's call becomes
    that key's Problem. After `deadline_s` the keys without an answer get a TimedOut Problem.
    """
    loop = asyncio.get_running_loop()
    ends = loop.time() + deadline_s
    if force or not fleet.keys or _is_stale(fleet.listed_at, clock()):
        fleet = await _with_keys(service, fleet, ends)
        yield Update(fleet, 0, 0)
    selected = _selected(fleet, selectors)
    due, background = _due(fleet, selected, wanted, clock(), force=force)
    incomplete = [key for key in due if not key.is_complete]
    slots = [(key.id, days) for key in due for days in (wanted.now if wanted else ())]
    # Tasks start in the order they are created: the figures, the limits, then the background windows.
    calls: dict[asyncio.Task[Change], Slot | None] = {
        **{asyncio.create_task(_ask_usage(service, *slot)): slot for slot in slots},
        **{asyncio.create_task(_complete(service, key)): None for key in incomplete},
        **{asyncio.create_task(_ask_usage(service, *slot)): slot for slot in background},
    }
    running, done, total = set(calls), 0, len(calls)
    try:
        while running:
            left_s = max(ends - loop.time(), 0)
            ended, running = await asyncio.wait(running, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
            if not ended:
                late = [slot for call in running if (slot := calls[call])]
                yield Update(_with_timeouts(fleet, late), total, total)
                return
            for call in ended:
                fleet = call.result()(fleet)
            done += len(ended)
            yield Update(fleet, done, total)
    finally:
        for call in running:
            call.cancel()
        # All calls: asyncio logs exceptions that nobody retrieved, and several calls may fail at once.
        await asyncio.gather(*calls, return_exceptions=True)


def _selected(fleet: Fleet, selectors: Sequence[str]) -> list[ApiKey]:
    """The keys that are asked for. A chosen one that is gone is no mistake of the person's."""
    gone = {key.id for key in fleet.gone}
    left = [selector for selector in selectors if selector not in gone]
    return [] if selectors and not left else select(fleet.keys, left)


def _due(
    fleet: Fleet, keys: Sequence[ApiKey], wanted: Wanted | None, now: datetime, *, force: bool
) -> tuple[list[ApiKey], list[Slot]]:
    """The keys to ask for their `now` windows, and the (key, window) pairs to ask for in the background."""
    if wanted is None:
        return list(keys), []

    def stale(key: ApiKey, days: int, fresh: timedelta) -> bool:
        usage = fleet.usage(key.id, days)
        return usage is None or _is_stale(usage.fetched_at, now, fresh)

    due = [key for key in keys if force or any(stale(key, days, FRESH) for days in wanted.now)]
    background = [
        (key.id, days)
        for days in wanted.background
        for key in keys
        if stale(key, days, BACKGROUND_FRESH) and (force or fleet.failure(key.id, days) is None)
    ]
    return due, background


async def _with_keys(service: Service, fleet: Fleet, ends: float) -> Fleet:
    """The Fleet with the new list of keys, completed by what earlier detail calls said.

    An empty list after one with keys keeps them: the service's database answers an ended session so.
    """
    try:
        async with asyncio.timeout_at(ends):
            listed = await list_keys(service.get, fleet.base_url)
    except TimeoutError:
        raise TimedOut("The list of keys did not come in time.", "Try again, or check the network.") from None
    read = read_keys(list(listed.rows))
    earlier = {key.id: key for key in fleet.keys}
    keys = tuple(key.completed(earlier.get(key.id, key)) for key in read.keys)
    problems = (*listed.problems, *read.problems)
    if fleet.keys and not listed.rows:
        keys, problems = fleet.keys, (*problems, emptied(len(fleet.keys)))
    there = {key.id for key in keys}
    # A list that may be incomplete says of no key that it is gone.
    missing = (*fleet.gone, *(() if problems else fleet.keys))
    gone = tuple(key for key in missing if key.id not in there)
    fleet = replace(fleet, keys=keys, gone=gone, problems=problems, listed_at=listed.answer.fetched_at)
    return _hearing(fleet, listed.answer)


def emptied(known: int) -> Problem:
    """That the list is empty though it had keys before."""
    were = "the key known before is" if known == 1 else f"the {known} keys known before are"
    return Problem(
        kind="empty_list",
        message=f"The service listed no keys; {were} still shown.",
        next_step="If they were not removed, the session may have ended: sign in again.",
    )


def _hearing(fleet: Fleet, answer: Answer) -> Fleet:
    """The Fleet with the clocks of its newest answer."""
    return replace(fleet, observed_at=answer.observed_at, heard_at=answer.fetched_at)


async def _ask_usage(service: Service, key_id: str, days: int) -> Change:
    """Adds the answer of one usage call, or its failure. Raises SessionExpired."""
    try:
        return await _fetch_usage(service, key_id, days)
    except ServiceError as error:
        problem = Problem.of(error, key_id)
    return lambda fleet: replace(fleet, failures={**fleet.failures, (key_id, days): problem})


async def _fetch_usage(service: Service, key_id: str, days: int) -> Change:
    answer = await service.get(f"/api/v1/keys/{key_id}/usage", {"days": str(days)})
    _require_figures(answer.payload)
    usage = await asyncio.to_thread(
        read_usage, answer.payload, key_id, days, fetched_at=answer.fetched_at, observed_at=answer.observed_at
    )

    if answer.labelled:
        usage = replace(usage, notes=(*usage.notes, f"the answer is JSON and was labelled {answer.labelled}"))

    def change(fleet: Fleet) -> Fleet:
        slot = (key_id, days)
        failures = {other: problem for other, problem in fleet.failures.items() if other != slot}
        return _hearing(replace(fleet, usages={**fleet.usages, slot: usage}, failures=failures), answer)

    return change


def _require_figures(payload: object) -> None:
    """Raises Malformed for an object that names no figure: nothing at all is not the same as unknown."""
    data = member(payload, "data") if isinstance(payload, dict) and "data" in payload else payload
    if isinstance(data, dict) and dialect(_told(data)) is None:
        raise Malformed(
            "The service's answer holds no usage figures.", "Try again in a while; report it if it stays so."
        )


def _told(data: Mapping[str, object]) -> dict[str, object]:
    """What is said beside which key and which days it is about."""
    return {name: value for name, value in data.items() if name not in ABOUT and not _is_void(value)}


def _is_void(value: object) -> bool:
    """Whether nothing is in it: null, or an object of nothing but such."""
    return value is None or (isinstance(value, dict) and all(map(_is_void, value.values())))


async def _complete(service: Service, key: ApiKey) -> Change:
    """Completes a key by its detail call; a failure is noted with the key. Raises SessionExpired."""
    key = replace(key, notes=tuple(note for note in key.notes if not note.startswith(INCOMPLETE)))
    try:
        answer = await service.get(f"/api/v1/keys/{key.id}")
        detailed = read_detail(answer.payload, key)
    except ServiceError as error:
        detailed = replace(key, notes=(*key.notes, f"{INCOMPLETE} ({error.message})"))
    return lambda fleet: replace(
        fleet, keys=tuple(detailed if key.id == detailed.id else key for key in fleet.keys)
    )


def _with_timeouts(fleet: Fleet, late: Collection[Slot]) -> Fleet:
    """The Fleet with a TimedOut Problem for each call that did not end in time."""
    error = TimedOut("The refresh took too long; this key was not reached.", "Refresh again to ask for it.")
    problems = {slot: Problem.of(error, slot[0]) for slot in late}
    return replace(fleet, failures={**fleet.failures, **problems})


def _is_stale(at: datetime | None, now: datetime, fresh: timedelta = FRESH) -> bool:
    """Also what an earlier run noted with a clock that has been set back since."""
    return at is None or not timedelta() <= now - at < fresh
