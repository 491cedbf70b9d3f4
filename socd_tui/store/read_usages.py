"""The answers of a snapshot, read: what all of them say under one name is checked in one go.

One by one these checks would be most of what it takes to open the history.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain

from socd_tui.model import checked
from socd_tui.model.fleet import Slot
from socd_tui.model.text import Text
from socd_tui.model.usage import (
    COUNTS,
    LATENCIES,
    METERS,
    PEAKS,
    Day,
    Dialect,
    Meter,
    Usage,
    sent_days,
    sent_endpoints,
    sent_hours,
)
from socd_tui.model.window import Window, WindowSource, answered_by_service
from socd_tui.store.stored_columns import check_columns, check_in_one_go, last_flags
from socd_tui.store.written_key import limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WIDEST = 1_000  # dates of one window: what loops over it must end; the service answers 91 at most

_FIGURES: Mapping[str, tuple[frozenset[str], Callable[[Any], Any]]] = {
    "counts": (frozenset((*COUNTS, *PEAKS)), checked.counts),
    "ms": (frozenset(LATENCIES), checked.ms),
    "meters": (frozenset(METERS), lambda meters: _check_meters(meters)),
}
"""What is written by name. One that the snapshot does not have is unknown."""
_COLUMNS: Mapping[str, Sequence[Callable[[Any], Sequence[Any]]]] = {
    "statuses": (checked.naturals, checked.naturals),
    "endpoints": (checked.originals, checked.naturals, checked.counts, checked.ms, checked.counts),
    "throttled_by_endpoint": (checked.originals, checked.naturals),
    "hours": (checked.naturals, checked.naturals),
}


def read_usages(written: Any, starts: Sequence[datetime]) -> dict[Slot, Usage]:
    """By key and window; `starts` are those of all hours. Raises one of `checked.MALFORMED`."""
    slots = [(asked, answer) for asked, answer in checked.array(written)]
    answers = [answer for _, answer in slots]
    for name, (names, check) in _FIGURES.items():
        check([*chain.from_iterable(checked.by_name(answer[name], names).values() for answer in answers)])
    for name, checks in _COLUMNS.items():
        check_columns([answer[name] for answer in answers], *checks)
    windows = [checked.array(answer["window"]) for answer in answers]
    checked.naturals([*(asked for asked, _ in slots), *chain.from_iterable(each[:-1] for each in windows)])
    days = _read_days([answer["days"] for answer in answers])
    usages: dict[Slot, Usage] = {}
    for (asked, answer), window, its_days in zip(slots, windows, days, strict=True):
        usage = _usage(answer, _window(asked, *window), its_days, starts)
        usages[usage.key_id, asked] = usage
    return usages


def _usage(answer: Any, window: Window, days: Sequence[Day] | None, starts: Sequence[datetime]) -> Usage:
    """Of an answer whose figures and columns have been checked."""
    fetched_at, observed_at = map(checked.utc, checked.array(answer["moments"]))
    dialect, statuses, endpoints = answer["dialect"], answer["statuses"], answer["endpoints"]
    hits, hours = answer["throttled_by_endpoint"], answer["hours"]
    meters: Any = {name: Meter(*pair) for name, pair in answer["meters"].items()}
    return Usage(
        key_id=checked.identity(answer["key"]),
        window=window,
        fetched_at=fetched_at,
        observed_at=observed_at,
        dialect=None if dialect is None else checked.one_of(Dialect, dialect),
        statuses=None if statuses is None else dict(zip(*statuses, strict=True)),
        endpoints=sent_endpoints(*endpoints) if endpoints else _none(endpoints),
        throttled_by_endpoint=_hits(*hits) if hits else _none(hits),
        days=days,
        hours=sent_hours([starts[at] for at in hours[0]], hours[1]) if hours else _none(hours),
        notes=checked.notes(answer["notes"]),
        **answer["counts"],
        **answer["ms"],
        **meters,
    )


def _none(written: Sequence[object] | None) -> tuple[()] | None:
    """Rows that are none, or unknown."""
    return None if written is None else ()


def _hits(paths: Sequence[str], counts: Sequence[int]) -> tuple[tuple[Text, int], ...]:
    return tuple(zip(map(Text, paths), counts, strict=True))


@lru_cache(maxsize=64)
def _window(asked: int, length: int, first: int, last: int, source: str) -> Window:
    """The same of all answers that say so."""
    if not answered_by_service(asked) or not 0 <= last - first < _WIDEST or length > _WIDEST:
        raise ValueError
    return Window(length, checked.day(first), checked.day(last), checked.one_of(WindowSource, source))


def _check_meters(pairs: Sequence[object]) -> None:
    """Each the limit, and what of it is used."""
    limits([limit for limit, _ in map(checked.array, pairs)])
    checked.counts([current for _, current in map(checked.array, pairs)])


def _read_days(written: Sequence[Any]) -> list[Sequence[Day] | None]:
    """Those of each answer."""
    there = [checked.array(each) for each in written if each]
    check_in_one_go(checked.counts, (requests for _, requests, _, _ in there))
    check_in_one_go(checked.counts, (errors for _, _, errors, _ in there))
    return [
        _days(*each) if each else _none(None if each is None else checked.array(each)) for each in written
    ]


def _days(dates: Any, requests: list[int | None], errors: list[int | None], partial: Any) -> Sequence[Day]:
    length = len(requests)
    ordinals = range(dates, dates + length) if type(dates) is int else checked.ordinals(dates)
    flags = (
        checked.of_types(partial, {bool})
        if isinstance(partial, list)
        else last_flags(checked.natural(partial), length)
    )
    if not len(ordinals) == len(errors) == len(flags) == length:
        raise ValueError
    for on in (ordinals[0], ordinals[-1]):
        checked.day(on)
    return sent_days(ordinals, requests, errors, flags)
