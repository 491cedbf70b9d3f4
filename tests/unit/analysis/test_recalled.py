"""What was found out of a key is stored with its answers, and is what would be found out of them again."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any, get_args
from weakref import ref
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis import recalled as module
from socd_tui.analysis.assessment import Assessment
from socd_tui.analysis.findings import Expiring, Finding
from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.known import KeyFacts, Known, prepare
from socd_tui.analysis.recalled import recalled
from socd_tui.analysis.recorded import analysed, written
from socd_tui.charts.canvas import Canvas
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens
from socd_tui.model.past import Past
from socd_tui.model.text import Text
from socd_tui.store.snapshot import decode, encode
from socd_tui.views.frame.picture import picture
from socd_tui.views.registry import view
from tests.build import observed
from tests.cost import counted
from tests.fleets import FLEETS, NOW, fetched, huge, nested

WEEK = Lens(days=7)
ACCOUNTS = {name: make for name, (make, _) in FLEETS.items()} | {
    f"{name}_on_{at:%a_%d}": (lambda at=at: fetched(at))
    for name, at in (("demo", NOW - timedelta(days=ago)) for ago in (1, 3, 9))
}


def opened(fleet: Fleet, past: dict[str, Past] | None = None) -> Fleet:
    """The Fleet as it is without what is not stored, with what was found out of it, stored and read again."""
    stored = replace(fleet, failures={}, problems=(), past={})
    alone = prepare(stored, WEEK).by_key.values()
    whole = prepare(replace(stored, past=past), WEEK).by_key.values() if past else ()
    found = decode(encode(replace(stored, analysed=analysed(stored, alone, whole))))
    assert found is not None
    return found


def is_recalled(fleet: Fleet, facts: KeyFacts) -> bool:
    return recalled(fleet.analysed, facts.ground) is not None


def told(known: Known) -> dict[str, object]:
    """All that is known of each key, as values."""
    return {
        key_id: (
            [
                getattr(facts.assessment, name)
                for name in ("observed", "days", "today", "budgets", "window_days")
            ],
            [
                getattr(facts.assessment, name)
                for name in ("busy", "rise", "ahead", "tier", "at_cap", "first")
            ],
            [getattr(facts.assessment, name) for name in ("episodes", "foretold", "changed")],
            (
                facts.assessment.forecast.inside,
                facts.assessment.forecast.of,
                facts.assessment.forecast.bands[:],
            )
            if isinstance(facts.assessment.forecast, Forecast)
            else None,
            facts.findings,
        )
        for key_id, facts in known.by_key.items()
    }


@pytest.mark.parametrize("name", ACCOUNTS)
def test_what_is_read_is_what_would_be_found_out(name: str) -> None:
    fleet = opened(ACCOUNTS[name]())
    fresh = replace(fleet, analysed=None)
    known = prepare(fleet, WEEK)
    assert told(known) == told(prepare(fresh, WEEK))
    assert known.findings(fleet.keys) == prepare(fresh, WEEK).findings(fleet.keys)
    for facts in known.by_key.values():
        assert is_recalled(fleet, facts) == bool(facts.ground.answers)


def test_what_is_read_goes_with_who_holds_it() -> None:
    def read_and_dropped() -> list[ref[Assessment]]:
        known = prepare(opened(fetched(NOW)), WEEK)
        assert told(known)
        return [ref(facts.assessment) for facts in known.by_key.values()]

    gc.disable()
    try:
        assert [each() for each in read_and_dropped()] == [None] * 10
    finally:
        gc.enable()


def remembered(fleet: Fleet) -> dict[str, Past]:
    """Days before those that the answers tell."""
    long_ago = [NOW.date() - timedelta(days=ago) for ago in range(200, 60, -1)]
    days = tuple(observed(on, 150 + on.day, on.day % 3, 0, NOW - timedelta(days=60)) for on in long_ago)
    return {key.id: Past(days, foretold=(3, 4)) for key in fleet.keys}


def test_it_is_read_with_what_is_remembered_and_without() -> None:
    past = remembered(fetched(NOW))
    fleet = opened(fetched(NOW), past)
    for each in (fleet, replace(fleet, past=past)):
        known = prepare(each, WEEK)
        assert all(is_recalled(each, facts) for facts in known.by_key.values())
        assert told(known) == told(prepare(replace(each, analysed=None), WEEK))
    assert told(prepare(fleet, WEEK)) != told(prepare(replace(fleet, past=past), WEEK))


def test_what_is_remembered_counts_by_its_days_and_not_by_when_it_was_read() -> None:
    fleet = opened(fetched(NOW))
    told_already = {
        key.id: Past(
            tuple(observed(day.date, day.requests, day.errors, day.throttled, NOW) for day in facts.observed)
        )
        for key in fleet.keys
        for facts in [prepare(fleet, WEEK).by_key[key.id]]
    }
    looked_back = replace(fleet, past=told_already)
    known = prepare(looked_back, WEEK)
    assert all(is_recalled(looked_back, facts) for facts in known.by_key.values())


KEY = fetched(NOW).keys[0].id


def with_key(fleet: Fleet, **changes: Any) -> Fleet:
    return replace(fleet, keys=tuple(replace(key, **changes) if key.id == KEY else key for key in fleet.keys))


def with_usage(fleet: Fleet, **changes: Any) -> Fleet:
    slot = KEY, 90
    return replace(fleet, usages={**fleet.usages, slot: replace(fleet.usages[slot], **changes)})


def another(key: ApiKey) -> ApiKey:
    return replace(key, id="11111111-0000-4000-8000-000000000000", tier=Text("pro"))


SAID = 1476648453
"""The checksum of what the analysis of that number says."""

CHANGES: dict[str, Callable[[Fleet], Fleet]] = {
    "its limit": lambda fleet: with_key(fleet, limit_per_day=7),
    "its tier": lambda fleet: with_key(fleet, tier=Text("a tier of its own")),
    "its end": lambda fleet: with_key(fleet, expires_at=NOW - timedelta(days=2)),
    "a newer answer": lambda fleet: with_usage(fleet, fetched_at=NOW + timedelta(minutes=1)),
    "the same answer at another hour of the service": lambda fleet: with_usage(
        fleet, observed_at=NOW + timedelta(minutes=1)
    ),
    "an answer that is gone": lambda fleet: replace(
        fleet, usages={slot: usage for slot, usage in fleet.usages.items() if slot != (KEY, 7)}
    ),
    "one more answer": lambda fleet: replace(
        fleet, usages={**fleet.usages, (KEY, 30): replace(fleet.usages[KEY, 90])}
    ),
    "a day more": lambda fleet: replace(fleet, past=remembered(fleet)),
    "another Pro key": lambda fleet: replace(
        fleet, keys=(*fleet.keys, another(fleet.keys[0]), another(fleet.keys[1]))
    ),
    "another analysis": lambda fleet: replace(
        fleet, analysed=fleet.analysed._replace(by=f"{module.MADE_BY}0") if fleet.analysed else None
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_holds_for_the_very_same_alone(change: str) -> None:
    before = opened(
        replace(fetched(NOW), keys=tuple(replace(key, tier=Text("free")) for key in fetched(NOW).keys))
    )
    assert is_recalled(before, prepare(before, WEEK).by_key[KEY])
    fleet = CHANGES[change](before)
    known = prepare(fleet, WEEK)
    assert not is_recalled(fleet, known.by_key[KEY])
    assert told(known) == told(prepare(replace(fleet, analysed=None), WEEK))


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_taken_over_of_an_earlier_picture_is_what_would_be_found_out(change: str) -> None:
    before = prepare(fetched(NOW), WEEK)
    told(before)
    changed = CHANGES[change](fetched(NOW))
    assert told(prepare(changed, WEEK, earlier=before)) == told(prepare(changed, WEEK))


def test_a_key_that_has_expired_since_is_looked_at_anew() -> None:
    fleet = opened(with_key(fetched(NOW), expires_at=NOW + timedelta(hours=1)))
    assert is_recalled(fleet, prepare(fleet, WEEK).by_key[KEY])
    later = replace(fleet, opened_at=NOW + timedelta(hours=2))
    known = prepare(later, WEEK)
    assert known.by_key[KEY].ground.state == "expired"
    assert not is_recalled(later, known.by_key[KEY])


def test_how_long_a_key_lasts_is_told_at_the_hour_of_the_picture() -> None:
    fleet = opened(with_key(fetched(NOW), expires_at=NOW + timedelta(hours=30)))
    known = prepare(replace(fleet, opened_at=NOW + timedelta(hours=6)), WEEK)
    assert is_recalled(fleet, known.by_key[KEY])
    [left] = [each.left for each in known.by_key[KEY].findings if isinstance(each, Expiring)]
    assert left == timedelta(hours=24)


def test_a_snapshot_that_is_written_again_loses_what_no_longer_holds() -> None:
    fleet = with_usage(opened(fetched(NOW)), fetched_at=NOW + timedelta(minutes=1))
    again = decode(encode(fleet))
    assert again is not None
    known = prepare(again, WEEK)
    lost = {key_id for key_id, facts in known.by_key.items() if not is_recalled(again, facts)}
    assert lost == {KEY}


def test_each_kind_of_finding_is_written_with_all_that_it_says() -> None:
    for kind in get_args(Finding):
        if kind is not Expiring:  # which is made at the hour of the picture
            there = {"key", *module.OWN[kind], *module._THERE}
            assert {each.name for each in fields(kind)} <= there


DOCUMENT = json.loads(encode(opened(nested())))
FOUND = DOCUMENT["analysed"]["found"]
Path = tuple[int | str, ...]


def paths(value: object, above: Path = ()) -> list[Path]:
    """Every place in a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [above, *(path for key, item in items for path in paths(item, (*above, key)))]


