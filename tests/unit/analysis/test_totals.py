"""Several keys as one: counts add up exactly, and what cannot be added is unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.totals import add, combine
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.text import Text
from socd_tui.model.usage import Day, Endpoint, Hour, Meter, Usage
from socd_tui.model.window import Window
from tests.build import NOW, fleet, key, prepared, usage

WINDOW = Window.ending(NOW.date(), 7)
ADDED = ("requests", "successful", "client_errors", "server_errors", "throttled")
NOT_ADDED = ("avg_ms", "p50_ms", "p95_ms", "p99_ms", "peak_per_minute", "peak_per_day")

counts = st.none() | st.integers(0, 2**53)


def total(*parts: Usage) -> Usage:
    whole = combine(parts)
    assert whole is not None
    return whole


def path(name: str, requests: int, **more: int | float | None) -> Endpoint:
    return replace(Endpoint(path=Text(name), requests=requests), **more)  # type: ignore[arg-type]


@given(st.lists(counts, max_size=5))
def test_a_sum_is_exact_or_when_any_part_is_unknown_unknown(values: list[int | None]) -> None:
    assert add(values) == (None if None in values else sum(value or 0 for value in values))


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(ADDED, counts)), min_size=2, max_size=4))
def test_every_count_of_the_whole_is_the_sum_of_the_keys(parts: list[dict[str, Any]]) -> None:
    whole = total(*(usage(str(n), **part) for n, part in enumerate(parts)))
    assert {name: getattr(whole, name) for name in ADDED} == {
        name: add(part[name] for part in parts) for name in ADDED
    }


def test_percentiles_averages_peaks_and_meters_of_several_keys_are_unknown() -> None:
    known: dict[str, Any] = dict.fromkeys(NOT_ADDED, 100)
    parts = [usage(key_id, **known, minute=Meter(10, 5), day=Meter(10, 5)) for key_id in "ab"]
    whole = total(*parts)
    assert {getattr(whole, name) for name in NOT_ADDED} == {None}
    assert (whole.minute, whole.day) == (Meter(), Meter())


def test_one_key_alone_keeps_its_latencies_peaks_and_notes() -> None:
    known: dict[str, Any] = dict.fromkeys(NOT_ADDED, 100)
    alone = usage(**known, minute=Meter(10, 5), requests=3, notes=("odd",))
    whole = total(alone)
    assert {getattr(whole, name) for name in NOT_ADDED} == {100}
    assert (whole.minute, whole.requests, whole.notes) == (Meter(10, 5), 3, ("odd",))


def test_nothing_is_the_whole_of_no_keys() -> None:
    assert combine([]) is None


def test_statuses_add_up_by_code_and_one_key_that_sent_none_makes_them_unknown() -> None:
    known = [usage(statuses={200: 5, 429: 1}), usage(statuses={200: 7, 500: 2})]
    assert total(*known).statuses == {200: 12, 429: 1, 500: 2}
    assert total(*known, usage(statuses={})).statuses == {200: 12, 429: 1, 500: 2}
    assert total(*known, usage()).statuses is None


def test_hours_add_up_in_order_and_one_key_that_sent_none_makes_them_unknown() -> None:
    noon = NOW.replace(hour=12, minute=0, second=0)
    later = noon + timedelta(hours=1)
    known = [usage(hours=(Hour(later, 1),)), usage(hours=(Hour(noon, 2), Hour(later, 4)))]
    assert total(*known).hours == (Hour(noon, 2), Hour(later, 5))
    assert total(*known, usage(hours=())).hours == (Hour(noon, 2), Hour(later, 5))
    assert total(*known, usage()).hours is None


def test_days_add_up_and_count_the_keys_that_sent_no_row() -> None:
    monday, tuesday = date(2026, 5, 11), date(2026, 5, 12)
    parts = [
        usage(days=(Day(monday, 5, 1), Day(tuesday, 6, None, partial=True))),
        usage(days=(Day(tuesday, 4, 2),)),
        usage(days=()),
    ]
    assert total(*parts).days == (
        Day(monday, 5, 1, silent_keys=2),
        Day(tuesday, 10, None, partial=True, silent_keys=1),
    )


def test_a_key_without_any_daily_data_makes_the_days_of_the_whole_unknown() -> None:
    assert total(usage(days=(Day(NOW.date(), 5, 1),)), usage()).days is None


def test_a_path_of_several_keys_is_one_row_with_its_counts_added() -> None:
    parts = [
        usage(endpoints=(path("/a", 1, errors=1, throttled=1), path("/b", 5, errors=0, throttled=0))),
        usage(endpoints=(path("/a", 9, errors=2, throttled=0),)),
    ]
    assert total(*parts).endpoints == (
        path("/a", 10, errors=3, throttled=1),
        path("/b", 5, errors=0, throttled=0),
    )


def test_a_path_one_key_sent_twice_is_one_row_even_of_that_key_alone() -> None:
    alone = usage(endpoints=(path("/a", 1, avg_ms=100), path("/b", 5), path("/a", 3, avg_ms=200)))
    assert total(alone).endpoints == (path("/b", 5), path("/a", 4, avg_ms=175))


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**5)), min_size=2, max_size=5))
def test_an_average_over_keys_is_weighted_by_requests(rows: list[tuple[int, int]]) -> None:
    parts = [
        usage(str(n), endpoints=(path("/a", requests, avg_ms=ms),)) for n, (requests, ms) in enumerate(rows)
    ]
    [merged] = total(*parts).endpoints or ()
    requests = sum(requests for requests, _ in rows)
    if requests:
        assert merged.avg_ms == pytest.approx(sum(n * ms for n, ms in rows) / requests)
    else:
        assert merged.avg_ms is None


def test_an_average_is_unknown_when_one_keys_is() -> None:
    parts = [usage(endpoints=(path("/a", 1, avg_ms=100),)), usage(endpoints=(path("/a", 1),))]
    [merged] = total(*parts).endpoints or ()
    assert (merged.requests, merged.avg_ms, merged.errors) == (2, None, None)


def test_endpoints_come_with_most_requests_first_and_equal_ones_by_name() -> None:
    parts = [usage(endpoints=(path("/c", 1), path("/b", 1))), usage(endpoints=(path("/a", 1), path("/z", 9)))]
    assert [row.path.original for row in total(*parts).endpoints or ()] == ["/z", "/a", "/b", "/c"]


def test_paths_that_only_look_alike_stay_apart() -> None:
    [first, second] = total(usage(endpoints=(path("/a", 1), path("/a\u200b", 1)))).endpoints or ()
    assert first.path.shown == second.path.shown
    assert first.path != second.path


def test_429s_by_endpoint_add_up_with_most_first_and_unknown_spreads() -> None:
    a, b = Text("/a"), Text("/b")
    known = [usage(throttled_by_endpoint=((a, 1), (b, 3))), usage(throttled_by_endpoint=((a, 5),))]
    assert total(*known).throttled_by_endpoint == ((a, 6), (b, 3))
    assert total(*known, usage()).throttled_by_endpoint is None


def test_the_whole_is_as_old_as_its_oldest_part_and_spans_all_windows() -> None:
    older, earlier = NOW - timedelta(hours=1), Window.ending(date(2026, 5, 16), 7)
    whole = total(usage(), replace(usage(), window=earlier, fetched_at=older, observed_at=older))
    assert (whole.fetched_at, whole.observed_at) == (older, older)
    assert (whole.window.start, whole.window.end) == (earlier.start, WINDOW.end)


def test_the_dialect_of_the_whole_is_the_one_in_use_or_mixed() -> None:
    flat, nested = usage(dialect="flat"), usage(dialect="nested")
    assert total(flat, flat, usage()).dialect == "flat"
    assert total(flat, nested).dialect == "mixed"
    assert total(usage(), usage()).dialect is None


def test_only_answers_for_the_window_count_and_before_any_the_clock_tells_the_dates() -> None:
    keys = [key("a"), key("b")]
    answer = usage("a")
    account = fleet(answer, usage("b", 30), keys=keys)
    week = prepared(account, Lens(days=7))
    assert week.usages(keys) == [answer]
    assert week.covered(keys) == WINDOW
    assert prepared(account, Lens(days=1)).covered(keys) == Window.ending(NOW.date(), 1)
    assert prepared(Fleet(), Lens(days=1)).covered(keys) is None
