"""`socd-tui history`: what is remembered, told offline and without an account."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest

from socd_tui.model.key import ApiKey
from socd_tui.model.usage import Usage
from socd_tui.store.history import History
from tests.build import key, rows, usage
from tests.clock import NOW, Clock
from tests.command import Done, ran
from tests.terminal.pseudo import environment

ORIGIN = "http://127.0.0.1:9"
SIEM = key("Production SIEM", key_id="00000000-0000-4000-8000-000000000001", prefix="sk_live_zIc8")
HOSTILE = key("\x1b[2Jcafé", key_id="00000000-0000-4000-8000-000000000002", prefix="sk_live_aaaa")


def history(environ: dict[str, str], *arguments: str) -> Done:
    return ran(environ, "history", *arguments)


def folder(home: Path) -> Path:
    return home / "data" / "socd-tui"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Of a person whose two keys were looked at: 40 days of one with a gap of 9, one day of the other."""
    seen = environment(tmp_path, SOCD_BASE_URL=ORIGIN)
    days = [n for n in range(1, 50) if not 20 <= n < 29]
    answers = (answer(SIEM, days), answer(HOSTILE, [3]))
    History(folder(tmp_path), ORIGIN, clock=Clock()).record([SIEM, HOSTILE], answers)
    return seen


def answer(key: ApiKey, ago: list[int]) -> Usage:
    return usage(key.id, 90, days=rows(90, lambda n: (5, 1) if n in ago else None))


def date(ago: int) -> str:
    return str(NOW.date() - timedelta(days=ago))


