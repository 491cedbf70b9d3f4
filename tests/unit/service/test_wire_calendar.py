"""Usage payloads placed in time: days by date, hours in UTC, the window's dates, and broken sections."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.usage import Day, Hour, Usage
from socd_tui.model.window import Window
from socd_tui.service.wire import read_usage
from tests.documented import FLAT, KEY_ID, NESTED, NOW, Json

TODAY = NOW.date()


def read(data: object, days: int = 7, now: datetime = NOW) -> Usage:
    return read_usage({"data": data}, KEY_ID, days, fetched_at=now, observed_at=now)


def rows(*days_ago: int) -> list[Json]:
    return [
        {"date": str(TODAY - timedelta(days=ago)), "requests": 100 + ago, "errors": ago} for ago in days_ago
    ]


def ends(usage: Usage) -> tuple[str, str, str]:
    return str(usage.window.start), str(usage.window.end), usage.window.source


@given(st.randoms(use_true_random=False))
def test_days_come_in_ascending_order_however_they_were_sent(random: Random) -> None:
    shuffled = rows(6, 5, 4, 3, 2, 1, 0)
    random.shuffle(shuffled)
    for data in ({"daily": shuffled}, {"timeSeries": shuffled}):
        days = read(data).days or ()
        assert [day.date for day in days] == list(Window.ending(TODAY, 7).dates())
        assert [day.requests for day in days] == [106, 105, 104, 103, 102, 101, 100]


def test_a_date_sent_twice_shows_its_first_row_with_a_note() -> None:
    usage = read({"daily": [*rows(1), {"date": "2026-05-16", "requests": 5, "errors": 5}]})
    assert usage.days == (Day(date(2026, 5, 16), 101, 1),)
    assert usage.notes == ("2026-05-16 was sent twice; the first row is shown",)


@pytest.mark.parametrize(
    ("clock", "partial"), [("2026-05-16T23:59:59", True), ("2026-05-17T00:00:00", False)]
)
def test_today_is_partial_by_the_services_clock_not_by_this_machines(clock: str, *, partial: bool) -> None:
    observed = datetime.fromisoformat(clock).replace(tzinfo=UTC)
    elsewhere = datetime(2026, 5, 16, 12, tzinfo=UTC) if not partial else datetime(2030, 1, 1, tzinfo=UTC)
    usage = read_usage({"data": FLAT}, KEY_ID, 30, fetched_at=elsewhere, observed_at=observed)
    assert [day.partial for day in usage.days or ()] == [False, partial]


@pytest.mark.parametrize("row", [{}, {"date": None}, {"date": "16.05.2026"}, {"date": 20260516}])
def test_rows_without_a_date_are_left_out_with_one_note(row: Json) -> None:
    usage = read({"daily": [*rows(1), *[{**row, "requests": 1}] * 50]})
    assert [day.date for day in usage.days or ()] == [date(2026, 5, 16)]
    assert "a daily row has no usable date" in usage.notes
    assert len(usage.notes) <= 2


def test_a_day_without_figures_is_a_day_with_unknown_figures() -> None:
    sent = [{"date": "2026-05-16"}, {"date": "2026-05-15", "requests": "12", "errors": -1}]
    assert read({"daily": sent}).days == (
        Day(date(2026, 5, 15), 12, None),
        Day(date(2026, 5, 16), None, None),
    )


def test_no_rows_are_not_the_same_as_rows_not_sent() -> None:
    assert (read({"daily": []}).days, read({"window_days": 7}).days) == ((), None)


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("2026-05-10T00:00:00Z", "2026-05-17T00:00:00Z", "2026-05-10", "2026-05-16"),  # exclusive
        ("2026-05-10T00:00:00Z", "2026-05-16T23:59:59Z", "2026-05-10", "2026-05-16"),  # inclusive
        ("2026-05-10T00:00:00Z", "2026-05-16T23:59:59.999Z", "2026-05-10", "2026-05-16"),
        ("2026-05-10T00:00:00Z", "2026-05-16T00:00:00Z", "2026-05-10", "2026-05-16"),  # the last date's start
        ("2026-05-10", "2026-05-16", "2026-05-10", "2026-05-16"),  # bare dates
        ("2026-05-11T00:00:00Z", "2026-05-17T09:42:11Z", "2026-05-11", "2026-05-17"),  # up to now
        ("2026-05-10T09:42:11Z", "2026-05-17T09:42:11Z", "2026-05-11", "2026-05-17"),  # rolling
        ("2026-05-10T02:00:00+02:00", "2026-05-17T02:00:00+02:00", "2026-05-10", "2026-05-16"),
    ],
)
def test_a_period_is_seven_dates_however_its_end_is_written(
    start: str, end: str, first: str, last: str
) -> None:
    usage = read({"period": {"days": 7, "start": start, "end": end}})
    assert ends(usage) == (first, last, "period")
    assert usage.notes == ()


def test_a_rolling_period_keeps_its_first_date_when_that_has_a_row() -> None:
    period = {"days": 7, "start": "2026-05-10T09:42:11Z", "end": "2026-05-17T09:42:11Z"}
    usage = read({"period": period, "timeSeries": rows(*range(8))})
    assert ends(usage) == ("2026-05-10", "2026-05-17", "period")
    assert usage.notes == ()


@pytest.mark.parametrize("hour", ["00:00:00", "09:42:11", "23:59:59"])
def test_a_period_of_one_day_is_one_date(hour: str) -> None:
    period = {"days": 1, "start": "2026-05-17T00:00:00Z", "end": f"2026-05-17T{hour}Z"}
    assert ends(read({"period": period}, days=1)) == ("2026-05-17", "2026-05-17", "period")


@pytest.mark.parametrize(
    "period",
    [
        {"start": "2026-05-17T00:00:00Z", "end": "2026-05-10T00:00:00Z"},
        {"start": "2001-01-01T00:00:00Z", "end": "2026-05-17T00:00:00Z"},
        {"start": "2026-05-10T00:00:00Z", "end": None},
        {"start": "x", "end": "y"},
        None,
    ],
)
def test_a_period_that_makes_no_sense_leaves_the_window_to_the_clock(period: Json | None) -> None:
    assert ends(read({"period": period, "window_days": 7})) == ("2026-05-11", "2026-05-17", "clock")


def test_a_period_backwards_is_said_to_be_no_window() -> None:
    usage = read({"period": {"start": "2026-05-17", "end": "2026-05-10T12:00:00Z"}, "window_days": 7})
    assert usage.notes == ("its period from 2026-05-17 to 2026-05-10 is no window",)


def test_a_window_has_400_days_at_most() -> None:
    longest = {"days": 400, "start": "2025-04-13", "end": "2026-05-17T12:00:00Z"}
    assert ends(read({"period": longest})) == ("2025-04-13", "2026-05-17", "period")
    longer = {"days": 401, "start": "2025-04-12", "end": "2026-05-17T12:00:00Z"}
    usage = read({"period": longer})
    assert ends(usage) == ("2026-05-11", "2026-05-17", "clock")
    assert usage.notes == ("its period from 2025-04-12 to 2026-05-17 is no window",)


def test_a_period_longer_than_its_window_is_shown_and_noted() -> None:
    usage = read({"period": {"days": 7, "start": "2026-05-01", "end": "2026-05-17T12:00:00Z"}})
    assert ends(usage) == ("2026-05-01", "2026-05-17", "period")
    assert usage.notes == ("its period from 2026-05-01 to 2026-05-17 is 17 days, its window 7",)


def test_a_day_ahead_of_the_services_own_date_is_shown_and_noted() -> None:
    usage = read({"daily": rows(0, -1)})
    assert [day.date.day for day in usage.days or ()] == [17, 18]
    assert "2026-05-18 is ahead: the service's own date is 2026-05-17" in usage.notes


def test_without_a_period_the_days_sent_tell_where_the_window_ends() -> None:
    assert ends(read({"daily": rows(7, 6, 5, 4, 3, 2, 1)})) == ("2026-05-10", "2026-05-16", "days")
    assert ends(read({"daily": rows(6, 5, 4, 3, 2, 1, 0)})) == ("2026-05-11", "2026-05-17", "days")


def test_a_key_idle_for_days_is_still_shown_up_to_today() -> None:
    assert ends(read({"daily": rows(6, 5, 4)})) == ("2026-05-11", "2026-05-17", "clock")
    assert ends(read({"daily": []})) == ("2026-05-11", "2026-05-17", "clock")


def test_days_all_before_the_window_move_it_back_to_them() -> None:
    assert ends(read({"daily": rows(20, 19)})) == ("2026-04-22", "2026-04-28", "days")


def test_days_outside_the_window_are_shown_and_noted() -> None:
    usage = read({"daily": rows(0, 1, 2, 3, 4, 5, 6, 7, 8)})
    assert len(usage.days or ()) == 9
    assert usage.notes == ("days outside the window were sent: 2026-05-09, 2026-05-10",)


def test_a_note_of_many_days_outside_stays_short() -> None:
    usage = read({"daily": rows(*range(10))})
    assert usage.notes[0].endswith(": 2026-05-08, 2026-05-09, 2026-05-10")
    usage = read({"daily": rows(*range(60))})
    assert usage.notes[0].endswith("2026-03-19, 2026-03-20, 2026-03-21 …")


@pytest.mark.parametrize("field", [{"window_days": 30}, {"period": {"days": 30}}])
def test_a_window_other_than_asked_is_shown_as_answered_and_noted(field: Json) -> None:
    usage = read(field, days=90)
    assert (usage.window.days, usage.window.start) == (30, date(2026, 4, 18))
    assert usage.notes == ("asked for 90 days, the service answered 30",)


@pytest.mark.parametrize("length", [0, -7, 100_000, 2**60, None, "week", True])
def test_a_length_that_is_no_window_is_taken_as_the_one_asked(length: object) -> None:
    assert read({"window_days": length, "total_requests": 1}).window == Window.ending(TODAY, 7)


@pytest.mark.parametrize(
    ("sent", "utc_hour"),
    [
        ("2026-05-16T14:00:00Z", 14),
        ("2026-05-16T14:59:59.5Z", 14),
        ("2026-05-16T14:00:00", 14),
        ("2026-05-16T16:00:00+02:00", 14),
        ("2026-05-16T19:30:00+05:30", 14),
        ("2026-05-15T23:15:00-15:00", 14),
    ],
)
def test_hours_are_hours_of_utc_whatever_offset_they_carry(sent: str, utc_hour: int) -> None:
    usage = read({"rate_limit_hits_by_hour": [{"hour": sent, "count": 3}]})
    assert usage.hours == (Hour(datetime(2026, 5, 16, utc_hour, tzinfo=UTC), 3),)


def test_hours_ascend_and_rows_of_one_hour_add_up() -> None:
    sent = [("2026-05-16T15:00:00Z", 1), ("2026-05-16T14:30:00Z", 2), ("2026-05-16T14:00:00Z", 4)]
    usage = read({"rate_limit_hits_by_hour": [{"hour": hour, "count": n} for hour, n in sent]})
    assert [(hour.start.hour, hour.throttled) for hour in usage.hours or ()] == [(14, 6), (15, 1)]


def test_no_429s_are_not_the_same_as_no_hourly_data() -> None:
    assert read({"rate_limit_hits_by_hour": []}).hours == ()
    assert read({"rate_limit_hits_by_hour": None, "total_requests": 1}).hours is None


def test_unreadable_hours_are_left_out_with_one_note() -> None:
    sent = [{"hour": "2026-05-16T14:00:00Z", "count": 3}, {"hour": "noon", "count": 1}, {"count": 1}]
    usage = read({"rate_limit_hits_by_hour": [*sent, {"hour": "2026-05-16T14:00:00Z", "count": -1}]})
    assert usage.hours == (Hour(datetime(2026, 5, 16, 14, tzinfo=UTC), 3),)
    assert usage.notes == (
        "rate_limit_hits_by_hour.hour: 'noon' was not understood",
        "rate_limit_hits_by_hour.count: -1 was not understood",
        "an hour of 429s could not be read",
    )


def spoilt(data: Json, name: str, value: object) -> Json:
    *sections, last = name.split(".")
    if not sections:
        return {**data, last: value}
    return {**data, sections[0]: {**data[sections[0]], last: value}}


UNREAD = " that could not be read: 1"

LOST = {
    "top_endpoints": "endpoints",
    "by_status": "statuses",
    "daily": "days",
    "rate_limit_hits_by_hour": "hours",
    "timeSeries": "days",
    "breakdown.byEndpoint": "endpoints",
    "breakdown.byStatusCode": "statuses",
    "rateLimitHits.byEndpoint": "throttled_by_endpoint",
    "latencyPercentiles": "p50_ms",
    "summary": "avg_ms",
}
"""A section of the payload, and what cannot be known without it."""


@pytest.mark.parametrize("value", ["<html>", 7, True], ids=str)
@pytest.mark.parametrize(("section", "lost"), LOST.items(), ids=LOST)
def test_an_unreadable_section_costs_only_itself_and_one_note_names_it(
    section: str, lost: str, value: object
) -> None:
    data = FLAT if section in FLAT else NESTED
    whole, usage = read(data, days=30), read(spoilt(data, section, value), days=30)
    assert getattr(whole, lost) is not None
    assert getattr(usage, lost) is None
    [note] = usage.notes
    assert note.endswith("could not be read")
    assert note.split()[0].replace("_", "") == section.rpartition(".")[2].replace("_", "").lower()
    others = {"endpoints", "statuses", "days", "hours", "p99_ms", "peak_per_day", "day"} - {lost}
    if section not in ("latencyPercentiles", "rateLimitHits.byEndpoint"):
        assert {name: getattr(usage, name) for name in others} == {
            name: getattr(whole, name) for name in others
        }


@pytest.mark.parametrize("section", ["rateLimits", "rateLimitHits", "breakdown", "period", "key"])
def test_an_unreadable_block_leaves_the_totals_alone(section: str) -> None:
    usage = read({**NESTED, section: ["?"]}, days=30)
    assert (usage.requests, usage.successful, usage.p95_ms) == (142587, 139214, 612)
    assert len([note for note in usage.notes if note.endswith("could not be read")]) == 1


@pytest.mark.parametrize(
    ("field", "rows_", "note"),
    [
        ("daily", [*rows(1), 7, None], "daily held unreadable rows: 2"),
        ("by_status", {"200": 1, "x": 2, "1000": 3, "404": -1}, "status rows that could not be read: 3"),
        ("top_endpoints", [{"path": "/a", "count": 1}, {"path": "/b"}], "endpoint rows" + UNREAD),
        ("breakdown", {"byEndpoint": [{"endpoint": "/a"}]}, "endpoint rows" + UNREAD),
        ("rateLimitHits", {"byEndpoint": [{"count": 1}]}, "rows of 429s by endpoint" + UNREAD),
    ],
)
def test_an_unreadable_row_costs_only_itself_and_one_note_counts_it(
    field: str, rows_: object, note: str
) -> None:
    assert read({field: rows_}).notes[-1] == note
