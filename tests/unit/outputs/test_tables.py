"""SQL over what is known: the tables say it as it is, and a statement can do nothing but read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from socd_tui.model.errors import SocdError, UsageError
from socd_tui.model.fleet import Fleet
from socd_tui.model.past import Latency, Observation, Past
from socd_tui.model.text import Text
from socd_tui.model.usage import Day, Endpoint
from socd_tui.outputs.tables.query import Answer, Bounds, select
from socd_tui.outputs.tables.remembered import EXPORTED, TABLES, exported_days
from socd_tui.outputs.tables.writing import as_json_lines, as_objects, as_sheet
from tests.build import NOW, ago, hours, key, usage

OWNERS = {"Alice": ("siem",), "Bob": ("siem", "lab")}
KEYS = (
    key("siem", prefix="sk_live_aaaa", tier="pro", created_at=NOW - timedelta(days=99), limit_per_day=500),
    key("\x1b[2J\ud800", key_id="lab"),
)
FLEET = Fleet(
    keys=KEYS,
    usages={
        ("siem", 7): usage(
            "siem",
            endpoints=(
                Endpoint(path=Text("/v1/é"), requests=7, errors=1, avg_ms=12.5),
                Endpoint(path=Text("/v1/b"), requests=3),
            ),
            statuses={200: 8, 429: 2},
        )
    },
    past={
        "siem": Past(
            (
                Observation(Day(ago(4), 10, 2, throttled=1), NOW - timedelta(days=2)),
                Observation(Day(ago(1), 7, None), NOW),
                Observation(Day(ago(0), 3, 0, partial=True, throttled=0), NOW),
            ),
            hours({NOW.replace(minute=0) - timedelta(hours=30): 2**70}),
            (Latency(date=ago(1), days=7, requests=17, avg_ms=None, p50_ms=9, p95_ms=2.5, p99_ms=None),),
        )
    },
)


def asked(
    statement: str, rows: int = 100, *, now_s: Callable[[], float] = lambda: 0.0, **more: object
) -> Answer:
    filled = [(table, table.rows(FLEET, OWNERS)) for table in TABLES]
    return select(filled, statement, Bounds(rows=rows, seconds=10, now_s=now_s, **more))  # type: ignore[arg-type]


def test_the_six_tables_have_what_is_known_and_null_for_what_is_not() -> None:
    found = {table.name: asked(f"SELECT * FROM {table.name}") for table in TABLES}
    for table in TABLES:
        assert found[table.name].columns == tuple(column.name for column in table.columns)
    siem, lab = found["keys"].rows
    assert siem == (
        "siem", "siem", "sk_live_aaaa", "pro", "Alice", 1000, 500, "2026-08-15T14:20:00Z", None, None, None,
    )  # fmt: skip
    assert lab == ("lab", "\ufffd[2J\ufffd", "sk_live_\ufffd[2J\ufffd", None, "Bob", *[None] * 6)
    assert found["days"].rows == (
        ("siem", str(ago(4)), 10, 2, 1, 0, "2026-11-20T14:20:00Z"),
        ("siem", str(ago(1)), 7, None, None, 0, "2026-11-22T14:20:00Z"),
        ("siem", str(ago(0)), 3, 0, 0, 1, "2026-11-22T14:20:00Z"),
    )
    assert found["hours"].rows == (("siem", "2026-11-21T08:00:00Z", 2**70),)
    assert found["latency"].rows == (("siem", str(ago(1)), 7, 17, None, 9, 2.5, None),)
    assert found["endpoints"].rows == (
        ("siem", 7, "/v1/é", 7, 1, None, 12.5, "2026-11-22T14:20:00Z"),
        ("siem", 7, "/v1/b", 3, None, None, None, "2026-11-22T14:20:00Z"),
    )
    assert [row[:4] for row in found["statuses"].rows] == [("siem", 7, 200, 8), ("siem", 7, 429, 2)]


def test_what_people_ask() -> None:
    answer = asked(
        "WITH busy AS (SELECT key_id, sum(requests) AS n FROM days GROUP BY 1)"
        " SELECT name, n, rank() OVER (ORDER BY n DESC) FROM keys JOIN busy USING (key_id)"
    )
    assert answer.rows == (("siem", 20, 1),)
    assert asked("SELECT count(*) FROM days WHERE date >= date('2026-11-22', '-1 day')").rows == ((2,),)
    assert asked("SELECT json_extract('{\"a\": 1}', '$.a'), value FROM json_each('[5]')").rows == ((1, 5),)
    assert asked("VALUES (1), (2)").rows == ((1,), (2,))


def test_rows_beyond_those_asked_for_are_told_not_shown() -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    assert asked(endless, 3) == Answer(("i",), ((1,), (2,), (3,)), has_more=True)
    assert not asked("SELECT * FROM days", 3).has_more


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("SELECT * FROM dayz", "There is no table 'dayz'. The nearest is 'days'."),
        ("SELECT * FROM qqq", "There is no table 'qqq'. The tables are keys, days, hours, latency,"),
        ("SELECT d.requets FROM days d", "There is no column 'requets'. The nearest is 'requests'."),
        ("SELECT summ(1)", "There is no function 'summ'. The nearest is 'sum'."),
        ("SELECT * FORM days", "The statement cannot be read at 'FORM'."),
        ("SELECT '\x1b[2J' FROM", "cannot be answered: incomplete input. `socd-tui sql --help`"),
        ("SELECT \x1b[2J", 'The statement cannot be answered: unrecognized token: "\ufffd".'),
        ("SELECT ?", "The statement has a parameter"),
        ("SELECT zeroblob(900000000)", "A value would be longer than 100,000 bytes. Ask for less."),
        ("SELECT '\ud800'", "The statement is not text. Write it in UTF-8."),
        ("", "Only one SELECT"),
        ("-- nothing", "Only one SELECT"),
        ("SELECT 1; SELECT 2", "Only one SELECT"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(statement: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        asked(statement)
    assert said in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO days VALUES (1, 2, 3, 4, 5, 6, 7)",
        "UPDATE days SET requests = 0",
        "DELETE FROM days",
        "DROP TABLE days",
        "CREATE TABLE x (a)",
        "CREATE TEMP VIEW x AS SELECT 1",
        "CREATE TRIGGER t AFTER INSERT ON days BEGIN SELECT 1; END",
        "CREATE VIRTUAL TABLE x USING fts5(a)",
        "ATTACH 'other.sqlite3' AS x",
        "ATTACH ':memory:' AS x",
        "DETACH main",
        "VACUUM INTO 'other.sqlite3'",
        "PRAGMA query_only = OFF",
        "PRAGMA table_info(days)",
        "SELECT * FROM pragma_table_info('days')",
        "SELECT count(*) FROM pragma_database_list",
        "SELECT * FROM pragma_module_list",
        "BEGIN",
        "SAVEPOINT x",
        "ANALYZE",
        "REINDEX",
        "SELECT load_extension('x')",
        "SELECT sqlite_log(1, 'x')",
        "SELECT fts3_tokenizer('simple', x'0000')",
        "WITH x AS (SELECT 1) DELETE FROM days",
        "SELECT * FROM dbstat",
        "SELECT * FROM sqlite_dbpage",
    ],
)
def test_nothing_but_reading_the_tables_is_possible(
    statement: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError):
        asked(statement)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "statement",
    [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "SELECT count(*) FROM json_each('[' || substr(replace(hex(zeroblob(20000)), '0', ',1'), 2) || ']') a,"
        " json_each('[' || substr(replace(hex(zeroblob(20000)), '0', ',1'), 2) || ']') b",
    ],
)
def test_what_runs_without_end_is_ended(statement: str) -> None:
    clock: Iterator[int] = iter(range(99))
    with pytest.raises(SocdError, match=r"was not done in 10 s\. Ask for less, or give it longer") as caught:
        asked(statement, now_s=lambda: float(next(clock)))
    assert caught.value.exit_code == 1
    memory = iter((40, 40, 500, 600))
    with pytest.raises(SocdError, match="needs more than 512 MB of memory"):
        asked(statement, memory_mb=lambda: next(memory))


def test_names_of_columns_are_harmless_and_none_stands_twice() -> None:
    answer = asked("SELECT 1 AS \"\x1b[2J\", 2 AS a, 3 AS a, 4 AS a_2, NULL, x'00ff', 9e999")
    assert answer.columns == ("\ufffd[2J", "a", "a_2", "a_2_2", "NULL", "x'00ff'", "9e999")
    (row,) = as_objects(answer.columns, answer.rows)
    assert list(row.values()) == [1, 2, 3, 4, None, "00ff", None]


def test_numbers_stand_right_and_text_left_whatever_the_statement() -> None:
    sheet = as_sheet(("n", "t", "nothing", "mixed"), [(1, "a", None, 1), (None, "b", None, "x")])
    assert [field.kind for field in sheet.fields] == ["number", "text", "text", "text"]


def test_a_row_a_key_and_date_with_the_dates_that_nobody_told() -> None:
    names = [column.name for column in EXPORTED]
    rows = [dict(zip(names, row, strict=True)) for row in exported_days(FLEET, OWNERS, "https://s")]
    assert [(row["date"], row["requests"], row["missing"], row["partial"]) for row in rows] == [
        (str(ago(4)), 10, False, False),
        (str(ago(3)), None, True, False),
        (str(ago(2)), None, True, False),
        (str(ago(1)), 7, False, False),
        (str(ago(0)), 3, False, True),
    ]
    assert {(row["origin"], row["key_id"], row["owner"]) for row in rows} == {("https://s", "siem", "Alice")}
    assert [row["seen_at"] is None for row in rows] == [False, True, True, False, False]


def test_lines_of_json_are_ascii_with_the_services_own_text() -> None:
    line = as_json_lines(("name", "partial"), [(Text("\x1b[2J\ud800é"), True)])
    assert line == r'{"name": "\u001b[2J\ud800\u00e9", "partial": true}'
