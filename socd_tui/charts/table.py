"""Tables that never cut a number: what does not fit is first shortened, then whole columns leave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from socd_tui.charts.canvas import Canvas, Line, Role, Span, Target, line_width
from socd_tui.model.lens import Sort
from socd_tui.model.text import cell_width, clip, clip_middle, clip_name

GAP = 1
ATTEMPTS = ((0, False), (1, False), (1, True), (2, True))
"""(level, whether names may be cut), in the order they are tried before a column leaves.

Level 0: everything in full. 1: names and peaks drop what the read-out line repeats. 2: counts shortened.
"""
EXTRA = 10
"""Columns that leave at this rank or above are extras: no name is cut and no count shortened for one."""
_CUTS = {"end": clip, "middle": clip_middle, "name": clip_name}

Drawing = Callable[[int], Line]
"""Draws a cell in exactly the columns it is given."""


@dataclass(frozen=True)
class Cell:
    """Text in one or more forms, widest first; or a drawing that takes whatever room there is."""

    forms: tuple[str, ...] = ("",)
    role: Role = "ink"
    drawing: Drawing | None = None

    def at(self, level: int) -> str:
        return self.forms[min(level, len(self.forms) - 1)]


@dataclass(frozen=True)
class Column:
    """A column: `drop` 0 stays to the end, higher leaves earlier.

    A column with a `floor` may be squeezed to it (names, paths) and takes spare room up to what it
    needs; a `greedy` one (bars) is never below it and takes spare room without end. One without is as
    wide as its widest number.
    """

    title: str
    align: Literal["left", "right"] = "right"
    drop: int = 0
    floor: int | None = None
    greedy: bool = False
    cut: Literal["end", "middle", "name"] = "end"
    fact: str = ""
    """The figure it shows, by which rows can be sorted."""
    short: str = ""
    """What a greedy column is called where there is no room for its title."""


@dataclass(frozen=True)
class Row:
    """One row: its cells in column order and the id a cursor or click knows it by."""

    cells: tuple[Cell, ...]
    id: Target | None = None
    role: Role | None = None
    marker: str = " "


@dataclass(frozen=True)
class Layout:
    """Which columns are shown, how wide each is, and which form their numbers take."""

    shown: tuple[int, ...]
    widths: tuple[int, ...]
    level: int


def layout(columns: Sequence[Column], rows: Sequence[Row], width: int) -> Layout | None:
    """The fullest layout that fits `width` columns, or None when not even the last columns do."""
    for keep in sorted({0, *(column.drop for column in columns)}, reverse=True):
        shown = tuple(i for i, column in enumerate(columns) if column.drop <= keep)
        cells = [[row.cells[i] for i in shown] for row in rows]
        for level, squeeze in ATTEMPTS if keep < EXTRA else ATTEMPTS[:2]:
            fitted = _fit([columns[i] for i in shown], cells, level, width, squeeze=squeeze)
            if fitted is not None:
                return Layout(shown, fitted, level)
    return None


def draw_table(
    columns: Sequence[Column],
    rows: Sequence[Row],
    canvas: Canvas,
    *,
    cursor: Target | None = None,
    footing: Sequence[Row] = (),
    per: int = 1,
    sort: Sort | None = None,
) -> list[Line] | None:
    """Header, as many rows as fit around the cursor, and the footing; None when no layout fits.

    The column that `sort` orders by carries an arrow.

    `per` rows belong together and are never parted.
    """
    columns, rows, footing = _without_unknown(columns, rows, footing, canvas.glyphs.unknown)
    if sort is not None:
        arrow = canvas.glyphs.down if sort.descending else canvas.glyphs.up
        columns = [
            replace(each, title=each.title + arrow) if each.fact == sort.column else each for each in columns
        ]
    pad = 1
    fitted = layout(columns, [*rows, *footing], canvas.width - pad)
    if fitted is None:
        return None
    room = max(canvas.height - 1 - len(footing), 1)
    at = next((i for i, row in enumerate(rows) if row.id == cursor), 0)
    clipped = len(rows) > room
    if clipped:
        room = max((room - 1) // per, 1) * per
    first = min(max(at - room // 2, 0) // per * per, max(len(rows) - room, 0))
    shown = rows[first : first + room]
    lines = [_header(columns, fitted)]
    lines += [
        _line(columns, fitted, row, canvas, under=row.id is not None and row.id == cursor) for row in shown
    ]
    if clipped:
        last = (first + len(shown)) // per
        lines.append((Span(f" rows {first // per + 1}–{last} of {len(rows) // per}", "faint"),))
    lines += [_line(columns, fitted, row, canvas, under=False) for row in footing]
    return lines


def _without_unknown(
    columns: Sequence[Column], rows: Sequence[Row], footing: Sequence[Row], unknown: str
) -> tuple[list[Column], list[Row], list[Row]]:
    """Leaves out each droppable column in which no row knows anything; without rows, the footing decides."""
    keep = [
        i
        for i, column in enumerate(columns)
        if not column.drop or any(_says(row.cells[i], unknown) for row in rows or footing)
    ]

    def kept(all_rows: Sequence[Row]) -> list[Row]:
        return [replace(row, cells=tuple(row.cells[i] for i in keep)) for row in all_rows]

    return [columns[i] for i in keep], kept(rows), kept(footing)


def _says(cell: Cell, unknown: str) -> bool:
    return cell.drawing is not None or cell.forms[0] not in (unknown, "")


def _fit(
    columns: list[Column], rows: list[list[Cell]], level: int, width: int, *, squeeze: bool
) -> tuple[int, ...] | None:
    """A width for each column, or None when they do not all fit; names are cut only if `squeeze`."""
    natural = [
        max([cell_width(column.title), *(cell_width(row[i].at(level)) for row in rows)])
        for i, column in enumerate(columns)
    ]
    least = [_least(column, need, squeeze) for column, need in zip(columns, natural, strict=True)]
    spare = width - sum(least) - GAP * (len(columns) - 1)
    if spare < 0:
        return None
    widths = list(least)
    for i, column in enumerate(columns):
        if column.floor is not None and not column.greedy:
            grown = min(spare, max(natural[i] - widths[i], 0))
            widths[i] += grown
            spare -= grown
    greedy = [i for i, column in enumerate(columns) if column.greedy]
    for n, i in enumerate(greedy):
        widths[i] += spare // len(greedy) + (n < spare % len(greedy))
    return tuple(widths)


def _least(column: Column, need: int, squeeze: bool) -> int:
    if column.floor is None:
        return need
    if column.greedy:
        return max(column.floor, cell_width(column.short or column.title))
    return min(need, column.floor) if squeeze else need


def _header(columns: Sequence[Column], fitted: Layout) -> Line:
    spans = [Span(" ")]
    for i, width in zip(fitted.shown, fitted.widths, strict=True):
        title = columns[i].title if cell_width(columns[i].title) <= width else columns[i].short
        spans += [Span(_aligned(title, width, columns[i]), "faint"), Span(" " * GAP)]
    return tuple(spans[:-1])


def _line(columns: Sequence[Column], fitted: Layout, row: Row, canvas: Canvas, *, under: bool) -> Line:
    pointer = canvas.glyphs.pointer if under and row.marker == " " else row.marker
    spans = [Span(pointer, "accent", row.id, under)]
    for i, width in zip(fitted.shown, fitted.widths, strict=True):
        cell, column = row.cells[i], columns[i]
        if cell.drawing is not None:
            drawn = cell.drawing(width)
            spans += [span._replace(target=row.id, cursor=under) for span in drawn]
            spans.append(Span(" " * (width - line_width(drawn)), "ink", row.id, under))
        else:
            text = _CUTS[column.cut](cell.at(fitted.level), width, ellipsis=canvas.glyphs.ellipsis)
            spans.append(Span(_aligned(text, width, column), row.role or cell.role, row.id, under))
        spans.append(Span(" " * GAP, "ink", row.id, under))
    return tuple(spans[:-1])


def _aligned(text: str, width: int, column: Column) -> str:
    pad = " " * (width - cell_width(text))
    return text + pad if column.align == "left" else pad + text
