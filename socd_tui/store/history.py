"""What this machine remembers of every key: views then reach past the service's 90 days.

One SQLite file. A day has two parts, the counts and the 429s, because one answer may tell only one of
them. Of each part the newest telling observation is kept, whoever wrote it and when, so processes may
record in any order and several at once. Moments are kept to the second, as the service's `Date` is.
"""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from math import isfinite
from pathlib import Path

from socd_tui.model.errors import StoreError
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import LATENCY_WINDOWS
from socd_tui.model.past import DayRecord, Latency, Past, day_records
from socd_tui.model.text import Text
from socd_tui.model.usage import Hour, Usage
from socd_tui.store.paths import private_dir, refused, shown
from socd_tui.store.snapshot import decode, encode

FILE = "history.sqlite3"
VERSION = 1
BUSY_S = 5.0
"""How long to wait for another process that writes."""
CORRUPT_KEPT = 3
FORECASTS_KEPT_DAYS = 120

_FIRST_DAY = date(2000, 1, 1)
_AHEAD = timedelta(days=2)
"""How far a service's clock may be ahead of this one: what claims to be newer would win forever."""
_EPOCH = date(1970, 1, 1).toordinal()
_LARGEST = 2**53  # beyond it a count is not a count; the wire reads none, but a sum may come to more

# Dates are ordinals of Python, moments seconds since 1970. `told` is the smallest count a finished day was
# said to have shrunk to. `hours` are 24 counts with commas, nothing where no 429s were sent.
_TABLES = (
    "CREATE TABLE key (id INTEGER PRIMARY KEY, origin TEXT NOT NULL, key_id TEXT NOT NULL,"
    " name TEXT NOT NULL, prefix TEXT NOT NULL, UNIQUE (origin, key_id))",
    "CREATE TABLE day (key INTEGER, date INTEGER, seen_at INTEGER, requests INTEGER, errors INTEGER,"
    " hit_at INTEGER, throttled INTEGER, hours TEXT, told INTEGER, PRIMARY KEY (key, date)) WITHOUT ROWID",
    "CREATE TABLE latency (key INTEGER, days INTEGER, date INTEGER, seen_at INTEGER, requests INTEGER,"
    " avg_ms NUMERIC, p50_ms NUMERIC, p95_ms NUMERIC, p99_ms NUMERIC, PRIMARY KEY (key, days, date))"
    " WITHOUT ROWID",
    "CREATE TABLE forecast (key INTEGER, made_on INTEGER, target INTEGER, low REAL, middle REAL, high REAL,"
    " PRIMARY KEY (key, made_on, target)) WITHOUT ROWID",
    "CREATE TABLE fleet (origin TEXT, account TEXT, data BLOB, PRIMARY KEY (origin, account))",
)
_PRUNE = (
    "DELETE FROM latency WHERE date < ? AND key IN (SELECT id FROM key WHERE origin = ?)",
    "DELETE FROM forecast WHERE target < ? AND key IN (SELECT id FROM key WHERE origin = ?)",
    "DELETE FROM day WHERE date < ? AND key IN (SELECT id FROM key WHERE origin = ?)",
)

_Counts = tuple[int, int | None, int | None]
"""Seen at, requests, errors."""
_Hits = tuple[int, int | None, str]
"""Seen at, 429s of the whole day where all are known, and hour by hour."""
_Day = tuple[_Counts | None, _Hits | None]
_NOTHING: _Day = (None, None)

