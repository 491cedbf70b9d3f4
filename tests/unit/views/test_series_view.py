"""Days in their panes: what stands beside a day, and what is said of days that nobody saw."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from socd_tui.analysis.compare import Change
from socd_tui.charts.canvas import Canvas
from socd_tui.charts.glyphs import ASCII
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.usage import Usage
from tests.build import NOW, Counts, drawn, figures, fleet, hours, key, pane, rows, usage
from tests.fleets import compared

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


# --- 429s apart from other errors ------------------------------------------------------------------


def with_hours(days: int = 7, *, listed: bool = True) -> Fleet:
    """A key with 40 errors a day, of which 30 were 429s in two hours of yesterday, told hour by hour."""
    noon = NOW.replace(hour=12, minute=0) - timedelta(days=1)
    sent = rows(days, lambda _: (100, 40))
    told = hours({noon: 10, noon + timedelta(hours=3): 20} if listed else {noon: 10})
    return fleet(usage("a", days, requests=700, throttled=30, days=sent, hours=told))


def test_429s_stand_apart_from_other_errors() -> None:
    account, lens = with_hours(), Lens(view="series", date=TODAY - timedelta(days=1))
    days = figures(account, lens)["days"]
    assert [day["throttled"] for day in days] == [0, 0, 0, 0, 0, 30, 0]
    assert [day["errors"] for day in days] == [40] * 7
    told = drawn(account, lens, Canvas(100, 24)).split("\n")
    [refused] = [line for line in told if line.startswith("   429│")]
    [other] = [line for line in told if line.startswith(" other│")]
    assert refused.split("│")[1].split() == ["0", "0", "0", "0", "0", "30", "0"]
    assert other.split("│")[1].split() == ["40", "40", "40", "40", "40", "10", "40"]
    assert "30 refused, 429 (30.0%)" in told[-1]
    assert "10 other err (10.0%)" in told[-1]


def test_where_the_hours_do_not_tell_all_429s_no_day_is_said_to_have_none() -> None:
    account, lens = with_hours(listed=False), Lens(view="series")
    assert {day["throttled"] for day in figures(account, lens)["days"]} == {None}
    told = drawn(account, lens, Canvas(100, 24))
    assert "   err│" in told
    assert "429 not told apart" in told
    assert "40 err (40.0%)" in told


def test_enter_on_a_day_with_429s_leads_to_its_worst_hour() -> None:
    yesterday = TODAY - timedelta(days=1)
    lens = Lens(view="series", focus="a", date=yesterday)
    entered = pane(with_hours(), lens).enter(lens)
    assert (entered.view, entered.hour) == ("heatmap", NOW.replace(hour=15, minute=0) - timedelta(days=1))
    quiet = replace(lens, date=TODAY)
    page = pane(with_hours(), quiet).enter(quiet)
    assert page is None or (page.view, page.focus) == ("key", "a")


# --- what is to come, and where something began ----------------------------------------------------


STEADY = Random(5).choices(range(800, 1_000), k=91)
"""Requests a day that vary as much as any, a little below a cap of 1,000."""


def long(counts: Counts, limit: int | None = 1000, tier: str | None = "free") -> Fleet:
    answers = [
        usage("a", days, requests=1, throttled=0, days=rows(days, counts), hours=()) for days in (7, 30, 90)
    ]
    return fleet(*answers, keys=[key(tier=tier, limit_per_day=limit, created_at=NOW - timedelta(days=300))])


def test_the_days_to_come_stand_right_of_today_with_their_chance() -> None:
    account, lens = long(lambda n: (STEADY[n], 0)), Lens(view="series", days=30)
    told = drawn(account, lens, Canvas(100, 24))
    bars = [line for line in told.split("\n") if "┊" in line and "│" in line[8:]]
    assert bars
    assert all("█" not in line.rsplit("│", 1)[1] for line in bars)
    assert "within 30 days  ┊┊ 8 in 10 days ahead lie here" in told
    found = figures(account, lens)["forecast"]
    assert found["chance"] > 0.5
    assert found["days"][0]["date"] == str(TODAY)
    assert all(day["low"] <= day["middle"] <= day["high"] for day in found["days"])
    assert len(found["days"]) == found["horizon_days"] == 30


def test_without_days_enough_nothing_is_drawn_of_those_to_come_and_it_says_why() -> None:
    for counts in (lambda n: (700, 0) if n < 4 else None, lambda n: (7_000, 0) if n < 3 else (75, 0)):
        told = drawn(long(counts), Lens(view="series", days=30), Canvas(100, 24))
        assert "┊" not in told
        assert "not enough data: " in told


def test_a_key_without_a_day_limit_has_days_to_come_but_no_chance() -> None:
    account = long(lambda n: (700 + n * 37 % 280, 0), limit=None, tier=None)
    told = drawn(account, Lens(view="series", days=30), Canvas(100, 24))
    assert "the day limit is unknown" in told
    assert "┊┊ 8 in 10 days" in told


def test_a_forecast_that_did_not_come_true_before_is_not_drawn() -> None:
    wild = long(lambda n: ((1, 5, 90, 2, 600, 10, 300, 40, 3, 800, 7)[n * n % 11] * (1 + n % 5), 0))
    told = drawn(wild, Lens(view="series", days=30), Canvas(120, 24))
    assert ("past days were not as foretold" in told) is ("┊" not in told)


def test_a_runaway_is_marked_under_the_day_it_began() -> None:
    account = long(lambda n: (7_000, 0) if n < 3 else (75 + n % 3, 0))
    for days, width in ((7, 80), (30, 80), (90, 120)):
        lines = drawn(account, Lens(view="series", days=days), Canvas(width, 24)).split("\n")
        [mark] = [line for line in lines if "▲" in line]
        assert "92x usual" in mark
        bars = [line for line in lines if ("█" in line and "┤" in line) or ("█" in line[7:] and "│" in line)]
        assert abs(min(line.index("█", 7) for line in bars) - mark.index("▲")) <= width // days // 2


def test_what_began_before_the_window_says_when() -> None:
    account = long(lambda n: (7_000, 0) if n < 20 else (75 + n % 3, 0))
    told = drawn(account, Lens(view="series", days=7), Canvas(80, 24))
    assert " ← 3 Nov runs away, 9" in told


def test_of_all_keys_it_says_which_one_began_to_run_away_and_how_many_are_near_their_cap() -> None:
    account = compared()
    lens = Lens(view="series")
    told = drawn(account, lens, Canvas(100, 30))
    assert "▲ threat-notebook#2zBT runs away, 133x usual" in told
    assert "'SOAR enrichment#G0AG' errors rise, " in told
    assert re.search(r"day cap reached or likely for \d of \d keys", told)
    found = figures(account, lens)["forecast"]
    assert found["outcome"] is None
    assert len(found["days"]) == 30


# --- how much is told where ------------------------------------------------------------------------


def test_days_that_share_a_bar_are_told_by_their_mean() -> None:
    account = fleet(usage("a", 90, days=rows(90, lambda n: (100 if n % 2 else 50, 0))))
    lens = Lens(view="series", days=90)
    assert "d/col" not in drawn(account, lens, Canvas(80, 24))
    told = drawn(account, lens, Canvas(80, 24, ASCII))
    assert "2 d/col, mean" in told
    drawn_days = {line[7:].split("|")[0] for line in told.split("\n") if "#" in line}
    assert len(drawn_days) == 1  # all as high as the mean: no comb of highs and lows


@pytest.mark.parametrize(("days", "least"), [(30, 28), (60, 60), (90, 90)])
def test_days_take_the_whole_width(days: int, least: int) -> None:
    account = fleet(usage("a", days, days=rows(days, always(100))))
    for width in (80, 120, 160):
        lines = drawn(account, Lens(view="series", days=days), Canvas(width, 24)).split("\n")
        assert max(len(line.rstrip()) for line in lines if "█" in line) >= width - width // least - 2


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


def test_where_the_cap_is_heading_is_told_without_its_evidence_where_that_has_no_room() -> None:
    account = compared()
    notebook = next(key.id for key in account.keys if key.name.shown == "threat-notebook")
    lens = Lens(view="series", days=7, focus=notebook)
    wide, narrow = (drawn(account, lens, Canvas(width, 16)) for width in (100, 60))
    assert " day cap reached on Sun 22 Nov; " in wide
    assert " day cap reached on Sun 22 Nov\n" in narrow
    assert " 16 Nov 17 Nov  18 Nov 19 Nov " in narrow, "each day has its date where there is room"
