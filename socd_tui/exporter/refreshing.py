"""Asks the service again and again, in a thread of its own, and shows what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing, suppress
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from socd_tui.analysis.known import prepare
from socd_tui.live.live import Live
from socd_tui.live.sources import LEAVING_S, Sources
from socd_tui.live.thread import in_thread
from socd_tui.model.errors import SessionExpired, SocdError
from socd_tui.model.lens import Lens
from socd_tui.model.record import replace
from socd_tui.model.session import Session
from socd_tui.outputs.metrics.family import Reading

if TYPE_CHECKING:
    from socd_tui.exporter.page import Page
    from socd_tui.store.counters import Counters

READABLE = "The account can be read again."


def nothing_yet(sources: Sources, lens: Lens) -> Reading:
    """What there is to tell before anything was asked."""
    return Reading(
        known=prepare(sources.fleet, lens, sources.preferences),
        lens=lens,
        is_up=None,
        refreshes=0,
        failures={"session": 0, "service": 0},
    )


class Account(Protocol):
    """Whose figures are told, and what this machine remembers of them. All calls may take their time."""

    def session(self) -> Session:
        """The one that is stored now. Raises SocdError, NotSignedIn where there is none."""

    def counters(self, session: Session) -> Mapping[str, Counters]:
        """What each key's counters stand at, noted as told."""


class Refreshing:
    """Asks for one account's figures and shows them on the Page; `tell` gets sentences for a person.

    The session is read anew each time, so that whoever signs in anew elsewhere is followed.
    """

    def __init__(
        self,
        sources: Sources,
        lens: Lens,
        account: Account,
        page: Page,
        *,
        interval_s: float,
        tell: Callable[[str], None],
    ) -> None:
        self._sources, self._lens, self._account, self._page = sources, lens, account, page
        self._interval_s, self._tell = interval_s, tell
        self._live: Live | None = None
        self._told = 0
        """Of the Live's notices."""
        self._trouble = ""
        """What was told last of why the account cannot be read."""
        self._reading = nothing_yet(sources, lens)

    async def run(self, stopping: asyncio.Event) -> None:
        """Until it is stopped: at once, and so long after each refresh."""
        asking: asyncio.Task[None] | None = None
        try:
            while not stopping.is_set():
                asking = asyncio.create_task(self.refresh())
                stopped = asyncio.create_task(stopping.wait())
                await asyncio.wait({asking, stopped}, return_when=asyncio.FIRST_COMPLETED)
                stopped.cancel()
                if asking.done():
                    asking.result()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(stopping.wait(), self._interval_s)
        finally:
            if asking is not None:
                asking.cancel()
            if self._live is not None:
                await self._live.close(LEAVING_S)

    async def refresh(self) -> None:
        """Ask once, and show what came of it."""
        began_s, session = monotonic(), None
        failures = dict(self._reading.failures)
        try:
            session = await in_thread(self._account.session)
            await self._ask(session)
        except SocdError as error:
            is_signed_out = session is None or isinstance(error, SessionExpired)
            failures["session" if is_signed_out else "service"] += 1
            self._reading = replace(self._reading, is_up=False)
            self._note(str(error))
        else:
            self._reading = replace(self._reading, is_up=True)
            self._note("")
        self._reading = replace(
            self._reading,
            took_s=monotonic() - began_s,
            expires_at=session.expires_at if session else None,
            refreshes=(self._reading.refreshes or 0) + 1,
            failures=failures,
        )
        self._page.show(self._reading)

    async def _ask(self, session: Session) -> None:
        """Everything for the Lens, of whoever is signed in. Raises what ended it early."""
        live = self._live
        if live is None:
            live = self._live = Live(replace(self._sources, session=session), self._lens)
            live.start()
        elif live.state.session is None or live.state.session.token != session.token:
            live.sign_in(session)
        else:
            live.refresh(force=True)
        async with aclosing(live.states()) as states:
            async for state in states:
                if not state.busy:
                    break
        state = live.state
        for notice in state.notices[self._told :]:
            self._tell(notice)
        self._told = len(state.notices)
        if state.account is not None:  # figures of another account are gone, whatever came of asking
            self._reading = replace(self._reading, known=state.known, lens=state.lens)
        if state.error is not None:
            raise state.error
        counters = await in_thread(lambda: self._account.counters(session))
        self._reading = replace(self._reading, counters=counters)

    def _note(self, trouble: str) -> None:
        """Each trouble is told once, and that it is over."""
        if trouble != self._trouble:
            self._tell(trouble or READABLE)
        self._trouble = trouble


class RefreshingThread:
    """Runs a Refreshing beside everything else. What it did not expect ends it, and `ended` is called."""

    def __init__(self, refreshing: Refreshing, ended: Callable[[], None]) -> None:
        self._refreshing, self._ended = refreshing, ended
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._begun = Event()
        self.failure: BaseException | None = None
        self._thread = Thread(target=self._run, name="socd-refreshing", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._begun.wait()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """Ask for nothing more; what was learnt is written down, if that does not take long."""
        if self._loop is not None and self._stopping is not None:
            with suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(LEAVING_S + 1)

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except BaseException as error:  # noqa: BLE001  # raised where the program ends
            self.failure = error
        finally:
            self._begun.set()
            self._ended()

    async def _main(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        self._begun.set()
        await self._refreshing.run(self._stopping)
