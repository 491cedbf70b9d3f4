"""`socd-tui sql`: the history asked in SQL, offline and without an account."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from socd_tui.commands.sql import cut_note
from socd_tui.model.fleet import Fleet
from socd_tui.outputs.tables.query import LONGEST
from socd_tui.store.history import FILE, History
from tests.build import NOW, Counts, key, rows, usage
from tests.clock import Clock
from tests.command import Done, ran
from tests.terminal.pseudo import environment

ORIGIN = "http://127.0.0.1:9"
SIEM = key("Production SIEM", key_id="00000000-0000-4000-8000-000000000001", prefix="sk_live_zIc8")
LAB = key("=1+1|\x1b[2J", key_id="00000000-0000-4000-8000-000000000002", prefix="sk_live_aaaa", tier="pro")
NAMES = "SELECT name, sum(requests) AS n FROM days JOIN keys USING (key_id) GROUP BY 1 ORDER BY 2"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Of a person whose two accounts were looked at, each with one key."""
    seen = environment(tmp_path, SOCD_BASE_URL=ORIGIN)
    config = tmp_path / "config" / "socd-tui"
    config.mkdir(parents=True)
    (config / "config.toml").write_text('[owners]\nAlice = "Production*"\n')
    for account, each, count in (("one", SIEM, 5000), ("two", LAB, 3)):
        answer = usage(each.id, days=rows(7, always(count)), statuses={200: 4})
        history = History(folder(tmp_path), ORIGIN, account, clock=Clock())
        history.record([each], [answer])
        history.record(
            fleet=Fleet(base_url=ORIGIN, keys=(each,), usages={(each.id, 7): answer}, listed_at=NOW)
        )
    return seen


def always(requests: int) -> Counts:
    return lambda _: (requests, 1)


def folder(home: Path) -> Path:
    return home / "data" / "socd-tui"


def sql(environ: dict[str, str], *arguments: str, given: str = "") -> Done:
    return ran(environ, "sql", *arguments, given=given)


def test_every_account_of_the_service_is_asked_without_a_session(environ: dict[str, str]) -> None:
    done = sql(environ, NAMES)
    assert (done.returncode, done.stderr) == (0, "")
    title, lab, siem = done.stdout.splitlines()
    assert (title.split(), lab.split()) == (["name", "n"], ["=1+1|\ufffd[2J", "21"])
    assert siem == "Production SIEM  35000"
    assert sql(environ, "-", given="SELECT count(*) FROM statuses").stdout == "count(*)\n       2\n"
    assert json.loads(sql(environ, "SELECT tier, owner FROM keys", "--format", "json").stdout) == {
        "schema": "socd-tui/sql/1",
        "base_url": ORIGIN,
        "columns": ["tier", "owner"],
        "rows": [{"tier": None, "owner": "Alice"}, {"tier": "pro", "owner": None}],
    }


def test_each_format_is_safe_where_it_goes(environ: dict[str, str]) -> None:
    statement = f'SELECT name AS "=cmd|x", sum(requests) FROM ({NAMES.replace("n FROM", "requests FROM")})'
    header, row = list(csv.reader(io.StringIO(sql(environ, statement, "--format", "csv").stdout)))
    assert (header, row) == (["'=cmd|x", "sum(requests)"], ["'=1+1|\ufffd[2J", "35021"])
    assert sql(environ, statement, "--format", "md").stdout.splitlines()[::2] == [
        "| =cmd\\|x | sum(requests) |",
        "| =1+1\\|\ufffd\\[2J | 35021 |",
    ]
    (line,) = sql(environ, statement, "--format", "jsonl").stdout.splitlines()
    assert json.loads(line) == {"=cmd|x": "=1+1|\x1b[2J", "sum(requests)": 35021}
    assert sql(environ, "SELECT 1 WHERE 0", "--format", "jsonl").stdout == ""


