"""Which endpoint is burning the limit."""

from __future__ import annotations

from dataclasses import dataclass

from socd_tui.analysis.totals import combine, usages
from socd_tui.charts.bars import bar
from socd_tui.charts.canvas import Canvas, Line, Span, Target
from socd_tui.charts.number import exact, forms, millis, percent
from socd_tui.charts.sheet import Field, Sheet, Value, rounded, whole
from socd_tui.charts.table import Cell, Column, Row, draw_table
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, subject
from socd_tui.model.text import clip_middle
from socd_tui.model.usage import Endpoint, ratio
from socd_tui.views.reading import error_part, note_line, notes, read_out, room_beside
from socd_tui.views.view import Grid, Meaning, View

NAME = "endpoints"


@dataclass(frozen=True)
class Endpoints:
    """`rows` by requests, most first; None when the service sent no endpoints. `other` is what they leave."""

    rows: tuple[Endpoint, ...] | None
    total: int | None
    other: int | None
    cursor: str | None
    notes: tuple[str, ...]


def build(fleet: Fleet, lens: Lens) -> Endpoints:
    keys = subject(fleet, lens)
    usage = combine(usages(fleet, keys, lens.days))
    found = notes(fleet, keys, lens.days)
    if usage is None or usage.endpoints is None:
        return Endpoints(None, usage.requests if usage else None, None, None, found)
    listed = sum(row.requests for row in usage.endpoints)
    total = usage.requests
    other = None if total is None else max(total - listed, 0)
    if total is not None and listed > total:
        found = (*found, f"the endpoints add up to {exact(listed)}, more than the {exact(total)} requests")
    paths = [row.path.original for row in usage.endpoints]
    wanted = lens.rows.get(NAME)
    cursor = wanted if wanted in paths else (paths[0] if paths else None)
    return Endpoints(usage.endpoints, total, other, cursor, found)


COLUMNS = (
    Column("endpoint", "left", floor=24, cut="middle"),
    Column("requests"),
    Column("share", drop=4),
    Column("", "left", drop=6, floor=8, greedy=True),
    Column("errors", drop=5),
    Column("err%", drop=2),
    Column("429", drop=3),
    Column("avg ms", drop=5),
)


def draw(data: Endpoints, canvas: Canvas) -> list[Line]:
    if data.rows is None:
        return [(), (Span(" The service sent no endpoints."),), note_line(data.notes)]
    rows = [_row(row, data.total, canvas) for row in data.rows]
    footing = [_other(data, canvas)] if data.other else []
    body = canvas.sized(height=canvas.height - 2)
    table = draw_table(COLUMNS, rows, body, cursor=data.cursor, footing=[*footing, _total(data)])
    return [*body.fit(table or []), note_line(data.notes), _read_out(data, canvas)]


def _row(row: Endpoint, total: int | None, canvas: Canvas) -> Row:
    unknown, share = canvas.glyphs.unknown, ratio(row.requests, total)
    return Row(
        (
            Cell((row.path.shown,), "title"),
            Cell(forms(row.requests, unknown)),
            Cell((percent(share, unknown),)),
            Cell(drawing=lambda width: (Span(bar(share, width, canvas.glyphs), "accent"),)),
            Cell(forms(row.errors, unknown)),
            Cell((percent(ratio(row.errors, row.requests), unknown),)),
            Cell(forms(row.throttled, unknown)),
            Cell((millis(row.avg_ms, unknown),)),
        ),
        row.path.original,
    )


def _other(data: Endpoints, canvas: Canvas) -> Row:
    share = ratio(data.other, data.total)
    blank = Cell()
    return Row(
        (
            Cell(("other (not listed)",), "faint"),
            Cell(forms(data.other)),
            Cell((percent(share),)),
            Cell(drawing=lambda width: (Span(bar(share, width, canvas.glyphs), "faint"),)),
            *[blank] * 4,
        )
    )


def _total(data: Endpoints) -> Row:
    whole_share = "" if not data.total else "100%"
    return Row((Cell(("total",)), Cell(forms(data.total)), Cell((whole_share,)), *[Cell()] * 5), role="faint")


def _read_out(data: Endpoints, canvas: Canvas) -> Line:
    row = next((row for row in data.rows or () if row.path.original == data.cursor), None)
    if row is None:
        return ()
    figures = f"{exact(row.requests)} req ({percent(ratio(row.requests, data.total))})"
    return read_out(
        [
            Span(clip_middle(row.path.shown, room_beside(figures, canvas.width)), "title"),
            figures,
            error_part(row.errors, ratio(row.errors, row.requests)),
            f"{exact(row.throttled)} throttled" if row.throttled is not None else None,
            f"avg {millis(row.avg_ms)} ms" if row.avg_ms is not None else None,
        ],
        canvas.width,
    )


_FIELDS = (
    Field("path", "text"),
    Field("requests"),
    Field("share", "ratio"),
    Field("errors"),
    Field("error_ratio", "ratio"),
    Field("avg_ms", "ms"),
    Field("throttled"),
)


def sheet(data: Endpoints) -> Sheet:
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            row.path,
            row.requests,
            ratio(row.requests, data.total),
            row.errors,
            ratio(row.errors, row.requests),
            row.avg_ms,
            row.throttled,
        )
        for row in data.rows or ()
    )
    if data.other:
        rows = (
            *rows,
            ("other (not listed)", data.other, ratio(data.other, data.total), None, None, None, None),
        )
    absent = ("the service sent no endpoints",) if data.rows is None else ()
    return Sheet(_FIELDS, rows, (*absent, *data.notes))


def as_data(data: Endpoints) -> dict[str, object]:
    rows = [
        {
            "path": row.path.original,
            "requests": row.requests,
            "share": rounded(ratio(row.requests, data.total)),
            "errors": row.errors,
            "error_ratio": rounded(ratio(row.errors, row.requests)),
            "avg_ms": whole(row.avg_ms),
            "throttled": row.throttled,
        }
        for row in data.rows or ()
    ]
    return {"rows": None if data.rows is None else rows, "other": data.other, "total": data.total}


def grid(data: Endpoints) -> Grid:
    return [[row.path.original] for row in data.rows or ()]


def aim(lens: Lens, target: Target) -> Lens:
    return lens.at_row(NAME, str(target))


def maximum(data: Endpoints) -> Target | None:
    return data.rows[0].path.original if data.rows else None


VIEW = View(
    name=NAME,
    order=3,
    title="Endpoints",
    question="Which endpoint is burning it?",
    scope="subject",
    build=build,
    draw=draw,
    sheet=sheet,
    data=as_data,
    grid=grid,
    aim=aim,
    maximum=maximum,
    meanings=(
        Meaning("share", "of all requests in the window, those the list leaves out included"),
        Meaning("other", "requests of endpoints the service did not list"),
        Meaning("err%", "errors ÷ requests of the endpoint; only the nested payload has it"),
        Meaning("avg ms", "average response time; weighted by requests when keys are summed"),
        Meaning("429", "throttled requests of the endpoint; only the nested payload has it"),
    ),
)
