"""The word for how a key stands, and that it is the same wherever the key is shown."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from socd_tui.analysis.standing import standings
from socd_tui.analysis.state import STATES, state_of_key, urgency
from socd_tui.charts.canvas import Canvas, plain
from socd_tui.charts.sheet import as_csv
from socd_tui.model.errors import Problem
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.views.frame.keylist import draw_keys, keys_document, sheet
from socd_tui.views.frame.picture import headline
from socd_tui.views.parts.state import STATE_ROLES, state_role
from tests.build import NOW, fleet, key, pane, prepared, usage

SLOW = Problem(kind="timed_out", message="Too slow.", next_step="")
SOON, PAST = NOW + timedelta(days=3), NOW - timedelta(days=40)

LIMITED: dict[str, Any] = {"limit_per_minute": 10, "limit_per_day": 1_000}


def account() -> Fleet:
    """A key of each state, called by it."""
    keys = [
        key("revoked", revoked_at=PAST, **LIMITED),
        key("expired", expires_at=PAST, **LIMITED),
        key("expiring", expires_at=SOON, **LIMITED),
        key("over", expires_at=SOON, **LIMITED),
        key("near", **LIMITED),
        key("ok", **LIMITED),
        key("idle", **LIMITED),
        key("throttled", **LIMITED),
        key("unknown"),
        key("timed out", **LIMITED),
        key("loading", **LIMITED),
    ]
    peaks = {"over": 1_000, "near": 800, "ok": 100, "expiring": 100, "revoked": 2_000, "expired": 100}
    answers = [usage(name, requests=2_000, peak_per_day=peak) for name, peak in peaks.items()]
    answers += [usage("idle", requests=0), usage("unknown", requests=5)]
    answers += [usage("throttled", requests=50, throttled=9)]
    failures = {("timed out", 7): SLOW, ("revoked", 7): SLOW}
    return fleet(*answers, keys=keys, failures=failures)


def states(view: str) -> dict[str, object]:
    """By key, as the JSON document of the view has it."""
    return {row["key_id"]: row["state"] for row in pane(account(), Lens(view=view)).json()["rows"]}


def states_in_file(view: str) -> set[tuple[str, str]]:
    rows = csv.DictReader(as_csv(pane(account(), Lens(view=view)).sheet()).splitlines())
    return {(row["key"], row["state"]) for row in rows}


def test_every_view_and_file_says_the_same_word() -> None:
    expected = {each.id: each.id for each in account().keys}
    known = prepared(account())
    assert {row.key.id: row.word for row in standings(known, Lens())} == expected
    assert states("overview") == states("budget") == expected
    assert states_in_file("overview") == states_in_file("budget") == set(expected.items())
    listed = plain(draw_keys(known, Lens(), Canvas(60, 20))).splitlines()[1:]
    for line in listed[: len(expected)]:
        assert line.rstrip().endswith(line.split("#")[0].strip())


def test_both_limits_of_a_key_that_ended_or_will_say_so() -> None:
    rows = pane(account(), Lens(view="budget")).rows
    words = {row.standing.key.id: [limit.word for limit in row.limits] for row in rows}
    assert words["revoked"] == ["revoked", "revoked"]
    assert words["expiring"] == ["expiring", "expiring"]
    assert words["over"] == ["unknown", "over"]


def test_the_list_of_keys_without_their_use_agrees_on_what_ended_or_will() -> None:
    told = {row["id"]: row["state"] for row in keys_document(account())["keys"]}  # type: ignore[attr-defined]
    assert (told["revoked"], told["expired"], told["expiring"]) == ("revoked", "expired", "expiring")
    assert told["ok"] == told["timed out"] == "active"
    assert [line.split(",")[4] for line in as_csv(sheet(account())).splitlines()][1] == "revoked"


def test_a_key_that_ended_is_not_the_worst_one() -> None:
    worst = headline(prepared(account()), Lens(), 40)
    assert plain([worst]).startswith("over over#over")
    ended = plain([headline(prepared(account()), Lens(only=("revoked",)), 40)])
    assert ended.startswith("revoked revo")


@pytest.mark.parametrize("word", STATES)
def test_every_word_has_its_colour_and_its_place(word: str) -> None:
    assert word in STATE_ROLES
    assert urgency("over") <= urgency(word) <= urgency("revoked")


def test_a_problem_is_a_word_of_its_own() -> None:
    assert state_of_key("active", SLOW, "ok") == "timed out"
    assert (state_role("timed out"), urgency("timed out")) == ("bad", urgency("unknown"))
    assert state_of_key("expiring", None, "idle") == "expiring"


def test_states_of_remembered_keys_are_of_now() -> None:
    remembered = replace(account(), observed_at=NOW, opened_at=NOW + timedelta(days=4))
    words = {row.key.id: row.word for row in standings(prepared(remembered), Lens())}
    assert (words["expiring"], words["ok"]) == ("expired", "ok")
    heard = replace(remembered, heard_at=NOW + timedelta(days=4))
    assert {row.key.id: row.word for row in standings(prepared(heard), Lens())}["expiring"] == "expiring"
