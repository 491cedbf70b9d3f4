"""Usage payloads of either dialect, or of both at once, become the same figures."""

from __future__ import annotations

import math
from copy import deepcopy
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.errors import Malformed
from socd_tui.model.text import Text
from socd_tui.model.usage import Day, Endpoint, Hour, Meter, Usage, ratio
from socd_tui.service.wire import read_usage
from tests.documented import FLAT, KEY_ID, NESTED, NOW, OTHER_ID, Json

ENDPOINTS = {"/api/v1/articles": 89234, "/api/v1/iocs": 38765, "/api/v1/lookup": 14588}
STATUSES = {200: 139214, 400: 1245, 401: 12, 403: 89, 404: 1576, 429: 206, 500: 245}
DAYS = (Day(date(2026, 5, 15), 5102, 89), Day(date(2026, 5, 16), 4823, 67))
COUNTS = {
    "requests": 142587,
    "successful": 139214,
    "failed": 3373,
    "client_errors": 3128,
    "server_errors": 245,
    "throttled": 206,
    "avg_ms": 287,
    "p50_ms": 195,
    "p95_ms": 612,
    "p99_ms": 1240,
    "statuses": STATUSES,
    "days": DAYS,
}
"""What both dialects can say, or lets be derived exactly."""

ODD: tuple[object, ...] = (
    True, -1, "-5", "many", math.nan, math.inf, 2**63, 10**400, [], [1], {}, {"a": 1}, 0.5, "",
)  # fmt: skip
"""None of these is a count."""


def read(data: object, days: int = 30, now: datetime = NOW) -> Usage:
    return read_usage({"data": data}, KEY_ID, days, fetched_at=now, observed_at=now)


def figures(usage: Usage, *names: str) -> dict[str, object]:
    return {name: getattr(usage, name) for name in names or COUNTS}


def changed(data: Json, **values: object) -> Json:
    """A copy with other values at dotted paths (written with `__`); `...` takes the field away."""
    data = deepcopy(data)
    for path, value in values.items():
        *sections, name = path.split("__")
        place: Any = data
        for section in sections:
            place = place[section]
        place[name] = value
        if value is ...:
            del place[name]
    return data


def test_the_documented_example_gives_exactly_its_figures() -> None:
    usage = read(FLAT)
    assert figures(usage) == COUNTS
    assert (usage.peak_per_minute, usage.peak_per_day) == (87, 8430)
    assert usage.endpoints == tuple(Endpoint(path=Text(path), requests=n) for path, n in ENDPOINTS.items())
    assert usage.hours == (Hour(datetime(2026, 5, 16, 14, tzinfo=UTC), 12),)
    assert (usage.window.start, usage.window.end) == (date(2026, 4, 18), date(2026, 5, 17))
    assert (usage.key_id, usage.dialect, usage.window.days, usage.notes) == (KEY_ID, "flat", 30, ())


def test_the_example_leaves_unknown_what_only_the_schema_has() -> None:
    usage = read(FLAT)
    assert (usage.minute, usage.day, usage.throttled_by_endpoint) == (Meter(), Meter(), None)
    assert {(row.errors, row.avg_ms, row.throttled) for row in usage.endpoints or ()} == {(None,) * 3}


def test_the_schema_gives_the_same_figures_as_the_example() -> None:
    usage = read(NESTED)
    assert figures(usage) == COUNTS
    assert {row.path.original: row.requests for row in usage.endpoints or ()} == ENDPOINTS
    assert (usage.window.start, usage.window.end) == (read(FLAT).window.start, read(FLAT).window.end)
    assert (usage.key_id, usage.dialect, usage.window.days, usage.notes) == (KEY_ID, "nested", 30, ())


def test_the_schema_leaves_unknown_what_only_the_example_has() -> None:
    usage = read(NESTED)
    assert (usage.peak_per_minute, usage.peak_per_day, usage.hours) == (None, None, None)


