"""The tables of the history, and the check that a file has exactly these.

Dates are stored as `date.toordinal()`, moments as seconds since 1970. Text from the service is stored as
JSON, because SQLite refuses lone surrogates.
"""

from __future__ import annotations

import sqlite3

VERSION = 1

_TABLES = {
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
}


def create(db: sqlite3.Connection) -> None:
    """Create the tables in an empty file, in WAL mode: others can read while one process writes."""
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("BEGIN IMMEDIATE")
    with db:
        for table in _TABLES:
            db.execute(table)
        db.execute(f"PRAGMA user_version = {VERSION}")


def flaw(db: sqlite3.Connection) -> str | None:
    """Why the file cannot be used, as the end of "The history …"; None when it can.

    An empty file gets its tables. Raises sqlite3.Error for some kinds of damage.
    """
    # First, as checking another's tables may run what their definitions say.
    tables = _tables_in(db)
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if tables and (version, tables) != (VERSION, _TABLES):
        return "was not written by this version"
    if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        return "was damaged"
    if not tables:
        create(db)
    return None


def _tables_in(db: sqlite3.Connection) -> set[str]:
    """The statements that made the file's tables."""
    return {sql for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
