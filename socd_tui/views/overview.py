"""Who is burning the limit: every key in one row, on one scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from socd_tui.analysis.calendar import calendar
from socd_tui.analysis.compare import previous
from socd_tui.analysis.findings import Finding, Findings, findings
from socd_tui.analysis.growth import Growth, growth
from socd_tui.analysis.narrow import Columns, chosen
from socd_tui.analysis.standing import Standing, Total, figures, standings, total
from socd_tui.analysis.verdict import Budget
from socd_tui.charts.canvas import Canvas, Line, Role, Span, Target
from socd_tui.charts.glyphs import Glyphs
from socd_tui.charts.number import exact, forms, millis, percent
from socd_tui.charts.sheet import Field, Sheet, rounded, whole
from socd_tui.charts.spark import cell as spark_cell
from socd_tui.charts.table import Cell, Column, Row, draw_table
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import LATENCY_WINDOWS, Lens, Sort, visible
from socd_tui.model.text import Text
from socd_tui.model.usage import Usage, ratio
from socd_tui.views.comparing import (
    CHANGE_COLUMN,
    FIELDS,
    change_cell,
    change_data,
    change_part,
    compare_notes,
    growth_cell,
    growth_data,
    growth_line,
)
from socd_tui.views.reading import (
    KEY_COLUMN,
    VERDICT_ROLES,
    error_part,
    key_cell,
    label,
    name_beside,
    note_line,
    notes,
    read_out,
    requests_part,
)
from socd_tui.views.telling import clauses, finding_data, finding_line, look_at, sentence, summary, target
from socd_tui.views.view import Meaning, View

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
    latencies: Mapping[str, Mapping[int, float | None]] = field(default_factory=dict)
    """p95 in ms by key and window, when the Lens compares: percentiles do not subtract."""

    @property
    def finding(self) -> Finding | None:
        """The finding under the cursor."""
        return next((each for each in self.findings.first if target(each) == self.cursor), None)

    @property
    def at(self) -> Standing | None:
        """The key under the cursor."""
        return next((row for row in self.rows if row.key.id == self.cursor), None)


def build(fleet: Fleet, lens: Lens) -> Overview:
    everything = standings(fleet, lens)
    rows = tuple(chosen(everything, figures, lens, NAME, NARROWING))
    keys = visible(fleet, lens)
    found, told = notes(fleet, keys, lens.days), findings(fleet, keys)
    cursor = _cursor([row.key.id for row in rows], told, lens)
    shown = Overview(
        rows, total(rows), total(everything), told, cursor, lens.sorts.get(NAME), lens.own_scale, found
    )
    if not lens.compare:
        return shown
    before = previous(fleet, [row.key for row in rows], lens.days)
    return replace(
        shown,
        total=total(rows, before),
        growth=growth(fleet, keys, lens.days),
        latencies={key.id: _latencies(fleet, key) for key in keys},
        notes=(*compare_notes(before), *found),
    )


def _cursor(ids: list[str], told: Findings, lens: Lens) -> Target | None:
    """The finding or the key that the Lens points at, else the first key."""
    wanted = lens.rows.get(NAME)
    if wanted in {target(finding) for finding in told.first}:
        return wanted
    return lens.focus if lens.focus in ids else next(iter(ids), None)


def _latencies(fleet: Fleet, key: ApiKey) -> dict[int, float | None]:
    answers = {days: fleet.usage(key.id, days) for days in LATENCY_WINDOWS}
    return {days: usage.p95_ms if usage else None for days, usage in answers.items()}


def draw(data: Overview, canvas: Canvas) -> list[Line]:
    width = canvas.width
    top = max((_busiest(row) for row in data.rows), default=0)
    rows = [_table_row(row, data, _busiest(row) if data.own_scale else top, canvas) for row in data.rows]
    opening = [*_findings(data, canvas), *([growth_line(data.growth, width)] if data.growth else [])]
    body = canvas.sized(height=canvas.height - 2 - len(opening))
    table = draw_table(
        OWN_SCALE_COLUMNS if data.own_scale else COLUMNS,
        rows,
        body,
        cursor=data.at.key.id if data.at else None,
        footing=[_footing(data.total, data.whole, canvas.glyphs)],
        sort=data.sort,
    )
    if table is None:
        table = _narrow(data, body)
    return [*opening, *body.fit(table), note_line(data.notes), _read_out(data, width)]


def _findings(data: Overview, canvas: Canvas) -> list[Line]:
    """What to know first, in the lines that the table leaves, and some of its own where it leaves none."""
    known = data.findings
    spare = canvas.height - 2 - len(data.rows) - 2
    room = max(min(spare - 1, len(known.first)), canvas.height // 6)
    lines = [
        finding_line(each, canvas.width, canvas.glyphs, cursor=target(each) == data.cursor)
        for each in known.first[:room]
    ]
    hidden = len(known.found) - len(lines)
    told = f"+{hidden} more" if hidden else summary(known) if not lines else ""
    below: list[Line] = (
        [read_out([Span(told, "faint")], canvas.width)] if told or (lines and spare > len(lines)) else []
    )
    return [*lines, *below]


COLUMNS = (
    KEY_COLUMN,
    Column("tier", "left", drop=9, fact="tier"),
    Column("requests", fact="requests"),
    CHANGE_COLUMN,
    Column("growth", drop=6, fact="growth_share"),
    Column("share", drop=7, fact="share"),
    Column("ok%", drop=11, fact="success_ratio"),
    Column("err%", drop=4, fact="error_ratio"),
    Column("429", drop=5, fact="throttled"),
    Column("5xx", drop=10, fact="server_errors"),
    Column("p50 ms", drop=13, fact="p50_ms"),
    Column("p95 ms", drop=10, fact="p95_ms"),
    Column("p99 ms", drop=12, fact="p99_ms"),
    Column("p95 1/7/30 d", drop=10),
    Column("cap/min", drop=6, fact="peak_per_minute"),
    Column("cap/day", drop=3, fact="peak_per_day"),
    Column("state", "left", fact="state"),
    Column("trend", "left", drop=8, floor=7, greedy=True),
)


OWN_SCALE_COLUMNS = (*COLUMNS[:-1], replace(COLUMNS[-1], title="trend, own scale", short="own max"))


def _has_days(row: Standing) -> bool:
    return row.usage is not None and bool(row.usage.days)


def _busiest(row: Standing) -> int:
    """The row's largest day, in requests."""
    return max((day.requests or 0 for day in row.usage.days or ()), default=0) if row.usage else 0


