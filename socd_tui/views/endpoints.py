"""Which endpoint is burning the limit."""

from __future__ import annotations

from dataclasses import dataclass, replace

from socd_tui.analysis.compare import Change
from socd_tui.analysis.growth import Growth, growth, growth_share, increase
from socd_tui.analysis.known import Known
from socd_tui.analysis.row_filter import Columns, Fact, select_rows
from socd_tui.analysis.totals import by_path
from socd_tui.charts.bars import bar
from socd_tui.charts.canvas import Canvas, Line, Span, Target
from socd_tui.charts.number import exact, forms, millis, percent
from socd_tui.charts.sheet import Field, Sheet, as_written, rounded, value_text
from socd_tui.charts.table import Cell, Column, Row, draw_table
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens, Sort, subject, visible
from socd_tui.model.text import Text, clip_middle
from socd_tui.model.usage import Endpoint, Usage, ratio
from socd_tui.views.comparing import (
    CHANGE_COLUMN,
    FIELDS,
    change_cell,
    change_data,
    change_part,
    growth_cell,
    growth_data,
    growth_line,
)
from socd_tui.views.reading import error_part, label, note_line, notes, read_out, room_beside, untold
from socd_tui.views.view import Details, Grid, Meaning, View, column, pick

NAME = "endpoints"


@dataclass(frozen=True)
class EndpointRow:
    """One path: its figures, those of each marked key, and what changed since the window before."""

    endpoint: Endpoint
    by_key: tuple[int | None, ...] = ()
    change: Change | None = None
    growth: float | None = None

    @property
    def path(self) -> Text:
        return self.endpoint.path

    @property
    def requests(self) -> int:
        return self.endpoint.requests


@dataclass(frozen=True)
class Endpoints:
    """`rows` as filtered and sorted, by requests without a sort; None when the service sent no endpoints.

    `other` is what they leave of the total: not listed, or filtered out.
    """

    rows: tuple[EndpointRow, ...] | None
    total: int | None
    other: int | None
    cursor: str | None
    sort: Sort | None
    filtered: bool
    notes: tuple[str, ...]
    days: int
    keys: tuple[ApiKey, ...] = ()
    """The marked keys, where there are several: each has a column of its own."""
    growth: Growth | None = None
    """The growth over the window before, when the Lens compares."""


def build(known: Known, lens: Lens) -> Endpoints:
    keys = subject(known.fleet, lens)
    usage = known.combined(keys)
    found = notes(known, keys, lens)
    if usage is None or usage.endpoints is None:
        return Endpoints(None, usage.requests if usage else None, None, None, None, False, found, lens.days)
    total = usage.requests
    listed = sum(row.requests for row in usage.endpoints)
    if total is not None and listed > total:
        found = (*found, f"the endpoints add up to {exact(listed)}, more than the {exact(total)} requests")
    several = tuple(sorted(keys, key=lambda key: -_requests(known, key))) if len(lens.marked) > 1 else ()
    every = _rows(known, lens, usage, several)
    rows = tuple(select_rows(every, lambda row: _figures(row, total), lens, NAME, NARROWING))
    other = None if total is None else max(total - sum(row.requests for row in rows), 0)
    paths = [row.path.original for row in rows]
    return Endpoints(
        rows,
        total,
        other,
        pick(lens.rows.get(NAME), paths),
        lens.sorts.get(NAME),
        len(rows) < len(every),
        found,
        lens.days,
        several,
        growth(known, keys) if lens.compare else None,
    )


def _requests(known: Known, key: ApiKey) -> int:
    usage = known.usage(key.id)
    return (usage.requests if usage else None) or 0


def _rows(known: Known, lens: Lens, usage: Usage, several: tuple[ApiKey, ...]) -> list[EndpointRow]:
    """The endpoints of the window; when comparing, also those that are gone."""
    answers = [known.usage(key.id) for key in several]
    counts = [by_path(usage) if usage else None for usage in answers]
    rows = [
        EndpointRow(row, tuple(each.get(row.path, 0) if each is not None else None for each in counts))
        for row in usage.endpoints or ()
    ]
    if not lens.compare:
        return rows
    before = known.before(subject(known.fleet, lens))
    listed = {row.path for row in rows}
    left = before.usage.endpoints or () if before.usage else ()
    gone = [row for row in left if row.requests and row.path not in listed]
    rows += [EndpointRow(Endpoint(path=row.path, requests=0), tuple(0 for _ in several)) for row in gone]
    changes = [before.endpoint(row.path, row.requests) for row in rows]
    grown = before.change("requests", usage.requests).difference or 0
    increased = max(increase(changes), grown)  # what the list leaves out may have grown too
    return [
        replace(row, change=change, growth=growth_share(change, increased))
        for row, change in zip(rows, changes, strict=True)
    ]


