"""Where a motion leads on any grid: to a neighbour that is there, to an end, to the next hit, or nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.target import DayTarget, HourTarget, RowTarget, Target
from socd_tui.views.view import Motion, neighbour, pick, step
from tests.build import NOW, ago


def row(name: str) -> RowTarget:
    return RowTarget("a view", name)


GRID = tuple(tuple(map(row, names)) for names in ("abc", "def"))
COLUMN = tuple((row(name),) for name in "abc")
motions = st.sampled_from(get_args(Motion))


@st.composite
def grids(draw: st.DrawFn) -> list[list[RowTarget]]:
    """Rows of different lengths, some empty, every target once."""
    lengths = draw(st.lists(st.integers(0, 6), max_size=6))
    return [[row(f"{y}:{x}") for x in range(length)] for y, length in enumerate(lengths)]


def led(grid: Sequence[Sequence[RowTarget]], cursor: str | None, motion: Motion) -> str | None:
    """The name of the row that the motion leads to."""
    target = step(grid, None if cursor is None else row(cursor), motion)
    return target.row if isinstance(target, RowTarget) else None


def test_arrows_lead_to_neighbours() -> None:
    assert [led(GRID, "e", "left"), led(GRID, "e", "right"), led(GRID, "e", "up")] == ["d", "f", "b"]
    assert led(GRID, "b", "down") == "e"


def test_there_is_nothing_beyond_an_edge() -> None:
    assert [step(GRID, row("a"), "left"), step(GRID, row("a"), "up")] == [None, None]
    assert [step(GRID, row("f"), "right"), step(GRID, row("f"), "down")] == [None, None]


def test_first_and_last_are_the_ends_of_a_row() -> None:
    assert (led(GRID, "e", "first"), led(GRID, "e", "last")) == ("d", "f")


def test_first_and_last_are_the_ends_of_a_column_when_there_is_only_one() -> None:
    assert (led(COLUMN, "b", "first"), led(COLUMN, "b", "last")) == ("a", "c")


def test_without_a_cursor_the_first_target_is_next_and_a_lost_one_moves_from_there() -> None:
    assert led(GRID, None, "right") == "a"
    assert led(GRID, "gone", "down") == "d"


def test_an_empty_grid_leads_nowhere() -> None:
    grids: tuple[list[list[Target]], ...] = ([], [[]], [[], []])
    assert [step(grid, None, "down") for grid in grids] == [None] * 3


@given(grid=grids(), start=st.integers(0, 40), motion=motions)
def test_every_step_leads_to_a_target_or_nowhere(
    grid: list[list[RowTarget]], start: int, motion: Motion
) -> None:
    targets = [target for line in grid for target in line]
    cursor = targets[start % len(targets)] if targets else None
    assert step(grid, cursor, motion) in [*targets, None]


@given(grid=grids(), start=st.integers(0, 40))
def test_a_step_back_undoes_a_step(grid: list[list[RowTarget]], start: int) -> None:
    pairs: tuple[tuple[Motion, Motion], ...] = (("left", "right"), ("up", "down"))
    targets = [target for line in grid for target in line]
    cursor = targets[start % len(targets)] if targets else None
    for there, back in pairs:
        target = step(grid, cursor, there)
        assert target is None or step(grid, target, back) == cursor


@given(grid=grids(), start=st.integers(0, 40))
def test_going_to_an_end_twice_stays_there(grid: list[list[RowTarget]], start: int) -> None:
    targets = [target for line in grid for target in line]
    if targets:
        end = step(grid, targets[start % len(targets)], "last")
        assert end is not None
        assert step(grid, end, "last") == end


# --- what the Lens points at ----------------------------------------------------------------------


def test_the_cursor_stays_on_what_the_lens_points_at_while_it_is_in_the_picture() -> None:
    assert pick(row("b"), GRID[0]) == row("b")
    assert pick(row("e"), GRID[0]) == pick(None, GRID[0]) == row("a")


def test_a_row_of_the_same_name_in_another_view_is_another_row() -> None:
    assert pick(RowTarget("another view", "b"), GRID[0]) == row("a")


def test_without_anything_in_the_picture_there_is_no_cursor() -> None:
    assert pick(row("a"), ()) is None


# --- the next hit ---------------------------------------------------------------------------------

HITS = tuple(HourTarget(NOW - timedelta(hours=hours)) for hours in (50, 20, 3))
"""Ascending, as a pane gives them."""


def between(n: int) -> HourTarget:
    """An hour without a hit right before the n-th."""
    return HourTarget(HITS[n].hour - timedelta(hours=1))


def test_the_next_hit_is_the_one_after_the_cursor_whether_it_is_on_a_hit_or_between() -> None:
    assert neighbour(HITS, HITS[0], forward=True) == neighbour(HITS, between(1), forward=True) == HITS[1]
    assert neighbour(HITS, HITS[2], forward=False) == neighbour(HITS, between(2), forward=False) == HITS[1]


def test_after_the_last_hit_comes_the_first_and_before_the_first_the_last() -> None:
    assert neighbour(HITS, HITS[2], forward=True) == HITS[0]
    assert neighbour(HITS, between(0), forward=False) == HITS[2]


def test_from_anything_but_an_hour_the_first_hit_is_next() -> None:
    assert neighbour(HITS, None, forward=True) == HITS[0]
    assert neighbour(HITS, DayTarget(ago(1)), forward=False) == HITS[0]


def test_without_hits_there_is_no_next_one() -> None:
    assert neighbour((), HITS[0], forward=True) is None
