"""A key's days, one after the other, merged from its answers and from what is remembered of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from itertools import dropwhile

from socd_tui.model.in_columns import picked
from socd_tui.model.key import ApiKey
from socd_tui.model.past import Observation, Past, merged_days, observations, when_observed
from socd_tui.model.usage import Day, Usage, day_columns, told_columns


def days_observed(answers: Sequence[Usage], past: Past | None) -> tuple[Day, ...]:
    """Every day that has a row, ascending, today's included: for sums. Dates without one are left out."""
    remembered = past.days if past else ()
    if not answers:
        return merged_days(remembered)
    newest = _newest(answers)
    told = newest.observed
    # Where that says all, nothing older adds to it, and to merge it would be most of the work.
    whole = {day.date.toordinal() for day in told if None not in (day.requests, day.throttled)}
    besides = picked(remembered, _besides(remembered, newest, whole))
    for usage in answers:
        if usage is not newest and not whole.issuperset(day_columns(usage.days or ())[0]):
            besides += observations(usage)
    return merged_days([*besides, *observations(newest)]) if besides else told


def adds_days(past: Past, answers: Sequence[Usage]) -> bool:
    """Whether what is remembered may tell anything of a day that the answers do not."""
    if not answers:
        return bool(past.days)
    newest = _newest(answers)
    ordinals, requests, _, throttled = told_columns(newest)
    whole = {*ordinals}
    if None in requests or None in throttled:
        whole = {on for on, *counts in zip(ordinals, requests, throttled, strict=True) if None not in counts}
    return bool(_besides(past.days, newest, whole))


def _newest(answers: Sequence[Usage]) -> Usage:
    """Of several of one moment the last."""
    return max(reversed(answers), key=lambda usage: usage.observed_at)


def _besides(remembered: Sequence[Observation], newest: Usage, whole: Set[int]) -> list[int]:
    """The places of what is remembered of other dates than those, counted as Python does, of which the newest
    answer says the `whole`, or newer."""
    seen_at = newest.observed_at.timestamp()
    return [
        place for place, (on, at) in enumerate(when_observed(remembered)) if on not in whole or at > seen_at
    ]


def days_lived(key: ApiKey, observed: Iterable[Day]) -> tuple[Day, ...]:
    """Of all observed days those from the key's first use on, without the day it was made on: for statistics.

    A service that fills days with zeros also fills those before the key was made, which say nothing.
    """
    born = key.created_at.date() if key.created_at else None
    lived = (day for day in observed if born is None or day.date > born)
    return tuple(dropwhile(lambda day: not day.requests, lived))
