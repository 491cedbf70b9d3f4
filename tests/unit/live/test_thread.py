"""Work beside the loop: its answer comes back, and nothing waits for it that is leaving."""

from __future__ import annotations

import asyncio
import gc
from threading import Event, Thread
from threading import enumerate as threads
from weakref import ref

import pytest

from socd_tui.live.thread import done_here, in_thread, outcome


def test_the_answer_comes_back_and_so_does_the_error() -> None:
    assert asyncio.run(in_thread(lambda: 6 * 7)) == 42

    with pytest.raises(ZeroDivisionError):
        asyncio.run(in_thread(lambda: 1 // 0))


def test_the_loop_goes_on_meanwhile() -> None:
    async def both() -> str:
        said = Event()
        waiting = asyncio.ensure_future(in_thread(lambda: "heard" if said.wait(15) else "not heard"))
        await asyncio.sleep(0)
        said.set()
        return await waiting

    assert asyncio.run(both()) == "heard"


@pytest.mark.parametrize("fails", [False, True])
def test_the_end_does_not_wait_and_what_comes_after_it_is_dropped_in_silence(fails: bool) -> None:
    over = Event()
    workers: list[Thread] = []

    def work() -> None:
        over.wait(15)
        if fails:
            raise ValueError

    async def leave() -> None:
        before = set(threads())
        waiting = asyncio.ensure_future(in_thread(work))
        await asyncio.sleep(0)
        workers.extend(set(threads()) - before)
        assert not waiting.done()

    asyncio.run(leave())
    [worker] = workers
    assert worker.is_alive()
    over.set()
    worker.join()  # what it raised would fail the test


def test_what_came_of_it_goes_with_who_asked_for_it() -> None:
    class Answer:
        """Something that can be looked for."""

    async def asked() -> ref[Answer]:
        return ref(await in_thread(Answer))

    gc.disable()
    try:
        assert asyncio.run(asked())() is None
    finally:
        gc.enable()


def test_what_is_there_already_is_waited_for_too() -> None:
    async def waited() -> tuple[int, int]:
        answer = done_here(lambda: 6 * 7)
        return await outcome(answer), await outcome(answer)

    assert asyncio.run(waited()) == (42, 42)
