"""Which columns of a table there is room for, how wide each is, and how briefly its cells speak."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
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
    parts = [part for part in (rows, footing) if part]
    there = [i for i, column in enumerate(columns) if not column.drop or (parts and parts[0].valued(i))]
    for keep in sorted({0, *(columns[i].drop for i in there)}, reverse=True):
        shown = {i: columns[i] for i in there if columns[i].drop <= keep}
        for level, squeeze in ATTEMPTS if keep < EXTRA else ATTEMPTS[:2]:
            needs = partial(_needs, columns, parts, level)
            fitted = _fit_widths(shown, needs, width, squeeze=squeeze)
            if fitted is not None:
                return Layout(tuple(shown), fitted, level)
    return None


def _needs(columns: Sequence[Column], parts: Sequence[Extent], level: int, i: int) -> int:
    """The width of the column in full."""
    return max((cell_width(columns[i].title), *(part.width(i, level) for part in parts)))


def _fit_widths(
    columns: Mapping[int, Column], needs: Callable[[int], int], width: int, *, squeeze: bool
) -> tuple[int, ...] | None:
    """A width for each column; None when they do not all fit. Names are cut only if `squeeze`.

    What a column needs is found out of no more of them than it takes to see that they do not fit, first of
    those that stay longest.
    """
    widths = {i: _least_width(each, cell_width(each.title), squeeze) for i, each in columns.items()}
    spare = width - sum(widths.values()) - GAP * (len(columns) - 1)
    asked = [i for i, each in columns.items() if each.floor is None or not each.greedy]
    for i in sorted(asked, key=lambda i: columns[i].drop):
        if spare < 0:
            return None
        least = _least_width(columns[i], needs(i), squeeze)
        spare -= least - widths[i]
        widths[i] = least
    if spare < 0:
        return None
    for i, column in columns.items():
        if column.floor is not None and not column.greedy:
            grown = min(spare, max(needs(i) - widths[i], 0))
            widths[i] += grown
            spare -= grown
    greedy = [i for i, column in columns.items() if column.greedy]
    greedy.sort(key=lambda i: spare if (most := columns[i].most) is None else most - widths[i])
    for n, i in enumerate(greedy):
        most, share = columns[i].most, -(-spare // (len(greedy) - n))
        grown = share if most is None else min(share, max(most - widths[i], 0))
        widths[i] += grown
        spare -= grown
    return tuple(widths.values())


def _least_width(column: Column, need: int, squeeze: bool) -> int:
    if column.floor is None:
        return need
    if column.greedy:
        return max(column.floor, cell_width(column.short or column.title))
    return min(need, column.floor) if squeeze else need
