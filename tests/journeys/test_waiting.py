"""What the service asks to wait for, and whose clock counts: what a person sees of it."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.account import Account, flat, key_id, key_row
from tests.clock import NOW, Clock
from tests.journeys.stage import visit
from tests.loopback import Behaviour, answer, answer_json, in_turn, refuse

pytestmark = pytest.mark.anyio


def stamped(payload: object, moment: datetime) -> Behaviour:
    return answer_json(payload, headers={"Date": f"{moment:%a, %d %b %Y %H:%M:%S} GMT"})


@pytest.mark.parametrize("hours", [-5, 5])
async def test_a_clock_that_is_set_neither_locks_out_nor_hammers(tmp_path: Path, hours: int) -> None:
    wait = answer(status=429, headers={"Retry-After": "30"})
    wall, steady = Clock(), Clock()
    with Account(key_row(), usage=flat()) as account:
        async with visit(account, tmp_path, clock=wall, steady=steady, days=7) as person:
            await person.shows("700")
            account.usage = in_turn(wait, stamped(flat([200] * 7), NOW + timedelta(seconds=30)))
            await person.press("r")
            await person.rests()
            asked = len(account.asked("usage"))
            wall.pass_by(timedelta(hours=hours))
            for clock in (wall, steady):
                clock.pass_by(timedelta(seconds=29))
            await person.press("r")
            await person.rests()
            assert len(account.asked("usage")) == asked
            await person.shows("at 14:20:30 UTC")
            for clock in (wall, steady):
                clock.pass_by(timedelta(seconds=1))
            await person.press("r")
            await person.shows("1,400", f"clock {'5 h ahead' if hours > 0 else '5 h behind'}")


async def test_the_services_clock_tells_what_has_expired_and_how_old_figures_are(tmp_path: Path) -> None:
    """This machine's clock is ten days behind."""
    wall, steady = Clock(NOW - timedelta(days=10)), Clock(NOW - timedelta(days=10))
    row = key_row(expires_at=f"{NOW - timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}")
    with Account(usage=stamped(flat(), NOW)) as account:
        account.listed = stamped({"data": [row]}, NOW)
        account.usages[key_id(1)] = account.usage
        account.behaviours[f"/api/v1/keys/{key_id(1)}/usage"] = stamped(flat(), NOW)
        async with visit(account, tmp_path, clock=wall, steady=steady, days=7) as person:
            await person.shows("expired", "clock 10 d behind", "as of 14:20")
            steady.pass_by(timedelta(minutes=11))
            person.app.paint_frame()
            await person.shows("as of 14:20 UTC (11 min)")


async def test_a_key_that_is_to_be_asked_for_later_is_told_and_the_others_are_there(tmp_path: Path) -> None:
    down = refuse(503, "maintenance", "back soon", {"Retry-After": "120"})
    with Account(key_row(1), key_row(2), usages={key_id(1): down}) as account:
        document = await asyncio.to_thread(account.document, tmp_path, "overview")
        shown = await asyncio.to_thread(account.show, tmp_path, "overview")
    assert shown.returncode == 6
    assert "It asks to try again in 2 min, at 14:22:00 UTC." in shown.stderr
    assert "back soon" in shown.stderr
    assert [row["requests"] for row in document["data"]["rows"]] == [None, 700]
    (problem,) = document["problems"]
    assert (problem["kind"], problem["retry_at"]) == ("server_failed", "2026-11-22T14:22:00Z")


async def test_a_wait_until_tomorrow_is_told_as_it_is(tmp_path: Path) -> None:
    errors = {"errors": [{"detail": "Daily rate limit exceeded", "status": 429}]}
    day = answer(json.dumps(errors).encode(), 429, {"Retry-After": str(11 * 3600 + 21 * 60)})
    with Account(key_row(), usage=day) as account:
        shown = await asyncio.to_thread(account.show, tmp_path, "overview")
    assert "tomorrow 01:41 UTC" in shown.stderr
    assert "Daily rate limit exceeded" in shown.stderr
    assert len(account.asked("usage")) <= 4


async def test_a_refresh_that_waits_for_the_services_limit_says_how_far_it_is_and_when_it_goes_on(
    tmp_path: Path,
) -> None:
    limit = {"X-RateLimit-Limit": "10", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "40"}
    clock = Clock()
    with Account(*map(key_row, range(1, 8)), usage=answer_json(flat(), headers=limit)) as account:
        async with visit(account, tmp_path, clock=clock, steady=clock, days=7, patient=False) as person:
            await person.shows("4 of 7, next at 14:21:01 UTC", "Key 4", "700")
            await person.press("escape")
            await person.shows("Refresh cancelled")
            assert len(account.asked("usage")) == 4, "what had not been sent is not sent"
