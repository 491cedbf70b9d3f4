"""Whose clock counts: the service's for what is said, a steady one for what is waited for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from socd_tui.clock import Clock
from socd_tui.model.fleet import Fleet, Slot
from socd_tui.model.record import dataclass, replace
from socd_tui.model.usage import Usage

if TYPE_CHECKING:
    from socd_tui.model.progress import Progress


@dataclass(frozen=True)
class Clocks:
    """This machine's, which somebody may set, and one that goes on whatever happens to it."""

    wall: Clock
    steady: Clock

    def service_now(self, fleet: Fleet) -> datetime:
        """The service's clock; this machine's before the service has said."""
        if fleet.observed_at is None or fleet.heard_at is None:
            return self.wall()
        return fleet.observed_at + (self.steady() - fleet.heard_at)

    def by_service(self, progress: Progress, fleet: Fleet) -> Progress:
        """The same with its moment, which is by the steady clock, by the service's."""
        at = progress.next_at
        return (
            progress
            if at is None
            else progress._replace(next_at=self.service_now(fleet) + (at - self.steady()))
        )

    def noted(self, fleet: Fleet) -> Fleet:
        """The Fleet with how far this machine's clock is from the service's."""
        return replace(fleet, clock_ahead=self.wall() - self.service_now(fleet))

    def of_the_past(self, usages: Mapping[Slot, Usage]) -> dict[Slot, Usage]:
        """Remembered answers; one of the future, as a clock that was set back since has it, is a day old."""
        now = self.steady()
        return {
            slot: usage if usage.fetched_at <= now else replace(usage, fetched_at=now - timedelta(days=1))
            for slot, usage in usages.items()
        }
