"""Every file that is read, damaged or filled with hostile values: each start goes on, the next is well."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

from socd_tui.model.errors import StoreError
from socd_tui.model.lens import Sort
from socd_tui.model.past import Foretold
from socd_tui.model.session import Secret
from socd_tui.model.token import account_of
from socd_tui.store.choices import Choices, ChoicesFile
from socd_tui.store.history import History
from socd_tui.store.schema import VERSION
from tests.account import TODAY, TOKEN, Account, by_window, flat, key_id, key_row
from tests.clock import NOW, Clock
from tests.command import ran
from tests.terminal.pseudo import environment
from tests.trust.check import Check, Outcome, Trial
from tests.trust.start import Gate, Started, judged, start

DATA, CONFIG, STATE = (Path(name, "socd-tui") for name in ("data", "config", "state"))
HISTORY, SESSION, SETTINGS = DATA / "history.sqlite3", DATA / "session.json", CONFIG / "config.toml"
WAL, SHM = (HISTORY.with_name(HISTORY.name + suffix) for suffix in ("-wal", "-shm"))
READ = (HISTORY, WAL, SHM, SESSION, SETTINGS)
OF_ACCOUNTS = ("choices", "visit")
"""What is kept for each account has a name of its own for each, which begins so."""
LATER = timedelta(hours=1)
SETTINGS_TOLD = 6
"""Sentences about the settings, of which each that is mistaken has its own, up to a few."""
ENOUGH = 1 << 20
"""Characters that the careless program reads."""

TOML = """\
theme = "socd-light"
view = "series"
days = 7
ascii = true
refresh_s = 120
[keys]
export = "x"
[owners]
"Zoe Team" = ["Key 1", "dev*"]
Bob = "sk_live_x"
"""

CHOSEN = Choices(
    theme="socd-light", glyphs="shade", local=True, days=30, sorts={"overview": Sort("requests")},
    beside="budget", rescaled=frozenset({"heatmap"}),
)  # fmt: skip

HOSTILE: tuple[Any, ...] = (
    None, True, "", "x", "\x00", "\ud800", "9999-12-31", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00Z",
    "2099-01-01T00:00:00+00:00", "-1", "1e999", -1, 0, 1, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 1e308, -1.5,
    719163, 3652059, 3652058, 730120, 253402300799, 4102444800, "[", '"a', "\x1b]52;c;eA==\x07\u202e" * 9,
    "x" * 100_000, "socd-tui" * 3, "overview",
)  # fmt: skip
IN_JSON = (*HOSTILE, [], {}, [[]], {"a": 1}, [None] * 50, 10**400, 10**4000, float("nan"), float("inf"))
IN_SQL = (
    *(each for each in HOSTILE if each != "\ud800"),
    b"",
    b"\x00\xff",
    b"\xff" * 24,
    b"\x01" * 24_000,
    b"[" * 99_999,
)
IN_TOML = (
    "", "'", "true", "-1", "0", "1e999", "nan", "9" * 5000, "9" * 300, "[" * 5000, "{a=" * 3000, "1979-05-27",
    "9999-12-31T23:59:59.999999+23:59", "2025-13-45", "[1, 'a', {}]", "{}", "[]", '"\\u0000"', '"\\ud800"',
    '"\\u001b]0;x\\u0007"', '"' + "x" * 60_000 + '"', "'" + "," * 30_000 + "'",  "'ctrl+x,,,+,ctrl+'",
    "['(a+)+$']", "['/(a+)+$/']", "'*' ", "30", "'overview'", "'socd-dark'",
)  # fmt: skip
SHAPES = (
    "DROP TABLE {table}",
    "ALTER TABLE {table} ADD COLUMN more TEXT",
    "ALTER TABLE {table} RENAME TO other",
    "DROP TABLE {table}; CREATE TABLE {table} (x)",
    "DROP TABLE {table}; CREATE VIEW {table} AS SELECT 1",
    "CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
    "CREATE TRIGGER t AFTER INSERT ON {table} BEGIN DELETE FROM day; DELETE FROM key; END",
    "CREATE TRIGGER t BEFORE UPDATE ON key BEGIN SELECT RAISE(ABORT, 'no'); END",
    "CREATE INDEX i ON day (requests, errors)",
    "CREATE TABLE bomb (a, b AS (zeroblob(900000000))); INSERT INTO bomb (a) VALUES (1), (2), (3)",
    "CREATE TABLE deep (a CHECK (length(randomblob(900000000)) > 0))",
    "ANALYZE",
    "PRAGMA user_version = {version}",
    "PRAGMA application_id = {version}",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA auto_vacuum = FULL; VACUUM",
    "PRAGMA encoding = 'UTF-16'; VACUUM",
    "DELETE FROM {table}",
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'INTEGER', 'TEXT')",
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = 2",
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = x'ff00' WHERE name = '{table}'",
    "INSERT INTO key SELECT 9 + value, value, value, value, value FROM json_each('[1,2,3,4,5,6,7,8]')",
    "UPDATE key SET name = CAST(x'22ff22' AS TEXT)",
    "INSERT INTO key SELECT NULL, origin, '\"gone\"', CAST(x'22ff22' AS TEXT), prefix FROM key LIMIT 1",
    "INSERT OR REPLACE INTO day SELECT 1, value, 9, 9, 9, 9, 9, x'', 9 FROM json_each('[0,1,9999999,1e99]')",
)  # fmt: skip


# --- what is done to the files --------------------------------------------------------------------


def read(home: Path) -> tuple[Path, ...]:
    """Every file that a start reads."""
    return (*READ, *(kept(home, name).relative_to(home) for name in OF_ACCOUNTS))


def kept(home: Path, name: str) -> Path:
    """The one file of the account that is called so."""
    [path] = (home / STATE).glob(f"{name}-*.json")
    return path


def spoilt(data: bytes, random: Random) -> tuple[str, bytes]:
    """The bytes with some kind of damage, and which."""
    at, to = sorted(random.randrange(len(data) + 1) for _ in range(2))
    kind = random.choice(
        ("flip", "flip", "cut", "zero", "noise", "empty", "twice", "cut out", "utf-16", "ff")
    )
    match kind:
        case "flip":
            changed = bytearray(data)
            for _ in range(random.choice((1, 20, 400)) if data else 0):
                changed[random.randrange(len(data))] = random.randrange(256)
            return kind, bytes(changed)
        case "cut":
            return kind, data[:at]
        case "zero":
            return kind, data[:at] + bytes(to - at) + data[to:]
        case "noise":
            return kind, random.randbytes(random.choice((1, 100, 70_000)))
        case "empty":
            return kind, b""
        case "twice":
            return kind, data * 2
        case "hole":
            return kind, data[:at] + data[to:]
        case "utf-16":
            return kind, data.decode("latin-1").encode("utf-16")
    return kind, data[:at] + b"\xff\x00" + data[at:]


def damage(home: Path, random: Random) -> str:
    path = home / random.choice((HISTORY, HISTORY, *read(home)))
    kind, data = spoilt(path.read_bytes(), random)
    path.write_bytes(data)
    return f"{path.name}: {kind}"


def grow(home: Path, random: Random) -> str:
    """Larger than anybody would read to its end; it takes no room on the disk."""
    path = home / random.choice(read(home))
    with path.open("r+b") as file:
        if random.random() < 0.5:
            file.truncate(0)
        file.truncate(6 << 30)
    return f"{path.name}: 6 GiB"


def lead_to_the_endless(home: Path, random: Random) -> str:
    """Of another kind than a file, and never at an end."""
    path = home / random.choice(read(home))
    path.unlink()
    path.symlink_to("/dev/zero")
    return f"{path.name}: leads to /dev/zero"


def swap(home: Path, random: Random) -> str:
    """One file in the place of another."""
    one, other = random.sample(read(home), 2)
    (home / one).write_bytes((home / other).read_bytes())
    return f"{one.name}: is {other.name}"


def mix_logs(home: Path, random: Random) -> str:
    """The log of another database."""
    other = home / "other.sqlite3"
    with closing(sqlite3.connect(other)) as db:
        db.executescript(
            "PRAGMA journal_mode = WAL; CREATE TABLE a (b); INSERT INTO a VALUES (zeroblob(9999))"
        )
        (home / WAL).write_bytes(other.with_name(other.name + "-wal").read_bytes())
        if random.random() < 0.5:
            (home / SHM).write_bytes(other.with_name(other.name + "-shm").read_bytes())
    return f"{WAL.name}: of another database"


def fill_columns(home: Path, random: Random) -> str:
    """Hostile values in the history's rows."""
    table = random.choice(tuple(TABLES))
    columns = random.sample(TABLES[table], k=random.choice((1, 2)) if len(TABLES[table]) > 1 else 1)
    values = [random.choice(IN_SQL) for _ in columns]
    some = random.choice(("", " WHERE rowid % 2" if table == "key" else "", " LIMIT 1"))
    with _edited(home) as db:
        for column, value in zip(columns, values, strict=True):
            where = "" if some == " LIMIT 1" else some
            db.execute(f"UPDATE OR REPLACE {table} SET {column} = ?{where}", (value,))
    return f"{table}: {dict(zip(columns, map(_short, values), strict=True))}{some}"


