"""What changed, in words: every percentage beside the two figures it is made of."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from socd_tui.analysis.compare import Change
from socd_tui.analysis.growth import Growth
from socd_tui.charts.canvas import Canvas, plain
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Compare, Lens
from socd_tui.model.text import Text
from socd_tui.tui.chrome import comparing
from socd_tui.views.frame.document import document as written
from socd_tui.views.parts.change import change_part, growth_line
from socd_tui.views.registry import view
from tests.build import NOW, drawn, endpoints, figures, fleet, key, pane, prepared, rows, usage

IOCS = Text("/iocs")


def part(change: Change, shown: int) -> str:
    found = change_part(change, shown)
    assert found
    return found.text


@pytest.mark.parametrize(
    ("change", "shown", "said"),
    [
        (Change(23_004, 22_810, days=6), 23_226, "6 whole days 23,004, before 22,810 (+0.9%)"),
        (Change(50, 40, days=1), 60, "1 whole day 50, before 40 (+25.0%)"),
        (Change(50, 40), 50, "before 40 (+25.0%)"),
        (Change(9, 0, days=6), 10, "6 whole days 9, before 0 (new)"),
        (Change(0, 9, days=6), 0, "before 9 (-100.0%)"),
        (Change(0, 0, days=6), 0, "before 0"),
        (Change(0, 0, days=6), 4, "6 whole days 0, before 0"),
        (Change(5, None, "no row"), 5, "not comparable: no row"),
    ],
)
def test_a_percentage_stands_beside_both_figures_it_is_made_of(change: Change, shown: int, said: str) -> None:
    assert part(change, shown) == said


def test_the_growth_of_nothing_is_told_by_its_figures_alone() -> None:
    nothing = growth_line(Growth(Change(0, 0, days=6, so_far=0), ()), 100)
    assert plain([nothing]).strip() == "6 whole days 0, before 0  today so far 0"
    some = growth_line(Growth(Change(30, 40, days=6, so_far=2), ()), 100)
    assert plain([some]).strip() == "-10 req (-25.0%)  6 whole days 30, before 40  today so far 2"


@pytest.mark.parametrize("name", ["overview", "bill", "budget", "series"])
@pytest.mark.parametrize(("kind", "days", "whole"), [("same_length", 7, 6), ("calendar_week", 60, 6)])
def test_a_read_out_tells_what_of_the_window_is_compared(
    name: str, kind: Compare, days: int, whole: int
) -> None:
    known = fleet(
        *(
            usage("a", n, requests=sum(day.requests or 0 for day in days_), days=days_)
            for n in (1, 7, 8, 14, 60)
            for days_ in [rows(n, lambda ago: (100 if ago < 7 else 80, 0))]
        ),
        keys=[key("a")],
    )
    told = drawn(known, Lens(view=name, days=days, compare=kind), Canvas(160, 14))
    assert f"{whole} whole days 600, before 480 (+25.0%)" in told


def account(*, today: int = 10, weeks: tuple[int, ...] = (7, 8, 14)) -> Fleet:
    """Two keys with 100 requests a day and codes and paths beside them; a key that does not answer."""
    answers = [
        usage(
            name,
            n,
            requests=100 * (n - 1) + today,
            throttled=n - 1,
            statuses={200: 99 * (n - 1) + today, 429: n - 1},
            endpoints=endpoints({IOCS: 100 * (n - 1) + today}),
            days=rows(n, lambda ago: (100 if ago else today, 0)),
            hours=(),
        )
        for name in ("a", "b")
        for n in (1, *weeks)
    ]
    return fleet(*answers, keys=[key("a"), key("b"), key("gone")])


def test_below_a_filter_no_figure_of_today_is_of_other_keys_than_the_rows() -> None:
    lens = Lens(view="overview", days=7, compare="same_length")
    assert "today so far 20 req; whole days are compared" in pane(account(), lens).notes
    narrowed = pane(account(), replace(lens, filters={"overview": "key=a"}))
    assert narrowed.growth.total.so_far == 10
    assert not any("so far" in note for note in narrowed.notes)
    assert "today is not over; whole days are compared" in narrowed.notes


@pytest.mark.parametrize("name", ["overview", "bill", "budget"])
def test_what_is_missing_is_told_before_which_days_are_compared(name: str) -> None:
    first, *_ = pane(account(), Lens(view=name, days=7, compare="same_length")).notes
    assert first == "2 of 3 keys answered"


@pytest.mark.parametrize("name", ["status", "endpoints", "heatmap"])
def test_what_is_not_told_by_week_says_so_once_and_what_to_do(name: str) -> None:
    lens = Lens(view=name, days=7, compare="calendar_week", focus="a")
    found = pane(account(), lens)
    assert [note for note in found.notes if note.startswith("n/a")] == [
        "n/a: not told by week; compare the same length (c)"
    ]
    assert found.sheet().notes.count("n/a: not told by week; compare the same length (c)") == 1
    assert "compare the same length (c)" in drawn(account(), lens, Canvas(80, 24))
    claimed = any(note.startswith("compared: ") for note in found.notes)
    assert claimed is (name != "heatmap")  # of codes and paths the sum is compared, of 429s nothing
    assert not any(
        note.startswith("n/a") for note in pane(account(), replace(lens, compare="same_length")).notes
    )


def test_whether_days_are_comparable_is_not_said_before_their_answers_have_come() -> None:
    lens = Lens(view="status", days=7, compare="same_length", focus="a")
    here = prepared(fleet(usage("a", 7, requests=9, statuses={429: 9})), lens)
    for known in (here, prepared(fleet(keys=[key("a")]), lens)):
        [chip] = comparing(known, lens)
        assert (chip.text.strip(), chip.role) == ("comparing", "faint")
        [chip] = comparing(known, lens, asks=False)
        assert (chip.text.strip(), chip.role) == ("not comparable", "warn")


def test_a_map_that_compares_nothing_claims_no_comparison() -> None:
    lens = Lens(view="heatmap", days=7, compare="calendar_week", focus="a")
    known = prepared(account(), lens)
    assert plain([comparing(known, lens)]).strip() == "not comparable"
    assert "16 Nov–21 Nov vs 9 Nov–14 Nov" in plain([comparing(known, replace(lens, view="status"))])
    document = json.loads(
        written(view("heatmap"), pane(known, lens), known, lens, generated_at=NOW, version="")
    )
    assert document["compared"]["comparable"] is False
    assert not any(note["message"].startswith("compared: ") for note in document["notes"])


def test_why_some_keys_are_not_comparable_fits_a_small_screen_and_the_days_of_the_others_are_told() -> None:
    old = [usage(f"old{n}", 60, requests=5, days=()) for n in range(6)]
    told = [usage(name, 60, requests=6000, days=rows(60, lambda _: (100, 0))) for name in ("x", "y", "z")]
    born = [key(f"{name}", created_at=NOW - timedelta(days=30)) for name in "xyz"]
    lens = Lens(view="overview", days=60, compare="same_length")
    some = fleet(*old, *told, keys=[*(key(f"old{n}") for n in range(6)), *born])
    notes = pane(some, lens).notes
    assert notes[0] == "n/a: 6 of 9 keys: the service looks back 90 days, not 120"
    assert f" note: {notes[0]} (+" in drawn(some, lens, Canvas(80, 24))
    assert "compared: 24 Sep–21 Nov with 26 Jul–22 Sep" in notes
    none = fleet(*old)
    assert not any(note.startswith("compared: ") for note in pane(none, lens).notes)


@pytest.mark.parametrize("name", ["status", "endpoints"])
@pytest.mark.parametrize(("days", "weeks"), [(7, (7, 8, 14)), (1, (1, 2, 3))])
def test_of_every_code_and_path_today_stands_beside_the_whole_days(
    name: str, days: int, weeks: tuple[int, ...]
) -> None:
    lens = Lens(view=name, days=days, compare="same_length", marked=frozenset("ab"))
    rows_ = pane(account(weeks=weeks), lens).rows
    for row in rows_:
        counted = row.requests if name == "status" else row.endpoint.requests
        assert row.change.comparable
        assert counted == row.change.so_far + (row.change.now if days > 1 else 0)
    assert sum(row.change.so_far for row in rows_) == 20


def test_by_week_only_the_days_that_are_compared_and_today_stand_beside_earlier_ones() -> None:
    weeks = figures(account(), Lens(view="series", days=14, compare="calendar_week", focus="a"))["days"]
    told = {day["date"]: (day["previous_requests"], day["change"]) for day in weeks}
    assert [on for on, (_, change) in told.items() if change is not None] == [
        f"2026-11-{day}" for day in range(16, 22)
    ]
    assert [on for on, (before, _) in told.items() if before is not None] == [
        f"2026-11-{day}" for day in range(16, 23)
    ]
