"""Calls a program for each alarm that is due, and remembers what was told, from one run to the next."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from socd_tui.analysis.alarms import Due, due, remembered
from socd_tui.commands.parts.calling import LIMIT_S, call, without_secrets
from socd_tui.commands.parts.context import World, warn
from socd_tui.model.alarm import AlarmsTold
from socd_tui.model.errors import StoreError
from socd_tui.outputs.alarm import Subject, alarm_document, alarm_variables
from socd_tui.store.alarms import AlarmsFile

AT_ONCE = 4
"""Programs that run at a time."""


class Alarming:
    """For one command to be called; of the demo nothing is kept."""

    def __init__(
        self, world: World[Any], words: Sequence[str], cooldown: timedelta, limit_s: float = LIMIT_S
    ) -> None:
        self._world, self._words, self._cooldown, self._limit_s = world, words, cooldown, limit_s
        self._file = None if world.options.demo else AlarmsFile(world.paths.state, world.origin, "")
        self._told: AlarmsTold = self._file.read() if self._file else {}
        self._tell_notices()

    async def tell(self, subjects: Sequence[Subject]) -> None:
        """Calls the program for those whose alarm is due; a failure of it is told."""
        at = self._world.clock()
        by_slot = {(each.key.id if each.key else "", each.measure): each for each in subjects}
        alarms = due({slot: each.level for slot, each in by_slot.items()}, self._told, at, self._cooldown)
        if not alarms:
            return
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(alarm: Due) -> None:
            async with turns:
                if failure := await self._call(by_slot[alarm.slot], alarm):
                    warn(failure)

        await asyncio.gather(*map(one, alarms))
        self._told = remembered(self._told, alarms, at)
        self._keep()

    async def _call(self, subject: Subject, alarm: Due) -> str:
        world = self._world
        document = alarm_document(subject, alarm, base_url=world.origin, generated_at=world.clock())
        environ = {**without_secrets(world.environ), **alarm_variables(document, subject)}
        given = json.dumps(document, allow_nan=False) + "\n"
        return await call(self._words, environ, given, limit_s=self._limit_s)

    def _keep(self) -> None:
        if self._file is not None:
            try:
                self._file.write(self._told)
            except StoreError as error:
                warn(f"{error} What lasts may be told again.")
            self._tell_notices()

    def _tell_notices(self) -> None:
        while self._file is not None and self._file.notices:
            warn(self._file.notices.pop(0))
