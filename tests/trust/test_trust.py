"""The short form of every check: the program withstands it, and a careless variant does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trust.check import Check, NotHere, Trial, all_checks
from tests.trust.table import PAGE, rows_of

CHECKS = all_checks()


@pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))
def test_withstands(check: Check, tmp_path: Path) -> None:
    try:
        outcome = check.ours(Trial(tmp_path))
    except NotHere as missing:
        pytest.skip(f"needs {missing}")
    assert outcome.tried, "nothing was tried"
    assert outcome.faults == ()


@pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))
def test_catches_the_careless(check: Check, tmp_path: Path) -> None:
    try:
        outcome = check.naive(Trial(tmp_path))
    except NotHere as missing:
        pytest.skip(f"needs {missing}")
    assert outcome.faults


def test_the_page_has_the_checks_there_are() -> None:
    rows = rows_of(PAGE.read_text(encoding="utf-8"))
    assert {name: (row.must_show, row.naive) for name, row in rows.items()} == {
        check.name: (check.must_show, check.naive_is) for check in CHECKS.values()
    }
