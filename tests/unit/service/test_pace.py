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


def heard(pace: Pace, allowance: Allowance) -> timedelta:
    """The answer of a request under way arrives; the wait before the next one."""
    pace.end()
    pace.hear(allowance)
    return pace.next_wait()


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


def test_of_a_hundred_ten_are_left_to_others() -> None:
    pace = Pace(Clock())
    assert sent(pace, *(told(left, limit=100) for left in range(99, 10, -1))) == timedelta()
    assert sent(pace, told(10, limit=100)) == MINUTE + ON_THE_WAY


def test_of_a_small_limit_one_is_left_to_others() -> None:
    assert sent(Pace(Clock()), *[told(9, limit=9, renewed_in_s=None)] * 7) == timedelta()
    assert sent(Pace(Clock()), *[told(9, limit=9, renewed_in_s=None)] * 8) == MINUTE + ON_THE_WAY


@pytest.mark.parametrize(("later", "wait"), [(timedelta(), MINUTE / 9), (timedelta(seconds=2), timedelta())])
def test_after_a_wait_requests_follow_evenly_for_two_minutes(later: timedelta, wait: timedelta) -> None:
    clock = Clock()
    pace = Pace(clock)
    sent(pace, *(told(left) for left in range(9, 0, -1)))
    clock.pass_by(2 * MINUTE - timedelta(seconds=1) + later)
    assert sent(pace, told(9)) == wait


def test_after_a_wait_requests_follow_evenly_until_there_is_room_again() -> None:
    clock = Clock()
    pace = Pace(clock)
    clock.pass_by(sent(pace, *(told(left) for left in range(9, 0, -1))))
    assert sent(pace, told(9)) == MINUTE / 9
    clock.pass_by(3 * MINUTE)
    assert sent(pace, told(9), told(8)) == timedelta()


@pytest.mark.parametrize("passed_s", [3, 57, 59, 60.5])
def test_in_no_minute_more_than_nine_are_sent_though_the_service_counts_by_the_clock(passed_s: float) -> None:
    clock = Clock()
    pace = Pace(clock)
    sent(pace, *(told(left, renewed_in_s=2) for left in range(9, 0, -1)))
    clock.pass_by(timedelta(seconds=passed_s))  # a new minute of the service, in which all are left
    assert pace.next_wait() == timedelta(seconds=61 - passed_s)


def test_what_other_clients_use_is_left_to_them_and_one_more() -> None:
    assert sent(Pace(Clock()), told(4)) == MINUTE, "they have used 5, and 4 is less than 6"
    assert sent(Pace(Clock()), told(9), told(6)) == timedelta()
    many = [told(99 - n, limit=100) for n in range(20, 29)]
    assert sent(Pace(Clock()), told(80, limit=100), *many, told(22, limit=100)) == MINUTE
    twenty = [told(80 - n, limit=100) for n in range(1, 59)]
    assert sent(Pace(Clock()), *twenty) == timedelta(), "22 are left, of which the others may need 21"
    assert sent(Pace(Clock()), *twenty, told(21, limit=100)) == MINUTE


@pytest.mark.parametrize(("passed_s", "wait"), [(118, MINUTE), (121, timedelta())])
def test_what_other_clients_used_is_forgotten_after_two_minutes(passed_s: float, wait: timedelta) -> None:
    clock = Clock()
    pace = Pace(clock)
    assert sent(pace, told(4)) == MINUTE
    clock.pass_by(timedelta(seconds=70))
    assert sent(pace, told(9)) == timedelta()
    clock.pass_by(timedelta(seconds=passed_s - 70))
    assert sent(pace, told(6)) == wait, "they need 6, or 4"


def test_others_that_have_been_forgotten_are_none() -> None:
    clock = Clock()
    pace = Pace(clock)
    sent(pace, told(3, limit=9))
    clock.pass_by(3 * MINUTE)
    for _ in range(7):
        assert pace.next_wait() == timedelta()
        pace.send()
    assert pace.next_wait() == timedelta()
    pace.send()
    assert pace.next_wait() == MINUTE + ON_THE_WAY


def test_when_the_limit_changes_what_others_used_of_the_old_one_says_nothing() -> None:
    pace = Pace(Clock())
    assert sent(pace, told(90, limit=100)) == timedelta()
    assert sent(pace, told(8)) == timedelta(), "ours are 2 of the 10"
    assert sent(pace, told(7)) == timedelta()


