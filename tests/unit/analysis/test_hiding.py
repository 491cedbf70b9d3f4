"""Whose keys they are is in nothing that leaves the team; the figures are the same."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from socd_tui.analysis.hiding import hidden, name_in
from socd_tui.model.lens import Lens
from socd_tui.model.preferences import Preferences
from socd_tui.model.text import Text
from socd_tui.views.frame.document import document
from socd_tui.views.registry import views
from tests.build import pane, prepared
from tests.fleets import NOW, whole

OWNERS = {"Blue team": ("Production SIEM", "MISP*"), "Red team": ("idle-lab",), "Nobody": ("none",)}


def test_no_name_prefix_or_id_is_in_any_view_and_the_figures_stay() -> None:
    fleet = whole()
    slot, problem = next(iter(fleet.failures.items()))
    telling = replace(problem, message=f"{fleet.keys[0].name.shown} is gone", request_id=Text("req_1"))
    fleet = replace(fleet, failures={**fleet.failures, slot: telling})
    told = {each for key in fleet.keys for each in (key.id, key.name.original, key.prefix.original)}
    made = hidden(fleet, OWNERS, Lens(days=30))
    for view in views():
        lens = replace(made.lens, view=view.name)
        known = prepared(made.fleet, lens, Preferences(made.owners))
        text = document(view, pane(known, lens), known, lens, generated_at=NOW, version="1")
        shown = "\n".join(" ".join(map(str, row)) for row in pane(known, lens).sheet().rows)
        for secret in (*told, *OWNERS, "req_1"):
            assert not re.search(rf"\b{re.escape(secret)}\b", f"{text}\n{shown}"), (view.name, secret)
        assert "/api/v1/iocs" in text
    plain = prepared(fleet, Lens(days=30))
    known = prepared(made.fleet, made.lens)
    assert [usage.requests for usage in known.usages(known.fleet.keys)] == [
        usage.requests for usage in plain.usages(fleet.keys)
    ]


def test_owners_are_numbered_in_their_order_and_have_the_same_keys() -> None:
    made = hidden(whole(), OWNERS, Lens())
    assert list(made.owners) == ["owner 1", "owner 2"]
    assert made.owners["owner 1"] == ("key-1", "key-3")


def test_a_name_in_a_filter_is_noticed() -> None:
    assert name_in("misp SYNC err>5", whole(), OWNERS)
    assert name_in("blue team", whole(), OWNERS)
    assert not name_in("err%>5", whole(), OWNERS)


def test_chosen_keys_stay_chosen() -> None:
    fleet = whole()
    lens = Lens(only=(fleet.keys[1].id,), focus=fleet.keys[1].id)
    made = hidden(fleet, {}, lens)
    assert (made.lens.only, made.lens.focus) == (("key-2",), "key-2")
    assert json.dumps(list(made.fleet.past)) == "[]"
