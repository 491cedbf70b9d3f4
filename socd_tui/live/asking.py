"""One refresh at a time: when the service is asked, for what, and what comes of it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import datetime, timedelta

from socd_tui.live.clocks import Clocks
from socd_tui.live.debounce import debounced
from socd_tui.live.derivation import CANCELLED, Derivation
from socd_tui.live.keeper import Keeper
from socd_tui.live.request import Request, refused
from socd_tui.live.sources import Sources
from socd_tui.live.state import Question, State
from socd_tui.live.stream import Stream
from socd_tui.live.timetable import LONG_WAIT, Timetable
from socd_tui.model.errors import Problem, SessionExpired, SocdError, Throttled
from socd_tui.model.lens import Lens
from socd_tui.model.progress import Progress
from socd_tui.model.record import replace
from socd_tui.model.session import Session
from socd_tui.service.feed import Feed

NOT_ASKED = "Nothing is asked: these figures stay as they are."


class Asking(Stream):
    """Asks for the figures of the session in its State, and shows and keeps the answers."""

    def __init__(self, sources: Sources, lens: Lens) -> None:
        super().__init__()
        self._sources = sources
        self._clocks = Clocks(sources.clock, sources.steady or sources.clock)
        self._derivation = Derivation(self._tasks, sources, lens, self._show)
        self._keeper = Keeper(self._tasks, notify=self._notify, looked_back=self._look_back)
        self.state = State(known=self._derivation.known, lens=lens, session=sources.session)
        self._feed: Feed | None = None
        self._asking: asyncio.Task[None] | None = None
        self._request: Request | None = None
        """What is asked, or was last."""
        self._timetable = Timetable(sources.later, self._refresh_again)

    def now(self) -> datetime:
        """The service's clock; this machine's before the service has said."""
        return self._clocks.service_now(self.state.fleet)

    def refresh(self, *, force: bool = False) -> None:
        """Ask for what is missing or older than a minute, for everything when forced; or for a token."""
        session = self.state.session
        if self._sources.kept is not None:
            self._notify([NOT_ASKED])
            return
        if session is None:
            self._become(replace(self.state, question=Question("Sign in to refresh.")))
            return
        now, asked = self._clocks.steady(), self._request
        request = Request(self._sources.windows(self.state.lens), now, since=now if force else None)
        failed = self.state.error is not None or self._derivation.gap is not None
        if failed or asked is None or not asked.brings(request, running=self._asking is not None):
            self._derivation.refresh_begins()
            self._begin(session, request)

    def pause(self) -> None:
        """Refresh no longer by itself for now; what was cut short goes on."""
        self._become(replace(self.state, paused=True))

    def resume(self) -> None:
        """Refresh by itself again, at once where that has become due meanwhile."""
        due = self.state.next_refresh if self.state.paused else None
        self._become(replace(self.state, paused=False))
        if due is not None and due <= self.now():
            self._refresh_again(False)

    def cancel(self) -> None:
        """Stop the running refresh; keys that it did not reach say so."""
        if self.state.progress is not None:
            self._stop_asking()
            self._derivation.explain(CANCELLED)
            self._end_refresh()

    def every(self, pause: timedelta | None) -> None:
        """Refresh so long after each refresh; None for no longer by itself."""
        if self._sources.kept is not None:
            self._notify([NOT_ASKED])
            return
        self._timetable.every = pause
        self._become(replace(self.state, every=pause))
        self._schedule()

    def _begin(self, session: Session, request: Request) -> None:
        before = self._stop_asking()
        self._request = request
        self._asking = self._tasks.start(self._ask(session, request, before))
        self._become(replace(self.state, progress=Progress(), error=None))
        self._derivation.explain(None)

    async def _ask(self, session: Session, request: Request, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait({before})
            del before  # with the figures that it had
        sources, lens, derivation = self._sources, self.state.lens, self._derivation
        if self._feed is not None and self._feed.session is not session:
            await self._drop_feed()
        if self._feed is None:
            self._feed = sources.feed(session, self._clocks.steady)
        # Ids once they are known: a key that is renamed meanwhile is still the one that was meant.
        selectors, windows = lens.only or sources.selectors, request.windows
        try:
            asked = self._feed.refresh(derivation.answers, windows, selectors=selectors, since=request.since)
            shown = debounced(asked, at_once=lambda update: update.completes)
            async with aclosing(asked), aclosing(shown) as updates:
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
        except SocdError as error:
            error.with_traceback(None)  # which leads to all that was asked, and to the figures before it
            if isinstance(error, SessionExpired):
                await self._sign_out(error)
            else:
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
        if self.state.paused and not rest:
            self._become(replace(self.state, next_refresh=self.now()))
        elif session is None or self._asking is not None:
            self._schedule()
        elif rest and asked is not None:
            self._begin(session, asked.rest)
        else:
            self.refresh(force=True)
            if self._asking is None:  # somebody has just asked for the same
                self._schedule()

    async def _sign_out(self, error: SessionExpired) -> None:
        """The figures stay; one question, and it goes on in place."""
        self._become(replace(self.state, session=None, error=error, question=Question(error.message)))
        self._derivation.explain(Problem.of(error))
        await self._drop_feed()

    async def _drop_feed(self) -> None:
        feed, self._feed = self._feed, None
        if feed is not None:
            await feed.aclose()

    def _look_back(self) -> None:
        self._derivation.past = self._keeper.past
        self._derivation.update()

    def _show(self) -> None:
        self._become(replace(self.state, known=self._derivation.known))
