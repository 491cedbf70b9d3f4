"""A clock that goes on whatever happens to the one it began with."""

from __future__ import annotations

from datetime import timedelta

from socd_tui.clock import elapsed_s, steady
from tests.clock import NOW, Clock


def test_a_steady_clock_goes_on_when_the_other_one_is_set() -> None:
    wall, elapsed = Clock(), 100.0
    clock = steady(wall, lambda: elapsed)
    assert clock() == NOW
    wall.pass_by(timedelta(hours=-5))
    elapsed = 130.5
    assert clock() == NOW + timedelta(seconds=30.5)


def test_seconds_never_go_back() -> None:
    assert elapsed_s() <= elapsed_s()
