"""A key's days, one after the other, merged from its answers and from what is remembered of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import dropwhile

from socd_tui.model.in_columns import InColumns
from socd_tui.model.key import ApiKey
from socd_tui.model.past import Observation, Observed, Past, answered_rows, merged_days, observed_rows
from socd_tui.model.usage import Day, Usage, day_columns, days_in, observed_columns, told_columns


def days_observed(answers: Sequence[Usage], past: Past | None) -> InColumns[Day]:
    """Every day that has a row, ascending, today's included: for sums. Dates without one are left out."""
    remembered = past.days if past else ()
    if not answers:
        return merged_days(observed_rows(remembered))
    newest = _newest(answers)
    whole = _whole(newest)
    besides = _besides(remembered, newest, whole)
    for usage in _adding(answers, newest, whole):
        besides += answered_rows(usage)
    if not besides:
        return InColumns(days_in, *observed_columns(newest))
    return merged_days([*besides, *answered_rows(newest)])


def tell_the_same_days(some: Sequence[Usage], others: Sequence[Usage]) -> bool:
    """Whether `days_observed` is bound to come to the same of both: then it need not be made again."""
    if not some or not others or _newest(some) is not _newest(others):
        return False
    newest = _newest(some)
    return not _adding({*some} ^ {*others}, newest, _whole(newest))


def adds_days(past: Past, answers: Sequence[Usage]) -> bool:
    """Whether what is remembered may tell anything of a day that the answers do not."""
    if not answers:
        return bool(past.days)
    newest = _newest(answers)
    return bool(_besides(past.days, newest, _whole(newest)))


def _whole(newest: Usage) -> set[int]:
    """The dates, counted as Python does, of which an answer says all: nothing older adds to these, and to
    merge it would be most of the work."""
    ordinals, requests, _, throttled = told_columns(newest)
    if None not in requests and None not in throttled:
        return {*ordinals}
    return {on for on, *counts in zip(ordinals, requests, throttled, strict=True) if None not in counts}


def _adding(answers: Iterable[Usage], newest: Usage, whole: set[int]) -> list[Usage]:
    """The others that tell of any other day."""
    return [
        usage
        for usage in answers
        if usage is not newest and not whole.issuperset(day_columns(usage.days or ())[0])
    ]


def _newest(answers: Sequence[Usage]) -> Usage:
    """Of several of one moment the last."""
    return max(reversed(answers), key=lambda usage: usage.observed_at)


def _besides(remembered: Sequence[Observation], newest: Usage, whole: set[int]) -> list[Observed]:
    """What is remembered of other dates than those, counted as Python does, of which the newest answer says
    the `whole`, or newer."""
    seen_at = newest.observed_at.timestamp()
    return [row for row in observed_rows(remembered) if row[1] not in whole or row[0] > seen_at]


def days_lived(key: ApiKey, observed: Iterable[Day]) -> tuple[Day, ...]:
    """Of all observed days those from the key's first use on, without the day it was made on: for statistics.

    A service that fills days with zeros also fills those before the key was made, which say nothing.
    """
    born = key.created_at.date() if key.created_at else None
    lived = (day for day in observed if born is None or day.date > born)
    return tuple(dropwhile(lambda day: not day.requests, lived))
