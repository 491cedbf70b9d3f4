"""When Python's collector looks through everything, and what it leaves alone."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from socd_tui.tui.collecting import IDLE_S, RESTS_S, Collector


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
def _everything_is_looked_at_again() -> Iterator[None]:
    gc.disable()
    yield
    gc.unfreeze()
    gc.enable()


def test_what_has_come_in_is_not_looked_at_until_nobody_is_at_the_keyboard() -> None:
    clock = Steady()
    collector = Collector(clock)
    knot = Knot()
    collector.keep("figures")
    left = ref(knot)
    del knot
    gc.collect()
    assert left() is not None, "it is where the collector does not look"

    clock.now += RESTS_S
    collector.touched()
    clock.now += IDLE_S - 1
    collector.look()
    assert left() is not None, "somebody has just pressed a key"

    clock.now += 1
    collector.look()
    assert left() is None


def test_it_does_not_look_through_everything_twice_in_a_while() -> None:
    clock = Steady()
    collector = Collector(clock)
    clock.now += RESTS_S
    collector.look()
    knot = Knot()
    left = ref(knot)
    del knot
    clock.now += RESTS_S - 1
    collector.look()
    assert left() is not None
    clock.now += 1
    collector.look()
    assert left() is None


def test_the_same_figures_are_kept_once() -> None:
    collector, figures = Collector(), object()
    collector.keep(figures)
    knot = Knot()
    left = ref(knot)
    del knot
    collector.keep(figures)
    gc.collect()
    assert left() is None
