"""Rows of the history, each read strictly: the file may be damaged, or another's."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from datetime import date, datetime
from math import isfinite
from typing import Any, NamedTuple

from socd_tui.clock import EARLIEST, EPOCH, LATEST
from socd_tui.model import checked
from socd_tui.model.key import ApiKey
from socd_tui.model.later import Later
from socd_tui.model.lens import LATENCY_WINDOWS
from socd_tui.model.past import Foretold, Latency, Past
from socd_tui.model.text import Text
from socd_tui.model.usage import REMEMBERED_LATENCIES, Usage
from socd_tui.store.answered_days import AnsweredDays, days_to_store, said_anew
from socd_tui.store.stored_day import (
    CLOCK_AHEAD,
    ShrunkenDay,
    StoredDay,
    count,
    hours_of,
    observed_days,
    usable,
)

FORECASTS_KEPT_DAYS = 120
"""Forecasts older than this many days are deleted."""

_KEY = "SELECT id, name, prefix FROM key WHERE origin = ? AND key_id = ?"
# Keeps the given row or the stored one: the newer; of two from the same second, the one with greater values.
_STORE_LATENCY = """
    INSERT OR REPLACE INTO latency SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?
    UNION ALL SELECT * FROM latency WHERE (key, days, date) = (?, ?, ?)
    ORDER BY 4 DESC, 5 DESC, 6 DESC, 7 DESC, 8 DESC, 9 DESC LIMIT 1
"""


Names = tuple[str, Text, Text]
"""A key's id, name and prefix."""


def stored_names(*texts: str) -> Names | None:
    """Of a key, as stored; None for what this program never stores."""
    try:
        key_id, name, prefix = map(json.loads, texts)
        return (key_id, Text(name), Text(prefix)) if type(key_id) is str else None
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def key_number(db: sqlite3.Connection, origin: str, key_id: str, key: ApiKey | None = None) -> int:
    """The key's number in the file, given now if it has none; name and prefix are updated from `key`."""
    names = (origin, json.dumps(key_id))
    stored = db.execute(_KEY, names).fetchone()
    if stored is None:
        db.execute("INSERT INTO key VALUES (NULL, ?, ?, ?, '\"\"')", (*names, names[1]))
        stored = db.execute(_KEY, names).fetchone()
    number, *texts = stored
    if key:
        told = [json.dumps(key.name.original), json.dumps(key.prefix.original)]
        if told != texts:
            db.execute("UPDATE key SET name = ?, prefix = ? WHERE id = ?", (*told, number))
    return int(number)


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


_STORED_DAYS = """
    SELECT date, seen_at, requests, errors, hit_at, throttled, hours FROM day WHERE key = ? ORDER BY date
"""
_UNUSABLE_LATENCY = """
    SELECT key, days, date FROM latency WHERE key = ?1 AND NOT (
        typeof(days) = 'integer' AND days >= 0 AND typeof(date) = 'integer' AND date BETWEEN ?2 AND ?3
        AND (avg_ms IS NULL OR typeof(avg_ms) IN ('integer', 'real') AND avg_ms BETWEEN 0 AND ?4)
        AND (p50_ms IS NULL OR typeof(p50_ms) IN ('integer', 'real') AND p50_ms BETWEEN 0 AND ?4)
        AND (p95_ms IS NULL OR typeof(p95_ms) IN ('integer', 'real') AND p95_ms BETWEEN 0 AND ?4)
        AND (p99_ms IS NULL OR typeof(p99_ms) IN ('integer', 'real') AND p99_ms BETWEEN 0 AND ?4)
    )
"""
_BOUNDS = (EARLIEST.toordinal(), LATEST.toordinal() - 1, float(checked.LARGEST))
"""The key's rows of which `stored_latency` makes nothing: SQLite looks at a thousand in a millisecond."""


