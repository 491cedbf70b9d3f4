"""Which refusals are repeated, and how long the service asked us to wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.service.retry import (
    ATTEMPTS,
    LONGEST_BACKOFF_S,
    LONGEST_PAUSE,
    LONGEST_WAIT,
    RETRIED,
    backoff_s,
    http_date,
    pause_s,
    requested_wait,
)

NOW = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC)
DATE = "Wed, 01 Jul 2026 11:00:00 GMT"
"""The service's clock: an hour behind ours."""
SERVED = NOW - timedelta(hours=1)


def asked(status: int = 429, **headers: str) -> float | None:
    wait = requested_wait(status, {name.replace("_", "-"): value for name, value in headers.items()}, NOW)
    return None if wait is None else wait.total_seconds()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 422, 501, 519, 525, 526, 200, 302])
def test_what_would_be_answered_the_same_way_again_is_not_repeated(status: int) -> None:
    assert status not in RETRIED


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524])
def test_what_may_pass_by_itself_is_repeated(status: int) -> None:
    assert status in RETRIED


def test_the_ceiling_doubles_and_stays_bounded() -> None:
    assert [backoff_s(attempt, 1) for attempt in (1, 2, 3, 4, 5, 50)] == [0.5, 1, 2, 4, 4, LONGEST_BACKOFF_S]


@given(st.integers(1, 100), st.floats(0, 1))
def test_the_jitter_spreads_from_nothing_to_the_ceiling(attempt: int, jitter: float) -> None:
    assert 0 <= backoff_s(attempt, jitter) <= backoff_s(attempt, 1)


def test_a_request_is_sent_three_times_at_most() -> None:
    assert [pause_s(attempt, 0.5) is None for attempt in (1, 2, 3, 4)] == [False, False, True, True]


def test_no_pause_after_the_last_attempt() -> None:
    assert pause_s(ATTEMPTS, 0.5) is None
    assert pause_s(ATTEMPTS - 1, 0.5) is not None


def test_what_was_asked_is_the_least_pause() -> None:
    assert pause_s(1, 0, timedelta(seconds=3)) == 3
    assert pause_s(1, 1, timedelta(seconds=3)) == 3.5


def test_a_long_wait_is_not_slept_on() -> None:
    assert pause_s(1, 0, LONGEST_PAUSE) == 5
    assert pause_s(1, 0, LONGEST_PAUSE + timedelta(seconds=1)) is None


def test_seconds_come_before_the_reset_moment() -> None:
    assert asked(retry_after="30", x_ratelimit_reset="99999999999") == 30


@pytest.mark.parametrize(
    ("value", "seconds"), [("0", 0), (" 7 ", 7), ("-5", 0), ("1.5", 2), ("29241", 29_241), ("+3", 3)]
)
def test_retry_after_in_seconds(value: str, seconds: float) -> None:
    assert asked(retry_after=value) == seconds


def test_retry_after_as_a_date_is_measured_against_the_services_clock() -> None:
    assert asked(retry_after="Wed, 01 Jul 2026 11:00:20 GMT", date=DATE) == 20
    assert asked(retry_after="Wed, 01 Jul 2026 12:00:20 GMT") == 20


def test_the_reset_moment_is_measured_against_the_services_clock() -> None:
    reset = str(int(SERVED.timestamp()) + 42)
    assert asked(x_ratelimit_reset=reset, date=DATE) == 42
    assert asked(x_ratelimit_reset=reset) == 0, "by our clock it has passed"


def test_the_reset_moment_says_nothing_outside_a_429() -> None:
    assert asked(503, x_ratelimit_reset="99999999999") is None
    assert asked(503, retry_after="9") == 9


@pytest.mark.parametrize(
    "value", ["", "soon", "NaN", "inf", "0x10", "٣", "9" * 400, "Wed, 99 Jul 2026", "\x00"]
)
def test_garbage_is_ignored(value: str) -> None:
    assert asked(retry_after=value) is None
    assert asked(x_ratelimit_reset=value) is None
    assert asked(retry_after="8", date=value) == 8


EPOCH_S = int(SERVED.timestamp()) + 42
"""42 s after the service answered, as seconds since the epoch."""


