"""What stands below the codes of errors: all of them together, and the codes that are none."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.charts.canvas import Line, Span
from socd_tui.charts.number import exact, forms, percent
from socd_tui.charts.table import Cell, Row
from socd_tui.model.text import cell_width, counted
from socd_tui.model.usage import ratio
from socd_tui.views.status.measures import MEASURES, StatusRow


def footing(errors: Sequence[StatusRow], failed: int | None, requests: int | None) -> list[Row]:
    """Errors whose code no row has, where there are some, and all `failed` ones."""
    shown = sum(row.requests for row in errors)
    if failed is None or failed < shown:
        return [_sum("all errors", shown, shown, requests)]
    other = [_sum("other errors", failed - shown, failed, requests)] if failed > shown else []
    return [*other, _sum("all errors", failed, failed, requests)]


def _sum(name: str, count: int, failed: int, requests: int | None) -> Row:
    return MEASURES.sums({
        "code": Cell((name,)),
        "requests": Cell(forms(count)),
        "share_of_errors": Cell((percent(ratio(count, failed), ""),)),
        "share": Cell((percent(ratio(count, requests), ""),)),
    })  # fmt: skip


def fine_line(rows: Sequence[StatusRow], width: int) -> Line:
    """The codes that are no errors, in one line."""
    fine = sorted((row for row in rows if row.fine), key=lambda row: -row.requests)
    told = [f"{row.meaning} {exact(row.requests)} ({percent(row.share)})" for row in fine]
    for most in range(len(told), 0, -1):
        left = f", +{counted(len(told) - most, 'code')}" if most < len(told) else ""
        line = f" fine: {', '.join(told[:most])}{left}"
        if cell_width(line) <= width:
            return (Span(line, "faint"),)
    sum_ = f" fine: {exact(sum(row.requests for row in fine))} of {counted(len(fine), 'code')}"
    return (Span(sum_ if fine else " fine: none", "faint"),)
