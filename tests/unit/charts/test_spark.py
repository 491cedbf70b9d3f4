"""Small series: a cell a value, from zero, on a scale that is given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.charts.glyphs import ASCII, FULL, SHADE, Glyphs
from socd_tui.charts.spark import cell, columns, spark

each_level = pytest.mark.parametrize("glyphs", [FULL, SHADE, ASCII], ids=lambda glyphs: glyphs.level)
counts = st.integers(1, 10**12)


def test_the_scale_starts_at_zero_and_ends_at_the_top() -> None:
    assert spark([1, 2, 4, 8], 8, FULL) == "▁▂▄█"


def test_two_rows_on_one_scale_can_be_compared() -> None:
    assert spark([5, 10], 100, FULL) == "▁▁"
    assert spark([50, 100], 100, FULL) == "▄█"


@each_level
def test_missing_zero_and_the_smallest_value_look_different(glyphs: Glyphs) -> None:
    assert len({cell(None, 10, glyphs), cell(0, 10, glyphs), cell(1, 10**6, glyphs)}) == 3


@each_level
@given(values=st.lists(st.one_of(st.none(), st.integers(0, 10**12)), max_size=90))
def test_every_value_has_one_cell(glyphs: Glyphs, values: list[int | None]) -> None:
    top = max((value or 0 for value in values), default=0)
    assert len(spark(values, top, glyphs)) == len(values)


@each_level
@given(pair=st.tuples(counts, counts), top=counts)
def test_more_is_never_lower(glyphs: Glyphs, pair: tuple[int, int], top: int) -> None:
    low, high = (glyphs.spark.index(cell(value, top, glyphs)) for value in sorted(pair))
    assert low <= high


@each_level
@given(value=counts)
def test_the_top_is_the_tallest_mark_and_more_than_the_top_too(glyphs: Glyphs, value: int) -> None:
    assert cell(value, value, glyphs) == cell(value + 1, value, glyphs) == glyphs.spark[-1]


def test_without_a_top_there_is_nothing_to_draw() -> None:
    assert cell(0, 0, FULL) == FULL.zero


@each_level
@given(values=st.lists(st.one_of(st.none(), st.integers(0, 10**6)), max_size=60))
def test_columns_of_one_line_are_the_row(glyphs: Glyphs, values: list[int | None]) -> None:
    top = max((value or 0 for value in values), default=0)
    assert columns(values, top, 1, glyphs) == [spark(values, top, glyphs)]


def test_higher_columns_stand_on_their_ground() -> None:
    assert columns([0, None, 1, 5, 10], 10, 2, FULL) == ["    █", "· ▂██"]
