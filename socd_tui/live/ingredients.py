"""What a Fleet that is shown is made of."""

from __future__ import annotations

from collections.abc import Mapping

from socd_tui.model.errors import Problem
from socd_tui.model.fleet import Fleet
from socd_tui.model.past import Past
from socd_tui.model.record import dataclass, replace


@dataclass(frozen=True)
class Ingredients:
    """What a Fleet to be shown is made of; two that are equal make the same one."""

    answers: Fleet
    """The service's, and those recalled of the last run."""
    past: Mapping[str, Past]
    """All that is remembered, by key id."""
    gap: Problem | None = None
    """Why answers that are missing will not come; None while they are waited for."""
    windows: tuple[int, ...] = ()
    """Lengths in days of the windows in which they are missed."""

    def fleet(self) -> Fleet:
        """The answers with what is remembered of their keys, and each missing one with its reason."""
        # Of the listed keys alone: what is remembered is of every account of the service.
        past = {key.id: self.past[key.id] for key in self.answers.keys if key.id in self.past}
        fleet = replace(self.answers, past=past)
        return fleet if self.gap is None else _unanswered(fleet, self.windows, self.gap)


def _unanswered(fleet: Fleet, windows: tuple[int, ...], reason: Problem) -> Fleet:
    """The Fleet with the reason, as each key's own Problem, where it has neither an answer nor a Problem."""
    slots = [(key.id, days) for key in fleet.keys for days in windows]
    problems = {
        slot: replace(reason, key_id=slot[0])
        for slot in slots
        if slot not in fleet.usages and slot not in fleet.failures
    }
    return replace(fleet, failures={**fleet.failures, **problems})
