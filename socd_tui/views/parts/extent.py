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

    def there(i: int) -> Sequence[R]:
        return rows if compared or not measures.on_screen[i].compared else ()

    def cells(i: int) -> Iterable[Cell]:
        return chain(_cells(measures.on_screen[i], there(i), canvas), (row.cells[i] for row in besides))

    def said(i: int) -> Iterable[tuple[str, ...]]:
        return chain(_said(measures.on_screen[i], there(i), canvas), (row.cells[i].forms for row in besides))

    return Extent(len(rows) + len(besides), cells, canvas.glyphs.unknown, said)


def _cells(measure: Measure[R], rows: Iterable[R], canvas: Canvas) -> Iterable[Cell]:
    """What the rows have in its column, but for the roles."""
    if measure.cell is not None:
        return map(measure.cell, rows, repeat(canvas))
    return map(Cell, _said(measure, rows, canvas))


def _said(measure: Measure[R], rows: Iterable[R], canvas: Canvas) -> Iterable[tuple[str, ...]]:
    """What the rows say in its column; what several say need be among it once."""
    if measure.cell is not None:
        return (cell.forms for cell in _cells(measure, rows, canvas))
    if measure.words is not None:
        return map(measure.words, rows, repeat(canvas))
    return map(measure.forms, _each_once(map(measure.read, rows)), repeat(canvas.glyphs.unknown))


def _each_once(values: Iterator[T]) -> Iterator[T]:
    """The first of them at once, before the rest is looked at; of these not every one again."""
    yield from islice(values, 1)
    yield from set(values)
