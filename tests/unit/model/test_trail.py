"""The way back, and forward again."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.lens import Lens, Sort
from socd_tui.model.target import KeyTarget
from socd_tui.model.trail import LONGEST, Trail

START = Lens()
MISP = START.at(KeyTarget("misp"))


class Walk:
    """Somebody who looks through one Lens after the other."""

    def __init__(self, lens: Lens = START) -> None:
        self.lens, self.trail = lens, Trail()

    def look(self, *, drilled: bool = False, **changes: object) -> Walk:
        lens = replace(self.lens, **changes)  # type: ignore[arg-type]  # fields of a Lens
        self.trail = self.trail.followed(self.lens, lens, drilled=drilled)
        self.lens = lens
        return self

    def back(self) -> Lens:
        moved = self.trail.back(self.lens)
        assert moved
        self.lens, self.trail = moved
        return self.lens

    def forward(self) -> Lens:
        moved = self.trail.forward(self.lens)
        assert moved
        self.lens, self.trail = moved
        return self.lens


def test_steps_are_undone_in_the_reverse_order_they_were_made() -> None:
    walk = Walk()
    walk.look(filters={"overview": "err%>5"})
    walk.look(sorts={"overview": Sort("throttled")})
    walk.look(marked=frozenset({"a"})).look(marked=frozenset({"a", "b"}))
    walk.look(compare="same_length").look(view="budget")
    assert walk.back().view == "overview"
    assert walk.back().compare is None
    assert walk.back().marked == frozenset()
    assert walk.back().sorts == {}
    assert walk.back() == START
    assert walk.trail.back(walk.lens) is None


def test_a_step_back_finds_the_cursor_where_it_was_and_forward_too() -> None:
    walk = Walk(MISP)
    walk.look(view="heatmap", drilled=True)
    walk.look(focus="other")
    assert walk.back() == MISP
    assert (walk.forward().view, walk.lens.focus) == ("heatmap", "other")
    assert walk.trail.forward(walk.lens) is None
    walk.back()
    walk.look(view="bill")
    assert walk.trail.forward(walk.lens) is None, "who goes elsewhere has nothing ahead"


def test_what_is_no_step_stays_as_it_is_now() -> None:
    walk = Walk()
    walk.look(view="series").look(days=30, local=True)
    assert (walk.back().view, walk.lens.days, walk.lens.local) == ("overview", 30, True)


def test_a_filter_that_is_typed_is_one_step_and_none_when_it_is_emptied() -> None:
    walk = Walk()
    for typed in ("e", "er", "err"):
        walk.look(filters={"overview": typed})
    assert len(walk.trail.behind) == 1
    walk.look(filters={"overview": ""})
    assert not walk.trail.behind


def test_what_was_looked_closer_at_is_told_from_what_was_chosen() -> None:
    walk = Walk()
    walk.look(view="bill")
    assert not walk.trail.drilled(walk.lens)
    walk.look(view="key", drilled=True).look(view="status", drilled=True)
    walk.look(marked=frozenset({"a"}))
    assert [(back, lens.view) for back, lens in walk.trail.drilled(walk.lens)] == [(3, "bill"), (2, "key")]
    walk.look(view="overview")
    assert not walk.trail.drilled(walk.lens)


def test_who_looks_closer_at_the_same_thing_again_is_led_back_to_where_that_was() -> None:
    walk = Walk()
    walk.look(view="key", drilled=True).look(view="overview").look(view="key", drilled=True)
    assert walk.trail.drilled(walk.lens) == ((1, START),)


STEPS = st.sampled_from((
    {"view": "overview"}, {"view": "series"}, {"view": "budget"}, {"focus": "a"}, {"days": 30},
    {"marked": frozenset({"a"})}, {"marked": frozenset()}, {"compare": "same_length"}, {"compare": None},
    {"filters": {"overview": "x"}}, {"filters": {}}, {"sorts": {"overview": Sort("requests")}},
))  # fmt: skip


@given(st.lists(STEPS, max_size=80))
def test_back_always_ends_at_the_beginning_or_after_as_many_steps_as_are_kept(
    steps: list[dict[str, object]],
) -> None:
    walk = Walk()
    for changes in steps:
        walk.look(**changes)  # type: ignore[arg-type]  # fields of a Lens
    assert len(walk.trail.behind) <= LONGEST
    end, gone = walk.lens, 0
    while walk.trail.behind:
        walk.back()
        gone += 1
    if gone < LONGEST:
        first = replace(START, focus=walk.lens.focus, days=walk.lens.days, filters=walk.lens.filters)
        assert walk.lens == first
    for _ in range(gone):
        walk.forward()
    assert walk.lens == end
