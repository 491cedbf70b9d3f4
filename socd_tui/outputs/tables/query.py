"""One SELECT over tables in memory: it can read these and nothing else, and does not run without end.

SQLite asks for leave before each thing that a statement would do. What is not on the lists below is refused:
files, settings, extensions, writing. A handler that is called while it runs ends what takes too long, or
more memory than this process should have.
"""

from __future__ import annotations

import re
import resource
import sqlite3
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing

from socd_tui.model.errors import SocdError, UsageError
from socd_tui.model.nearest import nearest
from socd_tui.model.record import dataclass
from socd_tui.model.text import Text, inert, quoted
from socd_tui.outputs.tables.table import Cell, Table

Rows = Iterable[tuple[Cell, ...]]

LONGEST = 100_000
"""Bytes of a statement."""
MEMORY_MB = 512
"""What a statement may take beside what the process has already."""
_STEPS = 100
"""Of SQLite's machine between two looks at the clock: one of them may take seconds, on the longest values."""
_LONGEST_CELL = 10_000
"""Characters of the service's own text."""
_LONGEST = {
    sqlite3.SQLITE_LIMIT_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: LONGEST,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 200,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
"""What one value, statement or pattern may be: within one step nothing looks at the clock."""
_ACTIONS = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE)
_LISTED = ("sqlite_master", "sqlite_schema", "json_each", "json_tree")
"""What may be read beside the tables."""
_INNOCUOUS = 0x200000
"""SQLite's mark of a function that depends on nothing but its arguments; those of JSON do not bear it."""

_NO_SUCH = re.compile(r"no such (table|column|function): (.+)", re.DOTALL)
_SYNTAX = re.compile(r"near \"(.*)\": syntax error", re.DOTALL)
_NO_FUNCTION = re.compile(r"not authorized to use function: (.+)", re.DOTALL)


def memory_mb() -> int:
    """The most that this process has had."""
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit


@dataclass(frozen=True)
class Answer:
    """What a statement gave: as many rows as were asked for, and whether there were more."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    has_more: bool


@dataclass(frozen=True, kw_only=True)
class Bounds:
    rows: int
    seconds: float
    now_s: Callable[[], float]
    """A clock that only goes on, in seconds."""
    memory_mb: Callable[[], int] = memory_mb
    """The most that the process has had."""


def select(filled: Sequence[tuple[Table, Rows]], statement: str, bounds: Bounds) -> Answer:
    """Raises UsageError for what is no SELECT over these tables, SocdError for one that takes too much."""
    tables = [table for table, _ in filled]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        for table, rows in filled:
            _fill(db, table, rows)
        functions = _functions(db)
        stopped = _confine(db, {table.name for table in tables}, functions, bounds)
        try:
            cursor = db.execute(statement)
            rows = cursor.fetchmany(bounds.rows + 1)
        except sqlite3.Error as error:
            if stopped:
                raise stopped[0] from None
            raise _refusal(str(error), tables, functions) from None
        except sqlite3.Warning as warning:  # where Python is older than 3.12, of a second statement
            raise _refusal(str(warning), tables, functions) from None
        except UnicodeError:
            raise UsageError("The statement is not text.", "Write it in UTF-8.") from None
        except MemoryError:
            raise SocdError("The statement needs more memory than there is.", "Ask for less.") from None
        if cursor.description is None:
            raise _refusal("not authorized", tables, functions)
        names = tuple(name for name, *_ in cursor.description)
    return Answer(_told_apart(names), tuple(rows[: bounds.rows]), len(rows) > bounds.rows)


def _fill(db: sqlite3.Connection, table: Table, rows: Rows) -> None:
    columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
    db.execute(f"CREATE TABLE {table.name} ({columns})")
    places = ", ".join("?" * len(table.columns))
    db.execute("BEGIN")
    with db:
        insert = f"INSERT INTO {table.name} VALUES ({places})"  # noqa: S608 (names of our own)
        db.executemany(insert, (tuple(map(_bound, row)) for row in rows))


def _bound(cell: Cell) -> str | int | float | None:
    """A cell as SQLite takes it: the service's own text; the harmless form of one with lone surrogates."""
    if isinstance(cell, Text):
        try:
            cell.original.encode()
        except UnicodeEncodeError:
            return cell.shown
        return cell.original[:_LONGEST_CELL]
    if isinstance(cell, int) and not -(2**63) <= cell < 2**63:
        return float(cell)
    return cell