_PREPARING = threading.Lock()
"""Closing the descriptor that made the file would drop the locks of another thread's connection to it."""


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

    Every call opens the file anew, so that calls may come from any thread. All raise StoreError when the
    file cannot be used. Reading makes no file.
    """

    def __init__(
        self,
        folder: Path,
        origin: str,
        account: str = "",
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        busy_s: float = BUSY_S,
    ) -> None:
        self.path = folder / FILE
        self.notices: list[str] = []
        self._origin = origin
        self._account = account
        self._now = now
        self._busy_s = busy_s
        self._sound: int | None = None
        """The inode that was found to be a history in good order."""

    def record(self, keys: Iterable[ApiKey], usages: Iterable[Usage]) -> list[str]:
        """Remember these answers, all or nothing; a sentence for each finished day that now counts less."""
        days: dict[str, dict[int, _Day]] = {}
        latencies: dict[str, list[tuple[int | float | None, ...]]] = {}
        for usage in usages:
            if usage.observed_at <= usage.fetched_at + _AHEAD:
                told = days.setdefault(usage.key_id, {})
                for day, parts in _days(usage).items():
                    told[day] = _joined(day, told.get(day, _NOTHING), parts)
                if usage.window.days in LATENCY_WINDOWS and _percentiles(usage) != (None,) * 4:
                    latencies.setdefault(usage.key_id, []).append(_latency(usage))
        said = []
        known = {key.id: key for key in keys}
        with self._writing() as db:
            for key_id in {**known, **days}:
                key = known.get(key_id)
                number = self._number(db, key_id, key)
                who = f"{key.name.shown}#{key.short}" if key else Text(key_id).shown
                said += [f"{who}: {shrunk}" for shrunk in _store_days(db, number, days.get(key_id, {}))]
                db.executemany(_STORE_LATENCY, ((number, *row) for row in latencies.get(key_id, ())))
        return said

    def past(self, key_ids: Iterable[str] | None = None) -> dict[str, Past]:
        """Everything remembered, of these keys or of all: for `Fleet.past`."""
        wanted = None if key_ids is None else set(key_ids)
        with self._reading() as db:
            return {
                key.id: _past(db, number)
                for number, key in self._keys(db)
                if wanted is None or key.id in wanted
            }

    def summary(self) -> Summary:
        """How much is remembered."""
        with self._reading() as db:
            keys = dict(self._keys(db))
            spans = db.execute("SELECT key, count(*), min(date), max(date) FROM day GROUP BY key").fetchall()
        per_key = (
            Remembered(keys[number], count, date.fromordinal(first), date.fromordinal(last))
            for number, count, first, last in spans
            if number in keys
        )
        return Summary(tuple(per_key), self._size())

    def prune(self, older_than: date) -> int:
        """Forget the days before this date and give their room back; how many days that were."""
        if not self._exists():
            return 0
        bound = (older_than.toordinal(), self._origin)
        with self._writing() as db:
            *_, removed = [db.execute(statement, bound).rowcount for statement in _PRUNE]
        with suppress(StoreError), self._opened() as db:  # while in use the file stays as large as it is
            db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return removed

    def note_forecast(
        self, key_id: str, made_on: date, target: date, low: float, middle: float, high: float
    ) -> None:
        """Write down what was said of `target`, in requests; what was said first that day stays."""
        if not (isfinite(low) and isfinite(middle) and isfinite(high)):
            return
        day = made_on.toordinal()
        with self._writing() as db:
            number = self._number(db, key_id, None)
            db.execute(
                "INSERT OR IGNORE INTO forecast VALUES (?, ?, ?, ?, ?, ?)",
                (number, day, target.toordinal(), low, middle, high),
            )
            db.execute(
                "DELETE FROM forecast WHERE key = ? AND made_on < ?", (number, day - FORECASTS_KEPT_DAYS)
            )

    def forecast_record(self, key_id: str) -> tuple[int, int]:
        """Of how many forecasts, whose day is over and known, the day came out between low and high."""
        with self._reading() as db:
            inside, of = db.execute(
                "SELECT coalesce(sum(day.requests BETWEEN low AND high), 0), count(*)"
                " FROM forecast JOIN key ON key.id = forecast.key"
                " JOIN day ON day.key = forecast.key AND day.date = forecast.target"
                " WHERE origin = ? AND key_id = ? AND day.requests IS NOT NULL"
                " AND day.seen_at >= (day.date + 1 - ?) * 86400",
                (self._origin, json.dumps(key_id), _EPOCH),
            ).fetchone()
        return inside, of

    def keep(self, fleet: Fleet) -> None:
        """Keep what is known now, to open on it next time; nothing while the account is unknown."""
        if self._account:
            row = (self._origin, json.dumps(self._account), encode(fleet))
            with self._writing() as db:
                db.execute("INSERT OR REPLACE INTO fleet VALUES (?, ?, ?)", row)

    def last(self) -> Fleet | None:
        """What was kept last for this origin and account."""
        with self._reading() as db:
            found = db.execute(
                "SELECT data FROM fleet WHERE origin = ? AND account = ?",
                (self._origin, json.dumps(self._account)),
            ).fetchone()
        return decode(found[0]) if found and self._account else None

    def _keys(self, db: sqlite3.Connection) -> list[tuple[int, ApiKey]]:
        rows = db.execute(
            "SELECT id, key_id, name, prefix FROM key WHERE origin = ? ORDER BY id", (self._origin,)
        )
        return [
            (number, ApiKey(json.loads(key_id), Text(json.loads(name)), Text(json.loads(prefix))))
            for number, key_id, name, prefix in rows
        ]

    def _number(self, db: sqlite3.Connection, key_id: str, key: ApiKey | None) -> int:
        """The key's number in the file. Foreign text is stored as JSON: SQLite takes no half surrogates."""
        name, prefix = (key.name.original, key.prefix.original) if key else (key_id, "")
        again = "UPDATE SET name = excluded.name, prefix = excluded.prefix" if key else "NOTHING"
        db.execute(
            f"INSERT INTO key (origin, key_id, name, prefix) VALUES (?, ?, ?, ?) ON CONFLICT DO {again}",  # noqa: S608  # no input
            (self._origin, *map(json.dumps, (key_id, name, prefix))),
        )
        row = db.execute(
            "SELECT id FROM key WHERE origin = ? AND key_id = ?", (self._origin, json.dumps(key_id))
        )
        return int(row.fetchone()[0])

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is written, or nothing."""
        with self._opened() as db:
            db.execute("BEGIN IMMEDIATE")
            with db:
                yield db

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """One moment of the file; of an empty one while there is none."""
        if self._exists():
            with self._opened() as db:
                db.execute("BEGIN")
                yield db
        else:
            with closing(sqlite3.connect(":memory:")) as db:
                for table in _TABLES:
                    db.execute(table)
                yield db

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A connection to a history in good order; refusals become StoreError."""
        try:
            with _PREPARING:
                db = self._connection()
            with closing(db):
                yield db
        except sqlite3.Error as error:
            self._sound = None
            raise _refused(self.path, error) from None
        except OSError as error:
            raise refused(self.path, "used", error) from None

    def _connection(self) -> sqlite3.Connection:
        if private_dir(self.path.parent):
            self.notices.append(f"{shown(self.path.parent)} was open to other users; now it is yours alone.")
        while True:
            inode = self._guarded()
            where = f"{self.path.absolute().as_uri()}?mode=rw"  # never made by SQLite, which heeds the umask
            db = sqlite3.connect(where, self._busy_s, isolation_level=None, uri=True)
            try:
                flaw = None if inode == self._sound else _flaw(db)
                if flaw is None:
                    db.execute("PRAGMA synchronous = NORMAL")
                    db.execute("PRAGMA temp_store = MEMORY")  # nothing of it in a shared folder
                    self._sound = inode
                    return db
            except BaseException:
                db.close()
                raise
            db.close()
            if self.path.lstat().st_ino == inode:  # else another process has just done it
                self._move_aside(flaw)

    def _guarded(self) -> int:
        """The inode of the file, made if need be: private from the start, a plain file, this user's."""
        with suppress(FileExistsError):
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            self._sound = None  # a deleted file's inode is given out again
        for path in _with_companions(self.path):
            with suppress(FileNotFoundError):  # the last user of a log removes it
                status = path.lstat()
                if stat.S_ISLNK(status.st_mode):
                    raise refused(path, "used", OSError(errno.ELOOP, ""))
                if not stat.S_ISREG(status.st_mode):
                    raise StoreError(f"{shown(path)} is not a plain file.", "Remove it, or move it away.")
                if status.st_uid != os.geteuid():
                    raise StoreError(
                        f"{shown(path)} belongs to another user.", "Run this as that user, or move it away."
                    )
                if status.st_mode & 0o077:
                    path.chmod(0o600)
                    self.notices.append(f"{shown(path)} was open to other users; now only you can read it.")
        return self.path.lstat().st_ino

    def _move_aside(self, flaw: str) -> None:
        aside = self.path.with_name(f"history-corrupt-{self._now():%Y%m%dT%H%M%S%fZ}.sqlite3")
        # The logs first: beside a new file they would be taken for its own.
        for old, new in reversed(
            list(zip(_with_companions(self.path), _with_companions(aside), strict=True))
        ):
            with suppress(FileNotFoundError):
                old.rename(new)
        self.notices.append(f"The history {flaw}. It starts anew; the old file is {shown(aside)}.")
        for stale in sorted(aside.parent.glob("history-corrupt-*.sqlite3"))[:-CORRUPT_KEPT]:
            for path in _with_companions(stale):
                path.unlink(missing_ok=True)

    def _exists(self) -> bool:
        return os.path.lexists(self.path)

    def _size(self) -> int:
        total = 0
        for path in _with_companions(self.path):
            with suppress(OSError):
                total += path.stat().st_size
        return total


