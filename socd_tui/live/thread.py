"""Blocking work in a thread that the program's end does not wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def started(work: Callable[[], T]) -> Future[T]:
    """What the work returns or raises, from a daemon thread of its own, for who can wait a moment for it."""
    answer: Future[T] = Future()
    answer.set_running_or_notify_cancel()  # who waits may give up, which leaves the work as it is
    Thread(target=_settle, args=(answer, work), daemon=True).start()
    return answer


def done_here(work: Callable[[], T]) -> Future[T]:
    """The same, in this thread: for what takes less than to begin one."""
    answer: Future[T] = Future()
    _settle(answer, work)
    return answer


def _settle(answer: Future[T], work: Callable[[], T]) -> None:
    try:
        answer.set_result(work())
    except BaseException as error:  # noqa: BLE001  # raised where it is asked for, an exit too
        answer.set_exception(error)


async def outcome(answer: Future[T]) -> T:
    """What it comes to. Who waits for it may give up, which leaves the work as it is.

    `asyncio.wrap_future` ties two futures to each other, so that what came of the work is kept until Python's
    collector looks through everything.
    """
    loop, over = asyncio.get_running_loop(), asyncio.Event()

    def told(_: Future[T]) -> None:
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(over.set)

    answer.add_done_callback(told)
    await over.wait()
    return answer.result()


async def in_thread(work: Callable[[], T]) -> T:
    """What the work returns or raises, from a daemon thread of its own; dropped when nobody waits any more.

    `asyncio.to_thread` would be joined at the end: a slow disk or a locked database then holds the program.
    """
    return await outcome(started(work))
