"""The large chart with axes. Only this file uses plotext, and imports it when the first chart is drawn.

plotext draws the bars and the value axis. Its canvas is sized so that every bar takes the same number of
columns, from which the day under a column follows. The date axis is drawn here, because plotext leaves
out labels that do not fit, even the newest.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from socd_tui.charts.canvas import Canvas, Line, Role, Span
from socd_tui.charts.glyphs import Glyphs
from socd_tui.charts.number import short
from socd_tui.model.target import Target
from socd_tui.model.text import cell_width

_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_BAR_MARKS = "█▄▀▌▐▖▗▘▝▙▟▛▜▚▞"
LIMIT_WITHIN = 3
"""A limit is drawn up to this many times the peak; a higher one would make the bars too short to read."""
_MAX_STEP = 16
"""Most columns for one bar and the gap after it: wider bars show no more."""
MIN_HEIGHT = 5
"""Lines: two for the date axis, and one for each of the three ticks of the value axis."""


@dataclass(frozen=True)
class Bucket:
    """One bar: its value (None when missing), the label of its tick, and what a click on it points at.

    `complete` is False for a day that is not over, which is drawn with another mark, not only another role.
    """

    value: int | None
    label: str
    target: Target
    complete: bool = True


@dataclass(frozen=True)
class Plot:
    """The drawn chart: its lines, the column that its first bucket starts in, and the columns of a bucket."""

    lines: list[Line]
    left: int
    step: int


def step_for(buckets: int, width: int, label_width: int) -> int:
    """Columns of each bucket on a chart `width` columns wide; 0 when there is not one for each."""
    return min((width - label_width - 1) // max(buckets, 1), _MAX_STEP)


def plot(
    buckets: Sequence[Bucket], canvas: Canvas, *, cursor: int | None = None, limit: int | None = None
) -> Plot | None:
    """Bars from zero with a value axis and a date axis; None when the canvas is too small for them.

    `limit` is drawn as a line if it is at most `LIMIT_WITHIN` times the peak.
    """
    peak = max((bucket.value or 0 for bucket in buckets), default=0)
    limit = limit if limit is not None and limit <= LIMIT_WITHIN * peak else None
    top = nice_top(max(peak, limit or 0))
    ticks = sorted({0, top // 2, top})
    label_width = max(cell_width(short(tick)) for tick in ticks)
    step = step_for(len(buckets), canvas.width, label_width)
    if step < 1 or canvas.height < MIN_HEIGHT or not buckets:
        return None
    bars = canvas.sized(height=canvas.height - 2)
    labels = tuple((tick, short(tick).rjust(label_width)) for tick in ticks)
    text = _plot_rows(tuple(bucket.value for bucket in buckets), bars, step, top, labels)
    left = label_width + 1
    rows = [*text[:-1], _mark_missing_bars(text[-1], left, step, buckets, canvas.glyphs)]
    chart_lines = [_line(row, left, step, buckets, canvas.glyphs, cursor) for row in rows]
    if limit is not None:
        at = round((1 - limit / top) * (len(rows) - 1))
        chart_lines[at] = _draw_limit(chart_lines[at], canvas.glyphs)
    axis = [(Span(row, "faint"),) for row in _date_axis(buckets, left, step, canvas.width)]
    return Plot([*chart_lines, *axis], left, step)


def nice_top(value: int) -> int:
    """The smallest even round number (1, 2, 2.5, 4, 5, 8 × 10ⁿ) from 4 on that is not below `value`."""
    if value <= 4:
        return 4
    size = 10 ** math.floor(math.log10(value))
    return next(int(m * size) for m in (1, 2, 2.5, 4, 5, 8, 10) if m * size >= value and m * size % 2 == 0)


# A moving cursor changes nothing here: 90 days at 160x45 are drawn in 9 ms with this cache, in 48 ms without.
@lru_cache(maxsize=8)
def _plot_rows(
    values: tuple[int | None, ...], canvas: Canvas, step: int, top: int, ticks: tuple[tuple[int, str], ...]
) -> list[str]:
    from plotext._figure import _figure_class  # heavy: paid by the first chart, not by the first frame

    label_width = len(ticks[0][1])
    inner = canvas.width - label_width - 1
    figure = _figure_class()  # a new figure: plotext's module-level one is shared state
    figure.theme("clear")
    figure.xaxes(False, False)
    figure.xticks([], [])
    figure.yaxes(True, False)
    figure._limit_size(False, False)  # else plotext asks the terminal it may not be drawing on
    figure.plot_size(canvas.width, canvas.height)
    figure.xlim(0, inner - 0.5)
    figure.ylim(0, top)
    bar = step - 1 if step > 1 else 1  # one blank column between bars when there is room
    points = [
        (index * step + half / 2, value)
        for index, value in enumerate(values)
        if value
        for half in range(bar * 2)
    ]
    if points:
        xs, ys = zip(*points, strict=True)
        figure.scatter(xs, ys, marker=canvas.glyphs.plot_marker, fillx=True)
    figure.yticks([value for value, _ in ticks], [label for _, label in ticks])
    rows = _ESCAPES.sub("", figure.build()).splitlines()
    return [row.ljust(canvas.width)[: canvas.width] for row in rows]


def _date_axis(buckets: Sequence[Bucket], left: int, step: int, width: int) -> tuple[str, str]:
    """The axis line up to the newest bucket, and the line of labels: as many as fit, from the newest on."""
    every = max(math.ceil((max(cell_width(bucket.label) for bucket in buckets) + 2) / step), 1)
    axis, labels = ["─"] * (step * len(buckets)), [" "] * width
    free = width
    for index in range(len(buckets) - 1, -1, -every):
        middle, label = index * step + _middle(step), buckets[index].label
        start = max(min(left + middle - len(label) // 2, width - len(label)), 0)
        if start + len(label) <= free:
            axis[middle], labels[start : start + len(label)] = "┬", label
            free = start - 1
    return " " * (left - 1) + "└" + "".join(axis), "".join(labels)


def _middle(step: int) -> int:
    """The middle column of a bar, counted from the start of its bucket."""
    return max(step - 1, 1) // 2


def _mark_missing_bars(row: str, left: int, step: int, buckets: Sequence[Bucket], glyphs: Glyphs) -> str:
    """The lowest row with a mark in place of each missing bar: one for zero, another for no figure."""
    cells = list(row)
    for index, bucket in enumerate(buckets):
        if not bucket.value:
            cells[left + index * step + _middle(step)] = (
                glyphs.unknown if bucket.value is None else glyphs.zero
            )
    return "".join(cells)


def _draw_limit(line: Line, glyphs: Glyphs) -> Line:
    """The line with dashes in place of its blanks, so that the limit passes behind the bars."""
    axis, *rest = line
    return (
        axis,
        *(_dash(span, glyphs) if span.target and not span.text.strip() else span for span in rest),
    )


def _dash(span: Span, glyphs: Glyphs) -> Span:
    return span._replace(text=glyphs.dash * len(span.text), role="warn")


def _line(
    row: str, left: int, step: int, buckets: Sequence[Bucket], glyphs: Glyphs, cursor: int | None
) -> Line:
    spans = [Span(row[:left], "faint")]
    for index, bucket in enumerate(buckets):
        start = left + index * step
        text = row[start : start + step]
        if not bucket.complete:
            text = "".join(
                glyphs.partial if char in _BAR_MARKS or char == glyphs.plot_marker else char for char in text
            )
        role: Role = "data" if bucket.value and bucket.complete else "faint"
        spans.append(Span(text, role, bucket.target, index == cursor))
    spans.append(Span(row[left + step * len(buckets) :], "faint"))
    return tuple(spans)
