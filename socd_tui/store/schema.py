"""The tables of the history, and whether a file has them.

Dates are ordinals of Python, moments seconds since 1970. Foreign text is JSON: SQLite takes no half
surrogates.
"""

from __future__ import annotations

import sqlite3

VERSION = 1

_TABLES = {
    "CREATE TABLE key (id INTEGER PRIMARY KEY, origin TEXT NOT NULL, key_id TEXT NOT NULL,"
    " name TEXT NOT NULL, prefix TEXT NOT NULL, UNIQUE (origin, key_id))",
    # `hours` are the 429s of 24 hours in bytes. `told` is the smallest count that a finished day was said
    # to have shrunk to.
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
    """Make an empty file a history, in a mode where reading goes on while somebody writes."""
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("BEGIN IMMEDIATE")
    with db:
        for table in _TABLES:
            db.execute(table)
        db.execute(f"PRAGMA user_version = {VERSION}")


def flaw(db: sqlite3.Connection) -> str | None:
    """Why this is no history of ours; an empty file is made one. Raises sqlite3.Error for some damage."""
    if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        return "was damaged"
    if not _tables(db):
        create(db)
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return None if (version, _tables(db)) == (VERSION, _TABLES) else "was not written by this version"


def _tables(db: sqlite3.Connection) -> set[str]:
    return {sql for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