def test_only_the_schema_tells_limits_meters_and_each_endpoints_errors_latency_and_429s() -> None:
    usage = read(NESTED)
    assert (usage.minute, usage.day) == (Meter(1000, 41), Meter(1_000_000, 4823))
    assert usage.throttled_by_endpoint == ((Text("/api/v1/articles"), 181), (Text("/api/v1/lookup"), 25))
    assert usage.endpoints == (
        Endpoint(path=Text("/api/v1/articles"), requests=89234, errors=2010, avg_ms=310, throttled=181),
        Endpoint(path=Text("/api/v1/iocs"), requests=38765, errors=900, avg_ms=240, throttled=None),
        Endpoint(path=Text("/api/v1/lookup"), requests=14588, errors=463, avg_ms=270, throttled=25),
    )


def test_a_whole_number_of_milliseconds_stays_whole() -> None:
    usage = read(changed(FLAT, latency_p50_ms=195.0, latency_p95_ms="612", latency_p99_ms=1240.5))
    told = (usage.avg_ms, usage.p50_ms, usage.p95_ms, usage.p99_ms)
    assert repr(told) == "(287, 195, 612, 1240.5)"


FACTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "length": (("window_days",), ("period__days",)),
    "total": (("total_requests",), ("summary__totalRequests",)),
    "successful": (("successful",), ("summary__successfulRequests",)),
    "failed": (("client_errors", "server_errors"), ("summary__failedRequests",)),
    "average": (("avg_response_time_ms",), ("summary__avgResponseTime",)),
    "p50": (("latency_p50_ms",), ("latencyPercentiles__p50",)),
    "p95": (("latency_p95_ms",), ("latencyPercentiles__p95",)),
    "p99": (("latency_p99_ms",), ("latencyPercentiles__p99",)),
    "endpoints": (("top_endpoints",), ("breakdown__byEndpoint",)),
    "statuses": (("by_status",), ("breakdown__byStatusCode",)),
    "days": (("daily",), ("timeSeries",)),
    "id": (("key_id",), ("key__id",)),
}
"""Where either dialect keeps each fact."""

choices = st.fixed_dictionaries({fact: st.sampled_from(["flat", "nested", "both"]) for fact in FACTS})


@given(choices)
def test_each_fact_may_come_in_either_dialect_or_in_both(chosen: dict[str, str]) -> None:
    flat, nested = FLAT, NESTED
    for fact, (in_flat, in_nested) in FACTS.items():
        if chosen[fact] == "nested":
            flat = changed(flat, **dict.fromkeys(in_flat, ...))
        if chosen[fact] == "flat":
            nested = changed(nested, **dict.fromkeys(in_nested, ...))
    usage = read({**flat, **nested})
    assert figures(usage) == COUNTS
    assert {row.path.original: row.requests for row in usage.endpoints or ()} == ENDPOINTS
    assert (usage.peak_per_minute, usage.day.current, usage.dialect) == (87, 4823, "mixed")
    assert (usage.window.start, usage.window.end) == (date(2026, 4, 18), date(2026, 5, 17))
    assert usage.notes == ()


def test_a_429_is_a_client_error_and_a_request_and_never_added_on_top() -> None:
    for data in (FLAT, NESTED, {**FLAT, **NESTED}):
        usage = read(data)
        assert usage.requests == sum(STATUSES.values())
        assert usage.client_errors == 1245 + 12 + 89 + 1576 + 206
        assert usage.throttled == 206


@given(st.sampled_from([0, 0.5, 1.0, 1, 97.63, 100, 250, "97.63", None, "good"]))
def test_the_services_own_ratios_are_never_believed(value: object) -> None:
    endpoint = {"endpoint": "/a", "count": 4, "errors": 1, "errorRate": value}
    code = {"statusCode": 200, "count": 142587, "percentage": value}
    data = changed(
        NESTED,
        summary__successRate=value,
        rateLimits__perDay__percentUsed=value,
        breakdown={"byEndpoint": [endpoint], "byStatusCode": [code]},
    )
    for usage in (read(data), read(changed(FLAT, success_rate=value))):
        assert ratio(usage.successful, usage.requests) == pytest.approx(0.97634, abs=1e-5)
    assert (read(data).day, read(data).endpoints) == (
        Meter(1_000_000, 4823),
        (Endpoint(path=Text("/a"), requests=4, errors=1),),
    )


