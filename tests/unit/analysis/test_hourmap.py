"""The 429 map: hours in their zone, zero apart from unknown, and what folding adds up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.hourmap import HourMap, hour_map, largest_cell
from tests.build import NOW, hours, usage

END = NOW.date()
INDIA = ZoneInfo("Asia/Kolkata")


def mapped(
    counts: dict[datetime, int],
    throttled: int | None,
    *,
    window: int = 7,
    zone: tzinfo = UTC,
    folded: bool = False,
) -> HourMap:
    made = hour_map(usage("a", window, throttled=throttled, hours=hours(counts)), zone, folded=folded)
    assert made is not None
    return made


HIT = datetime(2026, 11, 20, 19, tzinfo=UTC)


def test_without_hourly_data_there_is_no_map() -> None:
    assert hour_map(usage(throttled=5), UTC, folded=False) is None


def test_days_stand_newest_first_and_hours_in_their_columns() -> None:
    found = mapped({HIT: 12}, 12)
    assert [row.day for row in found.rows] == [END - timedelta(days=n) for n in range(7)]
    cell = found.rows[2].cells[19]
    assert cell is not None
    assert cell.count == 12


def test_an_unlisted_hour_is_zero_only_when_the_listed_ones_account_for_every_429() -> None:
    whole, part = mapped({HIT: 12}, 12).rows[3].cells[5], mapped({HIT: 12}, 206).rows[3].cells[5]
    assert whole is not None
    assert part is not None
    assert whole.count == 0
    assert part.count is None


def test_where_single_dates_are_accounted_for_only_their_hours_are_zeros() -> None:
    seen = usage(hours=hours({HIT: 12}))
    found = hour_map(seen, UTC, folded=False, counted={HIT.date()})
    assert found is not None
    assert [row.total for row in found.rows] == [None, None, 12, None, None, None, None]
    assert {cell.count for cell in found.rows[2].cells if cell} == {0, 12}
    nowhere = hour_map(replace(seen, throttled=12), UTC, folded=False, counted=())
    assert nowhere is not None
    assert {cell.count for cell in nowhere.rows[2].cells if cell} == {None, 12}


def test_an_hour_to_come_is_unknown_and_the_running_one_is_not() -> None:
    today = mapped({}, 0).rows[0].cells
    assert today[14] is not None
    assert today[15] is not None
    assert today[14].count == 0
    assert today[15].count is None


def test_a_half_hour_zone_keeps_each_utc_hour_whole_and_moves_it_to_its_local_date() -> None:
    found = mapped({HIT: 12}, 12, zone=INDIA)  # 19:00 UTC is 00:30 on the 21st
    row = found.rows[found.row_of(HIT) or 0]
    assert row.day == date(2026, 11, 21)
    assert row.cells[0] is not None
    assert row.cells[0].count == 12


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/St_Johns", "Pacific/Chatham", "Etc/GMT+12"])
@pytest.mark.parametrize("at", [0, 5, 14, 19, 23])
def test_a_day_that_has_not_begun_in_the_zone_has_no_row(zone: str, at: int) -> None:
    now, there = NOW.replace(hour=at), ZoneInfo(zone)
    seen = usage("a", 7, now=now, throttled=0, hours=())
    found = hour_map(seen, there, folded=False)
    assert found is not None
    assert found.rows[0].day == now.replace(minute=0).astimezone(there).date()
    oldest = datetime(2026, 11, 16, tzinfo=UTC).astimezone(there).date()
    assert found.rows[-1].day == oldest
    folded = hour_map(usage("a", 1, now=now, throttled=0, hours=()), there, folded=True)
    assert folded is not None
    assert {row.day for row in folded.rows} <= {
        (now - timedelta(hours=n)).astimezone(there).date() for n in range(24)
    }


def test_the_largest_cell_of_a_key_is_an_hour_or_the_sum_of_a_weekdays_hour() -> None:
    seen = usage(hours=hours({HIT: 12, HIT - timedelta(days=7): 30, HIT - timedelta(days=6): 40}))
    assert largest_cell(seen, UTC, folded=False) == 40
    assert largest_cell(seen, UTC, folded=True) == 42
    assert largest_cell(usage(), UTC, folded=False) == 0


def test_when_clocks_go_back_one_cell_holds_two_hours() -> None:
    zone = ZoneInfo("Europe/Berlin")  # 2026-10-25, 03:00 becomes 02:00
    counts = {datetime(2026, 10, 25, 0, tzinfo=UTC): 3, datetime(2026, 10, 25, 1, tzinfo=UTC): 4}
    found = mapped(counts, 7, window=30, zone=zone)
    cell = found.cell_of(datetime(2026, 10, 25, 1, tzinfo=UTC))
    assert cell is not None
    assert cell.count == 7
    assert len(cell.hours) == 2


def test_folding_adds_up_each_weekday_and_points_at_its_worst_hour() -> None:
    week_before = HIT - timedelta(days=7)
    found = mapped({HIT: 12, week_before: 30}, 42, window=14, folded=True)
    assert [f"{row.day:%a}" for row in found.rows] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    cell = found.rows[4].cells[19]
    assert cell is not None
    assert cell.count == 42
    assert cell.target == week_before


def test_the_worst_hour_is_the_newest_of_equals() -> None:
    assert mapped({HIT: 5, HIT - timedelta(days=1): 5}, 10).worst == HIT
    assert mapped({}, 0).worst is None


@given(
    st.dictionaries(st.integers(0, 7 * 24 - 10), st.integers(0, 10**6), max_size=60),
    st.sampled_from(["UTC", "Asia/Kolkata", "America/St_Johns", "Pacific/Chatham", "Europe/Berlin"]),
    st.booleans(),
)
def test_no_429_is_lost_or_counted_twice_in_any_zone(hits: dict[int, int], zone: str, folded: bool) -> None:
    start = datetime(2026, 11, 16, tzinfo=UTC)
    counts = {start + timedelta(hours=n): count for n, count in hits.items()}
    total = sum(counts.values())
    found = mapped(counts, total, zone=ZoneInfo(zone), folded=folded)
    assert sum(row.total or 0 for row in found.rows) == total
    assert sum(n or 0 for n in found.column_totals()) == total
    for hour in counts:
        assert found.cell_of(hour) is not None
