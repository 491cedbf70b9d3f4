"""Where the Fleet comes from: what is remembered, then the service; and whose it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import aclosing, suppress
from dataclasses import replace
from functools import partial

from textual import work
from textual.timer import Timer

from socd_tui.analysis.known import prepare
from socd_tui.memory import Memory
from socd_tui.model.errors import Problem, SessionExpired, SocdError, UsageError
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, visible, wanted
from socd_tui.model.past import Past
from socd_tui.model.select import select
from socd_tui.model.session import Session
from socd_tui.model.token import account_of
from socd_tui.model.window import beyond_service
from socd_tui.service.feed import Feed
from socd_tui.tui.aside import aside
from socd_tui.tui.calm import calm
from socd_tui.tui.cockpit import Cockpit
from socd_tui.tui.prompts import SignIn
from socd_tui.tui.ready import ready
from socd_tui.tui.setup import Setup


class Refreshing(Cockpit):
    """A Cockpit whose Fleet is of the signed-in account, and grows newer."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.auto: Timer | None = None
        self._feed: Feed | None = None
        self._memory: Memory | None = None
        self._past: Mapping[str, Past] = {}
        self._seen_all = False
        """All that is remembered was read again after this run's first answers had been kept."""
        self._account: str | None = None
        """Whose figures are shown, empty when the token did not say; None before anybody has signed in."""
        self._asking: asyncio.Task[None] | None = None
        """The latest refresh."""
        self._keeping: asyncio.Task[None] | None = None
        """What was learnt last, being written down: a refresh that is cancelled does not stop it."""
        self._unasked: set[Problem] = set()
        """Why answers were not asked for: true until they are."""

    def on_mount(self) -> None:  # beside the Cockpit's own
        self.call_after_refresh(self._start)

    async def on_unmount(self) -> None:
        """The terminal is given back; what was learnt is written down, if that does not take too long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.setup.leaving_s):
                if self._asking is not None:  # it keeps what it has when it ends
                    await asyncio.wait({self._asking})
                if self._keeping is not None:
                    await asyncio.wait({self._keeping})
        await self._drop_feed()

    async def _start(self) -> None:
        """After the first frame: ask for a token or for figures."""
        self._tell(self.setup.news())
        if self.session is None and self.setup.connect is not None:
            self.session = await asyncio.to_thread(self.setup.connect)
            self.fleet = replace(self.fleet, base_url=self.session.origin)
        if self.session is None:
            self.ask_session("Sign in to see your keys' usage.")
        else:
            self._enter(self.session)

    def look(self, lens: Lens) -> None:
        """Look through another Lens; fetch when it wants a window there is no answer for."""
        before, self.lens = self.lens, lens
        self.known = prepare(self.fleet, lens, self.setup.preferences, self.known)
        asks, stretched = wanted(lens) != wanted(before), lens.days != before.days
        if (asks or stretched) and self.session is None:
            self._unreached(
                Problem(kind="not_signed_in", message="You are signed out.", next_step="Press r to sign in.")
            )
        self.paint()
        if stretched and beyond_service(lens.days):
            self._renew()
        if asks and self.session is not None:
            self.refresh_fleet()

    # --- whose figures ---------------------------------------------------------------------------

    def ask_session(self, reason: str) -> None:
        if isinstance(self.screen, SignIn):
            return

        def answered(session: Session | None) -> None:
            if session is not None:
                self._tell(self.setup.news())
                self._enter(session, force=True)
            self.paint()

        self.push_screen(SignIn(reason, self.setup.origin, self.setup.sign_in), answered)

    def _enter(self, session: Session, *, force: bool = False) -> None:
        """Go on with a session; what is on screen stays only when both tokens say that it is theirs."""
        account = account_of(session.token)
        if self._account is not None and (not account or account != self._account):
            self._forget()
        self.session, self._account = session, account
        self._begin(session, force)

    def _forget(self) -> None:
        """Nothing of the last account stays: not its figures, and not which of its keys were chosen."""
        for group in ("begin", "memory", "refresh"):
            self.workers.cancel_group(self, group)
        self.fleet = Fleet(mode=self.setup.fleet.mode, base_url=self.fleet.base_url)
        self.lens = replace(self.lens, only=(), focus=None, marked=frozenset())
        self.problem = self.progress = self._memory = None
        self._past, self._seen_all = {}, False

    @work(exclusive=True, group="begin")
    async def _begin(self, session: Session, force: bool) -> None:
        """What was known of this account last, then the service: one after the other, lest they mix."""
        if self.setup.memory is not None and self._memory is None:
            await self._recall(partial(self.setup.memory, session))
        self.refresh_fleet(force)

    async def _signed_out(self, error: SessionExpired) -> None:
        """What is on screen stays; one question, and it goes on in place."""
        self.session = None
        self.problem = Problem.of(error)
        self._unreached(self.problem)
        await self._drop_feed()
        self.ask_session(error.message)

    async def _drop_feed(self) -> None:
        feed, self._feed = self._feed, None
        if feed is not None:
            await feed.aclose()

    # --- what is remembered ----------------------------------------------------------------------

    async def _recall(self, open_: Callable[[], Memory]) -> None:
        """Show what was known last; all that is remembered follows when it is read."""
        memory = await aside(open_)
        fleet = await aside(partial(memory.last, self.fleet))
        known = await aside(partial(ready, fleet, self.lens, {}, self.known))
        self._memory = memory
        if not self.fleet.keys:  # else the service was asked meanwhile, and has answered
            self.known = known
            with suppress(UsageError):  # a key that was not there then may be there now
                self._first_look()
            self.paint()
        self._look_back(memory)

    @work(group="memory")
    async def _look_back(self, memory: Memory) -> None:
        """Read all that is remembered, which may take longer than the service's answer."""
        self._past = await aside(memory.past)
        self._renew()

    @work(group="memory")
    async def _renew(self) -> None:
        """Show the Fleet with what is remembered now, and the window that the Lens wants now."""
        await self._take(lambda: self.fleet)
        self.paint()

    async def _take(self, newest: Callable[[], Fleet]) -> None:
        """A newer Fleet, made ready for the Lens; once more where either has changed meanwhile."""
        taken = None
        while taken != (found := (newest(), self._past, self.lens.days, self.lens.compare)):
            taken = found
            made = await aside(partial(ready, taken[0], self.lens, self._past, self.known))
        self.known = made

    async def _keep(self) -> None:
        """Add to what is remembered what was learnt."""
        memory = self._memory
        if memory is not None:
            self._keeping = asyncio.create_task(aside(partial(memory.keep, self.known)))
            await asyncio.shield(self._keeping)
            if not self.leaving:
                self._tell(memory.notices)
                if not self._seen_all:  # what this run adds of today is then there to look back on
                    self._seen_all = True
                    self._look_back(memory)

    def _tell(self, sentences: Iterable[str]) -> None:
        for sentence in sentences:
            self.notify(sentence, markup=False, timeout=10)

    # --- the service -----------------------------------------------------------------------------

    def refresh_fleet(self, force: bool = False) -> None:
        """Fetch what is missing or older than a minute; everything when forced."""
        if self.session is None:
            self.ask_session("Sign in to refresh.")
        else:
            self._fetch(self.session, force)

    @work(exclusive=True, group="refresh")
    async def _fetch(self, session: Session, force: bool) -> None:
        if self._feed is None:
            self._feed = self.setup.feed(session, self.setup.clock)
        self._asking = this = asyncio.current_task()
        self.progress, self.problem = (0, 0), None
        self._awaited_again()
        self._paint_frame()
        # Ids once they are known: a key that is renamed meanwhile is still the one that was meant.
        selectors = self.lens.only or self.setup.selectors
        try:
            asked = self._feed.refresh(self.fleet, wanted(self.lens), selectors=selectors, force=force)
            async with aclosing(asked), aclosing(calm(asked)) as updates:
                async for update in updates:
                    fleet = replace(update.fleet, mode=self.setup.fleet.mode)
                    await self._take(lambda fleet=fleet: fleet)  # type: ignore[misc]
                    self.progress = (update.done, update.total)
                    self._first_look()
                    self.paint()
        except SessionExpired as error:
            await self._signed_out(error)
        except SocdError as error:
            if isinstance(error, UsageError) and not self.lens.only:
                self.exit(return_code=error.exit_code, message=str(error))
            self.problem = Problem.of(error)
            self._unreached(self.problem)
            self.notify(str(error), severity="error", markup=False)
        finally:
            if self._asking is this:  # else a newer refresh has begun, and what follows is its to say
                self.progress = None
                if self.auto is not None:
                    self._next_refresh = self.setup.clock() + self.setup.refresh_every
                self.paint()
            await self._keep()

    def _first_look(self) -> None:
        """Once the keys are known: which of them the picture is about, and the cursor on one."""
        if self.setup.selectors and not self.lens.only:
            chosen = select(self.fleet.keys, self.setup.selectors)
            self.lens = replace(self.lens, only=tuple(key.id for key in chosen))
        if self.lens.focus is None and (keys := visible(self.fleet, self.lens)):
            self.lens = replace(self.lens, focus=keys[0].id)

    def cancel_refresh(self) -> None:
        """Stop the running refresh; keys it did not reach say so."""
        self.workers.cancel_group(self, "refresh")
        self._unreached(
            Problem(
                kind="cancelled", message="The refresh was cancelled.", next_step="Press r to start it again."
            )
        )

    def _unreached(self, problem: Problem) -> None:
        """Keys that wait for answers which will not come say why, in every window the Lens wants."""
        asked = wanted(self.lens)
        days = (*asked.now, *asked.background, self.lens.days)
        slots = [(key.id, each) for key in self.fleet.keys for each in days]
        told = {
            slot: replace(problem, key_id=slot[0])
            for slot in slots
            if slot not in self.fleet.usages and slot not in self.fleet.failures
        }
        self._unasked.update(told.values())
        self.fleet = replace(self.fleet, failures={**self.fleet.failures, **told})

    def _awaited_again(self) -> None:
        """What was not asked for is asked for now."""
        failures = {
            slot: problem for slot, problem in self.fleet.failures.items() if problem not in self._unasked
        }
        self._unasked.clear()
        self.fleet = replace(self.fleet, failures=failures)

    def refresh_regularly(self, on_: bool) -> None:
        """Refresh every so often, or no longer."""
        if self.auto is not None:
            self.auto.stop()
        every = self.setup.refresh_every
        self.auto = self.set_interval(every.total_seconds(), self._refresh_if_signed_in) if on_ else None
        self._next_refresh = self.setup.clock() + every if on_ else None
        self._paint_frame()

    def _refresh_if_signed_in(self) -> None:
        """Not while one runs: a slow service would be asked over and over and never heard to the end."""
        if self.session is not None and self.progress is None:
            self.refresh_fleet(force=True)
