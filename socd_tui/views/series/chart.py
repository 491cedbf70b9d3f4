"""The chart of the days: a bar of requests for each, and beneath it its errors and the window before."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from socd_tui.charts.canvas import Canvas, Line, Role, Span
from socd_tui.charts.number import exact, percent, short, short_day
from socd_tui.charts.plot import Bucket, Plot, plot, step_for
from socd_tui.charts.spark import cell
from socd_tui.model.key import UNLIMITED, Limit, share_of
from socd_tui.model.target import DayTarget
from socd_tui.views.parts.readout import read_out
from socd_tui.views.series.measures import DayRow

Group = Sequence[DayRow]
"""The days that share a bar, ascending."""


def grouped(rows: Sequence[DayRow], width: int) -> list[Group]:
    """One day a bar while each has a column, else as few days a bar as fit."""
    label_width = len(short(max((row.counted for row in rows), default=0))) + 2
    per = 1
    while step_for(math.ceil(len(rows) / per), width - 1, label_width) < 1 and per < len(rows):
        per += 1
    first = len(rows) % per  # the newest bar is always a full one
    cuts = [0, *range(first, len(rows), per)] if first else list(range(0, len(rows), per))
    return [rows[start:end] for start, end in zip(cuts, [*cuts[1:], len(rows)], strict=True)]


def draw_chart(
    groups: Sequence[Group],
    canvas: Canvas,
    *,
    cursor: DayTarget | None,
    limit: Limit | None,
    compared: bool,
) -> list[Line] | None:
    """The bars, a line for the window before if compared, one for errors, and the scales.

    None when the canvas is too small for a chart.
    """
    at = next((i for i, group in enumerate(groups) if any(row.target == cursor for row in group)), None)
    drawn = plot(
        [_bucket(group) for group in groups],
        canvas.sized(width=canvas.width - 1, height=canvas.height - 2 - compared),
        cursor=at,
        limit=limit.value if limit else None,
    )
    if drawn is None:
        return None
    rows = [row for group in groups for row in group]
    beneath = _Beneath(groups, drawn, canvas, at)
    lines = [(Span(" "), *line) for line in drawn.lines]
    if compared:
        before = [_highest(row.change.previous if row.change else None for row in group) for group in groups]
        top = max([row.counted for row in rows] + [count or 0 for count in before])
        lines.append(beneath.line("prev", before, top, "faint"))
    errors = [_highest(row.day.errors for row in group) for group in groups]
    lines.append(beneath.line("err", errors, _highest(errors) or 0, "bad"))
    return [*lines, _scales(rows, limit, canvas.width)]


def _bucket(group: Group) -> Bucket:
    last = group[-1].day
    over = last.full and not any(row.day.outside for row in group)
    return Bucket(
        _highest(row.day.requests for row in group),
        short_day(last.date, group[-1].newest),
        group[-1].target,
        over,
    )


def _highest(values: Iterable[int | None]) -> int | None:
    return max((value for value in values if value is not None), default=None)


@dataclass(frozen=True)
class _Beneath:
    """Where the rows under the chart stand: a cell under each bar."""

    groups: Sequence[Group]
    drawn: Plot
    canvas: Canvas
    cursor: int | None

    def line(self, name: str, values: Sequence[int | None], top: int, role: Role) -> Line:
        """Heights as shares of `top`."""
        glyphs, step = self.canvas.glyphs, self.drawn.step
        spans = [Span(f" {name.rjust(self.drawn.left - 1)}│", "faint")]
        bar = step - 1 if step > 1 else 1
        for index, (value, group) in enumerate(zip(values, self.groups, strict=True)):
            mark = glyphs.unknown if value is None else cell(value, top, glyphs)
            text = (mark * bar if value else mark.rjust((bar + 1) // 2)).ljust(step)
            spans.append(Span(text, role if value else "faint", group[-1].target, index == self.cursor))
        return tuple(spans)


def _scales(rows: Sequence[DayRow], limit: Limit | None, width: int) -> Line:
    """The day limit with how near the busiest day came, and the scale of the errors."""
    errors = _highest(row.day.errors for row in rows)
    parts = [f"err own scale, max {exact(errors)}" if errors is not None else "errors unknown"]
    if limit == UNLIMITED:
        parts.insert(0, "no day limit")
    elif limit is not None:
        busiest = max((row.counted for row in rows if not row.day.outside), default=0)
        assumed = ", assumed from tier" if limit.source == "tier" else ""
        share = percent(share_of(limit, busiest))
        parts.insert(0, f"limit {exact(limit.value)}/day (busiest asked {share}{assumed})")
    return read_out([Span(part, "faint") for part in parts], width)
