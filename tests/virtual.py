"""Time that passes only when nothing else is left to do: a day of waiting takes no time at all.

def main() -> Coroutine: ...
run(main)  # asyncio.sleep(86_400) in it returns at once, and `now()` shows a day more
"""

from __future__ import annotations

import asyncio
import selectors
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, TypeVar

from tests.clock import NOW

T = TypeVar("T")


class VirtualLoop(asyncio.SelectorEventLoop):
    """Its executor's threads are none: what is given to one is done on the spot. Others are waited for."""

    def __init__(self) -> None:
        super().__init__(_Skipping(self))
        self.passed_s = 0.0
        self.others = frozenset(threading.enumerate())
        self.set_default_executor(_OnTheSpot(max_workers=1))

    def time(self) -> float:
        return self.passed_s


class _Skipping(selectors.DefaultSelector):
    """Waits for nothing but threads that were started meanwhile: the time of any other wait has passed."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        events = super().select(0)
        while not events and not self._loop.others.issuperset(threading.enumerate()):
            events = super().select(0.001)
        if not events:
            assert timeout is not None, "nothing is left that could ever happen"
            self._loop.passed_s += timeout
        return events


class _OnTheSpot(ThreadPoolExecutor):
    def submit(self, call: Callable[..., T], /, *arguments: Any, **named: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(call(*arguments, **named))
        except BaseException as error:  # noqa: BLE001  # whatever it is, it is the caller's
            future.set_exception(error)
        return future


def now() -> datetime:
    """The virtual clock, which starts at tests.clock.NOW."""
    return NOW + timedelta(seconds=asyncio.get_running_loop().time())


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main())
