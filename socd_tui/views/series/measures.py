"""The figures of a day, and those of the response times observed on one."""

from __future__ import annotations

from datetime import date, timedelta

from socd_tui.analysis.calendar import calendar
from socd_tui.analysis.compare import Change, Previous
from socd_tui.charts.number import day_name
from socd_tui.charts.table import Cell, Column
from socd_tui.model.past import Latency
from socd_tui.model.record import dataclass
from socd_tui.model.target import DayTarget
from socd_tui.model.text import counted
from socd_tui.model.usage import Day, Usage, ratio, throttled_on
from socd_tui.views.parts.measure import Measure, Measures


@dataclass(frozen=True)
class DayRow:
    """One UTC date; `change` beside the day at the same place in the window before, when comparing."""

    day: Day
    change: Change | None = None
    newest: date | None = None
    """The last date of them all, for it says how old this one is."""

    @property
    def target(self) -> DayTarget:
        return DayTarget(self.day.date)

    def name(self, pad: int = 1) -> str:
        """Thu 14 May, with its year where it is long past."""
        return day_name(self.day.date, pad, self.newest)

    @property
    def counted(self) -> int:
        """Its requests, as far as they are known."""
        return self.day.requests or 0

    @property
    def error_ratio(self) -> float | None:
        return ratio(self.day.errors, self.day.requests)

    @property
    def other_errors(self) -> int | None:
        """4xx + 5xx without 429; None where one of both is unknown, or they contradict."""
        errors, throttled = self.day.errors, self.day.throttled
        return (
            errors - throttled
            if errors is not None and throttled is not None and throttled <= errors
            else None
        )

    @property
    def note(self) -> str:
        """What is odd about the day in one word or two; empty for an ordinary one."""
        if self.day.missing:
            return "no row"
        if self.day.ahead:
            return "ahead"
        return "partial" if self.day.partial else "outside the window" if self.day.outside else ""


def day_rows(usage: Usage, before: Previous | None) -> tuple[DayRow, ...]:
    """Every date of the window and any other the service sent, ascending; `before` only when comparing."""
    days = _told_apart(usage)
    newest = days[-1].date if days else None
    if before is None:
        return tuple(DayRow(day, None, newest) for day in days)
    if before.pair is None:
        return tuple(DayRow(day, Change(day.requests, None, before.reasons[""]), newest) for day in days)
    apart = before.pair.apart
    earlier = {day.date + apart: day for day in before.days}
    alone = Change(None, None, "it is not among the days compared")
    return tuple(
        DayRow(
            day,
            _beside(day, earlier.get(day.date), apart)
            if day.partial or day.date in before.pair.now
            else alone,
            newest,
        )
        for day in days
    )


def _told_apart(usage: Usage) -> list[Day]:
    """The days of the calendar, each with its 429s where it has them already, or the hours tell them all."""
    days = calendar(usage)
    throttled = throttled_on(usage, [day.date.toordinal() for day in days])
    return [
        day._replace(throttled=count) if day.throttled is None and not day.missing else day
        for day, count in zip(days, throttled, strict=True)
    ]


def _beside(day: Day, earlier: Day | None, apart: timedelta) -> Change:
    """The day beside the earlier one, which is so long before it; why they are not comparable if so."""
    if earlier is None or earlier.requests is None:
        return Change(day.requests, None, f"no row for {day_name(day.date - apart)}")
    if earlier.silent_keys:
        return Change(day.requests, None, _silence(earlier))
    if day.silent_keys:
        return Change(None, earlier.requests, _silence(day))
    if day.partial:
        return Change(None, earlier.requests, "today is not over", so_far=day.requests)
    return Change(day.requests, earlier.requests)


def _silence(day: Day) -> str:
    """Why the day's sum is only a lower bound."""
    return f"{counted(day.silent_keys, 'key')} sent no row for {day_name(day.date)}"


DAYS: Measures[DayRow] = Measures(
    (
        Measure(
            name="date",
            read=lambda row: str(row.day.date),
            kind="text",
            column=Column("day", "left"),
            cell=lambda row, _: Cell((row.name(2),)),
        ),
        Measure(
            name="requests",
            read=lambda row: row.day.requests,
            column=Column("requests"),
            meaning="answers on that UTC date, 429 included; bars start at zero",
            source="daily, timeSeries",
        ),
        Measure(
            name="errors",
            read=lambda row: row.day.errors,
            column=Column("errors", drop=1),
            meaning="4xx + 5xx of the day, 429 included",
        ),
        Measure(
            name="throttled",
            read=lambda row: row.day.throttled,
            column=Column("429", drop=2),
            in_files=False,
            meaning="429 of the day, drawn apart from other errors, each on a scale of its own; "
            "unknown where the hours do not tell all of the window's",
            source="rate_limit_hits_by_hour",
        ),
        Measure(name="error_ratio", read=lambda row: row.error_ratio, kind="ratio", in_json=False),
        Measure(name="note", read=lambda row: row.note, kind="text", in_json=False),
        Measure(name="partial", read=lambda row: row.day.partial, in_files=False),
        Measure(name="ahead", read=lambda row: row.day.ahead, in_files=False),
        Measure(name="missing", read=lambda row: row.day.missing, in_files=False),
        Measure(name="silent_keys", read=lambda row: row.day.silent_keys, in_files=False),
        Measure(
            name="previous_requests",
            read=lambda row: row.change.previous if row.change else None,
            compared=True,
            in_json=False,
        ),
        Measure(
            name="change",
            read=lambda row: row.change.difference if row.change else None,
            compared=True,
            in_json=False,
        ),
    )
)
"""The columns stand on a screen that has no room for the chart."""

OUTSIDE = DAYS.without("partial", "missing", "silent_keys")
"""What the JSON document has of a day beyond the window."""

LATENCIES: Measures[Latency] = Measures(
    (
        Measure(name="observed", read=lambda row: str(row.date), kind="text"),
        Measure(name="days", read=lambda row: row.days),
        Measure(name="p50_ms", read=lambda row: row.p50_ms, kind="ms"),
        Measure(name="p95_ms", read=lambda row: row.p95_ms, kind="ms"),
        Measure(name="p99_ms", read=lambda row: row.p99_ms, kind="ms"),
    )
)
"""Response times of a window of `days`, in the JSON document."""
