"""Who is burning the limit: every key in one row, on one scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from socd_tui.analysis.findings import MOST, Finding, Findings
from socd_tui.analysis.growth import Growth, growth
from socd_tui.analysis.known import Known
from socd_tui.analysis.row_filter import Columns, select_rows
from socd_tui.analysis.standing import Standing, Total, figures, standings, total
from socd_tui.charts.canvas import Canvas, Line, Span, Target
from socd_tui.charts.sheet import Field, Sheet, as_written, rounded
from socd_tui.charts.table import Row, draw_table
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import LATENCY_WINDOWS, Lens, Sort, visible
from socd_tui.model.text import Text
from socd_tui.model.usage import ratio
from socd_tui.model.window import LOOK_BACK
from socd_tui.views.comparing import (
    FIELDS,
    change_data,
    growth_data,
    growth_line,
)
from socd_tui.views.keytable import (
    COLUMNS,
    OWN_SCALE_COLUMNS,
    Latencies,
    busiest,
    footing,
    key_read_out,
    narrow_row,
    table_row,
)
from socd_tui.views.reading import (
    note_line,
    notes,
    read_out,
)
from socd_tui.views.telling import (
    finding_data,
    finding_line,
    finding_read_out,
    look_at,
    sentence,
    summary,
    target,
)
from socd_tui.views.view import Grid, Meaning, View, column, pick, to_series

NAME = "overview"


@dataclass(frozen=True)
class Overview:
    """`rows` as filtered and sorted, and what they add up to; `whole` counts all keys in the picture."""

    rows: tuple[Standing, ...]
    total: Total
    whole: Total
    findings: Findings
    cursor: Target | None
    """A key's id, or a finding's target."""
    sort: Sort | None
    own_scale: bool
    notes: tuple[str, ...]
    growth: Growth | None = None
    """What made the growth over the window before, when the Lens compares."""
    latencies: Mapping[str, Latencies] = field(default_factory=dict)
    """By key, when the Lens compares."""

    @property
    def finding(self) -> Finding | None:
        """The finding under the cursor."""
        return next((each for each in self.findings.worst_first if target(each) == self.cursor), None)

    @property
    def at(self) -> Standing | None:
        """The key under the cursor."""
        return next((row for row in self.rows if row.key.id == self.cursor), None)


def build(known: Known, lens: Lens) -> Overview:
    everything = standings(known, lens)
    rows = tuple(select_rows(everything, figures, lens, NAME, NARROWING))
    keys = visible(known.fleet, lens)
    found, told = notes(known, keys, lens), known.findings(keys)
    cursor = _cursor([row.key.id for row in rows], told, lens)
    shown = Overview(
        rows, total(rows), total(everything), told, cursor, lens.sorts.get(NAME), lens.own_scale, found
    )
    if not lens.compare:
        return shown
    before = known.before([row.key for row in rows])
    return replace(
        shown,
        total=total(rows, before),
        growth=growth(known, [row.key for row in rows]),
        latencies={key.id: _latencies(known.fleet, key) for key in keys},
    )


def _cursor(ids: list[str], told: Findings, lens: Lens) -> Target | None:
    """The finding that the Lens points at while its key is in focus, else that key, else the first."""
    wanted = lens.rows.get(NAME)
    if wanted in {target(finding) for finding in told.worst_first if finding.key.id == lens.focus}:
        return wanted
    return pick(lens.focus, ids)


def _latencies(fleet: Fleet, key: ApiKey) -> dict[int, float | None]:
    answers = {days: fleet.usage(key.id, days) for days in LATENCY_WINDOWS}
    return {days: usage.p95_ms if usage else None for days, usage in answers.items()}


def draw(data: Overview, canvas: Canvas) -> list[Line]:
    width = canvas.width
    grown = [growth_line(data.growth, width)] if data.growth else []
    opening = [*_findings(data, canvas.sized(height=canvas.height - len(grown))), *grown]
    body = canvas.sized(height=canvas.height - 2 - len(opening))
    table = draw_table(
        OWN_SCALE_COLUMNS if data.own_scale else COLUMNS,
        _rows(data, canvas),
        body,
        cursor=data.at.key.id if data.at else None,
        footing=[footing(data.total, data.whole, canvas.glyphs)],
        sort=data.sort,
    )
    rows = body.fit(table or [narrow_row(row, width) for row in data.rows[: body.height]])
    return [*opening, *rows, note_line(data.notes), _read_out(data, width)]


def _rows(data: Overview, canvas: Canvas) -> list[Row]:
    top = max((busiest(row) for row in data.rows), default=0)
    return [
        table_row(row, data.latencies.get(row.key.id), busiest(row) if data.own_scale else top, canvas)
        for row in data.rows
    ]


def _read_out(data: Overview, width: int) -> Line:
    if data.finding is not None:
        return finding_read_out(data.finding, width)
    return key_read_out(data.at, width) if data.at else ()


def _findings(data: Overview, canvas: Canvas) -> list[Line]:
    """What to know first, in the lines that the table leaves, and some of its own where it leaves none."""
    findings = data.findings
    spare = canvas.height - 2 - len(data.rows) - 2
    most = min(len(findings.worst_first), MOST)
    room = min(max(spare - (len(findings.worst_first) > most), canvas.height // 6), most)
    at = next((i for i, each in enumerate(findings.worst_first) if target(each) == data.cursor), 0)
    first = max(at - room + 1, 0)
    shown = findings.worst_first[first : first + room]
    lines = [
        finding_line(each, canvas.width, canvas.glyphs, cursor=target(each) == data.cursor) for each in shown
    ]
    hidden = len(findings.worst_first) - len(lines)
    told = summary(findings) if not lines else f"+{hidden} more" if hidden and spare > len(lines) else ""
    below: list[Line] = (
        [read_out([Span(told, "faint")], canvas.width)] if told or (lines and spare > len(lines)) else []
    )
    return [*lines, *below]


_FIELDS = (
    Field("key", "text"),
    Field("prefix", "text"),
    Field("tier", "text"),
    Field("requests"),
    Field("share", "ratio"),
    Field("successful"),
    Field("client_errors"),
    Field("server_errors"),
    Field("throttled"),
    Field("error_ratio", "ratio"),
    Field("p50_ms", "ms"),
    Field("p95_ms", "ms"),
    Field("p99_ms", "ms"),
    Field("peak_per_minute"),
    Field("limit_per_minute"),
    Field("peak_per_day"),
    Field("limit_per_day"),
    Field("state", "text"),
)

NARROWING = Columns(
    (*(each.name for each in (*_FIELDS, *FIELDS)), "success_ratio", "avg_ms"),
    {
        "name": "key",
        "req": "requests",
        "ok%": "success_ratio",
        "err%": "error_ratio",
        "4xx": "client_errors",
        "5xx": "server_errors",
        "429": "throttled",
        "p50": "p50_ms",
        "p95": "p95_ms",
        "p99": "p99_ms",
        "avg": "avg_ms",
        "cap/min": "peak_per_minute",
        "cap/day": "peak_per_day",
    },
    frozenset({"key", "prefix", "tier", "state"}),
    frozenset({"share", "success_ratio", "error_ratio", "growth_share"}),
)


def sheet(data: Overview) -> Sheet:
    said = (*map(sentence, data.findings.worst_first), summary(data.findings))
    told = (*_FIELDS, *FIELDS) if data.growth else _FIELDS
    rows = (figures(row) for row in data.rows)
    return Sheet(
        told,
        tuple(tuple(row[each.name] for each in told) for row in rows),
        (*filter(None, said), *data.notes),
    )


def as_data(data: Overview) -> dict[str, object]:
    total = data.total
    return {
        "findings": [finding_data(finding) for finding in data.findings.worst_first],
        "findings_note": summary(data.findings) or None,
        "rows": [_row_data(row, data) for row in data.rows],
        "total": {
            "keys": total.keys,
            "keys_answered": total.answered,
            "requests": total.requests,
            "share": rounded(ratio(total.requests, data.whole.requests)),
            "successful": total.successful,
            "client_errors": total.client_errors,
            "server_errors": total.server_errors,
            "throttled": total.throttled,
            "success_ratio": rounded(ratio(total.successful, total.requests)),
            "error_ratio": rounded(ratio(total.failed, total.requests)),
            **change_data(total.change),
        },
        **({"growth": growth_data(data.growth)} if data.growth else {}),
    }


def _row_data(row: Standing, data: Overview) -> dict[str, object]:
    left_out = {"tier", *(each.name for each in FIELDS)}
    numbers = {
        name: rounded(fact)
        for name, fact in figures(row).items()
        if not isinstance(fact, Text | str) and name not in left_out
    }
    side_by_side = {f"{days}": as_written(ms) for days, ms in data.latencies.get(row.key.id, {}).items()}
    return {
        "key_id": row.key.id,
        **numbers,
        **change_data(row.change, row.growth),
        **({"p95_ms_by_days": side_by_side} if data.growth else {}),
        "verdict": row.budgets.verdict,
        "state": row.word,
    }


def grid(data: Overview) -> Grid:
    targets: list[Target] = [target(finding) for finding in data.findings.worst_first]
    return column((*targets, *(row.key.id for row in data.rows)))


def aim(lens: Lens, wanted: Target) -> Lens:
    """A finding is of a key, which has the focus too."""
    *_, key_id = str(wanted).split(":")
    return replace(lens.at_row(NAME, str(wanted)), focus=key_id)


def maximum(data: Overview) -> Target | None:
    busiest = max(data.rows, key=lambda row: row.requests or 0, default=None)
    return busiest.key.id if busiest else None


def enter(lens: Lens, data: Overview) -> Lens:
    if data.finding is not None:
        return look_at(lens, data.finding)
    return to_series(lens, data.at.key.id if data.at else None)


VIEW = View(
    name=NAME,
    order=1,
    title="Overview",
    question="Who is burning the limit?",
    scope="all",
    build=build,
    draw=draw,
    sheet=sheet,
    data=as_data,
    grid=grid,
    aim=aim,
    maximum=maximum,
    enter=enter,
    baseline=True,
    columns=NARROWING,
    meanings=(
        Meaning(
            "findings",
            f"what differs from the key's own last {LOOK_BACK}, worst first, with the number of the view "
            "that shows it; enter goes there",
        ),
        Meaning(
            "requests", "all answers in the window, 429 included", "total_requests, summary.totalRequests"
        ),
        Meaning("share", "of the requests of all keys in the picture that answered"),
        Meaning("err%", "(4xx + 5xx) ÷ requests, 429 included; ok% is 2xx and 3xx"),
        Meaning("429", "answers refused by a rate limit; part of 4xx", "by_status, rateLimitHits.total"),
        Meaning(
            "cap/min, cap/day",
            "high-water mark in the window, and its share of the limit",
            "rate_limit_peak_per_minute, rate_limit_peak_per_day",
        ),
        Meaning(
            "p50, p95, p99",
            "response time in ms over the whole window; never summed over keys",
            "latency_p50_ms …, latencyPercentiles",
        ),
        Meaning(
            "trend",
            "requests a day, newest right, one scale for all rows; o gives each its own",
            "daily, timeSeries",
        ),
        Meaning(
            "change, growth",
            "requests less those of the equal window before, and the share of all growth; c switches",
        ),
        Meaning("state", "ok, near (80% of a limit), over (100%), idle (no requests), or what is wrong"),
    ),
)
