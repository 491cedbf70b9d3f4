"""A share as a bar, beside its per cent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from socd_tui.charts.bars import bar
from socd_tui.charts.canvas import Canvas, Role, Span
from socd_tui.charts.table import Cell, Column
from socd_tui.views.parts.measure import Measure

R = TypeVar("R")


def bar_measure(
    share: Callable[[R], float | None], role: Role | Callable[[R], Role], *, drop: int, floor: int = 8
) -> Measure[R]:
    """The bar behind the figure `share`, as wide as there is room; only on the screen."""
    return Measure(
        name="bar",
        read=share,
        column=Column("", "left", drop=drop, floor=floor, greedy=True),
        after="share",
        cell=lambda row, canvas: share_bar(share(row), role if isinstance(role, str) else role(row), canvas),
        in_files=False,
        in_json=False,
        narrows=False,
    )


def share_bar(share: float | None, role: Role, canvas: Canvas) -> Cell:
    """A bar that is full at a share of 1."""
    return Cell(drawing=lambda width: (Span(bar(share, width, canvas.glyphs), role),))