def reshape(home: Path, random: Random) -> str:
    """Another shape of the history: triggers, views, versions to come."""
    version = random.choice((0, 1, VERSION + 1, -1, 2**31 - 1))
    script = random.choice(SHAPES).format(table=random.choice(tuple(TABLES)), version=version)
    with _edited(home) as db:
        db.executescript(script)
    return script


def fill_snapshot(home: Path, random: Random) -> str:
    """Hostile values and damage in what was known last."""
    with _edited(home) as db:
        (data,) = db.execute("SELECT data FROM fleet").fetchone()
        if random.random() < 0.2:
            kind, changed = spoilt(data, random)
        else:
            kind, changed = filled(data, random)
        as_text = random.random() < 0.1
        db.execute("UPDATE fleet SET data = ?", (changed.decode("latin-1") if as_text else changed,))
    return f"snapshot: {kind}"


def fill_session(home: Path, random: Random) -> str:
    kind, changed = filled((home / SESSION).read_bytes(), random)
    (home / SESSION).write_bytes(changed)
    return f"{SESSION.name}: {kind}"


def fill_choices(home: Path, random: Random) -> str:
    return _fill_kept(home, "choices", random)


def fill_visit(home: Path, random: Random) -> str:
    return _fill_kept(home, "visit", random)


