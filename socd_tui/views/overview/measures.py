"""The figures of a key's row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from socd_tui.analysis.standing import Standing
from socd_tui.analysis.totals import highest
from socd_tui.charts.sheet import Value
from socd_tui.charts.table import Column
from socd_tui.model.record import dataclass, field, replace
from socd_tui.model.target import KeyTarget
from socd_tui.model.usage import Usage, day_columns, ratio
from socd_tui.views.overview.cells import (
    count_role,
    error_role,
    p95_cell,
    peak_role,
    peak_words,
    requests_words,
    share_cell,
    trend_cell,
)
from socd_tui.views.parts.change import change_measures
from socd_tui.views.parts.measure import Measure, Measures, of_limit
from socd_tui.views.parts.names import key_measures
from socd_tui.views.parts.state import state_measure

NAME = "overview"

_TREND = Column("trend", "left", drop=12, floor=7, greedy=True)


@dataclass(frozen=True, kw_only=True)
class KeyRow:
    """How one key stands, and what its cells need besides."""

    standing: Standing
    p95_by_days: Mapping[int, float | None] = field(default_factory=dict)
    """p95 in ms by window, when comparing: percentiles do not subtract, so they stand side by side."""

    @property
    def usage(self) -> Usage | None:
        return self.standing.usage

    @cached_property
    def target(self) -> KeyTarget:
        return KeyTarget(self.standing.key.id)

    @property
    def throttled(self) -> int | None:
        return self.usage.throttled if self.usage else None

    @property
    def server_errors(self) -> int | None:
        return self.usage.server_errors if self.usage else None

    @property
    def success_ratio(self) -> float | None:
        usage = self.standing.usage
        return ratio(usage.successful, usage.requests) if usage else None

    @property
    def error_ratio(self) -> float | None:
        usage = self.standing.usage
        return ratio(usage.failed, usage.requests) if usage else None

    @property
    def busiest_day(self) -> int:
        """Requests of its largest day."""
        if self.usage is None or not self.usage.days:
            return 0
        _, requests, *_ = day_columns(self.usage.days)
        return highest(requests) or 0


def _answered(read: Callable[[Usage], Value]) -> Callable[[KeyRow], Value]:
    """A figure of the key's answer; None without one."""
    return lambda row: read(usage) if (usage := row.standing.usage) else None