ODD: st.SearchStrategy[object] = st.sampled_from(
    [
        None,
        True,
        -1,
        0,
        7,
        2**80,
        10**400,
        1.5,
        float("nan"),
        float("inf"),
        "",
        "x",
        "runaway",
        "\x1b[2J",
        [],
        [[]],
        {},
    ]
)


@given(st.sampled_from(paths(FOUND)), ODD)
def test_whatever_stands_in_its_place_the_picture_is_drawn(path: Path, odd: object) -> None:
    document = json.loads(json.dumps(DOCUMENT))
    holder, last = document["analysed"], "found"
    for step in path:
        holder, last = holder[last], step  # type: ignore[assignment]
    holder[last] = odd
    fleet = decode(json.dumps(document).encode())
    assert fleet is not None
    known = prepare(fleet, WEEK)
    told(known)
    for name in ("overview", "budget"):
        lens = Lens(view=name, days=7)
        drawn = picture(view(name), view(name).build(known, lens), known, lens, Canvas(120, 40))
        assert "\x1b" not in str(drawn)


def test_a_forecast_without_its_fit_is_made_again() -> None:
    document = json.loads(json.dumps(DOCUMENT))
    told_ahead = (parts["ahead"][0] for parts, *_ in document["analysed"]["found"].values())
    forecasts = [each for each in told_ahead if isinstance(each, list)]  # else why there is none
    assert forecasts
    for *_, (_, _, fits) in forecasts:
        fits[:] = [None]
    fleet = decode(json.dumps(document).encode())
    assert fleet is not None
    assert told(prepare(fleet, WEEK)) == told(prepare(opened(nested()), WEEK))


