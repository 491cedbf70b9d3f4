"""The first picture is exactly as large as the terminal, whatever there is to be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from socd_tui.analysis.known import prepare
from socd_tui.charts.canvas import line_width
from socd_tui.charts.glyphs import ASCII, FULL, Glyphs
from socd_tui.live.state import State
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.session import Secret, Session
from socd_tui.model.trail import Trail
from socd_tui.tui.first_picture import first_picture
from socd_tui.tui.setup import Setup
from socd_tui.views.registry import views
from tests.clock import NOW, going
from tests.fleets import fetched

SIZES = [(1, 1), (10, 3), (20, 4), (40, 12), (80, 24), (100, 30), (120, 36), (160, 45), (300, 90)]


@pytest.fixture(scope="module")
def fleets() -> tuple[Fleet, ...]:
    return fetched(NOW), Fleet(mode="live", base_url="https://example.test")


@pytest.mark.parametrize("glyphs", [FULL, ASCII], ids=["full", "ascii"])
@pytest.mark.parametrize("size", SIZES)
def test_it_fills_the_terminal(fleets: tuple[Fleet, ...], size: tuple[int, int], glyphs: Glyphs) -> None:
    session = Session(Secret("token"), "https://example.test", None, "environment")
    setup = Setup(
        origin=session.origin, sign_in=lambda _: session, clock=going(), folder=Path.cwd(), glyphs=glyphs
    )
    for fleet in fleets:
        for view in views():
            lens = Lens(view=view.name)
            state = State(known=prepare(fleet, lens), lens=lens, session=session)
            lines = first_picture(state, setup, size, NOW, Trail()).lines
            assert [line_width(line) for line in lines] == [size[0]] * size[1]
