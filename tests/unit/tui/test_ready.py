"""What is made beside the loop, so that a frame only looks it up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from socd_tui.analysis.assessment import _assessed
from socd_tui.analysis.findings import findings
from socd_tui.model.errors import Problem
from socd_tui.model.lens import Lens, visible
from socd_tui.model.past import DayRecord, Past
from socd_tui.tui.ready import ready
from tests.fleets import NOW, fetched

LONG = Lens(days=180)


def past(key_id: str) -> dict[str, Past]:
    days = [NOW.date() - timedelta(days=ago) for ago in range(150, 100, -1)]
    return {key_id: Past(tuple(DayRecord(day, 10, 0, 0, NOW) for day in days))}


def test_a_frame_finds_the_findings_known() -> None:
    fleet = fetched(NOW)
    for lens in (Lens(), Lens(only=(fleet.keys[0].id,)), LONG):
        made = ready(fleet, lens, past(fleet.keys[0].id))
        before = findings.cache_info().misses, _assessed.cache_info().misses
        findings(made, visible(made, lens))
        assert (findings.cache_info().misses, _assessed.cache_info().misses) == before


def test_only_the_past_of_listed_keys_is_taken() -> None:
    fleet = fetched(NOW)
    known = past(fleet.keys[0].id)
    assert ready(fleet, Lens(), known | past("another account's")).past == known


def test_a_longer_window_is_made_again_only_from_something_new() -> None:
    fleet = fetched(NOW)
    key, other = fleet.keys[0].id, fleet.keys[1].id
    known = past(key)
    shown = ready(fleet, LONG, known)
    long = shown.usage(key, 180)
    assert long

    recent = replace(shown.usages[key, 7], fetched_at=NOW + timedelta(minutes=1))
    same = ready(replace(shown, usages={**shown.usages, (key, 7): recent}), LONG, known, shown)
    assert same.usage(key, 180) is long

    newer = replace(shown.usages[key, 90], fetched_at=NOW + timedelta(minutes=1))
    made = ready(replace(shown, usages={**shown.usages, (key, 90): newer}), LONG, known, shown).usage(
        key, 180
    )
    assert made
    assert made.fetched_at == newer.fetched_at

    assert ready(shown, LONG, known | past(other), shown).usage(other, 180) != shown.usage(other, 180)
    late = Problem("timeout", "The service did not answer.", key_id=key)
    failed = replace(shown, failures={(key, 90): late})
    assert ready(failed, LONG, known, shown).failure(key, 180) == late