def test_whatever_others_use_there_is_some_left_for_this_program() -> None:
    clock = Clock()
    pace = Pace(clock)
    clock.pass_by(sent(pace, told(0)) + MINUTE)
    assert sent(pace, told(9)) == timedelta()


@pytest.mark.parametrize(("limit", "kept"), [(100, 75), (10, 8)])
def test_whatever_others_use_a_quarter_is_left_for_this_program(limit: int, kept: int) -> None:
    clock = Clock()
    pace = Pace(clock)
    clock.pass_by(sent(pace, told(0, limit=limit)))
    pace.send()
    assert heard(pace, told(kept, limit=limit)) >= MINUTE
    clock.pass_by(MINUTE + 2 * ON_THE_WAY)
    assert pace.next_wait() == timedelta()
    pace.send()
    assert heard(pace, told(kept + 1, limit=limit)) < MINUTE


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_whatever_others_use_of_a_small_limit_one_is_left_for_this_program(limit: int) -> None:
    clock = Clock()
    pace = Pace(clock)
    assert sent(pace, told(0, limit=limit)) == MINUTE + ON_THE_WAY
    clock.pass_by(MINUTE + 2 * ON_THE_WAY)
    assert sent(pace, told(0, limit=limit)) == MINUTE + ON_THE_WAY


@pytest.mark.parametrize(("in_flight", "wait"), [(7, timedelta()), (8, MINUTE)])
def test_a_request_on_its_way_may_have_been_counted_or_not(in_flight: int, wait: timedelta) -> None:
    pace = Pace(Clock())
    for _ in range(88):
        pace.send()
    for _ in range(87 - in_flight):
        pace.end()
    assert heard(pace, told(18, limit=100)) == wait, "10 are left to others"


def test_what_is_sent_without_an_answer_counts_as_used() -> None:
    pace = Pace(Clock())
    sent(pace, *(told(80 - n, limit=100) for n in range(1, 11)))
    for _ in range(49):
        assert pace.next_wait() == timedelta()
        pace.send()
    assert pace.next_wait() == MINUTE, "21 of the 70 are left to others"


@pytest.mark.parametrize(("later_s", "wait"), [(2, timedelta(seconds=62)), (3, timedelta())])
def test_an_answer_that_was_overtaken_gives_nothing_back_and_a_new_minute_does(
    later_s: float, wait: timedelta
) -> None:
    pace = Pace(Clock())
    for _ in range(74):
        pace.send()
        pace.end()
    for _ in range(2):
        pace.send()
    assert heard(pace, told(12, limit=100)) == MINUTE, "11 or 12 are left, and others have used 12"
    assert heard(pace, told(14, limit=100, renewed_in_s=60 + later_s)) == wait


def test_a_limit_without_a_renewal_counts_what_was_sent() -> None:
    assert sent(Pace(Clock()), told(0, renewed_in_s=None)) == timedelta()
    assert sent(Pace(Clock()), *[told(9, renewed_in_s=None)] * 9) == MINUTE + ON_THE_WAY


def test_a_limit_of_an_hour_counts_an_hour() -> None:
    hourly = [told(60 - n, renewed_in_s=3_000, limit=60) for n in range(1, 55)]
    assert sent(Pace(Clock()), *hourly) == timedelta(hours=1) + ON_THE_WAY


def test_a_renewal_in_more_than_an_hour_is_one_of_a_day() -> None:
    day = timedelta(days=1) + ON_THE_WAY
    assert sent(Pace(Clock()), *[told(9, renewed_in_s=5_400)] * 9) == day
    once = told(9, renewed_in_s=3 * 86_400)
    assert sent(Pace(Clock()), once, *[told(9, renewed_in_s=None)] * 7) == day


@pytest.mark.parametrize(
    ("renewed_in_s", "renewal"),
    [(None, 62), (60, 62), (62, 62), (63, 15 * 60), (3_600, 15 * 60), (86_400, 15 * 60)],
)
def test_a_request_waits_for_a_renewal_as_long_as_its_window_and_a_quarter_of_an_hour_at_most(
    renewed_in_s: float | None, renewal: float
) -> None:
    pace = Pace(Clock())
    assert pace.renewal is None, "no limit is known"
    sent(pace, told(9, renewed_in_s=renewed_in_s))
    assert pace.renewal == timedelta(seconds=renewal)


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
