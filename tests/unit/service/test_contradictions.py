"""Figures that cannot all be true: each disagreement is told with both of its figures."""

from __future__ import annotations

from datetime import timedelta

import pytest

from socd_tui.model.usage import Usage
from socd_tui.service.wire import read_usage
from tests.account import TODAY, daily, flat, key_id
from tests.clock import NOW
from tests.documented import FLAT, KEY_ID, NESTED, Json


def read(data: Json, days: int = 7) -> Usage:
    return read_usage(data, key_id(1), days, fetched_at=NOW, observed_at=NOW)


@pytest.mark.parametrize(
    ("changes", "notes"),
    [
        (
            {"total_requests": 1900},
            [
                "the 7 days add up to 700 requests, the total says 1,900",
                "the status codes add up to 700 requests, the total says 1,900",
                "successful and failed requests add up to 700, the total says 1,900",
            ],
        ),
        ({"by_status": {"200": 650}}, ["the status codes add up to 650 requests, the total says 700"]),
        ({"by_status": {"200": 750}}, ["the status codes add up to 750 requests, the total says 700"]),
        (
            {"by_status": {"200": 690, "404": 10}},
            [
                "the status codes hold 690 successful, the answer says 700",
                "the status codes hold 10 client errors, the answer says 0",
            ],
        ),
        (
            {"top_endpoints": [{"path": "/a", "count": 500}, {"path": "/b", "count": 300}]},
            ["the endpoints add up to 800, the total says 700"],
        ),
        ({"top_endpoints": [{"path": "/a", "count": 5}]}, []),
        (
            {"rate_limit_hits_by_hour": [{"hour": "2026-11-20T10:00:00Z", "count": 7}]},
            ["the hours of 429s add up to 7, the total says 0"],
        ),
        ({"successful": 600}, ["successful and failed requests add up to 600, the total says 700"]),
        ({"latency_p50_ms": 900, "latency_p95_ms": 600}, ["p50 is 900 ms, above p95 of 600 ms"]),
        ({"latency_p50_ms": 900, "latency_p99_ms": 600.5}, ["p50 is 900 ms, above p99 of 600.5 ms"]),
        ({"latency_p50_ms": 5, "latency_p95_ms": 5, "latency_p99_ms": 5}, []),
    ],
)
def test_each_disagreement_is_told_with_both_figures(changes: Json, notes: list[str]) -> None:
    told = read(flat([100] * 7, **changes)).notes
    assert [note for note in notes if note not in told] == []
    assert bool(told) == bool(notes)


def test_a_day_or_an_endpoint_cannot_have_more_errors_than_requests() -> None:
    usage = read(flat([100] * 5 + [100, 0], errors=[0] * 5 + [150, 5], client_errors=155, successful=345))
    yesterday = TODAY - timedelta(days=1)
    assert f"{yesterday} has 150 errors of 100 requests" in usage.notes
    assert f"{TODAY} has 5 errors of 0 requests" in usage.notes
    nested = {"breakdown": {"byEndpoint": [{"endpoint": "/a", "count": 4, "errors": 9}]}}
    assert "/a has 9 errors of 4 requests" in read(nested).notes


def test_of_many_such_days_three_are_named_and_the_rest_is_counted() -> None:
    usage = read(flat([1] * 7, errors=[2] * 7))
    assert sum("has 2 errors of 1 request" in note for note in usage.notes) == 3
    assert "4 more days have more errors than requests" in usage.notes


def test_errors_of_the_days_are_held_against_those_of_the_window() -> None:
    assert (
        "the 7 days add up to 7 errors, the total says 0"
        in read(flat([100] * 7, errors=[1] * 7, client_errors=0, successful=700, by_status=...)).notes
    )


def test_days_that_were_left_out_are_unknown_and_contradict_nothing_but_too_many_do() -> None:
    assert read(flat([100] * 7, daily=daily([100, 100]))).notes == ()
    assert read(flat([100] * 7, daily=daily([100, 601]))).notes == (
        "the 2 days add up to 701 requests, the total says 700",
    )
    assert read(flat([100] * 7, daily=[])).notes == ()


def test_a_rolling_window_may_hold_a_part_of_its_first_date() -> None:
    rows = daily([100] * 8)
    for total in (700, 750, 800):
        assert not any("days add up" in note for note in read({"total_requests": total, "daily": rows}).notes)
    assert any("days add up" in note for note in read({"total_requests": 801, "daily": rows}).notes)


def test_a_period_of_another_length_than_its_window_is_told() -> None:
    period = {"days": 30, "start": "2026-11-20T00:00:00Z", "end": "2026-11-22T12:00:00Z"}
    usage = read({"period": period, "summary": {"totalRequests": 1}}, days=30)
    assert "its period from 2026-11-20 to 2026-11-22 is 3 days, its window 30" in usage.notes
    backwards = {**period, "start": "2026-11-23T00:00:00Z"}
    assert (
        "its period from 2026-11-23 to 2026-11-22 is no window" in read({"period": backwards}, days=30).notes
    )


def test_the_documented_answers_contradict_nothing() -> None:
    for data in (FLAT, NESTED, {**FLAT, **NESTED}):
        assert read_usage(data, KEY_ID, 30, fetched_at=NOW, observed_at=NOW).notes == ()
