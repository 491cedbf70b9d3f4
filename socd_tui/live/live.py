"""One account's figures, kept up to date: what to ask, show, keep and forget, and how far all that is.

All methods are called on the event loop, which they never hold up: what takes its time is done in tasks and
threads. What goes wrong in an expected way is in the State; a mistake of the program is raised by `states`.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from socd_tui.live.asking import Asking
from socd_tui.live.derivation import SIGNED_OUT
from socd_tui.live.recalled import Recalled, nothing_yet
from socd_tui.live.sources import LEAVING_S, Sources
from socd_tui.live.state import Question
from socd_tui.live.visiting import Visiting
from socd_tui.model.errors import UsageError
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.preferences import Preferences
from socd_tui.model.record import replace
from socd_tui.model.session import Session
from socd_tui.model.token import account_of

if TYPE_CHECKING:
    from socd_tui.analysis.known import Known
    from socd_tui.store.visit import VisitFile


class Live(Asking):
    """The figures of whoever is signed in. `state` is the newest State."""

    def __init__(self, sources: Sources, lens: Lens, recalled: Recalled | None = None) -> None:
        """`recalled` is what of the sources has been read and shown already."""
        super().__init__(sources, lens)
        self._recalled = recalled
        if recalled is not None:
            self._derivation.go_on(recalled)
            self.state = recalled.state
        self._visiting = Visiting(self._notify)
        self._closing = False

    # --- what whoever looks can do ---------------------------------------------------------------

    def start(self) -> None:
        """Begin with the session there is; without one the State asks for it."""
        self._tasks.start(self._start())
        self._become(self.state)

    def look(self, lens: Lens) -> None:
        """Look through another Lens; asks the service when it wants a window there is no answer for."""
        before, session = self.state.lens, self.state.session
        asks = self._sources.windows(lens) != self._sources.windows(before)
        self._derivation.look(lens)
        if session is None and self._sources.kept is None and (asks or lens.days != before.days):
            self._derivation.explain(SIGNED_OUT)
        self._become(replace(self.state, known=self._derivation.known, lens=lens))
        if asks and session is not None:
            self.refresh()

    def keeps(self, known: Known) -> bool:
        """Whether what is known through another Lens may be asked for again."""
        return self._derivation.keeps(known)

    def prefer(self, preferences: Preferences) -> None:
        """Look with other preferences, at once."""
        self._derivation.prefer(preferences)
        self._show()

    def leave(self) -> None:
        """Nobody looks: nothing counts as seen."""
        self._visiting.is_watched = False

    def come_back(self) -> None:
        """Somebody looks again, at what they may not have seen yet."""
        self._visiting.is_watched = True
        self._note_what_is_seen()

    def sign_in(self, session: Session) -> None:
        """Go on with a new session. Of another account's figures nothing stays."""
        self._notify(self._sources.news())
        self._enter(session, force=True)

    async def look_again(self) -> None:
        """Take over what another process has learnt meanwhile. What this one asks itself is newer."""
        if self._asking is None and (kept := await self._keeper.newer()):
            await self._recall(kept)

    async def close(self, deadline_s: float = LEAVING_S) -> None:
        """Stop, and wait at most that long for what was learnt to be written down."""
        self._stop_asking()
        self._closing = True
        self._timetable.close()
        self._tasks.cancel(but=self._keeper.saving)
        self._keeper.keep(self.state.known)
        self._tasks.start(self._visiting.keep())
        await self._tasks.wait(deadline_s)
        self._tasks.cancel()
        await self._drop_feed()
        self._end()

    # --- whose figures ---------------------------------------------------------------------------

    async def _start(self) -> None:
        self._notify(self._sources.news())
        recalled, self._recalled = self._recalled, None
        if self._sources.kept is not None:
            await self._take(self._sources.kept)
            return
        session = self.state.session
        if session is None and self._sources.connect is not None:
            session = await asyncio.to_thread(self._sources.connect)
        if session is None:
            self._become(replace(self.state, question=Question("Sign in to see your keys' usage.")))
            return
        if recalled is not None and recalled.memory is not None:
            self._keeper.go_on(recalled.memory)
            self._begin_visits(session)
        self._enter(session, force=False)

    async def _take(self, fleet: Fleet) -> None:
        """Show what there is; nothing will be added."""
        derivation = self._derivation
        derivation.answers, derivation.past = fleet, fleet.past
        try:
            self._choose_keys()
        except UsageError as error:
            self._become(replace(self.state, error=error))
        await derivation.update()

    def _enter(self, session: Session, *, force: bool) -> None:
        """Figures that are there stay only when both tokens say that they are the same account's."""
        self._stop_asking()
        account, before = account_of(session.token), self.state.account
        if before is None or not account or account != before:
            self._begin_anew(session)
        self._tasks.start(self._recall_and_refresh(session, force))  # first: it is busy from now on
        self._become(replace(self.state, session=session, account=account, question=None))

    def _begin_anew(self, session: Session) -> None:
        """Nothing of the last account stays: not its figures, and not which of its keys were chosen."""
        sources = self._sources
        self._tasks.cancel(but=self._keeper.saving)
        self._keeper.forget()
        self._visiting.forget()
        lens = self.state.lens
        self._derivation.begin(nothing_yet(sources, session, self._clocks))
        if self.state.account is not None:
            lens = replace(lens, only=(), focus=None, finding=None, landing=True, marked=frozenset())
        self._become(
            replace(self.state, known=self._derivation.known, lens=lens, progress=None, error=None, found=())
        )
        self._begin_visits(session)

    def _begin_visits(self, session: Session) -> None:
        sources = self._sources
        if sources.visits is not None and sources.watched and not sources.selectors:
            self._tasks.start(self._open_visits(sources.visits(session)))

    async def _open_visits(self, file: VisitFile) -> None:
        await self._visiting.open(file, self._clocks.wall())
        self._derivation.visited(self._visiting.before)
        self._show()

    async def _recall_and_refresh(self, session: Session, force: bool) -> None:
        """What was known of this account last, then the service: one after the other, lest they mix."""
        sources = self._sources
        if sources.memory is not None and not self._keeper.is_open:
            last = await self._keeper.open(partial(sources.memory, session), recalls=sources.watched)
            if last is not None and not self._derivation.answers.keys:  # nobody has refreshed meanwhile
                await self._recall(last)
        if self._asking is None:
            self.refresh(force=force)
        else:
            self._keeper.keep(self.state.known)

    async def _recall(self, last: Fleet) -> None:
        """Show what was known last, or what another process knows."""
        self._derivation.take_over(last, self._clocks)
        with suppress(UsageError):  # a key that was not there then may be there now
            self._choose_keys()
        await asyncio.shield(self._derivation.update())

    # --- what is shown ---------------------------------------------------------------------------

    def _task_ended(self) -> None:
        self._note_what_is_seen()
        super()._task_ended()

    def _note_what_is_seen(self) -> None:
        """Once all is at rest."""
        at_rest = not (self._tasks or self._derivation.gap or self._closing)
        if at_rest and self._visiting.is_due(self.state):
            self._tasks.start(self._note_visit())

    async def _note_visit(self) -> None:
        visiting = self._visiting
        await visiting.note(self.state.known)
        self._derivation.visited(visiting.before)
        self._become(replace(self.state, known=self._derivation.known, found=visiting.found))
