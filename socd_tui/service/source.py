"""A refresh: the list call, the missing limits, one usage call per key; each answer a newer Fleet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from socd_tui.clock import Clock
from socd_tui.model.errors import Problem, ServiceError, TimedOut
from socd_tui.model.fleet import Fleet, Slot
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Wanted
from socd_tui.model.select import select
from socd_tui.service.wire import read_usage
from socd_tui.service.wire_keys import read_detail, read_keys

FRESH = timedelta(seconds=60)
"""Answers younger than this are shown from memory unless a refresh is forced."""

BACKGROUND_FRESH = timedelta(minutes=10)
"""The same for windows that only tell what is usual: forced or not, they are not asked for more often."""

REFRESH_DEADLINE_S = 45.0

Change = Callable[[Fleet], Fleet]


class Answer(Protocol):
    """One parsed response: its JSON, this machine's clock, and the service's."""

    @property
    def payload(self) -> object: ...
    @property
    def fetched_at(self) -> datetime: ...
    @property
    def observed_at(self) -> datetime: ...


class Transport(Protocol):
    """What a refresh needs of the client: GET one path as JSON, or raise a SocdError."""

    async def get(self, path: str, params: dict[str, str] | None = None) -> Answer: ...


@dataclass(frozen=True)
class Update:
    """The Fleet after one more answer, and how many of the refresh's calls have ended."""

    fleet: Fleet
    done: int
    total: int


async def refresh(
    transport: Transport,
    fleet: Fleet,
    wanted: Wanted | None,
    *,
    clock: Clock,
    selectors: Sequence[str] = (),
    force: bool = False,
    deadline_s: float = REFRESH_DEADLINE_S,
) -> AsyncGenerator[Update, None]:
    """Newer and newer Fleets until every selected key has its answer or its Problem.

    `wanted` None asks for the keys and their limits only. A key's `now` windows are asked for together,
    so that they can be subtracted; those of all keys come before any in the background.

    Raises SessionExpired at once, with the last yielded Fleet still good; UsageError when a selector
    names no key; ServiceError only when the key list itself cannot be had. One key's failure is that
    key's Problem. After `deadline_s` the keys not yet answered get a TimedOut Problem.
    """
    loop = asyncio.get_running_loop()
    ends = loop.time() + deadline_s
    if force or not fleet.keys or _stale(fleet.listed_at, clock()):
        fleet = _listed(fleet, *await _list(transport, ends))
        yield Update(fleet, 0, 0)
    chosen = select(fleet.keys, selectors)
    due, behind = _due(fleet, chosen, wanted, clock(), force=force)
    lacking = [key for key in due if _lacks_limits(key)]
    slots = [(key.id, days) for key in due for days in (wanted.now if wanted else ())]
    # Tasks run in the order they are made: the figures, the limits, then what is usual.
    calls: dict[asyncio.Task[Change], Slot | None] = {
        **{asyncio.create_task(_answer(transport, *slot)): slot for slot in slots},
        **{asyncio.create_task(_limits(transport, key)): None for key in lacking},
        **{asyncio.create_task(_answer(transport, *slot)): slot for slot in behind},
    }
    running, done, total = set(calls), 0, len(calls)
    try:
        while running:
            left_s = max(ends - loop.time(), 0)
            ended, running = await asyncio.wait(running, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
            if not ended:
                late = [slot for call in running if (slot := calls[call])]
                yield Update(_timed_out(fleet, late), total, total)
                return
            for call in ended:
                fleet = call.result()(fleet)
            done += len(ended)
            yield Update(fleet, done, total)
    finally:
        for call in running:
            call.cancel()
        # All of them: a second refusal that ended with the first must not be reported as never heard.
        await asyncio.gather(*calls, return_exceptions=True)


def _due(
    fleet: Fleet, keys: Sequence[ApiKey], wanted: Wanted | None, now: datetime, *, force: bool
) -> tuple[list[ApiKey], list[Slot]]:
    """The keys to ask anew, and what is to be asked in the background."""
    if wanted is None:
        return list(keys), []

    def stale(key: ApiKey, days: int, fresh: timedelta) -> bool:
        usage = fleet.usage(key.id, days)
        return usage is None or now - usage.fetched_at >= fresh

    due = [key for key in keys if force or any(stale(key, days, FRESH) for days in wanted.now)]
    behind = [
        (key.id, days)
        for days in wanted.background
        for key in keys
        if stale(key, days, BACKGROUND_FRESH) and (force or fleet.failure(key.id, days) is None)
    ]
    return due, behind


async def _list(
    transport: Transport, ends: float
) -> tuple[tuple[ApiKey, ...], tuple[Problem, ...], datetime]:
    try:
        async with asyncio.timeout_at(ends):
            answer = await transport.get("/api/v1/keys")
    except TimeoutError:
        raise TimedOut("The list of keys did not come in time.", "Try again, or check the network.") from None
    listed = read_keys(answer.payload)
    return listed.keys, listed.problems, answer.fetched_at


def _listed(fleet: Fleet, keys: tuple[ApiKey, ...], problems: tuple[Problem, ...], at: datetime) -> Fleet:
    """The new list, with what earlier detail calls found."""
    known = {key.id: key for key in fleet.keys}
    merged = tuple(key.completed(known.get(key.id, key)) for key in keys)
    return replace(fleet, keys=merged, problems=problems, listed_at=at)


async def _answer(transport: Transport, key_id: str, days: int) -> Change:
    try:
        return await _usage(transport, key_id, days)
    except ServiceError as error:
        problem = Problem.of(error, key_id)
    return lambda fleet: replace(fleet, failures={**fleet.failures, (key_id, days): problem})


async def _usage(transport: Transport, key_id: str, days: int) -> Change:
    answer = await transport.get(f"/api/v1/keys/{key_id}/usage", {"days": str(days)})
    usage = await asyncio.to_thread(
        read_usage, answer.payload, key_id, days, fetched_at=answer.fetched_at, observed_at=answer.observed_at
    )

    def change(fleet: Fleet) -> Fleet:
        slot = (key_id, days)
        failures = {other: problem for other, problem in fleet.failures.items() if other != slot}
        return replace(fleet, usages={**fleet.usages, slot: usage}, failures=failures)

    return change


async def _limits(transport: Transport, key: ApiKey) -> Change:
    try:
        answer = await transport.get(f"/api/v1/keys/{key.id}")
        detailed = replace(read_detail(answer.payload, key), notes=())
    except ServiceError as error:
        detailed = replace(key, notes=(f"Its limits could not be read ({error.message})",))
    return lambda fleet: replace(
        fleet, keys=tuple(detailed if key.id == detailed.id else key for key in fleet.keys)
    )


def _timed_out(fleet: Fleet, late: Collection[Slot]) -> Fleet:
    error = TimedOut("The refresh took too long; this key was not reached.", "Refresh again to ask for it.")
    problems = {slot: Problem.of(error, slot[0]) for slot in late}
    return replace(fleet, failures={**fleet.failures, **problems})


def _lacks_limits(key: ApiKey) -> bool:
    return key.limit_per_minute is None or key.limit_per_day is None


def _stale(at: datetime | None, now: datetime) -> bool:
    return at is None or now - at >= FRESH
