"""What changed, in words: every percentage beside the two figures it is made of."""

from __future__ import annotations

import pytest

from socd_tui.analysis.compare import Change
from socd_tui.analysis.growth import Growth
from socd_tui.charts.canvas import Canvas, plain
from socd_tui.model.lens import Compare, Lens
from socd_tui.views.parts.change import change_part, growth_line
from tests.build import drawn, fleet, key, rows, usage


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


@pytest.mark.parametrize("view", ["overview", "bill", "budget", "series"])
@pytest.mark.parametrize(("kind", "days", "whole"), [("same_length", 7, 6), ("calendar_week", 60, 6)])
def test_a_read_out_tells_what_of_the_window_is_compared(
    view: str, kind: Compare, days: int, whole: int
) -> None:
    known = fleet(
        *(
            usage("a", n, requests=sum(day.requests or 0 for day in days_), days=days_)
            for n in (1, 7, 8, 14, 60)
            for days_ in [rows(n, lambda ago: (100 if ago < 7 else 80, 0))]
        ),
        keys=[key("a")],
    )
    told = drawn(known, Lens(view=view, days=days, compare=kind), Canvas(160, 14))
    assert f"{whole} whole days 600, before 480 (+25.0%)" in told
