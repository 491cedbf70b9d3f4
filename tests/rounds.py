"""Runs a command that goes on for as many rounds as a test has steps: nothing is waited for."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from datetime import datetime
from io import BytesIO, TextIOWrapper
from typing import Any
from unittest import mock

from socd_tui.commands.parts.context import OptionsT, World, opened
from tests.command import Done, unicode_locale

Watch = Callable[[World[OptionsT], Callable[[float], Any]], Any]
"""Of a World and a pause the coroutine that goes on."""


def watched(
    environ: Mapping[str, str],
    options: OptionsT,
    watch: Watch[OptionsT],
    steps: Sequence[Callable[[], object]],
    clock: Callable[[], datetime],
) -> Done:
    """What is written in one round more than there are steps, one of which is done after each round.

    The exit code is how many seconds each pause was to last.
    """
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) > len(steps):
            raise asyncio.CancelledError
        await asyncio.to_thread(steps[len(waited) - 1])

    out, err = (TextIOWrapper(BytesIO(), encoding="utf-8") for _ in range(2))
    with (
        mock.patch.dict(os.environ, environ, clear=True),
        unicode_locale(),
        redirect_stdout(out),
        redirect_stderr(err),
        opened(options, clock, clock) as world,
        suppress(asyncio.CancelledError),
    ):
        asyncio.run(watch(world, pause))
    return Done(waited, *map(_written, (out, err)))


def _written(stream: TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
