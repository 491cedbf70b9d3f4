"""What is shown is kept up with what is learnt and looked at; what takes its time is made beside the loop."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from socd_tui.live.derivation import Derivation
from socd_tui.live.ingredients import Ingredients
from socd_tui.live.sources import Sources
from socd_tui.live.tasks import Tasks
from socd_tui.model.errors import Problem
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.past import Past
from socd_tui.views.frame.scene import windows
from tests.build import observed
from tests.fleets import NOW, fetched

WHY = Problem(kind="cancelled", message="The refresh was cancelled.")

pytestmark = pytest.mark.anyio


def past_of(*key_ids: str) -> dict[str, Past]:
    days = tuple(observed(NOW.date() - timedelta(days=ago), 10, 0, 0, NOW) for ago in range(150, 100, -1))
    return {key_id: Past(days) for key_id in key_ids}


def derivation(lens: Lens) -> tuple[Derivation, list[int]]:
    """With nothing known yet, and what it gives out: the windows in days."""
    given: list[int] = []
    tasks = Tasks(lambda: None)
    sources = Sources(fleet=Fleet(), clock=lambda: NOW, windows=windows)
    made = Derivation(tasks, sources, lens, lambda: given.append(made.known.days))
    return made, given


def test_only_the_past_of_listed_keys_is_taken() -> None:
    answers = fetched(NOW)
    key = answers.keys[0].id
    past = past_of(key, "another account's")
    assert Ingredients(answers, past).fleet().past == {key: past[key]}


def test_keys_nobody_asks_for_say_why_where_they_have_neither_answer_nor_problem() -> None:
    late = Problem(kind="timeout", message="The service did not answer.")
    answers = fetched(NOW)
    key, other = answers.keys[0].id, answers.keys[1].id
    answers = replace(answers, failures={(other, 14): late})
    filled = Ingredients(answers, {}, WHY, (90, 14)).fleet()
    assert filled.failure(key, 14) == replace(WHY, key_id=key)
    assert filled.failure(key, 90) is None
    assert filled.failure(other, 14) == late
    assert filled.usages == answers.usages


def test_keys_that_are_waited_for_have_no_problem() -> None:
    assert Ingredients(fetched(NOW), {}, None, (14,)).fleet().failures == {}


async def test_newer_answers_come_with_all_that_is_derived_of_them() -> None:
    made, given = derivation(Lens(days=7))
    made.answers = fetched(NOW)
    await made.update()
    key = made.answers.keys[0].id
    assert made.known.usage(key) is made.answers.usage(key, 7)
    assert given == [7]
    await made.update()
    assert given == [7]


async def test_another_window_of_the_same_answers_is_there_at_once() -> None:
    made, _ = derivation(Lens(days=7))
    made.answers = fetched(NOW)
    await made.update()
    key = made.answers.keys[0].id
    assessment = made.known.assessment(key)
    made.look(Lens(days=90))
    assert made.known.usage(key) is made.answers.usage(key, 90)
    assert made.known.assessment(key) is assessment


async def test_the_window_looked_at_before_is_as_it_was_left_while_nothing_has_changed() -> None:
    made, _ = derivation(Lens(days=7))
    made.answers = fetched(NOW)
    await made.update()
    left = made.known
    key = left.fleet.keys[0]
    made.look(Lens(days=90))
    assert made.keeps(left)
    made.look(Lens(days=7))
    assert made.known is left
    made.look(Lens(days=7, compare="same_length"))
    assert made.known is not left
    made.look(Lens(days=7))
    assert made.known is left
    made.look(Lens(days=90))
    made.prefer(replace(made.known.preferences, owners={"us": ("*",)}))
    made.look(Lens(days=7))
    assert made.known.preferences.owners == {"us": ("*",)}
    made.look(Lens(days=90))
    made.refresh_begins()
    made.answers = fetched(NOW + timedelta(minutes=1))
    await made.update()
    made.look(Lens(days=7))
    assert made.known.usage(key.id) is made.answers.usage(key.id, 7)
    assert made.known.earlier is not None
    assert not made.keeps(left)


async def test_a_window_longer_than_the_services_is_made_beside_the_loop() -> None:
    made, given = derivation(Lens(days=90))
    made.answers = fetched(NOW)
    key = made.answers.keys[0].id
    made.past = past_of(key)
    await made.update()
    made.look(Lens(days=180))
    assert made.known.usage(key) is None
    await made.update()
    usage = made.known.usage(key)
    assert usage
    assert usage.window.days == 180
    assert given == [90, 180]


async def test_whatever_changes_meanwhile_is_in_what_is_shown() -> None:
    made, given = derivation(Lens(days=90))
    made.answers = fetched(NOW - timedelta(minutes=5))
    running = made.update()
    await asyncio.sleep(0)  # it has begun
    made.look(Lens(days=180))
    made.answers = newer = fetched(NOW)
    made.past = past_of(newer.keys[0].id)
    await running
    assert made.known.days == 180
    assert {usage.fetched_at for usage in made.known.fleet.usages.values()} == {NOW}
    assert made.known.fleet.past
    assert given == [180]


async def test_a_gap_is_explained_until_it_is_closed() -> None:
    made, _ = derivation(Lens(days=14))
    made.answers = fetched(NOW)
    await made.update()
    key = made.answers.keys[0].id
    assert made.known.problem(key) is None
    made.explain(WHY)
    await made.update()
    assert made.known.problem(key) == replace(WHY, key_id=key)
    made.look(Lens(days=30))
    await made.update()
    assert made.known.problem(key) == replace(WHY, key_id=key)
    made.explain(None)
    await made.update()
    assert made.known.problem(key) is None
    assert made.known.fleet.failures == {}


async def test_a_cursor_makes_no_work() -> None:
    made, given = derivation(Lens(days=7))
    made.answers = fetched(NOW)
    await made.update()
    known = made.known
    made.look(Lens(days=7, view="status", date=NOW.date()))
    assert made.known is known
    assert given == [7]


async def test_what_a_refresh_replaces_stays_beside_the_newer_until_the_next_one_does() -> None:
    made, _ = derivation(Lens(days=7))
    first, second, third = (fetched(NOW + timedelta(minutes=n)) for n in range(3))
    key = first.keys[0].id
    made.refresh_begins()
    made.answers = first
    await made.update()
    assert made.known.earlier is None
    made.refresh_begins()
    made.answers = second
    await made.update()
    assert made.known.earlier is not None
    assert made.known.earlier.usage(key) is first.usage(key, 7)
    made.look(Lens(days=90))
    assert made.known.earlier is not None
    assert made.known.earlier.usage(key) is first.usage(key, 90)
    made.refresh_begins()  # which brings nothing for now
    made.look(Lens(days=7))
    assert made.known.earlier is not None
    assert made.known.earlier.usage(key) is first.usage(key, 7)
    made.answers = third
    await made.update()
    assert made.known.earlier is not None
    assert made.known.earlier.usage(key) is second.usage(key, 7)
    assert made.known.earlier.earlier is None, "no more is kept than the answers before"
    made.begin(Fleet())
    assert made.known.earlier is None
