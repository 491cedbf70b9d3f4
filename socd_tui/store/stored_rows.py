"""Rows of the history, each read strictly: the file may be damaged, or another's."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from socd_tui.model import checked
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import LATENCY_WINDOWS
from socd_tui.model.past import Latency, Past
from socd_tui.model.text import Text
from socd_tui.model.usage import REMEMBERED_LATENCIES, Usage
from socd_tui.store.stored_day import EPOCH, ShrunkenDay, StoredDay, count

# Keeps the given row or the stored one: the newer; of two from the same second, the one with greater values.
_STORE_LATENCY = """
    INSERT OR REPLACE INTO latency SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?
    UNION ALL SELECT * FROM latency WHERE (key, days, date) = (?, ?, ?)
    ORDER BY 4 DESC, 5 DESC, 6 DESC, 7 DESC, 8 DESC, 9 DESC LIMIT 1
"""


def stored_key(*texts: str) -> ApiKey | None:
    """A key of these id, name and prefix, as stored; None for what this program never stores."""
    try:
        key_id, name, prefix = (json.loads(text) for text in texts)
        return ApiKey(id=key_id, name=Text(name), prefix=Text(prefix)) if type(key_id) is str else None
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def stored_latency(
    days: int, ordinal: int, _: int, requests: object, *response_times: object
) -> Latency | None:
    """A row of the table, without its key; None for one that this program never writes."""
    try:
        [days] = checked.naturals([days])
        asked = requests if type(requests) is int and requests >= 0 else None
        by_name: dict[str, Any] = dict(
            zip(REMEMBERED_LATENCIES, checked.ms(list(response_times)), strict=True)
        )
        return Latency(date=checked.day(ordinal), days=days, requests=asked, **by_name)
    except (ValueError, TypeError):
        return None


class Row(NamedTuple):
    """What a row of the history is found by."""

    table: str
    columns: tuple[object, ...]
    """Its primary key."""


# Of rows whose dates are no whole numbers all of the key's go: their values may not be comparable.
_REMOVE = {
    "day": "DELETE FROM day WHERE key = ? AND (date IS ? OR typeof(date) <> 'integer')",
    "latency": "DELETE FROM latency WHERE key = ? AND (days IS ? AND date IS ?"
    " OR typeof(days) <> 'integer' OR typeof(date) <> 'integer')",
}


def remove(db: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Delete rows that cannot be used."""
    for table, columns in rows:
        db.execute(_REMOVE[table], columns)


def read_past(db: sqlite3.Connection, key: int, now: datetime, unusable: set[Row]) -> Past:
    """Everything remembered of the key; `unusable` gets the rows of it that are left out."""
    days, latencies = [], []
    for row in db.execute("SELECT * FROM day WHERE key = ? ORDER BY date", (key,)):
        day = StoredDay(*row[1:-1])
        if day.is_usable(now):
            days.append(day)
        else:
            unusable.add(Row("day", row[:2]))
    for row in db.execute("SELECT * FROM latency WHERE key = ? ORDER BY date, days", (key,)):
        latency = stored_latency(*row[1:])
        if latency is not None:
            latencies.append(latency)
        else:
            unusable.add(Row("latency", row[:3]))
    return Past(
        tuple(each for day in days if (each := day.observation())),
        tuple(hour for day in days for hour in day.hours()),
        tuple(latencies),
        _forecast_hits(db, key),
    )


def _forecast_hits(db: sqlite3.Connection, key: int) -> tuple[int, int]:
    """(forecasts whose day ended between low and high, forecasts whose day is over and has figures)."""
    hits, total = db.execute(
        "SELECT coalesce(sum(day.requests BETWEEN low AND high), 0), count(*)"
        " FROM forecast JOIN day ON day.key = forecast.key AND day.date = forecast.target"
        " WHERE forecast.key = ? AND day.requests IS NOT NULL"
        " AND day.seen_at >= (day.date + 1 - ?) * 86400",
        (key, EPOCH),
    ).fetchone()
    return hits, total


def store_days(
    db: sqlite3.Connection, key: int, label: str, days: dict[int, StoredDay], now: datetime
) -> list[ShrunkenDay]:
    """Merge these days (by ordinal) into the stored ones; the finished days that shrank."""
    rows = db.execute(
        "SELECT * FROM day WHERE key = ? AND date BETWEEN ? AND ?",
        (key, min(days, default=0), max(days, default=0)),
    )
    stored = {
        old.ordinal: (old, reported if type(reported) is int else None)
        for _, *columns, reported in rows
        if (old := StoredDay(*columns)).is_usable(now)  # else the new one takes its place
    }
    shrunken, changed = [], []
    for day, answered in sorted(days.items()):
        old, reported = stored.get(day, (StoredDay(day), None))
        new = old.joined(answered)
        before, after = old.final(), new.final()
        # Only below what was reported: answers that contradict each other in turn are worth one sentence.
        least = before if reported is None or before is None else min(before, reported)
        if before is not None and least is not None and after is not None and after < least:
            shrunken.append(ShrunkenDay(label, date.fromordinal(day), before, after))
            reported = after
        if new != old:
            changed.append((key, *new, reported))
    db.executemany("INSERT OR REPLACE INTO day VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", changed)
    return shrunken


def store_latencies(db: sqlite3.Connection, key: int, answers: Iterable[Usage]) -> None:
    """Keep the response times of these answers, in a write transaction."""
    for usage in answers:
        response_times = tuple(getattr(usage, name) for name in REMEMBERED_LATENCIES)
        if usage.window.days in LATENCY_WINDOWS and any(ms is not None for ms in response_times):
            row_key = (key, usage.window.days, usage.observed_at.date().toordinal())
            figures = (int(usage.observed_at.timestamp()), count(usage.requests), *response_times)
            db.execute(_STORE_LATENCY, (*row_key, *figures, *row_key))
