"""The widget that shows lines: what reaches the terminal fits it."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region

from socd_tui.charts.canvas import Span
from socd_tui.charts.glyphs import FULL
from socd_tui.charts.palettes import DARK
from socd_tui.tui.lines import Lines
from socd_tui.tui.theme import styles

pytestmark = pytest.mark.anyio


class Stage(App[None]):
    """Lines and nothing else."""

    def compose(self) -> ComposeResult:
        yield Lines(FULL, id="pane")


@pytest.mark.parametrize("width", [30, 12])
async def test_lines_fit_another_width_before_there_are_new_ones(width: int) -> None:
    app = Stage()
    async with app.run_test(size=(20, 3)) as pilot:
        lines = app.query_one(Lines)
        lines.show([(Span("14 days", "title"),)] * 3, styles(DARK, colour=True))
        await pilot.pause()
        assert lines.render_lines(Region(0, 0, 20, 3))[0].text == "14 days".ljust(20)
        await pilot.resize_terminal(width, 3)
        await pilot.pause()
        assert lines.render_lines(Region(0, 0, width, 3))[0].text == "14 days".ljust(width)
