"""From one look at an account to the next: what stood at the last one, and what has come up since."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from socd_tui.analysis.known import Known
from socd_tui.analysis.news import PAUSE, news, seen
from socd_tui.live.state import State
from socd_tui.live.thread import in_thread
from socd_tui.model.errors import StoreError
from socd_tui.model.target import FindingTarget
from socd_tui.model.visit import Visit

if TYPE_CHECKING:
    from socd_tui.store.visit import VisitFile

KEPT_EVERY = timedelta(minutes=10)
"""How old what is kept may be where nothing has changed: a run that is killed loses no more."""


class Visiting:
    """Of the account that is signed in. `notify` gets sentences for the person.

    What came up during a visit is found; what came up before it, during a pause, is told from `before`.
    """

    def __init__(self, notify: Callable[[Iterable[str]], None]) -> None:
        self._notify = notify
        self._file: VisitFile | None = None
        self._last: Visit | None = None
        self._kept: Visit | None = None
        self._refused = False
        """Whether it has been told that nothing can be kept."""
        self._noted: Known | None = None
        self.is_watched = True
        """Whether somebody looks."""
        self.before: Visit | None = None
        """The last visit before a pause."""
        self.found: tuple[FindingTarget, ...] = ()
        """What came up in this run while somebody looked, in order."""

    def is_due(self, state: State) -> bool:
        """Whether this is to be noted: something new, and all that was asked for."""
        is_whole = state.progress is None and state.error is None
        is_new = state.known is not self._noted
        return self._file is not None and self.is_watched and is_whole and is_new

    def forget(self) -> None:
        """Nothing is noted until another account's visits are opened."""
        self._file = self._last = self._kept = self._noted = self.before = None
        self.found = ()

    async def open(self, file: VisitFile, now: datetime) -> None:
        """Go on from the visit that was kept last.

        `now` is this machine's clock. By the service's it may have been no pause: the first look tells.
        """
        last = self._last = self._kept = await in_thread(partial(file.read, now))
        self.before = last if last and now - last.at >= PAUSE else None
        self._file = file
        self._notify(file.notices)

    async def note(self, known: Known) -> None:
        """Somebody sees this, and nothing is under way that may change it."""
        file, last, self._noted = self._file, self._last, known
        visit, fresh = await in_thread(partial(_compared, known, last))
        if file is None or file is not self._file or visit is None or (last and visit.at == last.at):
            return
        if last and visit.at - last.at >= PAUSE:
            self.before = last
        else:
            self.before = None if self.before is last else self.before
            self.found += tuple(each for each in fresh if each not in self.found)
        self._last = visit
        kept = self._kept
        if kept is None or kept.keys != visit.keys or visit.at - kept.at >= KEPT_EVERY:
            await self.keep()

    async def keep(self) -> None:
        """Write down what was seen last."""
        file, last = self._file, self._last
        if file is None or last is None or last == self._kept:
            return
        try:
            await in_thread(partial(file.write, last))
        except StoreError as error:
            if not self._refused:
                self._refused = True
                self._notify([f"What is new at your next visit will not be known: {error}"])
        self._kept = last


def _compared(known: Known, last: Visit | None) -> tuple[Visit | None, list[FindingTarget]]:
    """What is seen now, and what is new in it."""
    new = news(known, last, known.fleet.keys).new if last else ()
    return seen(known), [FindingTarget(each.kind, each.key.id) for each in new]
