"""Where a Live has its figures from: the service, the memory, and the clock that dates them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from socd_tui.clock import Clock
from socd_tui.live.memory import Memory
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens, Wanted
from socd_tui.model.preferences import DEFAULT, Preferences
from socd_tui.model.record import dataclass, replace
from socd_tui.model.session import Session
from socd_tui.service.feed import Feed

if TYPE_CHECKING:
    from socd_tui.store.visit import VisitFile

LEAVING_S = 2.0
"""How long the end waits for what was learnt to be written down: a locked database must not hold it."""


class Timer(Protocol):
    """A call that is due later."""

    def cancel(self) -> None: ...


def call_later(delay_s: float, call: Callable[[], None]) -> Timer:
    import asyncio  # takes tens of milliseconds, before anything is shown

    return asyncio.get_running_loop().call_later(delay_s, call)


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Everything a Live would otherwise reach out for."""

    fleet: Fleet
    """Nothing known yet: which service, and whether it is the demo's."""
    clock: Clock
    """This machine's, which somebody may set."""
    steady: Clock | None = None
    """Goes on whatever happens to the other one; None when nobody sets that."""
    session: Session | None = None
    kept: Fleet | None = None
    """All that will be known: nothing is asked then, and nobody signs in."""
    connect: Callable[[], Session] | None = None
    """Makes the session in a thread when there is none yet: for what takes its time, as a demo service."""
    feed: Callable[[Session, Clock], Feed] = Feed
    memory: Callable[[Session], Memory] | None = None
    """What this machine remembers of the session's account; None remembers and keeps nothing."""
    visits: Callable[[Session], VisitFile] | None = None
    """Where it is kept what stood when the session's account was looked at last; None keeps nothing."""
    watched: bool = True
    """Somebody looks at every State; else at the last one only, in which nothing but fresh answers count."""
    selectors: tuple[str, ...] = ()
    """Keys the picture is restricted to, as typed; resolved when the list arrives."""
    windows: Callable[[Lens], Wanted | None]
    """What the service is asked for a Lens; None for the keys and their limits only."""
    preferences: Preferences = DEFAULT
    news: Callable[[], Sequence[str]] = tuple
    """Gives out what a person should be told, each sentence once: at the start and after a sign-in."""
    later: Callable[[float, Callable[[], None]], Timer] = call_later
    """Calls back after so many seconds."""

    def chosen(self, keys: Sequence[ApiKey], lens: Lens) -> Lens:
        """The Lens restricted to the keys that are selected, once these are known. Raises UsageError."""
        if not self.selectors or lens.only:
            return lens
        from socd_tui.model.select import select

        return replace(lens, only=tuple(key.id for key in select(keys, self.selectors)))
