"""What the answers were: status codes by class, with 429 kept apart from the other client errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from socd_tui.analysis.compare import Change, Previous, sum_changes
from socd_tui.analysis.known import Known
from socd_tui.analysis.row_filter import Columns, Fact, select_rows
from socd_tui.charts.bars import bar
from socd_tui.charts.canvas import Canvas, Line, Role, Span, Target
from socd_tui.charts.number import exact, forms, percent
from socd_tui.charts.sheet import Field, Sheet, Value, rounded
from socd_tui.charts.table import Cell, Column, Row, draw_table
from socd_tui.model.lens import Lens, Sort, subject
from socd_tui.model.usage import Usage, ratio
from socd_tui.model.window import DEFAULT_DAYS
from socd_tui.views.causes import (
    Failing,
    Rises,
    advice_line,
    code_figures,
    failing_endpoints,
    rise_line,
    rises,
    triage_data,
)
from socd_tui.views.comparing import CHANGE_COLUMN, change_cell, change_data, change_part
from socd_tui.views.reading import note_line, notes, read_out, untold
from socd_tui.views.view import Details, Grid, Meaning, View, column, pick

NAME = "status"

WORDS = {
    200: "OK",
    201: "created",
    204: "no content",
    301: "moved",
    302: "found elsewhere",
    304: "not modified",
    400: "bad request",
    401: "key missing, wrong or expired",
    403: "tier or scope does not allow it",
    404: "not found",
    408: "request timed out",
    422: "unprocessable",
    429: "throttled by a rate limit",
    500: "server error",
    502: "bad gateway",
    503: "unavailable",
    504: "gateway timed out",
}
"""What a code usually means to this API's clients."""


@dataclass(frozen=True)
class StatusRow:
    """Requests answered with one code."""

    code: int
    requests: int
    change: Change | None = None

    @property
    def group(self) -> str:
        """2xx … 5xx, with 429 a group of its own, or other."""
        if self.code == 429:
            return "429"
        return f"{self.code // 100}xx" if 1 <= self.code // 100 <= 5 else "other"


@dataclass(frozen=True)
class Status:
    """`rows` as filtered and sorted, by code without a sort; None when the service sent none.

    `classes` count the rows, with 429 inside 4xx. Rates are always of all requests.
    """

    rows: tuple[StatusRow, ...] | None
    classes: Mapping[str, int | None]
    requests: int | None
    client_errors: int | None
    throttled: int | None
    cursor: str | None
    sort: Sort | None
    notes: tuple[str, ...]
    before: Previous | None = None
    """The window before, when the Lens compares."""
    rises: Rises = ()
    failing: Failing | None = None
    days: int = DEFAULT_DAYS

    @property
    def other(self) -> int | None:
        """Requests that no row accounts for: of codes the service left out, or filtered out here."""
        if self.requests is None or self.rows is None:
            return None
        return max(self.requests - sum(row.requests for row in self.rows), 0)

    @property
    def client_error_ratio(self) -> float | None:
        return ratio(self.client_errors, self.requests)

    @property
    def client_error_ratio_without_429(self) -> float | None:
        """(4xx − 429) ÷ (requests − 429): the rate among requests the limits let through."""
        if self.client_errors is None or self.throttled is None or self.requests is None:
            return None
        if self.throttled > self.client_errors:
            return None
        return ratio(self.client_errors - self.throttled, self.requests - self.throttled)


def build(known: Known, lens: Lens) -> Status:
    keys = subject(known.fleet, lens)
    usage = known.combined(keys)
    found = notes(known, keys, lens)
    if usage is None:
        return Status(None, {}, None, None, None, None, None, found)
    before = known.before(keys) if lens.compare else None
    rows = None
    if usage.statuses is not None:
        listed = _listed(usage.statuses, before)
        rows = tuple(select_rows(listed, lambda row: _figures(row, usage.requests), lens, NAME, NARROWING))
    codes = [str(row.code) for row in rows or ()]
    cursor = pick(lens.rows.get(NAME), codes)
    return Status(
        rows,
        _classes(usage, rows),
        usage.requests,
        usage.client_errors,
        usage.throttled,
        cursor,
        lens.sorts.get(NAME),
        found,
        before,
        rises(known, keys),
        failing_endpoints(known, keys),
        lens.days,
    )


def _listed(counts: Mapping[int, int], before: Previous | None) -> list[StatusRow]:
    """The codes of the window; when comparing, also those that are gone."""
    if before is None:
        return [StatusRow(code, n) for code, n in sorted(counts.items())]
    gone = [code for code, n in ((before.usage.statuses if before.usage else None) or {}).items() if n]
    return [
        StatusRow(code, counts.get(code, 0), before.status(code, counts.get(code, 0)))
        for code in sorted({*counts, *gone})
    ]


