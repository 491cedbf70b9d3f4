"""The drawing of the map: a row for each day or weekday, a cell for each hour."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from socd_tui.analysis.hourmap import HourMap, HourRow
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.charts.heat import heat_cell, legend
from socd_tui.charts.number import day_name, forms
from socd_tui.charts.spark import cell as spark_cell
from socd_tui.model.target import HourTarget

TOTAL = 7
"""Columns of a day's total and the gap before it: "999.9k" is the longest."""

SUMS_FROM = 7
"""Lines of a map that has room for the sums by hour below its days."""


@dataclass(frozen=True)
class Grain:
    """How large the map is drawn: columns of an hour, and of a day's label with the margin before it."""

    cell: int
    label: int

    @property
    def width(self) -> int:
        return self.label + 24 * self.cell + TOTAL


GRAINS = (Grain(2, len(" Thu 14 May ")), Grain(1, len(" Thu 14 May ")), Grain(1, len(" 14 May ")))
"""From the largest; the smallest fits the narrowest pane."""


def rows_shown(hours: HourMap, cursor: datetime | None, height: int) -> range:
    """The rows that a map of so many lines has room for, around the cursor."""
    room = max(height - 2 - (height >= SUMS_FROM), 1)
    at = hours.row_of(cursor) or 0 if cursor else 0
    first = min(max(at - room // 2, 0), max(len(hours.rows) - room, 0))
    return range(first, min(first + room, len(hours.rows)))


def draw_map(hours: HourMap, canvas: Canvas, *, cursor: datetime | None, folded: bool) -> list[Line]:
    """The hours' names, the rows, their sums by hour where there is room, and what the marks stand for."""
    newest = max((row.day for row in hours.rows), default=None)
    names = [f"{row.day:%a}" if folded else day_name(row.day, 2, newest) for row in hours.rows]
    years = max(max(map(len, names), default=0) + 2 - GRAINS[0].label, 0)
    grains = (*(replace(grain, label=grain.label + years) for grain in GRAINS), GRAINS[-1])
    grain = next((grain for grain in grains if grain.width <= canvas.width), GRAINS[-1])
    names = _fitted(names, grain.label - 2)
    shown = rows_shown(hours, cursor, canvas.height)
    lines = [_row_line(hours.rows[y], names[y], grain, canvas, cursor) for y in shown]
    if canvas.height >= SUMS_FROM:
        lines.append(_sum_line(hours, grain, canvas))
    marks = (Span(" "), *legend(canvas.glyphs, canvas.width - 1, grain.cell))
    return [_hour_axis(grain), *canvas.sized(height=canvas.height - 2).fit(lines), marks]


def _hour_axis(grain: Grain) -> Line:
    every = 6 // grain.cell
    hours = "".join(f"{hour:02d}".ljust(6) for hour in range(0, 24, every))
    return (Span(" " * grain.label + hours.ljust(24 * grain.cell) + "total".rjust(TOTAL), "faint"),)


def _row_line(row: HourRow, name: str, grain: Grain, canvas: Canvas, cursor: datetime | None) -> Line:
    under = cursor is not None and any(cell and cursor in cell.hours for cell in row.cells)
    spans = [
        Span(canvas.glyphs.pointer if under else " ", "accent"),
        Span(name.ljust(grain.label - 1), "ink"),
    ]
    for cell in row.cells:
        if cell is None:
            spans.append(Span(" " * grain.cell))
            continue
        span = heat_cell(cell.count, canvas.glyphs, grain.cell)._replace(target=HourTarget(cell.target))
        if cursor in cell.hours:
            span = span._replace(text="[]" if grain.cell == 2 else span.text, cursor=True)
        spans.append(span)
    return (*spans, Span(_total(row.total, canvas), "ink" if row.total else "faint"))


def _fitted(names: list[str], width: int) -> list[str]:
    """The days' names without weekdays where these have no room, nor years where these have none either."""
    for fewer in (names, [name[4:] for name in names], [name[4:10] for name in names]):
        if max(map(len, fewer), default=0) <= width:
            return fewer
    return [name[:width] for name in names]


def _sum_line(hours: HourMap, grain: Grain, canvas: Canvas) -> Line:
    """All days by hour of the day, on their own scale, and what all hours hold."""
    totals = hours.column_totals()
    top = max((n or 0 for n in totals), default=0)
    bars = "".join(spark_cell(n, top, canvas.glyphs).ljust(grain.cell) for n in totals)
    return (
        Span(" by hour".ljust(grain.label)[: grain.label], "faint"),
        Span(bars, "data" if top else "faint"),
        Span(_total(hours.placed, canvas), "faint"),
    )


def _total(count: int | None, canvas: Canvas) -> str:
    return forms(count, canvas.glyphs.unknown)[-1].rjust(TOTAL)
