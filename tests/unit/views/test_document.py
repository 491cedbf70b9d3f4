"""The JSON document: the same for the same picture, ASCII, and with nothing made up."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from socd_tui.analysis.known import Known
from socd_tui.charts.sheet import stamp
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.text import Text
from socd_tui.views.frame.document import SCHEMA, document, key_facts, problems, scope
from socd_tui.views.registry import view, views
from tests.build import figures, pane, prepared
from tests.fleets import BASE_URL, NOW, all_unknown, demo, empty, failing, huge, looked_at, starting

LATER = NOW + timedelta(minutes=3)


def written(fleet: Fleet | Known, lens: Lens, at: datetime = LATER, *, raw: bool = False) -> str:
    known = fleet if isinstance(fleet, Known) else prepared(fleet, lens)
    data = pane(known, lens)
    return document(view(lens.view), data, known, lens, generated_at=at, version="1.2.3", raw=raw)


def read(fleet: Fleet | Known, lens: Lens, *, raw: bool = False) -> Any:
    return json.loads(written(fleet, lens, raw=raw))


def focused(name: str = "series", n: int = 1, days: int = 30) -> Lens:
    return Lens(view=name, days=days, focus=demo().keys[n].id)


def test_the_head_says_what_when_and_from_where() -> None:
    found = read(demo(), focused())
    assert found["schema"] == SCHEMA
    assert found["view"] == "series"
    assert found["generated_at"] == "2026-11-22T14:23:00Z"
    assert found["tool"] == {"name": "socd-tui", "version": "1.2.3"}
    assert found["source"] == {
        "mode": "demo",
        "base_url": BASE_URL,
        "fetched_at": "2026-11-22T14:20:00Z",
        "dialect": "flat",
    }
    assert found["window"] == {
        "days": 30,
        "asked_days": 30,
        "start": "2026-10-24",
        "end": "2026-11-22",
        "zone": "UTC",
    }
    assert found["lens"] == {"filter": None, "sort": None, "compare": False, "compare_kind": None}


@pytest.mark.parametrize("name", [known.name for known in views()])
def test_the_same_picture_is_the_same_document_but_for_its_date(name: str) -> None:
    first, second = (written(demo(), focused(name), at) for at in (NOW, LATER))
    assert first != second
    assert first.replace(stamp(NOW) or "", "") == second.replace(stamp(LATER) or "", "").replace(
        stamp(NOW) or "", ""
    )


@pytest.mark.parametrize("name", [known.name for known in views()])
def test_the_document_is_ascii_whatever_the_service_wrote(name: str) -> None:
    known, lens = looked_at("huge")
    assert written(known, replace(lens, view=name)).isascii()


def test_strings_are_the_services_own() -> None:
    hostile = Text("\x1b[31mred\u202e")
    fleet = replace(demo(), keys=(replace(demo().keys[0], name=hostile),))
    [key] = read(fleet, Lens(view="overview", days=30))["keys"]
    assert key["name"] == "\x1b[31mred\u202e"


def test_the_keys_are_those_that_the_figures_are_of() -> None:
    keys = demo().keys
    assert [key["id"] for key in read(demo(), focused("series"))["keys"]] == [keys[1].id]
    assert [key["id"] for key in read(demo(), focused("overview"))["keys"]] == [key.id for key in keys]
    marked = replace(focused("status"), marked=frozenset({keys[0].id, keys[2].id}))
    assert [key["id"] for key in read(demo(), marked)["keys"]] == [keys[0].id, keys[2].id]
    only = Lens(view="overview", days=30, only=(keys[3].id,))
    assert [row["key_id"] for row in read(demo(), only)["data"]["rows"]] == [keys[3].id]


def test_the_data_is_that_of_the_view() -> None:
    lens = focused("endpoints")
    assert read(demo(), lens)["data"] == json.loads(json.dumps(figures(demo(), lens)))


def test_a_key_that_failed_is_among_the_problems() -> None:
    [problem] = read(demo(), Lens(view="overview", days=30))["problems"]
    assert problem["key_id"] == demo().keys[9].id
    assert problem["kind"] == "not_found"
    assert problem["message"]
    assert problem["next_step"]
    assert read(demo(), focused())["problems"] == []


def test_every_failure_is_told_once() -> None:
    fleet, lens = failing(), Lens(view="budget", days=30)
    found = problems(prepared(fleet, lens), scope(view("budget"), fleet, lens))
    assert [problem.key_id for problem in found] == [key.id for key in fleet.keys]


def test_notes_name_their_key() -> None:
    notes = read(huge(), Lens(view="series", days=90, focus=huge().keys[3].id))["notes"]
    assert notes == [
        {"key_id": huge().keys[3].id, "message": "the service counts in trillions"},
        {"key_id": huge().keys[3].id, "message": "and says so twice"},
    ]


def test_without_any_answer_the_source_is_unknown() -> None:
    found = read(starting(), Lens(view="overview", days=30))
    assert found["source"]["fetched_at"] is None
    assert found["source"]["dialect"] is None
    assert (found["window"]["start"], found["window"]["end"]) == (None, None)
    assert found["keys"] == []


def test_a_window_without_rows_ends_with_the_day_of_the_list() -> None:
    assert read(empty(), Lens(view="overview", days=7))["window"]["end"] == "2026-11-22"


def test_an_unknown_figure_is_null() -> None:
    [row, *_] = read(all_unknown(), Lens(view="overview", days=30))["data"]["rows"]
    named = ("key_id", "verdict", "state", "as_of", "stale")
    assert {value for name, value in row.items() if name not in named} == {None}


def test_raw_payloads_come_only_when_asked_for_and_are_still_json() -> None:
    key = demo().keys[1]
    odd = replace(
        demo().usages[key.id, 30], raw=lambda: {"a": float("nan"), "b": [float("inf"), 1.5], "c": None}
    )
    fleet = replace(demo(), usages={(key.id, 30): odd})
    assert "raw" not in read(fleet, focused())
    assert read(fleet, focused(), raw=True)["raw"] == {key.id: {"a": None, "b": [None, 1.5], "c": None}}


def test_a_key_without_a_tier_has_none() -> None:
    assert key_facts(all_unknown().keys[0])["tier"] is None


def test_a_moment_is_written_in_utc_and_whole_seconds() -> None:
    assert stamp(datetime(2026, 1, 2, 3, 4, 5, 999, tzinfo=UTC)) == "2026-01-02T03:04:05Z"
    assert stamp(None) is None
