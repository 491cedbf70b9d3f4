"""One account's figures, kept up to date: what to ask, show, keep and forget, and how far all that is.

All methods are called on the event loop, which they never hold up: what takes its time is done in tasks and
threads. What goes wrong in an expected way is in the State; a mistake of the program is raised by `states`.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from socd_tui.live.clocks import Clocks
from socd_tui.live.debounce import debounced
from socd_tui.live.derivation import CANCELLED, SIGNED_OUT, Derivation
from socd_tui.live.keeper import Keeper
from socd_tui.live.request import Request, refused
from socd_tui.live.sources import LEAVING_S, Sources
from socd_tui.live.state import Question, State
from socd_tui.live.stream import Stream
from socd_tui.live.timetable import LONG_WAIT, Timetable
from socd_tui.live.visiting import Visiting
from socd_tui.model.errors import Problem, SessionExpired, SocdError, Throttled, UsageError
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.preferences import Preferences
from socd_tui.model.progress import Progress
from socd_tui.model.session import Session
from socd_tui.model.token import account_of
from socd_tui.service.feed import Feed


class Live(Stream):
    """The figures of whoever is signed in. `state` is the newest State."""

    def __init__(self, sources: Sources, lens: Lens) -> None:
        super().__init__()
        self._sources = sources
        self._clocks = Clocks(sources.clock, sources.steady or sources.clock)
        self._derivation = Derivation(self._tasks, sources, lens, self._show)
        self._keeper = Keeper(self._tasks, notify=self._notify, looked_back=self._look_back)
        self._visiting = Visiting(self._notify)
        self.state = State(known=self._derivation.known, lens=lens, session=sources.session)
        self._feed: Feed | None = None
        self._asking: asyncio.Task[None] | None = None
        self._request: Request | None = None
        """What is asked, or was last."""
        self._timetable = Timetable(sources.later, self._refresh_again)
        self._closing = False

    # --- what whoever looks can do ---------------------------------------------------------------

    def now(self) -> datetime:
        """The service's clock; this machine's before the service has said."""
        return self._clocks.service_now(self.state.fleet)

    def start(self) -> None:
        """Begin with the session there is; without one the State asks for it."""
        self._tasks.start(self._start())
        self._become(self.state)

    def look(self, lens: Lens) -> None:
        """Look through another Lens; asks the service when it wants a window there is no answer for."""
        before, session = self.state.lens, self.state.session
        asks = self._sources.windows(lens) != self._sources.windows(before)
        self._derivation.look(lens)
        if session is None and (asks or lens.days != before.days):
            self._derivation.explain(SIGNED_OUT)
        self._become(replace(self.state, known=self._derivation.known, lens=lens))
        if asks and session is not None:
            self.refresh()

    def prefer(self, preferences: Preferences) -> None:
        """Look with other preferences, at once."""
        self._derivation.prefer(preferences)
        self._show()

    def refresh(self, *, force: bool = False) -> None:
        """Ask for what is missing or older than a minute, for everything when forced; or for a token."""
        session = self.state.session
        if session is None:
            self._become(replace(self.state, question=Question("Sign in to refresh.")))
            return
        now, asked = self._clocks.steady(), self._request
        request = Request(self._sources.windows(self.state.lens), now, since=now if force else None)
        failed = self.state.error is not None or self._derivation.gap is not None
        if failed or asked is None or not asked.brings(request, running=self._asking is not None):
            self._begin(session, request)

    def cancel(self) -> None:
        """Stop the running refresh; keys that it did not reach say so."""
        if self.state.progress is not None:
            self._stop_asking()
            self._derivation.explain(CANCELLED)
            self._end_refresh()

    def every(self, pause: timedelta | None) -> None:
        """Refresh so long after each refresh; None for no longer by itself."""
        self._timetable.every = pause
        self._become(replace(self.state, every=pause))
        self._schedule()

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
        session = self.state.session
        if session is None and self._sources.connect is not None:
            session = await asyncio.to_thread(self._sources.connect)
        if session is None:
            self._become(replace(self.state, question=Question("Sign in to see your keys' usage.")))
        else:
            self._enter(session, force=False)

    def _enter(self, session: Session, *, force: bool) -> None:
        """Figures that are there stay only when both tokens say that they are the same account's."""
        self._stop_asking()
        account, before = account_of(session.token), self.state.account
        if before is None or not account or account != before:
            self._begin_anew(session)
        self._become(replace(self.state, session=session, account=account, question=None))
        self._tasks.start(self._recall_and_refresh(session, force))

    def _begin_anew(self, session: Session) -> None:
        """Nothing of the last account stays: not its figures, and not which of its keys were chosen."""
        sources = self._sources
        self._tasks.cancel(but=self._keeper.saving)
        self._keeper.forget()
        self._visiting.forget()
        lens, opened_at = self.state.lens, self._clocks.steady()
        self._derivation.begin(replace(sources.fleet, base_url=session.origin, opened_at=opened_at))
        if self.state.account is not None:
            lens = replace(lens, only=(), focus=None, finding=None, landing=True, marked=frozenset())
        self._become(
            replace(self.state, known=self._derivation.known, lens=lens, progress=None, error=None, found=())
        )
        if sources.visits is not None and sources.watched and not sources.selectors:
            self._tasks.start(self._visiting.open(sources.visits(session), self._clocks.wall()))

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

    async def _sign_out(self, error: SessionExpired) -> None:
        """The figures stay; one question, and it goes on in place."""
        self._become(replace(self.state, session=None, error=error, question=Question(error.message)))
        self._derivation.explain(Problem.of(error))
        await self._drop_feed()

    async def _drop_feed(self) -> None:
        feed, self._feed = self._feed, None
        if feed is not None:
            await feed.aclose()

    # --- the service -----------------------------------------------------------------------------

    def _begin(self, session: Session, request: Request) -> None:
        before = self._stop_asking()
        self._request = request
        self._asking = self._tasks.start(self._ask(session, request, before))
        self._become(replace(self.state, progress=Progress(), error=None))
        self._derivation.explain(None)

    async def _ask(self, session: Session, request: Request, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait({before})
        sources, lens, derivation = self._sources, self.state.lens, self._derivation
        if self._feed is not None and self._feed.session is not session:
            await self._drop_feed()
        if self._feed is None:
            self._feed = sources.feed(session, self._clocks.steady)
        # Ids once they are known: a key that is renamed meanwhile is still the one that was meant.
        selectors, windows = lens.only or sources.selectors, request.windows
        try:
            asked = self._feed.refresh(derivation.answers, windows, selectors=selectors, since=request.since)
            async with aclosing(asked), aclosing(debounced(asked)) as updates:
                async for update in updates:
                    derivation.answers = self._clocks.noted(update.fleet)
                    self._choose_keys()
                    if sources.watched:
                        await asyncio.shield(derivation.update())
                    progress = self._clocks.by_service(update.progress, update.fleet)
                    self._become(replace(self.state, progress=progress))
            if not sources.watched:
                missed = windows.now if windows else ()
                derivation.answers = await self._keeper.completed(derivation.answers, missed, self._clocks)
            await asyncio.shield(derivation.update())
        except SessionExpired as error:
            await self._sign_out(error)
        except SocdError as error:
            self._become(replace(self.state, error=error))
            derivation.explain(Problem.of(error))
        finally:
            if self._asking is asyncio.current_task():  # else what follows is not this one's to say
                self._end_refresh()

    def _choose_keys(self) -> None:
        keys, lens = self._derivation.answers.keys, self.state.lens
        self._become(replace(self.state, lens=self._sources.chosen(keys, lens)))

    def _stop_asking(self) -> asyncio.Task[None] | None:
        """What sends nothing more, and ends soon; None when nothing was asked."""
        asking, self._asking, self._request = self._asking, None, None
        if self._feed is not None:
            self._feed.leave()
        if asking is not None:
            asking.cancel()
        return asking

    def _end_refresh(self) -> None:
        self._asking = None
        self._become(replace(self.state, progress=None))
        self._schedule()
        self._keeper.keep(self.state.known)

    def _schedule(self) -> None:
        """The next refresh, when there is to be one."""
        wait = timedelta(seconds=self._feed.wait_s(LONG_WAIT) if self._feed else 0)
        held_up = refused(self._derivation.answers, self.state.lens, self._request)
        cut_short = held_up is not None or isinstance(self.state.error, Throttled)
        pause = self._timetable.set(wait, cut_short=cut_short and self._sources.watched)
        next_at = None if pause is None else self.now() + pause
        progress = self.state.progress if self._asking else None
        if held_up and next_at and not self._asking:
            progress, next_at = held_up._replace(next_at=next_at), None
        self._become(replace(self.state, progress=progress, next_refresh=next_at))

    def _refresh_again(self, rest: bool) -> None:
        """Not while one runs: a slow service would be asked over and over and never heard to the end."""
        session, asked = self.state.session, self._request
        if session is None or self._asking is not None:
            self._schedule()
        elif rest and asked is not None:
            self._begin(session, asked.rest)
        else:
            self.refresh(force=True)
            if self._asking is None:  # somebody has just asked for the same
                self._schedule()

    # --- what is shown ---------------------------------------------------------------------------

    def _look_back(self) -> None:
        self._derivation.past = self._keeper.past
        self._derivation.update()

    def _show(self) -> None:
        self._become(replace(self.state, known=self._derivation.known))

    def _task_ended(self) -> None:
        """What is at rest is what somebody sees."""
        at_rest = not (self._tasks or self._derivation.gap or self._closing)
        if at_rest and self._visiting.is_due(self.state):
            self._tasks.start(self._note_visit())
        super()._task_ended()

    async def _note_visit(self) -> None:
        visiting = self._visiting
        await visiting.note(self.state.known)
        self._derivation.visited(visiting.before)
        self._become(replace(self.state, known=self._derivation.known, found=visiting.found))