# --- what an answer tells --------------------------------------------------------------------------


def _days(usage: Usage) -> dict[int, _Day]:
    """The parts of every day this answer tells something about, by ordinal; none out of all reason."""
    at = int(usage.observed_at.timestamp())
    by_day: dict[date, list[int | None]] = {}
    for hour in usage.hours or ():
        counts = by_day.setdefault(hour.start.date(), [None] * 24)
        counts[hour.start.hour] = (counts[hour.start.hour] or 0) + hour.throttled
    hours = {day: ",".join("" if n is None else str(n) for n in counts) for day, counts in by_day.items()}
    found: dict[date, _Day] = {day: (None, (at, None, text)) for day, text in hours.items()}
    for told in day_records(usage):
        text = hours.get(told.date, "")
        hits = (at, _count(told.throttled), text) if told.throttled is not None or text else None
        found[told.date] = ((at, _count(told.requests), _count(told.errors)), hits)
    latest = usage.observed_at.date() + _AHEAD
    return {day.toordinal(): parts for day, parts in found.items() if _FIRST_DAY <= day <= latest}


def _latency(usage: Usage) -> tuple[int | float | None, ...]:
    observed = usage.observed_at
    seen = (observed.date().toordinal(), int(observed.timestamp()), _count(usage.requests))
    return (usage.window.days, *seen, *_percentiles(usage))


