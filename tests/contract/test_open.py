"""An export opens as what it was: every view again, from the file alone; and a file is no way in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.known import prepare
from socd_tui.analysis.latencies import latency
from socd_tui.charts.canvas import Canvas
from socd_tui.model.errors import UsageError
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, Sort, settled
from socd_tui.model.past import Latency, Past
from socd_tui.model.preferences import Preferences
from socd_tui.model.text import Text
from socd_tui.model.usage import Hour
from socd_tui.model.window import Dates
from socd_tui.store.exported import Exported, read_export
from socd_tui.views.frame.document import document
from socd_tui.views.registry import view, views
from socd_tui.views.view import View
from tests.build import observed, pane, prepared
from tests.fleets import NOW, all_unknown, compared, demo, empty, failing, huge, nested, stale, whole

OWNERS = {"Blue team": ("Production SIEM", "MISP*"), "Nobody's": ("no such key",)}


def remembered() -> Fleet:
    """The demo with days and response times from before the service's oldest."""
    fleet = whole()
    key = fleet.keys[1]
    days = tuple(
        observed(NOW.date() - timedelta(days=ago), 100 + ago, 5, 2, NOW - timedelta(days=ago - 1))
        for ago in range(120, 88, -1)
    )
    hours = tuple(Hour(NOW.replace(minute=0) - timedelta(days=ago), 2) for ago in range(120, 88, -1))
    latency = Latency(date=days[0].day.date, days=7, requests=9, avg_ms=1.5, p50_ms=1, p95_ms=None, p99_ms=20)
    return replace(fleet, past={key.id: Past(days, hours, (latency,), (3, 4))})


def written_down() -> Fleet:
    """The demo as it is once the history holds what the answers tell, and no more."""
    fleet = whole()
    past = {
        key_id: Past(latencies=(told,))
        for (key_id, days), usage in fleet.usages.items()
        if days == 7 and (told := latency(usage))
    }
    return replace(fleet, past=past)


FLEETS: dict[str, tuple[Callable[[], Fleet], Lens]] = {
    "whole": (whole, Lens(days=30)),
    "nested": (nested, Lens(days=30)),
    "compared": (compared, Lens(days=7, compare="same_length")),
    "remembered": (remembered, Lens(days=120)),
    "written down": (written_down, Lens(days=30, focus=demo().keys[3].id)),
    "by dates": (whole, Lens(days=3, dates=Dates(NOW.date() - timedelta(9), NOW.date() - timedelta(7)))),
    "one key of all": (whole, Lens(days=30, only=(demo().keys[2].id,))),
    "in focus": (whole, Lens(days=30, focus=demo().keys[3].id)),
    "failing": (failing, Lens(days=30)),
    "stale": (stale, Lens(days=30)),
    "empty": (empty, Lens()),
    "huge": (huge, Lens(days=90)),
    "unknown": (all_unknown, Lens(days=30)),
}


def exported(fleet: Fleet, lens: Lens, owners: Any = OWNERS) -> str:
    known = prepared(fleet, lens, Preferences(owners))
    return document(view(lens.view), pane(known, lens), known, lens, generated_at=NOW, version="1", raw=False)


def asked(fleet: Fleet, view: View, lens: Lens) -> Fleet:
    """What `show` would have asked for: an export holds no more."""
    wanted = view.windows(lens)
    windows = {*wanted.now, *wanted.background}
    return replace(
        fleet,
        usages={slot: usage for slot, usage in fleet.usages.items() if slot[1] in windows},
        failures={slot: problem for slot, problem in fleet.failures.items() if slot[1] in windows},
    )


def opened(text: str, folder: Path) -> Exported:
    path = folder / "export.json"
    path.write_text(text, encoding="utf-8")
    return read_export(path)


def drawn(fleet: Fleet, lens: Lens, owners: Any) -> list[str]:
    known = prepare(fleet, lens, Preferences(owners))
    return [
        "".join(span.text for span in line) for line in pane(known, lens).draw(Canvas(width=120, height=40))
    ]


@pytest.mark.parametrize("name", FLEETS)
def test_every_view_is_the_same_again_in_picture_and_data(name: str, tmp_path: Path) -> None:
    make, lens = FLEETS[name]
    for each in views():
        through = settled(make(), replace(lens, view=each.name))
        fleet = asked(make(), each, through)
        text = exported(fleet, through)
        found = opened(text, tmp_path)
        again = json.loads(exported(found.fleet, found.lens, found.owners))
        before = json.loads(text)
        if again["source"]["fetched_at"]:
            assert again["source"]["mode"] == "file"
        before["source"]["mode"] = again["source"]["mode"] = None
        assert list(before) == list(again)
        for member in before:
            assert again[member] == before[member], (each.name, member)
        if name in ("in focus", "one key of all", "written down"):
            continue  # the picture tells of other keys, too, that are not in the file
        assert drawn(found.fleet, found.lens, found.owners) == drawn(fleet, through, OWNERS), each.name


