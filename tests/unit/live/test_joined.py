"""Two Fleets of one account become one, of which what is newer counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from socd_tui.live.joined import joined
from socd_tui.model.errors import Forbidden, Problem
from tests.clock import NOW
from tests.fleets import fetched

LATER = NOW + timedelta(minutes=5)


def test_the_newer_answer_of_each_key_counts_and_ends_the_failure_of_the_older() -> None:
    own, kept = fetched(NOW), fetched(LATER)
    first, second = own.keys[0].id, own.keys[1].id
    failed = Problem.of(Forbidden("No.", ""), first)
    own = replace(own, failures={(first, 7): failed})
    older = replace(
        kept, usages={**kept.usages, (second, 7): fetched(NOW - timedelta(hours=1)).usages[second, 7]}
    )
    whole = joined(own, older)
    assert whole.usages[first, 7] == kept.usages[first, 7]
    assert whole.usages[second, 7] == own.usages[second, 7]
    assert not whole.failures


def test_of_a_key_that_a_newer_list_does_not_have_nothing_stays_but_that_it_is_gone() -> None:
    own, kept = fetched(NOW), fetched(LATER)
    gone = own.keys[0]
    own = replace(own, failures={(gone.id, 7): Problem.of(Forbidden("No.", ""), gone.id)})
    usages = {slot: usage for slot, usage in kept.usages.items() if slot[0] != gone.id}
    whole = joined(own, replace(kept, keys=kept.keys[1:], usages=usages))
    assert [key.id for key in whole.gone] == [gone.id]
    assert gone.id not in {key_id for key_id, _ in (*whole.usages, *whole.failures)}
    assert len(whole.usages) == len(usages)
