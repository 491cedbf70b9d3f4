"""Ten requests a minute and 25 keys: all are answered, and the account's other clients have room."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from random import Random

import httpx

from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Wanted
from socd_tui.model.session import Secret, Session
from socd_tui.service.client import Client
from socd_tui.service.source import refresh
from tests.account import TOKEN
from tests.trust.check import Check, Outcome, Trial
from tests.trust.limited import Limited
from tests.virtual import now, run

LIMIT = 10
Ask = Callable[[Limited], Awaitable[int]]
"""Asks for all keys; how many were answered."""

ORIGIN = "https://limited.example"


def ours(trial: Trial) -> Outcome:
    return _judged(trial, _refreshed)


def naive(trial: Trial) -> Outcome:
    return _judged(trial, _asked_at_once)


async def _refreshed(service: Limited) -> int:
    session = Session(Secret(TOKEN), ORIGIN, None, "environment")
    async with Client(session, clock=now, transport=service) as client:
        async for update in refresh(client, Fleet(base_url=ORIGIN), Wanted((7,)), clock=now):
            fleet = update.fleet
    return len(fleet.usages)


async def _asked_at_once(service: Limited) -> int:
    async with httpx.AsyncClient(transport=service, base_url=ORIGIN) as client:
        listed = (await client.get("/api/v1/keys")).json()["data"]
        paths = [f"/api/v1/keys/{row['id']}/usage?days=7" for row in listed]
        replies = await asyncio.gather(*map(client.get, paths))
    return sum(reply.is_success for reply in replies)


def _judged(trial: Trial, ask: Ask) -> Outcome:
    random, faults, accounts = trial.random(), list[str](), trial.count(40, 1_000)
    most, slowest, asked, refused = 0, 0.0, 0, 0
    for number in range(accounts):
        case = Random(random.random())
        skew = timedelta(seconds=case.uniform(-86_400, 86_400))
        service = Limited(case.randint(2, 60), LIMIT, case.random() < 0.5, case, skew)
        others = case.choice((0, 0, 1, 3, 5))
        answered, took_s = run(partial(_with_others, service, others, case, ask))
        in_a_minute = service.most_in_a_minute()
        most, slowest = max(most, in_a_minute), max(slowest, took_s)
        asked, refused = asked + service.others_asked, refused + service.others_refused
        what = f"account {number} of seed {trial.seed} ({service.keys} keys, {others} a minute by others)"
        if in_a_minute >= LIMIT:
            faults.append(f"{what}: {in_a_minute} requests in a minute")
        if service.refused and not others:
            faults.append(f"{what}: {len(service.refused)} requests were refused")
        if answered != service.keys:
            faults.append(f"{what}: {answered} of {service.keys} keys answered")
        minutes = math.ceil((service.keys + 1) / (LIMIT - others - 1))
        if took_s > 60 * (minutes + 2) and others <= 1:
            faults.append(f"{what}: {took_s:.0f} s")
    if refused * 20 > asked:
        faults.append(f"seed {trial.seed}: {refused} of {asked} requests of other clients were refused")
    return Outcome(
        f"{accounts:,} accounts of 2 to 60 keys, {LIMIT} requests a minute, 0 to 5 of other clients",
        f"most in any 60 s {most}; the longest took {slowest / 60:.0f} min; of others' {asked:,} requests "
        f"{refused:,} were refused; {len(faults):,} faults",
        tuple(faults),
    )


async def _with_others(service: Limited, others: int, random: Random, ask: Ask) -> tuple[int, float]:
    async def go_on() -> None:
        """Evenly: what they will use can be known after a minute."""
        await asyncio.sleep(random.uniform(0, 60))
        while others:
            service.ask_otherwise()
            await asyncio.sleep(60 / others)

    loop = asyncio.get_running_loop()
    around = loop.create_task(go_on())
    answered = await ask(service)
    around.cancel()
    return answered, loop.time()


CHECK = Check(
    name="wire_pace",
    must_show="9 of 10 requests at most in any 60 s, every key answered, at most 1 in 20 of others' refused",
    ours=ours,
    naive=naive,
    naive_is="all keys asked at once",
)
