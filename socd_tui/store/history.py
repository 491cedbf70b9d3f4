"""What this machine remembers of every key: views then reach past the service's 90 days.

One SQLite file. Of each day the newest telling observation is kept, whoever wrote it and when, so processes
may record in any order and several at once. Moments are kept to the second, as the service's `Date` is.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import isfinite
from pathlib import Path

from socd_tui.clock import Clock
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import LATENCY_WINDOWS
from socd_tui.model.past import Latency, Past
from socd_tui.model.text import Text
from socd_tui.model.usage import REMEMBERED_LATENCIES, Usage
from socd_tui.store.database import Database
from socd_tui.store.observation import CLOCK_AHEAD, EPOCH, Observation, count, observed
from socd_tui.store.snapshot import decode, encode

FILE = "history.sqlite3"
BUSY_S = 5.0
"""How long to wait for another process that writes."""
FORECASTS_KEPT_DAYS = 120

# The greater of what is given and what is stored: the newer, and within one second the values decide.
_STORE_LATENCY = """
    INSERT OR REPLACE INTO latency SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?
    UNION ALL SELECT * FROM latency WHERE (key, days, date) = (?, ?, ?)
    ORDER BY 4 DESC, 5 DESC, 6 DESC, 7 DESC, 8 DESC, 9 DESC LIMIT 1
"""
_PRUNE = (
    "DELETE FROM latency WHERE date < ? AND key IN (SELECT id FROM key WHERE origin = ?)",
    "DELETE FROM forecast WHERE target < ? AND key IN (SELECT id FROM key WHERE origin = ?)",
    "DELETE FROM day WHERE date < ? AND key IN (SELECT id FROM key WHERE origin = ?)",
)


@dataclass(frozen=True)
class Remembered:
    """One key's days; of `key` only id, name and prefix are known."""

    key: ApiKey
    days: int
    first: date
    last: date

    @property
    def gaps(self) -> int:
        """Dates between the first and the last of which nothing is known."""
        return (self.last - self.first).days + 1 - self.days


@dataclass(frozen=True)
class Summary:
    """What is remembered of an origin. `bytes_on_disk` is the whole file, other origins included."""

    per_key: tuple[Remembered, ...]
    bytes_on_disk: int

    @property
    def keys(self) -> int:
        return len(self.per_key)

    @property
    def days(self) -> int:
        return sum(each.days for each in self.per_key)

    @property
    def first(self) -> date | None:
        return min((each.first for each in self.per_key), default=None)

    @property
    def last(self) -> date | None:
        return max((each.last for each in self.per_key), default=None)

    @property
    def gaps(self) -> int:
        return sum(each.gaps for each in self.per_key)


class History:
    """The memory of one origin; `notices` are sentences to show the person once.

    Calls may come from any thread. All raise StoreError when the file cannot be used. Reading makes no file.
    """

    def __init__(
        self,
        folder: Path,
        origin: str,
        account: str = "",
        *,
        clock: Clock,
        busy_s: float = BUSY_S,
    ) -> None:
        self.path = folder / FILE
        self._file = Database(self.path, clock, busy_s)
        self.notices = self._file.notices
        self._origin = origin
        self._account = account

    def record(self, keys: Iterable[ApiKey], usages: Iterable[Usage]) -> list[str]:
        """Remember these answers, all or nothing; a sentence for each finished day that now counts less."""
        known = {key.id: key for key in keys}
        answers: dict[str, list[Usage]] = {key_id: [] for key_id in known}
        for usage in usages:
            if usage.observed_at <= usage.fetched_at + CLOCK_AHEAD:
                answers.setdefault(usage.key_id, []).append(usage)
        said = []
        with self._file.writing() as db:
            for key_id, told in answers.items():
                key = known.get(key_id)
                number = self._number(db, key_id, key)
                who = f"{key.name.shown}#{key.short}" if key else Text(key_id).shown
                said += [f"{who}: {shrunk}" for shrunk in _store_days(db, number, observed(told))]
                _store_latencies(db, number, told)
        return said

    def past(self, key_ids: Iterable[str] | None = None) -> dict[str, Past]:
        """Everything remembered, of these keys or of all: for `Fleet.past`."""
        wanted = None if key_ids is None else set(key_ids)
        with self._file.reading() as db:
            return {
                key.id: _past(db, number)
                for number, key in self._keys(db).items()
                if wanted is None or key.id in wanted
            }

    def summary(self) -> Summary:
        """How much is remembered."""
        with self._file.reading() as db:
            spans = db.execute("SELECT key, count(*), min(date), max(date) FROM day GROUP BY key").fetchall()
            keys = self._keys(db)
        per_key = (
            Remembered(keys[number], count, date.fromordinal(first), date.fromordinal(last))
            for number, count, first, last in spans
            if number in keys
        )
        return Summary(tuple(per_key), self._file.size())

    def prune(self, older_than: date) -> int:
        """Forget the days before this date and give their room back; how many days that were."""
        if not self._file.exists():
            return 0
        with self._file.writing() as db:
            bound = (older_than.toordinal(), self._origin)
            *_, removed = [db.execute(statement, bound).rowcount for statement in _PRUNE]
        self._file.shrink()
        return removed

    def note_forecast(
        self, key_id: str, made_on: date, target: date, low: float, middle: float, high: float
    ) -> None:
        """Write down what was said of `target`, in requests; what was said first that day stays."""
        if not (isfinite(low) and isfinite(middle) and isfinite(high)):
            return
        day = made_on.toordinal()
        with self._file.writing() as db:
            number = self._number(db, key_id)
            row = (number, day, target.toordinal(), low, middle, high)
            db.execute("INSERT OR IGNORE INTO forecast VALUES (?, ?, ?, ?, ?, ?)", row)
            oldest = (number, day - FORECASTS_KEPT_DAYS)
            db.execute("DELETE FROM forecast WHERE key = ? AND made_on < ?", oldest)

    def keep(self, fleet: Fleet) -> None:
        """Keep what is known now, to open on it next time; nothing while the account is unknown."""
        if self._account:
            row = (self._origin, json.dumps(self._account), encode(fleet))
            with self._file.writing() as db:
                db.execute("INSERT OR REPLACE INTO fleet VALUES (?, ?, ?)", row)

    def last(self) -> Fleet | None:
        """What was kept last for this origin and account."""
        with self._file.reading() as db:
            place = (self._origin, json.dumps(self._account))
            found = db.execute("SELECT data FROM fleet WHERE origin = ? AND account = ?", place).fetchone()
        return decode(found[0]) if found and self._account else None

    def _keys(self, db: sqlite3.Connection) -> dict[int, ApiKey]:
        rows = db.execute("SELECT * FROM key WHERE origin = ? ORDER BY id", (self._origin,))
        return {
            number: ApiKey(json.loads(key_id), Text(json.loads(name)), Text(json.loads(prefix)))
            for number, _, key_id, name, prefix in rows
        }

    def _number(self, db: sqlite3.Connection, key_id: str, key: ApiKey | None = None) -> int:
        """The key's number in the file."""
        who = (self._origin, json.dumps(key_id))
        db.execute("INSERT OR IGNORE INTO key VALUES (NULL, ?, ?, ?, '\"\"')", (*who, who[1]))
        (number,) = db.execute("SELECT id FROM key WHERE origin = ? AND key_id = ?", who).fetchone()
        if key:
            texts = (json.dumps(key.name.original), json.dumps(key.prefix.original))
            db.execute("UPDATE key SET name = ?, prefix = ? WHERE id = ?", (*texts, number))
        return int(number)


