"""What to do, below the overview's table where it leaves lines."""

from __future__ import annotations

import pytest

from socd_tui.charts.canvas import Canvas, plain
from socd_tui.views.overview.todo import to_do
from tests.fleets import looked_at

KNOWN, LENS = looked_at("flat")
FINDINGS = KNOWN.findings(KNOWN.fleet.keys).worst_first


def lines(height: int, width: int = 90) -> list[str]:
    return plain(to_do(KNOWN, FINDINGS, Canvas(width, height))).split("\n")


@pytest.mark.parametrize("width", [60, 90, 120, 200])
def test_every_step_is_whole_and_those_without_room_are_counted(width: int) -> None:
    most = lines(99, width)
    assert most[1].startswith(" to do 1 '")
    for height in range(1, len(most) + 1):
        told = lines(height, width)
        assert len(told) <= height
        if len(told) > 1 and told != most:
            *steps, last = told
            assert most[: len(steps)] == steps
            begun = sum(line[7:8].isdigit() for line in most)
            kept = sum(line[7:8].isdigit() for line in steps)
            assert last.strip() == f"+{begun - kept} step{'s' if begun - kept > 1 else ''}"
            assert most[len(steps)][7:8].isdigit()


def test_without_a_finding_or_room_there_is_none() -> None:
    assert to_do(KNOWN, (), Canvas(90, 30)) == []
    assert to_do(KNOWN, FINDINGS, Canvas(90, 2)) == []
    assert to_do(KNOWN, FINDINGS, Canvas(30, 30)) == []
