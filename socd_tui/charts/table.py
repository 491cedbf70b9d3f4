"""Tables that never cut a number: where they do not fit, names and counts get shorter, then columns go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from socd_tui.charts.canvas import Canvas, Line, Role, Span, blanks_apart, line_width
from socd_tui.charts.glyphs import Glyphs
from socd_tui.charts.table_layout import GAP, Layout, layout
from socd_tui.model.lens import Sort
from socd_tui.model.record import KW_ONLY, dataclass, replace
from socd_tui.model.target import SortTarget, Target
from socd_tui.model.text import cell_width, clip, clip_middle, clip_name

_CUTS = {"end": clip, "middle": clip_middle, "name": clip_name}

Drawing = Callable[[int], Line]
"""Draws a cell in exactly the columns it is given."""


class Cell(NamedTuple):
    """Text in one or more forms, or a drawing of any width.

    The forms are by level: in full; without what the read-out line repeats; shortened.
    """

    forms: tuple[str, ...] = ("",)
    role: Role = "ink"
    drawing: Drawing | None = None
    changed: bool = False
    """Whether its text is another since the newest refresh."""

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
    most: int | None = None
    """Columns beyond which a greedy one shows no more."""
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


class Extent:
    """How wide the widest cell of each column is among some rows, found when a layout asks for it.

    Of a wide table on a narrow screen it asks for few columns.
    """

    def __init__(
        self,
        rows: int,
        cells: Callable[[int], Iterable[Cell]],
        unknown: str,
        said: Callable[[int], Iterable[tuple[str, ...]]] | None = None,
    ) -> None:
        """`cells` gives those of a column, `said` their forms, where that is known without them: what several
        of so many rows say need be among either only once."""
        self._rows, self._cells, self._unknown = rows, cells, unknown
        self._said = said or (lambda i: (cell.forms for cell in cells(i)))
        self._valued: dict[int, bool] = {}
        self._widths: dict[int, list[int]] = {}

    @classmethod
    def of(cls, rows: Sequence[Row], unknown: str) -> Extent:
        """Of rows that are drawn already."""
        return cls(len(rows), lambda i: (row.cells[i] for row in rows), unknown)

    def __bool__(self) -> bool:
        """Whether there are any rows."""
        return self._rows > 0

    def valued(self, i: int) -> bool:
        """Whether any of the rows has a value in the column."""
        if i not in self._valued:
            nothing = self._unknown, ""
            self._valued[i] = any(
                cell.drawing is not None or cell.forms[0] not in nothing for cell in self._cells(i)
            )
        return self._valued[i]

    def width(self, i: int, level: int) -> int:
        """The columns that its widest cell takes in the form of the level."""
        if i not in self._widths:
            said = set(self._said(i)) or {("",)}
            levels = max(map(len, said))
            whole = [forms if len(forms) == levels else _stretched(forms, levels) for forms in said]
            self._widths[i] = [max(map(cell_width, texts)) for texts in zip(*whole, strict=True)]
        widths = self._widths[i]
        return widths[min(level, len(widths) - 1)]


def _stretched(forms: tuple[str, ...], levels: int) -> tuple[str, ...]:
    """Forms for so many levels: the last stands for those that there are none for."""
    return forms + forms[-1:] * (levels - len(forms))


@dataclass(frozen=True)
class Rows:
    """The rows of a table, of which only those on the screen are drawn."""

    targets: Sequence[Target | None]
    draw: Callable[[int], Row]
    """Draws the row of that index."""
    extent: Extent

    @classmethod
    def of(cls, rows: Sequence[Row], unknown: str) -> Rows:
        """Rows that are drawn already."""
        return cls([row.target for row in rows], rows.__getitem__, Extent.of(rows, unknown))


class Table:
    """A table before anybody points at it: laid out once for each width, each line drawn once.

    Whoever keeps it as long as its rows pays for a cursor that moved with the lines that it left and came to.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Sequence[Row] | Rows,
        glyphs: Glyphs,
        *,
        footing: Sequence[Row] = (),
        per: int = 1,
        sort: Sort | None = None,
    ) -> None:
        """The title of the column that `sort` orders by gets an arrow. `per` consecutive rows belong together
        and are shown or left out together."""
        if sort is not None:
            arrow = glyphs.down if sort.descending else glyphs.up
            columns = [
                replace(each, title=each.title + arrow) if each.fact == sort.column else each
                for each in columns
            ]
        self._columns = columns
        self._rows = rows if isinstance(rows, Rows) else Rows.of(rows, glyphs.unknown)
        self._glyphs = glyphs
        self._footing = footing
        self._per = per
        self._below = Extent.of(footing, glyphs.unknown)
        self._layouts: dict[int, Layout | None] = {}
        self._lines: dict[tuple[int, Layout], Line] = {}

    def draw(
        self,
        canvas: Canvas,
        *,
        cursor: Target | None = None,
        marked: Collection[Target] = (),
    ) -> list[Line] | None:
        """Header, as many rows as fit around the cursor, and the footing; None when no layout fits."""
        width = canvas.width - 1  # beside the pointer
        if width not in self._layouts:
            self._layouts[width] = layout(self._columns, self._rows.extent, self._below, width)
        fitted = self._layouts[width]
        if fitted is None:
            return None
        targets, per = self._rows.targets, self._per
        total, room = len(targets), max(canvas.height - 1 - len(self._footing), 1)
        at = self._places.get(cursor, 0)
        clipped = total > room
        if clipped:
            room = max((room - 1) // per, 1) * per
        first = min(max(at - room // 2, 0) // per * per, max(total - room, 0))
        last = min(first + room, total)
        lines = [_header(self._columns, fitted), *(self._line(i, fitted) for i in range(first, last))]
        if clipped:
            lines.append((Span(f" rows {first // per + 1}–{last // per} of {total // per}", "faint"),))
        lines += [self._line(total + i, fitted) for i in range(len(self._footing))]
        return [self._seen(line, cursor, marked) for line in lines]

    @cached_property
    def _places(self) -> dict[Target | None, int]:
        """Where each row is, by what it points at; of several the first."""
        targets = self._rows.targets
        return {targets[i]: i for i in reversed(range(len(targets)))}

    def _line(self, index: int, fitted: Layout) -> Line:
        """The row of that index, or behind the rows the one of the footing, as nobody points at it."""
        made = self._lines.get((index, fitted))
        if made is None:
            at = index - len(self._rows.targets)
            row = self._rows.draw(index) if at < 0 else self._footing[at]
            made = self._lines[index, fitted] = _line(self._columns, fitted, row, self._glyphs)
        return made

    def _seen(self, line: Line, cursor: Target | None, marked: Collection[Target]) -> Line:
        """The line as it is marked or pointed at."""
        target = line[0].target
        if target is None:
            return line
        if target in marked:
            line = (line[0]._replace(text=self._glyphs.marked), *line[1:])
        return pointed_at(line, self._glyphs) if target == cursor else line


def pointed_at(line: Line, glyphs: Glyphs) -> Line:
    """The line under the cursor: with the pointer in its first column, which a mark keeps."""
    first, *rest = line
    text = glyphs.pointer if first.text == " " else first.text
    return tuple(span._replace(cursor=True) for span in (first._replace(text=text), *rest))


def draw_table(
    columns: Sequence[Column],
    rows: Sequence[Row] | Rows,
    canvas: Canvas,
    *,
    cursor: Target | None = None,
    marked: Collection[Target] = (),
    footing: Sequence[Row] = (),
    per: int = 1,
    sort: Sort | None = None,
) -> list[Line] | None:
    """A table that is drawn once."""
    table = Table(columns, rows, canvas.glyphs, footing=footing, per=per, sort=sort)
    return table.draw(canvas, cursor=cursor, marked=marked)


def _header(columns: Sequence[Column], fitted: Layout) -> Line:
    spans = [Span(" ")]
    for i, width in zip(fitted.shown, fitted.widths, strict=True):
        title = columns[i].title if cell_width(columns[i].title) <= width else columns[i].short
        target = SortTarget(columns[i].fact) if columns[i].fact else None
        spans += [Span(_aligned(title, width, columns[i]), "faint", target), Span(" " * GAP)]
    return tuple(spans[:-1])


def _line(columns: Sequence[Column], fitted: Layout, row: Row, glyphs: Glyphs) -> Line:
    spans = [Span(" ", "accent", row.target)]
    for i, width in zip(fitted.shown, fitted.widths, strict=True):
        cell, column = row.cells[i], columns[i]
        if cell.drawing is not None:
            drawn = cell.drawing(width)
            spans += [Span(text, role, row.target) for text, role, *_ in drawn]
            spans.append(Span(" " * (width - line_width(drawn)), "ink", row.target))
        else:
            text = _CUTS[column.cut](cell.at(fitted.level), width, ellipsis=glyphs.ellipsis)
            whole = Span(_aligned(text, width, column), row.role or cell.role, row.target)
            spans += _standing_out(whole) if cell.changed else [whole]
        spans.append(Span(" " * GAP, "ink", row.target))
    return tuple(spans[:-1])


def _standing_out(cell: Span) -> list[Span]:
    """The cell with its text marked as changed, but for the blanks beside it."""
    before, text, after = blanks_apart(cell.text)
    marked = cell._replace(text=text, changed=True)
    return [span for span in (cell._replace(text=before), marked, cell._replace(text=after)) if span.text]


def _aligned(text: str, width: int, column: Column) -> str:
    pad = " " * (width - cell_width(text))
    return text + pad if column.align == "left" else pad + text
