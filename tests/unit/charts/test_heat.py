"""Heat cells: equal steps up to the largest count, and other marks for none and for nobody knows."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.charts.canvas import line_width, plain
from socd_tui.charts.glyphs import ASCII, FULL, SHADE, Glyphs
from socd_tui.charts.heat import EMPTY, STEPS, Scale, heat_cell, legend

each_level = pytest.mark.parametrize("glyphs", [FULL, SHADE, ASCII], ids=lambda glyphs: glyphs.level)
each_width = pytest.mark.parametrize("columns", [1, 2, 3, 6])


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, None), (1, 0), (20, 0), (21, 1), (41, 1), (42, 2), (62, 2), (63, 3), (83, 3), (84, 3), (10**12, 3)],
)
def test_counts_fall_into_equal_steps_of_the_largest(count: int, expected: int | None) -> None:
    assert Scale(83).step(count) == expected


@given(top=st.integers(1, 10**12), count=st.integers(1, 10**12))
def test_each_count_is_in_the_range_of_its_step_and_in_no_other(top: int, count: int) -> None:
    scale = Scale(top)
    holding = [index for index, low, high in scale.ranges() if low <= min(count, top) <= high]
    assert holding == [scale.step(count)]


@given(top=st.integers(1, 10**6), one=st.integers(0, 10**6), other=st.integers(0, 10**6))
def test_more_is_never_a_lower_step(top: int, one: int, other: int) -> None:
    low, high = (Scale(top).step(count) for count in sorted((one, other)))
    assert (-1 if low is None else low) <= (-1 if high is None else high)


@given(top=st.integers(1, 10**12))
def test_the_largest_count_is_the_darkest(top: int) -> None:
    assert Scale(top).step(top) == len(STEPS) - 1


@each_level
@each_width
@given(count=st.one_of(st.none(), st.integers(0, 10**9)), top=st.integers(0, 10**9))
def test_a_cell_is_exactly_as_wide_as_asked(
    glyphs: Glyphs, columns: int, count: int | None, top: int
) -> None:
    assert line_width([heat_cell(count, Scale(top), glyphs, columns)]) == columns


@each_level
@each_width
def test_unknown_zero_and_one_hit_look_different(glyphs: Glyphs, columns: int) -> None:
    assert len({heat_cell(count, Scale(1000), glyphs, columns).text for count in (None, 0, 1)}) == 3


@each_level
@each_width
def test_every_step_has_its_own_shape_so_that_it_reads_without_colour(glyphs: Glyphs, columns: int) -> None:
    assert len({heat_cell(count, Scale(4), glyphs, columns).text for count in range(5)}) == 5


INK = {"░": 1, "▒": 2, "▓": 3, "█": 4, ":": 2, "+": 3, "*": 5, "#": 8}
"""How much of its cell a mark fills, in quarters; of ASCII in strokes of a usual font."""


@each_level
def test_a_worse_step_has_more_ink(glyphs: Glyphs) -> None:
    assert all(INK[less] < INK[more] for less, more in pairwise(glyphs.heat))


def test_in_colour_every_step_has_its_own_role() -> None:
    assert [heat_cell(count, Scale(4), FULL).role for count in range(1, 5)] == list(STEPS)


@each_level
@given(top=st.integers(4, 9_999), width=st.integers(39, 120))
def test_the_legend_fits_and_names_every_step_there_is(glyphs: Glyphs, top: int, width: int) -> None:
    line = legend(Scale(top, "this key"), glyphs, width)
    assert line_width(line) <= width
    assert [span.text for span in line if span.role in STEPS] == list(glyphs.heat)
    assert plain([line]).startswith(f"{glyphs.zero} 0")


def test_the_legend_has_the_counts_of_each_step_whose_they_are_and_what_a_blank_is() -> None:
    told = plain([legend(Scale(83, "this key"), FULL, 76)])
    assert told == "· 0  ░ 1–20  ▒ 21–41  ▓ 42–62  █ 63–83 an hour (this key)  blank: no data"
    assert plain([legend(Scale(83, "this key"), FULL, 39)]) == "· 0  ░ 1–20  ▒ 21–41  ▓ 42–62  █ 63–83"
    assert plain([legend(Scale(83, "this key"), FULL, 37)]) == "· 0  ░ 20  ▒ 41  ▓ 62  █ 83"


def test_a_step_that_no_count_falls_in_is_not_in_the_legend() -> None:
    assert plain([legend(Scale(2), FULL, 30)]) == "· 0  ▒ 1  █ 2  blank: no data"
    assert plain([legend(EMPTY, FULL, 30)]) == "· 0  blank: no data"
