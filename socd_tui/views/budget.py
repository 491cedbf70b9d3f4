"""Will I hit the cap: each key's two limits, what is used of them, and how high it has been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from socd_tui.analysis.verdict import Budget, Budgets, budgets
from socd_tui.charts.bars import gauge
from socd_tui.charts.canvas import Canvas, Line, Role, Span, Target
from socd_tui.charts.number import exact, forms, percent
from socd_tui.charts.sheet import Field, Sheet, Value, rounded
from socd_tui.charts.table import Cell, Column, Row, draw_table
from socd_tui.model.errors import Problem
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens, visible
from socd_tui.views.reading import (
    KEY_COLUMN,
    VERDICT_ROLES,
    key_cell,
    label,
    name_beside,
    note_line,
    notes,
    read_out,
)
from socd_tui.views.view import Grid, Meaning, View

Span_ = Literal["minute", "day"]


@dataclass(frozen=True)
class BudgetRow:
    key: ApiKey
    budgets: Budgets
    answered: bool
    problem: Problem | None
    marked: bool


@dataclass(frozen=True)
class BudgetPane:
    rows: tuple[BudgetRow, ...]
    cursor: str | None
    notes: tuple[str, ...]


def build(fleet: Fleet, lens: Lens) -> BudgetPane:
    keys = visible(fleet, lens)
    rows = tuple(
        BudgetRow(
            key,
            budgets(key, fleet.usage(key.id, lens.days)),
            fleet.usage(key.id, lens.days) is not None,
            fleet.failure(key.id, lens.days),
            key.id in lens.marked,
        )
        for key in keys
    )
    focus = lens.focus if any(key.id == lens.focus for key in keys) else None
    return BudgetPane(rows, focus or (keys[0].id if keys else None), notes(fleet, keys, lens.days))


COLUMNS = (
    KEY_COLUMN,
    Column("cap", "left"),
    Column("now", drop=4),
    Column("peak", drop=2),
    Column("limit", drop=3),
    Column("used"),
    Column("", "left", drop=5, floor=12, greedy=True),
    Column("state", "left"),
)


def draw(data: BudgetPane, canvas: Canvas) -> list[Line]:
    keys = [row.key for row in data.rows]
    rows = [line for row in data.rows for line in _rows(row, keys, canvas)]
    body = canvas.sized(height=canvas.height - 3)
    table = draw_table(COLUMNS, rows, body, cursor=data.cursor, per=2) or _narrow(data, canvas)
    return [
        *body.fit(table),
        _legend(data, table, canvas),
        note_line(data.notes),
        _read_out(data, canvas),
    ]


def _rows(row: BudgetRow, keys: Sequence[ApiKey], canvas: Canvas) -> list[Row]:
    """Two lines a key, the name on the first; the cursor knows the key by it."""
    marker = canvas.glyphs.marked if row.marked else " "
    return [
        Row(
            _cells(key_cell(row.key, keys), "minute", row.budgets.minute, row, canvas),
            row.key.id,
            marker=marker,
        ),
        Row(_cells(Cell(), "day", row.budgets.day, row, canvas)),
    ]


def _cells(name: Cell, cap: Span_, budget: Budget, row: BudgetRow, canvas: Canvas) -> tuple[Cell, ...]:
    unknown = canvas.glyphs.unknown
    role: Role = VERDICT_ROLES[budget.verdict]
    share = budget.used_ratio if budget.used_ratio is not None else budget.peak_ratio
    limit = tuple(
        f"{form}{_assumed(budget)}" for form in forms(budget.limit.value if budget.limit else None, unknown)
    )
    return (
        name,
        Cell((cap,), "faint"),
        Cell(forms(budget.current, unknown)),
        Cell(forms(budget.peak, unknown)),
        Cell(limit),
        Cell((percent(share, unknown),), role),
        Cell(
            (unknown if share is None else "",),
            drawing=lambda width: gauge(budget.used_ratio, budget.peak_ratio, width, canvas.glyphs, role),
        ),
        Cell((_word(budget, row),), "bad" if row.problem else role),
    )


def _assumed(budget: Budget) -> str:
    return "*" if budget.limit and budget.limit.source == "tier" else ""


def _word(budget: Budget, row: BudgetRow) -> str:
    if not row.answered:
        return row.problem.kind.replace("_", " ") if row.problem else "loading"
    return "idle" if row.budgets.requests == 0 else budget.verdict


def _legend(data: BudgetPane, table: list[Line], canvas: Canvas) -> Line:
    """The marks that are in the picture, in words."""
    glyphs = canvas.glyphs
    drawn = {span.text for line in table for span in line}
    peaks = any(
        budget.peak is not None for row in data.rows for budget in (row.budgets.minute, row.budgets.day)
    )
    marks = {
        glyphs.bar[0]: "used now",
        glyphs.tick: "high-water mark" if peaks else "busiest day, 429 included",
        glyphs.hollow: "only the mark is known",
    }
    parts = [f"{mark} {words}" for mark, words in marks.items() if mark in drawn]
    if any(text[-1:] == "*" and text[-2:-1].isdigit() for text in drawn):
        parts.append("* assumed from tier")
    return read_out([Span(part, "faint") for part in parts], canvas.width)


def _narrow(data: BudgetPane, canvas: Canvas) -> list[Line]:
    return [
        read_out(
            [
                Span(label(row.key, 16), "title"),
                percent(row.budgets.day.peak_ratio),
                _word(row.budgets.day, row),
            ],
            canvas.width,
        )
        for row in data.rows
    ]


def _read_out(data: BudgetPane, canvas: Canvas) -> Line:
    row = next((row for row in data.rows if row.key.id == data.cursor), None)
    if row is None:
        return ()
    if not row.answered:
        told = row.problem.message if row.problem else "waiting for its figures"
        return read_out([name_beside(row.key, told, canvas.width), told], canvas.width)
    day, minute = _sentence("day", row.budgets.day), _sentence("minute", row.budgets.minute)
    return read_out(
        [name_beside(row.key, day, canvas.width), day, minute, _busiest(row.budgets.day)], canvas.width
    )


def _sentence(cap: Span_, budget: Budget) -> str:
    if budget.limit is None:
        return f"{cap} limit unknown"
    limit = exact(budget.limit.value)
    if budget.peak is not None:
        return f"{cap} peak {exact(budget.peak)}/{limit} ({percent(budget.peak_ratio)})"
    if budget.current is not None:
        return f"{cap} now {exact(budget.current)}/{limit} ({percent(budget.used_ratio)})"
    return f"{cap} limit {limit}"


def _busiest(budget: Budget) -> str | None:
    """What stands in for a peak that the service did not send."""
    if budget.peak is not None or budget.busiest_day is None:
        return None
    return f"busiest day {exact(budget.busiest_day)} req"


_FIELDS = (
    Field("key", "text"),
    Field("cap", "text"),
    Field("current"),
    Field("peak"),
    Field("limit"),
    Field("used_ratio", "ratio"),
    Field("peak_ratio", "ratio"),
    Field("limit_source", "text"),
    Field("verdict", "text"),
)


def sheet(data: BudgetPane) -> Sheet:
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            row.key.name,
            cap,
            budget.current,
            budget.peak,
            budget.limit.value if budget.limit else None,
            budget.used_ratio,
            budget.peak_ratio,
            budget.limit.source if budget.limit else None,
            _word(budget, row),
        )
        for row in data.rows
        for cap, budget in (("minute", row.budgets.minute), ("day", row.budgets.day))
    )
    return Sheet(_FIELDS, rows, data.notes)


def as_data(data: BudgetPane) -> dict[str, object]:
    return {
        "rows": [
            {
                "key_id": row.key.id,
                "minute": _as_data(row.budgets.minute),
                "day": {**_as_data(row.budgets.day), "busiest_day": row.budgets.day.busiest_day},
                "verdict": row.budgets.verdict,
            }
            for row in data.rows
        ]
    }


def _as_data(budget: Budget) -> dict[str, object]:
    return {
        "limit": budget.limit.value if budget.limit else None,
        "current": budget.current,
        "peak": budget.peak,
        "used_ratio": rounded(budget.used_ratio),
        "peak_ratio": rounded(budget.peak_ratio),
        "limit_source": budget.limit.source if budget.limit else None,
    }


def grid(data: BudgetPane) -> Grid:
    return [[row.key.id] for row in data.rows]


def aim(lens: Lens, target: Target) -> Lens:
    return replace(lens, focus=str(target))


def maximum(data: BudgetPane) -> Target | None:
    known = [row for row in data.rows if row.budgets.requests is not None]
    worst = max(
        known,
        key=lambda row: max(row.budgets.minute.peak_ratio or 0, row.budgets.day.peak_ratio or 0),
        default=None,
    )
    return worst.key.id if worst else None


VIEW = View(
    name="budget",
    order=6,
    title="Budget",
    question="Will I hit the cap?",
    scope="all",
    build=build,
    draw=draw,
    sheet=sheet,
    data=as_data,
    grid=grid,
    aim=aim,
    maximum=maximum,
    meanings=(
        Meaning("now", "requests the service counts against the limit at this moment (nested payload only)"),
        Meaning("peak", "high-water mark in the window; limits are per key and roll"),
        Meaning("used", "now ÷ limit, else peak ÷ limit with a hollow gauge"),
        Meaning("limit*", "assumed from the tier's documented table; else from the service"),
        Meaning("state", "near from 80% of a limit, over from 100%"),
    ),
)
