"""The demo in a process of its own: the same service, which ends with whoever began it."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from contextlib import suppress
from time import monotonic
from urllib.parse import urlsplit

import pytest

from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Wanted
from socd_tui.model.session import Secret, Session
from socd_tui.service.demo import DemoServer
from socd_tui.service.feed import Feed
from tests.clock import NOW

PATIENCE_S = 20.0

BEGUN = f"""
import json, sys
from datetime import datetime, timedelta
from socd_tui.service.demo.apart import DemoProcess

now = datetime.fromisoformat("{NOW.isoformat()}")
with DemoProcess(clock=lambda: now, session_life=timedelta(hours=1)) as process:
    print(json.dumps(process.served()[:2]), flush=True)
    sys.stdin.read()
"""


def begun() -> tuple[subprocess.Popen[str], str, str]:
    """A program that has begun the demo, and goes on until its input ends; where it answers, and whom."""
    program = subprocess.Popen(
        [sys.executable, "-c", BEGUN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    base_url, token = json.loads(program.stdout.readline())
    return program, base_url, token


def is_served(base_url: str) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", urlsplit(base_url).port or 0), 1):
        return True
    return False


def requests(base_url: str, token: str) -> dict[str, int | None]:
    """What each key that answers says of a week."""

    async def everything() -> Fleet:
        feed = Feed(Session(Secret(token), base_url, None, "demo"), lambda: NOW)
        try:
            return [update async for update in feed.refresh(Fleet(), Wanted((7,)))][-1].fleet
        finally:
            await feed.aclose()

    return {key_id: usage.requests for (key_id, _), usage in asyncio.run(everything()).usages.items()}


def test_it_answers_as_a_server_in_this_process_does() -> None:
    program, base_url, token = begun()
    with program, DemoServer(clock=lambda: NOW) as server:
        told = requests(base_url, token)
        assert len(told) == 9
        assert told == requests(server.base_url, server.token)
        program.communicate("")


@pytest.mark.parametrize("killed", [True, False], ids=["killed", "ended"])
def test_it_ends_with_whoever_began_it(killed: bool) -> None:
    program, base_url, _ = begun()
    assert is_served(base_url)
    if killed:
        program.kill()
    program.communicate("")
    until = monotonic() + PATIENCE_S
    while is_served(base_url):
        assert monotonic() < until
