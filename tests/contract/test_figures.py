"""What the panes say adds up, and the words for what is missing are the right ones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from socd_tui.charts.canvas import Canvas
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from tests.build import drawn, figures, pane
from tests.fleets import demo, failing, huge, loading, looked_at, nested, stale

each_fleet = pytest.mark.parametrize("fleet_name", ["flat", "nested", "huge"])


def figures_of(name: str, fleet_name: str, n: int | None = None) -> Any:
    """A view's JSON data, of one key or of all."""
    known, lens = looked_at(fleet_name)
    focus = None if n is None else known.fleet.keys[n].id
    return pane(known, replace(lens, view=name, focus=focus)).json()


def shown(name: str, fleet: Fleet, width: int = 80, height: int = 24, **looking: Any) -> str:
    return drawn(fleet, Lens(view=name, days=30, **looking), Canvas(width, height))


def total(values: Iterable[Any]) -> Any:
    return sum(value for value in values if value is not None)


@each_fleet
def test_shares_of_the_keys_add_up_to_1(fleet_name: str) -> None:
    rows = figures_of("overview", fleet_name)["rows"]
    assert total(row["share"] for row in rows) == pytest.approx(1, abs=1e-4 * len(rows))


@each_fleet
@pytest.mark.parametrize("n", [0, 1, 5])
def test_shares_of_the_endpoints_add_up_to_1_with_the_rest(fleet_name: str, n: int) -> None:
    data = figures_of("endpoints", fleet_name, n)
    shares = total(row["share"] for row in data["rows"]) + data["other"] / data["total"]
    assert shares == pytest.approx(1, abs=1e-4 * len(data["rows"]))
    assert total(row["requests"] for row in data["rows"]) + data["other"] == data["total"]


@pytest.mark.parametrize("fleet_name", ["flat", "nested"])
@pytest.mark.parametrize("n", [0, 1, 2, 8])
def test_shares_of_the_codes_add_up_to_1(fleet_name: str, n: int) -> None:
    data = figures_of("status", fleet_name, n)
    assert total(row["share"] for row in data["rows"]) == pytest.approx(1, abs=1e-4 * len(data["rows"]))
    assert sum(data["classes"].values()) == data["requests"]


@each_fleet
def test_the_total_is_the_sum_of_its_rows(fleet_name: str) -> None:
    data = figures_of("overview", fleet_name)
    for field in ("requests", "successful", "client_errors", "server_errors", "throttled"):
        assert data["total"][field] == total(row[field] for row in data["rows"])


@pytest.mark.parametrize("name", ["series", "endpoints", "status"])
def test_marked_keys_are_summed_in_every_pane(name: str) -> None:
    fleet = demo()
    pair = fleet.keys[1:3]
    alone = [requests(fleet, Lens(view=name, days=30, focus=key.id)) for key in pair]
    both = requests(fleet, Lens(view=name, days=30, marked=frozenset(key.id for key in pair)))
    assert both == sum(alone) > 0


def requests(fleet: Fleet, lens: Lens) -> int:
    rows = figures(fleet, lens)["days" if lens.view == "series" else "rows"]
    return sum(row["requests"] for row in rows)


def test_both_dialects_tell_the_same_of_what_both_send() -> None:
    for name in ("series", "status"):
        flat, nested_ = figures_of(name, "flat", 1), figures_of(name, "nested", 1)
        for data in (flat, nested_):  # what only one of them has the grounds for
            data.pop("triage", None)
            for day in data.get("days", ()):
                del day["throttled"]
        assert flat == nested_


def test_the_hours_account_for_every_429() -> None:
    data = figures_of("heatmap", "flat", 1)
    assert total(hour["count"] for hour in data["hours"]) == data["total"] == 19_688


def test_without_hours_the_map_says_so_and_shows_endpoints_instead() -> None:
    data = figures_of("heatmap", "nested", 1)
    assert (data["known"], data["hours"]) == (False, [])
    assert total(row["count"] for row in data["by_endpoint"]) == data["total"]
    told = shown("heatmap", nested(), focus=demo().keys[1].id)
    assert "no hourly figures" in told
    assert "/api/v1/iocs" in told


