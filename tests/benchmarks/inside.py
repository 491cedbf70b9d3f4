"""What parts of the program cost without a screen: each in a process of its own, as it begins with nothing.

    python -m tests.benchmarks.inside PART HISTORY PAYLOADS

prints the milliseconds as JSON, by row. HISTORY is the file of the account that the environment signs in to,
PAYLOADS a file of what its service answers: `{"usages": [[key id, days, payload], …]}`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from socd_tui.analysis.known import Known, prepare
from socd_tui.clock import utc_now
from socd_tui.live.memory import Memory
from socd_tui.model.fleet import Fleet, Slot
from socd_tui.model.lens import Lens
from socd_tui.model.session import Secret
from socd_tui.model.token import account_of
from socd_tui.model.usage import Usage
from socd_tui.service.body import parse_json
from socd_tui.service.wire import read_usage
from socd_tui.store.history import History
from tests.benchmarks import history_size

ResultT = TypeVar("ResultT")
WEEK, LONGEST = Lens(days=7), 90
PAYLOADS = 50
REPEATED = 5
Figures = dict[str, float]


def elapsed(work: Callable[[], ResultT]) -> tuple[ResultT, float]:
    """Milliseconds, waits for the disk too."""
    began = time.perf_counter()
    result = work()
    return result, (time.perf_counter() - began) * 1e3


def spent(work: Callable[[], ResultT]) -> tuple[ResultT, float]:
    """Milliseconds of processor time."""
    began = time.process_time()
    result = work()
    return result, (time.process_time() - began) * 1e3


@dataclass(frozen=True)
class Stored:
    """An account's history, and what its service answers."""

    file: Path
    payloads: Path

    def history(self) -> History:
        account = account_of(Secret(os.environ["SOCD_SESSION_TOKEN"]))
        return History(self.file.parent, os.environ["SOCD_BASE_URL"], account, clock=utc_now)

    @cached_property
    def bodies(self) -> dict[Slot, bytes]:
        told = json.loads(self.payloads.read_text())["usages"]
        return {(key_id, days): body.encode() for key_id, days, body in told}

    def last(self) -> Fleet:
        fleet = self.history().last()
        assert fleet is not None, "nothing is stored"
        return fleet

    def answered(self) -> Fleet:
        """The stored keys with the service's answers as they come in: nothing is derived of them yet."""
        last, now = self.last(), utc_now()
        usages = {slot: read(body, slot) for slot, body in self.bodies.items()}
        return Fleet(base_url=last.base_url, keys=last.keys, usages=usages, listed_at=now, observed_at=now)


def read(body: bytes, slot: Slot) -> Usage:
    now = utc_now()
    return read_usage(parse_json(body), *slot, fetched_at=now, observed_at=now)


def looked_at(fleet: Fleet, earlier: Known | None = None) -> Known:
    """All that the overview says of every key is worked out, wherever that is put off until it is read."""
    known = prepare(fleet, WEEK, earlier=earlier)
    known.findings(fleet.keys)
    known.combined(fleet.keys)
    for facts in known.by_key.values():
        _ = (facts.assessment, facts.findings, facts.before)
    return known


def open_(stored: Stored) -> Figures:
    """The first read of the last Fleet."""
    return {"open": elapsed(stored.history().last)[1]}


def keep(stored: Stored) -> Figures:
    """Everything of a refresh is new; the file is the caller's to lose."""
    memory = Memory(stored.history())
    memory.last()
    known = looked_at(stored.answered())
    kept = elapsed(lambda: memory.keep(known))[1]
    assert not memory.notices(), "nothing was kept"
    return {"keep": kept}


def past(stored: Stored) -> Figures:
    """Everything remembered of the years before."""
    history = history_size.opened(stored.file.parent)
    found, took = elapsed(history.past)
    assert found, "nothing is remembered"
    return {"past": took}


def analysis(stored: Stored) -> Figures:
    """Everything that is remembered is known, too."""
    fleet = replace(stored.answered(), past=stored.history().past())
    known, cold = spent(lambda: looked_at(fleet))
    newer = replace(fleet, usages={**fleet.usages, **more(fleet)})
    return {"analysis": cold, "analysis-one": spent(lambda: looked_at(newer, known))[1]}


def more(fleet: Fleet) -> dict[Slot, Usage]:
    """The answers of the first key, each with a request more today."""
    found = {slot: usage for slot, usage in fleet.usages.items() if slot[0] == fleet.keys[0].id}
    return {slot: _one_more(usage) for slot, usage in found.items()}


def _one_more(usage: Usage) -> Usage:
    *before, today = usage.days or ()
    days = (*before, today._replace(requests=(today.requests or 0) + 1))
    return replace(usage, requests=(usage.requests or 0) + 1, days=days)


def parse(stored: Stored) -> Figures:
    """The program's reading of payloads and that of the JSON alone, in turn; the fastest of some of each."""
    bodies = [(slot, body) for slot, body in stored.bodies.items() if slot[1] == LONGEST]
    bodies = (bodies * PAYLOADS)[:PAYLOADS]  # fewer where the service does not know a key
    ours, floors = [], []
    for _ in range(REPEATED):
        floors.append(spent(lambda: [json.loads(body) for _, body in bodies])[1])
        ours.append(spent(lambda: [read(body, slot) for slot, body in bodies])[1])
    return {"parse": min(ours), "json.loads": min(floors)}


PARTS = {"open": open_, "keep": keep, "past": past, "analysis": analysis, "parse": parse}


def main() -> None:
    name, *paths = sys.argv[1:]
    print(json.dumps(PARTS[name](Stored(*map(Path, paths)))))


if __name__ == "__main__":
    main()
