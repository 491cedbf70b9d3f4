"""Which columns of a table there is room for, how wide each is, and how briefly its cells speak."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from socd_tui.model.record import dataclass
from socd_tui.model.text import cell_width

if TYPE_CHECKING:
    from socd_tui.charts.table import Column, Extent

GAP = 1
ATTEMPTS = ((0, False), (1, False), (1, True), (2, True))
"""(level, whether names may be cut), in the order they are tried before a column is left out.

Level 0: everything in full. 1: names and peaks without what the read-out line repeats. 2: counts shortened.
"""
EXTRA = 10
"""Columns with this `drop` or a higher one are extras: they are left out before a name or count is cut."""


@dataclass(frozen=True)
class Layout:
    """The indices of the columns that are shown, their widths, and the level of their cells' forms."""

    shown: tuple[int, ...]
    widths: tuple[int, ...]
    level: int


def layout(columns: Sequence[Column], rows: Extent, footing: Extent, width: int) -> Layout | None:
    """The layout with the most that fits into `width` columns; None when even the fewest do not fit.

    A column that may be left out is, where no row has a value in it; without rows the footing decides.
    """
    valued = rows.valued or footing.valued or (False,) * len(columns)
    there = [i for i, column in enumerate(columns) if not column.drop or valued[i]]
    for keep in sorted({0, *(columns[i].drop for i in there)}, reverse=True):
        shown = tuple(i for i in there if columns[i].drop <= keep)
        for level, squeeze in ATTEMPTS if keep < EXTRA else ATTEMPTS[:2]:
            cells = [part.widths[level] for part in (rows, footing) if part.valued]
            natural = [max((cell_width(columns[i].title), *(widths[i] for widths in cells))) for i in shown]
            fitted = _fit_widths([columns[i] for i in shown], natural, width, squeeze=squeeze)
            if fitted is not None:
                return Layout(shown, fitted, level)
    return None


def _fit_widths(
    columns: list[Column], natural: list[int], width: int, *, squeeze: bool
) -> tuple[int, ...] | None:
    """A width for each column; None when they do not all fit. Names are cut only if `squeeze`."""
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
    greedy.sort(key=lambda i: spare if (most := columns[i].most) is None else most - widths[i])
    for n, i in enumerate(greedy):
        most, share = columns[i].most, -(-spare // (len(greedy) - n))
        grown = share if most is None else min(share, max(most - widths[i], 0))
        widths[i] += grown
        spare -= grown
    return tuple(widths)


def _least_width(column: Column, need: int, squeeze: bool) -> int:
    if column.floor is None:
        return need
    if column.greedy:
        return max(column.floor, cell_width(column.short or column.title))
    return min(need, column.floor) if squeeze else need
