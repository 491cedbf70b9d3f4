"""What stands in the lines at the bottom. Pure, like the panes."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from socd_tui.charts.canvas import Line, Span
from socd_tui.charts.glyphs import Glyphs
from socd_tui.model.target import RowTarget
from socd_tui.model.text import clip

HIT = "hit"
"""What the targets of hits are rows of."""


def hints_line(hints: Sequence[tuple[str, str]]) -> Line:
    """What the keys do, for the footer."""
    spans: list[Span] = []
    for key, words in hints:
        spans += [Span(f"  {key}" if spans else f" {key}", "accent"), Span(f" {words}", "faint")]
    return tuple(spans)


def hit(line: Line, number: int, pointer: str) -> Line:
    """One of what was found; under the cursor where there is a pointer."""
    target, under = RowTarget(HIT, str(number)), pointer != ""
    first = Span(pointer or " ", "accent")
    return tuple(span._replace(target=target, cursor=under) for span in (first, *line))


def said_lines(said: Span, width: int, height: int, glyphs: Glyphs) -> list[Line]:
    """What is said, in the last of its lines; cut where it needs more."""
    rows = textwrap.wrap(said.text, max(width - 2, 1)) or [""]
    room = max(height, 1)
    if len(rows) > room:
        rest = clip(" ".join(rows[room - 1 :]), width - 2, ellipsis=glyphs.ellipsis)
        rows = [*rows[: room - 1], rest]
    return [()] * (room - len(rows)) + [(said._replace(text=f" {row}"),) for row in rows]
