"""Answers in quick succession are drawn once, and none that matters is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable

import pytest

from socd_tui.live.debounce import debounced

Numbers = AsyncGenerator[int, None]


async def burst(*numbers: int) -> Numbers:
    for number in numbers:
        yield number


def shown(make: Callable[[], Numbers]) -> list[int]:
    async def everything() -> list[int]:
        return [number async for number in debounced(make(), quiet_s=0.01, most_s=10)]

    return asyncio.run(everything())


def test_of_a_burst_the_first_and_the_last_are_shown() -> None:
    assert shown(lambda: burst(1, 2, 3, 4)) == [1, 4]
    assert shown(lambda: burst(1)) == [1]
    assert shown(burst) == []


def test_an_update_that_no_other_follows_is_shown_while_one_waits() -> None:
    async def watched() -> list[int]:
        told = asyncio.Event()

        async def halting() -> Numbers:
            yield 1
            yield 2
            yield 3
            await told.wait()
            yield 4

        seen = []
        async for number in debounced(halting(), quiet_s=0.01, most_s=10):
            seen.append(number)
            if number == 3:
                told.set()
        return seen

    assert asyncio.run(watched()) == [1, 3, 4]


def test_one_that_nobody_should_wait_for_is_shown_whatever_follows() -> None:
    async def everything() -> list[int]:
        shown = debounced(burst(1, 2, 3, 4, 5), quiet_s=0.01, most_s=10, at_once=lambda number: number == 3)
        return [number async for number in shown]

    assert asyncio.run(everything()) == [1, 3, 5]


def test_while_they_keep_coming_some_are_shown_in_between() -> None:
    async def everything() -> list[int]:
        return [number async for number in debounced(burst(1, 2, 3), quiet_s=0.01, most_s=0)]

    assert asyncio.run(everything()) == [1, 2, 3]


def test_what_goes_wrong_is_raised_after_the_update_before_it() -> None:
    async def failing() -> Numbers:
        yield 1
        yield 2
        raise ZeroDivisionError

    async def everything() -> list[int]:
        numbers = debounced(failing(), quiet_s=0.01, most_s=10)
        first, second = await anext(numbers), await anext(numbers)
        with pytest.raises(ZeroDivisionError):
            await anext(numbers)
        return [first, second]

    assert asyncio.run(everything()) == [1, 2]


def test_who_leaves_early_leaves_nothing_running() -> None:
    ended = []

    async def endless() -> Numbers:
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    async def leave() -> None:
        numbers = debounced(endless(), quiet_s=0.01, most_s=10)
        assert await anext(numbers) == 1
        await numbers.aclose()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(leave())
    assert ended == [True]