def _percentiles(usage: Usage) -> tuple[float | None, ...]:
    return usage.avg_ms, usage.p50_ms, usage.p95_ms, usage.p99_ms


def _count(value: int | None) -> int | None:
    return None if value is None or value > _LARGEST else value


# --- what is kept of two observations: the greater by these ranks, so their order does not matter ------


def _joined(day: int, one: _Day, other: _Day) -> _Day:
    counts = [part for part in (one[0], other[0]) if part]
    hits = [part for part in (one[1], other[1]) if part]
    return (
        max(counts, key=_counts_rank, default=None),
        max(hits, key=lambda part: _hits_rank(day, part), default=None),
    )


def _counts_rank(part: _Counts) -> tuple[int, ...]:
    """Known before unknown, then the newer; the values only decide within one second."""
    at, requests, errors = part
    return requests is not None, at, _above(requests), _above(errors)


def _hits_rank(day: int, part: _Hits) -> tuple[int, int, int, str]:
    """All hours of a day that was over before a list that may be cut short, then the newer."""
    at, throttled, hours = part
    return throttled is not None and _over(day, at), at, _above(throttled), hours


def _above(value: int | None) -> int:
    return -1 if value is None else value


def _over(day: int, at: int) -> bool:
    return at // 86_400 + _EPOCH > day


# --- rows ------------------------------------------------------------------------------------------

_STORE_LATENCY = """
    INSERT INTO latency VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
    SET seen_at = excluded.seen_at, requests = excluded.requests, avg_ms = excluded.avg_ms,
        p50_ms = excluded.p50_ms, p95_ms = excluded.p95_ms, p99_ms = excluded.p99_ms
    WHERE (excluded.seen_at, coalesce(excluded.requests, -1), coalesce(excluded.avg_ms, -1),
           coalesce(excluded.p50_ms, -1), coalesce(excluded.p95_ms, -1), coalesce(excluded.p99_ms, -1))
        > (seen_at, coalesce(requests, -1), coalesce(avg_ms, -1),
           coalesce(p50_ms, -1), coalesce(p95_ms, -1), coalesce(p99_ms, -1))
"""