def _figures(row: EndpointRow, total: int | None) -> dict[str, Fact]:
    endpoint = row.endpoint
    return {
        "path": row.path,
        "requests": row.requests,
        "share": ratio(row.requests, total),
        "errors": endpoint.errors,
        "error_ratio": ratio(endpoint.errors, row.requests),
        "avg_ms": endpoint.avg_ms,
        "throttled": endpoint.throttled,
        "previous_requests": row.change.previous if row.change else None,
        "change": row.change.difference if row.change else None,
        "growth_share": row.growth,
    }


COLUMNS = (
    Column("endpoint", "left", floor=24, cut="middle", fact="path"),
    Column("requests", fact="requests"),
    replace(CHANGE_COLUMN, drop=3),
    Column("growth", drop=4, fact="growth_share"),
    Column("share", drop=4, fact="share"),
    Column("", "left", drop=6, floor=8, greedy=True),
    Column("errors", drop=5, fact="errors"),
    Column("err%", drop=2, fact="error_ratio"),
    Column("429", drop=3, fact="throttled"),
    Column("avg ms", drop=5, fact="avg_ms"),
)


def draw(data: Endpoints, canvas: Canvas) -> list[Line]:
    if data.rows is None:
        return [(), (Span(f" {untold('endpoints', data.days)}"),), note_line(data.notes)]
    columns = _columns(data)
    rows = [_row(row, data, canvas) for row in data.rows]
    footing = [*([_other(data, canvas)] if data.other else []), _total(data, canvas)]
    opening = [growth_line(data.growth, canvas.width)] if data.growth else []
    body = canvas.sized(height=canvas.height - 2 - len(opening))
    table = draw_table(columns, rows, body, cursor=data.cursor, footing=footing, sort=data.sort)
    return [*opening, *body.fit(table or []), note_line(data.notes), _read_out(data, canvas)]


def _columns(data: Endpoints) -> tuple[Column, ...]:
    """With several keys marked a column for each stands where the bar does; the least busy leave first."""
    if not data.keys:
        return COLUMNS
    per_key = [Column(label(key, 12), drop=1 if n < 2 else 6 + n) for n, key in enumerate(data.keys)]
    at = next(i for i, column in enumerate(COLUMNS) if column.greedy)
    return (*COLUMNS[:at], *per_key, *COLUMNS[at + 1 :])


def _row(row: EndpointRow, data: Endpoints, canvas: Canvas) -> Row:
    unknown, share, endpoint = canvas.glyphs.unknown, ratio(row.requests, data.total), row.endpoint
    drawing = [Cell(drawing=lambda width: (Span(bar(share, width, canvas.glyphs), "accent"),))]
    by_key = [Cell(forms(n, unknown), "ink" if n else "faint") for n in row.by_key]
    return Row(
        (
            Cell((row.path.shown,), "title"),
            Cell(forms(row.requests, unknown)),
            change_cell(row.change, canvas.glyphs),
            growth_cell(row.growth, canvas.glyphs),
            Cell((percent(share, unknown),)),
            *(by_key if data.keys else drawing),
            Cell(forms(endpoint.errors, unknown)),
            Cell((percent(ratio(endpoint.errors, row.requests), unknown),)),
            Cell(forms(endpoint.throttled, unknown)),
            Cell((millis(endpoint.avg_ms, unknown),)),
        ),
        row.path.original,
    )


def _other(data: Endpoints, canvas: Canvas) -> Row:
    share = ratio(data.other, data.total)
    blank = Cell()
    drawing = [Cell(drawing=lambda width: (Span(bar(share, width, canvas.glyphs), "faint"),))]
    return Row(
        (
            Cell((_other_name(data),), "faint"),
            Cell(forms(data.other)),
            blank,
            blank,
            Cell((percent(share),)),
            *([blank] * len(data.keys) or drawing),
            *[blank] * 4,
        )
    )


