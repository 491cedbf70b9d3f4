"""The tables of the history in each version of its file, and the check that a file has exactly those of one.

Dates are stored as `date.toordinal()`, moments as seconds since 1970. Text from the service is stored as
JSON, because SQLite refuses lone surrogates.
"""

from __future__ import annotations

import sqlite3

VERSION = 2

_FIRST = (
    "CREATE TABLE key (id INTEGER PRIMARY KEY, origin TEXT NOT NULL, key_id TEXT NOT NULL,"
    " name TEXT NOT NULL, prefix TEXT NOT NULL, UNIQUE (origin, key_id))",
    # `hours` holds the 429s of the 24 hours as bytes. `told` is the smallest number of requests of a finished
    # day in a sentence shown to the user.
    "CREATE TABLE day (key INTEGER, date INTEGER, seen_at INTEGER, requests INTEGER, errors INTEGER,"
    " hit_at INTEGER, throttled INTEGER, hours BLOB, told INTEGER, PRIMARY KEY (key, date)) WITHOUT ROWID",
    "CREATE TABLE latency (key INTEGER, days INTEGER, date INTEGER, seen_at INTEGER, requests INTEGER,"
    " avg_ms NUMERIC, p50_ms NUMERIC, p95_ms NUMERIC, p99_ms NUMERIC, PRIMARY KEY (key, days, date))"
    " WITHOUT ROWID",
    "CREATE TABLE forecast (key INTEGER, made_on INTEGER, target INTEGER, low REAL, middle REAL, high REAL,"
    " PRIMARY KEY (key, made_on, target)) WITHOUT ROWID",
    "CREATE TABLE fleet (origin TEXT, account TEXT, data BLOB, PRIMARY KEY (origin, account))",
)
_STEPS: dict[int, tuple[str, ...]] = {
    # What counters give out: the sums of the days before `counted_from` that are or will be deleted, and the
    # most that was ever told of each.
    2: (
        "CREATE TABLE counter (key INTEGER PRIMARY KEY, anchor INTEGER, counted_from INTEGER,"
        " pruned_requests INTEGER, pruned_errors INTEGER, pruned_throttled INTEGER,"
        " told_requests INTEGER, told_errors INTEGER, told_throttled INTEGER)",
    ),
}
"""What makes each version of the one before it."""
_YET_TO_COME = 1000
"""No program will ever write this version: a file that claims it is damaged."""


class Newer(Exception):
    """A later version of this program wrote the file: it is not for this one to touch."""


def create(db: sqlite3.Connection) -> None:
    """Create the tables in an empty file, in WAL mode: others can read while one process writes."""
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("BEGIN IMMEDIATE")
    with db:
        for table in _tables_of(VERSION):
            db.execute(table)
        db.execute(f"PRAGMA user_version = {VERSION}")


def migrate(db: sqlite3.Connection) -> None:
    """Make this version's tables of an earlier version's, in a write transaction.

    A process of that version that has the file open goes on with its own tables, which stay what they are.
    Raises Newer.
    """
    refuse_newer(db)
    found = _version(db)
    for version in range(found + 1, VERSION + 1):
        for statement in _STEPS[version]:
            db.execute(statement)
    if found != VERSION:
        db.execute(f"PRAGMA user_version = {VERSION}")


def refuse_newer(db: sqlite3.Connection) -> None:
    """Raises Newer for a later version's file, also where it became one after it was checked."""
    if VERSION < _version(db) < _YET_TO_COME:
        raise Newer


def flaw(db: sqlite3.Connection) -> str | None:
    """Why the file cannot be used, as the end of "The history …"; None when it can.

    An empty file gets its tables; an earlier version's stays as it is until something is written. Raises
    Newer, and sqlite3.Error for some kinds of damage.
    """
    # First, as checking another's tables may run what their definitions say.
    tables, version = _tables_in(db), _version(db)
    if tables:
        refuse_newer(db)
    if tables and not (1 <= version <= VERSION and tables == set(_tables_of(version))):
        return "was not written by this version"
    if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        return "was damaged"
    if not tables:
        create(db)
    return None


def _tables_of(version: int) -> list[str]:
    """The statements that make the tables of this version."""
    steps = (statement for step in range(2, version + 1) for statement in _STEPS[step])
    return [*_FIRST, *steps]


def _tables_in(db: sqlite3.Connection) -> set[str]:
    """The statements that made the file's tables."""
    return {sql for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}


def _version(db: sqlite3.Connection) -> int:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return int(version)
