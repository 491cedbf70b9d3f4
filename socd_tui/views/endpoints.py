"""Which endpoint is burning the limit."""

from __future__ import annotations

from dataclasses import dataclass

from socd_tui.analysis.narrow import Columns, Fact, chosen
from socd_tui.analysis.totals import combine, usages
from socd_tui.charts.bars import bar
from socd_tui.charts.canvas import Canvas, Line, Span, Target
from socd_tui.charts.number import exact, forms, millis, percent
from socd_tui.charts.sheet import Field, Sheet, rounded, shown, whole
from socd_tui.charts.table import Cell, Column, Row, draw_table
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, Sort, subject, visible
from socd_tui.model.text import Text, clip_middle
from socd_tui.model.usage import Endpoint, ratio
from socd_tui.views.reading import error_part, label, note_line, notes, read_out, room_beside
from socd_tui.views.view import Details, Grid, Meaning, View

NAME = "endpoints"


@dataclass(frozen=True)
class Endpoints:
    """`rows` as filtered and sorted, by requests without a sort; None when the service sent no endpoints.

    `other` is what they leave of the total: not listed, or filtered out.
    """

    rows: tuple[Endpoint, ...] | None
    total: int | None
    other: int | None
    cursor: str | None
    sort: Sort | None
    filtered: bool
    notes: tuple[str, ...]


def build(fleet: Fleet, lens: Lens) -> Endpoints:
    keys = subject(fleet, lens)
    usage = combine(usages(fleet, keys, lens.days))
    found = notes(fleet, keys, lens.days)
    if usage is None or usage.endpoints is None:
        return Endpoints(None, usage.requests if usage else None, None, None, None, False, found)
    total = usage.requests
    listed = sum(row.requests for row in usage.endpoints)
    if total is not None and listed > total:
        found = (*found, f"the endpoints add up to {exact(listed)}, more than the {exact(total)} requests")
    rows = tuple(chosen(usage.endpoints, lambda row: _figures(row, total), lens, NAME, NARROWING))
    other = None if total is None else max(total - sum(row.requests for row in rows), 0)
    paths = [row.path.original for row in rows]
    wanted = lens.rows.get(NAME)
    cursor = wanted if wanted in paths else next(iter(paths), None)
    filtered = len(rows) < len(usage.endpoints)
    return Endpoints(rows, total, other, cursor, lens.sorts.get(NAME), filtered, found)


def _figures(row: Endpoint, total: int | None) -> dict[str, Fact]:
    return {
        "path": row.path,
        "requests": row.requests,
        "share": ratio(row.requests, total),
        "errors": row.errors,
        "error_ratio": ratio(row.errors, row.requests),
        "avg_ms": row.avg_ms,
        "throttled": row.throttled,
    }


COLUMNS = (
    Column("endpoint", "left", floor=24, cut="middle", fact="path"),
    Column("requests", fact="requests"),
    Column("share", drop=4, fact="share"),
    Column("", "left", drop=6, floor=8, greedy=True),
    Column("errors", drop=5, fact="errors"),
    Column("err%", drop=2, fact="error_ratio"),
    Column("429", drop=3, fact="throttled"),
    Column("avg ms", drop=5, fact="avg_ms"),
)


def draw(data: Endpoints, canvas: Canvas) -> list[Line]:
    if data.rows is None:
        return [(), (Span(" The service sent no endpoints."),), note_line(data.notes)]
    rows = [_row(row, data.total, canvas) for row in data.rows]
    footing = [_other(data, canvas)] if data.other else []
    body = canvas.sized(height=canvas.height - 2)
    table = draw_table(
        COLUMNS, rows, body, cursor=data.cursor, footing=[*footing, _total(data)], sort=data.sort
    )
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
            Cell((_other_name(data),), "faint"),
            Cell(forms(data.other)),
            Cell((percent(share),)),
            Cell(drawing=lambda width: (Span(bar(share, width, canvas.glyphs), "faint"),)),
            *[blank] * 4,
        )
    )


def _other_name(data: Endpoints) -> str:
    return "other (filtered out)" if data.filtered else "other (not listed)"


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


NARROWING = Columns(
    tuple(field.name for field in _FIELDS),
    {"endpoint": "path", "req": "requests", "err%": "error_ratio", "avg": "avg_ms", "429": "throttled"},
    frozenset({"path"}),
    frozenset({"share", "error_ratio"}),
)


def sheet(data: Endpoints) -> Sheet:
    rows = [tuple(_figures(row, data.total).values()) for row in data.rows or ()]
    if data.other:
        share = ratio(data.other, data.total)
        rows.append((_other_name(data), data.other, share, None, None, None, None))
    absent = ("the service sent no endpoints",) if data.rows is None else ()
    return Sheet(_FIELDS, tuple(rows), (*absent, *data.notes))


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
    return max(data.rows, key=lambda row: row.requests).path.original if data.rows else None


def details(fleet: Fleet, lens: Lens) -> Details | None:
    """The endpoint under the cursor: its figures, then which keys in the picture use it."""
    data = build(fleet, lens)
    row = next((row for row in data.rows or () if row.path.original == data.cursor), None)
    if row is None:
        return None
    told = {field.name: field.kind for field in _FIELDS[1:]}
    figures = [
        (name, shown(fact, told[name])) for name, fact in _figures(row, data.total).items() if name in told
    ]
    return Details(row.path.shown, (*figures, *_by_key(fleet, lens, row.path)))


def _by_key(fleet: Fleet, lens: Lens, path: Text) -> list[tuple[str, str]]:
    """Requests of every key in the picture on this path, most first."""
    found = []
    for key in visible(fleet, lens):
        usage = fleet.usage(key.id, lens.days)
        requests = sum(row.requests for row in (usage.endpoints if usage else None) or () if row.path == path)
        if usage and requests:
            found.append((requests, label(key), percent(ratio(requests, usage.requests))))
    return [
        (name, f"{exact(n)} req ({share} of the key's)") for n, name, share in sorted(found, reverse=True)
    ]


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
    details=details,
    columns=NARROWING,
    meanings=(
        Meaning("requests", "answers of that path, 429 included", "top_endpoints, breakdown.byEndpoint"),
        Meaning("share", "of all requests in the window, those the list leaves out included"),
        Meaning("other", "requests of endpoints the service did not list"),
        Meaning("err%", "errors ÷ requests of the endpoint", "breakdown.byEndpoint.errors, nested only"),
        Meaning(
            "avg ms",
            "average response time; weighted by requests when keys are summed",
            "avgTime, nested only",
        ),
        Meaning("429", "throttled requests of the endpoint", "rateLimitHits.byEndpoint, nested only"),
    ),
)
