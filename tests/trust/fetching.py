"""Run as a program: asks for each path in turn, and tells what came, how long it took and what it cost.

python -m tests.trust.fetching ours|naive ORIGIN DEADLINE_S PATH...

When it is ready it says so. Then comes a line of JSON for each: the outcome, a sentence, seconds, and MiB of
memory at the most above those before.
"""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic

import httpx

from socd_tui.model.errors import ServiceError
from socd_tui.model.session import Secret, Session
from socd_tui.service.client import Client
from tests.clock import NOW
from tests.pasted import JWT

MIB = 1024 * 1024


def with_ours(origin: str, deadline_s: float, path: str) -> object:
    async def at_once(_: float) -> None:
        pass

    async def ask() -> object:
        session = Session(Secret(JWT), origin, None, "environment")
        client = Client(session, clock=lambda: NOW, pause=at_once, request_deadline_s=deadline_s)
        async with client:
            return (await client.get(path)).payload

    return asyncio.run(ask())


def naively(origin: str, deadline_s: float, path: str) -> object:
    answer = httpx.get(f"{origin}{path}", timeout=deadline_s)
    answer.raise_for_status()
    return answer.json()


def memory_b(name: str) -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition(f"{name}:")[2].split()[0]) * 1024


def measured(ask: Callable[[], object]) -> dict[str, str]:
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    before_b, began_s = memory_b("VmRSS"), monotonic()
    try:
        outcome, said = "value", type(ask()).__name__
    except ServiceError as error:
        outcome, said = error.kind, str(error)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is what the check asks about
        outcome, said = "uncaught", f"{type(error).__name__}: {error}"[:200]
    took_s = monotonic() - began_s
    grown_mib = (memory_b("VmHWM") - before_b) / MIB
    return {"outcome": outcome, "said": said, "took_s": f"{took_s:.2f}", "grown_mib": f"{grown_mib:.1f}"}


def main(who: str, origin: str, deadline_s: str, *paths: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (2 * 1024 * MIB, 2 * 1024 * MIB))  # for whoever takes all there is
    fetch = with_ours if who == "ours" else naively
    for path in ("/warm", *paths):
        done = measured(partial(fetch, origin, float(deadline_s), path))
        print("ready" if path == "/warm" else json.dumps(done), flush=True)  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
