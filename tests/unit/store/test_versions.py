"""A history of an earlier version becomes one of this version with all in it; a later one's is left alone."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from socd_tui.model.errors import StoreError
from socd_tui.model.past import Foretold
from socd_tui.store import schema
from socd_tui.store.database import Database
from socd_tui.store.history import FILE, History
from tests.build import ago
from tests.fleets import demo
from tests.unit.store.remembering import KEY, NOON, TODAY, opened, told

VERSION_1 = (
    "CREATE TABLE key (id INTEGER PRIMARY KEY, origin TEXT NOT NULL, key_id TEXT NOT NULL,"
    " name TEXT NOT NULL, prefix TEXT NOT NULL, UNIQUE (origin, key_id))",
    "CREATE TABLE day (key INTEGER, date INTEGER, seen_at INTEGER, requests INTEGER, errors INTEGER,"
    " hit_at INTEGER, throttled INTEGER, hours BLOB, told INTEGER, PRIMARY KEY (key, date)) WITHOUT ROWID",
    "CREATE TABLE latency (key INTEGER, days INTEGER, date INTEGER, seen_at INTEGER, requests INTEGER,"
    " avg_ms NUMERIC, p50_ms NUMERIC, p95_ms NUMERIC, p99_ms NUMERIC, PRIMARY KEY (key, days, date))"
    " WITHOUT ROWID",
    "CREATE TABLE forecast (key INTEGER, made_on INTEGER, target INTEGER, low REAL, middle REAL, high REAL,"
    " PRIMARY KEY (key, made_on, target)) WITHOUT ROWID",
    "CREATE TABLE fleet (origin TEXT, account TEXT, data BLOB, PRIMARY KEY (origin, account))",
    "PRAGMA user_version = 1",
)
"""Statements of the version that was published first: they never change."""
OF_VERSION_1 = ("key", "day", "latency", "forecast", "fleet")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a history of version 1: two years of a key, and the demo account."""
    folder, now = tmp_path_factory.mktemp("version-1") / "data", tmp_path_factory.mktemp("now")
    filling = opened(now)
    filling.record([KEY], [told({ago(n): 100 + n for n in range(1, 700)})])
    filling.record(forecasts=[Foretold(KEY.id, ago(9), ago(2), 1.0, 2.0, 3.0)])
    fleet = demo()
    filling.record(fleet.keys, fleet.usages.values())
    filling.record(fleet=fleet)
    folder.mkdir(mode=0o700)
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        for statement in VERSION_1:
            db.execute(statement)
        db.execute("ATTACH ? AS other", (str(now / FILE),))
        for table in OF_VERSION_1:
            db.execute(f"INSERT INTO {table} SELECT * FROM other.{table}")
    (folder / FILE).chmod(0o600)
    return folder


@pytest.fixture
def folder(first: Path, tmp_path: Path) -> Path:
    return shutil.copytree(first, tmp_path / "data")


