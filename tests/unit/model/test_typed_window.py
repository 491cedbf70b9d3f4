"""A window as people type it, on a Saturday: 28 November 2026."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.errors import UsageError
from socd_tui.model.typed_window import parse_window

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("all", 240),
        (" ALL ", 240),
        ("180", 180),
        ("365", 365),
        ("91", 91),
        ("7", 7),
        ("30d", 30),
        ("30 d", 30),
        ("30 days", 30),
        ("1 day", 1),
        ("last 14 days", 14),
        ("2w", 14),
        ("2 Weeks", 14),
        ("1 week", 7),
        ("since 24 Nov", 5),
        ("since Nov 24", 5),
        ("since 24. november", 5),
        ("from 24 Nov 2026", 5),
        ("since nov 24, 2026", 5),
        ("since 2026-11-24", 5),
        ("since 29 Nov", 365),
        ("since 24 Dec", 340),
        ("since mon", 6),
        ("since Saturday", 1),
        ("since sun", 7),
        ("since yesterday", 2),
        ("since today", 1),
        ("today", 1),
        ("this week", 6),
        ("this month", 28),
        ("since 28 Nov", 1),
    ],
)
def test_days_weeks_and_dates_are_understood(typed: str, days: int) -> None:
    assert parse_window(typed, 240, TODAY) == days


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("366", "from 1 to 365, or all"),
        ("0", "from 1 to 365, or all"),
        ("0w", "from 1 to 365, or all"),
        ("ever", "Write 30, 30d, 2w, since 24 Nov"),
        ("", "Write 30"),
        ("99999999999999999999", "Write 30"),
        ("-180", "Write 30"),
        ("yesterday", "Write 30"),
        ("last week", "Write 30"),
        ("24 Nov", "Write 30"),
        ("3 months", "Write 30"),
        ("since 31 Sep", "Write 30"),
        ("since 30 Nov 2026", "is after today, 28 Nov 2026 UTC. A window ends today."),
        ("since 2026-13-45", "Write 30"),
        ("since 2024-01-01", "from 1 to 365, or all"),
        ("since the flood", "Write 30"),
        ("since nove 3", "Write 30"),
        ("30m", "Write 30"),
    ],
)
def test_what_no_window_that_ends_today_is_is_refused_with_what_can_be_written(typed: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_window(typed, 240, TODAY)
    assert said in str(refused.value)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 364))
def test_since_a_date_is_from_that_date_to_today_in_every_way_to_write_it(today: date, back: int) -> None:
    first = today - timedelta(days=back)
    for typed in (
        f"since {first}",
        f"since {first:%d %b %Y}",
        f"since {first:%B %d}",
        f"since {first.day} {first:%b}",
    ):
        assert parse_window(typed, 0, today) == back + 1


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_window_there_is_or_refused_in_words(typed: str) -> None:
    try:
        days = parse_window(typed, 100, TODAY)
    except UsageError:
        return
    assert 1 <= days <= 365
