"""The rows of the budget: of which keys, and how each is drawn."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from socd_tui.analysis.known import Known
from socd_tui.analysis.standing import standings
from socd_tui.charts.canvas import Canvas
from socd_tui.charts.table import Row
from socd_tui.model.lens import Lens
from socd_tui.views.budget.measures import BOTH, MEASURES, KeyRow
from socd_tui.views.parts.refreshed import NOTHING, Before


def every_row(known: Known, lens: Lens) -> tuple[KeyRow, ...]:
    """Of all keys in the picture."""
    return tuple(
        KeyRow(standing=standing, assessment=known.assessment(standing.key.id))
        for standing in standings(known, lens)
    )


def before_refresh(known: Known, lens: Lens) -> Before[Any]:
    """The lines of keys that had figures when the newest refresh began and have some now, as they were."""
    then = known.earlier.once(every_row, lens) if known.earlier else ()
    rows = [row for row in then if row.standing.usage and known.usage(row.standing.key.id)]
    lines: dict[Hashable, Any] = {(row.target, line.cap): line for row in rows for line in row.limits}
    return Before(lines | {row.target: row for row in rows})


def drawn(row: KeyRow, canvas: Canvas, before: Before[Any] = NOTHING, *, apart: bool) -> tuple[Row, ...]:
    """The line of its limit a minute and that of its limit a day, or one of both."""
    if not apart:
        changed = before.changed(row.target, row, BOTH, canvas)
        return (BOTH.row(row, canvas, row.target, changed),)
    minute, day = (
        before.changed((row.target, limit.cap), limit, MEASURES, canvas) for limit in (row.minute, row.day)
    )
    return (
        MEASURES.row(row.minute, canvas, row.target, minute),
        MEASURES.row(row.day, canvas, changed=day),
    )