def rows(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """All there is in the tables that both versions have."""
    with closing(sqlite3.connect(folder / FILE)) as db:
        return {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in OF_VERSION_1}


def version(folder: Path) -> int:
    with closing(sqlite3.connect(folder / FILE)) as db:
        (found,) = db.execute("PRAGMA user_version").fetchone()
        return int(found)


def database(folder: Path) -> Database:
    return Database(folder / FILE, lambda: NOON, busy_s=1)


def set_version(folder: Path, number: int) -> None:
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.execute(f"PRAGMA user_version = {number}")


def test_a_history_of_version_1_is_read_as_it_is_and_keeps_all_when_it_becomes_version_2(
    folder: Path,
) -> None:
    before, was = rows(folder), (folder / FILE).read_bytes()
    here = opened(folder)
    past, last = here.past(), here.last()
    assert len(past[KEY.id].days) == 699
    assert past[KEY.id].foretold == (0, 1)
    assert last is not None
    assert last.usages.keys() == demo().usages.keys()
    assert (folder / FILE).read_bytes() == was
    here.record([KEY], [])
    assert version(folder) == schema.VERSION
    assert rows(folder) == before
    assert opened(folder).past()[KEY.id].days == past[KEY.id].days
    assert here.notices == []
    assert [path.name for path in folder.glob("history*")] == [FILE]


def test_both_ways_a_file_has_the_same_tables(folder: Path, tmp_path: Path) -> None:
    opened(folder).record([KEY], [])
    opened(tmp_path / "new").record([KEY], [])
    tables = []
    for each in (folder, tmp_path / "new"):
        with closing(sqlite3.connect(each / FILE)) as db:
            tables.append(set(db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")))
    assert tables[0] == tables[1]


@pytest.mark.parametrize(
    "use",
    [
        lambda history: history.record([KEY], [told({TODAY: 1})]),
        lambda history: history.prune(ago(500)),
        lambda history: history.record(
            forecasts=[Foretold(KEY.id, TODAY, TODAY + timedelta(days=7), 1.0, 2.0, 3.0)]
        ),
        lambda history: history.counters(),
        lambda history: history.daily(),
    ],
    ids=["record", "prune", "forecast", "counters", "daily"],
)
def test_whatever_writes_first_brings_the_tables_of_version_2(
    folder: Path, use: Callable[[History], object]
) -> None:
    use(opened(folder))
    assert version(folder) == schema.VERSION
    assert opened(folder).counters()[KEY.id].requests > 0


def test_a_program_of_version_1_that_has_the_file_open_goes_on(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as older:
        older.execute("BEGIN")
        assert older.execute("SELECT count(*) FROM day WHERE key = 1").fetchone() == (699,)
        opened(folder).record([KEY], [told({TODAY: 5})])
        older.execute("COMMIT")
        # The very statements of version 1.
        older.execute(
            "INSERT OR REPLACE INTO day VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (1, date(2020, 1, 1).toordinal(), 1_600_000_000, 7, 0, None, None, b"", None),
        )
        assert older.execute("SELECT count(*) FROM day WHERE key = 1").fetchone() == (701,)
    days = {day.date: day.requests for day, _ in opened(folder).past()[KEY.id].days}
    assert (days[date(2020, 1, 1)], days[TODAY], len(days)) == (7, 5, 701)


def test_a_migration_that_is_killed_or_fails_leaves_version_1_whole(folder: Path) -> None:
    before = rows(folder)
    child = os.fork()
    if not child:
        with database(folder).writing() as db:
            db.execute("DELETE FROM day")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert version(folder) == 1
    assert rows(folder) == before
    with pytest.raises(StoreError, match="damaged"), database(folder).writing() as db:
        db.execute("no statement")
    assert version(folder) == 1
    opened(folder).record([KEY], [])
    assert rows(folder) == before


def test_a_later_versions_history_is_neither_used_nor_touched(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        db.execute("CREATE TABLE later (a)")
        db.execute("ALTER TABLE day RENAME TO days")
        db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    was = (folder / FILE).read_bytes()
    here = opened(folder)
    uses: tuple[Callable[[], object], ...] = (
        here.past,
        here.last,
        here.counters,
        lambda: here.record([KEY], [told({TODAY: 1})]),
        lambda: here.prune(TODAY),
    )
    for use in uses:
        with pytest.raises(StoreError, match=r"written by a newer socd-tui and is left as it is\. Update"):
            use()
    assert (folder / FILE).read_bytes() == was
    assert [path.name for path in folder.glob("history*sqlite3")] == [FILE]


def test_a_file_that_a_later_version_takes_over_in_mid_run_is_left_alone_from_then_on(folder: Path) -> None:
    here = opened(folder)
    here.record([KEY], [])
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        db.execute("ALTER TABLE day RENAME TO days")
        db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    for use in (here.past, here.counters, here.past):
        with pytest.raises(StoreError, match="newer socd-tui"):
            use()
    assert version(folder) == schema.VERSION + 1
    assert [path.name for path in folder.glob("history*sqlite3")] == [FILE]


@pytest.mark.parametrize("number", [0, -1, 2, 2**31 - 1])
def test_a_version_that_no_program_writes_is_damage(folder: Path, number: int) -> None:
    set_version(folder, number)
    here = opened(folder)
    assert here.past() == {}
    assert "It starts anew" in here.notices[0]
