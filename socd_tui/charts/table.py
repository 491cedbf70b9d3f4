"""Tables that never cut a number: where they do not fit, names and counts get shorter, then columns go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from typing import Literal

from socd_tui.charts.canvas import Canvas, Line, Role, Span, line_width
from socd_tui.model.lens import Sort
from socd_tui.model.target import Target
from socd_tui.model.text import cell_width, clip, clip_middle, clip_name

GAP = 1
ATTEMPTS = ((0, False), (1, False), (1, True), (2, True))
"""(level, whether names may be cut), in the order they are tried before a column is left out.

Level 0: everything in full. 1: names and peaks without what the read-out line repeats. 2: counts shortened.
"""
EXTRA = 10
"""Columns with this `drop` or a higher one are extras: they are left out before a name or count is cut."""
_CUTS = {"end": clip, "middle": clip_middle, "name": clip_name}

Drawing = Callable[[int], Line]
"""Draws a cell in exactly the columns it is given."""


@dataclass(frozen=True)
class Cell:
    """Text in one or more forms, from the widest to the shortest; or a drawing of any width."""

    forms: tuple[str, ...] = ("",)
    role: Role = "ink"
    drawing: Drawing | None = None

    def at(self, level: int) -> str:
        return self.forms[min(level, len(self.forms) - 1)]


@dataclass(frozen=True)
class Column:
    """A column of a table. With `drop` 0 it is always shown; of the others the highest are left out first.

    Without a `floor` it is as wide as its widest cell. With one (names, paths) it may be as narrow as
    that many columns, and takes spare room up to its widest cell; a `greedy` one (bars) takes all that
    is left.
    """

    title: str
    align: Literal["left", "right"] = "right"
    _: KW_ONLY
    drop: int = 0
    floor: int | None = None
    greedy: bool = False
    cut: Literal["end", "middle", "name"] = "end"
    fact: str = ""
    """The name of the figure it shows, by which rows can be sorted."""
    short: str = ""
    """The title of a greedy column where there is no room for `title`."""


@dataclass(frozen=True)
class Row:
    """One row: its cells in column order, and what a cursor or click on it points at."""

    cells: tuple[Cell, ...]
    target: Target | None = None
    role: Role | None = None
    marker: str = " "


@dataclass(frozen=True)
class Layout:
    """The indices of the columns that are shown, their widths, and the level of their cells' forms."""

    shown: tuple[int, ...]
    widths: tuple[int, ...]
    level: int


def layout(columns: Sequence[Column], rows: Sequence[Row], width: int) -> Layout | None:
    """The layout with the most that fits into `width` columns; None when even the fewest do not fit."""
    for keep in sorted({0, *(column.drop for column in columns)}, reverse=True):
        shown = tuple(i for i, column in enumerate(columns) if column.drop <= keep)
        cells = [[row.cells[i] for i in shown] for row in rows]
        for level, squeeze in ATTEMPTS if keep < EXTRA else ATTEMPTS[:2]:
            fitted = _fit_widths([columns[i] for i in shown], cells, level, width, squeeze=squeeze)
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

    The title of the column that `sort` orders by gets an arrow. `per` consecutive rows belong together
    and are shown or left out together.
    """
    columns, rows, footing = _drop_unknown(columns, rows, footing, canvas.glyphs.unknown)
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
    at = next((i for i, row in enumerate(rows) if row.target == cursor), 0)
    clipped = len(rows) > room
    if clipped:
        room = max((room - 1) // per, 1) * per
    first = min(max(at - room // 2, 0) // per * per, max(len(rows) - room, 0))
    shown = rows[first : first + room]
    lines = [_header(columns, fitted)]
    lines += [
        _line(columns, fitted, row, canvas, under=row.target is not None and row.target == cursor)
        for row in shown
    ]
    if clipped:
        last = (first + len(shown)) // per
        lines.append((Span(f" rows {first // per + 1}–{last} of {len(rows) // per}", "faint"),))
    lines += [_line(columns, fitted, row, canvas, under=False) for row in footing]
    return lines


def _drop_unknown(
    columns: Sequence[Column], rows: Sequence[Row], footing: Sequence[Row], unknown: str
) -> tuple[list[Column], list[Row], list[Row]]:
    """Columns, rows and footing without each `drop` column that has no value in any row.

    Without rows the footing decides.
    """
    keep = [
        i
        for i, column in enumerate(columns)
        if not column.drop or any(_has_value(row.cells[i], unknown) for row in rows or footing)
    ]

    def without_dropped(all_rows: Sequence[Row]) -> list[Row]:
        return [replace(row, cells=tuple(row.cells[i] for i in keep)) for row in all_rows]

    return [columns[i] for i in keep], without_dropped(rows), without_dropped(footing)


def _has_value(cell: Cell, unknown: str) -> bool:
    return cell.drawing is not None or cell.forms[0] not in (unknown, "")


def _fit_widths(
    columns: list[Column], rows: list[list[Cell]], level: int, width: int, *, squeeze: bool
) -> tuple[int, ...] | None:
    """A width for each column; None when they do not all fit. Names are cut only if `squeeze`."""
    natural = [
        max([cell_width(column.title), *(cell_width(row[i].at(level)) for row in rows)])
        for i, column in enumerate(columns)
    ]
    least = [_least_width(column, need, squeeze) for column, need in zip(columns, natural, strict=True)]
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


def _least_width(column: Column, need: int, squeeze: bool) -> int:
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
    spans = [Span(pointer, "accent", row.target, under)]
    for i, width in zip(fitted.shown, fitted.widths, strict=True):
        cell, column = row.cells[i], columns[i]
        if cell.drawing is not None:
            drawn = cell.drawing(width)
            spans += [span._replace(target=row.target, cursor=under) for span in drawn]
            spans.append(Span(" " * (width - line_width(drawn)), "ink", row.target, under))
        else:
            text = _CUTS[column.cut](cell.at(fitted.level), width, ellipsis=canvas.glyphs.ellipsis)
            spans.append(Span(_aligned(text, width, column), row.role or cell.role, row.target, under))
        spans.append(Span(" " * GAP, "ink", row.target, under))
    return tuple(spans[:-1])


def _aligned(text: str, width: int, column: Column) -> str:
    pad = " " * (width - cell_width(text))
    return text + pad if column.align == "left" else pad + text
