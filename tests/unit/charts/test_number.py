"""Numbers as text: exact as long as they can be, and never rounded into something else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.charts.number import age, date_range, day_name, exact, forms, millis, percent, short, short_day
from socd_tui.clock import duration

NOW = datetime(2026, 11, 22, 14, 20, tzinfo=UTC)
UNITS = {"k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15}


@pytest.mark.parametrize(
    ("value", "told"),
    [(None, "—"), (0, "0"), (999, "999"), (9_999, "9,999"), (10_000, "10.0k"), (142_587, "142.6k"),
     (999_949, "999.9k"), (999_950, "1.0M"), (1_234_567, "1.2M"), (10**12, "1.0T"), (10**18, "1000P")],
)  # fmt: skip
def test_a_count_is_shortened_from_ten_thousand_on(value: int | None, told: str) -> None:
    assert short(value) == told


@given(st.integers(0, 10**18 - 1))
def test_a_shortened_count_is_within_a_twentieth_of_its_unit(value: int) -> None:
    told = short(value)
    assert len(told) <= 6
    if told[-1] in UNITS:
        unit = UNITS[told[-1]]
        assert abs(float(told[:-1]) * unit - value) <= unit * 0.0500001
    else:
        assert int(told.replace(",", "")) == value


@given(st.integers(0, 10**18))
def test_the_exact_form_loses_nothing(value: int) -> None:
    assert int(exact(value).replace(",", "")) == value


@given(st.one_of(st.none(), st.integers(0, 10**15)))
def test_the_forms_of_a_count_never_grow(value: int | None) -> None:
    widths = [len(form) for form in forms(value, "-")]
    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize(
    ("fraction", "told"),
    [(None, "—"), (0, "0%"), (0.0001, "<0.1%"), (0.001, "0.1%"), (0.0243, "2.4%"), (0.9994, "99.9%"),
     (0.9999, ">99.9%"), (1, "100%"), (7.365, "736.5%"), (12.5, "1,250%")],
)  # fmt: skip
def test_percentages_say_what_they_are(fraction: float | None, told: str) -> None:
    assert percent(fraction) == told


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_only_nothing_is_0_percent_and_only_all_is_100_percent(fraction: float) -> None:
    assert percent(fraction) not in ("0%", "0.0%", "100%", "100.0%")


@pytest.mark.parametrize(
    ("value", "told"), [(None, "—"), (0, "0"), (0.25, "0.2"), (3.0, "3"), (9.5, "9.5"), (1234.4, "1,234")]
)
def test_latencies_are_whole_milliseconds_but_for_the_smallest(value: float | None, told: str) -> None:
    assert millis(value) == told


def test_every_number_takes_the_mark_for_unknown_it_is_given() -> None:
    assert {exact(None, "?"), short(None, "?"), percent(None, "?"), millis(None, "?"), *forms(None, "?")} == {
        "?"
    }


def test_days_are_named_without_a_leading_zero() -> None:
    assert day_name(date(2026, 5, 4)) == "Mon 4 May"
    assert day_name(date(2026, 5, 4), pad=2) == "Mon  4 May"


def test_a_range_names_its_years_only_when_it_leaves_one() -> None:
    assert date_range(date(2026, 4, 17), date(2026, 5, 16)) == "17 Apr–16 May"
    assert date_range(date(2025, 12, 20), date(2026, 1, 2)) == "20 Dec 2025–2 Jan 2026"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-5, "now"),
        (4, "now"),
        (59, "59 s"),
        (60, "1 min"),
        (3_599, "59 min"),
        (7_200, "2 h"),
        (90_000, "1 d"),
    ],
)
def test_an_age_is_told_in_its_largest_whole_unit(seconds: int, told: str) -> None:
    assert age(NOW - timedelta(seconds=seconds), NOW) == told


def test_a_length_of_time_is_told_in_its_largest_whole_unit() -> None:
    assert [duration(timedelta(minutes=minutes)) for minutes in (0, 61, 1_441)] == ["0 s", "1 h", "1 d"]


def test_the_year_stands_where_a_date_is_more_than_eleven_months_old() -> None:
    today = date(2026, 11, 22)
    for day, named, short_ in (
        (date(2025, 11, 22), "Sat 22 Nov 2025", "22 Nov 2025"),
        (date(2025, 12, 22), "Mon 22 Dec 2025", "22 Dec 2025"),
        (date(2025, 12, 23), "Tue 23 Dec", "23 Dec"),
        (today, "Sun 22 Nov", "22 Nov"),
    ):
        assert (day_name(day, today=today), short_day(day, today)) == (named, short_)
    assert date_range(date(2025, 4, 17), date(2025, 5, 16), today) == "17 Apr–16 May 2025"
    assert date_range(date(2026, 4, 17), date(2026, 5, 16), today) == "17 Apr–16 May"
    assert date_range(date(2025, 4, 17), date(2025, 4, 17), today) == "17 Apr 2025"