def _fill_kept(home: Path, name: str, random: Random) -> str:
    path = kept(home, name)
    kind, changed = filled(path.read_bytes(), random)
    path.write_bytes(changed)
    return f"{name}: {kind}"


def fill_settings(home: Path, random: Random) -> str:
    """Hostile values, names and depths in what a person may write."""
    lines = TOML.splitlines()
    at = random.randrange(len(lines))
    name, value = lines[at].split(" = ")[0], random.choice(IN_TOML)
    match random.randrange(8):
        case 0:
            lines[at] = f"{value} = {lines[at]}"
        case 1:
            lines.insert(at, f'"\\u001b[2J{"n" * random.choice((1, 5_000))}" = {value}')
        case 2:
            lines.insert(at, "\n".join(f"n{n} = {n}" for n in range(random.choice((9, 8_000)))))
        case 3:
            lines.append(".".join(["a"] * random.choice((3, 4_000))) + f" = {value}")
        case 4:
            lines.insert(at, f"[[{'a.' * random.choice((1, 2_000))}a]]")
        case _:
            lines[at] = f"{name} = {value}"
    (home / SETTINGS).write_text("\n".join(lines) + "\n")
    return f"{SETTINGS.name}, line {at + 1}: {_short(lines[at])}"


KINDS: tuple[Callable[[Path, Random], str], ...] = (
    damage, damage, damage, fill_columns, fill_columns, reshape, fill_snapshot, fill_snapshot, fill_session,
    fill_choices, fill_visit, fill_settings, fill_settings, swap, mix_logs, grow, lead_to_the_endless,
)  # fmt: skip
TABLES = {
    "key": ("origin", "key_id", "name", "prefix"),
    "day": ("date", "seen_at", "requests", "errors", "hit_at", "throttled", "hours", "told"),
    "latency": ("days", "date", "seen_at", "requests", "avg_ms", "p50_ms", "p95_ms", "p99_ms"),
    "forecast": ("made_on", "target", "low", "middle", "high"),
    "counter": (
        "anchor", "counted_from", "pruned_requests", "pruned_errors", "pruned_throttled", "told_requests",
        "told_errors", "told_throttled",
    ),
    "fleet": ("origin", "account", "data"),
}  # fmt: skip


