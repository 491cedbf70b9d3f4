"""A figure that is not exact says how it is known, in the document beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.text import Text
from socd_tui.model.window import Dates
from socd_tui.views.frame.document import document
from socd_tui.views.registry import view
from tests.build import fleet as fleet_of
from tests.build import key, pane, prepared, usage
from tests.fleets import NOW, whole


def read(fleet: Fleet, name: str, **changes: Any) -> Any:
    lens = Lens(view=name, days=30, **changes)
    known = prepared(fleet, lens)
    return json.loads(document(view(name), pane(known, lens), known, lens, generated_at=NOW, version="1"))


def test_a_limit_of_the_tier_table_is_assumed_and_one_that_is_told_is_exact() -> None:
    told = read(whole(), "overview")["data"]["rows"][0]
    assert (told["limit_source"], told["confidence"].get("limit_per_day")) == ("key", None)
    assumed = replace(key(), tier=Text("free"), limit_per_day=None, limit_per_minute=None)
    account = fleet_of(usage("a", 30, requests=10, peak_per_day=5), keys=[assumed])
    row = read(account, "overview")["data"]["rows"][0]
    assert row["limit_source"] == "tier"
    assert (row["confidence"]["limit_per_day"], row["confidence"]["limit_per_minute"]) == (
        "assumed",
        "assumed",
    )
    day = read(account, "budget")["data"]["rows"][0]["day"]
    assert (day["confidence"]["limit"], day["confidence"]["peak_ratio"]) == ("assumed", "assumed")


def test_ratios_are_derived_and_counts_are_exact_and_what_is_unknown_says_nothing() -> None:
    row = read(whole(), "overview")["data"]["rows"][0]
    assert row["confidence"]["error_ratio"] == "derived"
    assert not {"requests", "throttled", "p95_ms"} & row["confidence"].keys()
    failed = next(each for each in read(whole(), "overview")["data"]["rows"] if each["requests"] is None)
    assert "error_ratio" not in failed.get("confidence", {})


def test_costs_and_forecasts_are_estimated() -> None:
    owners = read(whole(), "bill")["data"]["owners"]
    assert {each["confidence"]["usd"] for owner in owners for each in owner["keys"] if each["usd"]} == {
        "estimated"
    }
    assert {each["forecast"]["confidence"] for each in read(whole(), "budget")["data"]["rows"]} == {
        "estimated"
    }


def test_a_window_that_is_summed_from_its_days_is_derived() -> None:
    assert read(whole(), "series")["confidence"] == "exact"
    dates = Dates(NOW.date() - timedelta(days=9), NOW.date() - timedelta(days=7))
    assert read(whole(), "series", dates=dates)["confidence"] == "derived"
