"""Answers that come in quick succession, shown once: each repaint is to be worth its time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import TypeVar

T = TypeVar("T")

QUIET_S = 0.04
"""An answer that no other follows so soon is shown."""

MOST_S = 0.25
"""While answers keep coming, one is shown so often."""


async def calm(
    updates: AsyncGenerator[T, None], quiet_s: float = QUIET_S, most_s: float = MOST_S
) -> AsyncGenerator[T, None]:
    """The updates without those that the next one replaces at once; the first and the last are among them.

    What `updates` raises is raised after the update before it was given out.
    """
    loop = asyncio.get_running_loop()
    shown_at = float("-inf")
    coming = asyncio.create_task(_next(updates))
    try:
        while True:
            update = await coming
            coming = asyncio.create_task(_next(updates))
            if loop.time() - shown_at < most_s:
                await asyncio.wait({coming}, timeout=quiet_s)
                if coming.done() and coming.exception() is None:
                    continue
            yield update
            shown_at = loop.time()
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
