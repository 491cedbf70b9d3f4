"""The key that refreshes is held down for ten seconds, and windows are changed meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

import httpx

from socd_tui.live.live import Live
from socd_tui.live.sources import Sources
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.session import Secret, Session
from socd_tui.service.feed import Feed
from socd_tui.views.overview import VIEW
from tests.account import KEYS, TOKEN, key_id
from tests.trust.check import Check, Outcome, Trial
from tests.trust.limited import Limited
from tests.virtual import now, run

ORIGIN = "https://slow.example"
Press = Callable[[Limited, Random], Coroutine[Any, Any, None]]

PRESSES, PAUSE_S = 300, 1 / 30
KEYS_OF_ACCOUNT = 10


def ours(trial: Trial) -> Outcome:
    return _judged(trial, _pressed)


def naive(trial: Trial) -> Outcome:
    return _judged(trial, _started_anew)


async def _pressed(service: Limited, random: Random) -> None:
    """Press, now and then look at another window, cancel, and press again; leave in the middle of it."""
    live = Live(
        Sources(
            fleet=Fleet(base_url=ORIGIN),
            clock=now,
            steady=now,
            session=Session(Secret(TOKEN), ORIGIN, None, "environment"),
            feed=partial(Feed, transport=service),
            windows=VIEW.windows,
        ),
        Lens(),
    )
    live.start()
    for number in range(PRESSES):
        live.refresh(force=True)
        if number % 60 == 59:
            live.look(replace(live.state.lens, days=random.choice((1, 7, 14, 30))))
        if number == PRESSES // 2:
            live.cancel()
        await asyncio.sleep(PAUSE_S)
    while live.state.busy:
        await asyncio.sleep(1)
    await live.close()


async def _started_anew(service: Limited, _: Random) -> None:
    """Each press cancels what runs and begins again."""
    async with httpx.AsyncClient(transport=service, base_url=ORIGIN) as client:
        paths = [KEYS, *(f"{KEYS}/{key_id(number)}/usage?days=7" for number in range(KEYS_OF_ACCOUNT))]
        for _press in range(PRESSES):
            asking = [asyncio.ensure_future(client.get(path)) for path in paths]
            await asyncio.sleep(PAUSE_S)
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)


def _judged(trial: Trial, press: Press) -> Outcome:
    random, faults, asked, at_once, abandoned, times = (
        trial.random(),
        list[str](),
        0,
        0,
        0,
        trial.count(3, 100),
    )
    for number in range(times):
        case = Random(random.random())
        service = Limited(keys=KEYS_OF_ACCOUNT, limit=100_000, rolling=True, random=case)
        run(partial(press, service, case))
        asked += len(service.asked)
        at_once, abandoned = max(at_once, service.at_once), abandoned + service.abandoned
        what = f"time {number} of seed {trial.seed}"
        if service.at_once > 1:
            faults.append(f"{what}: {service.at_once} requests of one address at once")
        if service.abandoned:
            faults.append(f"{what}: {service.abandoned} answers that nobody waited for")
        # A refresh takes two seconds here, and brings the list, a window of each key, and what is usual.
        if len(service.asked) > 12 * (1 + 2 * KEYS_OF_ACCOUNT):
            faults.append(f"{what}: {len(service.asked)} requests")
    return Outcome(
        f"{times} times {PRESSES} presses in 10 s, {KEYS_OF_ACCOUNT} keys, answers in 20 to 400 ms",
        f"{asked // times} requests each time, {at_once} at once of one address, {abandoned} abandoned",
        tuple(faults),
    )


CHECK = Check(
    name="wire_refreshing",
    must_show="one request at a time for a key and window, none that nobody waits for",
    ours=ours,
    naive=naive,
    naive_is="each press cancels what runs and asks for everything",
)
