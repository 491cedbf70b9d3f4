"""Middle and spread that a few wild values cannot move."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.robust import median, quantile, spread

counts = st.lists(st.integers(0, 10**12), min_size=1, max_size=40)
shares = st.floats(0, 1)


@given(counts)
def test_the_median_is_that_of_the_textbook(values: list[int]) -> None:
    assert median(values) == pytest.approx(statistics.median(values))


@given(st.lists(st.integers(0, 10**6), min_size=3, max_size=40), st.integers(0, 10**12))
def test_one_wild_value_leaves_the_median_among_the_others(values: list[int], wild: int) -> None:
    assert min(values) <= median([*values, wild]) <= max(values)


@given(counts, shares)
def test_a_quantile_lies_within_its_values_and_grows_with_its_share(values: list[int], share: float) -> None:
    assert min(values) <= quantile(values, share) <= max(values)
    assert quantile(values, share / 2) <= quantile(values, share)


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=40))
def test_quartiles_are_those_of_type_7(values: list[int]) -> None:
    expected = statistics.quantiles(values, n=4, method="inclusive")
    assert [quantile(values, share) for share in (0.25, 0.5, 0.75)] == pytest.approx(expected)


def test_the_spread_of_a_bell_curve_is_its_standard_deviation() -> None:
    bell = statistics.NormalDist(100, 15)
    values = [bell.inv_cdf((n + 0.5) / 1000) for n in range(1000)]
    assert spread(values) == pytest.approx(15, rel=0.01)


def test_a_runaway_day_does_not_widen_the_spread() -> None:
    week = [70, 72, 74, 76, 78, 80, 82]
    assert spread([*week, 10**12]) == pytest.approx(spread(week), abs=2)


def test_equal_values_have_no_spread() -> None:
    assert spread([7, 7, 7, 7, 900]) == 0