def filled(data: bytes, random: Random) -> tuple[str, bytes]:
    """A JSON document with something hostile in some place, and what."""
    document = json.loads(data)
    if random.random() < 0.1:
        depth = random.choice((900, 100_000))
        return f"{depth:,} deep", b'{"token":' + b"[" * depth
    places = list(_places(document))
    holder, at = random.choice(places)
    value = random.choice(IN_JSON)
    if isinstance(holder, dict) and random.random() < 0.15:
        del holder[at]
        return f"no {at}", json.dumps(document).encode()
    holder[at] = value
    return f"{at} is {_short(value)}", json.dumps(document).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each member of each object and array: what holds it, and where."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for at, member in list(members):
        yield value, at
        yield from list(_places(member))[:40]


@contextmanager
def _edited(home: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(home / HISTORY, isolation_level=None)) as db:
        yield db


def _short(value: object) -> str:
    try:
        text = ascii(value)
    except ValueError:  # more digits than Python prints
        text = "a number of very many digits"
    return text if len(text) < 60 else f"{text[:40]}… ({len(text)})"


# --- what must come of it -------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """Somebody who has used the program, and how it starts for them."""

    home: Path
    """As it was when the program ended well."""
    start: Callable[[Path, datetime], Started]
    check: Callable[[Path, str], Iterator[str]]
    """What else is wrong after a start that was to heal everything."""


def attacked(trial: Trial, person: Person, tries: int) -> Outcome:
    """Starts once for each corruption and once after it."""
    faults: list[str] = []
    for number in range(tries):
        random = Random(f"{trial.seed} {number}")
        home = trial.home / f"{number}"
        shutil.copytree(person.home, home)
        try:
            what = KINDS[number % len(KINDS)](home, random)
        except sqlite3.DatabaseError:  # no way to make this one
            continue
        wrong = "; ".join(_wrong(person, home, what))
        if wrong:
            faults.append(f"--seed {trial.seed}, number {number} ({what}): {wrong}")
        shutil.rmtree(home)
    tried = f"{tries:,} corruptions of {len(READ) + len(OF_ACCOUNTS) + 1} files"
    return Outcome(tried, f"{len(faults):,} kept from starting, or told twice, or not healed", tuple(faults))


def _wrong(person: Person, home: Path, what: str) -> Iterator[str]:
    started = person.start(home, NOW + LATER)
    yield from _judge(started)
    again = person.start(home, NOW + 2 * LATER)
    yield from (f"then: {fault}" for fault in _judge(again))
    if "/dev/zero" in what:  # nothing here is the program's to remove
        return
    if started.notices and _is_newer(home):  # nor is what a later version remembers: it is told each time
        if not all(any("newer socd-tui" in notice for notice in each.notices) for each in (started, again)):
            yield f"a newer history is not told: {started.notices}, {again.notices}"
        return
    told = [notice for notice in again.notices if SETTINGS.name not in notice]
    if told:
        yield f"told again: {told}"
    if not again.crash:
        yield from person.check(home, what)


def _is_newer(home: Path) -> bool:
    """Whether the history says that a later version of the program wrote it, as one damaged bit may."""
    with _edited(home) as db:
        return bool(VERSION < db.execute("PRAGMA user_version").fetchone()[0] < 1000)


def _judge(started: Started) -> Iterator[str]:
    if started.crash:
        yield started.crash
    for name in ("istory", SESSION.name, SETTINGS.name, "choices-", "visit-"):
        told = [notice for notice in started.notices if name in notice]
        if len(told) > (SETTINGS_TOLD if name == SETTINGS.name else 1):
            yield f"told more than once: {told}"
    for notice in started.notices:
        if not notice.isprintable() or len(notice) > 1_000:
            yield f"no sentence to print: {_short(notice)}"


# --- the program ----------------------------------------------------------------------------------


def ours(trial: Trial) -> Outcome:
    with Account(key_row(1), usage=by_window(sent_usage)) as account:
        gate = Gate(account)
        home = lived_in(trial.home / "before", gate)

        def check(home: Path, what: str) -> Iterator[str]:
            yield from _healed(home, account)
            if crc32(what.encode()) % 4 == 0:
                done = ran(environment(home, SOCD_BASE_URL=account.origin), "show", "overview")
                if done.returncode != 0 or "100" not in done.stdout:
                    yield f"show: {done}"

        person = Person(home, lambda home, at: start(home, gate, at), check)
        return attacked(trial, person, trial.count(18, 2_000))


