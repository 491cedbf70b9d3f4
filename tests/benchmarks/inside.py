"""What parts of the program cost without a screen: each in a process of its own, as it begins with nothing.

    python -m tests.benchmarks.inside PART HISTORY PAYLOADS DAYS

prints the milliseconds as JSON, by row. HISTORY is the file of the account that the environment signs in to,
PAYLOADS a file of what its service answers: `{"usages": [[key id, days, payload], …]}`. DAYS is the window
that is looked at.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from socd_tui.analysis.known import Known, prepare
from socd_tui.charts.canvas import Canvas
from socd_tui.clock import utc_now
from socd_tui.live.memory import Memory
from socd_tui.model.fleet import Fleet, Slot
from socd_tui.model.lens import Lens
from socd_tui.model.session import Secret
from socd_tui.model.token import account_of
from socd_tui.model.usage import Usage
from socd_tui.service.body import parse_json
from socd_tui.service.documented import documented
from socd_tui.service.wire import read_usage
from socd_tui.store.history import History
from socd_tui.views.frame.picture import picture
from socd_tui.views.registry import views
from socd_tui.views.view import View
from tests.benchmarks import history_size

ResultT = TypeVar("ResultT")
LONGEST = 90
CANVAS = Canvas(120, 36)
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
    gc.collect()  # or what was made before is looked through meanwhile
    began = time.process_time()
    result = work()
    return result, (time.process_time() - began) * 1e3


@dataclass(frozen=True)
class Stored:
    """An account's history, and what its service answers."""

    file: Path
    payloads: Path
    days: int

    @property
    def lens(self) -> Lens:
        return Lens(days=self.days)

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
    return read_usage(documented(body) or parse_json(body), *slot, fetched_at=now, observed_at=now)


def looked_at(fleet: Fleet, lens: Lens, earlier: Known | None = None) -> Known:
    """All that the overview says of every key is worked out, wherever that is put off until it is read."""
    known = prepare(fleet, lens, earlier=earlier)
    known.findings(fleet.keys)
    known.combined(fleet.keys)
    for facts in known.by_key.values():
        _ = (facts.assessment, facts.findings, facts.before)
    return known


def open_(stored: Stored) -> Figures:
    """The first read of the last Fleet."""
    return {"open": spent(stored.history().last)[1]}


def keep(stored: Stored) -> Figures:
    """Everything of a refresh is new; the file is the caller's to lose."""
    memory = Memory(stored.history())
    memory.last()
    known = looked_at(stored.answered(), stored.lens)
    kept = elapsed(lambda: memory.keep(known))[1]
    assert not memory.notices(), "nothing was kept"
    return {"keep": kept}


def past(stored: Stored) -> Figures:
    """Everything remembered of the years before."""
    history = stored.history()
    if not history.keys():  # it is not of the account, but of the years that no service tells
        history = history_size.opened(stored.file.parent)
    found, took = spent(history.past)
    assert found, "nothing is remembered"
    return {"past": took}


def analysis(stored: Stored) -> Figures:
    """Everything that is remembered is known, too."""
    fleet = replace(stored.answered(), past=stored.history().past())
    known, cold = spent(lambda: looked_at(fleet, stored.lens))
    newer = replace(fleet, usages={**fleet.usages, **more(fleet)})
    return {"analysis": cold, "analysis-one": spent(lambda: looked_at(newer, stored.lens, known))[1]}


def more(fleet: Fleet) -> dict[Slot, Usage]:
    """The answers of the first key, each with a request more today."""
    found = {slot: usage for slot, usage in fleet.usages.items() if slot[0] == fleet.keys[0].id}
    return {slot: _one_more(usage) for slot, usage in found.items()}


def _one_more(usage: Usage) -> Usage:
    *before, today = usage.days or ()
    days = (*before, today._replace(requests=(today.requests or 0) + 1))
    return replace(usage, requests=(usage.requests or 0) + 1, days=days)


def drawing(stored: Stored) -> Figures:
    """Each view of what is known, built and drawn for the first time, and the first with another cursor."""
    known = looked_at(replace(stored.answered(), past=stored.history().past()), stored.lens)
    first, second = (replace(stored.lens, focus=key.id) for key in known.fleet.keys[:2])

    def drawing_ms(view: View, lens: Lens) -> float:
        return spent(lambda: picture(view, view.build(known, lens), known, lens, CANVAS))[1]

    figures = {f"draw {view.name}": drawing_ms(view, first) for view in views()}
    return {**figures, "cursor's step": drawing_ms(views()[0], second)}


def remember(stored: Stored) -> Figures:
    """Adds the days before those that the service tells, up to so many; measures nothing."""
    keys, days = stored.last().keys, stored.days - LONGEST
    last = utc_now().date() - timedelta(days=LONGEST)
    history_size.grown(stored.history(), keys, days, last, throttled=history_size.THROTTLED)
    return {}


def parse(stored: Stored) -> Figures:
    """The program's reading of payloads and that of the JSON alone, in turn; the fastest of some of each."""
    bodies = [(slot, body) for slot, body in stored.bodies.items() if slot[1] == LONGEST]
    bodies = (bodies * PAYLOADS)[:PAYLOADS]  # fewer where the service does not know a key
    ours, floors = [], []
    for _ in range(REPEATED):
        floors.append(spent(lambda: [json.loads(body) for _, body in bodies])[1])
        ours.append(spent(lambda: [read(body, slot) for slot, body in bodies])[1])
    return {"parse": min(ours), "json.loads": min(floors)}


PARTS = {
    "open": open_,
    "keep": keep,
    "past": past,
    "analysis": analysis,
    "drawing": drawing,
    "remember": remember,
    "parse": parse,
}


def main() -> None:
    part, history, payloads, days = sys.argv[1:]
    print(json.dumps(PARTS[part](Stored(Path(history), Path(payloads), int(days)))))


if __name__ == "__main__":
    main()
