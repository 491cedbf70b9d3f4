"""One ladder of glyphs: what each kind of mark looks like at each level a terminal can show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Level = Literal["full", "shade", "ascii"]


@dataclass(frozen=True)
class Glyphs:
    """One rung: `full` for colour terminals, `shade` without colour, `ascii` for everything else."""

    level: Level
    spark: str
    """Heights from smallest to tallest, for any value above zero."""
    zero: str
    """A counted zero: not the same as a missing value, which is a blank."""
    bar: str
    """The full cell of a horizontal bar, then its left fractions in ascending order (may be none)."""
    track: str
    """What follows a bar to its full width."""
    heat_zero: str
    """An hour without a 429."""
    heat: tuple[str, str, str, str, str]
    """Two-column cells of the five heat steps."""
    unknown: str
    """The service did not say."""
    rule: str
    dash: str
    """A limit drawn through a chart."""
    ellipsis: str
    tick: str
    """The high-water mark on a gauge."""
    partial: str
    """A bar of a day that is not over."""
    hollow: str
    """A gauge filled only by its high-water mark."""
    plot_marker: str
    """plotext's marker for the large chart."""
    pointer: str
    marked: str
    up: str
    down: str


FULL = Glyphs(
    level="full",
    spark="▁▂▃▄▅▆▇█",
    zero="·",
    bar="█▏▎▍▌▋▊▉",
    track=" ",
    heat_zero="·",
    heat=("██", "██", "██", "██", "██"),
    unknown="—",
    rule="─",
    dash="╌",
    ellipsis="…",
    tick="│",
    partial="▒",
    hollow="░",
    plot_marker="hd",
    pointer="▸",
    marked="●",
    up="▲",
    down="▼",
)

SHADE = replace(
    FULL,
    level="shade",
    bar="█",
    track="░",
    heat=("░░", "▒▒", "▓▓", "██", "█+"),
    hollow="▒",
)

ASCII = Glyphs(
    level="ascii",
    spark=".-=+*#",
    zero="_",
    bar="#",
    track=".",
    heat_zero=".",
    heat=("11", "22", "33", "44", "5+"),
    unknown="-",
    rule="-",
    dash="-",
    ellipsis="~",
    tick="|",
    partial=":",
    hollow="o",
    plot_marker="#",
    pointer=">",
    marked="*",
    up="^",
    down="v",
)

LADDER = (FULL, SHADE, ASCII)
"""From the richest."""