def _table_row(row: Standing, data: Overview, top: int, canvas: Canvas) -> Row:
    usage, glyphs = row.usage, canvas.glyphs
    unknown = glyphs.unknown
    waiting = usage is None and row.problem is None
    cells = (
        key_cell(row),
        Cell((row.key.tier.shown if row.key.tier else unknown,), "faint"),
        Cell(("…",) if waiting else forms(row.requests, unknown)),
        change_cell(row.change, glyphs),
        growth_cell(row.growth, glyphs),
        Cell((percent(row.share, unknown),)),
        Cell((percent(ratio(usage.successful, usage.requests) if usage else None, unknown),)),
        _error_cell(usage, unknown),
        _count_cell(usage.throttled if usage else None, unknown),
        _count_cell(usage.server_errors if usage else None, unknown),
        *(Cell((unknown if data.growth else millis(ms, unknown),)) for ms in _percentiles(usage)),
        Cell((_side_by_side(data.latencies.get(row.key.id, {}), unknown),)),
        _peak_cell(row.budgets.minute, unknown),
        _peak_cell(row.budgets.day, unknown),
        Cell((row.word,), _state_role(row)),
        Cell(
            (unknown,) if not _has_days(row) else ("",),
            drawing=lambda width: _trend(usage, top, width, canvas),
        ),
    )
    return Row(cells, row.key.id, marker=glyphs.marked if row.marked else " ")


def _side_by_side(latencies: Mapping[int, float | None], unknown: str) -> str:
    """p95 of each window, the shortest first: 612/590/580"""
    if all(ms is None for ms in latencies.values()):
        return unknown
    return "/".join(millis(ms, unknown) for ms in latencies.values())


def _footing(total: Total, whole: Total, glyphs: Glyphs) -> Row:
    counted: tuple[str, ...] = (f"total {total.keys} keys",)
    if total.answered < total.keys:
        counted = (f"total {total.answered} of {total.keys} keys", f"total {total.answered} of {total.keys}")
    blank = Cell()
    return Row(
        (
            Cell(counted),
            blank,
            Cell(forms(total.requests)),
            change_cell(total.change, glyphs),
            blank,
            Cell((percent(ratio(total.requests, whole.requests), ""),)),
            Cell((percent(ratio(total.successful, total.requests)),)),
            Cell((percent(ratio(total.failed, total.requests)),)),
            Cell(forms(total.throttled)),
            Cell(forms(total.server_errors)),
            *[blank] * 8,
        ),
        role="faint",
    )