def _figures(row: StatusRow, requests: int | None) -> dict[str, Fact]:
    return {
        "code": row.code,
        "group": row.group,
        "meaning": f"{row.code} {WORDS.get(row.code, '')}".strip(),
        "requests": row.requests,
        "share": ratio(row.requests, requests),
        "previous_requests": row.change.previous if row.change else None,
        "change": row.change.difference if row.change else None,
    }


NARROWING = Columns(
    ("code", "group", "meaning", "requests", "share", "previous_requests", "change"),
    {"req": "requests"},
    frozenset({"group", "meaning"}),
    frozenset({"share"}),
)


def _classes(usage: Usage, rows: tuple[StatusRow, ...] | None) -> dict[str, int | None]:
    """Sums of the listed codes; without a list, what the totals say of each class."""
    if rows is None:
        return {"4xx": usage.client_errors, "5xx": usage.server_errors}
    sums: dict[str, int | None] = {}
    for row in rows:
        name = "4xx" if row.group == "429" else row.group
        sums[name] = (sums.get(name) or 0) + row.requests
    return sums


COLUMNS = (
    Column("code", "left", floor=8, fact="code"),
    Column("requests", fact="requests"),
    replace(CHANGE_COLUMN, drop=3),
    Column("share", fact="share"),
    Column("", "left", drop=2, floor=8, greedy=True),
)

_GROUP_ROLES: dict[str, Role] = {"2xx": "good", "3xx": "good", "4xx": "warn", "429": "bad", "5xx": "bad"}


def draw(data: Status, canvas: Canvas) -> list[Line]:
    rates = _rates(data, canvas.width)
    if data.rows is None:
        return [
            rates,
            rise_line(data.rises, canvas.width),
            (),
            (Span(f" {untold('status codes', data.days)}"),),
            note_line(data.notes),
        ]
    causes = [rise_line(data.rises, canvas.width)] if canvas.height >= 12 else []
    code = int(data.cursor) if data.cursor else None
    below = [advice_line(code, canvas.width)] if canvas.height >= 12 else []
    body = canvas.sized(height=canvas.height - 3 - len(causes) - len(below))
    table = draw_table(
        COLUMNS, _rows(data, canvas), body, cursor=data.cursor, footing=_footing(data, canvas), sort=data.sort
    )
    rows = body.fit(table or [])
    return [rates, *causes, *rows, *below, note_line(data.notes), _read_out(data, canvas)]


def _rates(data: Status, width: int) -> Line:
    return read_out(
        [
            Span(f"4xx {percent(data.client_error_ratio)}{_of(data.requests)}", "title"),
            f"without 429: {percent(data.client_error_ratio_without_429)}",
            f"throttled (429): {exact(data.throttled)}",
        ],
        width,
    )


def _of(requests: int | None) -> str:
    return f" of {exact(requests)} req" if requests is not None else ""


def _rows(data: Status, canvas: Canvas) -> list[Row]:
    """Codes by group, each group under its sub-total; one plain list when they are sorted."""
    if data.sort is not None:
        return [_code_row(data, row, canvas) for row in data.rows or ()]
    lines: list[Row] = []
    for group in ("1xx", "2xx", "3xx", "4xx", "429", "5xx", "other"):
        members = [row for row in data.rows or () if row.group == group]
        if not members:
            continue
        if group == "429":
            lines.append(_bar_row(data, "429 throttled", members, group, canvas, "429"))
            continue
        title = "4xx without 429" if group == "4xx" else group
        lines.append(_bar_row(data, title, members, group, canvas, None))
        lines += [_code_row(data, row, canvas) for row in members]
    return lines


def _bar_row(
    data: Status, title: str, members: list[StatusRow], group: str, canvas: Canvas, id_: str | None
) -> Row:
    n = sum(row.requests for row in members)
    share, role = ratio(n, data.requests), _GROUP_ROLES.get(group, "ink")
    drawing = Cell(drawing=lambda width: (Span(bar(share, width, canvas.glyphs), role),))
    change = change_cell(sum_changes(row.change for row in members), canvas.glyphs)
    return Row(
        (Cell((title,), "title"), Cell(forms(n), "title"), change, Cell((percent(share),), "title"), drawing),
        id_,
    )


def _code_row(data: Status, row: StatusRow, canvas: Canvas) -> Row:
    share = ratio(row.requests, data.requests)
    word = WORDS.get(row.code, "")
    drawing = Cell(drawing=lambda width: (Span(bar(share, width, canvas.glyphs), "faint"),))
    cells = (
        Cell((f"  {row.code} {word}".rstrip(),)),
        Cell(forms(row.requests)),
        change_cell(row.change, canvas.glyphs),
        Cell((percent(share),)),
        drawing,
    )
    return Row(cells, str(row.code))