def test_long_text_is_whole_and_more_rows_than_the_limit_are_told(environ: dict[str, str]) -> None:
    long = sql(environ, "SELECT group_concat(date || key_id) FROM days", "--format", "csv").stdout
    assert len(long) > 14 * 46
    done = sql(environ, "SELECT date FROM days", "--limit", "3", "--format", "jsonl")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 3)
    assert done.stderr == "socd-tui: Only the first 3 rows are shown; --limit 30 shows more.\n"


def test_what_is_proposed_to_see_more_rows_can_be_given(environ: dict[str, str]) -> None:
    assert cut_note(1_000_000) == "Only the first 1,000,000 rows are shown; --limit 9999999 shows more."
    assert cut_note(9_999_999) == "Only the first 9,999,999 rows are shown."
    assert sql(environ, "SELECT 1", "--limit", "9999999").returncode == 0


def test_a_statement_that_is_too_long_is_refused_however_it_is_given(environ: dict[str, str]) -> None:
    long = f"SELECT 1 AS a{' ' * (LONGEST - 13)}WHERE 0"
    typed, read = sql(environ, long), sql(environ, "-", given=long)
    assert (typed.returncode, read.returncode, read.stdout) == (2, 2, "")
    assert read.stderr == typed.stderr
    assert "too large" in read.stderr


def test_names_can_stay_in_the_team(environ: dict[str, str]) -> None:
    every = "SELECT * FROM keys JOIN days USING (key_id) JOIN statuses USING (key_id)"
    done = sql(environ, every, "--hide-names", "--format", "jsonl")
    assert len(done.stdout.splitlines()) == 14
    printed = done.stdout
    printed += ran(environ, "history", "--format", "csv", "--hide-names").stdout
    for told in (SIEM.id, LAB.id, "Production", "Alice", "1+1", "zIc8", "aaaa"):
        assert told not in printed
    assert "key-1" in printed
    assert ran(environ, "history", "--hide-names").returncode == 2


def test_what_is_printed_may_go_to_a_file(environ: dict[str, str], tmp_path: Path) -> None:
    done = sql(environ, "SELECT 1 AS a", "--format", "csv", "--output", str(tmp_path / "a.csv"))
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "a.csv").read_text() == "a\n1\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["SELECT * FROM dayz"], "There is no table 'dayz'. The nearest is 'days'."),
        (["DELETE FROM days"], "Only one SELECT can be asked"),
        (["SELECT 1", "--limit", "0"], "whole number of rows"),
        (["SELECT 1", "--timeout", "nan"], "number of seconds"),
        ([], "SELECT"),
    ],
)
def test_what_is_no_question_is_wrong_usage_and_changes_nothing(
    environ: dict[str, str], tmp_path: Path, arguments: list[str], said: str
) -> None:
    was = (folder(tmp_path) / FILE).read_bytes()
    done = sql(environ, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert (folder(tmp_path) / FILE).read_bytes() == was


def test_without_a_history_the_tables_are_empty_and_none_is_made(tmp_path: Path) -> None:
    done = sql(environment(tmp_path, SOCD_BASE_URL=ORIGIN), "SELECT count(*) AS n FROM days")
    assert (done.returncode, done.stdout) == (0, "n\n0\n")
    assert not folder(tmp_path).exists()


def test_the_demo_answers_with_its_own_keys(tmp_path: Path) -> None:
    statement = "SELECT count(*), count(DISTINCT key_id), (SELECT count(*) > 9 FROM endpoints) FROM days"
    done = sql(environment(tmp_path), "--demo", statement, "--format", "jsonl")
    days, keys, has_endpoints = json.loads(done.stdout).values()
    assert (done.returncode, keys, has_endpoints) == (0, 9, 1)
    assert days >= 9 * 89


def test_help_lists_every_table_and_column(environ: dict[str, str]) -> None:
    told = sql(environ, "--help").stdout
    for name in ("keys:", "days:", "statuses:", "p95_ms", "limit_per_day", "seen_at"):
        assert name in told
