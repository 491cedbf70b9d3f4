"""How long the next request waits, by what answers told of the limit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from socd_tui.service.allowance import Allowance, read_allowance
from socd_tui.service.pace import ON_THE_WAY, Pace
from tests.clock import NOW, Clock

MINUTE = timedelta(minutes=1)


def told(remaining: int, renewed_in_s: float | None = 60, limit: int = 10) -> Allowance:
    return Allowance(limit, remaining, None if renewed_in_s is None else timedelta(seconds=renewed_in_s))


def sent(pace: Pace, *allowances: Allowance | None) -> timedelta:
    """Sends a request for each answer; the wait before the next one."""
    for allowance in allowances:
        assert pace.next_wait() == timedelta()
        pace.send()
        pace.end()
        pace.hear(allowance)
    return pace.next_wait()


def test_nothing_is_waited_for_before_a_limit_is_told() -> None:
    assert sent(Pace(Clock()), *[None] * 500) == timedelta()


def test_nine_of_ten_go_at_once_and_the_last_is_left_to_others() -> None:
    assert sent(Pace(Clock()), *(told(left) for left in range(9, 1, -1))) == timedelta()
    assert sent(Pace(Clock()), *(told(left) for left in range(9, 0, -1))) == MINUTE + ON_THE_WAY


def test_after_a_wait_requests_follow_evenly_until_there_is_room_again() -> None:
    clock = Clock()
    pace = Pace(clock)
    clock.pass_by(sent(pace, *(told(left) for left in range(9, 0, -1))))
    assert sent(pace, told(9)) == MINUTE / 9
    clock.pass_by(3 * MINUTE)
    assert sent(pace, told(9), told(8)) == timedelta()


def test_in_no_minute_more_than_nine_are_sent_though_the_service_counts_by_the_clock() -> None:
    clock = Clock()
    pace = Pace(clock)
    sent(pace, *(told(left, renewed_in_s=2) for left in range(9, 0, -1)))
    clock.pass_by(timedelta(seconds=3))  # a new minute of the service, in which all are left
    assert pace.next_wait() == timedelta(seconds=58)


def test_what_other_clients_use_is_left_to_them_and_one_more() -> None:
    assert sent(Pace(Clock()), told(4)) == MINUTE, "they have used 5, and 4 is less than 6"
    assert sent(Pace(Clock()), told(9), told(6)) == timedelta()


def test_whatever_others_use_there_is_some_left_for_this_program() -> None:
    clock = Clock()
    pace = Pace(clock)
    clock.pass_by(sent(pace, told(0)) + MINUTE)
    assert sent(pace, told(9)) == timedelta()


def test_a_request_on_its_way_counts_as_sent() -> None:
    pace = Pace(Clock())
    for _ in range(4):
        pace.send()
    pace.end()
    pace.hear(told(4, limit=100))
    assert pace.next_wait() == MINUTE, "1 is left when the three have arrived, which is less than a tenth"


def test_an_answer_that_was_overtaken_gives_nothing_back() -> None:
    pace = Pace(Clock())
    for _ in range(2):
        pace.send()
    pace.end()
    pace.hear(told(10, limit=100))
    pace.end()
    pace.hear(told(11, limit=100))
    assert pace.next_wait() == MINUTE


def test_a_limit_without_a_renewal_counts_what_was_sent() -> None:
    assert sent(Pace(Clock()), told(0, renewed_in_s=None)) == timedelta()
    assert sent(Pace(Clock()), *[told(9, renewed_in_s=None)] * 9) == MINUTE + ON_THE_WAY


def test_a_limit_of_an_hour_counts_an_hour() -> None:
    hourly = [told(60 - n, renewed_in_s=3_000, limit=60) for n in range(1, 55)]
    assert sent(Pace(Clock()), *hourly) == timedelta(hours=1) + ON_THE_WAY


def test_a_limit_of_one_is_used() -> None:
    assert sent(Pace(Clock()), told(0, limit=1)) == MINUTE + ON_THE_WAY


DATE = {"date": "Sun, 22 Nov 2026 14:20:00 GMT"}


@pytest.mark.parametrize(
    ("headers", "allowance"),
    [
        ({}, None),
        ({"x-ratelimit-limit": "10"}, None),
        ({"x-ratelimit-limit": "10", "x-ratelimit-remaining": "11"}, None),
        ({"x-ratelimit-limit": "0", "x-ratelimit-remaining": "0"}, None),
        ({"x-ratelimit-limit": "-1", "x-ratelimit-remaining": "-1"}, None),
        ({"x-ratelimit-limit": "unlimited", "x-ratelimit-remaining": "many"}, None),
        ({"x-ratelimit-limit": "10", "x-ratelimit-remaining": "3"}, told(3, None)),
        ({"x-ratelimit-limit": "10, 10;w=60", "x-ratelimit-remaining": "3"}, told(3, None)),
        (
            {"x-ratelimit-limit": "10", "x-ratelimit-remaining": "3", "x-ratelimit-reset": "1795357230"}
            | DATE,
            told(3, 30),
        ),
        ({"ratelimit-limit": "10", "ratelimit-remaining": "3", "ratelimit-reset": "30"}, told(3, 30)),
        (
            {"ratelimit": '"minute";r=3;t=30', "ratelimit-policy": '"minute";q=10;w=60'},
            told(3, 30),
        ),
        (
            {
                "ratelimit": '"minute";r=3;t=30, "day";r=2;t=600',
                "ratelimit-policy": '"minute";q=10;w=60, "day";q=1000;w=86400',
            },
            Allowance(1000, 2, timedelta(minutes=10), timedelta(days=1)),
        ),
        (
            {"x-ratelimit-limit": "10", "x-ratelimit-remaining": "3", "x-ratelimit-reset": "99999999999"},
            told(3, None),
        ),
    ],
)
def test_what_headers_tell_of_the_limit(headers: dict[str, str], allowance: Allowance | None) -> None:
    assert read_allowance(headers, NOW) == allowance