def _footing(data: Status, canvas: Canvas) -> list[Row]:
    """What the rows leave, when they leave anything, and all requests."""
    sums = [_sum_row(data, "other", data.other, Cell())] if data.other else []
    whole = data.before.change("requests", data.requests) if data.before else None
    change = change_cell(whole, canvas.glyphs) if whole else Cell()
    return [*sums, _sum_row(data, "total", data.requests, change)]


def _sum_row(data: Status, name: str, n: int | None, change: Cell) -> Row:
    share = percent(ratio(n, data.requests), "")
    return Row((Cell((name,)), Cell(forms(n)), change, Cell((share,)), Cell()), role="faint")


def _read_out(data: Status, canvas: Canvas) -> Line:
    row = next((row for row in data.rows or () if str(row.code) == data.cursor), None)
    if row is None:
        return ()
    return read_out(
        [
            Span(str(row.code), "title"),
            WORDS.get(row.code),
            f"{exact(row.requests)} of {exact(data.requests)} req",
            percent(ratio(row.requests, data.requests)),
            change_part(row.change),
        ],
        canvas.width,
    )


def sheet(data: Status) -> Sheet:
    told = [Field("code", "text"), Field("group", "text"), Field("requests"), Field("share", "ratio")]
    if data.before:
        told += [Field("previous_requests"), Field("change")]
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (str(row.code), *(_figures(row, data.requests)[field.name] for field in told[1:]))
        for row in data.rows or ()
    )
    absent = ("the service sent no status codes",) if data.rows is None else ()
    return Sheet(tuple(told), rows, (*absent, *data.notes))


def as_data(data: Status) -> dict[str, object]:
    rows = [
        {
            "code": row.code,
            "requests": row.requests,
            "share": rounded(ratio(row.requests, data.requests)),
            **change_data(row.change),
        }
        for row in data.rows or ()
    ]
    return {
        "rows": None if data.rows is None else rows,
        "classes": dict(data.classes),
        "other": data.other,
        "requests": data.requests,
        **change_data(data.before.change("requests", data.requests) if data.before else None),
        "client_error_ratio": rounded(data.client_error_ratio),
        "client_error_ratio_without_429": rounded(data.client_error_ratio_without_429),
        "triage": triage_data(data.rises, [row.code for row in data.rows or ()], data.failing),
    }


def grid(data: Status) -> Grid:
    shown = list(data.rows or ())
    if data.sort is None:
        shown.sort(key=lambda row: (row.code // 100, row.code == 429, row.code))
    return column(str(row.code) for row in shown)


def aim(lens: Lens, target: Target) -> Lens:
    return lens.at_row(NAME, str(target))


def maximum(data: Status) -> Target | None:
    """The most frequent code that is not a success: what one looks for here."""
    failing = [row for row in data.rows or () if row.code >= 400]
    return str(max(failing, key=lambda row: row.requests).code) if failing else None


def details(known: Known, lens: Lens) -> Details | None:
    """The code under the cursor: its usual cause, what to do, and whose it is."""
    data = build(known, lens)
    row = next((row for row in data.rows or () if str(row.code) == data.cursor), None)
    if row is None:
        return None
    share = percent(ratio(row.requests, data.requests))
    counted = ("requests", f"{exact(row.requests)} of {exact(data.requests)} ({share})")
    return Details(
        f"{row.code} {WORDS.get(row.code, '')}".strip(),
        (counted, *code_figures(known, subject(known.fleet, lens), row.code)),
    )


VIEW = View(
    name=NAME,
    order=4,
    title="Status",
    question="What is my 4xx rate?",
    scope="subject",
    build=build,
    draw=draw,
    sheet=sheet,
    data=as_data,
    grid=grid,
    aim=aim,
    maximum=maximum,
    details=details,
    baseline=True,
    columns=NARROWING,
    meanings=(
        Meaning("4xx %", "4xx ÷ all requests, 429 included"),
        Meaning("without 429", "(4xx − 429) ÷ (requests − 429)"),
        Meaning("share", "of all requests in the window", "by_status, breakdown.byStatusCode"),
        Meaning(
            "errors rose",
            "days whose (4xx + 5xx − 429) ÷ (requests − 429) is far above the key's usual days before",
        ),
        Meaning("change", "requests less those of the equal window before; c switches"),
        Meaning("429", "refused by a rate limit; a client error, shown as a group of its own"),
    ),
)