def _functions(db: sqlite3.Connection) -> frozenset[str]:
    """What may be called; sqlite_log would write to a log."""
    rows = db.execute("SELECT DISTINCT lower(name), max(flags) FROM pragma_function_list GROUP BY 1")
    told = {name for name, flags in rows if flags & _INNOCUOUS or name.startswith(("json", "->"))}
    return frozenset(told - {"sqlite_log"})


def _confine(
    db: sqlite3.Connection, tables: Collection[str], functions: Collection[str], bounds: Bounds
) -> list[SocdError]:
    """Let it only read these tables, with these functions. The list gets why it was stopped, if it is."""
    db.execute(
        "SELECT 1 FROM json_each('[]'), json_tree('[]')"
    )  # made when first used, which is refused below
    db.execute("PRAGMA temp_store = MEMORY")
    db.execute("PRAGMA query_only = ON")
    for limit, most in _LONGEST.items():
        db.setlimit(limit, most)
    readable = {*tables, *_LISTED}

    def leave(action: int, one: str | None, other: str | None, *_: object) -> int:
        match action:
            case sqlite3.SQLITE_READ:  # of no column where rows are counted, perhaps those of a WITH
                allowed = not other or (one or "").lower() in readable
            case sqlite3.SQLITE_FUNCTION:
                allowed = (other or "").lower() in functions
            case _:
                allowed = action in _ACTIONS
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY

    stopped: list[SocdError] = []
    ends = bounds.now_s() + bounds.seconds
    most_mb = bounds.memory_mb() + MEMORY_MB

    def look() -> bool:
        if bounds.now_s() > ends:
            stopped.append(
                SocdError(
                    f"The statement was not done in {bounds.seconds:g} s.",
                    "Ask for less, or give it longer: --timeout SECONDS.",
                )
            )
        elif bounds.memory_mb() > most_mb:
            stopped.append(
                SocdError(f"The statement needs more than {MEMORY_MB} MB of memory.", "Ask for less.")
            )
        return bool(stopped)

    db.set_authorizer(leave)
    db.set_progress_handler(look, _STEPS)
    return stopped


def _refusal(said: str, tables: Sequence[Table], functions: Iterable[str]) -> UsageError:
    """What SQLite said, in one sentence, and what to do."""
    names = [table.name for table in tables]
    if match := _NO_SUCH.match(said):
        kind, name = match[1], match[2].rpartition(".")[2].strip('"')
        columns = dict.fromkeys(column.name for table in tables for column in table.columns)
        known = {"table": names, "column": list(columns), "function": sorted(functions)}[kind]
        near = nearest(name, known)
        listed = f"The tables are {', '.join(names)}." if kind == "table" else _SEE_HELP
        return UsageError(f"There is no {kind} {quoted(inert(name, 60))}.", near or listed)
    if match := _SYNTAX.match(said):
        return UsageError(f"The statement cannot be read at {quoted(inert(match[1], 60))}.", _SEE_HELP)
    if match := _NO_FUNCTION.match(said):
        return UsageError(f"The function {quoted(inert(match[1], 60))} is not for use here.", _SEE_HELP)
    if "too big" in said:
        return UsageError(
            f"A value would be longer than {_LONGEST[sqlite3.SQLITE_LIMIT_LENGTH]:,} bytes.", "Ask for less."
        )
    if "bindings" in said:
        return UsageError("The statement has a parameter, which nothing fills.", "Write the value itself.")
    if any(words in said for words in ("prohibited", "authoriz", "one statement")):
        return UsageError("Only one SELECT can be asked, of the tables there are.", _SEE_HELP)
    return UsageError(f"The statement cannot be answered: {inert(said, 200).rstrip('.')}.", _SEE_HELP)


_SEE_HELP = "`socd-tui sql --help` lists tables and columns."


def _told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """The names harmless, and none twice, so that each is a field of a JSON object."""
    apart: list[str] = []
    for name in map(inert, names):
        number, new = 1, name
        while new in apart:
            number += 1
            new = f"{name}_{number}"
        apart.append(new)
    return tuple(apart)