def _other_name(data: Endpoints) -> str:
    return "other (filtered out)" if data.filtered else "other (not listed)"


def _total(data: Endpoints, canvas: Canvas) -> Row:
    whole_share = "" if not data.total else "100%"
    change = change_cell(data.growth.total, canvas.glyphs) if data.growth else Cell()
    blanks = [Cell()] * (max(len(data.keys), 1) + 4)
    return Row(
        (Cell(("total",)), Cell(forms(data.total)), change, Cell(), Cell((whole_share,)), *blanks),
        role="faint",
    )


def _read_out(data: Endpoints, canvas: Canvas) -> Line:
    row = next((row for row in data.rows or () if row.path.original == data.cursor), None)
    if row is None:
        return ()
    endpoint = row.endpoint
    figures = f"{exact(row.requests)} req ({percent(ratio(row.requests, data.total))})"
    return read_out(
        [
            Span(clip_middle(row.path.shown, room_beside(figures, canvas.width)), "title"),
            figures,
            change_part(row.change),
            error_part(endpoint.errors, ratio(endpoint.errors, row.requests)),
            f"{exact(endpoint.throttled)} throttled" if endpoint.throttled is not None else None,
            f"avg {millis(endpoint.avg_ms)} ms" if endpoint.avg_ms is not None else None,
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
    tuple(field.name for field in (*_FIELDS, *FIELDS)),
    {"endpoint": "path", "req": "requests", "err%": "error_ratio", "avg": "avg_ms", "429": "throttled"},
    frozenset({"path"}),
    frozenset({"share", "error_ratio", "growth_share"}),
)


def sheet(data: Endpoints) -> Sheet:
    told = (*_FIELDS, *FIELDS) if data.growth else _FIELDS
    rows = [tuple(_figures(row, data.total)[field.name] for field in told) for row in data.rows or ()]
    if data.other:
        share = ratio(data.other, data.total)
        rows.append((_other_name(data), data.other, share, *[None] * (len(told) - 3)))
    absent = ("the service sent no endpoints",) if data.rows is None else ()
    return Sheet(told, tuple(rows), (*absent, *data.notes))


def as_data(data: Endpoints) -> dict[str, object]:
    rows = [
        {
            "path": row.path.original,
            "requests": row.requests,
            "share": rounded(ratio(row.requests, data.total)),
            "errors": row.endpoint.errors,
            "error_ratio": rounded(ratio(row.endpoint.errors, row.requests)),
            "avg_ms": as_written(row.endpoint.avg_ms),
            "throttled": row.endpoint.throttled,
            **change_data(row.change, row.growth),
            **({"by_key": _by_key_data(data, row)} if data.keys else {}),
        }
        for row in data.rows or ()
    ]
    return {
        "rows": None if data.rows is None else rows,
        "other": data.other,
        "total": data.total,
        **({"growth": growth_data(data.growth)} if data.growth else {}),
    }


def _by_key_data(data: Endpoints, row: EndpointRow) -> dict[str, int | None]:
    return dict(zip((key.id for key in data.keys), row.by_key, strict=True))


def grid(data: Endpoints) -> Grid:
    return column(row.path.original for row in data.rows or ())


def aim(lens: Lens, target: Target) -> Lens:
    return lens.at_row(NAME, str(target))


def maximum(data: Endpoints) -> Target | None:
    return max(data.rows, key=lambda row: row.requests).path.original if data.rows else None


def details(known: Known, lens: Lens) -> Details | None:
    """The endpoint under the cursor: its figures, then which keys in the picture use it."""
    data = build(known, lens)
    row = next((row for row in data.rows or () if row.path.original == data.cursor), None)
    if row is None:
        return None
    told = {field.name: field.kind for field in (*_FIELDS[1:], *FIELDS)}
    figures = [
        (name, value_text(fact, told[name]))
        for name, fact in _figures(row, data.total).items()
        if name in told and (fact is not None or name not in {field.name for field in FIELDS})
    ]
    return Details(row.path.shown, (*figures, *_by_key(known, lens, row.path)))


def _by_key(known: Known, lens: Lens, path: Text) -> list[tuple[str, str]]:
    """Requests of every key in the picture on this path, most first."""
    found = []
    for key in visible(known.fleet, lens):
        usage = known.usage(key.id)
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
        Meaning(
            "change, growth",
            "requests less those of the equal window before, and the share of all growth; c switches",
        ),
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
