"""The look-back window: its dates, its steps, and what a person may type."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.days import MAX_DAYS, MIN_DAYS
from socd_tui.model.errors import UsageError
from socd_tui.model.window import (
    LADDER,
    Window,
    answered_by_service,
    beyond_service,
    covering,
    longer,
    longest_days,
    parse_days,
    service_days,
    shorter,
)

dates = st.dates(date(2001, 1, 1), date(2099, 12, 31))
lengths = st.integers(MIN_DAYS, MAX_DAYS)


@given(dates, lengths)
def test_a_window_of_n_days_holds_n_dates_in_ascending_order_with_both_ends(end: date, days: int) -> None:
    window = Window.ending(end, days)
    held = list(window.dates())
    assert len(held) == days
    assert (held[0], held[-1]) == (window.start, window.end)
    assert held == sorted(held)
    assert all(day in window for day in held)
    assert window.start - timedelta(days=1) not in window
    assert window.end + timedelta(days=1) not in window


@given(st.lists(st.tuples(dates, lengths), min_size=1, max_size=5))
def test_the_window_covering_several_covers_them_all_and_no_more(ends: list[tuple[date, int]]) -> None:
    windows = [Window.ending(end, days) for end, days in ends]
    covered = covering(windows)
    assert covered is not None
    assert covered.start == min(window.start for window in windows)
    assert covered.end == max(window.end for window in windows)
    assert covered.days == max(window.days for window in windows)


def test_nothing_covers_no_windows() -> None:
    assert covering([]) is None


@given(lengths)
def test_a_length_within_the_services_range_is_accepted_as_typed(days: int) -> None:
    assert parse_days(f" {days} ") == days


@pytest.mark.parametrize("typed", ["0", "91", "-1", "1.5", "", "week", "9" * 5000, "\x1b[31m"])
def test_any_other_length_is_refused_with_the_range(typed: str) -> None:
    with pytest.raises(UsageError, match="from 1 to 90") as refused:
        parse_days(typed)
    assert len(str(refused.value)) < 120


@given(lengths)
def test_longer_and_shorter_go_to_the_next_step_and_stop_at_the_ends(days: int) -> None:
    assert longer(days) == min((step for step in LADDER if step > days), default=LADDER[-1])
    assert shorter(days) == max((step for step in LADDER if step < days), default=LADDER[0])


def test_the_ladder_is_climbed_step_by_step_both_ways() -> None:
    assert [longer(step) for step in LADDER] == [7, 14, 30, 60, 90, 90]
    assert [shorter(step) for step in LADDER] == [1, 1, 7, 14, 30, 60]


def test_the_ladder_goes_on_as_far_as_days_are_remembered() -> None:
    assert [longer(days, 240) for days in (60, 90, 180, 240)] == [90, 180, 240, 240]
    assert [shorter(days, 240) for days in (240, 200, 180)] == [180, 180, 90]
    assert longer(90, 365) == 180
    assert longer(90) == 90
    assert shorter(180) == 90


@given(st.integers(-5, 400))
def test_what_the_service_answers_is_asked_as_it_is_and_a_longer_window_is_asked_at_its_longest(
    days: int,
) -> None:
    assert answered_by_service(days) == (1 <= days <= 90)
    assert beyond_service(days) == (days > 90)
    assert service_days(days) == (days if days <= 90 else 90)
    assert longest_days(days) == (90 if days <= 90 else days)


def test_the_longest_window_holds_as_many_dates_as_the_service_looks_back() -> None:
    window = Window.longest(date(2026, 5, 17))
    assert (len(list(window.dates())), window.end) == (90, date(2026, 5, 17))
