"""What is known at one moment, and what is under way, as one frozen value."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from socd_tui.analysis.known import Known
from socd_tui.model.errors import SocdError
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.record import dataclass
from socd_tui.model.session import Session
from socd_tui.model.target import FindingTarget

if TYPE_CHECKING:
    from socd_tui.model.progress import Progress


@dataclass(frozen=True, eq=False)
class Question:
    """A session token is needed, and why. Each time it is needed is another Question."""

    reason: str


# Compared by identity: two States are different moments.
@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class State:
    """One moment of a Live. Everything shown is a function of what is `known` and the `lens`."""

    known: Known
    """The newest answers, what is remembered of the keys, and all that is derived of both for the Lens."""
    lens: Lens
    """Its `only` is resolved once the keys are known; its focus and its marks are on keys there are."""
    session: Session | None = None
    """None before anybody has signed in, and when the service has refused the token."""
    account: str | None = None
    """Whose figures these are, empty when the token did not say; None before anybody has signed in."""
    progress: Progress | None = None
    """Of the refresh that runs, or waits for the service to be asked again; None while there is none."""
    error: SocdError | None = None
    """What ended the latest refresh early."""
    question: Question | None = None
    """Asked until somebody has signed in."""
    next_refresh: datetime | None = None
    """By the service's clock, UTC; None when none is due, or `progress` says when it goes on."""
    every: timedelta | None = None
    """How long after each refresh the next one is, without anybody asking for it; None for never."""
    paused: bool = False
    """Nobody looks, so nothing is asked by itself."""
    notices: tuple[str, ...] = ()
    """Sentences for the person, of the whole run and in order: the newest are the last."""
    found: tuple[FindingTarget, ...] = ()
    """Findings of this account that came up while somebody looked, in order: the newest are the last."""
    busy: bool = False
    """Something is under way that may change the figures: an answer, a save, a memory being read."""

    @property
    def fleet(self) -> Fleet:
        return self.known.fleet