def test_an_export_of_one_key_tells_nothing_of_the_others() -> None:
    fleet = whole()
    secret = replace(fleet.keys[0], name=Text("the merger"), prefix=Text("sk_live_merg"))
    fleet = replace(fleet, keys=(secret, *fleet.keys[1:]))
    owners = {"Acquisitions": ("the merger",), "Blue team": ("MISP*",)}
    misp = next(key for key in fleet.keys if key.name.original == "MISP sync")
    for each in ("series", "key", "endpoints", "status", "heatmap"):
        text = exported(fleet, Lens(view=each, days=30, focus=misp.id), owners)
        assert misp.id in text
        for told in (secret.id, "merg", "Acquisitions"):
            assert told not in text, each
    only = Lens(view="overview", days=30, only=(misp.id,))
    assert "merg" not in exported(fleet, only, owners)


def test_an_order_and_a_filter_are_there_again(tmp_path: Path) -> None:
    lens = Lens(
        days=30, filters={"overview": "err%>5"}, sorts={"overview": Sort("throttled", descending=False)}
    )
    found = opened(exported(whole(), lens), tmp_path)
    assert (found.lens.filters, found.lens.sorts) == (lens.filters, lens.sorts)


def test_a_page_that_embeds_a_document_opens_as_well(tmp_path: Path) -> None:
    text = exported(whole(), Lens(days=30)).replace("<", "\\u003c")
    page = f'<!DOCTYPE html>\n<html><script type="application/json" id="data">\n{text}\n</script></html>'
    assert [key.id for key in opened(page, tmp_path).fleet.keys] == [key.id for key in whole().keys]


def changed(**members: object) -> str:
    content = json.loads(exported(whole(), Lens(days=30)))
    return json.dumps({**content, **members})


def within(**members: object) -> str:
    content = json.loads(exported(whole(), Lens(days=30)))
    content["fleet"].update(members)
    return json.dumps(content)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is no export"),
        ("hello", "is no export"),
        ("[]", "is no export"),
        ("{}", "is no export"),
        ("<html></html>", "is no export"),
        ("[" * 100_000, "is no export"),
        ('{"schema": "grafana/1"}', "is no export"),
        ('{"schema": "socd-tui/view/2"}', "was written by a newer version. Update"),
        (f'{{"schema": "socd-tui/view/{"9" * 5_000}"}}', "is no export"),
        ('{"schema": "socd-tui/keys/1"}', "is 'socd-tui/keys/1', which is no view"),
        ('{"schema": "socd-tui/view/1"}', "holds the figures of one view alone"),
        ('{"schema": "socd-tui/view/1", "fleet": {"version": 99}}', "was written by a newer version"),
        ('{"schema": "socd-tui/view/1", "fleet": {"version": 2}}', "is damaged"),
        ('{"schema": "socd-tui/view/1", "fleet": 7}', "is damaged"),
    ],
)
def test_what_is_no_export_is_refused_with_the_reason(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        opened(text, tmp_path)
    assert why in str(refused.value)
    assert refused.value.next_step


@pytest.mark.parametrize(
    "members",
    [
        {"lens": {}},
        {"hours": [2**70]},
        {"owners": {"\x1b[2J": []}},
        {"owners": {"a": [7]}},
        {"problems": [["kind", 1, "", None, None, None]]},
        {"problems": [["Kind\n", "", "", None, None, None]]},
        {"past": {demo().keys[0].id: {"days": [[1]], "hours": [], "latencies": [], "foretold": [0, 0]}}},
        {"left_out": [0, 0, 0]},
        {"keys": [json.loads(exported(whole(), Lens(days=30)))["fleet"]["keys"][0]] * 2},
        {"base_url": "http://\x1b]0;title\x07"},
    ],
    ids=lambda members: next(iter(members)),
)
def test_a_value_that_no_export_has_makes_it_damaged(members: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is damaged"):
        opened(within(**members), tmp_path)


def test_text_in_a_file_is_inert_where_it_is_shown(tmp_path: Path) -> None:
    keys = json.loads(exported(whole(), Lens(days=30)))["fleet"]["keys"]
    keys[0]["texts"] = ["\x1b]52;c;Y2FuYXJ5\x07", "\u202eprefix", "\x1b[2J"]
    keys[0]["notes"] = ["\x1b[31mred"]
    problem = ["not_found", "\x1b[2Jgone", "\x9b2Jdo", None, "\x07", None]
    found = opened(within(keys=keys, problems=[problem]), tmp_path)
    for each in views():
        picture = "\n".join(drawn(found.fleet, replace(found.lens, view=each.name), {}))
        assert not set(picture) & {"\x1b", "\x07", "\x9b", "\u202e"}


def test_a_file_that_is_too_large_or_no_file_is_refused(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "missing", "There is no file"), (tmp_path, "Give the name of a file")):
        with pytest.raises(Exception, match=why):
            read_export(path)


WHOLE = json.loads(exported(whole(), Lens(days=30)))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_whatever_is_written_into_an_export_it_opens_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    fleet = dict(WHOLE["fleet"])
    member = data.draw(st.sampled_from(sorted(fleet)))
    fleet[member] = data.draw(JSON)
    folder = tmp_path_factory.getbasetemp()
    try:
        found = opened(json.dumps({**WHOLE, "fleet": fleet}), folder)
    except UsageError:
        return
    drawn(found.fleet, found.lens, found.owners)
