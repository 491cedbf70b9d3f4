"""Bars and gauges: exactly as wide as asked, and nothing that counts is invisible."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.charts.bars import bar, gauge
from socd_tui.charts.canvas import line_width
from socd_tui.charts.glyphs import ASCII, FULL, SHADE, Glyphs

each_level = pytest.mark.parametrize("glyphs", [FULL, SHADE, ASCII], ids=lambda glyphs: glyphs.level)
shares = st.floats(0, 1)
fractions = st.one_of(st.none(), st.floats(0, 50))


@each_level
@given(share=st.one_of(st.none(), st.floats(0, 5)), width=st.integers(-1, 200))
def test_a_bar_is_exactly_as_wide_as_asked(glyphs: Glyphs, share: float | None, width: int) -> None:
    assert len(bar(share, width, glyphs)) == max(width, 0)


@each_level
@given(share=st.floats(0, 1e-3, exclude_min=True), width=st.integers(1, 200))
def test_the_smallest_share_leaves_a_mark(glyphs: Glyphs, share: float, width: int) -> None:
    assert bar(share, width, glyphs) != bar(0, width, glyphs)


@each_level
@given(pair=st.tuples(shares, shares), width=st.integers(1, 100))
def test_a_larger_share_is_never_a_shorter_bar(glyphs: Glyphs, pair: tuple[float, float], width: int) -> None:
    low, high = (filled(bar(share, width, glyphs), glyphs) for share in sorted(pair))
    assert low <= high


def filled(drawn: str, glyphs: Glyphs) -> float:
    """Filled cells, fractions counted."""
    steps = len(glyphs.bar)
    return sum(steps if char == glyphs.bar[0] else max(glyphs.bar.find(char), 0) for char in drawn)


def test_half_is_half_and_all_is_all() -> None:
    assert bar(0.5, 8, FULL) == "████    "
    assert bar(1, 4, ASCII) == "####"
    assert bar(0.5, 4, ASCII) == "##.."
    assert bar(1 / 16, 2, FULL) == "▏ "


def test_an_unknown_share_draws_not_even_the_track_of_a_zero() -> None:
    assert bar(None, 4, ASCII) == "    "
    assert bar(0, 4, ASCII) == "...."


def drawn(current: float | None, peak: float | None, width: int = 12, glyphs: Glyphs = FULL) -> str:
    return "".join(span.text for span in gauge(current, peak, width, glyphs, "good"))


@each_level
@given(current=fractions, peak=fractions, width=st.integers(0, 80))
def test_a_gauge_is_exactly_as_wide_as_asked(
    glyphs: Glyphs, current: float | None, peak: float | None, width: int
) -> None:
    assert line_width(gauge(current, peak, width, glyphs, "good")) == (width if width > 2 else 0)


def test_a_gauge_fills_to_what_is_used_now_and_ticks_the_peak() -> None:
    assert drawn(0.5, 0.8) == "[█████  │  ]"


def test_a_gauge_is_hollow_when_only_the_peak_is_known() -> None:
    assert drawn(None, 0.5) == "[░░░░│     ]"


def test_a_gauge_above_the_limit_is_full() -> None:
    assert drawn(3.0, None) == "[██████████]"
    assert drawn(None, 7.4) == "[░░░░░░░░░│]"


def test_an_unknown_gauge_is_empty_and_a_use_of_zero_is_not() -> None:
    assert drawn(None, None) == "[          ]"
    assert drawn(None, 0.0) == drawn(0.0, None) == "[·         ]"


@each_level
def test_nothing_hardly_anything_and_something_look_different(glyphs: Glyphs) -> None:
    for width in (12, 40):
        shares = (None, 0.0, 0.003, 0.5)
        assert len({drawn(None, share, width, glyphs) for share in shares}) == 4
        assert len({drawn(share, None, width, glyphs) for share in shares}) == 4


def test_a_use_of_less_than_a_cell_fills_its_part_of_one() -> None:
    assert drawn(0.003, None) == drawn(None, 0.003) == "[▏         ]"
    assert drawn(0.073, None) == drawn(None, 0.073) == "[▊         ]"
    assert drawn(0.073, None, 42) == "[██▉" + " " * 37 + "]"