def test_before_anything_was_looked_at_it_says_so_and_makes_nothing(tmp_path: Path) -> None:
    environ = environment(tmp_path, SOCD_BASE_URL=ORIGIN)
    for arguments in ([], ["--prune", "30"]):
        done = history(environ, *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert "Nothing is remembered yet." in done.stdout
    facts = json.loads(history(environ, "--format", "json").stdout)
    assert (facts["keys"], facts["days"], facts["first"], facts["bytes"]) == ([], 0, None, 0)
    assert not folder(tmp_path).exists()


def test_every_key_is_told_with_its_days_and_gaps(environ: dict[str, str], tmp_path: Path) -> None:
    done = history(environ)
    assert (done.returncode, done.stderr) == (0, "")
    title, siem, hostile, total = done.stdout.splitlines()
    assert title.split() == ["key", "days", "first", "last", "gaps"]
    assert siem.split() == ["Production", "SIEM#zIc8", "40", date(49), date(1), "9"]
    assert hostile.split() == ["\ufffd[2Jcafé#aaaa", "1", date(3), date(3), "0"]
    size = (folder(tmp_path) / "history.sqlite3").stat().st_size
    path = folder(tmp_path) / "history.sqlite3"
    assert total == f"2 keys of {ORIGIN}, 41 days, 9 days missing in between; {size:,} bytes in {path}"


def test_in_ascii_nothing_else_is_printed(environ: dict[str, str]) -> None:
    done = history(environ, "--ascii")
    assert done.stdout.isascii()
    assert "cafe#aaaa" in done.stdout


def test_the_same_as_json_with_names_as_they_are(environ: dict[str, str], tmp_path: Path) -> None:
    done = history(environ, "--format", "json")
    assert done.stdout.isascii()
    facts = json.loads(done.stdout)
    assert facts["schema"] == "socd-tui/history/1"
    assert facts["base_url"] == ORIGIN
    assert facts["path"] == str(folder(tmp_path) / "history.sqlite3")
    assert (facts["days"], facts["gaps"], facts["pruned_days"]) == (41, 9, None)
    assert facts["keys"][1] == {
        "id": HOSTILE.id,
        "name": "\x1b[2Jcafé",
        "prefix": "sk_live_aaaa",
        "days": 1,
        "first": date(3),
        "last": date(3),
        "gaps": 0,
    }


def test_every_day_of_every_key_for_other_programs(environ: dict[str, str]) -> None:
    done = history(environ, "--format", "csv")
    assert (done.returncode, done.stderr) == (0, "")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 49 + 1  # from the first to the last day of each
    assert rows[0] == {
        "origin": ORIGIN,
        "key_id": SIEM.id,
        "name": "Production SIEM",
        "prefix": "sk_live_zIc8",
        "owner": "",
        "date": date(49),
        "requests": "5",
        "errors": "1",
        "throttled": "",
        "partial": "false",
        "missing": "false",
        "seen_at": f"{NOW:%Y-%m-%dT%H:%M:%SZ}",
    }
    missing = [row for row in rows if row["missing"] == "true"]
    assert [row["date"] for row in missing] == [date(ago) for ago in range(28, 19, -1)]
    assert {row["requests"] + row["seen_at"] for row in missing} == {""}
    assert rows[-1]["name"] == "\ufffd[2Jcafé"
    lines = history(environ, "--format", "jsonl").stdout.splitlines()
    assert "".join(lines).isascii()
    objects = [json.loads(line) for line in lines]
    assert [each.keys() for each in objects] == [row.keys() for row in rows]
    assert objects[-1] | {"seen_at": ""} == {
        "origin": ORIGIN,
        "key_id": HOSTILE.id,
        "name": "\x1b[2Jcafé",
        "prefix": "sk_live_aaaa",
        "owner": None,
        "date": date(3),
        "requests": 5,
        "errors": 1,
        "throttled": None,
        "partial": False,
        "missing": False,
        "seen_at": "",
    }
    assert "a row a key and UTC date" in history(environ, "--help").stdout


def test_after_pruning_the_rest_is_printed_and_without_a_history_only_the_columns(
    environ: dict[str, str], tmp_path: Path
) -> None:
    assert len(history(environ, "--prune", "5", "--format", "jsonl").stdout.splitlines()) == 6
    empty = environment(tmp_path / "other", SOCD_BASE_URL=ORIGIN)
    assert history(empty, "--format", "csv").stdout.startswith("origin,key_id,name,")
    assert history(empty, "--format", "jsonl").stdout == ""


def test_another_services_keys_are_not_told(environ: dict[str, str]) -> None:
    assert "Nothing is remembered yet." in history(environ, "--base-url", "http://127.0.0.1:10").stdout


def test_the_demo_keeps_nothing(environ: dict[str, str]) -> None:
    assert "Nothing is remembered yet. The demo keeps nothing." in history(environ, "--demo").stdout


def test_pruning_forgets_what_is_older_and_says_how_much(environ: dict[str, str]) -> None:
    done = history(environ, "--prune", "28")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "21 days of all keys forgotten."
    assert history(environ, "--prune", "100").stdout.startswith("0 days of all keys forgotten.")
    assert json.loads(history(environ, "--prune", "999999", "--format", "json").stdout)["pruned_days"] == 0


@pytest.mark.parametrize("typed", ["0", "-1", "1.5", "abc", "", "١", "9" * 5000])
def test_anything_but_a_number_of_days_is_refused_and_nothing_forgotten(
    environ: dict[str, str], typed: str
) -> None:
    done = history(environ, f"--prune={typed}")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Give a whole number, 1 or more" in done.stderr
    assert "40" in history(environ).stdout


def test_a_damaged_history_is_told_on_standard_error(environ: dict[str, str], tmp_path: Path) -> None:
    (folder(tmp_path) / "history.sqlite3").write_bytes(b"not a database" * 1000)
    done = history(environ)
    assert done.returncode == 0
    assert "was damaged. It starts anew" in done.stderr
    assert "Nothing is remembered yet." in done.stdout


def test_a_history_that_cannot_be_used_is_one_sentence(environ: dict[str, str], tmp_path: Path) -> None:
    path = folder(tmp_path) / "history.sqlite3"
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    done = history(environ)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"socd-tui: {path} is a symbolic link, which is not followed. Remove the link.\n"
