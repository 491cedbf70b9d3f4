"""Small series in one line, one cell for each value, from zero to a maximum that several rows can share."""

from __future__ import annotations

import math
from collections.abc import Sequence

from socd_tui.charts.glyphs import Glyphs


def spark(values: Sequence[int | None], top: int, glyphs: Glyphs) -> str:
    """One cell for each value, as a share of `top`; zero has its own mark, and a missing value is blank."""
    return "".join(cell(value, top, glyphs) for value in values)


def cell(value: int | None, top: int, glyphs: Glyphs) -> str:
    """The mark for one value of a series whose tallest mark stands for `top`."""
    if value is None:
        return " "
    if value <= 0 or top <= 0:
        return glyphs.zero
    steps = len(glyphs.spark)
    return glyphs.spark[min(math.ceil(value / top * steps), steps) - 1]