def _store_days(db: sqlite3.Connection, key: int, told: dict[int, _Day]) -> list[str]:
    """Joins these days to the stored ones; what there is to say of finished days that shrank."""
    said, changed = [], []
    rows = db.execute(
        "SELECT date, seen_at, requests, errors, hit_at, throttled, hours, told FROM day"
        " WHERE key = ? AND date BETWEEN ? AND ?",
        (key, min(told, default=0), max(told, default=0)),
    )
    stored = {day: (_parts(*parts), least) for day, *parts, least in rows}
    for day, parts in sorted(told.items()):
        old, least = stored.get(day, (_NOTHING, None))
        new = _joined(day, old, parts)
        before, after = _final(day, old), _final(day, new)
        if (
            before is not None
            and after is not None
            and after < (before if least is None else min(before, least))
        ):
            when = date.fromordinal(day)
            said.append(
                f"{when.day} {when:%b} counted {before:,} requests, now {after:,}; the newer figure is kept."
            )
            least = after
        if new != old:
            counts, hits = new
            changed.append((key, day, *(counts or (None,) * 3), *(hits or (None,) * 3), least))
    db.executemany("INSERT OR REPLACE INTO day VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", changed)
    return said


def _parts(
    seen_at: int | None,
    requests: int | None,
    errors: int | None,
    hit_at: int | None,
    throttled: int | None,
    hours: str | None,
) -> _Day:
    return (
        None if seen_at is None else (seen_at, requests, errors),
        None if hit_at is None else (hit_at, throttled, hours or ""),
    )


def _final(day: int, parts: _Day) -> int | None:
    """The requests of a day that was over when they were counted."""
    counts = parts[0]
    return counts[1] if counts and _over(day, counts[0]) else None


def _past(db: sqlite3.Connection, key: int) -> Past:
    days: list[DayRecord] = []
    hours: list[Hour] = []
    for day, *columns in db.execute(
        "SELECT date, seen_at, requests, errors, hit_at, throttled, hours FROM day"
        " WHERE key = ? ORDER BY date",
        (key,),
    ):
        when = date.fromordinal(day)
        counts, hits = _parts(*columns)
        if hits:
            counted = enumerate(hits[2].split(","))
            hours += [Hour(datetime.combine(when, time(h), UTC), int(n)) for h, n in counted if n]
        if counts:
            seen_at, requests, errors = counts
            # 429s counted before the day was over do not belong to requests counted later.
            fits = hits is not None and (hits[0] >= seen_at or _over(day, hits[0]))
            throttled = hits[1] if hits and fits else None
            days.append(DayRecord(when, requests, errors, throttled, datetime.fromtimestamp(seen_at, UTC)))
    latencies = (
        Latency(date.fromordinal(day), *rest)
        for day, *rest in db.execute(
            "SELECT date, days, requests, avg_ms, p50_ms, p95_ms, p99_ms FROM latency"
            " WHERE key = ? ORDER BY date, days",
            (key,),
        )
    )
    return Past(tuple(days), tuple(hours), tuple(latencies))


# --- the file --------------------------------------------------------------------------------------


def _flaw(db: sqlite3.Connection) -> str | None:
    """Why this is no history of ours; an empty file is made one."""
    try:
        if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            return "was damaged"
        db.execute("BEGIN")
        (version,), found = db.execute("PRAGMA user_version").fetchone(), _schema(db)
        db.execute("COMMIT")
        if (version, found) == (0, set()):
            _create(db)
            return None
    except sqlite3.DatabaseError as error:
        if _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return "was damaged"
        raise
    return None if (version, found) == (VERSION, set(_TABLES)) else "was not written by this version"


def _schema(db: sqlite3.Connection) -> set[str]:
    return set(chain.from_iterable(db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")))


def _create(db: sqlite3.Connection) -> None:
    db.execute("BEGIN IMMEDIATE")
    with db:
        if not _schema(db):  # else another process has just done it
            for table in _TABLES:
                db.execute(table)
            db.execute(f"PRAGMA user_version = {VERSION}")
    with suppress(sqlite3.OperationalError):  # two at once get in each other's way; another time will do
        db.execute("PRAGMA journal_mode = WAL")


def _with_companions(path: Path) -> tuple[Path, ...]:
    """The database and what SQLite keeps beside it."""
    return tuple(path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm", "-journal"))


_ERRNO = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
}


def _refused(path: Path, error: sqlite3.Error) -> StoreError:
    code = _code(error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreError(f"{shown(path)} is in use by another socd-tui.", "Try again in a moment.")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreError(f"{shown(path)} is damaged.", "It is moved aside the next time it is used.")
    return refused(path, "used", OSError(_ERRNO.get(code, errno.EIO), ""))


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; 0 where the error is of Python's own making."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
