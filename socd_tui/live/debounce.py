"""A debounce for updates that come in quick succession: each repaint is to be worth its time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import TypeVar

T = TypeVar("T")

QUIET_S = 0.04
"""An update that no other follows within this time is given out."""

MOST_S = 0.25
"""While updates keep coming, one is given out this often."""


async def debounced(
    updates: AsyncGenerator[T, None],
    quiet_s: float = QUIET_S,
    most_s: float = MOST_S,
    at_once: Callable[[T], bool] = lambda _: False,
) -> AsyncGenerator[T, None]:
    """The updates without those that another one replaces within `quiet_s`.

    The first and the last are kept, and so are those that are to be given out `at_once`.

    However fast they come, one is given out every `most_s`, or less often to a reader who needs long for
    each: two thirds of the time are left for whatever brings the updates. What `updates` raises is raised
    after the update before it was given out.
    """
    loop = asyncio.get_running_loop()
    given_at, busy_s = float("-inf"), 0.0
    coming = asyncio.create_task(_next(updates))
    try:
        while True:
            update = await coming
            coming = asyncio.create_task(_next(updates))
            if not at_once(update) and loop.time() - given_at < max(most_s, 2 * busy_s):
                await asyncio.wait({coming}, timeout=quiet_s)
                if coming.done() and coming.exception() is None:
                    continue
            began = loop.time()
            yield update
            given_at = loop.time()
            busy_s = given_at - began
    except _Ended:
        return
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)


class _Ended(Exception):
    """There is no other update: a task cannot raise StopAsyncIteration for its awaiter."""


async def _next(updates: AsyncGenerator[T, None]) -> T:
    async for update in updates:
        return update
    raise _Ended
