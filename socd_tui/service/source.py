"""A refresh: the list call, the missing limits, one usage call per key; each answer a newer Fleet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from socd_tui.model.errors import Problem, ServiceError, TimedOut
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.select import select
from socd_tui.model.usage import Usage
from socd_tui.service.wire import read_detail, read_keys, read_usage

FRESH = timedelta(seconds=60)
"""Answers younger than this are shown from memory unless a refresh is forced."""

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
    days: int | None,
    *,
    clock: Callable[[], datetime],
    selectors: Sequence[str] = (),
    force: bool = False,
    deadline_s: float = REFRESH_DEADLINE_S,
) -> AsyncGenerator[Update, None]:
    """Newer and newer Fleets until every selected key has its answer or its Problem.

    `days` None asks for the keys and their limits only. Raises SessionExpired at once, with the last
    yielded Fleet still good; UsageError when a selector names no key; ServiceError only when the key
    list itself cannot be had. One key's failure is that key's Problem. After `deadline_s` the keys not
    yet answered get a TimedOut Problem.
    """
    loop = asyncio.get_running_loop()
    ends = loop.time() + deadline_s
    if force or not fleet.keys or _stale(fleet.listed_at, clock()):
        fleet = _listed(fleet, *await _list(transport, ends))
        yield Update(fleet, 0, 0)
    due = select(fleet.keys, selectors)
    calls: set[asyncio.Task[Change]] = set()
    if days is not None:
        if not force:
            due = [key for key in due if not _fresh(fleet.usage(key.id, days), clock())]
        calls |= {asyncio.create_task(_answer(transport, key, days), name=key.id) for key in due}
    calls |= {asyncio.create_task(_limits(transport, key)) for key in due if _lacks_limits(key)}
    begun, done, total = tuple(calls), 0, len(calls)
    try:
        while calls:
            left_s = max(ends - loop.time(), 0)
            ended, calls = await asyncio.wait(calls, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
            if not ended:
                late = {call.get_name() for call in calls}
                yield Update(_timed_out(fleet, late, days), total, total)
                return
            for call in ended:
                fleet = call.result()(fleet)
            done += len(ended)
            yield Update(fleet, done, total)
    finally:
        for call in calls:
            call.cancel()
        # All of them: a second refusal that ended with the first must not be reported as never heard.
        await asyncio.gather(*begun, return_exceptions=True)


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


async def _answer(transport: Transport, key: ApiKey, days: int) -> Change:
    try:
        return await _usage(transport, key, days)
    except ServiceError as error:
        problem = Problem.of(error, key.id)
    return lambda fleet: replace(fleet, failures={**fleet.failures, (key.id, days): problem})


async def _usage(transport: Transport, key: ApiKey, days: int) -> Change:
    answer = await transport.get(f"/api/v1/keys/{key.id}/usage", {"days": str(days)})
    usage = await asyncio.to_thread(
        read_usage, answer.payload, key.id, days, fetched_at=answer.fetched_at, observed_at=answer.observed_at
    )

    def change(fleet: Fleet) -> Fleet:
        slot = (key.id, days)
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


def _timed_out(fleet: Fleet, late: Collection[str], days: int | None) -> Fleet:
    if days is None:
        return fleet
    error = TimedOut("The refresh took too long; this key was not reached.", "Refresh again to ask for it.")
    problems = {(key.id, days): Problem.of(error, key.id) for key in fleet.keys if key.id in late}
    return replace(fleet, failures={**fleet.failures, **problems})


def _lacks_limits(key: ApiKey) -> bool:
    return key.limit_per_minute is None or key.limit_per_day is None


def _fresh(usage: Usage | None, now: datetime) -> bool:
    return usage is not None and not _stale(usage.fetched_at, now)


def _stale(at: datetime | None, now: datetime) -> bool:
    return at is None or now - at >= FRESH