_SAID = "SELECT date, requests, errors, throttled, hours FROM day WHERE key = ? AND date BETWEEN ? AND ?"
_DAYS = """
    SELECT date, seen_at, requests, errors, hit_at, throttled, hours, told FROM day
    WHERE key = ? AND date BETWEEN ? AND ?
"""
# Each moment becomes the later one that is known; what is stored may be out of all reason, and then goes.
_SEEN_AGAIN = """
    UPDATE day SET
        seen_at = CASE WHEN typeof(seen_at) = 'integer' AND seen_at BETWEEN coalesce(?1, 0) AND ?6
            THEN seen_at ELSE ?1 END,
        hit_at = CASE WHEN typeof(hit_at) = 'integer' AND hit_at BETWEEN coalesce(?2, 0) AND ?6
            THEN hit_at ELSE ?2 END
    WHERE key = ?5 AND date BETWEEN ?3 AND ?4
"""


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


def read_past(
    db: sqlite3.Connection,
    key: int,
    now: datetime,
    unusable: set[Row],
    latencies: Callable[[], Iterable[Latency]],
) -> Past:
    """Everything remembered of the key; `unusable` gets the rows of it that are left out.

    Few look at the hours and the response times, and of three years both take ten times as long as the days:
    they are made when somebody does, the latter of what `latencies` then reads.
    """
    stored = db.execute(_STORED_DAYS, (key,)).fetchall()
    days = usable(stored, now)
    if len(days) < len(stored):
        unusable |= {Row("day", (key, day[0])) for day in stored if not usable([day], now)}
    unusable |= {Row("latency", row) for row in db.execute(_UNUSABLE_LATENCY, (key, *_BOUNDS))}
    throttled = [day for day in days if day[-1]]
    return Past(
        observed_days(days),
        Later(lambda: hours_of(throttled)),
        Later(latencies),
        _forecast_hits(db, key),
    )


def read_latencies(db: sqlite3.Connection, key: int) -> list[Latency]:
    """The key's response times, ascending by date."""
    rows = db.execute("SELECT * FROM latency WHERE key = ? ORDER BY date, days", (key,))
    return [latency for row in rows if (latency := stored_latency(*row[1:]))]


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
    db: sqlite3.Connection, key: int, label: str, answers: Iterable[Usage], now: datetime
) -> list[ShrunkenDay]:
    """Merge the days that these answers tell into the stored ones; the finished days that shrank."""
    answered = [*map(AnsweredDays.of, answers)]
    dates = [days.ordinals for days in answered if days.ordinals]
    between = min(map(min, dates), default=0), max(map(max, dates), default=0)
    said = db.execute(_SAID, (key, *between)).fetchall()
    anew = said_anew(answered, said)
    rows = db.execute(_DAYS, (key, min(anew, default=0), max(anew, default=0))).fetchall()
    # Of one that cannot be used the new one takes the place.
    stored = {row[0]: row for row in usable(rows, now)}
    told = {row[0]: row[-1] for row in rows if type(row[-1]) is int}
    shrunken: list[ShrunkenDay] = []
    changed = []
    for day, answer in sorted(days_to_store(answered, anew).items()):
        old, reported = StoredDay(*stored[day][:-1]) if day in stored else StoredDay(day), told.get(day)
        merged = old.joined(answer)
        before, after = old.final(), merged.final()
        # Only below what was reported: answers that contradict each other in turn are worth one sentence.
        least = before if reported is None or before is None else min(before, reported)
        if before is not None and least is not None and after is not None and after < least:
            shrunken.append(ShrunkenDay(label, date.fromordinal(day), before, after))
            reported = after
        if merged != old:
            changed.append((key, *merged, reported))
    # Nearly all of a refresh: what is over was told before.
    latest = int((now + CLOCK_AHEAD).timestamp())
    again = [(*run, key, latest) for days in answered for run in days.seen_again(anew)]
    db.executemany(_SEEN_AGAIN, again)
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


def store_forecast(db: sqlite3.Connection, key: int, foretold: Foretold) -> None:
    """Keep a forecast, in a write transaction; the first one made on a day stays."""
    bounds = foretold[3:]
    if all(map(isfinite, bounds)):
        made = foretold.made_on.toordinal()
        row = (key, made, foretold.target.toordinal(), *bounds)
        db.execute("INSERT OR IGNORE INTO forecast VALUES (?, ?, ?, ?, ?, ?)", row)
        db.execute("DELETE FROM forecast WHERE key = ? AND made_on < ?", (key, made - FORECASTS_KEPT_DAYS))