def _store_days(db: sqlite3.Connection, key: int, told: dict[int, Observation]) -> list[str]:
    """Joins these days to the stored ones; what there is to say of finished days that shrank."""
    rows = db.execute(
        "SELECT * FROM day WHERE key = ? AND date BETWEEN ? AND ?",
        (key, min(told, default=0), max(told, default=0)),
    )
    stored = {day: (Observation(day, *columns), low) for _, day, *columns, low in rows}
    said, changed = [], []
    for day, seen in sorted(told.items()):
        old, low = stored.get(day, (Observation(day), None))
        new = old.joined(seen)
        before, after = old.final(), new.final()
        # Answers that contradict each other in turn are worth one sentence.
        if before is not None and after is not None and after < min(before, before if low is None else low):
            when = date.fromordinal(day)
            said.append(
                f"{when.day} {when:%b} counted {before:,} requests, now {after:,}; the newer figure is kept."
            )
            low = after
        if new != old:
            changed.append((key, *new, low))
    db.executemany("INSERT OR REPLACE INTO day VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", changed)
    return said


def _store_latencies(db: sqlite3.Connection, key: int, answers: Iterable[Usage]) -> None:
    for usage in answers:
        response_times = tuple(getattr(usage, name) for name in REMEMBERED_LATENCIES)
        if usage.window.days in LATENCY_WINDOWS and any(ms is not None for ms in response_times):
            place = (key, usage.window.days, usage.observed_at.date().toordinal())
            seen = (int(usage.observed_at.timestamp()), count(usage.requests), *response_times)
            db.execute(_STORE_LATENCY, (*place, *seen, *place))


def _past(db: sqlite3.Connection, key: int) -> Past:
    rows = db.execute("SELECT * FROM day WHERE key = ? ORDER BY date", (key,))
    days = [Observation(*columns) for _, *columns, _ in rows]
    latencies = db.execute("SELECT * FROM latency WHERE key = ? ORDER BY date, days", (key,))
    return Past(
        tuple(told for day in days if (told := day.observed())),
        tuple(hour for day in days for hour in day.hours()),
        tuple(Latency(date.fromordinal(day), window, *told) for _, window, day, _, *told in latencies),
        _foretold(db, key),
    )


def _foretold(db: sqlite3.Connection, key: int) -> tuple[int, int]:
    """Of how many forecasts, whose day is over and known, the day came out between low and high."""
    inside, of = db.execute(
        "SELECT coalesce(sum(day.requests BETWEEN low AND high), 0), count(*)"
        " FROM forecast JOIN day ON day.key = forecast.key AND day.date = forecast.target"
        " WHERE forecast.key = ? AND day.requests IS NOT NULL"
        " AND day.seen_at >= (day.date + 1 - ?) * 86400",
        (key, EPOCH),
    ).fetchone()
    return inside, of
