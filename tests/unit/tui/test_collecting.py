"""When Python's collector looks through everything."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from socd_tui.tui.collecting import IDLE_S, LONGEST_S, RESTS_S, Collector


class Knot:
    """Something that only the collector takes away."""

    def __init__(self) -> None:
        self.itself = self


class Steady:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _nothing_is_collected_by_itself() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def dropped() -> ref[Knot]:
    return ref(Knot())


def test_it_looks_through_everything_while_nobody_is_at_the_keyboard() -> None:
    clock = Steady()
    collector, left = Collector(clock), dropped()
    clock.now += RESTS_S
    collector.touched()
    clock.now += IDLE_S - 1
    collector.look()
    assert left() is not None, "somebody has just pressed a key"
    clock.now += 1
    collector.look()
    assert left() is None


def test_it_does_not_twice_in_a_while() -> None:
    clock = Steady()
    collector = Collector(clock)
    clock.now += RESTS_S
    collector.look()
    left = dropped()
    clock.now += RESTS_S - 1
    collector.look()
    assert left() is not None
    clock.now += 1
    collector.look()
    assert left() is None


def test_who_never_stops_pressing_keys_does_not_keep_it_for_ever() -> None:
    clock = Steady()
    collector, left = Collector(clock), dropped()
    clock.now += LONGEST_S
    collector.touched()
    collector.look()
    assert left() is None


def test_meanwhile_it_looks_at_what_is_new_and_no_further() -> None:
    before = gc.get_threshold()
    with Collector().in_charge():
        assert gc.get_threshold()[:2] == before[:2]
        assert gc.get_threshold()[2] > 1_000_000
    assert gc.get_threshold() == before
