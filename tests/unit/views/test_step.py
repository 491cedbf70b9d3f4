"""Where a motion leads on any grid: to a neighbour that is there, to an end, or nowhere."""

from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from socd_tui.views.view import Motion, step

GRID = (("a", "b", "c"), ("d", "e", "f"))
COLUMN = (("a",), ("b",), ("c",))
motions = st.sampled_from(get_args(Motion))


@st.composite
def grids(draw: st.DrawFn) -> list[list[str]]:
    """Rows of different lengths, some empty, every target once."""
    lengths = draw(st.lists(st.integers(0, 6), max_size=6))
    return [[f"{y}:{x}" for x in range(length)] for y, length in enumerate(lengths)]


def test_arrows_lead_to_neighbours() -> None:
    assert [step(GRID, "e", motion) for motion in ("left", "right", "up")] == ["d", "f", "b"]
    assert step(GRID, "b", "down") == "e"


def test_there_is_nothing_beyond_an_edge() -> None:
    assert [step(GRID, "a", "left"), step(GRID, "a", "up")] == [None, None]
    assert [step(GRID, "f", "right"), step(GRID, "f", "down")] == [None, None]


def test_first_and_last_are_the_ends_of_a_row() -> None:
    assert (step(GRID, "e", "first"), step(GRID, "e", "last")) == ("d", "f")


def test_first_and_last_are_the_ends_of_a_column_when_there_is_only_one() -> None:
    assert (step(COLUMN, "b", "first"), step(COLUMN, "b", "last")) == ("a", "c")


def test_without_a_cursor_the_first_target_is_next_and_a_lost_one_moves_from_there() -> None:
    assert step(GRID, None, "right") == "a"
    assert step(GRID, "gone", "down") == "d"


def test_an_empty_grid_leads_nowhere() -> None:
    assert [step(grid, None, "down") for grid in ((), ((),), ((), ()))] == [None] * 3


@given(grid=grids(), start=st.integers(0, 40), motion=motions)
def test_every_step_leads_to_a_target_or_nowhere(grid: list[list[str]], start: int, motion: Motion) -> None:
    targets = [target for row in grid for target in row]
    cursor = targets[start % len(targets)] if targets else None
    assert step(grid, cursor, motion) in [*targets, None]


@given(grid=grids(), start=st.integers(0, 40))
def test_a_step_back_undoes_a_step(grid: list[list[str]], start: int) -> None:
    targets = [target for row in grid for target in row]
    cursor = targets[start % len(targets)] if targets else None
    for there, back in (("left", "right"), ("up", "down")):
        led = step(grid, cursor, there)  # type: ignore[arg-type]  # the pairs are motions
        assert led is None or step(grid, led, back) == cursor  # type: ignore[arg-type]


@given(grid=grids(), start=st.integers(0, 40))
def test_going_to_an_end_twice_stays_there(grid: list[list[str]], start: int) -> None:
    targets = [target for row in grid for target in row]
    if targets:
        end = step(grid, targets[start % len(targets)], "last")
        assert end is not None
        assert step(grid, end, "last") == end
