"""The overview: where its cursor can be and leads, what narrows its rows, and the windows it is made from."""

from __future__ import annotations

import pytest

from socd_tui.analysis.findings import Findings
from socd_tui.charts.canvas import Canvas
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, Wanted
from socd_tui.model.target import AllKeysTarget, FindingTarget, KeyTarget, Target
from socd_tui.views.overview import VIEW
from socd_tui.views.overview.measures import MEASURES
from socd_tui.views.overview.pane import OverviewPane
from socd_tui.views.parts.findings import summary
from tests import build
from tests.fleets import demo, nested, whole

KEYS = demo().keys
RUNAWAY = FindingTarget("runaway", KEYS[1].id)


def pane(fleet: Fleet | None = None, lens: Lens | None = None) -> OverviewPane:
    overview: OverviewPane = build.pane(fleet or whole(), lens or Lens(days=30))
    return overview


def rows(fleet: Fleet | None = None, *, typed: str = "", sort: str = "") -> dict[str, float | None]:
    """How much of its day cap each key used at most, by the key's id, in the order of the rows."""
    filters = {"overview": typed}
    sorts = {"overview": MEASURES.names.sort(sort)} if sort else {}
    overview = pane(fleet, Lens(days=30, filters=filters, sorts=sorts))
    return {row.standing.key.id: row.standing.budgets.day.peak_ratio for row in overview.rows}


def test_the_cursor_is_on_a_finding_while_its_key_has_the_focus() -> None:
    lens = Lens(days=30).at(RUNAWAY)
    assert pane(lens=lens).cursor == RUNAWAY
    assert pane(lens=lens.at(KeyTarget(RUNAWAY.key_id))).cursor == KeyTarget(RUNAWAY.key_id)
    assert pane(lens=lens.at(KeyTarget(KEYS[4].id))).cursor == KeyTarget(KEYS[4].id)


def test_a_finding_that_is_gone_leaves_the_cursor_on_its_key() -> None:
    lens = Lens(days=30).at(RUNAWAY)
    assert pane(demo(), lens).cursor == KeyTarget(RUNAWAY.key_id)


BUSY = ("Production SIEM", "MISP sync", "SOAR enrichment", "threat-notebook", "Old dashboard")
"""The heaviest keys of 30 days, the heaviest first."""


def listed(overview: OverviewPane) -> list[Target]:
    """What the cursor goes through, from the first line to the last."""
    return [target for row in overview.targets() for target in row]


def names_of(overview: OverviewPane) -> list[str]:
    """The keys of the rows, in their order on the screen; of one without a namesake its name."""
    names = {KeyTarget(key.id): key.name.shown for key in KEYS}
    return [names[target] for target in listed(overview) if isinstance(target, KeyTarget)]


def test_the_cursor_goes_from_the_last_finding_to_the_heaviest_key_and_in_the_end_to_all_keys() -> None:
    targets = listed(pane())
    findings = [target for target in targets if isinstance(target, FindingTarget)]
    assert targets[: len(findings)] == findings
    assert tuple(names_of(pane())[:5]) == BUSY
    assert targets[-1] == AllKeysTarget()
    below = pane(lens=Lens(days=30).at(findings[-1])).moved(Lens(days=30).at(findings[-1]), "down")
    assert pane(lens=below).cursor == KeyTarget(KEYS[0].id)


def test_entering_a_finding_leads_to_its_first_day_and_entering_a_key_to_its_page() -> None:
    lens = Lens(days=30).at(RUNAWAY)
    entered = pane(lens=lens).enter(lens)
    assert entered
    assert (entered.view, entered.focus, entered.finding) == ("series", RUNAWAY.key_id, RUNAWAY)
    assert entered.date is not None
    lens = Lens(days=30).at(KeyTarget(KEYS[4].id))
    entered = pane(lens=lens).enter(lens)
    assert entered
    assert (entered.view, entered.focus, entered.date) == ("key", KEYS[4].id, None)


def test_without_keys_enter_leads_nowhere() -> None:
    lens = Lens(filters={"overview": "nothing like it"})
    assert pane(demo(), lens).enter(lens) == lens


@pytest.mark.parametrize(
    ("judged", "unjudged", "said"),
    [
        (2, 0, "Nothing unusual in 2 keys."),
        (1, 3, "Nothing unusual in 1 key. Not enough data to say what is usual of 3."),
        (0, 1, "Not enough data to say what is usual of 1 key."),
        (0, 0, ""),
    ],
)
def test_in_place_of_findings_stands_of_how_many_keys_that_can_be_said(
    judged: int, unjudged: int, said: str
) -> None:
    assert summary(Findings((), judged, unjudged)) == said


def test_m_leads_to_the_busiest_key() -> None:
    assert pane().maximum() == KeyTarget(KEYS[0].id)


def test_how_much_of_a_cap_is_used_filters_and_sorts_as_its_column_shows_it() -> None:
    used = {key_id: share for key_id, share in rows().items() if share is not None}
    assert rows(typed="cap/day>80%") == {KEYS[1].id: used[KEYS[1].id]}
    assert used[KEYS[1].id] > 0.8
    in_order = list(rows(sort="cap/day").values())
    assert in_order[: len(used)] == sorted(used.values(), reverse=True)
    assert set(in_order[len(used) :]) <= {None}


def test_the_busiest_day_stands_in_for_a_peak_that_was_not_sent() -> None:
    unsent = [row.standing for row in pane(nested()).rows if row.standing.budgets.day.peak is None]
    stand_ins = [each.key.id for each in unsent if each.budgets.day.peak_ratio]
    assert stand_ins
    assert set(stand_ins) <= set(rows(nested(), typed="cap/day>0"))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("req", "requests"), ("ok%", "success_ratio"), ("err%", "error_ratio"), ("4xx", "client_errors"),
        ("5xx", "server_errors"), ("429", "throttled"), ("p50", "p50_ms"), ("p95", "p95_ms"),
        ("p99", "p99_ms"), ("avg", "avg_ms"), ("name", "key"), ("growth", "growth_share"),
        ("cap/min", "minute_peak_ratio"), ("cap/day", "day_peak_ratio"), ("peak_per_day", "peak_per_day"),
    ],
)  # fmt: skip
def test_what_people_call_a_figure(typed: str, name: str) -> None:
    assert MEASURES.names.find(typed) == name


def test_the_windows_are_the_one_looked_at_and_those_that_tell_what_is_usual() -> None:
    assert VIEW.windows(Lens(days=30)) == Wanted((30,), (7, 90))
    assert VIEW.windows(Lens(days=7, compare="same_length")) == Wanted((7, 1, 8, 14), (30, 90))


@pytest.mark.parametrize("view", ["overview", "bill"])
def test_a_total_of_one_key_is_not_of_several(view: str) -> None:
    for count, of in ((1, "total 1 key "), (2, "total 2 keys")):
        seen = build.fleet(*(build.usage(f"k{n}", requests=5) for n in range(count)))
        assert of in build.drawn(seen, Lens(view=view), Canvas(120, 20))
