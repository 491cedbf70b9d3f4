"""What outlives a request: the service's clock, and the waits that it asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from socd_tui.model.errors import Throttled
from socd_tui.service.waiting import Waiting
from tests.clock import NOW, Clock

MINUTE = timedelta(minutes=1)


def test_the_error_of_a_limit_that_is_used_up_says_which_and_until_when() -> None:
    error = Waiting(Clock()).used_up(1_000, 2 * MINUTE)
    assert isinstance(error, Throttled)
    assert str(error).startswith("Nothing is left of the 1,000 requests that the service allows.")
    assert error.next_step == "It asks to try again in 2 min, at 14:22:00 UTC."
    assert error.retry_at == NOW + 2 * MINUTE


def test_the_moment_of_the_next_try_is_the_services_not_ours() -> None:
    waiting = Waiting(Clock())
    waiting.hear(NOW - timedelta(hours=1), NOW)
    assert waiting.used_up(10, MINUTE).next_step == "It asks to try again in 1 min, at 13:21:00 UTC."


@pytest.mark.parametrize(
    ("told", "believed"),
    [
        ((-60, -65), -65),  # five minutes either way are the same clock
        ((-60, -66), -60),
        ((-60, -66, -66), -66),
        ((-60, -66, -71), -71),
        ((-60, -66, -80, -66), -60),
        ((-60, -66, -50), -50),  # nearer to ours
        ((-60, 60), -60),
        ((-60, 59), 59),
        ((-60, None), -60),
        ((None,), 0),
    ],
)
def test_a_date_is_believed_when_it_is_as_expected_nearer_to_ours_or_said_twice(
    told: tuple[int | None, ...], believed: int
) -> None:
    """In minutes ahead of our clock."""
    waiting = Waiting(Clock())
    for ahead in told:
        waiting.hear(None if ahead is None else NOW + ahead * MINUTE, NOW)
    assert waiting.service_time() == NOW + believed * MINUTE
