"""What is derived of a Fleet is made once, and again only from something new."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from socd_tui.analysis.known import prepare
from socd_tui.model.errors import Problem
from socd_tui.model.lens import Lens
from socd_tui.model.past import Observation, Past
from socd_tui.model.window import Window
from tests.build import observed
from tests.cost import counted
from tests.fleets import NOW, compared, fetched

LONG = Lens(days=180)


def past() -> Past:
    days = [NOW.date() - timedelta(days=ago) for ago in range(150, 100, -1)]
    return Past(tuple(observed(day, 10, 0, 0, NOW) for day in days))


def test_another_window_of_the_same_fleet_takes_the_assessments_over() -> None:
    fleet = fetched(NOW)
    week = prepare(fleet, Lens(days=7))
    quarter = prepare(fleet, Lens(days=90), earlier=week)
    for key in fleet.keys:
        before, after = week.by_key[key.id], quarter.by_key[key.id]
        assert (before.usage, after.usage) == (fleet.usages[key.id, 7], fleet.usages[key.id, 90])
        assert after.assessment is before.assessment
        assert after.findings is before.findings


def test_what_no_window_changes_is_made_once_for_a_fleet() -> None:
    fleet = fetched(NOW)
    week = prepare(fleet, Lens(days=7))
    quarter = prepare(fleet, Lens(days=90), earlier=week)
    assert quarter.findings(fleet.keys) is week.findings(fleet.keys)
    newer = prepare(replace(fleet), Lens(days=90), earlier=week)
    assert newer.findings(fleet.keys) is not week.findings(fleet.keys)


def test_one_new_answer_makes_one_key_anew() -> None:
    fleet = fetched(NOW)
    key = fleet.keys[0].id
    first = prepare(fleet, Lens())
    newer = replace(fleet.usages[key, 7], fetched_at=NOW + timedelta(minutes=1))
    second = prepare(replace(fleet, usages={**fleet.usages, (key, 7): newer}), Lens(), earlier=first)
    made = {each for each in first.by_key if second.assessment(each) is not first.assessment(each)}
    assert made == {key}
    assert second.usage(key) is newer


def test_what_tells_nothing_new_leaves_what_was_found_out() -> None:
    """An older answer of another window, and what is remembered of the very days that the answers tell."""
    fleet = fetched(NOW)
    key = fleet.keys[0].id
    first = prepare(fleet, Lens())
    facts = first.by_key[key]
    older = replace(
        fleet.usages[key, 90],
        window=Window.ending(NOW.date(), 30),
        observed_at=NOW - timedelta(hours=2),
        fetched_at=NOW - timedelta(hours=2),
    )
    told = Past(tuple(Observation(day, NOW - timedelta(hours=3)) for day in facts.observed), foretold=(1, 2))
    for changed in (
        replace(fleet, usages={**fleet.usages, (key, 30): older}),
        replace(fleet, past={key: told}),
    ):
        again = prepare(changed, Lens(), earlier=first).by_key[key]
        assert again.assessment is not facts.assessment
        assert again.assessment.busy is facts.assessment.busy
        assert again.assessment.ahead is facts.assessment.ahead
        assert again.assessment.foretold == ((1, 2) if changed.past else (0, 0))
    days_more = prepare(replace(fleet, past={key: past()}), Lens(), earlier=first).assessment(key)
    assert days_more.busy is not facts.assessment.busy


def test_what_is_compared_is_subtracted_once() -> None:
    fleet = compared()
    lens = Lens(days=7, compare="same_length")
    first = prepare(fleet, lens)
    befores = [first.by_key[key.id].before for key in fleet.keys]
    second = prepare(fleet, lens, earlier=first)
    again = [second.by_key[key.id].before for key in fleet.keys]
    assert all(before is after for before, after in zip(befores, again, strict=True))
    assert any(before and before.usage for before in befores)


def test_without_comparing_there_is_no_window_before() -> None:
    facts = prepare(compared(), Lens(days=7)).by_key.values()
    assert {each.before for each in facts} == {None}


def test_a_window_longer_than_the_services_is_made_again_only_from_something_new() -> None:
    fleet = fetched(NOW)
    key = fleet.keys[0].id
    fleet = replace(fleet, past={key: past()})
    shown = prepare(fleet, LONG)
    long = shown.usage(key)
    assert long
    assert long.window.days == 180
    assert (key, 180) not in fleet.usages

    other = replace(fleet, listed_at=NOW + timedelta(minutes=1))
    assert prepare(other, LONG, earlier=shown).usage(key) is long

    newer = replace(fleet.usages[key, 90], fetched_at=NOW + timedelta(minutes=1))
    refreshed = prepare(replace(fleet, usages={**fleet.usages, (key, 90): newer}), LONG, earlier=shown)
    assert refreshed.usage(key) is not long

    remembering = prepare(replace(fleet, past={key: past()}), LONG, earlier=shown)
    assert remembering.usage(key) is not long

    late = Problem(kind="timeout", message="The service did not answer.", key_id=key)
    failed = prepare(replace(fleet, failures={(key, 90): late}), LONG, earlier=shown)
    assert failed.problem(key) == late


def test_an_analysis_costs_few_calls_for_each_day_however_many_there_are() -> None:
    """50 keys with 90 days take 50 ms, which no test can measure on every machine."""
    fleet = fetched(NOW)
    years = (NOW.date() - timedelta(days=ago) for ago in range(1_095, 90, -1))
    old = Past(tuple(observed(on, 100 + on.day, on.day // 4, 0, NOW) for on in years))
    for each in (fleet, replace(fleet, past={key.id: old for key in fleet.keys})):
        known, calls = counted(lambda each=each: prepare(each, Lens()))  # type: ignore[misc]
        assert calls < 100 * sum(len(facts.observed) for facts in known.by_key.values())
