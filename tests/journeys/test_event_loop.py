"""The event loop is never held up: whatever takes longer than a moment is done in a thread.

How long that is depends on the machine; how many functions are called does not. 8 ms are some 16,000 calls
of ours, with what these call in turn, so nothing that the loop does in one go may make more.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

import socd_tui
from tests.clock import Clock
from tests.journeys.stage import service, visit

pytestmark = pytest.mark.anyio

MOST_CALLS = 16_000

OURS = str(Path(socd_tui.__file__).parent)

TOUR = (
    *("down", "down", "up", "end", "home"),
    *("2", "3", "4", "5", "6", "down", "7", "8", "0", "1"),
    *("]", "]", "[", "c", "c", "c", "t", "a", "space", "space"),
    *("/", "s", "i", "escape", "ctrl+p", "u", "s", "escape", "?", "escape", "comma", "escape"),
    *("e", "r", "R", "R", "g", "l"),
)


@contextmanager
def steps() -> Iterator[list[tuple[int, str]]]:
    """All that the event loop did: how many functions of ours it called in one go, and what that was."""
    done: list[tuple[int, str]] = []
    begins = asyncio.Handle._run.__code__  # where one ends and the next begins
    calls, doing = 0, ""

    def look(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls, doing
        if event != "call":
            return
        if frame.f_code is begins:
            done.append((calls, doing))
            calls, doing = 0, repr(frame.f_locals["self"])
        elif frame.f_code.co_filename.startswith(OURS):
            calls += 1

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield done
    finally:
        sys.setprofile(before)


async def test_nothing_that_the_event_loop_does_in_one_go_takes_long(tmp_path: Path) -> None:
    clock = Clock()
    with service(clock, keys=50) as server:
        async with visit(server, tmp_path, clock=clock, size=(160, 45), days=30) as person:
            with steps() as done:
                for key in TOUR:
                    await person.press(key)
                await person.exported()
                await person.rests()
    assert len(list(tmp_path.glob("*.json"))) == 1
    longest, what = max(done)
    assert longest <= MOST_CALLS, what
