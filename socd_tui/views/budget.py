"""Will I hit the cap: each key's two limits, what is used of them, and how high it has been."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from socd_tui.analysis.assessment import Assessment
from socd_tui.analysis.budget import Budget
from socd_tui.analysis.known import Known
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.row_filter import Columns, Fact, select_rows
from socd_tui.analysis.standing import Standing, figures, standings
from socd_tui.charts.bars import gauge
from socd_tui.charts.canvas import Canvas, Line, Role, Span, Target
from socd_tui.charts.number import exact, forms, percent
from socd_tui.charts.sheet import Field, Sheet, Value, rounded
from socd_tui.charts.table import Cell, Column, Row, draw_table
from socd_tui.model.lens import Lens, Sort, visible
from socd_tui.model.window import LOOK_BACK
from socd_tui.views.comparing import FIELDS, change_data, change_part
from socd_tui.views.outlook import figures as outlook
from socd_tui.views.outlook import forecast_cell, forecast_data, forecast_part, tier_cell, tier_data
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
from socd_tui.views.view import Details, Grid, Meaning, View, at_key, column, pick

NAME = "budget"

Cap = Literal["minute", "day"]


@dataclass(frozen=True)
class BudgetPane:
    """Two limits a key; `rows` as filtered and sorted."""

    rows: tuple[Standing, ...]
    cursor: str | None
    sort: Sort | None
    notes: tuple[str, ...]
    known: Mapping[str, Assessment]
    """What is known of each key's days: where it is heading, and whether its tier suits it."""


def build(known: Known, lens: Lens) -> BudgetPane:
    rows = tuple(select_rows(standings(known, lens), _figures, lens, NAME, NARROWING))
    ids = [row.key.id for row in rows]
    cursor = pick(lens.focus, ids)
    assessments = {row.key.id: known.assessment(row.key.id) for row in rows}
    found = notes(known, visible(known.fleet, lens), lens)
    return BudgetPane(rows, cursor, lens.sorts.get(NAME), found, assessments)


def _figures(row: Standing) -> dict[str, Fact]:
    """What a budget can be filtered and sorted by: `used` is the worse of its two limits."""
    minute, day = row.budgets.minute, row.budgets.day
    facts = figures(row)
    return {
        **{name: facts[name] for name in ("key", "prefix", "tier", "state", "requests")},
        "used": max((share for share in (_share(minute), _share(day)) if share is not None), default=None),
        "minute": _share(minute),
        "day": _share(day),
        "peak": day.peak,
        "now": day.current,
        "limit": day.limit.value if day.limit else None,
    }


def _share(budget: Budget) -> float | None:
    """What the gauge is filled to: now ÷ limit, else peak ÷ limit."""
    return budget.used_ratio if budget.used_ratio is not None else budget.peak_ratio


NARROWING = Columns(
    ("key", "prefix", "tier", "state", "requests", "used", "minute", "day", "peak", "now", "limit"),
    {"name": "key", "used%": "used", "minute%": "minute", "day%": "day"},
    frozenset({"key", "prefix", "tier", "state"}),
    frozenset({"used", "minute", "day"}),
)

COLUMNS = (
    KEY_COLUMN,
    Column("cap", "left"),
    Column("now", drop=4, fact="now"),
    Column("peak", drop=2, fact="peak"),
    Column("limit", drop=3, fact="limit"),
    Column("used", fact="used"),
    Column("", "left", drop=5, floor=12, greedy=True),
    Column("state", "left", fact="state"),
    Column("outlook", "left", drop=4),
)


def draw(data: BudgetPane, canvas: Canvas) -> list[Line]:
    rows = [line for row in data.rows for line in _rows(row, data.known[row.key.id], canvas)]
    body = canvas.sized(height=canvas.height - 3)
    table = draw_table(COLUMNS, rows, body, cursor=data.cursor, per=2, sort=data.sort) or _narrow(
        data, canvas
    )
    return [
        *body.fit(table),
        _legend(data, table, canvas),
        note_line(data.notes),
        _read_out(data, canvas),
    ]


def _rows(row: Standing, known: Assessment, canvas: Canvas) -> list[Row]:
    """Two lines a key, the name on the first; the cursor knows the key by it."""
    marker, unknown = canvas.glyphs.marked if row.marked else " ", canvas.glyphs.unknown
    minute = _cells(key_cell(row), "minute", row.budgets.minute, row, canvas)
    day = _cells(Cell(), "day", row.budgets.day, row, canvas)
    return [
        Row((*minute, tier_cell(known.tier, unknown)), row.key.id, marker=marker),
        Row((*day, forecast_cell(known.forecast, unknown))),
    ]


