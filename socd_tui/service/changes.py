"""What the service was asked, and what each answer changes in the Fleet."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Protocol

from socd_tui.model.errors import Malformed, Problem, ServiceError, TimedOut, Unreachable
from socd_tui.model.fleet import Fleet, Slot, still_there
from socd_tui.model.key import ApiKey
from socd_tui.model.record import dataclass, replace
from socd_tui.model.usage import Usage
from socd_tui.service.answer import Answer
from socd_tui.service.listing import Listed, list_keys
from socd_tui.service.payload import Documented, dialect
from socd_tui.service.scalar import member
from socd_tui.service.wire import read_usage
from socd_tui.service.wire_keys import read_detail, read_keys

ABOUT = ("key_id", "window_days", "key", "period")
"""What an answer says of itself beside its figures, in both dialects."""

INCOMPLETE = "The key's limits could not be read"
"""How the note begins that the detail call failed."""


class Service(Protocol):
    """What a refresh needs of the client: GET of one path, which raises a SocdError when it fails."""

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer: ...


@dataclass(frozen=True)
class KeysListed:
    """The list of keys."""

    listed: Listed
    is_silence = False


@dataclass(frozen=True)
class LimitsRead:
    """A key completed by its detail call, or with the note that this failed."""

    key: ApiKey
    is_silence: bool = False


@dataclass(frozen=True)
class UsageRead:
    """The figures of one key in one window."""

    slot: Slot
    usage: Usage
    answer: Answer
    is_silence = False


@dataclass(frozen=True)
class UsageFailed:
    """Why there are none."""

    slot: Slot
    problem: Problem
    is_silence: bool
    """Whether the service was not heard at all."""


Change = KeysListed | LimitsRead | UsageRead | UsageFailed


async def ask_keys(service: Service, origin: str) -> Change:
    """Raises what the first page's call raises."""
    return KeysListed(await list_keys(service.get, origin))


async def ask_usage(service: Service, key_id: str, days: int) -> Change:
    """The answer of one usage call, or its failure. Raises SessionExpired."""
    slot = (key_id, days)
    try:
        answer = await service.get(f"/api/v1/keys/{key_id}/usage", {"days": str(days)})
        read = partial(
            read_usage,
            answer.payload,
            key_id,
            days,
            fetched_at=answer.fetched_at,
            observed_at=answer.observed_at,
        )
        if isinstance(answer.payload, Documented):
            usage = read()
        else:
            _require_figures(answer.payload)
            usage = await asyncio.to_thread(read)
    except ServiceError as error:
        return UsageFailed(slot, Problem.of(error, key_id), _is_silence(error))
    if answer.labelled:
        usage = replace(usage, notes=(*usage.notes, f"the answer is JSON and was labelled {answer.labelled}"))
    return UsageRead(slot, usage, answer)


async def ask_limits(service: Service, key: ApiKey) -> Change:
    """Completes a key by its detail call; a failure is noted with the key. Raises SessionExpired."""
    key = replace(key, notes=tuple(note for note in key.notes if not note.startswith(INCOMPLETE)))
    try:
        answer = await service.get(f"/api/v1/keys/{key.id}")
        return LimitsRead(read_detail(answer.payload, key))
    except ServiceError as error:
        key = replace(key, notes=(*key.notes, f"{INCOMPLETE} ({error.message})"))
        return LimitsRead(key, _is_silence(error))


def _is_silence(error: ServiceError) -> bool:
    return isinstance(error, Unreachable | TimedOut)


def changed(fleet: Fleet, changes: Iterable[Change]) -> Fleet:
    """The Fleet after all of them, in their order. Of keys that are gone no answers stay."""
    usages, failures = dict(fleet.usages), dict(fleet.failures)
    completed: dict[str, ApiKey] = {}
    newest: Answer | None = None
    for change in changes:
        match change:
            case KeysListed(listed):
                fleet, newest = _with_keys(fleet, listed), listed.answer
                usages, failures = still_there(usages, fleet.gone), still_there(failures, fleet.gone)
            case LimitsRead(key):
                completed[key.id] = key
            case UsageRead(slot, usage, answer):
                usages[slot], newest = usage, answer
                failures.pop(slot, None)
            case UsageFailed(slot, problem):
                failures[slot] = problem
    keys = tuple(completed.get(key.id, key) for key in fleet.keys) if completed else fleet.keys
    fleet = replace(fleet, keys=keys, usages=usages, failures=failures)
    if newest is None:
        return fleet
    return replace(fleet, observed_at=newest.observed_at, heard_at=newest.fetched_at)


def _with_keys(fleet: Fleet, listed: Listed) -> Fleet:
    """The Fleet with the new list of keys, completed by what earlier detail calls said.

    An empty list after one with keys keeps them: the service's database answers an ended session so.
    """
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
    return replace(fleet, keys=keys, gone=gone, problems=problems, listed_at=listed.answer.fetched_at)


def emptied(known: int) -> Problem:
    """That the list is empty though it had keys before."""
    were = "the key known before is" if known == 1 else f"the {known} keys known before are"
    return Problem(
        kind="empty_list",
        message=f"The service listed no keys; {were} still shown.",
        next_step="If they were not removed, the session may have ended: sign in again.",
    )


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
