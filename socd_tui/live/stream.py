"""The newest State of a Live, and a newer one for its reader whenever there is one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable

from socd_tui.live.state import State
from socd_tui.live.tasks import Tasks
from socd_tui.model.lens import settled
from socd_tui.model.record import replace


class Stream:
    """`state` is the newest State."""

    state: State

    def __init__(self) -> None:
        self._tasks = Tasks(self._task_ended)
        self._changed, self._closed = asyncio.Event(), False

    async def states(self) -> AsyncGenerator[State, None]:
        """The newest State, then a newer one whenever there is one, until it is closed. For one reader.

        Raises what no part of the program expected.
        """
        while True:
            self._changed.clear()
            if self._tasks.failure is not None:
                raise self._tasks.failure
            if self._closed:
                return
            yield self.state
            await self._changed.wait()

    def _become(self, state: State) -> None:
        self.state = replace(state, lens=settled(state.fleet, state.lens), busy=bool(self._tasks))
        self._changed.set()

    def _notify(self, sentences: Iterable[str]) -> None:
        self._become(replace(self.state, notices=(*self.state.notices, *sentences)))

    def _task_ended(self) -> None:
        self._become(self.state)

    def _end(self) -> None:
        """There is no other State."""
        self._closed = True
        self._changed.set()
