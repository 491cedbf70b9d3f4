"""What one refresh is to bring, to tell whether another would bring anything else."""

from __future__ import annotations

from datetime import datetime, timedelta

from socd_tui.model.errors import Throttled
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, Wanted, visible
from socd_tui.model.progress import Progress
from socd_tui.model.record import dataclass, replace

JUST_NOW = timedelta(seconds=2)
"""A key that is held down asks thirty times a second; answers so young are what it asks for."""


@dataclass(frozen=True)
class Request:
    """Windows, and how old their answers may be. Moments by a Clock that is never set back."""

    windows: Wanted | None
    at: datetime
    """When it was made."""
    since: datetime | None
    """What is older is asked for; None for what is missing or older than a minute."""

    @property
    def rest(self) -> Request:
        """For what it has not brought."""
        return replace(self, since=self.since or self.at)

    def brings(self, other: Request, *, running: bool) -> bool:
        """Whether the later one need not be asked: this one runs, or has brought the same just now."""
        if self.windows != other.windows or (other.since is not None and self.since is None):
            return False
        return running or (other.since is not None and other.at - self.at < JUST_NOW)


def refused(fleet: Fleet, lens: Lens, asked: Request | None) -> Progress | None:
    """How many keys in the picture are done when some were refused for their number; None when none was."""
    windows = asked.windows.now if asked is not None and asked.windows is not None else ()
    keys = visible(fleet, lens)
    failures = [[fleet.failures.get((key.id, days)) for days in windows] for key in keys]
    left = sum(any(each and each.kind == Throttled.kind for each in of_key) for of_key in failures)
    return Progress(len(keys) - left, len(keys)) if left else None