@pytest.mark.parametrize(
    "meant",
    [
        "42",
        "41.2",
        "42.0",
        str(EPOCH_S),
        f"{EPOCH_S}.000",
        f"{EPOCH_S - 1}.25",
        str(EPOCH_S * 1_000),
        str(EPOCH_S * 1_000_000),
        str(EPOCH_S * 1_000_000_000),
        f"{EPOCH_S:.10e}",
        "2026-07-01T11:00:42Z",
        "2026-07-01 11:00:42 UTC",
        "2026-07-01t11:00:42z",
        "2026-07-01T13:00:42+02:00",
        "2026-07-01 11:00:41.500",
        "20260701T110042Z",
        "Wed, 01 Jul 2026 11:00:42 GMT",
        "Wednesday, 01-Jul-26 11:00:42 GMT",
        "Wed Jul  1 11:00:42 2026",
        "42s",
        "0m42s",
        "42;w=60",
        "42, 42",
        "42,7",
        f"{EPOCH_S}, {EPOCH_S}",
        "2026-07-01T11:00:42Z, 2026-07-01T11:00:42Z",
        "Wed, 01 Jul 2026 11:00:42 GMT, Wed, 01 Jul 2026 11:00:40 GMT",
        "soon, 42",
    ],
)
@pytest.mark.parametrize(
    "header",
    ["retry_after", "x_ratelimit_reset", "ratelimit_reset", "x_rate_limit_reset", "x_ratelimit_reset_after"],
)
def test_the_time_meant_is_told_by_magnitude_and_form(header: str, meant: str) -> None:
    headers = {header.replace("_", "-"): meant, "date": DATE}
    assert requested_wait(429, headers, NOW) == timedelta(seconds=42)


def test_lengths_of_time_are_read_as_services_write_them() -> None:
    assert asked(retry_after="1h6m0s") == 3960
    assert asked(x_ratelimit_reset="20ms") == 1
    assert asked(x_ratelimit_reset="999999ms") == 1000
    assert asked(x_ratelimit_reset="3000ms") == 3


@pytest.mark.parametrize(
    ("policies", "seconds"),
    [
        ('"minute";r=0;t=30', 30),
        ('"burst";r=0;t=2, "day";r=0;t=3000, "month";r=9;t=90000', 3000),
        ('"minute";r=5;t=30', 30),
        ("limit=10, remaining=0, reset=30", 30),
        ("limit=10, remaining=9, reset=90", 90),
        ('"day";t=30, "burst";r=0;t=10', 30),
        ('"day";r=1;t=30, "burst";r=0;t=10', 10),
        ('"day";r=1, "burst";r=0;t=10', 10),
        ('"minute"', None),
    ],
)
def test_the_structured_header_tells_when_what_is_used_up_is_renewed(
    policies: str, seconds: float | None
) -> None:
    assert asked(ratelimit=policies) == seconds
    assert asked(503, ratelimit=policies) is None


def test_a_long_wait_is_what_it_is_and_an_absurd_one_ends() -> None:
    assert asked(retry_after="864000") == 864_000
    assert asked(x_ratelimit_reset=str(EPOCH_S + 86_400), date=DATE) == 86_442
    assert asked(retry_after="9" * 20) == 100 * 365 * 86_400


def test_from_a_thousand_million_on_a_number_is_a_moment() -> None:
    assert asked(retry_after="999999999") == 999_999_999
    assert asked(retry_after="1000000000") == 0, "a moment of 2001"


@given(st.text(), st.text(), st.text())
def test_no_header_breaks_it(retry_after: str, reset: str, date: str) -> None:
    wait = requested_wait(429, {"retry-after": retry_after, "x-ratelimit-reset": reset, "date": date}, NOW)
    assert wait is None or timedelta() <= wait <= LONGEST_WAIT


@pytest.mark.parametrize(
    "text",
    ["Wed, 01 Jul 2026 11:00:00 GMT", "Wed, 01 Jul 2026 13:00:00 +0200", "Wed, 01 Jul 2026 11:00:00 -0000"],
)
def test_an_http_date_is_utc(text: str) -> None:
    moment = http_date(text)
    assert moment == SERVED
    assert moment is not None
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "Fri, 31 Dec 9999 23:59:59 -2300", "1 1 1 1 1"],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert http_date(text) is None


@given(st.from_regex(r"\w{3}, \d{1,3} \w{3} \d{1,5} \d{1,3}:\d{1,3}(:\d{1,3})? [+-]?\w{1,6}", fullmatch=True))
def test_what_almost_is_a_date_is_utc_or_none(text: str) -> None:
    moment = http_date(text)
    assert moment is None or moment.tzinfo is UTC
