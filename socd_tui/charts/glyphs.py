"""The glyphs of each kind of mark, in three levels for what a terminal can show."""

from __future__ import annotations

from typing import Literal

from socd_tui.model.record import dataclass, replace

Level = Literal["full", "shade", "ascii"]


@dataclass(frozen=True, kw_only=True)
class Glyphs:
    """The glyphs of one level: `full` for colour terminals, `shade` without colour, `ascii` otherwise."""

    level: Level
    spark: str
    """Heights from smallest to tallest, for any value above zero."""
    zero: str
    """A value of zero, in a series and in the 429 map; a missing value is a blank."""
    bar: str
    """A full cell of a horizontal bar, then cells filled from the left, in ascending order (may be none)."""
    track: str
    """An empty cell after a bar, up to its full width."""
    heat: str
    """The four steps of a heat map, each with more ink than the one before."""
    unknown: str
    """A figure that the service did not give."""
    rule: str
    """A cell of a horizontal line."""
    dash: str
    """A cell of the line of a limit in a chart."""
    ellipsis: str
    """Where a text was cut."""
    tick: str
    """The peak on a gauge."""
    partial: str
    """The bar of a day that is not over."""
    before: str
    """The bar of the same day in the days before."""
    ahead: str
    """Where the days to come are expected."""
    hollow: str
    """A gauge of which only the peak is known, up to it."""
    plot_marker: str
    """plotext's marker for the large chart."""
    pointer: str
    """The row under the cursor."""
    marked: str
    """A marked key."""
    up: str
    """A rise, or an ascending sort."""
    down: str
    """A fall, or a descending sort."""
    crumb: str
    """Between the parts of the way to what is looked at."""
    divider: str
    """A cell of the line between two panes."""
    strong_rule: str
    """A cell of the horizontal line above the pane that keys act on."""
    bad: str = "!!"
    """How grave what stands behind it is, in two columns: needs somebody now."""
    warn: str = "! "
    """Needs a look."""
    remark: str = "· "
    """Good to know."""


FULL = Glyphs(
    level="full",
    spark="▁▂▃▄▅▆▇█",
    zero="·",
    bar="█▏▎▍▌▋▊▉",
    track=" ",
    heat="░▒▓█",
    unknown="—",
    rule="─",
    dash="╌",
    ellipsis="…",
    tick="│",
    partial="▒",
    before="░",
    ahead="┊",
    hollow="░",
    plot_marker="hd",
    pointer="▸",
    marked="●",
    up="▲",
    down="▼",
    crumb="›",
    divider="│",
    strong_rule="━",
)

SHADE = replace(
    FULL,
    level="shade",
    bar="█",
    track="░",
    hollow="▒",
)

ASCII = Glyphs(
    level="ascii",
    spark=".-=+*#",
    zero="_",
    bar="#",
    track=".",
    heat=":+*#",
    unknown="-",
    rule="-",
    dash="-",
    ellipsis="~",
    tick="|",
    partial=":",
    before="o",
    ahead="=",
    hollow="o",
    plot_marker="#",
    pointer=">",
    marked="*",
    up="^",
    down="v",
    crumb=">",
    divider="|",
    strong_rule="=",
    remark=". ",
)

LADDER = (FULL, SHADE, ASCII)
"""All levels, from the one with the most glyphs."""
