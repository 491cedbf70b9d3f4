"""The Fleet of the last run as bytes, so that the program opens on figures while it asks for newer ones.

JSON, because it can neither run code nor be ambiguous. Rows of one kind are written as columns: their
types are then checked in one go, which is what makes reading fast. Keys share their hours, so these are
places in one list. Plain figures are written by name, so that a snapshot from before a figure was added
opens too: the new one is unknown. `raw`, failures, problems and the past are left out. What was found out of
a key is written as it is given, and given out unread; a snapshot without it, or with something else in its
place, opens too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from socd_tui.clock import LATEST
from socd_tui.model import checked
from socd_tui.model.fleet import Analysed, Fleet, Mode, Slot, answers_by_key
from socd_tui.model.in_columns import in_a_row
from socd_tui.model.record import replace
from socd_tui.model.usage import (
    COUNTS,
    LATENCIES,
    METERS,
    PEAKS,
    Day,
    Dialect,
    Hour,
    Meter,
    Usage,
    day_columns,
    hour_columns,
    sent_days,
    sent_endpoints,
    sent_hours,
)
from socd_tui.model.window import Window, WindowSource, answered_by_service
from socd_tui.store.stored_columns import columns, made
from socd_tui.store.written_key import from_key, named, stamp, to_key, to_limit

VERSION = 3
READ = (2, VERSION)
"""What is understood: in version 2 all dates of days were written."""

_COUNTS = (*COUNTS, *PEAKS)

_WIDEST = 1_000  # dates of one window: what loops over it must end; the service answers 91 at most

_EPOCH = date(1970, 1, 1).toordinal()

_COMPACT = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def encode(fleet: Fleet) -> bytes:
    """Keys, answers and what was found out of them, in ASCII."""
    # One after the other: of a thousand keys all values at once take five times as much room as the text.
    places: dict[int, int] = {}
    text = bytearray(b'{"usages":[')
    for row in _from_usages(fleet, places):
        text += _COMPACT.encode(row).encode("ascii") + b","
    if fleet.usages:
        text.pop()
    rest = _besides_usages(fleet, places)
    if fleet.analysed:
        rest["analysed"] = _from_analysed(fleet, fleet.analysed)
    text += b"]," + _COMPACT.encode(rest)[1:].encode("ascii")
    return bytes(text)


def written(fleet: Fleet) -> dict[str, object]:
    """Keys and answers as a JSON object."""
    places: dict[int, int] = {}
    usages = [*_from_usages(fleet, places)]
    return {**_besides_usages(fleet, places), "usages": usages}


def _from_usages(fleet: Fleet, places: dict[int, int]) -> Iterator[list[object]]:
    return ([days, _from_usage(usage, places)] for (_, days), usage in fleet.usages.items())


def _besides_usages(fleet: Fleet, places: Iterable[int]) -> dict[str, object]:
    """What is written beside the answers; `places` are those of their hours."""
    return {
        "version": VERSION,
        "mode": fleet.mode,
        "base_url": fleet.base_url,
        "listed_at": stamp(fleet.listed_at),
        "observed_at": stamp(fleet.observed_at),
        "keys": [from_key(key) for key in fleet.keys],
        "hours": [*places],
    }


def decode(data: bytes, latest: datetime = LATEST) -> Fleet | None:
    """The Fleet that was encoded; None for another version, anything malformed, and from after `latest`."""
    try:
        document = json.loads(data)
        if document["version"] not in READ:
            return None
        fleet = understood(document, latest)
    except checked.MALFORMED:
        return None
    return replace(fleet, analysed=_to_analysed(fleet, document.get("analysed")))


def understood(document: Any, latest: datetime = LATEST) -> Fleet:
    """The Fleet of such an object. Raises one of `checked.MALFORMED` for what is never written."""
    starts = _to_starts(document["hours"])
    fleet = Fleet(
        mode=checked.one_of(Mode, document["mode"]),
        base_url=checked.inert_text(document["base_url"]),
        keys=tuple(map(to_key, checked.array(document["keys"]))),
        usages=dict(_to_slot(days, written, starts) for days, written in checked.array(document["usages"])),
        listed_at=checked.moment(document["listed_at"]),
        observed_at=checked.moment(document.get("observed_at")),
    )
    said = [fleet.listed_at, fleet.observed_at]
    for usage in fleet.usages.values():
        said += usage.fetched_at, usage.observed_at
    if max(filter(None, said), default=latest) > latest:
        raise ValueError
    return fleet


def _from_analysed(fleet: Fleet, analysed: Analysed) -> dict[str, object]:
    """Of the keys whose record and answers are what it was made of."""
    answers = answers_by_key(fleet.usages)
    same = (
        key.id
        for key in fleet.keys
        if analysed.keys.get(key.id) == key and analysed.answers.get(key.id) == answers.get(key.id)
    )
    return {
        "by": analysed.by,
        "found": {each: analysed.found[each] for each in same if each in analysed.found},
    }


def _to_analysed(fleet: Fleet, written: Any) -> Analysed | None:
    found = written.get("found") if isinstance(written, dict) else None
    if not isinstance(found, dict):
        return None
    keys = {key.id: key for key in fleet.keys}
    return Analysed(written.get("by"), keys, answers_by_key(fleet.usages), found)


def _from_usage(usage: Usage, places: dict[int, int]) -> dict[str, object]:
    window = usage.window
    return {
        "key": usage.key_id,
        "window": [window.days, window.start.toordinal(), window.end.toordinal(), window.source],
        "moments": [stamp(usage.fetched_at), stamp(usage.observed_at)],
        "dialect": usage.dialect,
        "counts": _by_name(usage, _COUNTS),
        "ms": _by_name(usage, LATENCIES),
        "meters": {name: [getattr(usage, name).limit, getattr(usage, name).current] for name in METERS},
        "statuses": columns(None if usage.statuses is None else usage.statuses.items(), lambda row: row),
        "endpoints": columns(
            usage.endpoints,
            lambda row: (row.path.original, row.requests, row.errors, row.avg_ms, row.throttled),
        ),
        "throttled_by_endpoint": columns(usage.throttled_by_endpoint, lambda row: (row[0].original, row[1])),
        "days": _from_days(usage.days),
        "hours": _from_hours(usage.hours, places),
        "notes": usage.notes,
    }


def _from_days(days: Sequence[Day] | None) -> list[object] | None:
    """In columns. Of dates in a row only the first is written; of the days that are partial only how many
    there are, where these are the last."""
    if not days:
        return None if days is None else []
    told, requests, errors, flags = day_columns(days)
    dates, are_partial = in_a_row(told), bytes(flags)
    count = sum(are_partial)
    return [
        dates.start if isinstance(dates, range) else list(dates),
        list(requests),
        list(errors),
        count if are_partial == _last(count, len(flags)) else [*map(bool, flags)],
    ]


def _last(count: int, of: int) -> bytes:
    """So many flags, of which the last are set. Raises ValueError where these are more."""
    return bytes(of - count) + b"\1" * count


def _from_hours(hours: Sequence[Hour] | None, places: dict[int, int]) -> list[Sequence[object]] | None:
    """In columns, too; `places` are those of the hours since 1970 in the list that keys share, and go on."""
    if not hours:
        return None if hours is None else []
    starts, throttled = hour_columns(hours)
    numbers = [(start.toordinal() - _EPOCH) * 24 + start.hour for start in starts]
    return [[places.setdefault(number, len(places)) for number in numbers], list(throttled)]


def _to_slot(asked: object, written: Any, starts: Sequence[datetime]) -> tuple[Slot, Usage]:
    *numbers, source = checked.array(written["window"])
    slot, length, first, last = checked.naturals([asked, *numbers])
    if not answered_by_service(slot) or not 0 <= last - first < _WIDEST or length > _WIDEST:
        raise ValueError
    fetched_at, observed_at = map(checked.utc, checked.array(written["moments"]))
    meters = checked.by_name(written["meters"], _METERS)
    statuses = made(_pairs, written["statuses"], checked.naturals, checked.naturals)
    hits = made(_pairs, written["throttled_by_endpoint"], checked.texts, checked.naturals)
    usage = Usage(
        key_id=checked.identity(written["key"]),
        window=_window(length, first, last, source),
        fetched_at=fetched_at,
        observed_at=observed_at,
        dialect=None if written["dialect"] is None else checked.one_of(Dialect, written["dialect"]),
        statuses=None if statuses is None else dict(statuses),
        endpoints=made(
            sent_endpoints,
            written["endpoints"],
            checked.originals,
            checked.naturals,
            checked.counts,
            checked.ms,
            checked.counts,
        ),
        throttled_by_endpoint=None if hits is None else tuple(hits),
        days=_to_days(written["days"]),
        hours=_to_hours(written["hours"], starts),
        notes=checked.notes(written["notes"]),
        **_counts(written["counts"]),
        **_latencies(written["ms"]),
        **{name: _meter(pair) for name, pair in meters.items()},
    )
    return (usage.key_id, slot), usage


@lru_cache(maxsize=64)
def _window(length: int, first: int, last: int, source: str) -> Window:
    """The same of all answers that say so."""
    return Window(length, checked.day(first), checked.day(last), checked.one_of(WindowSource, source))


def _to_days(written: Any) -> Sequence[Day] | None:
    if not written:
        return None if written is None else tuple(checked.array(written))
    dates, requests, errors, partial = checked.array(written)
    length = len(checked.counts(requests))
    ordinals = range(dates, dates + length) if type(dates) is int else checked.ordinals(dates)
    flags = (
        checked.of_types(partial, {bool})
        if isinstance(partial, list)
        else _last(checked.natural(partial), length)
    )
    if not len(ordinals) == len(checked.counts(errors)) == len(flags) == length:
        raise ValueError
    for on in (ordinals[0], ordinals[-1]):
        checked.day(on)
    return sent_days(ordinals, requests, errors, flags)


def _to_starts(written: Any) -> list[datetime]:
    """Hours since 1970; a version before wrote moments."""
    stamps = checked.array(written)
    return [*map(checked.utc, stamps)] if stamps and isinstance(stamps[0], str) else checked.hours(stamps)


def _to_hours(written: Any, starts: Sequence[datetime]) -> Sequence[Hour] | None:
    def places(column: object) -> list[datetime]:
        return [starts[n] for n in checked.naturals(column)]

    return made(sent_hours, written, places, checked.naturals)


def _by_name(usage: Usage, names: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(usage, name) for name in names}


def _figures(
    names: tuple[str, ...], check: Callable[[list[Any]], list[Any]]
) -> Callable[[Any], dict[str, Any]]:
    """What reads each figure by its name, unknown where the snapshot does not have it."""
    known = frozenset(names)
    return lambda written: named(names, check([*map(checked.by_name(written, known).get, names)]))


_counts, _latencies = _figures(_COUNTS, checked.counts), _figures(LATENCIES, checked.ms)
_METERS = frozenset(METERS)


def _meter(written: object) -> Any:
    limit, current = checked.array(written)
    return Meter(to_limit(limit), checked.counts([current])[0])


def _pairs(*columns: Sequence[Any]) -> tuple[tuple[Any, Any], ...]:
    return tuple(zip(*columns, strict=True))
