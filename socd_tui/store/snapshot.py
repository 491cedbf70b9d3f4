"""The Fleet of the last run as bytes, so that the program opens on figures while it asks for newer ones.

JSON, because it can neither run code nor be ambiguous. Rows of one kind are written as columns: their
types are then checked in one go, which is what makes reading fast. Keys share their hours, so these are
places in one list. Plain figures are written by name, so that a snapshot from before a figure was added
opens too: the new one is unknown. `raw`, failures, problems and the past are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from math import inf
from operator import attrgetter
from typing import Any, TypeVar, get_args

from socd_tui.model.fleet import Fleet, Mode, Slot
from socd_tui.model.key import MOMENTS, ApiKey
from socd_tui.model.text import Text, inert
from socd_tui.model.usage import COUNTS, LATENCIES, METERS, PEAKS, Day, Dialect, Endpoint, Hour, Meter, Usage
from socd_tui.model.window import Window, WindowSource, answered_by_service

VERSION = 2

_KEY_LIMITS = ("limit_per_minute", "limit_per_day")
_COUNTS = (*COUNTS, *PEAKS)

_ID = re.compile(r"[\w-]{1,64}", re.ASCII)  # ids become part of a URL's path
_WIDEST = 1_000  # dates of one window: what loops over it must end; the service answers 91 at most
_NONE = type(None)

_Row = TypeVar("_Row")


def encode(fleet: Fleet) -> bytes:
    """Keys and answers, in ASCII."""
    hours = (hour.start for usage in fleet.usages.values() for hour in usage.hours or ())
    starts = {start: number for number, start in enumerate(dict.fromkeys(hours))}
    document = {
        "version": VERSION,
        "mode": fleet.mode,
        "base_url": fleet.base_url,
        "listed_at": _stamp(fleet.listed_at),
        "observed_at": _stamp(fleet.observed_at),
        "keys": [_from_key(key) for key in fleet.keys],
        "hours": [_stamp(start) for start in starts],
        "usages": [[days, _from_usage(usage, starts)] for (_, days), usage in fleet.usages.items()],
    }
    return json.dumps(document, separators=(",", ":"), allow_nan=False).encode("ascii")


def decode(data: bytes) -> Fleet | None:
    """The Fleet that was encoded; None for another version and for anything malformed."""
    try:
        document = json.loads(data)
        if document["version"] != VERSION:
            return None
        starts = [_utc(start) for start in _list(document["hours"])]
        return Fleet(
            mode=_one_of(Mode, document["mode"]),
            base_url=_inert(document["base_url"]),
            keys=tuple(map(_to_key, _list(document["keys"]))),
            usages=dict(_to_slot(days, written, starts) for days, written in _list(document["usages"])),
            listed_at=_moment(document["listed_at"]),
            observed_at=_moment(document.get("observed_at")),
        )
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
        return None


def _from_key(key: ApiKey) -> dict[str, object]:
    return {
        "id": key.id,
        "texts": [key.name.original, key.prefix.original, key.tier.original if key.tier else None],
        "scopes": [scope.original for scope in key.scopes],
        "counts": [key.lifetime_requests, *_values(key, _KEY_LIMITS)],
        "moments": [_stamp(moment) for moment in _values(key, MOMENTS)],
        "unreadable": sorted(key.unreadable),
        "notes": key.notes,
    }


def _to_key(written: Any) -> ApiKey:
    name, prefix, tier = _list(written["texts"])
    lifetime, *limits = _list(written["counts"])
    return ApiKey(
        id=_id(written["id"]),
        name=_text(name),
        prefix=_text(prefix),
        tier=None if tier is None else _text(tier),
        scopes=tuple(_texts(written["scopes"])),
        notes=_notes(written["notes"]),
        lifetime_requests=_counts([lifetime])[0],
        unreadable=frozenset(_mapping(dict.fromkeys(written.get("unreadable", ())), MOMENTS)),
        **_named(_KEY_LIMITS, [_limit(value) for value in limits]),
        **_named(MOMENTS, [_moment(value) for value in _list(written["moments"])]),
    )


def _from_usage(usage: Usage, starts: Mapping[datetime, int]) -> dict[str, object]:
    window = usage.window
    return {
        "key": usage.key_id,
        "window": [window.days, window.start.toordinal(), window.end.toordinal(), window.source],
        "moments": [_stamp(usage.fetched_at), _stamp(usage.observed_at)],
        "dialect": usage.dialect,
        "counts": _by_name(usage, _COUNTS),
        "ms": _by_name(usage, LATENCIES),
        "meters": {name: [getattr(usage, name).limit, getattr(usage, name).current] for name in METERS},
        "statuses": _columns(None if usage.statuses is None else usage.statuses.items(), lambda row: row),
        "endpoints": _columns(
            usage.endpoints,
            lambda row: (row.path.original, row.requests, row.errors, row.avg_ms, row.throttled),
        ),
        "throttled_by_endpoint": _columns(usage.throttled_by_endpoint, lambda row: (row[0].original, row[1])),
        "days": _columns(
            usage.days,
            lambda row: (row.date.toordinal(), row.requests, row.errors, row.partial),
        ),
        "hours": _columns(usage.hours, lambda row: (starts[row.start], row.throttled)),
        "notes": usage.notes,
    }


def _to_slot(asked: object, written: Any, starts: Sequence[datetime]) -> tuple[Slot, Usage]:
    *numbers, source = _list(written["window"])
    slot, length, first, last = _naturals([asked, *numbers])
    if not answered_by_service(slot) or not 0 <= last - first < _WIDEST:
        raise ValueError
    fetched_at, observed_at = map(_utc, _list(written["moments"]))
    meters = _mapping(written["meters"], METERS)
    statuses = _rows(_pair, written["statuses"], _naturals, _naturals)
    usage = Usage(
        key_id=_id(written["key"]),
        window=Window(length, date.fromordinal(first), date.fromordinal(last), _one_of(WindowSource, source)),
        fetched_at=fetched_at,
        observed_at=observed_at,
        dialect=None if written["dialect"] is None else _one_of(Dialect, written["dialect"]),
        statuses=None if statuses is None else dict(statuses),
        endpoints=_rows(_endpoint, written["endpoints"], _texts, _naturals, _counts, _ms, _counts),
        throttled_by_endpoint=_rows(_pair, written["throttled_by_endpoint"], _texts, _naturals),
        days=_rows(Day, written["days"], _dates, _counts, _counts, lambda column: _typed(column, {bool})),
        hours=_rows(Hour, written["hours"], lambda column: [starts[n] for n in _naturals(column)], _naturals),
        notes=_notes(written["notes"]),
        **_figures(_COUNTS, _counts, written["counts"]),
        **_figures(LATENCIES, _ms, written["ms"]),
        **{name: _meter(pair) for name, pair in meters.items()},
    )
    return (usage.key_id, slot), usage


def _values(holder: object, names: tuple[str, ...]) -> list[Any]:
    return list(attrgetter(*names)(holder))


def _by_name(usage: Usage, names: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(usage, name) for name in names}


def _figures(names: tuple[str, ...], check: Callable[[list[Any]], list[Any]], written: Any) -> dict[str, Any]:
    """Each figure by its name, unknown where the snapshot does not have it."""
    by_name = _mapping(written, names)
    return _named(names, check([by_name.get(name) for name in names]))


def _meter(written: object) -> Any:
    limit, current = _list(written)
    return Meter(_limit(limit), _counts([current])[0])


def _limit(written: object) -> Any:
    return written if written in ("unlimited", "unreadable") else _counts([written])[0]


def _named(names: tuple[str, ...], values: list[Any]) -> dict[str, Any]:
    return dict(zip(names, values, strict=True))


def _columns(
    rows: Iterable[_Row] | None, cells: Callable[[_Row], tuple[object, ...]]
) -> list[list[object]] | None:
    """The rows turned; no columns for no rows."""
    return None if rows is None else [list(column) for column in zip(*map(cells, rows), strict=True)]


def _rows(
    make: Callable[..., _Row], written: Any, *checks: Callable[[Any], Sequence[object]]
) -> tuple[_Row, ...] | None:
    """The columns turned back, each checked."""
    if not written:
        return None if written is None else tuple(_list(written))
    columns = [check(column) for check, column in zip(checks, _list(written), strict=True)]
    return tuple(make(*row) for row in zip(*columns, strict=True))


def _endpoint(
    path: Text, requests: int, errors: int | None, avg_ms: float | None, throttled: int | None
) -> Endpoint:
    return Endpoint(path=path, requests=requests, errors=errors, avg_ms=avg_ms, throttled=throttled)


def _pair(one: Any, other: Any) -> tuple[Any, Any]:
    return one, other


def _one_of(literal: Any, value: object) -> Any:
    """The value, when the literal type has it."""
    if value not in get_args(literal):
        raise ValueError
    return value


def _stamp(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def _moment(value: object) -> datetime | None:
    return None if value is None else _utc(value)


def _utc(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is not UTC:
        raise ValueError
    return moment


def _dates(value: object) -> list[date]:
    """Ascending, none twice."""
    ordinals = _naturals(value)
    if ordinals != sorted(set(ordinals)):
        raise ValueError
    return [date.fromordinal(each) for each in ordinals]


def _counts(value: object) -> list[int | None]:
    values = _typed(value, {int, _NONE})
    if min(filter(None, values), default=0) < 0:
        raise ValueError
    return values


def _naturals(value: object) -> list[int]:
    values = _typed(value, {int})
    if min(values, default=0) < 0:
        raise ValueError
    return values


def _ms(value: object) -> list[float | None]:
    values = _typed(value, {int, float, _NONE})
    if not all(0 <= each < inf for each in values if each is not None):  # nor is NaN within
        raise ValueError
    return values


def _typed(value: object, types: set[type]) -> list[Any]:
    """The list, when every item is of exactly one of the types: a bool is no int."""
    values = _list(value)
    if not types.issuperset(map(type, values)):
        raise ValueError
    return values


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError
    return value


def _mapping(value: object, names: tuple[str, ...]) -> dict[str, Any]:
    """The values by name, when nothing else is in it."""
    if not isinstance(value, dict) or not value.keys() <= set(names):
        raise ValueError
    return value


def _texts(value: object) -> list[Text]:
    return [_text(each) for each in _list(value)]


def _text(value: object) -> Text:
    if not isinstance(value, str):
        raise ValueError
    return Text(value)


def _notes(value: object) -> tuple[str, ...]:
    return tuple(map(inert, _typed(value, {str})))


def _id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise ValueError
    return value


def _inert(value: object) -> str:
    shown = _text(value).shown
    if shown != value:
        raise ValueError
    return shown
