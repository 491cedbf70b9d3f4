"""Heat cells: fixed bins, and three marks for a hit, for none, and for nobody knows."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.charts.canvas import line_width
from socd_tui.charts.glyphs import ASCII, FULL, SHADE, Glyphs
from socd_tui.charts.heat import BINS, STEPS, heat_cell, legend, step

each_level = pytest.mark.parametrize("glyphs", [FULL, SHADE, ASCII], ids=lambda glyphs: glyphs.level)
each_width = pytest.mark.parametrize("columns", [1, 2])


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, None), (1, 0), (2, 1), (4, 1), (5, 2), (14, 2), (15, 3), (49, 3), (50, 4), (10**12, 4)],
)
def test_counts_fall_into_fixed_bins(count: int, expected: int | None) -> None:
    assert step(count) == expected


def test_the_legend_of_each_bin_is_its_range() -> None:
    for (edge, told), (after, _) in zip(BINS, [*BINS[1:], (0, "")], strict=True):
        ends = f"–{after - 1}" if after - 1 > edge else ""
        assert told == (f"{edge}{ends}" if after else f"{edge}+")


@each_level
@each_width
@given(count=st.one_of(st.none(), st.integers(0, 10**9)))
def test_a_cell_is_exactly_as_wide_as_asked(glyphs: Glyphs, columns: int, count: int | None) -> None:
    assert line_width([heat_cell(count, glyphs, columns)]) == columns


@each_level
@each_width
def test_unknown_zero_and_one_hit_look_different(glyphs: Glyphs, columns: int) -> None:
    assert len({heat_cell(count, glyphs, columns).text for count in (None, 0, 1)}) == 3


@pytest.mark.parametrize("glyphs", [SHADE, ASCII], ids=lambda glyphs: glyphs.level)
@each_width
def test_without_colour_every_step_has_its_own_shape(glyphs: Glyphs, columns: int) -> None:
    assert len({heat_cell(edge, glyphs, columns).text for edge, _ in BINS}) == len(BINS)


def test_in_colour_every_step_has_its_own_role() -> None:
    assert [heat_cell(edge, FULL).role for edge, _ in BINS] == list(STEPS)


@each_level
def test_the_legend_fits_the_narrowest_pane_and_shows_every_step(glyphs: Glyphs) -> None:
    for columns, width in product((1, 2), range(39, 80)):
        line = legend(glyphs, width, columns)
        assert {span.role for span in line} >= set(STEPS)
        assert columns == 2 or line_width(line) <= width


@each_level
def test_the_legend_explains_the_blank_where_there_is_room(glyphs: Glyphs) -> None:
    assert legend(glyphs, 60)[-1].text.strip() == "blank: no data"
    assert line_width(legend(glyphs, 60)) <= 60
    assert legend(glyphs, 50)[-1].text.strip() == "50+"
