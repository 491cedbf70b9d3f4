"""What is being asked of the service: a few questions at a time, each of them once.

    async for answers in calls.answered({"first": ask, "second": ask_other}):
        ...  # what has come meanwhile, [] when nothing did for a second

Questions outlive whoever reads the answers: one that has been sent is heard to its end, and what it brought
is given to the next reader.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Hashable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Generic, TypeVar

T = TypeVar("T")

Ask = Callable[[], Coroutine[Any, Any, T]]

AT_ONCE = 4
"""Questions under way: an account may have 50 keys, and the service may limit these calls too."""

TICK_S = 1.0
"""Seconds after which a reader is told that nothing has come."""

GATHER_S = 0.05
"""So far apart are the batches at least, but for the last one: each has its price, however small it is."""


class Calls(Generic[T]):
    """At most `at_once` questions under way. For one reader at a time, on one event loop."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._asks: Mapping[Hashable, Ask[T]] = {}
        self._waiting: deque[Hashable] = deque()
        self._under_way: dict[Hashable, asyncio.Task[T]] = {}
        self._ended: list[tuple[Hashable, asyncio.Task[T]]] = []
        self._news = asyncio.Event()
        self._idle = asyncio.Event()

    async def answered(
        self, asks: Mapping[Hashable, Ask[T]]
    ) -> AsyncGenerator[list[tuple[Hashable, T]], None]:
        """The answers as they come, with what they answer, until all questions have one.

        The questions are asked in their order, also while the reader is busy with what it got. One that is
        under way already, or whose answer nobody has read, is not asked again. What the reader before did
        not stay for is given, too. Raises what a question raises.
        """
        left = set(asks)
        self._asks = asks
        came = {name for name, _ in self._ended}
        self._waiting = deque(name for name in asks if name not in self._under_way and name not in came)
        self._ask_more()
        try:
            while left:
                with suppress(TimeoutError):
                    async with asyncio.timeout(TICK_S):
                        await self._news.wait()
                self._news.clear()
                ended, self._ended = self._ended, []
                left.difference_update(name for name, _ in ended)
                yield [(name, task.result()) for name, task in ended]
                if ended and left:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(GATHER_S):
                            await self._idle.wait()
        finally:
            self.leave()

    def unread(self) -> list[T]:
        """What came when nobody read any more. A failure is left out: it is not what is so now."""
        ended, self._ended = self._ended, []
        return [task.result() for _, task in ended if task.exception() is None]

    def leave(self) -> None:
        """Ask nothing more."""
        self._asks = {}
        self._waiting.clear()

    async def stop(self) -> None:
        """Give up also what is under way."""
        self.leave()
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ask_more(self) -> None:
        while self._waiting and len(self._under_way) < self._at_once:
            name = self._waiting.popleft()
            task = asyncio.get_running_loop().create_task(self._asks[name]())
            self._under_way[name] = task
            self._idle.clear()
            task.add_done_callback(partial(self._end, name))

    def _end(self, name: Hashable, task: asyncio.Task[T]) -> None:
        del self._under_way[name]
        if not task.cancelled():
            task.exception()  # heard, should nobody come to read it
            self._ended.append((name, task))
            self._news.set()
        elif name in self._asks:  # it was left before it was sent, and is wanted again
            self._waiting.appendleft(name)
        self._ask_more()
        if not self._under_way:
            self._idle.set()