def _error_cell(usage: Usage | None, unknown: str) -> Cell:
    share = ratio(usage.failed, usage.requests) if usage else None
    role: Role = "ink" if share is None or share < 0.05 else "warn" if share < 0.25 else "bad"
    return Cell((percent(share, unknown),), role)


def _count_cell(count: int | None, unknown: str) -> Cell:
    return Cell(forms(count, unknown), "faint" if not count else "ink")


def _percentiles(usage: Usage | None) -> tuple[float | None, ...]:
    return (usage.p50_ms, usage.p95_ms, usage.p99_ms) if usage else (None, None, None)


def _peak_cell(budget: Budget, unknown: str) -> Cell:
    share = percent(budget.peak_ratio, "")
    if budget.peak is None:
        return Cell((share or unknown,), "faint")
    return Cell(
        (f"{exact(budget.peak)} {share:>5}".rstrip(), share or unknown), VERDICT_ROLES[budget.verdict]
    )


_STATE_ROLES: dict[str, Role] = {"revoked": "faint", "expired": "bad", "expiring": "warn", "loading": "faint"}


def _state_role(row: Standing) -> Role:
    word = row.word
    return "bad" if row.problem else _STATE_ROLES.get(word) or VERDICT_ROLES.get(word, "ink")


def _trend(usage: Usage | None, top: int, width: int, canvas: Canvas) -> Line:
    """The newest days that fit, a cell a day, on the scale that all rows share."""
    if usage is None or width <= 0:
        return ()
    newest = replace(
        usage.window, start=max(usage.window.start, usage.window.end - timedelta(days=width - 1))
    )
    slots = calendar(replace(usage, window=newest, days=(usage.days or ())[-width:]))[-width:]
    return tuple(
        Span(spark_cell(slot.requests, top, canvas.glyphs), "faint" if slot.partial else "accent")
        for slot in slots
    )


def _narrow(data: Overview, canvas: Canvas) -> list[Line]:
    """One line a key where no table fits: name, requests, state."""
    return [
        read_out([Span(label(row.key, 16), "title"), forms(row.requests)[-1], row.word], canvas.width)
        for row in data.rows[: canvas.height]
    ]


def _read_out(data: Overview, width: int) -> Line:
    if data.finding is not None:
        return read_out([Span(label(data.finding.key, 24), "title"), *clauses(data.finding)], width)
    row = data.at
    if row is None:
        return ()
    if row.problem is not None and row.usage is None:
        return read_out([Span(label(row.key), "title"), row.problem.message, row.problem.next_step], width)
    usage = row.usage
    if usage is None:
        return read_out([Span(label(row.key), "title"), "waiting for its figures"], width)
    return read_out(
        [
            name_beside(row.key, requests_part(usage.requests), width),
            requests_part(usage.requests),
            change_part(row.change),
            error_part(usage.failed, ratio(usage.failed, usage.requests)),
            f"{exact(usage.throttled)} throttled" if usage.throttled is not None else None,
            f"p50/p95/p99 {'/'.join(millis(ms) for ms in _percentiles(usage))} ms"
            if any(ms is not None for ms in _percentiles(usage))
            else None,
            f"avg {millis(usage.avg_ms)} ms" if usage.avg_ms is not None else None,
            f"as of {usage.fetched_at:%H:%M} UTC",
        ],
        width,
    )


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
    said = (*map(sentence, data.findings.found), summary(data.findings))
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
        "findings": [finding_data(finding) for finding in data.findings.found],
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
    side_by_side = {f"{days}": whole(ms) for days, ms in data.latencies.get(row.key.id, {}).items()}
    return {
        "key_id": row.key.id,
        **numbers,
        **change_data(row.change, row.growth),
        **({"p95_ms_by_days": side_by_side} if data.growth else {}),
        "verdict": row.budgets.verdict,
        "state": row.word,
    }


def grid(data: Overview) -> list[list[Target]]:
    targets: list[Target] = [target(finding) for finding in data.findings.first]
    return [[each] for each in (*targets, *(row.key.id for row in data.rows))]


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
    if data.at is None:
        return lens
    return replace(lens, view="series", focus=data.at.key.id, marked=frozenset())


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
            "what differs from the key's own last 90 days, worst first, with the number of the view that "
            "shows it; enter goes there",
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
