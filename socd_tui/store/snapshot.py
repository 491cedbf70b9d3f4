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
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from socd_tui.clock import EPOCH, LATEST
from socd_tui.model import checked
from socd_tui.model.fleet import Analysed, Fleet, Mode, answers_by_key
from socd_tui.model.in_columns import in_a_row
from socd_tui.model.record import replace
from socd_tui.model.usage import (
    COUNTS,
    LATENCIES,
    METERS,
    PEAKS,
    Day,
    Endpoint,
    Hour,
    Usage,
    day_columns,
    endpoint_columns,
    hour_columns,
)
from socd_tui.store.read_usages import read_usages
from socd_tui.store.stored_columns import columns, last_flags
from socd_tui.store.written_key import from_key, stamp, to_key

VERSION = 3
READ = (2, VERSION)
"""What is understood: in version 2 all dates of days were written."""

_COUNTS = (*COUNTS, *PEAKS)

_AT_ONCE = 20  # answers made into text together, as each time takes as long as a short one

_COMPACT = json.JSONEncoder(
    separators=(",", ":"),
    allow_nan=False,
    check_circular=False,  # to look for circles takes a seventh of the time, and there are none
)


def encode(fleet: Fleet) -> bytes:
    """Keys, answers and what was found out of them, in ASCII."""
    # Some after the others: of a thousand keys all values at once take five times as much room as the text.
    places: dict[int, int] = {}
    rows = _from_usages(fleet, places)
    text = bytearray(b'{"usages":[')
    while some := [*islice(rows, _AT_ONCE)]:
        text += _COMPACT.encode(some)[1:-1].encode("ascii") + b","
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
    fleet = Fleet(
        mode=checked.one_of(Mode, document["mode"]),
        base_url=checked.inert_text(document["base_url"]),
        keys=tuple(map(to_key, checked.array(document["keys"]))),
        usages=read_usages(document["usages"], _to_starts(document["hours"])),
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
        "endpoints": _from_endpoints(usage.endpoints),
        "throttled_by_endpoint": columns(usage.throttled_by_endpoint, lambda row: (row[0].original, row[1])),
        "days": _from_days(usage.days),
        "hours": _from_hours(usage.hours, places),
        "notes": usage.notes,
    }


def _from_endpoints(endpoints: Sequence[Endpoint] | None) -> list[list[object]] | None:
    if not endpoints:
        return None if endpoints is None else []
    return [*map(list, endpoint_columns(endpoints))]


def _from_days(days: Sequence[Day] | None) -> list[object] | None:
    """In columns. Of dates in a row only the first is written; of the days that are partial only how many
    there are, where these are the last."""
    if not days:
        return None if days is None else []
    told, requests, errors, flags = day_columns(days)
    dates, are_partial = in_a_row(told), bytes(flags)
    count = are_partial.count(1)
    return [
        dates.start if isinstance(dates, range) else list(dates),
        list(requests),
        list(errors),
        count if are_partial == last_flags(count, len(flags)) else [*map(bool, flags)],
    ]


def _from_hours(hours: Sequence[Hour] | None, places: dict[int, int]) -> list[Sequence[object]] | None:
    """In columns, too; `places` are those of the hours since 1970 in the list that keys share, and go on."""
    if not hours:
        return None if hours is None else []
    starts, throttled = hour_columns(hours)
    numbers = [(start.toordinal() - EPOCH) * 24 + start.hour for start in starts]
    return [[places.setdefault(number, len(places)) for number in numbers], list(throttled)]


def _to_starts(written: Any) -> list[datetime]:
    """Hours since 1970; a version before wrote moments."""
    stamps = checked.array(written)
    return [*map(checked.utc, stamps)] if stamps and isinstance(stamps[0], str) else checked.hours(stamps)


def _by_name(usage: Usage, names: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(usage, name) for name in names}