def test_a_truncated_status_list_derives_nothing() -> None:
    rows = [row for row in NESTED["breakdown"]["byStatusCode"] if row["statusCode"] in (200, 404)]
    data = changed(
        NESTED,
        breakdown__byStatusCode=rows,
        summary__successfulRequests=...,
        summary__failedRequests=...,
        rateLimitHits=...,
    )
    unknown = ("successful", "client_errors", "server_errors", "failed", "throttled")
    assert read(data).statuses == {200: 139214, 404: 1576}
    assert figures(read(data), *unknown) == dict.fromkeys(unknown)


def test_the_429s_are_the_status_lists_else_the_count_of_their_own() -> None:
    hits: Json = {"summary": {"totalRequests": 9}, "rateLimitHits": {"total": 4}}
    assert read(hits).throttled == 4
    assert read({**hits, "by_status": {"429": 3}}).throttled == 3
    assert read({**hits, "by_status": {"200": 3}}).throttled == 4


def test_rows_of_one_status_add_up() -> None:
    twice = [{"statusCode": "200", "count": n} for n in (3, 4)]
    assert read({"breakdown": {"byStatusCode": twice}}).statuses == {200: 7}


def test_a_redirect_counts_as_successful_and_an_informational_answer_as_nothing() -> None:
    usage = read({"total_requests": 10, "by_status": {"101": 1, "200": 2, "302": 3, "404": 4}})
    assert (usage.successful, usage.client_errors, usage.server_errors) == (5, 4, 0)


def test_a_status_has_three_digits_at_most() -> None:
    usage = read({"by_status": {"999": 1, "1000": 2}})
    assert usage.statuses == {999: 1}
    assert usage.notes == ("status rows that could not be read: 1",)


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ((10, 1, 100), (30, 2, 200), (40, 3, 175)),
        ((10, None, 100), (30, 2, None), (40, None, None)),
        ((10, 1, None), (30, None, 200), (40, None, None)),
        ((0, 0, 0), (0, 0, 0), (0, 0, None)),
        ((1, 0, 0), (3, 0, 0), (4, 0, 0)),
    ],
)
def test_rows_of_one_path_are_one_row_with_the_average_of_all_its_requests(
    one: tuple[int | None, ...], other: tuple[int | None, ...], together: tuple[int | None, ...]
) -> None:
    rows = [
        {"endpoint": "/a", "count": n, "errors": errors, "avgTime": avg} for n, errors, avg in (one, other)
    ]
    [row] = read({"breakdown": {"byEndpoint": rows}}).endpoints or ()
    assert (row.requests, row.errors, row.avg_ms) == together


def test_a_complete_status_list_derives_every_class_even_none_at_all() -> None:
    data = {"summary": {"totalRequests": 7}, "breakdown": {"byStatusCode": [{"statusCode": 304, "count": 7}]}}
    usage = read(data)
    assert (usage.successful, usage.client_errors, usage.server_errors, usage.throttled) == (7, 0, 0, 0)


@pytest.mark.parametrize(
    ("summary", "counts"),
    [
        ({"totalRequests": 10, "failedRequests": 3}, (10, 7, 3)),
        ({"totalRequests": 10, "successfulRequests": 7}, (10, 7, 3)),
        ({"successfulRequests": 7, "failedRequests": 3}, (10, 7, 3)),
        ({"totalRequests": 10}, (10, None, None)),
        ({"failedRequests": 3}, (None, None, None)),
        ({"totalRequests": 2, "failedRequests": 3}, (2, None, None)),
        ({"totalRequests": 0, "successfulRequests": 0, "failedRequests": 0}, (0, 0, 0)),
    ],
)
def test_one_of_total_successful_and_failed_is_derived_from_the_other_two(
    summary: Json, counts: tuple[int | None, ...]
) -> None:
    usage = read({"summary": summary})
    assert (usage.requests, usage.successful, usage.failed) == counts


