"""The last known Fleet as bytes, so that the program opens on figures while it asks for newer ones.

JSON, because it can neither run code nor be ambiguous. Rows of one kind are written as columns: their
types are then checked in one go, which is what makes reading fast. `raw`, failures, problems and the past
are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from math import inf
from typing import Any, NoReturn

from socd_tui.model.fleet import Fleet, Mode, Slot
from socd_tui.model.key import ApiKey
from socd_tui.model.text import Text, inert
from socd_tui.model.usage import Day, Dialect, Endpoint, Hour, Meter, Usage
from socd_tui.model.window import MAX_DAYS, MIN_DAYS, Window, WindowSource

VERSION = 1

_MODES: dict[object, Mode] = {"live": "live", "demo": "demo"}
_DIALECTS: dict[object, Dialect | None] = {None: None, "flat": "flat", "nested": "nested", "mixed": "mixed"}
_SOURCES: dict[object, WindowSource] = {"period": "period", "days": "days", "clock": "clock"}
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)  # ids become part of a URL's path
_WIDEST = 1_000  # dates of one window: what loops over it must end; the service answers 91 at most
_NONE = type(None)


def encode(fleet: Fleet) -> bytes:
    """Keys and answers, in ASCII."""
    document = {
        "version": VERSION,
        "mode": fleet.mode,
        "base_url": fleet.base_url,
        "listed_at": _stamp(fleet.listed_at),
        "keys": [_from_key(key) for key in fleet.keys],
        "usages": [[days, _from_usage(usage)] for (_, days), usage in fleet.usages.items()],
    }
    return json.dumps(document, separators=(",", ":"), allow_nan=False).encode("ascii")


def decode(data: bytes) -> Fleet | None:
    """The Fleet that was encoded; None for another version and for anything malformed."""
    try:
        document = json.loads(data, parse_constant=_refuse)
        if document["version"] != VERSION:
            return None
        return Fleet(
            _MODES[document["mode"]],
            _inert(document["base_url"]),
            tuple(map(_to_key, _list(document["keys"]))),
            dict(_to_slot(days, found) for days, found in _list(document["usages"])),
            listed_at=_moment(document["listed_at"]),
        )
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
        return None


def _from_key(key: ApiKey) -> dict[str, object]:
    return {
        "id": key.id,
        "texts": [key.name.original, key.prefix.original, key.tier.original if key.tier else None],
        "scopes": [scope.original for scope in key.scopes],
        "counts": [key.lifetime_requests, key.limit_per_minute, key.limit_per_day],
        "moments": list(map(_stamp, (key.created_at, key.last_used_at, key.expires_at, key.revoked_at))),
        "notes": key.notes,
    }


def _to_key(found: Any) -> ApiKey:
    name, prefix, tier = _list(found["texts"])
    lifetime, per_minute, per_day = _counts(found["counts"])
    created_at, last_used_at, expires_at, revoked_at = map(_moment, _list(found["moments"]))
    return ApiKey(
        _id(found["id"]),
        _text(name),
        _text(prefix),
        None if tier is None else _text(tier),
        tuple(map(_text, _list(found["scopes"]))),
        lifetime,
        created_at,
        last_used_at,
        expires_at,
        revoked_at,
        per_minute,
        per_day,
        _notes(found["notes"]),
    )


def _from_usage(usage: Usage) -> dict[str, object]:
    window = usage.window
    return {
        "key": usage.key_id,
        "window": [window.days, window.start.toordinal(), window.end.toordinal(), window.source],
        "moments": [_stamp(usage.fetched_at), _stamp(usage.observed_at)],
        "dialect": usage.dialect,
        "counts": [
            usage.requests,
            usage.successful,
            usage.client_errors,
            usage.server_errors,
            usage.throttled,
            usage.peak_per_minute,
            usage.peak_per_day,
            usage.minute.limit,
            usage.minute.current,
            usage.day.limit,
            usage.day.current,
        ],
        "ms": [usage.avg_ms, usage.p50_ms, usage.p95_ms, usage.p99_ms],
        "statuses": _columns(2, usage.statuses.items() if usage.statuses is not None else None),
        "endpoints": _columns(
            5,
            None
            if usage.endpoints is None
            else ((e.path.original, e.requests, e.errors, e.avg_ms, e.throttled) for e in usage.endpoints),
        ),
        "throttled_by_endpoint": _columns(
            2,
            None
            if usage.throttled_by_endpoint is None
            else ((path.original, n) for path, n in usage.throttled_by_endpoint),
        ),
        "days": _columns(
            5,
            None
            if usage.days is None
            else ((d.date.toordinal(), d.requests, d.errors, d.partial, d.silent_keys) for d in usage.days),
        ),
        "hours": _columns(
            2, None if usage.hours is None else ((_stamp(hour.start), hour.throttled) for hour in usage.hours)
        ),
        "notes": usage.notes,
    }


def _to_slot(asked: object, found: Any) -> tuple[Slot, Usage]:
    days, start, end, source = _list(found["window"])
    first, last = map(date.fromordinal, _whole([start, end]))
    (length,) = _whole([days])
    (slot,) = _whole([asked])
    fetched_at, observed_at = map(_moment, _list(found["moments"]))
    (
        requests,
        successful,
        client_errors,
        server_errors,
        throttled,
        peak_per_minute,
        peak_per_day,
        minute_limit,
        minute_current,
        day_limit,
        day_current,
    ) = _counts(found["counts"])
    avg_ms, p50_ms, p95_ms, p99_ms = _ms(found["ms"])
    if fetched_at is None or observed_at is None or not MIN_DAYS <= slot <= MAX_DAYS:
        raise ValueError
    if not 0 <= (last - first).days < _WIDEST:
        raise ValueError
    usage = Usage(
        _id(found["key"]),
        Window(length, first, last, _SOURCES[source]),
        fetched_at,
        observed_at,
        _DIALECTS[found["dialect"]],
        requests,
        successful,
        client_errors,
        server_errors,
        throttled,
        avg_ms,
        p50_ms,
        p95_ms,
        p99_ms,
        peak_per_minute,
        peak_per_day,
        Meter(minute_limit, minute_current),
        Meter(day_limit, day_current),
        _to_statuses(found["statuses"]),
        _to_endpoints(found["endpoints"]),
        _to_throttled(found["throttled_by_endpoint"]),
        _to_days(found["days"]),
        _to_hours(found["hours"]),
        _notes(found["notes"]),
    )
    return (usage.key_id, slot), usage


def _to_statuses(found: Any) -> dict[int, int] | None:
    if found is None:
        return None
    codes, counts = found
    return dict(zip(_whole(codes), _whole(counts), strict=True))


def _to_endpoints(found: Any) -> tuple[Endpoint, ...] | None:
    if found is None:
        return None
    paths, requests, errors, avg_ms, throttled = found
    texts = map(_text, _list(paths))
    rows = zip(texts, _whole(requests), _counts(errors), _ms(avg_ms), _counts(throttled), strict=True)
    return tuple(Endpoint(*row) for row in rows)


def _to_throttled(found: Any) -> tuple[tuple[Text, int], ...] | None:
    if found is None:
        return None
    paths, counts = found
    return tuple(zip(map(_text, _list(paths)), _whole(counts), strict=True))


def _to_days(found: Any) -> tuple[Day, ...] | None:
    if found is None:
        return None
    dates, requests, errors, partial, silent = found
    ordinals = _whole(dates)
    if ordinals != sorted(set(ordinals)):
        raise ValueError
    parts = _typed(partial, {bool})
    rows = zip(
        map(date.fromordinal, ordinals),
        _counts(requests),
        _counts(errors),
        parts,
        _whole(silent),
        strict=True,
    )
    return tuple(Day(*row) for row in rows)


def _to_hours(found: Any) -> tuple[Hour, ...] | None:
    if found is None:
        return None
    starts, counts = found
    return tuple(
        Hour(start, n) for start, n in zip(map(_known, _typed(starts, {str})), _whole(counts), strict=True)
    )


def _columns(width: int, rows: Iterable[Iterable[object]] | None) -> list[list[object]] | None:
    """The rows turned; `width` columns even of no rows."""
    return None if rows is None else [list(column) for column in zip(*rows, strict=True)] or [[]] * width


def _stamp(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def _moment(value: object) -> datetime | None:
    return None if value is None else _known(value)


@lru_cache(maxsize=4096)  # and so do hours, of which 90 days have 2160
def _known(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is not UTC:
        raise ValueError
    return moment


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError
    return value


def _typed(value: object, types: set[type]) -> list[Any]:
    """The list, when every item is of exactly one of the types: a bool is no int."""
    values = _list(value)
    if not types.issuperset(map(type, values)):
        raise ValueError
    return values


def _counts(value: object) -> list[int | None]:
    values = _typed(value, {int, _NONE})
    if min(filter(None, values), default=0) < 0:
        raise ValueError
    return values


def _whole(value: object) -> list[int]:
    values = _typed(value, {int})
    if min(values, default=0) < 0:
        raise ValueError
    return values


def _ms(value: object) -> list[float | None]:
    values = _typed(value, {int, float, _NONE})
    if not all(0 <= each < inf for each in values if each is not None):  # 1e999 is read as infinity
        raise ValueError
    return values


@lru_cache(maxsize=1024)  # paths repeat in every answer
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


def _inert(value: str) -> str:
    if inert(value) != value:
        raise ValueError
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)  # NaN and the infinities are no JSON
