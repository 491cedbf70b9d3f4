"""Who is burning the limit: every key in one row, on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from socd_tui.analysis.calendar import calendar
from socd_tui.analysis.totals import add, usages
from socd_tui.analysis.verdict import Budget, Budgets, budgets
from socd_tui.charts.canvas import Canvas, Line, Role, Span, Target
from socd_tui.charts.number import exact, forms, millis, percent
from socd_tui.charts.sheet import Field, Kind, Sheet, Value, rounded, whole
from socd_tui.charts.spark import cell as spark_cell
from socd_tui.charts.table import Cell, Column, Row, draw_table
from socd_tui.model.errors import Problem
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey, KeyState
from socd_tui.model.lens import Lens, visible
from socd_tui.model.usage import Usage, ratio
from socd_tui.model.window import Window
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
from socd_tui.views.view import Meaning, View


@dataclass(frozen=True)
class KeyRow:
    """One key: its answer, or why there is none, or both when an older answer is kept."""

    key: ApiKey
    state: KeyState
    usage: Usage | None
    problem: Problem | None
    budgets: Budgets
    share: float | None
    marked: bool

    @property
    def requests(self) -> int | None:
        return self.usage.requests if self.usage else None


@dataclass(frozen=True)
class Total:
    """What adds up over the answered rows; None where one of them did not say."""

    keys: int
    answered: int
    requests: int | None
    successful: int | None
    client_errors: int | None
    server_errors: int | None
    throttled: int | None

    @property
    def failed(self) -> int | None:
        return add((self.client_errors, self.server_errors))


@dataclass(frozen=True)
class Overview:
    rows: tuple[KeyRow, ...]
    total: Total
    cursor: str | None
    notes: tuple[str, ...]


def build(fleet: Fleet, lens: Lens) -> Overview:
    keys = visible(fleet, lens)
    answered = usages(fleet, keys, lens.days)
    total = Total(
        len(keys),
        len(answered),
        add(usage.requests for usage in answered),
        add(usage.successful for usage in answered),
        add(usage.client_errors for usage in answered),
        add(usage.server_errors for usage in answered),
        add(usage.throttled for usage in answered),
    )
    if not answered:
        total = Total(len(keys), 0, None, None, None, None, None)
    rows = tuple(_row(fleet, lens, key, total.requests) for key in keys)
    focus = lens.focus if any(key.id == lens.focus for key in keys) else None
    return Overview(rows, total, focus or (keys[0].id if keys else None), notes(fleet, keys, lens.days))


def _row(fleet: Fleet, lens: Lens, key: ApiKey, total: int | None) -> KeyRow:
    usage = fleet.usage(key.id, lens.days)
    return KeyRow(
        key,
        key.state(fleet.as_of),
        usage,
        fleet.failure(key.id, lens.days),
        budgets(key, usage),
        ratio(usage.requests, total) if usage else None,
        key.id in lens.marked,
    )


def draw(data: Overview, canvas: Canvas) -> list[Line]:
    width = canvas.width
    top = max(
        (day.requests or 0 for row in data.rows if row.usage for day in row.usage.days or ()), default=0
    )
    keys = [row.key for row in data.rows]
    rows = [_table_row(row, keys, top, canvas) for row in data.rows]
    table = draw_table(
        COLUMNS,
        rows,
        canvas.sized(height=canvas.height - 2),
        cursor=data.cursor,
        footing=[_footing(data.total)],
    )
    if table is None:
        table = _narrow(data, canvas.sized(height=canvas.height - 2))
    body = canvas.sized(height=canvas.height - 2).fit(table)
    return [*body, note_line(data.notes), _read_out(data, width)]


COLUMNS = (
    KEY_COLUMN,
    Column("tier", "left", drop=9),
    Column("requests"),
    Column("share", drop=7),
    Column("ok%", drop=11),
    Column("err%", drop=4),
    Column("429", drop=5),
    Column("5xx", drop=10),
    Column("p50 ms", drop=13),
    Column("p95 ms", drop=10),
    Column("p99 ms", drop=12),
    Column("cap/min", drop=6),
    Column("cap/day", drop=3),
    Column("state", "left"),
    Column("trend", "left", drop=8, floor=7, greedy=True),
)


def _table_row(row: KeyRow, keys: Sequence[ApiKey], top: int, canvas: Canvas) -> Row:
    usage, glyphs = row.usage, canvas.glyphs
    unknown = glyphs.unknown
    waiting = usage is None and row.problem is None
    cells = (
        key_cell(row.key, keys),
        Cell((row.key.tier.shown if row.key.tier else unknown,), "faint"),
        Cell(("…",) if waiting else forms(row.requests, unknown)),
        Cell((percent(row.share, unknown),)),
        Cell((percent(ratio(usage.successful, usage.requests) if usage else None, unknown),)),
        _error_cell(usage, unknown),
        _count_cell(usage.throttled if usage else None, unknown),
        _count_cell(usage.server_errors if usage else None, unknown),
        *(Cell((millis(ms, unknown),)) for ms in _percentiles(usage)),
        _peak_cell(row.budgets.minute, unknown),
        _peak_cell(row.budgets.day, unknown),
        Cell((state_word(row),), _state_role(row)),
        Cell((unknown,) if top == 0 else ("",), drawing=lambda width: _trend(usage, top, width, canvas)),
    )
    return Row(cells, row.key.id, marker=glyphs.marked if row.marked else " ")


def _footing(total: Total) -> Row:
    counted: tuple[str, ...] = (f"total {total.keys} keys",)
    if total.answered < total.keys:
        counted = (f"total {total.answered} of {total.keys} keys", f"total {total.answered} of {total.keys}")
    blank = Cell()
    return Row(
        (
            Cell(counted),
            blank,
            Cell(forms(total.requests)),
            Cell((percent(ratio(total.requests, total.requests), ""),)),
            Cell((percent(ratio(total.successful, total.requests)),)),
            Cell((percent(ratio(total.failed, total.requests)),)),
            Cell(forms(total.throttled)),
            Cell(forms(total.server_errors)),
            *[blank] * 7,
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


def state_word(row: KeyRow) -> str:
    """The word in the state column: a problem first, then what ended the key, then its budget."""
    if row.problem is not None:
        return row.problem.kind.replace("_", " ")
    if row.state in ("revoked", "expired"):
        return row.state
    if row.usage is None:
        return "loading"
    return (
        row.state
        if row.state == "expiring" and row.budgets.verdict in ("ok", "idle")
        else row.budgets.verdict
    )


_STATE_ROLES: dict[str, Role] = {"revoked": "faint", "expired": "bad", "expiring": "warn", "loading": "faint"}


def _state_role(row: KeyRow) -> Role:
    word = state_word(row)
    return "bad" if row.problem else _STATE_ROLES.get(word) or VERDICT_ROLES.get(word, "ink")


def _trend(usage: Usage | None, top: int, width: int, canvas: Canvas) -> Line:
    """The newest days that fit, a cell a day, on the scale that all rows share."""
    if usage is None or width <= 0:
        return ()
    slots = calendar(usage)[-width:]
    return tuple(
        Span(spark_cell(slot.requests, top, canvas.glyphs), "faint" if slot.partial else "accent")
        for slot in slots
    )


def _narrow(data: Overview, canvas: Canvas) -> list[Line]:
    """One line a key where no table fits: name, requests, state."""
    return [
        read_out([Span(label(row.key, 16), "title"), forms(row.requests)[-1], state_word(row)], canvas.width)
        for row in data.rows[: canvas.height]
    ]


def _read_out(data: Overview, width: int) -> Line:
    row = next((row for row in data.rows if row.key.id == data.cursor), None)
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
            error_part(usage.failed, ratio(usage.failed, usage.requests)),
            f"{exact(usage.throttled)} throttled" if usage.throttled is not None else None,
            f"p50/p95/p99 {'/'.join(millis(ms) for ms in _percentiles(usage))} ms"
            if any(ms is not None for ms in _percentiles(usage))
            else None,
            f"avg {millis(usage.avg_ms)} ms" if usage.avg_ms is not None else None,
        ],
        width,
    )


_SHEET: tuple[tuple[str, Kind], ...] = (
    ("requests", "count"),
    ("share", "ratio"),
    ("successful", "count"),
    ("client_errors", "count"),
    ("server_errors", "count"),
    ("throttled", "count"),
    ("error_ratio", "ratio"),
    ("p50_ms", "ms"),
    ("p95_ms", "ms"),
    ("p99_ms", "ms"),
    ("peak_per_minute", "count"),
    ("limit_per_minute", "count"),
    ("peak_per_day", "count"),
    ("limit_per_day", "count"),
)


def sheet(data: Overview) -> Sheet:
    names = (Field("key", "text"), Field("prefix", "text"), Field("tier", "text"))
    fields = (*names, *(Field(name, kind) for name, kind in _SHEET), Field("state", "text"))
    return Sheet(fields, tuple(_sheet_row(row) for row in data.rows), data.notes)


def _sheet_row(row: KeyRow) -> tuple[Value, ...]:
    facts = _facts(row)
    return (row.key.name, row.key.prefix, row.key.tier, *(facts[name] for name, _ in _SHEET), state_word(row))


def as_data(data: Overview) -> dict[str, object]:
    total = data.total
    return {
        "rows": [{"key_id": row.key.id, **_facts(row), "verdict": state_word(row)} for row in data.rows],
        "total": {
            "keys": total.keys,
            "keys_answered": total.answered,
            "requests": total.requests,
            "share": 1.0 if total.requests else None,
            "successful": total.successful,
            "client_errors": total.client_errors,
            "server_errors": total.server_errors,
            "throttled": total.throttled,
            "success_ratio": rounded(ratio(total.successful, total.requests)),
            "error_ratio": rounded(ratio(total.failed, total.requests)),
        },
    }


def _facts(row: KeyRow) -> dict[str, float | None]:
    usage, minute, day = row.usage or _NOTHING, row.budgets.minute, row.budgets.day
    return {
        "requests": usage.requests,
        "share": rounded(row.share),
        "successful": usage.successful,
        "client_errors": usage.client_errors,
        "server_errors": usage.server_errors,
        "throttled": usage.throttled,
        "success_ratio": rounded(ratio(usage.successful, usage.requests)),
        "error_ratio": rounded(ratio(usage.failed, usage.requests)),
        "avg_ms": whole(usage.avg_ms),
        "p50_ms": whole(usage.p50_ms),
        "p95_ms": whole(usage.p95_ms),
        "p99_ms": whole(usage.p99_ms),
        "peak_per_minute": minute.peak,
        "limit_per_minute": minute.limit.value if minute.limit else None,
        "peak_per_day": day.peak,
        "limit_per_day": day.limit.value if day.limit else None,
    }


_NOTHING = Usage("", Window.ending(date.min, 1), datetime.min, datetime.min)
"""All figures unknown, for a key without an answer."""


def grid(data: Overview) -> list[list[Target]]:
    return [[row.key.id] for row in data.rows]


def aim(lens: Lens, target: Target) -> Lens:
    return replace(lens, focus=str(target))


def maximum(data: Overview) -> Target | None:
    busiest = max(data.rows, key=lambda row: row.requests or 0, default=None)
    return busiest.key.id if busiest else None


def enter(lens: Lens, data: Overview) -> Lens:
    return replace(lens, view="series", focus=data.cursor, marked=frozenset())


VIEW = View(
    name="overview",
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
    meanings=(
        Meaning("requests", "all answers in the window, 429 included"),
        Meaning("share", "of the requests of all keys in the picture that answered"),
        Meaning("err%", "(4xx + 5xx) ÷ requests, 429 included"),
        Meaning("429", "answers refused by a rate limit; part of 4xx"),
        Meaning("cap/min, cap/day", "high-water mark in the window, and its share of the limit"),
        Meaning("p50, p95, p99", "response time in ms over the whole window; never summed over keys"),
        Meaning("trend", "requests a day, newest right, one scale for all rows"),
        Meaning("state", "ok, near (80% of a limit), over (100%), idle (no requests), or what is wrong"),
    ),
)