def test_figures_that_contradict_each_other_are_shown_as_sent_with_a_note() -> None:
    for data in (changed(FLAT, successful=5), changed(NESTED, summary__successfulRequests=5)):
        usage = read(data)
        assert (usage.requests, usage.successful) == (142587, 5)
        assert "successful and failed requests add up to 3,378, the total says 142,587" in usage.notes


@pytest.mark.parametrize("value", [142587, "142587", " 142587 ", 142587.0, "142587.0"])
def test_a_count_may_be_a_string_of_digits(value: object) -> None:
    assert figures(read(changed(FLAT, total_requests=value))) == COUNTS
    assert figures(read(changed(NESTED, summary__totalRequests=value))) == COUNTS


@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:20])
def test_a_field_that_is_no_count_costs_only_itself(value: object) -> None:
    for data in (
        changed(FLAT, rate_limit_peak_per_day=value, total_requests=value),
        changed(NESTED, rateLimits__perDay__current=value, summary__totalRequests=value),
    ):
        usage = read(data)
        assert usage.peak_per_day is None
        assert usage.day.current in (None, 4823)
        assert any(note.startswith(("total_requests: ", "summary.total_requests: ")) for note in usage.notes)
        same = ("successful", "p50_ms", "p99_ms", "statuses", "days", "throttled")
        assert figures(usage, *same) == {name: COUNTS[name] for name in same}


@pytest.mark.parametrize(
    ("minute", "meter"),
    [
        ({"current": 30, "remaining": 70}, Meter(None, 30)),
        ({"limit": 100, "remaining": 70}, Meter(100, 30)),
        ({"limit": 100, "current": 30}, Meter(100, 30)),
        ({"limit": 5, "remaining": 9}, Meter(5, 0)),
    ],
)
def test_a_meter_that_says_what_remains_says_what_is_used(minute: Json, meter: Meter) -> None:
    assert read({"rateLimits": {"perMinute": minute}}).minute == meter


def test_foreign_text_is_inert_and_its_original_is_kept() -> None:
    path = "/api/\x1b]52;c;x\x07[/b]\u202e"
    for data in (
        {"top_endpoints": [{"path": path, "count": 1}]},
        {"breakdown": {"byEndpoint": [{"endpoint": path, "count": 1}]}},
    ):
        [row] = read(data).endpoints or ()
        assert row.path.original == path
        assert row.path.shown == "/api/\ufffd]52;c;x\ufffd[/b]"


def test_the_payload_is_kept_as_it_came_with_fields_nobody_documented() -> None:
    data = changed(FLAT, weighted_cost={"taxii": 2.5})
    raw = read(data).raw
    assert raw is not None
    assert raw() == data
    assert figures(read(data)) == COUNTS


def test_an_answer_about_another_key_is_noted() -> None:
    for data in (changed(FLAT, key_id=OTHER_ID), changed(NESTED, key__id=OTHER_ID)):
        assert read(data).notes == ("the answer names another key than the one asked for",)
        assert read(data).key_id == KEY_ID


@pytest.mark.parametrize("data", [{}, {"unrelated": 1}, dict.fromkeys(FLAT), dict.fromkeys(NESTED)])
def test_an_answer_without_figures_is_all_unknown_and_says_so(data: Json) -> None:
    usage = read(data)
    assert usage.dialect is None
    assert usage.notes == ("the answer holds no usage figures",)
    known = asdict(usage).keys() - {"key_id", "window", "fetched_at", "observed_at", "notes", "raw"}
    assert [name for name in known if getattr(usage, name) not in (None, Meter())] == []


@pytest.mark.parametrize("payload", [None, [], "x", 3, {"data": None}, {"data": []}, {"data": "x"}])
def test_an_answer_that_is_no_object_is_refused_in_words(payload: object) -> None:
    with pytest.raises(Malformed, match="form this program does not know"):
        read_usage(payload, KEY_ID, 7, fetched_at=NOW, observed_at=NOW)
