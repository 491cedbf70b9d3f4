"""Days in their panes: what stands beside a day, and what is said of days that nobody saw."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from socd_tui.analysis.compare import Change
from socd_tui.charts.canvas import Canvas
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.usage import Usage
from tests.build import NOW, Counts, drawn, figures, fleet, key, pane, rows, usage

TODAY = NOW.date()
LAST = TODAY - timedelta(days=2)
"""A day that is over; in a 7-day window Friday, with the Friday before beside it."""
FRIDAY_BEFORE = "Fri 13 Nov"
CANVAS = Canvas(110, 14)


def answer(name: str, days: int, counts: Counts) -> Usage:
    sent = rows(days, counts)
    requests = sum(day.requests or 0 for day in sent)
    return usage(name, days, requests=requests, throttled=0, days=sent, hours=())


def beside(**keys: Counts) -> tuple[Change | None, Fleet]:
    """LAST of these keys' sum beside the Friday before."""
    account = fleet(*(answer(name, days, counts) for name, counts in keys.items() for days in (7, 14)))
    data = pane(account, looking())
    assert data.at is not None
    return data.at.change, account


def looking() -> Lens:
    return Lens(view="series", days=7, compare="same_length", date=LAST)


def always(count: int) -> Counts:
    return lambda _: (count, 0)


def except_on(ago: int, count: int) -> Counts:
    return lambda day: None if day == ago else (count, 0)


def test_a_day_stands_beside_the_one_at_the_same_place_in_the_window_before() -> None:
    found, _ = beside(a=always(100), b=lambda ago: (1000 if ago < 7 else 10, 0))
    assert found == Change(1100, 110)


def test_a_sum_that_some_keys_are_missing_from_is_beside_nothing() -> None:
    found, account = beside(a=always(100), b=except_on(9, 1000), c=except_on(9, 5))
    assert found == Change(1105, None, f"2 keys sent no row for {FRIDAY_BEFORE}")
    days = figures(account, looking())["days"]
    assert isinstance(days, list)
    assert [day["comparable"] for day in days] == [True, True, True, True, False, True, False]
    told = drawn(account, looking(), CANVAS)
    assert f"not comparable: 2 keys sent no row for {FRIDAY_BEFORE}" in told


def test_a_sum_that_misses_a_key_now_has_no_difference_to_a_whole_one() -> None:
    found, _ = beside(a=always(100), b=except_on(2, 1000))
    assert found == Change(None, 1100, "1 key sent no row for Fri 20 Nov")


def test_a_day_nobody_told_of_is_beside_nothing() -> None:
    found, _ = beside(a=except_on(9, 100))
    assert found == Change(100, None, f"no row for {FRIDAY_BEFORE}")


def test_without_comparing_a_sum_that_misses_a_key_is_not_beside_the_day_before_either() -> None:
    _, whole = beside(a=always(100), b=always(1000))
    _, missing = beside(a=always(100), b=except_on(3, 1000))
    for account, comparable in ((whole, True), (missing, False)):
        told = drawn(account, replace(looking(), compare=None), CANVAS)
        assert ("day before " in told) is comparable


# --- longer than the service's 90 days -------------------------------------------------------------


def remembered(age: int | None) -> Fleet:
    """A key in a window longer than the service's, with nothing remembered beyond it."""
    made = None if age is None else NOW - timedelta(days=age)
    return fleet(answer("a", 90, always(100)), keys=[key("a", created_at=made)])


def test_days_beyond_the_services_window_were_never_seen_rather_than_not_sent() -> None:
    account, lens = remembered(None), Lens(view="series", days=180, date=TODAY - timedelta(days=150))
    assert "90 of 180 days were never seen" in pane(account, lens).notes
    told = drawn(account, lens, CANVAS)
    assert "this day was never seen" in told
    assert "the service sent no row" not in told


def test_days_before_the_key_was_made_are_missed_by_nobody() -> None:
    assert pane(remembered(40), Lens(view="series", days=180)).notes == ()
    assert "10 of 100 days were never seen" in pane(remembered(99), Lens(view="series", days=180)).notes


def test_days_the_service_could_have_told_are_not_sent() -> None:
    data = pane(fleet(answer("a", 90, except_on(3, 5))), Lens(view="series", days=90))
    assert data.notes == ("the service sent no row for 1 of 90 days",)


def test_the_map_of_429s_is_blank_where_nobody_saw_the_day() -> None:
    found = pane(remembered(400), Lens(view="heatmap", days=180))
    assert found.total is None
    assert found.map is not None
    assert [row.total for row in found.map.rows] == [0] * 90 + [None] * 90
