"""How the figures of a limit are drawn."""

from __future__ import annotations

from socd_tui.analysis.budget import Budget
from socd_tui.charts.bars import gauge
from socd_tui.charts.canvas import Canvas
from socd_tui.charts.number import forms
from socd_tui.charts.table import Cell
from socd_tui.views.budget.limit import LimitRow
from socd_tui.views.parts.outlook import forecast_cell, tier_cell


def limit_cell(budget: Budget, canvas: Canvas) -> Cell:
    """With a star where the limit is assumed."""
    limit = budget.limit
    if limit is None:
        return Cell((canvas.glyphs.unknown,))
    if limit.value is None:
        return Cell(("no limit",), "faint")
    said = forms(limit.value, canvas.glyphs.unknown)
    return Cell(tuple([f"{form}*" for form in said]) if limit.source == "tier" else said)


def gauge_cell(row: LimitRow, canvas: Canvas) -> Cell:
    used, peak = row.budget.used_ratio, row.budget.peak_ratio
    return Cell(
        (canvas.glyphs.unknown if row.used is None else "",),
        drawing=lambda width: gauge(used, peak, width, canvas.glyphs, row.role),
    )


def outlook_cell(row: LimitRow, canvas: Canvas) -> Cell:
    """Of the minute the tier verdict, of the day the forecast, each saying what it is of."""
    unknown = canvas.glyphs.unknown
    if row.cap == "minute":
        return _saying("tier", tier_cell(row.assessment.tier, unknown))
    return _saying("cap", forecast_cell(row.assessment.forecast, unknown))


def _saying(what: str, cell: Cell) -> Cell:
    return cell._replace(forms=tuple(f"{what} {form}" for form in cell.forms))
