"""What a key usually does, from its newest full days."""

from __future__ import annotations

from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.usual import Usual, usual
from tests.build import day, past


def test_it_is_the_median_of_four_weeks() -> None:
    assert usual(past(*[900] * 10, *[100, 200] * 14)) == Usual(150.0, 28)


def test_a_wild_day_does_not_move_it() -> None:
    assert usual(past(*[100] * 9, 10_000)) == Usual(100.0, 10)


def test_a_day_that_is_not_over_or_not_told_says_nothing() -> None:
    days = [*past(*[100] * 7), day(0, 5)]
    assert usual(days) == Usual(100.0, 7)
    assert usual([*past(None, *[100] * 6)]) == NotEnough("6 full days, 7 are needed")
