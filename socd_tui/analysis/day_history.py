"""A key's days, one after the other, merged from its answers and from what is remembered of it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import dropwhile

from socd_tui.model.key import ApiKey
from socd_tui.model.past import Past, merged_days, observations
from socd_tui.model.usage import Day, Usage


def days_observed(answers: Iterable[Usage], past: Past | None) -> tuple[Day, ...]:
    """Every day that has a row, ascending, today's included: for sums. Dates without one are left out."""
    answered = [day for usage in answers for day in observations(usage)]
    return merged_days([*(past.days if past else ()), *answered])


def days_lived(key: ApiKey, observed: Iterable[Day]) -> tuple[Day, ...]:
    """Of all observed days those from the key's first use on, without the day it was made on: for statistics.

    A service that fills days with zeros also fills those before the key was made, which say nothing.
    """
    born = key.created_at.date() if key.created_at else None
    lived = (day for day in observed if born is None or day.date > born)
    return tuple(dropwhile(lambda day: not day.requests, lived))