def _cells(name: Cell, cap: Cap, budget: Budget, row: Standing, canvas: Canvas) -> tuple[Cell, ...]:
    unknown = canvas.glyphs.unknown
    role: Role = VERDICT_ROLES[budget.verdict]
    share = _share(budget)
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


def _word(budget: Budget, row: Standing) -> str:
    if row.usage is None:
        return row.word
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
        glyphs.tick: "high-water mark" if peaks else "busiest day",
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
    if row.usage is None:
        told = row.problem.message if row.problem else "waiting for its figures"
        return read_out([name_beside(row.key, told, canvas.width), told], canvas.width)
    day, minute = _sentence("day", row.budgets.day), _sentence("minute", row.budgets.minute)
    return read_out(
        [
            name_beside(row.key, day, canvas.width),
            day,
            *([f"{exact(row.requests)} req", change_part(row.change)] if row.change else []),
            forecast_part(data.known[row.key.id].forecast),
            minute,
            _busiest(row.budgets.day),
        ],
        canvas.width,
    )


def _sentence(cap: Cap, budget: Budget) -> str:
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
    Field("outlook", "text"),
)


def sheet(data: BudgetPane) -> Sheet:
    compared = any(row.change for row in data.rows)
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
            _outlook(data.known[row.key.id], cap),
            *(_before(row) if compared else ()),
        )
        for row in data.rows
        for cap, budget in _both(row)
    )
    fields = (*_FIELDS, *((Field("requests"), *FIELDS[:2]) if compared else ()))
    return Sheet(fields, rows, data.notes)


def _before(row: Standing) -> tuple[Value, ...]:
    change = row.change
    return (row.requests, change.previous, change.difference) if change else (None, None, None)


def _both(row: Standing) -> tuple[tuple[Cap, Budget], tuple[Cap, Budget]]:
    return ("minute", row.budgets.minute), ("day", row.budgets.day)


def _outlook(known: Assessment, cap: Cap) -> str:
    """Of the minute the tier verdict, of the day the forecast, as the pane has them."""
    if cap == "day":
        return forecast_part(known.forecast)
    found = known.tier
    return str(found) if isinstance(found, NotEnough) else f"tier: {found.verdict.replace('_', ' ')}"


def as_data(data: BudgetPane) -> dict[str, object]:
    return {
        "rows": [
            {
                "key_id": row.key.id,
                "minute": _as_data(row.budgets.minute),
                "day": {**_as_data(row.budgets.day), "busiest_day": row.budgets.day.busiest_day},
                "verdict": row.budgets.verdict,
                "forecast": forecast_data(data.known[row.key.id]),
                "tier_verdict": tier_data(data.known[row.key.id].tier),
                **({"requests": row.requests} if row.change else {}),
                **change_data(row.change, row.growth),
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
    return column(row.key.id for row in data.rows)


def maximum(data: BudgetPane) -> Target | None:
    """The key nearest to one of its limits."""
    shares = {
        row.key.id: max(_share(row.budgets.minute) or 0, _share(row.budgets.day) or 0) for row in data.rows
    }
    return max(shares, key=lambda key_id: shares[key_id]) if shares else None


def details(known: Known, lens: Lens) -> Details | None:
    """Where the key under the cursor is heading, with the evidence."""
    data = build(known, lens)
    row = next((row for row in data.rows if row.key.id == data.cursor), None)
    return Details(label(row.key), tuple(outlook(data.known[row.key.id]))) if row else None


VIEW = View(
    name=NAME,
    order=6,
    title="Budget",
    question="Will I hit the cap?",
    scope="all",
    build=build,
    draw=draw,
    sheet=sheet,
    data=as_data,
    grid=grid,
    aim=at_key,
    maximum=maximum,
    details=details,
    baseline=True,
    columns=NARROWING,
    meanings=(
        Meaning(
            "now", "requests the service counts against the limit at this moment", "rateLimits, nested only"
        ),
        Meaning(
            "peak",
            "high-water mark in the window; limits are per key and roll",
            "rate_limit_peak_per_minute …",
        ),
        Meaning("used", "now ÷ limit, else peak ÷ limit with a hollow gauge"),
        Meaning(
            "limit*",
            "assumed from the tier's documented table; else from the service",
            "rateLimits, rate_limit_per_minute …",
        ),
        Meaning(
            "outlook, day",
            "when days reach the cap: weekday medians and a robust trend over up to "
            f"{LOOK_BACK}, an 80% band",
        ),
        Meaning(
            "outlook, minute",
            "stay, borderline, upgrade or could downgrade, by both limits of the documented tiers",
        ),
        Meaning("state", "near from 80% of a limit, over from 100%, by whichever limit is known"),
    ),
)
