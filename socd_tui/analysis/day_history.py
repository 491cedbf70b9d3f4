"""A key's days, one after the other, merged from its answers and from what is remembered of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import dropwhile

from socd_tui.model.key import ApiKey
from socd_tui.model.past import Past, merged_days, observations
from socd_tui.model.usage import Day, Usage


def days_observed(answers: Sequence[Usage], past: Past | None) -> tuple[Day, ...]:
    """Every day that has a row, ascending, today's included: for sums. Dates without one are left out."""
    remembered = past.days if past else ()
    if not answers:
        return merged_days(remembered)
    # Of several of one moment the last counts.
    newest = max(reversed(answers), key=lambda usage: usage.observed_at)
    told = observations(newest)
    # Where that says all, nothing older adds to it, and to merge it would be most of the work.
    whole = {day.date for day, _ in told if day.requests is not None and day.throttled is not None}
    older = [
        each
        for usage in answers
        if usage is not newest and not all(day.date in whole for day in usage.days or ())
        for each in observations(usage)
    ]
    others = [each for each in remembered if each.day.date not in whole or each.at > newest.observed_at]
    return merged_days([*others, *older, *told])


def days_lived(key: ApiKey, observed: Iterable[Day]) -> tuple[Day, ...]:
    """Of all observed days those from the key's first use on, without the day it was made on: for statistics.

    A service that fills days with zeros also fills those before the key was made, which say nothing.
    """
    born = key.created_at.date() if key.created_at else None
    lived = (day for day in observed if born is None or day.date > born)
    return tuple(dropwhile(lambda day: not day.requests, lived))
