"""One account's figures, kept up to date: what to ask, show, keep and forget, and how far all that is.

    live = Live(sources, lens)
    live.start()
    async for state in live.states():
        ...  # paint it; a key press calls look, refresh, cancel or sign_in
    await live.close()

All methods are called on the event loop, which they never hold up: what takes its time is done in tasks and
threads. What goes wrong in an expected way is in the State; a mistake of the program is raised by `states`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial

from socd_tui.analysis.known import prepare
from socd_tui.live.debounce import debounced
from socd_tui.live.keeper import Keeper
from socd_tui.live.preparation import CANCELLED, SIGNED_OUT, Ingredients, derive
from socd_tui.live.sources import LEAVING_S, Sources, Timer
from socd_tui.live.state import Progress, Question, State
from socd_tui.live.tasks import Tasks
from socd_tui.live.thread import in_thread
from socd_tui.model.errors import Problem, SessionExpired, SocdError, UsageError
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, settled
from socd_tui.model.select import select
from socd_tui.model.session import Session
from socd_tui.model.token import account_of
from socd_tui.model.window import beyond_service
from socd_tui.service.feed import Feed


class Live:
    """The figures of whoever is signed in. `state` is the newest State."""

    def __init__(self, sources: Sources, lens: Lens) -> None:
        self._sources = sources
        known = prepare(sources.fleet, lens, sources.preferences)
        self.state = State(known=known, lens=lens, session=sources.session)
        self._answers = sources.fleet
        """The service's newest answers and what was recalled of older ones, nothing else."""
        self._made_of = Ingredients(sources.fleet, {})
        """What the Fleet that is shown was made of."""
        self._gap: Problem | None = None
        """Why nobody asks for the answers that are missing."""
        self._feed: Feed | None = None
        self._tasks = Tasks(lambda: self._become(self.state))
        self._keeper = Keeper(self._tasks, notify=self._notify, looked_back=self._prepare)
        self._asking: asyncio.Task[None] | None = None
        self._preparing: asyncio.Task[None] | None = None
        self._every: timedelta | None = None
        self._timer: Timer | None = None
        self._changed = asyncio.Event()
        self._closed = False

    # --- what whoever looks can do ---------------------------------------------------------------

    def start(self) -> None:
        """Begin with the session there is; without one the State asks for it."""
        self._tasks.start(self._start())
        self._become(self.state)

    async def states(self) -> AsyncGenerator[State, None]:
        """The newest State, then a newer one whenever there is one, until `close`. For one reader.

        Raises what no part of the program expected.
        """
        while not self._closed:
            self._changed.clear()
            yield self.state
            await self._changed.wait()
            if self._tasks.failure is not None:
                raise self._tasks.failure

    def look(self, lens: Lens) -> None:
        """Look through another Lens; asks the service when it wants a window there is no answer for."""
        before, session = self.state.lens, self.state.session
        asks = self._sources.windows(lens) != self._sources.windows(before)
        stretched = lens.days != before.days
        known = self.state.known
        if stretched or lens.compare != before.compare:
            known = prepare(known.fleet, lens, known.preferences, known, long=False)
        self._become(replace(self.state, known=known, lens=lens))
        if (asks or stretched) and session is None:
            self._explain(SIGNED_OUT)
        if asks or (stretched and beyond_service(lens.days)):
            self._prepare()
        if asks and session is not None:
            self.refresh()

    def refresh(self, *, force: bool = False) -> None:
        """Ask for what is missing or older than a minute, for everything when forced; or for a token."""
        session = self.state.session
        if session is None:
            self._become(replace(self.state, question=Question("Sign in to refresh.")))
            return
        if self._asking is not None:
            self._asking.cancel()
        self._asking = self._tasks.start(self._ask(session, force))
        self._become(replace(self.state, progress=Progress(0, 0), error=None))
        self._explain(None)

    def cancel(self) -> None:
        """Stop the running refresh; keys that it did not reach say so."""
        if self._asking is not None:
            self._asking.cancel()
            self._explain(CANCELLED)
            self._end_refresh()

    def every(self, pause: timedelta | None) -> None:
        """Refresh so long after each refresh; None for no longer by itself."""
        self._every = pause
        self._schedule()

    def sign_in(self, session: Session) -> None:
        """Go on with a new session. Of another account's figures nothing stays."""
        self._notify(self._sources.news())
        self._enter(session, force=True)

    async def close(self, deadline_s: float = LEAVING_S) -> None:
        """Stop, and wait at most that long for what was learnt to be written down."""
        self.every(None)
        self._tasks.cancel(but=self._keeper.saving)
        self._keeper.keep(self.state.known)
        await self._tasks.wait(deadline_s)
        self._tasks.cancel()
        await self._drop_feed()
        self._closed = True
        self._changed.set()

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
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        account, before = account_of(session.token), self.state.account
        if before is None or not account or account != before:
            self._begin_anew(session)
        self._become(replace(self.state, session=session, account=account, question=None))
        self._tasks.start(self._recall_and_refresh(session, force))

    def _begin_anew(self, session: Session) -> None:
        """Nothing of the last account stays: not its figures, and not which of its keys were chosen."""
        self._tasks.cancel(but=self._keeper.saving)
        self._keeper.forget()
        self._preparing = self._gap = None
        sources, lens = self._sources, self.state.lens
        fleet = replace(sources.fleet, base_url=session.origin, opened_at=sources.clock())
        self._answers, self._made_of = fleet, Ingredients(fleet, {})
        if self.state.account is not None:
            lens = replace(lens, only=(), focus=None, marked=frozenset())
        known = prepare(fleet, lens, sources.preferences)
        self._become(replace(self.state, known=known, lens=lens, progress=None, error=None))

    async def _recall_and_refresh(self, session: Session, force: bool) -> None:
        """What was known of this account last, then the service: one after the other, lest they mix."""
        sources = self._sources
        if sources.memory is not None and not self._keeper.is_open:
            known_last = await self._keeper.open(partial(sources.memory, session), recalls=sources.recalls)
            if known_last is not None and not self._answers.keys:  # else the service has answered meanwhile
                await self._recall(known_last)
        if self._asking is None:
            self.refresh(force=force)
        else:  # somebody did not want to wait
            self._keeper.keep(self.state.known)

    async def _recall(self, fleet: Fleet) -> None:
        """Show what was known last."""
        self._answers = replace(
            self._answers, keys=fleet.keys, usages=fleet.usages, listed_at=fleet.listed_at
        )
        with suppress(UsageError):  # a key that was not there then may be there now
            self._choose()
        await asyncio.shield(self._prepare())

    async def _sign_out(self, error: SessionExpired) -> None:
        """The figures stay; one question, and it goes on in place."""
        self._become(replace(self.state, session=None, error=error, question=Question(error.message)))
        self._explain(Problem.of(error))
        await self._drop_feed()

    async def _drop_feed(self) -> None:
        feed, self._feed = self._feed, None
        if feed is not None:
            await feed.aclose()

    # --- the service -----------------------------------------------------------------------------

    async def _ask(self, session: Session, force: bool) -> None:
        sources, lens = self._sources, self.state.lens
        if self._feed is not None and self._feed.session is not session:
            await self._drop_feed()
        if self._feed is None:
            self._feed = sources.feed(session, sources.clock)
        # Ids once they are known: a key that is renamed meanwhile is still the one that was meant.
        selectors = lens.only or sources.selectors
        try:
            asked = self._feed.refresh(self._answers, sources.windows(lens), selectors=selectors, force=force)
            async with aclosing(asked), aclosing(debounced(asked)) as updates:
                async for update in updates:
                    self._answers = update.fleet
                    self._choose()
                    await asyncio.shield(self._prepare())
                    self._become(replace(self.state, progress=Progress(update.done, update.total)))
        except SessionExpired as error:
            await self._sign_out(error)
        except SocdError as error:
            self._become(replace(self.state, error=error))
            self._explain(Problem.of(error))
        finally:
            if self._asking is asyncio.current_task():  # else what follows is not this one's to say
                self._end_refresh()

    def _choose(self) -> None:
        """Once the keys are known: which of them the picture is about. Raises UsageError."""
        lens = self.state.lens
        if self._sources.selectors and not lens.only:
            chosen = select(self._answers.keys, self._sources.selectors)
            self._become(replace(self.state, lens=replace(lens, only=tuple(key.id for key in chosen))))

    def _end_refresh(self) -> None:
        self._asking = None
        self._become(replace(self.state, progress=None))
        if self._every is not None:
            self._schedule()
        self._keeper.keep(self.state.known)

    def _schedule(self) -> None:
        """The next automatic refresh, when there is to be one."""
        if self._timer is not None:
            self._timer.cancel()
        pause, self._timer, next_refresh = self._every, None, None
        if pause is not None:
            self._timer = self._sources.later(pause.total_seconds(), self._refresh_again)
            next_refresh = self._sources.clock() + pause
        self._become(replace(self.state, next_refresh=next_refresh))

    def _refresh_again(self) -> None:
        """Not while one runs: a slow service would be asked over and over and never heard to the end."""
        if self.state.session is not None and self._asking is None:
            self.refresh(force=True)
        else:
            self._schedule()

    # --- what is shown ---------------------------------------------------------------------------

    def _prepare(self) -> asyncio.Task[None]:
        """Show the newest answers, as soon as they are made ready for the newest Lens."""
        if self._preparing is None or self._preparing.done():
            self._preparing = self._tasks.start(self._made_ready())
        return self._preparing

    async def _made_ready(self) -> None:
        """Once more where answers, memory, window or the reason for what is missing changed meanwhile."""
        known, made_of, lens = self.state.known, self._made_of, self.state.lens
        made_for: object = None
        while made_for != (newest := (self._ingredients(), self.state.lens.days, self.state.lens.compare)):
            made_for, ingredients, lens = newest, newest[0], self.state.lens
            known = await in_thread(
                partial(derive, ingredients, lens, known, unchanged=ingredients == made_of)
            )
            made_of = ingredients
        self._made_of = made_of
        self._become(replace(self.state, known=known))

    def _ingredients(self) -> Ingredients:
        asked = self._sources.windows(self.state.lens) if self._gap is not None else None
        windows = (*asked.now, *asked.background, self.state.lens.days) if asked else ()
        return Ingredients(self._answers, self._keeper.past, self._gap if asked else None, windows)

    def _explain(self, gap: Problem | None) -> None:
        """Why answers that are missing will not come; None when they are awaited."""
        if gap != self._gap:
            self._gap = gap
            self._prepare()

    def _notify(self, sentences: Iterable[str]) -> None:
        self._become(replace(self.state, notices=(*self.state.notices, *sentences)))

    def _become(self, state: State) -> None:
        self.state = replace(state, lens=settled(state.fleet, state.lens), busy=bool(self._tasks))
        self._changed.set()
