"""How wide the rows of a table are, found without drawing them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, repeat
from typing import TypeVar

from socd_tui.charts.canvas import Canvas
from socd_tui.charts.table import Cell, Extent, Row
from socd_tui.views.parts.measure import Measure, Measures

R = TypeVar("R")
T = TypeVar("T")


def extent_of(
    measures: Measures[R], rows: Sequence[R], canvas: Canvas, besides: Sequence[Row] = (), *, compared: bool
) -> Extent:
    """Of rows, `compared` with the window before or not, and of others that are drawn already."""

    def cells(i: int) -> Iterable[Cell]:
        measure = measures.on_screen[i]
        told = _cells(measure, rows, canvas) if compared or not measure.compared else ()
        return chain(told, (row.cells[i] for row in besides))

    return Extent(len(rows) + len(besides), cells, canvas.glyphs.unknown)


def _cells(measure: Measure[R], rows: Iterable[R], canvas: Canvas) -> Iterable[Cell]:
    """What the rows have in its column, but for the roles; what several say need be among them once."""
    if measure.cell is not None:
        return map(measure.cell, rows, repeat(canvas))
    unknown = canvas.glyphs.unknown
    return (Cell(measure.forms(value, unknown)) for value in _each_once(map(measure.read, rows)))


def _each_once(values: Iterator[T]) -> Iterator[T]:
    """The first of them at once, before the rest is looked at; of these not every one again."""
    yield from islice(values, 1)
    yield from set(values)
