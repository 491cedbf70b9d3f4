"""Tasks with one owner, who hears when one ends and is told what none of them expected."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine


class Tasks:
    """What is under way. `ended` is called after each end."""

    def __init__(self, ended: Callable[[], None]) -> None:
        self._ended = ended
        self._running: set[asyncio.Task[None]] = set()
        self.failure: BaseException | None = None
        """The first exception that left a task: a mistake of the program."""

    def __bool__(self) -> bool:
        return bool(self._running)

    def start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._end)
        return task

    def cancel(self, *, but: asyncio.Task[None] | None = None) -> None:
        """All of them, except for that one and for the task that asks for it."""
        for task in self._running - {but, asyncio.current_task()}:
            task.cancel()

    async def wait(self, timeout_s: float) -> None:
        """Until all have ended, or the time is up."""
        if self._running:
            await asyncio.wait(self._running, timeout=timeout_s)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failure = self.failure or error
        self._ended()
