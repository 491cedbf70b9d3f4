"""What each pane looks like, kept as text. `--update-goldens` accepts the pictures as they are now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from socd_tui.charts.canvas import Canvas
from socd_tui.charts.glyphs import ASCII, FULL
from socd_tui.model.lens import Lens
from socd_tui.views.registry import views
from tests.build import drawn
from tests.fleets import COMPARED, FLEETS

FOLDER = Path(__file__).parent.parent / "goldens"
SIZES = ((160, 45), (120, 36), (80, 24), (60, 20), (40, 12))
EDGES = ("compared", "nested", "empty", "one_day", "all_unknown", "huge")


def goldens() -> Iterator[tuple[str, str, str, Canvas]]:
    """File stem, view, fleet and canvas of each picture."""
    for known in views():
        for width, height in SIZES:
            for glyphs in (FULL, ASCII):
                canvas = Canvas(width, height, glyphs)
                yield f"{known.name}-{width}x{height}-{glyphs.level}", known.name, "flat", canvas
        for fleet in EDGES:
            yield f"{known.name}-{fleet}-80x24-full", known.name, fleet, Canvas(80, 24)


def golden(name: str, fleet_name: str, canvas: Canvas) -> str:
    """The pane with the second key in focus, as a file holds it."""
    make, days = FLEETS[fleet_name]
    fleet = make()
    focus = fleet.keys[1].id if fleet.keys else None
    lens = Lens(view=name, days=days, focus=focus, compare=fleet_name in COMPARED)
    return drawn(fleet, lens, canvas) + "\n"


@pytest.mark.parametrize(
    ("stem", "name", "fleet", "canvas"), [pytest.param(*each, id=each[0]) for each in goldens()]
)
def test_the_pane_looks_as_it_was_approved(
    stem: str, name: str, fleet: str, canvas: Canvas, request: pytest.FixtureRequest
) -> None:
    path = FOLDER / f"{stem}.txt"
    now = golden(name, fleet, canvas)
    if request.config.getoption("--update-goldens"):
        path.write_text(now, encoding="utf-8")
    assert now == path.read_text(encoding="utf-8")


def test_no_golden_is_left_over_from_a_view_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == {stem for stem, *_ in goldens()}
