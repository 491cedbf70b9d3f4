"""Refusals that name a moment in any of the forms there are, by clocks far apart: nobody comes early."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from random import Random

import httpx

from socd_tui.model.errors import ServiceError
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Wanted
from socd_tui.model.session import Secret, Session
from socd_tui.service.client import Client
from socd_tui.service.source import refresh
from tests.account import KEYS, TOKEN
from tests.trust.check import Check, Outcome, Trial
from tests.trust.limited import PROMISES, Limited
from tests.virtual import now, run

ORIGIN = "https://limited.example"
ROUNDS = 60
"""Refreshes, one after the other, within which every key is to be answered."""


def ours(trial: Trial) -> Outcome:
    return _judged(trial, _refreshed)


def naive(trial: Trial) -> Outcome:
    return _judged(trial, _tried_again)


async def _refreshed(service: Limited) -> int:
    """Refreshes until all is there; after a refusal as late as the screen begins again by itself."""
    session = Session(Secret(TOKEN), ORIGIN, None, "environment")
    fleet, began_at = Fleet(base_url=ORIGIN), now()
    async with Client(session, clock=now, transport=service) as client:
        for _ in range(ROUNDS):
            try:
                async for update in refresh(client, fleet, Wanted((7,)), clock=now, since=began_at):
                    fleet = update.fleet
            except ServiceError:  # of the list
                pass
            if fleet.keys and not fleet.failures:
                break
            await asyncio.sleep(client.wait_s(timedelta(minutes=15)))
    return len(fleet.usages)


async def _tried_again(service: Limited) -> int:
    async with httpx.AsyncClient(transport=service, base_url=ORIGIN) as client:
        answered = 0
        for path in (KEYS, *(f"{KEYS}/{number}/usage" for number in range(service.keys))):
            for _ in range(3):
                if (await client.get(path)).is_success:
                    answered += path != KEYS
                    break
                await asyncio.sleep(1)
    return answered


def _judged(trial: Trial, ask: Callable[[Limited], Awaitable[int]]) -> Outcome:
    random, faults, refusals, early, schedules = trial.random(), list[str](), 0, 0, trial.count(60, 1_000)
    for number in range(schedules):
        case = Random(random.random())
        service = Limited(
            keys=case.randint(1, 25),
            limit=case.randint(2, 12),
            rolling=case.random() < 0.5,
            random=case,
            skew=timedelta(seconds=case.uniform(-86_400, 86_400)),
            tells=case.random() < 0.3,
            promise=case.choice(PROMISES),
        )
        answered = run(partial(_asked, service, ask))
        refusals, early = refusals + len(service.refused), early + len(service.early)
        what = f"schedule {number} of seed {trial.seed} ({service.promise}, {service.keys} keys)"
        if service.early:
            faults.append(f"{what}: {len(service.early)} early, the first at {service.early[0]:.1f} s")
        if answered < service.keys:
            faults.append(f"{what}: {answered} of {service.keys} keys answered")
    return Outcome(
        f"{schedules:,} schedules in {len(PROMISES)} forms, clocks up to a day apart",
        f"{early:,} early requests after {refusals:,} refusals; {len(faults):,} faults",
        tuple(faults),
    )


async def _asked(service: Limited, ask: Callable[[Limited], Awaitable[int]]) -> int:
    return await ask(service)


CHECK = Check(
    name="wire_schedules",
    must_show="0 requests before the moment that a refusal names, and every key answered in the end",
    ours=ours,
    naive=naive,
    naive_is="three attempts, a second apart",
)
