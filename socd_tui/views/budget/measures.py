"""The figures of a limit's row, and what a key with its two limits can be filtered and sorted by."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from socd_tui.analysis.assessment import Assessment
from socd_tui.analysis.columns import Fact, Reads, RowFacts
from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.standing import Standing
from socd_tui.charts.table import Column
from socd_tui.model.record import dataclass, replace
from socd_tui.model.target import KeyTarget
from socd_tui.views.budget.cells import gauge_cell, limit_cell, outlook_cell
from socd_tui.views.budget.limit import Cap, LimitRow, used_share
from socd_tui.views.parts.change import change_measures
from socd_tui.views.parts.measure import Confidence, Measure, Measures, of_limit
from socd_tui.views.parts.names import key_measures, key_words
from socd_tui.views.parts.outlook import forecast_cell, tier_cell
from socd_tui.views.parts.state import state_measure, state_role

WHOLE = 20
"""Columns up to which no name is cut: the gauge and others leave before."""


@dataclass(frozen=True, kw_only=True)
class KeyRow:
    """A key with its two limits."""

    standing: Standing
    assessment: Assessment

    @cached_property
    def target(self) -> KeyTarget:
        return KeyTarget(self.standing.key.id)

    @property
    def limits(self) -> tuple[LimitRow, LimitRow]:
        """The limit a minute, then the limit a day."""
        return self.minute, self.day

    @cached_property
    def minute(self) -> LimitRow:
        return LimitRow(cap="minute", standing=self.standing, assessment=self.assessment)

    @cached_property
    def day(self) -> LimitRow:
        return LimitRow(cap="day", standing=self.standing, assessment=self.assessment)

    @property
    def worry(self) -> tuple[float, float]:
        """What it is ordered by without a sort: how likely it reaches its day cap, then how near it is."""
        forecast = self.assessment.forecast
        ahead = 0.0
        if isinstance(forecast, Forecast) and not forecast.unlikely:
            ahead = forecast.chance
        if isinstance(forecast, Forecast) and forecast.reached:
            ahead = 2.0
        return ahead, self.used or 0.0

    @property
    def used(self) -> float | None:
        """Of the limit it is nearer to."""
        of_both = self.standing.budgets
        minute, day = used_share(of_both.minute), used_share(of_both.day)
        if minute is None or day is None:
            return day if minute is None else minute
        return max(minute, day)

    def facts(self) -> RowFacts[KeyRow]:
        """What it can be filtered and sorted by: limit, now and peak are those of the day."""
        return RowFacts(_READS, self)


def _of_share(row: LimitRow) -> Confidence:
    """Of a share of the limit: no better known than that is."""
    return "derived" if of_limit(row.budget.limit) == "exact" else "assumed"


MEASURES: Measures[LimitRow] = (
    Measures(
        (
            *key_measures(lambda row: row.standing),
            Measure(
                name="tier",
                read=lambda row: row.standing.key.tier,
                kind="text",
                in_files=False,
                in_json=False,
            ),
            Measure(
                name="cap",
                read=lambda row: row.cap,
                kind="text",
                column=Column("cap", "left"),
                words=lambda row, _: ("min" if row.cap == "minute" else "day",),
                role="faint",
                in_json=False,
                narrows=False,
            ),
            Measure(
                name="current",
                read=lambda row: row.budget.current,
                column=Column("now", drop=4),
                meaning="requests the service counts against the limit at this moment",
                source="rateLimits, nested only",
            ),
            Measure(
                name="peak",
                read=lambda row: row.budget.peak,
                column=Column("peak", drop=2),
                meaning="high-water mark in the window; limits are per key and roll",
                source="rate_limit_peak_per_minute …",
            ),
            Measure(
                name="busiest_day",
                read=lambda row: row.budget.busiest_day,
                in_json=False,
                narrows=False,
            ),
            Measure(
                name="limit",
                read=lambda row: row.limit,
                confidence=lambda row: of_limit(row.budget.limit),
                column=Column("limit", drop=3),
                cell=lambda row, canvas: limit_cell(row.budget, canvas),
                called="limit*",
                meaning="assumed from the tier's documented table; else from the service",
                source="rateLimits, rate_limit_per_minute …",
            ),
            Measure(
                name="used",
                read=lambda row: row.used,
                kind="ratio",
                column=Column("used"),
                role=lambda row: row.role,
                aliases=("used%",),
                in_files=False,
                in_json=False,
                meaning="now ÷ limit, else peak ÷ limit with a hollow gauge",
            ),
            Measure(
                name="gauge",
                read=lambda row: row.used,
                column=Column("", "left", drop=5, floor=8, greedy=True),
                cell=gauge_cell,
                in_files=False,
                in_json=False,
                narrows=False,
            ),
            Measure(
                name="used_ratio",
                read=lambda row: row.budget.used_ratio,
                kind="ratio",
                confidence=_of_share,
            ),
            Measure(
                name="peak_ratio",
                read=lambda row: row.budget.peak_ratio,
                kind="ratio",
                confidence=_of_share,
            ),
            Measure(name="limit_source", read=lambda row: row.limit_source, kind="text", narrows=False),
            Measure(
                name="verdict",
                read=lambda row: row.word,
                kind="text",
                column=Column("state", "left"),
                role=lambda row: state_role(row.word),
                in_json=False,
                meaning="near from 80% of a limit, over from 100%, or the state of the key",
            ),
            Measure(
                name="outlook",
                read=lambda row: row.outlook,
                kind="text",
                column=Column("outlook", "left", drop=4),
                cell=outlook_cell,
                in_json=False,
                narrows=False,
            ),
            Measure(
                name="minute",
                read=lambda row: used_share(row.standing.budgets.minute),
                kind="ratio",
                aliases=("minute%",),
                in_files=False,
                in_json=False,
            ),
            Measure(
                name="day",
                read=lambda row: used_share(row.standing.budgets.day),
                kind="ratio",
                aliases=("day%",),
                in_files=False,
                in_json=False,
            ),
            state_measure(lambda row: row.standing),
            Measure(name="requests", read=lambda row: row.standing.requests, compared=True, in_json=False),
            *change_measures(lambda row: row.standing.change, drop=0),
        )
    )
    .changed(
        "key",
        words=lambda row, _: key_words(row.standing) if row.cap == "minute" else ("",),
        role=lambda row: "title" if row.cap == "minute" else "ink",
        column=Column("key", "left", floor=WHOLE, cut="name"),
    )
    .changed("prefix", in_files=False)
    .changed("state", in_json=False, narrows=False)
    .changed("change", column=None)
)


def _ratio_of(cap: Cap) -> Measure[KeyRow]:
    """What is used of one limit, in a line of both."""
    return Measure(
        name=cap,
        read=lambda row: used_share(getattr(row.standing.budgets, cap)),
        kind="ratio",
        column=Column("min%" if cap == "minute" else "day%", drop=3 if cap == "minute" else 0),
        role=lambda row: getattr(row, cap).role,
    )


def _short_key() -> Measure[KeyRow]:
    name: Measure[KeyRow] = key_measures(lambda row: row.standing)[0]
    return replace(name, column=Column("key", "left", floor=WHOLE, cut="name"))


BOTH: Measures[KeyRow] = Measures(
    (
        _short_key(),
        _ratio_of("minute"),
        _ratio_of("day"),
        Measure(
            name="gauge",
            read=lambda row: used_share(row.standing.budgets.day),
            column=Column("", "left", drop=6, floor=10, greedy=True),
            cell=lambda row, canvas: gauge_cell(row.day, canvas),
        ),
        Measure(
            name="limit",
            read=lambda row: row.day.limit,
            column=Column("day limit", drop=5),
            cell=lambda row, canvas: limit_cell(row.standing.budgets.day, canvas),
        ),
        Measure(
            name="verdict",
            read=lambda row: row.standing.word,
            kind="text",
            column=Column("state", "left"),
            role=lambda row: state_role(row.standing.word),
        ),
        Measure(
            name="outlook",
            read=lambda row: row.day.outlook,
            kind="text",
            column=Column("cap ahead", "left", drop=1),
            cell=lambda row, canvas: forecast_cell(row.assessment.forecast, canvas.glyphs.unknown),
        ),
        Measure(
            name="tier_outlook",
            read=lambda row: row.minute.outlook,
            kind="text",
            column=Column("tier", "left", drop=4),
            cell=lambda row, canvas: tier_cell(row.assessment.tier, canvas.glyphs.unknown),
        ),
    )
)
"""A key in one line, where there is no room for two of each; files and sorts are of `MEASURES`."""

NARROW = BOTH.changed("key", column=Column("key", "left", floor=10, cut="name"))
"""The same where a whole name would leave no room for whether the cap is reached."""


def _of_day(read: Callable[[LimitRow], Fact]) -> Callable[[KeyRow], Fact]:
    return lambda row: read(row.day)


_READS: Reads[KeyRow] = {
    **{name: _of_day(read) for name, read in MEASURES.reads.items()},
    "used": lambda row: row.used,
    "verdict": lambda row: row.standing.word,
}