def lived_in(home: Path, gate: Gate) -> Path:
    """The folders of somebody who signed in and looked once, as a run that was killed leaves them."""
    (home / CONFIG).mkdir(parents=True)
    (home / SETTINGS).write_text(TOML)
    began = start(home, gate, NOW - LATER)
    with closing(sqlite3.connect(home / HISTORY)) as open_too:  # the last to leave would take the log along
        open_too.execute("SELECT count(*) FROM day").fetchone()
        again = start(home, gate, NOW)
        history = History(home / DATA, gate.account.origin, clock=Clock())
        made_on, target = TODAY - timedelta(days=9), TODAY - timedelta(days=2)
        history.record(forecasts=[Foretold(key_id(1), made_on, target, 1.0, 2.0, 3.0)])
        history.counters()
        ChoicesFile(home / STATE, gate.account.origin, account_of(Secret(TOKEN))).write(CHOSEN)
        copy = home.with_name("killed")
        shutil.copytree(home, copy)
    assert (began.crash, again.crash, again.signed_in) == ("", "", True), (began, again)
    assert all((copy / path).exists() for path in read(copy))
    return copy


def sent_usage(days: int) -> Any:
    hours = [{"hour": f"{TODAY - timedelta(days=1)}T10:00:00Z", "count": 4}]
    return flat([100] * days, [4] * days, rate_limit_hits_by_hour=hours, latency_p95_ms=20)


def _healed(home: Path, account: Account) -> Iterator[str]:
    """The history has the answers again, and nothing is told of it."""
    history = History(home / DATA, account.origin, clock=Clock(NOW + 2 * LATER))
    try:
        days = {day.date: day.requests for day, _ in history.past()[key_id(1)].days}
        counted = history.counters()[key_id(1)].requests
    except (StoreError, KeyError) as error:
        yield f"not healed: {error!r}"
        return
    if counted < 100:
        yield f"not healed: {counted} requests counted"
    if days.get(TODAY - timedelta(days=3)) != 100:
        yield f"not healed: of {len(days)} days that day is {days.get(TODAY - timedelta(days=3))}"
    if history.notices:
        yield f"not healed: {history.notices}"


# --- a careless program ---------------------------------------------------------------------------


def naive(trial: Trial) -> Outcome:
    with Account(key_row(1), usage=by_window(sent_usage)) as account:
        home = lived_in(trial.home / "before", Gate(account))
    person = Person(home, lambda home, at: judged(lambda: _believing(home, at)), lambda *_: iter(()))
    return attacked(trial, person, trial.count(18, 300))


def _believing(home: Path, now: datetime) -> Started:
    """Reads the same files as if nobody but itself had ever written them."""
    with (home / SETTINGS).open() as file:
        settings = tomllib.loads(file.read(ENOUGH))  # without an end this machine's memory would be
    timedelta(seconds=settings["refresh_s"])
    with (home / SESSION).open() as file:
        session = json.loads(file.read(ENOUGH))
    session["token"].split(".")
    with kept(home, "choices").open() as file:
        chosen = json.loads(file.read(ENOUGH))
    timedelta(days=chosen["days"])
    [column.lower() for column, _ in chosen["sorts"].values()]
    with kept(home, "visit").open() as file:
        visit = json.loads(file.read(ENOUGH))
    now - datetime.fromisoformat(visit["at"])
    [kind.lower() for stood, untold in visit["keys"].values() for kind in (*stood, *untold)]
    with closing(sqlite3.connect(home / HISTORY)) as db:
        for _, ordinal, seen_at, *_ in db.execute("SELECT * FROM day"):
            date.fromordinal(ordinal), datetime.fromtimestamp(seen_at or 0)
        names = [json.loads(name) for (name,) in db.execute("SELECT name FROM key")]
        for (data,) in db.execute("SELECT data FROM fleet"):
            document = json.loads(data)
            for _, usage in document["usages"]:
                [datetime.fromisoformat(moment) for moment in usage["moments"]]
                sum(usage["days"][1])
    return Started(shown="\n".join(names), signed_in=True)


CHECK = Check(
    name="disk_corrupt",
    must_show="no content of a file prevents a start; it is told once, and the next answer heals",
    ours=ours,
    naive=naive,
    naive_is="json.load, tomllib, sqlite3 and fromisoformat, each believed",
)
