"""Figures without names, for those who need not know whose keys they are; endpoints stay as they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from socd_tui.analysis.owners import Owners, claims
from socd_tui.model.errors import Problem
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens
from socd_tui.model.record import dataclass, replace
from socd_tui.model.text import Text, folded

T = TypeVar("T")

_HIDDEN = "(hidden)"


@dataclass(frozen=True)
class Hidden:
    """A Fleet whose keys are numbered as they are listed, whoever has claimed them, and the Lens on it."""

    fleet: Fleet
    owners: Owners
    lens: Lens


def hidden(fleet: Fleet, owners: Owners, lens: Lens) -> Hidden:
    """Ids, names and prefixes of keys and the names of owners are numbers; nothing tells which is which."""
    keys = (*fleet.keys, *fleet.gone)
    numbers = {key.id: n for n, key in enumerate(keys, start=1)}
    ids = {key_id: f"key-{n}" for key_id, n in numbers.items()}
    clean = _cleaner(keys)

    def by_id(slots: Mapping[tuple[str, int], T], renamed: Callable[[T, str], T]) -> dict[tuple[str, int], T]:
        return {
            (ids[key_id], days): renamed(each, ids[key_id])
            for (key_id, days), each in slots.items()
            if key_id in ids
        }

    named = {key.id: _numbered(key, numbers[key.id], clean) for key in keys}
    claimed = claims(owners)
    of_owner: dict[str, list[str]] = {}
    for key in fleet.keys:
        for owner in claimed.owners(key):
            of_owner.setdefault(owner, []).append(ids[key.id])
    return Hidden(
        fleet=replace(
            fleet,
            keys=tuple(named[key.id] for key in fleet.keys),
            gone=tuple(named[key.id] for key in fleet.gone),
            usages=by_id(
                fleet.usages,
                lambda usage, key_id: replace(
                    usage, key_id=key_id, notes=tuple(map(clean, usage.notes)), raw=None
                ),
            ),
            failures=by_id(fleet.failures, lambda problem, key_id: _without_names(problem, key_id, clean)),
            problems=tuple(
                _without_names(each, ids.get(each.key_id or ""), clean) for each in fleet.problems
            ),
            past={ids[key_id]: past for key_id, past in fleet.past.items() if key_id in ids},
        ),
        owners={
            f"owner {n}": tuple(of_owner[owner])
            for n, owner in enumerate((owner for owner in owners if owner in of_owner), start=1)
        },
        lens=replace(
            lens,
            only=tuple(ids[key_id] for key_id in lens.only if key_id in ids),
            focus=ids.get(lens.focus or ""),
            marked=frozenset(ids[key_id] for key_id in lens.marked if key_id in ids),
        ),
    )


def name_in(text: str, fleet: Fleet, owners: Owners) -> str:
    """What is said in the text of what is hidden; empty where it says nothing of it."""
    words = [each for key in fleet.keys for each in (key.name.shown, key.prefix.shown, key.id)]
    typed = folded(text)
    return next((each for each in (*words, *owners) if each and folded(each) in typed), "")


def _numbered(key: ApiKey, number: int, clean: Callable[[str], str]) -> ApiKey:
    return replace(
        key,
        id=f"key-{number}",
        name=Text(f"key {number}"),
        prefix=Text(f"{number}"),
        notes=tuple(map(clean, key.notes)),
        tag="",
    )


def _without_names(problem: Problem, key_id: str | None, clean: Callable[[str], str]) -> Problem:
    return replace(
        problem,
        key_id=key_id,
        message=clean(problem.message),
        next_step=clean(problem.next_step),
        request_id=None,
    )


def _cleaner(keys: tuple[ApiKey, ...]) -> Callable[[str], str]:
    """Takes what keys are called out of what the service has said."""
    called = {each for key in keys for each in (key.name.shown, key.prefix.shown, key.id) if len(each) > 2}
    if not called:
        return str
    pattern = re.compile("|".join(map(re.escape, sorted(called, key=len, reverse=True))), re.IGNORECASE)
    return lambda text: pattern.sub(_HIDDEN, text)