MEASURES: Measures[KeyRow] = Measures(
    (
        *key_measures(lambda row: row.standing),
        Measure(
            name="tier",
            read=lambda row: row.standing.key.tier,
            kind="text",
            column=Column("tier", "left", drop=14),
            role="faint",
            in_json=False,
        ),
        Measure(
            name="requests",
            read=lambda row: row.standing.requests,
            column=Column("requests"),
            words=lambda row, canvas: requests_words(row.standing, canvas),
            aliases=("req",),
            meaning="all answers in the window, 429 included",
            source="total_requests, summary.totalRequests",
        ),
        Measure(
            name="share",
            read=lambda row: row.standing.share,
            kind="ratio",
            column=Column("share", drop=10),
            after="growth_share",
            meaning="of the requests of all keys in the picture that answered",
        ),
        Measure(
            name="bar",
            read=lambda row: row.standing.share,
            column=Column("", "left", drop=13, floor=8, greedy=True, most=24),
            after="share",
            cell=lambda row, canvas: share_cell(row.standing.share, 1.0, canvas),
            in_files=False,
            in_json=False,
            narrows=False,
        ),
        Measure(
            name="success_ratio",
            read=lambda row: row.success_ratio,
            kind="ratio",
            column=Column("ok%", drop=16),
            in_files=False,
        ),
        Measure(name="successful", read=_answered(lambda usage: usage.successful)),
        Measure(name="client_errors", read=_answered(lambda usage: usage.client_errors), aliases=("4xx",)),
        Measure(
            name="server_errors",
            read=lambda row: row.server_errors,
            column=Column("5xx", drop=15),
            after="throttled",
            role=lambda row: count_role(row.server_errors),
        ),
        Measure(
            name="throttled",
            read=lambda row: row.throttled,
            column=Column("429", drop=5),
            after="error_ratio",
            role=lambda row: count_role(row.throttled),
            meaning="answers refused by a rate limit; part of 4xx",
            source="by_status, rateLimitHits.total",
        ),
        Measure(
            name="error_ratio",
            read=lambda row: row.error_ratio,
            kind="ratio",
            column=Column("err%", drop=4),
            role=lambda row: error_role(row.error_ratio),
            meaning="(4xx + 5xx) ÷ requests, 429 included; ok% is 2xx and 3xx",
        ),
        Measure(
            name="avg_ms",
            read=_answered(lambda usage: usage.avg_ms),
            kind="ms",
            aliases=("avg",),
            in_files=False,
        ),
        Measure(
            name="p50_ms",
            read=_answered(lambda usage: usage.p50_ms),
            kind="ms",
            column=Column("p50 ms", drop=18),
            called="p50, p95, p99",
            meaning="response time in ms over the whole window; never summed over keys",
            source="latency_p50_ms …, latencyPercentiles",
        ),
        Measure(
            name="p95_ms",
            read=_answered(lambda usage: usage.p95_ms),
            kind="ms",
            column=Column("p95 ms", drop=15),
        ),
        Measure(
            name="p99_ms",
            read=_answered(lambda usage: usage.p99_ms),
            kind="ms",
            column=Column("p99 ms", drop=17),
        ),
        Measure(
            name="p95_by_days",
            read=lambda _: None,
            column=Column("p95 1/7/30 d", drop=13),
            cell=lambda row, canvas: p95_cell(row.p95_by_days, canvas),
            compared=True,
            in_files=False,
            in_json=False,
            narrows=False,
        ),
        Measure(
            name="minute_peak_ratio",
            read=lambda row: row.standing.budgets.minute.peak_ratio,
            kind="ratio",
            column=Column("min%", drop=11),
            words=lambda row, canvas: peak_words(row.standing.budgets.minute, canvas),
            role=lambda row: peak_role(row.standing.budgets.minute),
            in_files=False,
            in_json=False,
            aliases=("cap/min",),
            called="min%, day%",
            meaning="high-water mark in the window, and its share of the limit",
            source="rate_limit_peak_per_minute, rate_limit_peak_per_day",
        ),
        Measure(name="peak_per_minute", read=lambda row: row.standing.budgets.minute.peak),
        Measure(
            name="limit_per_minute",
            read=lambda row: limit.value if (limit := row.standing.budgets.minute.limit) else None,
            confidence=lambda row: of_limit(row.standing.budgets.minute.limit),
        ),
        Measure(
            name="day_peak_ratio",
            read=lambda row: row.standing.budgets.day.peak_ratio,
            kind="ratio",
            column=Column("day%", drop=3),
            aliases=("cap/day",),
            words=lambda row, canvas: peak_words(row.standing.budgets.day, canvas),
            role=lambda row: peak_role(row.standing.budgets.day),
            in_files=False,
            in_json=False,
        ),
        Measure(name="peak_per_day", read=lambda row: row.standing.budgets.day.peak),
        Measure(
            name="limit_per_day",
            read=lambda row: limit.value if (limit := row.standing.budgets.day.limit) else None,
            confidence=lambda row: of_limit(row.standing.budgets.day.limit),
        ),
        Measure(
            name="limit_source",
            read=lambda row: limit.source if (limit := row.standing.budgets.day.limit) else None,
            kind="text",
            in_files=False,
            narrows=False,
        ),
        state_measure(lambda row: row.standing, Column("state", "left")),
        Measure(
            name="trend",
            read=lambda row: row.busiest_day,
            column=_TREND,
            cell=lambda row, canvas: trend_cell(row.usage, lambda: row.busiest_day, canvas),
            in_files=False,
            in_json=False,
            narrows=False,
            meaning="requests a day, newest right, one scale for all rows; o gives each its own",
            source="daily, timeSeries",
        ),
        *change_measures(
            lambda row: row.standing.change, lambda row: row.standing.growth, drop=6, growth_drop=6
        ),
    )
)


def on_screen(
    *, compared: bool, scale: Callable[[], int] | None, days: int, largest: float = 1.0
) -> Measures[KeyRow]:
    """The table as drawn: when comparing, p95 of several windows stands in for the percentiles of one.

    As many requests as `scale` says fill a cell of every trend of so many `days`, without it those of each
    key's largest day; the `largest` share of all requests fills a bar.
    """
    measures = MEASURES.without("p50_ms", "p95_ms", "p99_ms") if compared else MEASURES
    trend = replace(_TREND, most=max(days, 7))
    measures = measures.changed(
        "bar", cell=lambda row, canvas: share_cell(row.standing.share, largest, canvas)
    )
    if scale is None:
        return measures.changed("trend", column=replace(trend, title="own max"))
    return measures.changed(
        "trend", column=trend, cell=lambda row, canvas: trend_cell(row.usage, scale, canvas)
    )
