"""The views on screen are built once each, and agree on which key has the focus."""

from __future__ import annotations

from dataclasses import replace

from socd_tui.analysis.known import Known
from socd_tui.model.lens import Lens, Sort, settled, subject
from socd_tui.model.target import AllKeysTarget, FindingTarget, KeyTarget
from socd_tui.views.frame.scene import composed
from socd_tui.views.registry import view
from socd_tui.views.view import Motion, Pane, View
from tests.build import prepared
from tests.fleets import compared

KNOWN = prepared(compared())
NAMES = {key.name.shown: key.id for key in KNOWN.fleet.keys}
LENS = settled(KNOWN.fleet, Lens(beside="series"))
NARROWED = replace(LENS, filters={"overview": "/notebook|sync/"})


def counting(name: str) -> tuple[View, list[Lens]]:
    """The view of that name, and through what it is built."""
    inner, lenses = view(name), list[Lens]()

    def build(_: View, known: Known, lens: Lens) -> Pane:
        lenses.append(lens)
        return inner.build(known, lens)

    counted: View = type("Counted", (type(inner),), {"build": build})()
    return counted, lenses


def test_each_view_is_built_once_a_change_and_not_again_without_one() -> None:
    (overview, of_all), (series, of_one) = counting("overview"), counting("series")
    scene = composed(KNOWN, LENS, [overview])
    assert (len(of_all), len(of_one)) == (1, 0)
    scene = composed(KNOWN, LENS, [overview, series], scene)
    assert (len(of_all), len(of_one)) == (1, 1)
    scene = composed(KNOWN, scene.lens, [overview, series], scene)
    assert (len(of_all), len(of_one)) == (1, 1)
    scene = composed(KNOWN, NARROWED, [overview, series], scene)
    assert (len(of_all), len(of_one)) == (2, 2)
    composed(KNOWN, scene.lens, [overview, series], scene)
    assert (len(of_all), len(of_one)) == (2, 2)
    composed(prepared(compared()), scene.lens, [overview, series], scene)
    assert (len(of_all), len(of_one)) == (3, 3)


def test_the_focus_is_on_the_key_under_the_cursor_and_views_of_one_key_follow() -> None:
    (overview, _), (series, through) = counting("overview"), counting("series")
    elsewhere = replace(NARROWED, focus=NAMES["Production SIEM"])
    for shown in ([overview, series], [series, overview]):
        scene = composed(KNOWN, elsewhere, shown)
        assert scene.lens.focus == through[-1].focus == NAMES["MISP sync"]
        assert [each.view for each in scene.built] == shown
        again = composed(KNOWN, scene.lens, shown)
        assert again.lens == scene.lens
        assert [each.pane.cursor for each in again.built] == [each.pane.cursor for each in scene.built]


def test_keys_are_walked_as_they_are_listed() -> None:
    by_name = replace(NARROWED, sorts={"overview": Sort("key", descending=False)})
    scene = composed(KNOWN, by_name, [view("overview")])
    first, last = NAMES["MISP sync"], NAMES["threat-notebook"]
    assert [key.key_id for key in scene.keys] == [first, last]
    steps: tuple[tuple[str | None, Motion, str | None], ...] = (
        (last, "up", first),
        (first, "up", None),
        (None, "up", None),
        (None, "down", first),
        (first, "down", last),
        (last, "first", None),
        (first, "last", last),
        (last, "maximum", first),
    )
    for start, motion, end in steps:
        at_start = composed(KNOWN, replace(by_name, focus=start, landing=False), [view("overview")])
        assert at_start.at_key(motion).focus == end, (start, motion)


def test_without_a_list_of_keys_on_screen_they_are_walked_heaviest_first() -> None:
    scene = composed(KNOWN, NARROWED, [view("series")])
    requests = [usage.requests if (usage := KNOWN.usage(key.key_id)) else None for key in scene.keys]
    told = [count for count in requests if count is not None]
    assert told == sorted(told, reverse=True)
    assert requests == [*told, None]


def test_all_that_are_listed_are_marked_or_none_of_them_any_more() -> None:
    ours = frozenset({NAMES["MISP sync"], NAMES["threat-notebook"]})
    other = frozenset({NAMES["idle-lab"]})
    marked = composed(KNOWN, replace(NARROWED, marked=other), [view("overview")]).all_marked()
    assert marked.marked == ours | other
    assert composed(KNOWN, marked, [view("overview")]).all_marked().marked == other


def test_until_somebody_chooses_the_focus_is_on_the_worst_finding() -> None:
    overview, series = view("overview"), view("series")
    worst = KNOWN.findings(KNOWN.fleet.keys).worst_first[0]
    for shown in ([overview], [series], [series, overview]):
        landed = composed(KNOWN, LENS, shown).lens
        assert landed.focus == worst.key.id
        assert landed.finding == FindingTarget(worst.kind, worst.key.id)
        assert composed(KNOWN, landed, shown).lens == landed
    chosen = LENS.at(AllKeysTarget())
    assert composed(KNOWN, chosen, [overview, series]).lens == chosen
    quiet = replace(LENS, only=(NAMES["Production SIEM"],))
    assert composed(KNOWN, quiet, [overview, series]).lens.focus is None


def test_until_somebody_chooses_a_view_opens_on_the_worst_finding_whose_line_has_its_number() -> None:
    scene = composed(KNOWN, LENS, [view("overview")])
    for name, key in (("status", "SOAR enrichment"), ("heatmap", "MISP sync"), ("series", "threat-notebook")):
        there = scene.in_view(scene.lens, name)
        assert (there.view, there.focus) == (name, NAMES[key])
        assert there.finding is not None
        assert scene.in_view(there, "endpoints").focus == NAMES[key]
    assert scene.in_view(scene.lens, "endpoints").focus == NAMES["threat-notebook"]
    moved = scene.lens.at(KeyTarget(NAMES["Production SIEM"]))
    assert scene.in_view(moved, "status").focus == NAMES["Production SIEM"]
    assert scene.in_view(scene.lens.at(AllKeysTarget()), "status").focus is None


def test_a_key_that_is_gone_to_in_a_view_of_one_key_is_hidden_by_no_marks() -> None:
    marked = replace(NARROWED, view="status", marked=frozenset({NAMES["MISP sync"]})).at(AllKeysTarget())
    scene = composed(KNOWN, marked, [view("status")])
    assert subject(KNOWN.fleet, scene.at_key("down", alone=True)) == (KNOWN.fleet.key(scene.keys[0].key_id),)
    assert scene.at_key("down").marked == marked.marked


def test_marks_stay_where_there_is_no_further_key() -> None:
    marked = replace(NARROWED, view="status", marked=frozenset({NAMES["MISP sync"]}))
    last = composed(KNOWN, marked, [view("status")]).at_key("last")
    assert composed(KNOWN, last, [view("status")]).at_key("down", alone=True) == last
