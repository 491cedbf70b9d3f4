"""Small series in one line, one cell for each value, from zero to a maximum that several rows can share."""

from __future__ import annotations

import math
from collections.abc import Sequence

from socd_tui.charts.glyphs import Glyphs


def spark(values: Sequence[int | None], top: int, glyphs: Glyphs) -> str:
    """One cell for each value, as a share of `top`; zero has its own mark, and a missing value is blank."""
    return "".join(cell(value, top, glyphs) for value in values)


def columns(values: Sequence[int | None], top: int, lines: int, glyphs: Glyphs) -> list[str]:
    """The same so many lines high, the topmost first."""
    steps = len(glyphs.spark)
    drawn = [["" for _ in values] for _ in range(lines)]
    for x, value in enumerate(values):
        height = math.ceil(min((value or 0) / top, 1) * lines * steps) if top > 0 else 0
        for line in range(lines):
            left = min(height - line * steps, steps)
            mark = glyphs.spark[left - 1] if left > 0 else " "
            drawn[lines - 1 - line][x] = (
                glyphs.zero if value is not None and not height and not line else mark
            )
    return ["".join(line) for line in drawn]


def cell(value: int | None, top: int, glyphs: Glyphs) -> str:
    """The mark for one value of a series whose tallest mark stands for `top`."""
    if value is None:
        return " "
    if value <= 0 or top <= 0:
        return glyphs.zero
    steps = len(glyphs.spark)
    return glyphs.spark[min(math.ceil(value / top * steps), steps) - 1]
