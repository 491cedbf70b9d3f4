"""The tables of what this machine remembers, for `sql` and `history`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from socd_tui.analysis.owners import Owners, claims
from socd_tui.charts.sheet import stamp
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.past import Observation
from socd_tui.outputs.tables.table import Cell, Column, Table

_DAY = timedelta(days=1)

_KEY = Column("key_id", "TEXT", "the key's id")
_WINDOW = Column("window_days", "INTEGER", "length of the window that the figures are of, in days")
_REQUESTS = Column("requests", "INTEGER", "requests, errors and 429s included")
_ERRORS = Column("errors", "INTEGER", "answers 4xx and 5xx, 429s included")
_THROTTLED = Column("throttled", "INTEGER", "answers 429; null where the service does not tell all")
_AVERAGE = Column("avg_ms", "REAL", "mean response time in ms")
_SEEN = Column("seen_at", "TEXT", "the service's clock when it told this, UTC")

DAY = (
    Column("date", "TEXT", "UTC date"),
    _REQUESTS,
    _ERRORS,
    _THROTTLED,
    Column("partial", "BOOLEAN", "whether the day was not over when this was told; 1 or 0 in SQL"),
    Column("missing", "BOOLEAN", "whether nothing is known of the date, which lies between two that are"),
    _SEEN,
)
"""The columns that say something of a day."""


def _keys(fleet: Fleet, owners: Owners) -> Iterator[tuple[Cell, ...]]:
    for key in fleet.keys:
        minute, day = key.minute_limit(), key.day_limit()
        yield (
            key.id,
            key.name,
            key.prefix,
            key.tier,
            _owner_of(key, owners),
            minute.value if minute else None,
            day.value if day else None,
            *(stamp(each) for each in (key.created_at, key.last_used_at, key.expires_at, key.revoked_at)),
        )


def _days(fleet: Fleet, _: Owners) -> Iterator[tuple[Cell, ...]]:
    for key_id, past in fleet.past.items():
        for observed in past.days:
            yield (key_id, *_day_cells(observed))


def _hours(fleet: Fleet, _: Owners) -> Iterator[tuple[Cell, ...]]:
    for key_id, past in fleet.past.items():
        for hour in past.hours:
            yield key_id, stamp(hour.start), hour.throttled


def _latency(fleet: Fleet, _: Owners) -> Iterator[tuple[Cell, ...]]:
    for key_id, past in fleet.past.items():
        for each in past.latencies:
            times = each.avg_ms, each.p50_ms, each.p95_ms, each.p99_ms
            yield key_id, str(each.date), each.days, each.requests, *times


def _endpoints(fleet: Fleet, _: Owners) -> Iterator[tuple[Cell, ...]]:
    for (key_id, days), usage in fleet.usages.items():
        for each in usage.endpoints or ():
            figures = each.requests, each.errors, each.throttled, each.avg_ms
            yield key_id, days, each.path, *figures, stamp(usage.observed_at)


def _statuses(fleet: Fleet, _: Owners) -> Iterator[tuple[Cell, ...]]:
    for (key_id, days), usage in fleet.usages.items():
        for code, requests in (usage.statuses or {}).items():
            yield key_id, days, code, requests, stamp(usage.observed_at)


TABLES = (
    Table(
        name="keys",
        about="the keys, as listed last",
        columns=(
            _KEY,
            Column("name", "TEXT", "its name"),
            Column("prefix", "TEXT", "how it begins"),
            Column("tier", "TEXT", "its tier"),
            Column("owner", "TEXT", "whose it is by config.toml; null: nobody's"),
            Column("limit_per_minute", "INTEGER", "requests allowed; null: unlimited, or not known"),
            Column("limit_per_day", "INTEGER", "the same of a day"),
            Column("created_at", "TEXT", "moments in UTC; null where not told"),
            Column("last_used_at", "TEXT", ""),
            Column("expires_at", "TEXT", ""),
            Column("revoked_at", "TEXT", ""),
        ),
        rows=_keys,
    ),
    Table(
        name="days",
        about="each day that is remembered of each key",
        columns=(_KEY, *(column for column in DAY if column.name != "missing")),
        rows=_days,
    ),
    Table(
        name="hours",
        about="the 429s of each hour that the service told",
        columns=(_KEY, Column("hour", "TEXT", "when the hour began, UTC"), _THROTTLED),
        rows=_hours,
    ),
    Table(
        name="latency",
        about="response times of the window that ended on a date",
        columns=(
            _KEY,
            Column("date", "TEXT", "UTC date"),
            _WINDOW,
            _REQUESTS,
            _AVERAGE,
            Column("p50_ms", "REAL", "percentiles in ms, of the whole window"),
            Column("p95_ms", "REAL", ""),
            Column("p99_ms", "REAL", ""),
        ),
        rows=_latency,
    ),
    Table(
        name="endpoints",
        about="the endpoints of each window that was answered last",
        columns=(
            _KEY,
            _WINDOW,
            Column("path", "TEXT", "the endpoint"),
            _REQUESTS,
            _ERRORS,
            _THROTTLED,
            _AVERAGE,
            _SEEN,
        ),
        rows=_endpoints,
    ),
    Table(
        name="statuses",
        about="the status codes of each window that was answered last",
        columns=(_KEY, _WINDOW, Column("code", "INTEGER", "HTTP status code"), _REQUESTS, _SEEN),
        rows=_statuses,
    ),
)

EXPORTED = (
    Column("origin", "TEXT", "the service"),
    _KEY,
    Column("name", "TEXT", "the key's name as it was told last"),
    Column("prefix", "TEXT", "how the key begins"),
    Column("owner", "TEXT", "whose it is by config.toml; empty: nobody's"),
    *DAY,
)
"""The columns of `history` in the formats for other programs."""


def exported_days(fleet: Fleet, owners: Owners, origin: str) -> Iterator[tuple[Cell, ...]]:
    """A row a key and date, from the key's first day to its last: dates that nobody told are missing."""
    for key in fleet.keys:
        whose = origin, key.id, key.name, key.prefix, _owner_of(key, owners)
        before: date | None = None
        for observed in fleet.past[key.id].days if key.id in fleet.past else ():
            while before is not None and (before := before + _DAY) < observed.day.date:
                yield (*whose, str(before), None, None, None, False, True, None)
            before = observed.day.date
            *cells, seen_at = _day_cells(observed)
            yield (*whose, *cells, False, seen_at)


def _day_cells(observed: Observation) -> tuple[Cell, ...]:
    """A day's cells in the order of `DAY`, without `missing`."""
    day = observed.day
    return str(day.date), day.requests, day.errors, day.throttled, day.partial, stamp(observed.at)


def _owner_of(key: ApiKey, owners: Owners) -> str | None:
    """The first of those who claim the key."""
    return next(iter(claims(owners).owners(key)), None)
