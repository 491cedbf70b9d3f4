"""One row a key: the overview's table, and the exact figures of the key under the cursor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from socd_tui.analysis.budget import Budget
from socd_tui.analysis.calendar import calendar
from socd_tui.analysis.standing import Standing, Total
from socd_tui.charts.canvas import Canvas, Line, Role, Span
from socd_tui.charts.glyphs import Glyphs
from socd_tui.charts.number import exact, forms, millis, percent
from socd_tui.charts.spark import cell as spark_cell
from socd_tui.charts.table import Cell, Column, Row
from socd_tui.model.usage import Usage, ratio
from socd_tui.views.comparing import CHANGE_COLUMN, change_cell, change_part, growth_cell
from socd_tui.views.reading import (
    KEY_COLUMN,
    VERDICT_ROLES,
    error_part,
    key_cell,
    label,
    name_beside,
    read_out,
    requests_part,
)

Latencies = Mapping[int, float | None]
"""p95 in ms by window: percentiles do not subtract, so they stand side by side."""

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


def has_days(row: Standing) -> bool:
    return row.usage is not None and bool(row.usage.days)


def busiest(row: Standing) -> int:
    """The row's largest day, in requests."""
    return max((day.requests or 0 for day in row.usage.days or ()), default=0) if row.usage else 0


def table_row(row: Standing, latencies: Latencies | None, top: int, canvas: Canvas) -> Row:
    """A key's figures; `latencies` of several windows stand in for those of one when comparing.

    `top` is the value of a full cell of the trend, in requests a day.
    """
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
        *(Cell((unknown if latencies is not None else millis(ms, unknown),)) for ms in _percentiles(usage)),
        Cell((_side_by_side(latencies or {}, unknown),)),
        _peak_cell(row.budgets.minute, unknown),
        _peak_cell(row.budgets.day, unknown),
        Cell((row.word,), _state_role(row)),
        Cell(
            (unknown,) if not has_days(row) else ("",),
            drawing=lambda width: _trend(usage, top, width, canvas),
        ),
    )
    return Row(cells, row.key.id, marker=glyphs.marked if row.marked else " ")


def _side_by_side(latencies: Latencies, unknown: str) -> str:
    """p95 of each window, the shortest first: 612/590/580"""
    if all(ms is None for ms in latencies.values()):
        return unknown
    return "/".join(millis(ms, unknown) for ms in latencies.values())


def footing(total: Total, whole: Total, glyphs: Glyphs) -> Row:
    """What the rows add up to, and their share of all keys in the picture."""
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


def narrow_row(row: Standing, width: int) -> Line:
    """One line a key where no table fits: name, requests, state."""
    return read_out([Span(label(row.key, 16), "title"), forms(row.requests)[-1], row.word], width)


def key_read_out(row: Standing, width: int) -> Line:
    """The exact figures of one key, or why there are none."""
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
