"""What one account's Memory gives and gets: read in the background, written one save after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from socd_tui.analysis.known import Known
from socd_tui.live.clocks import Clocks
from socd_tui.live.memory import Memory
from socd_tui.live.tasks import Tasks
from socd_tui.live.thread import in_thread
from socd_tui.model.errors import Problem
from socd_tui.model.fleet import Fleet
from socd_tui.model.past import Past
from socd_tui.model.record import replace

UNLISTED = Problem(kind="not_listed", message="It was not listed, so its figures were not asked for.")


class Keeper:
    """Reads and writes the Memory of the account that is signed in; saves of the one before still end.

    `notify` gets sentences for the person; `looked_back` is called when `past` is another.
    """

    def __init__(
        self, tasks: Tasks, *, notify: Callable[[Iterable[str]], None], looked_back: Callable[[], object]
    ) -> None:
        self._tasks = tasks
        self._notify = notify
        self._looked_back = looked_back
        self._memory: Memory | None = None
        self._unsaved: dict[Memory, Known] = {}
        self._saved_once = False
        self.past: Mapping[str, Past] = {}
        """All that is remembered, by key id."""
        self.saving: asyncio.Task[None] | None = None

    @property
    def is_open(self) -> bool:
        return self._memory is not None

    def forget(self) -> None:
        """Nothing more is read or kept until another Memory is opened."""
        self._memory, self.past, self._saved_once = None, {}, False

    def go_on(self, memory: Memory) -> None:
        """With a Memory whose last figures are shown already; the rest follows when it is read."""
        self._memory = memory
        self._tasks.start(self._look_back(memory))

    async def open(self, make: Callable[[], Memory], *, recalls: bool) -> Fleet | None:
        """What was known when the program last ran; all that is remembered follows when it is read."""
        memory = await in_thread(make)
        fleet = await in_thread(memory.last) if recalls else None
        if recalls:
            self.go_on(memory)
        else:
            self._memory = memory
        return fleet

    async def newer(self) -> Fleet | None:
        """What another process has kept since; all that is remembered now follows when it is read."""
        memory = self._memory
        fleet = await in_thread(memory.newer) if memory is not None else None
        if fleet is None or memory is None or memory is not self._memory:
            return None
        self._tasks.start(self._look_back(memory))
        return fleet

    async def completed(self, answers: Fleet, wanted: Iterable[int], clocks: Clocks) -> Fleet:
        """The answers, with what was known last where one failed, and in place of a list that is now empty.

        `wanted` are the windows, in days, that were to be asked for. A disk that does not work remembers
        nothing.
        """
        failed = answers.failures.keys() - answers.usages.keys()
        is_empty = answers.listed_at is not None and not answers.keys and not answers.problems
        last = await in_thread(self._memory.last) if self._memory and (failed or is_empty) else None
        if last is None:
            return answers
        usages = clocks.of_the_past(last.usages)
        if not is_empty or not last.keys:
            stale = {slot: usage for slot, usage in usages.items() if slot in failed}
            return replace(answers, usages={**answers.usages, **stale})
        from socd_tui.service.changes import emptied  # it takes long to import, and is by now

        slots = {*usages, *((key.id, days) for key in last.keys for days in wanted)}
        return replace(
            answers,
            keys=last.keys,
            usages=usages,
            failures={slot: replace(UNLISTED, key_id=slot[0]) for slot in slots},
            problems=(emptied(len(last.keys)),),
        )

    def keep(self, known: Known) -> None:
        """Write down what was learnt; what is newer takes the place of what still waits for its turn."""
        if self._memory is not None:
            self._unsaved[self._memory] = known
            if self.saving is None or self.saving.done():
                self.saving = self._tasks.start(self._save())

    async def _save(self) -> None:
        """None overtakes another: the last is what the next start opens on."""
        while self._unsaved:
            memory = next(iter(self._unsaved))
            await in_thread(partial(memory.keep, self._unsaved.pop(memory)))
            self._notify(memory.notices())
            if memory is self._memory and not self._saved_once:
                self._saved_once = True  # what this run adds of today is then there to look back on
                self._tasks.start(self._look_back(memory))

    async def _look_back(self, memory: Memory) -> None:
        """Read all that is remembered, which may take longer than the service's answer."""
        past = await in_thread(memory.past)
        self._notify(memory.notices())
        if memory is self._memory:
            self.past = past
            self._looked_back()
