"""The days that are over as metrics with moments, for a time series database that did not watch them.

Each counter has one sample a day, in its last second: all three at the same moments, as the difference of two
increases is only true of the same span. There Prometheus finds it at every UTC midnight, within the five
minutes that it looks back. 429s by hour are a gauge of their own, in the last second of each hour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeAlias

from socd_tui.outputs.metrics.families import FAMILIES
from socd_tui.outputs.metrics.family import KeyReading, Metric, Reading, Sample

if TYPE_CHECKING:
    from socd_tui.store.counters import FinishedDay

Labels: TypeAlias = tuple[tuple[str, str], ...]
"""What each sample has besides its own: those that a scrape adds, else the past is of other series."""

OF_A_SCRAPE = ("job", "instance")
"""Labels that Prometheus gives to whatever it scrapes."""

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*", re.ASCII)
_BY_NAME = {family.name: family for family in FAMILIES}
_HOURS = _BY_NAME["socd_key_hour_throttled_requests"]
_INFO = _BY_NAME["socd_key_info"]
_COUNTERS = {field: _BY_NAME[f"socd_key_{field}_total"] for field in ("requests", "errors", "throttled")}
_TAKEN = {label for family in (_HOURS, _INFO, *_COUNTERS.values()) for label in family.labels}


def is_label(name: str) -> bool:
    """Whether samples can be given a label of this name: one of their own, or of Prometheus', cannot."""
    return bool(_NAME.fullmatch(name)) and not name.startswith("__") and name not in _TAKEN


def backfilled(
    reading: Reading,
    days: Mapping[str, Sequence[FinishedDay]],
    labels: Labels = (),
    since: date | None = None,
) -> list[Metric]:
    """All finished days of the keys that are listed, from a date on; `days` by key id, ascending."""
    keys = [(key, finished) for key in reading.keys if (finished := days.get(key.key.id))]
    told = [
        Metric(
            family.name,
            family.help,
            tuple(
                sample for key, finished in keys for sample in _counter(key, finished, field, labels, since)
            ),
        )
        for field, family in _COUNTERS.items()
    ]
    hours = tuple(
        sample
        for key, finished in keys
        for day in _from(finished, since)
        for sample in _hours(key, day, labels)
    )
    named = {
        key_id: sample.labels for sample in _INFO.metric(reading).samples for (_, key_id) in sample.labels[:1]
    }
    info = tuple(
        Sample((*labels, *named[key.key.id]), 1, _end(day.date))  # today's names, of each day
        for key, finished in keys
        for day in _from(finished, since)
    )
    return [*told, Metric(_HOURS.name, _HOURS.help, hours), Metric(_INFO.name, _INFO.help, info)]


def _counter(
    key: KeyReading, days: Sequence[FinishedDay], field: str, labels: Labels, since: date | None
) -> Iterator[Sample]:
    """Its value at the end of each day, and before the first one, else nobody could tell what that added."""
    own = (*labels, ("key_id", key.key.id))
    first = days[0]
    before = _before(key, first, field)
    if before is not None and (since is None or since <= first.date):
        yield Sample(own, before, _end(first.date - timedelta(days=1)))
    for day in _from(days, since):
        value = getattr(day, field)
        if value is not None:
            yield Sample(own, value, _end(day.date))


def _before(key: KeyReading, first: FinishedDay, field: str) -> int | None:
    """What the counter stood at before the first day that is still remembered; 0 but for what was pruned."""
    day = next((day for day in key.facts.observed if day.date == first.date), None)
    value, added = getattr(first, field), getattr(day, field, None)
    return None if value is None or added is None or added > value else value - added


def _hours(key: KeyReading, day: FinishedDay, labels: Labels) -> Iterator[Sample]:
    own = (*labels, ("key_id", key.key.id))
    for hour, throttled in enumerate(day.hours or ()):
        at = datetime.combine(day.date, time(hour, 59, 59), UTC)
        yield Sample(own, throttled, at)


def _from(days: Sequence[FinishedDay], since: date | None) -> Sequence[FinishedDay]:
    return days if since is None else [day for day in days if day.date >= since]


def _end(day: date) -> datetime:
    """The last second of a UTC day."""
    return datetime.combine(day, time(23, 59, 59), UTC)
