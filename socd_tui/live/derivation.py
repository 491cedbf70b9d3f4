"""From answers to what is shown: what is remembered, why answers are missing, and all that is derived."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from socd_tui.analysis.known import Known, prepare
from socd_tui.analysis.refreshed import as_it_was, replaces
from socd_tui.live.clocks import Clocks
from socd_tui.live.ingredients import Ingredients
from socd_tui.live.joined import joined
from socd_tui.live.recalled import Recalled
from socd_tui.live.sources import Sources
from socd_tui.live.tasks import Tasks
from socd_tui.live.thread import in_thread
from socd_tui.model.errors import Problem
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.past import Past
from socd_tui.model.preferences import Preferences
from socd_tui.model.record import replace
from socd_tui.model.visit import Visit
from socd_tui.model.window import beyond_service

CANCELLED = Problem(
    kind="cancelled", message="The refresh was cancelled.", next_step="Press r to start it again."
)
SIGNED_OUT = Problem(kind="not_signed_in", message="You are signed out.", next_step="Press r to sign in.")


class Derivation:
    """All that is derived of the newest answers, for the Lens: `known`.

    A key costs milliseconds the first time, so what is newer, and windows longer than the service's, are
    worked on in a thread; `changed` is called when that is done. Another window of the same answers is
    there at once.
    """

    _left: tuple[object, Known] | None = None
    """What was known in the window looked at before, of the same answers: somebody may go back to it."""

    def __init__(self, tasks: Tasks, sources: Sources, lens: Lens, changed: Callable[[], None]) -> None:
        self._tasks, self._sources, self._changed = tasks, sources, changed
        self._lens = lens
        self._preferences = sources.preferences
        self.begin(sources.fleet)

    def begin(self, fleet: Fleet) -> None:
        """With an account of which nothing is known yet, when what was under way has been cancelled."""
        self.answers = fleet
        """The service's newest answers, and what was recalled of older ones."""
        self.past: Mapping[str, Past] = {}
        """All that is remembered, by key id."""
        self.gap: Problem | None = None
        """Why answers that are missing will not come; None while they are waited for."""
        self._visit: Visit | None = None
        self._begun: Known | None = None
        """What was known when a refresh began that has not brought anything newer yet."""
        self._earlier: Known | None = None
        self._earlier_for: object = None
        self._forget_what_was_left()
        self.known = prepare(fleet, self._lens, self._preferences)
        self._made_of = self._ingredients()
        self._made_for: object = _needs(self._lens)
        self._task: asyncio.Task[None] | None = None

    def take_over(self, kept: Fleet, clocks: Clocks) -> None:
        """Go on with what is newer of what was kept, by the last run or by another process meanwhile."""
        usages = clocks.of_the_past(kept.usages)
        self.answers = joined(self.answers, replace(kept, usages=usages))

    def go_on(self, recalled: Recalled) -> None:
        """From what is on the screen already."""
        self.answers, self.past = recalled.answers, recalled.answers.past
        self.known, self._lens = recalled.known, recalled.state.lens
        self._made_of, self._made_for = self._ingredients(), _needs(self._lens)

    def look(self, lens: Lens) -> None:
        """For another Lens. A window longer than the service's has no figures until they are made."""
        self._lens = lens
        if _needs(lens) != self._made_for:
            left = None if self._made_for is None else (self._made_for, self.known)
            if not self._went_back():
                self._take(prepare(self.known.fleet, lens, self._preferences, self.known, long=False))
                self._made_for = None if beyond_service(lens.days) else _needs(lens)
                self._forget_what_was_left()
            self._left = left
        if self._is_behind():
            self.update()

    def keeps(self, known: Known) -> bool:
        """Whether somebody may go back to it, so that what was made of it is not to be forgotten."""
        return self._left is not None and self._left[1] is known

    def _went_back(self) -> bool:
        """Takes what was left last, where the Lens asks for that again and nothing else has changed."""
        needs, left = self._left or (None, None)
        if left is None or needs != _needs(self._lens):
            return False
        if self._begun is not None and self._begun.fleet.usages is not left.fleet.usages:
            return False
        then, earlier = left.earlier and left.earlier.fleet, self._earlier and self._earlier.fleet
        if left.preferences is not self._preferences or left.visit is not self._visit or then is not earlier:
            return False
        self.known, self._made_for = left, needs
        self._earlier, self._earlier_for = left.earlier, needs
        return True

    def _forget_what_was_left(self) -> None:
        left, self._left = self._left, None
        if left is not None:
            left[1].forget()

    def prefer(self, preferences: Preferences) -> None:
        """With other preferences: nothing that is derived of keys depends on them."""
        self._preferences = preferences
        self._take(self.known)

    def refresh_begins(self) -> None:
        """What is known now may be about to change."""
        self._begun = self.known

    def visited(self, visit: Visit | None) -> None:
        """What is new is what has come up since this visit."""
        if visit is not self._visit:
            self._visit = visit
            self._take(self.known)

    def explain(self, gap: Problem | None) -> None:
        """Why answers that are missing will not come, or None when they are awaited."""
        self.gap = gap
        if self._is_behind():
            self.update()

    def update(self) -> asyncio.Task[None]:
        """Take in what is newer. The task ends when all of it is in `known`."""
        if self._task is None or self._task.done():
            self._task = self._tasks.start(self._derive())
        return self._task

    async def _derive(self) -> None:
        """Once more where anything has changed meanwhile."""
        while self._is_behind():
            ingredients, lens, earlier = self._ingredients(), self._lens, self.known
            fleet = earlier.fleet if ingredients == self._made_of else ingredients.fleet()
            known = await in_thread(partial(prepare, fleet, lens, self._preferences, earlier))
            if _needs(lens) == _needs(self._lens):
                self._take(known)
                self._made_of, self._made_for = ingredients, _needs(lens)
                self._changed()

    def _take(self, known: Known) -> None:
        """With what may be another by now, and nothing that is derived of keys depends on."""
        begun, needs = self._begun, _needs(self._lens)
        # While the answers are those that there were none has been replaced: no key need be looked at.
        if begun is not None and begun.fleet.usages is not known.fleet.usages:
            begun = as_it_was(begun, self._lens)
            if replaces(known, begun):
                self._earlier, self._earlier_for, self._begun = begun, needs, None
        if self._earlier is not None and self._earlier_for != needs:
            self._earlier, self._earlier_for = as_it_was(self._earlier, self._lens), needs
        if known.fleet is not self.known.fleet:
            self._forget_what_was_left()
        self.known = replace(known, preferences=self._preferences, visit=self._visit, earlier=self._earlier)

    def _is_behind(self) -> bool:
        return self._made_for != _needs(self._lens) or self._made_of != self._ingredients()

    def _ingredients(self) -> Ingredients:
        asked = self._sources.windows(self._lens) if self.gap is not None else None
        windows = (*asked.now, *asked.background, self._lens.days) if asked else ()
        return Ingredients(self.answers, self.past, self.gap if asked else None, windows)


def _needs(lens: Lens) -> object:
    """What of a Lens makes a difference to what is derived."""
    return lens.days, lens.dates, lens.compare
