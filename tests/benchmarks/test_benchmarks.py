"""That the command measures: it runs, every row says what it must reach, and its page says the same."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from tests.benchmarks import starting
from tests.benchmarks.__main__ import PROBES
from tests.benchmarks.lab import PROGRAM, Lab, inside
from tests.benchmarks.profiles import profile, started
from tests.benchmarks.rows import BY_NAME, ROWS, Result, Row, Sample
from tests.benchmarks.table import PAGE, printed, reasons
from tests.benchmarks.terminal import Program
from tests.terminal.pseudo import ROOT


def test_one_command_prints_a_table_and_writes_json(tmp_path: Path) -> None:
    """Whether a row is met depends on the machine, so that is not looked at."""
    file, rows = tmp_path / "measured.json", ("demo", "help")
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks",
        "--rounds",
        "1",
        "--json",
        str(file),
        "--only",
        *rows,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 1), done.stderr
    head, *lines = done.stdout.splitlines()
    assert head.split()[:2] == ["row", "what"]
    assert [line.split()[0] for line in lines[: len(rows)]] == list(rows)
    told = json.loads(file.read_text())
    (measured,) = told["checkouts"].values()
    assert [row["row"] for row in measured] == list(rows)
    for row in measured:
        assert row["missed"] is None
        assert row["median"] > 0
        assert row["floor"] > 0
        assert row["met"] is (row["median"] / row["floor"] <= row["most"])


def test_an_account_is_filled_by_the_program_and_measured_in_a_process_of_its_own() -> None:
    with Lab() as lab:
        filled = lab.filled(keys=4, days=7)
        assert filled.history.exists()
        assert int(filled.busiest().replace(",", "")) > 0
        assert filled.service.asked()[0].target == "/api/v1/keys"
        assert set(inside(filled, "analysis")) == {"analysis", "analysis-one"}


def test_each_row_is_measured_by_one_probe_and_has_a_target_and_a_unit() -> None:
    assert sorted(chain.from_iterable(PROBES.values())) == sorted(row.name for row in ROWS)
    for row in ROWS:
        assert row.what
        assert row.unit in ("ms", "B", "MiB", "requests")
        assert row.most >= 0
        assert row.target.startswith("≤ ")
        assert row.floor or row.against == "nothing"


def test_the_page_has_each_row_with_its_target() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for row in ROWS:
        assert f"| `{row.name}` | {row.what} | {row.target} |" in page


def test_of_each_row_that_is_not_met_the_page_says_why_and_the_command_says_that() -> None:
    why = reasons()
    assert set(why) <= {row.name for row in ROWS}
    row = next(row for row in ROWS if row.name == "parse")
    slow, fast = Result(row, (Sample("parse", 30, 10),)), Result(row, (Sample("parse", 10, 10),))
    said = " ".join(printed({ROOT: [slow]}).split())
    assert f"parse is not met: {why['parse']}" in said
    assert "is not met" not in printed({ROOT: [fast]})


def test_a_program_notes_what_it_does_but_not_what_it_asks(tmp_path: Path) -> None:
    with Lab() as lab:
        environ = lab.sampled(tmp_path).environ(lab.folder())
        with Program([*PROGRAM, "--demo"], environ) as program:
            program.until(b"total")
        (notes,) = started(tmp_path)
    doing = {note.doing for note in notes}
    assert "loading socd_tui" in doing
    assert not any(
        each.startswith("service.demo.server") for each in doing
    )  # it answers in a process of its own
    assert all(note.held > 0 for note in notes)


def test_a_profile_is_of_all_that_a_row_takes() -> None:
    with Lab() as lab:
        found = profile(BY_NAME["help"], starting.help_, lab, runs=1)
    assert found
    assert sum(found.parts.values()) == pytest.approx(found.whole)
    said = printed({ROOT: [Result(BY_NAME["help"], (Sample("help", 3, 1),))]}, (), {"help": found})
    assert found.what in said


def test_a_row_is_judged_by_what_it_takes_beside_its_floor() -> None:
    samples = (Sample("x", 30, 10), Sample("x", 10, 10), Sample("x", 20, 10))
    assert Result(Row("x", "as it is", "ms", 20), samples).judged == 20
    assert Result(Row("x", "in multiples", "ms", 1.9, "times", "bare"), samples).judged == 2
    assert Result(Row("x", "over", "ms", 10, "over", "bare"), samples).judged == 10
    assert Result(Row("x", "at worst", "ms", 20, "over", "bare", late=True), samples).judged == 20
    assert Result(Row("x", "in multiples", "ms", 1.9, "times", "bare"), samples).is_met is False
    assert Result(Row("x", "over", "ms", 10, "over", "bare"), samples).is_met is True


def test_a_row_that_could_not_be_measured_is_not_met() -> None:
    assert Result(ROWS[0], (), "nothing came within 30 s").is_met is False
    assert Result(ROWS[0], ()).is_met is None