@pytest.mark.parametrize(
    "odd", [None, 7, "x", [], [1], {"by": module.MADE_BY}, {"found": {}}, {"by": 1, "found": 2}]
)
def test_without_it_or_with_anything_else_in_its_place_a_snapshot_opens(odd: object) -> None:
    fleet = decode(json.dumps({**DOCUMENT, "analysed": odd}).encode())
    assert fleet is not None
    assert told(prepare(fleet, WEEK)) == told(prepare(opened(nested()), WEEK))


def rounded(value: Any) -> Any:
    """Without the last digits, which differ between machines."""
    if isinstance(value, dict):
        return {name: rounded(each) for name, each in value.items()}
    if isinstance(value, list):
        return [*map(rounded, value)]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def test_an_analysis_that_finds_out_something_else_has_a_number_of_its_own() -> None:
    """Else what an earlier one found out would be shown: where this fails, `MADE_BY` counts one more."""
    made = [analysed(fleet, prepare(fleet, WEEK).by_key.values(), ()) for fleet in (fetched(NOW), nested())]
    said = json.dumps([rounded(each.found) for each in made], sort_keys=True)
    assert (module.MADE_BY.split()[1], crc32(said.encode())) == ("3", SAID)


def test_what_is_infinite_is_not_written() -> None:
    """No figure of a forecast is, but JSON has no word for it."""
    [facts, *_] = prepare(fetched(NOW), WEEK).by_key.values()
    forecast = facts.assessment.forecast
    assert isinstance(forecast, Forecast)
    vars(facts.assessment)["ahead"] = replace(forecast, chance=float("inf")), None
    assert written(facts.ground, (facts.assessment, facts.lasting)) is None


def test_to_read_it_costs_a_fraction_of_finding_it_out() -> None:
    """Of 50 keys it takes 4 ms instead of 40, which no test can measure on every machine."""
    fleet = opened(huge())
    _, reading = counted(lambda: prepare(fleet, WEEK))
    _, finding_out = counted(lambda: prepare(replace(fleet, analysed=None), WEEK))
    assert reading < finding_out / 5
