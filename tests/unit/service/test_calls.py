"""Questions under way: a few at a time, each once, heard to the end whoever reads."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial

import pytest

from socd_tui.service.calls import AT_ONCE, Ask, Calls
from tests.virtual import run


@dataclass
class Desk:
    """Answers each question with its own name, after as many seconds as it has letters."""

    asked: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)

    def asks(self, *names: str) -> Mapping[Hashable, Ask[str]]:
        async def answer(name: str) -> str:
            self.asked.append(name)
            try:
                await asyncio.sleep(len(name))
            except asyncio.CancelledError:
                self.cancelled.append(name)
                raise
            return name

        return {name: partial(answer, name) for name in names}


async def read(calls: Calls[str], asks: Mapping[Hashable, Ask[str]], most: int = 1_000) -> list[str]:
    """The answers, in the order they come, until there are so many."""
    answers: list[str] = []
    async with aclosing(calls.answered(asks)) as batches:
        async for batch in batches:
            answers += [answer for _, answer in batch]
            if len(answers) >= most:
                break
    return answers


def test_a_few_are_asked_at_a_time_in_their_order() -> None:
    desk, calls = Desk(), Calls[str]()
    names = [letter * 10 for letter in "abcdefghij"]

    async def main() -> tuple[list[str], int]:
        reading = asyncio.ensure_future(read(calls, desk.asks(*names)))
        await asyncio.sleep(5)
        under_way = len(desk.asked)
        return await reading, under_way

    answers, under_way = run(main)
    assert desk.asked == names
    assert sorted(answers) == names
    assert under_way == AT_ONCE


def test_they_are_asked_while_the_reader_is_busy() -> None:
    desk, calls = Desk(), Calls[str]()
    names = [letter * 10 for letter in "abcdefghij"]

    async def main() -> list[str]:
        async with aclosing(calls.answered(desk.asks(*names))) as batches:
            async for batch in batches:
                if batch:
                    await asyncio.sleep(3_600)
                    return list(desk.asked)
        return []

    assert run(main) == names


def test_what_is_under_way_is_not_asked_again_and_its_answer_is_the_next_readers() -> None:
    desk, calls = Desk(), Calls[str]()

    async def main() -> list[str]:
        assert await read(calls, desk.asks("a", "bbbbbb", "ccccccc", "ddd", "ee", "ff"), most=1) == ["a"]
        return await read(calls, desk.asks("bbbbbb", "ff", "gggggggg"))

    answers = run(main)
    assert sorted(desk.asked) == ["a", "bbbbbb", "ccccccc", "ddd", "ee", "ff", "gggggggg"]
    assert sorted(answers) == ["bbbbbb", "ccccccc", "ddd", "ee", "ff", "gggggggg"]
    assert desk.cancelled == []


def test_who_leaves_asks_nothing_more() -> None:
    desk, calls = Desk(), Calls[str]()

    async def main() -> None:
        await read(calls, desk.asks("a", "bb", "cc", "dd", "ee", "ff", "gg"), most=1)
        await asyncio.sleep(60)

    run(main)
    assert desk.asked == ["a", "bb", "cc", "dd", "ee"]


def test_what_was_cancelled_before_it_was_sent_is_asked_again_when_it_is_wanted() -> None:
    desk, calls = Desk(), Calls[str]()

    async def wait_for_turn() -> str:
        await asyncio.sleep(60)
        return "sent"

    async def main() -> list[str]:
        async with aclosing(calls.answered({"x": wait_for_turn, **desk.asks("a")})) as batches:
            await anext(batches)
        waiting = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        again = asyncio.ensure_future(read(calls, desk.asks("x")))
        await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        return await again

    assert "x" in run(main)


def test_a_mistake_is_raised_to_the_reader_and_one_nobody_reads_is_silent() -> None:
    async def fail() -> str:
        await asyncio.sleep(5)
        raise ZeroDivisionError

    async def main() -> None:
        calls = Calls[str]()
        with pytest.raises(ZeroDivisionError):
            await read(calls, {"x": fail})
        await read(calls, {**Desk().asks("a"), "x": fail}, most=1)
        await asyncio.sleep(10)
        await calls.stop()

    run(main)


def test_what_came_after_the_reader_had_left_is_kept_but_for_failures_and_not_asked_again() -> None:
    desk, calls = Desk(), Calls[str]()

    async def fail() -> str:
        await asyncio.sleep(5)
        raise ZeroDivisionError

    async def main() -> tuple[list[str], list[str]]:
        await read(calls, {**desk.asks("a", "bb", "cc"), "x": fail}, most=1)
        await asyncio.sleep(10)
        unread = calls.unread()
        await read(calls, desk.asks("d", "eee", "ff"), most=1)
        await asyncio.sleep(10)
        return unread, await read(calls, desk.asks("eee", "g"))

    unread, answers = run(main)
    assert unread == ["bb", "cc"]
    assert sorted(answers) == ["eee", "ff", "g"]
    assert desk.asked == ["a", "bb", "cc", "d", "eee", "ff", "g"]


def test_stopping_gives_up_what_is_under_way() -> None:
    desk, calls = Desk(), Calls[str]()

    async def main() -> None:
        await read(calls, desk.asks("a", "bbbbb"), most=1)
        await calls.stop()

    run(main)
    assert desk.cancelled == ["bbbbb"]


def test_a_reader_hears_that_nothing_comes() -> None:
    async def never() -> str:
        await asyncio.sleep(10_000)
        return ""

    async def main() -> int:
        async with aclosing(Calls[str]().answered({"x": never})) as batches:
            return len(await anext(batches))

    assert run(main) == 0
