"""Which cells of a table say something else since the newest refresh."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Generic, TypeVar

from socd_tui.charts.canvas import Canvas
from socd_tui.model.record import dataclass, field
from socd_tui.views.parts.measure import Measures

R = TypeVar("R")

NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, eq=False)
class Before(Generic[R]):
    """The rows of a table as they were when the newest refresh began, by what each is of.

    It is kept as long as what is known: what was compared once is not compared again for a cursor that moved.
    """

    rows: Mapping[Hashable, R]
    _changed: dict[object, frozenset[int]] = field(default_factory=dict)

    def changed(self, of: Hashable, row: R, measures: Measures[Any], canvas: Canvas) -> frozenset[int]:
        """The places of the columns in which the row says something else now; none for a row that is new."""
        before = self.rows.get(of)
        if before is None:
            return NONE
        drawn = of, canvas.glyphs.level, len(measures.on_screen)
        if drawn not in self._changed:
            self._changed[drawn] = measures.differences(before, row, canvas)
        return self._changed[drawn]


NOTHING: Before[Any] = Before({})
"""Where nothing can be compared."""
