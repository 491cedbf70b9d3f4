"""What was known of an account when the program last ran, as the first thing that is shown.

Nothing here waits for a loop: the picture of it is drawn before there is one.
"""

from __future__ import annotations

from contextlib import suppress

from socd_tui.analysis.known import Known, prepare
from socd_tui.live.clocks import Clocks
from socd_tui.live.ingredients import Ingredients
from socd_tui.live.joined import joined
from socd_tui.live.memory import Memory
from socd_tui.live.sources import Sources
from socd_tui.live.state import State
from socd_tui.model.errors import UsageError
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, settled
from socd_tui.model.record import dataclass, replace
from socd_tui.model.session import Session
from socd_tui.model.token import account_of


@dataclass(frozen=True, kw_only=True, eq=False)
class Recalled:
    """What is shown first, and the Memory that goes on from it."""

    state: State
    answers: Fleet
    """The service's, as they were kept."""
    memory: Memory | None
    """None where nothing will be asked and kept."""

    @property
    def known(self) -> Known:
        return self.state.known


def recalled(sources: Sources, lens: Lens) -> Recalled | None:
    """All that there is before anything is asked; None where that is nothing.

    Takes tens of milliseconds; longer where another process holds the history.
    """
    session = sources.session
    if sources.kept is not None:
        return _shown(sources, lens, sources.kept, None)
    if session is None or sources.memory is None:
        return None
    memory = sources.memory(session)
    last = memory.last()
    if last is None:
        return None
    clocks = Clocks(sources.clock, sources.steady or sources.clock)
    answers = joined(
        nothing_yet(sources, session, clocks), replace(last, usages=clocks.of_the_past(last.usages))
    )
    return _shown(sources, lens, answers, memory)


def nothing_yet(sources: Sources, session: Session, clocks: Clocks) -> Fleet:
    """The Fleet of an account of which nothing is known, from this moment on."""
    return replace(sources.fleet, base_url=session.origin, opened_at=clocks.steady())


def _shown(sources: Sources, lens: Lens, answers: Fleet, memory: Memory | None) -> Recalled:
    with suppress(UsageError):  # a key that was not there then may be there now
        lens = sources.chosen(answers.keys, lens)
    known = prepare(Ingredients(answers, answers.past).fleet(), lens, sources.preferences)
    session = sources.session
    state = State(
        known=known,
        lens=settled(known.fleet, lens),
        session=session,
        account=account_of(session.token) if session else None,
    )
    return Recalled(state=state, answers=answers, memory=memory)
