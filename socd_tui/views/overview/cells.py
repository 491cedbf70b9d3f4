"""How a key's figures are drawn where that is more than a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import groupby
from operator import itemgetter

from socd_tui.analysis.budget import Budget
from socd_tui.analysis.standing import Standing
from socd_tui.charts.bars import bar
from socd_tui.charts.canvas import Canvas, Line, Role, Span
from socd_tui.charts.number import exact, forms, millis, percent
from socd_tui.charts.spark import cell as spark_cell
from socd_tui.charts.table import Cell
from socd_tui.model.record import replace
from socd_tui.model.usage import Usage
from socd_tui.views.parts.state import state_role


def requests_words(standing: Standing, canvas: Canvas) -> tuple[str, ...]:
    """The count; an ellipsis while the answer is on its way."""
    waiting = standing.usage is None and standing.problem is None
    return (canvas.glyphs.ellipsis,) if waiting else forms(standing.requests, canvas.glyphs.unknown)


def share_cell(share: float | None, largest: float, canvas: Canvas) -> Cell:
    """A bar that is full at the largest share."""
    of = None if share is None else share / (largest or 1.0)
    return Cell(drawing=lambda width: (Span(bar(of, width, canvas.glyphs), "data"),))


def error_role(share: float | None) -> Role:
    """The colour of a share of failed requests."""
    return "ink" if share is None or share < 0.05 else "warn" if share < 0.25 else "bad"


def count_role(count: int | None) -> Role:
    """None of them is nothing to look at."""
    return "ink" if count else "faint"


def p95_cell(by_days: Mapping[int, float | None], canvas: Canvas) -> Cell:
    """p95 in ms of each window, the shortest first: 612/590/580"""
    unknown = canvas.glyphs.unknown
    if all(ms is None for ms in by_days.values()):
        return Cell((unknown,))
    return Cell(("/".join(millis(ms, unknown) for ms in by_days.values()),))


def peak_words(budget: Budget, canvas: Canvas) -> tuple[str, ...]:
    """The peak beside its share of the limit; the share alone where there is no room, or no peak."""
    share, unknown = percent(budget.peak_ratio, ""), canvas.glyphs.unknown
    if budget.peak is None:
        return (share or unknown,)
    return f"{exact(budget.peak)} {share:>5}".rstrip(), share or unknown


def peak_role(budget: Budget) -> Role:
    """The colour of how near the limit it is; faint without a peak."""
    return "faint" if budget.peak is None else state_role(budget.verdict)


def trend_cell(usage: Usage | None, full: Callable[[], int], canvas: Canvas) -> Cell:
    """Requests of each day, newest right; as many as `full` says, once it is drawn, fill a cell."""
    return Cell(drawing=lambda width: _trend(usage, full(), width, canvas))


def _trend(usage: Usage | None, full: int, width: int, canvas: Canvas) -> Line:
    """The newest days that fit, a cell a day."""
    if usage is None or width <= 0:
        return ()
    first = max(usage.window.start, usage.window.end - timedelta(days=width - 1))
    sent = {day.date: day for day in (usage.days or ())[-width:]}
    days = [sent.get(on) for on in sorted({*sent, *replace(usage.window, start=first).dates()})]
    cells = [
        (spark_cell(day and day.requests, full, canvas.glyphs), day is not None and day.partial)
        for day in days[-width:]
    ]
    return tuple(
        Span("".join(mark for mark, _ in group), "faint" if partial else "data")
        for partial, group in groupby(cells, key=itemgetter(1))
    )