@pytest.mark.parametrize("name", ["series", "endpoints", "status", "heatmap"])
def test_a_pane_says_that_its_figures_are_still_to_come(name: str) -> None:
    told = shown(name, loading(), focus=demo().keys[1].id)
    assert told.strip() == "Waiting for the figures of 'threat-notebook#2zBT'."


@pytest.mark.parametrize("name", ["series", "endpoints", "status", "heatmap"])
def test_a_pane_says_why_there_are_no_figures_and_what_to_do(name: str) -> None:
    told = " ".join(shown(name, failing(), width=40, focus=demo().keys[1].id).split())
    assert told == (
        "No figures for 'threat-notebook#2zBT'. The service does not know this key. Refresh the key list."
    )


def test_a_row_says_that_its_figures_are_still_to_come() -> None:
    for name in ("overview", "budget"):
        assert "threat-notebook" in shown(name, loading())
        assert " loading" in shown(name, loading())
        assert "unknown" not in shown(name, loading())


@pytest.mark.parametrize("name", ["series", "endpoints", "status", "heatmap"])
def test_older_figures_of_a_key_stay_and_say_that_they_are_stale(name: str) -> None:
    picture = shown(name, stale(), focus=demo().keys[1].id)
    assert " note: stale: The service did not answer within 30 s." in picture
    assert "No figures" not in picture


@pytest.mark.parametrize("name", ["overview", "budget", "bill"])
def test_older_figures_of_many_keys_stay_and_the_note_is_among_those_in_help(name: str) -> None:
    lens = Lens(view=name, days=30, focus=demo().keys[1].id)
    told = "stale: The service did not answer within 30 s. These are of Sun 22 Nov 14:20 UTC."
    assert told in pane(stale(), lens).notes
    assert " note: stale: The service did not answer within 30 s." in drawn(stale(), lens, Canvas(80, 24))


def test_a_sum_says_how_many_keys_it_is_of() -> None:
    assert "9 of 10 keys answered" in shown("series", demo())
    assert "total 9 of 10" in shown("overview", demo())


@pytest.mark.parametrize("n", [0, 24, 49])
@pytest.mark.parametrize("name", ["overview", "budget"])
def test_a_long_list_scrolls_to_the_key_in_focus(name: str, n: int) -> None:
    fleet = huge()
    told = drawn(fleet, Lens(view=name, days=90, focus=fleet.keys[n].id), Canvas(120, 20))
    [pointed] = [line for line in told.split("\n") if line.startswith("▸")]
    names = [key.name for key in fleet.keys]
    key = fleet.keys[n]
    assert (f"#{key.short}" if names.count(key.name) > 1 else key.name.shown) in pointed


def test_the_map_scrolls_to_its_cursor_and_says_which_days_it_shows() -> None:
    fleet = demo()
    lens = Lens(view="heatmap", days=30, focus=fleet.keys[1].id)
    for _ in range(25):
        lens = pane(fleet, lens).moved(lens, "down")
    told = drawn(fleet, lens, Canvas(80, 15))
    assert "▸Tue 27 Oct" in told
    assert re.search(r"days 2\d–30 of 30$", told, re.MULTILINE)


def test_a_narrow_pane_keeps_the_name_the_requests_and_the_verdict() -> None:
    told = shown("overview", demo(), width=40, focus=demo().keys[1].id)
    assert [line.split() for line in told.split("\n")[:4]] == [
        ["Looking", "for", "what", "is", "usual."],
        ["key", "requests", "state"],
        ["Production", "SIEM", "149,605", "ok"],
        ["MISP", "sync", "106,920", "over"],
    ]


def test_limits_that_are_assumed_are_marked_and_explained() -> None:
    fleet = demo()
    told = shown("budget", fleet, height=30)
    assert "1,000*" in told
    assert "* assumed from tier" in told
    certain = replace(fleet, keys=fleet.keys[:9], failures={})
    assert "*" not in shown("budget", certain, height=30)


def test_a_key_whose_older_figures_were_kept_is_marked_stale() -> None:
    rows = figures(stale(), Lens(days=30))["rows"]
    assert {(row["stale"], row["as_of"]) for row in rows if row["as_of"]} == {(True, "2026-11-22T14:20:00Z")}
    assert {row["stale"] for row in figures(demo(), Lens(days=30))["rows"]} == {False}
