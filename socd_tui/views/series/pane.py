"""The days of the chosen keys, those included that the service said nothing of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

from socd_tui.analysis.budget import budgets
from socd_tui.analysis.compare import Change
from socd_tui.analysis.known import Known
from socd_tui.analysis.latencies import latencies
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.charts.number import exact, percent
from socd_tui.charts.sheet import Sheet
from socd_tui.charts.table import draw_table
from socd_tui.model.key import ApiKey, Limit, share_of
from socd_tui.model.lens import Lens, subject
from socd_tui.model.past import Latency
from socd_tui.model.record import dataclass, field, replace
from socd_tui.model.target import DayTarget, HourTarget, ViewTarget
from socd_tui.model.text import counted
from socd_tui.model.usage import Usage
from socd_tui.model.window import beyond_service
from socd_tui.views.parts.change import change_data, change_part
from socd_tui.views.parts.notes import note_lines, notes
from socd_tui.views.parts.readout import read_out
from socd_tui.views.series.ahead import Outlook, outlook
from socd_tui.views.series.began import Beginning, beginnings
from socd_tui.views.series.chart import Chart, Group, draw_chart, grouped
from socd_tui.views.series.measures import DAYS, LATENCIES, OUTSIDE, DayRow, day_rows
from socd_tui.views.series.told import error_parts, response_times
from socd_tui.views.series.view import RECENT
from socd_tui.views.view import Grid, Pane, to_page


@dataclass(frozen=True, kw_only=True, eq=False)
class SeriesPane(Pane):
    """`rows` ascend; None when the service sent no daily figures."""

    lens: Lens
    rows: tuple[DayRow, ...] | None = None
    cursor: DayTarget | None = None
    limit: Limit | None = None
    """The day limit of a single key."""
    key: ApiKey | None = None
    """The key, where the days are of one."""
    latencies: tuple[Latency, ...] = ()
    """Its response times as observed and remembered, ascending by date."""
    outlook: Outlook | None = None
    """What is expected of the days to come; None without an answer."""
    beginnings: tuple[Beginning, ...] = ()
    """What began when, the worst first."""
    worst_hours: Mapping[date, HourTarget] = field(default_factory=dict)
    """Of each date with a 429 the hour that had most of them."""
    change: Change | None = None
    """All requests beside those of the window before, when the Lens compares."""

    @property
    def at(self) -> DayRow | None:
        """The day under the cursor."""
        return next((row for row in self.rows or () if row.target == self.cursor), None)

    def draw(self, canvas: Canvas) -> list[Line]:
        if self.rows is None:
            return [(), (Span(" The service sent no daily figures."),), *note_lines(self.notes, canvas.width)]
        closing = [*note_lines(self.notes, canvas.width), self._read_out(canvas)]
        body = canvas.sized(height=canvas.height - 1 - len(closing))
        groups = grouped(self.rows, canvas)
        lines = draw_chart(self._chart(self.rows), groups, body, self.cursor) or draw_table(
            DAYS.columns,
            [DAYS.row(row, canvas, row.target) for row in reversed(self.rows)],
            body,
            cursor=self.cursor,
        )
        heading = self._heading(groups, canvas)
        lines = [*(lines or []), *[()] * body.height][: body.height]
        return [heading, *lines, *closing]

    def _chart(self, rows: tuple[DayRow, ...]) -> Chart:
        return Chart(
            rows=rows,
            limit=self.limit,
            outlook=self.outlook,
            beginnings=self.beginnings,
            latencies={day: each.p95_ms for day, each in self._observed.items()},
            compared=self.lens.compare is not None,
        )

    @cached_property
    def _observed(self) -> dict[date, Latency]:
        """By date the response times of the recent window as observed on it."""
        return {each.date: each for each in self.latencies if each.days == RECENT}

    def _heading(self, groups: Sequence[Group], canvas: Canvas) -> Line:
        merged = max(len(group) for group in groups)
        inside = [row for row in self.rows or () if row.day.requests is not None and not row.day.outside]
        peak = max(inside, key=lambda row: row.counted, default=None)
        total = sum(row.counted for row in inside)
        return read_out(
            [
                Span("requests/day (UTC)", "title"),
                Span(f"{merged} d/col, mean", "warn") if merged > 1 else None,
                f"sum {exact(total)}" if inside else None,
                change_part(self.change, total) if self.change and self.change.comparable else None,
                f"peak {exact(peak.day.requests)} on {peak.name()}" if peak else None,
            ],
            canvas.width,
        )

    def _read_out(self, canvas: Canvas) -> Line:
        row = self.at
        if row is None:
            return ()
        day, name = row.day, Span(row.name(), "title")
        failed, *others = error_parts(row, canvas.width)
        share = share_of(self.limit, day.requests)
        if day.missing:
            never = beyond_service(self.lens.days)
            reason = "this day was never seen" if never else "the service sent no row for this day"
            return read_out([name, reason], canvas.width)
        return read_out(
            [
                name,
                f"{exact(day.requests)} req",
                failed,
                change_part(row.change, day.requests) or self._since_yesterday(row, canvas),
                *others,
                f"asked {percent(share)} of cap" if share is not None else None,
                Span("so far today", "warn") if day.partial else None,
                Span("ahead of the service's own date", "warn") if day.ahead else None,
                Span("outside the window", "warn") if day.outside and not day.ahead else None,
                Span(f"{counted(day.silent_keys, 'key')} sent no row", "warn") if day.silent_keys else None,
                response_times(self._observed.get(day.date)),
            ],
            canvas.width,
        )

    def _since_yesterday(self, row: DayRow, canvas: Canvas) -> str | None:
        """The day before, and the change; not for a day that is still filling, nor between lower bounds."""
        index = (self.rows or ()).index(row)
        day, earlier = row.day, (self.rows or ())[index - 1].day if index else None
        if earlier is None or earlier.requests is None or day.requests is None:
            return None
        if not day.full or day.silent_keys or earlier.silent_keys:
            return None
        change = day.requests - earlier.requests
        mark = canvas.glyphs.up if change > 0 else canvas.glyphs.down if change < 0 else ""
        return f"day before {exact(earlier.requests)} ({change:+,}{' ' + mark if mark else ''})"

    def sheet(self) -> Sheet:
        absent = ("the service sent no daily figures",) if self.rows is None else ()
        return DAYS.sheet(
            self.rows or (), compared=self.lens.compare is not None, notes=(*absent, *self.notes)
        )

    def json(self) -> dict[str, object]:
        inside = [row for row in self.rows or () if not row.day.outside]
        days = [{**DAYS.json(row), **change_data(row.change)} for row in inside]
        return {
            "days": None if self.rows is None else days,
            "outside_days": [OUTSIDE.json(row) for row in self.rows or () if row.day.outside],
            "latencies": [LATENCIES.json(each) for each in self.latencies],
            "forecast": self.outlook.data if self.outlook else None,
            **change_data(self.change),
        }

    def targets(self) -> Grid:
        return [[row.target for row in self.rows or ()]]

    def maximum(self) -> DayTarget | None:
        answered = [row for row in self.rows or () if row.day.requests is not None]
        return max(answered, key=lambda row: row.counted).target if answered else None

    def enter(self, lens: Lens) -> Lens | None:
        """The hours of a day with 429s; of any other day the key's page."""
        if self.cursor is None:
            return None
        worst = self.worst_hours.get(self.cursor.date)
        if worst is not None:
            return lens.at(worst).at(ViewTarget("heatmap"))
        return to_page(lens, self.key.id) if self.key else None


def series(known: Known, lens: Lens) -> SeriesPane:
    """Of the keys that the Lens speaks of."""
    ids = tuple(key.id for key in subject(known.fleet, lens))
    pane = known.once(_pane, ids, lens.of_rows("series"))
    return replace(pane, lens=lens, cursor=_cursor(pane.rows or (), lens.date))


def _pane(known: Known, ids: tuple[str, ...], lens: Lens) -> SeriesPane:
    """All that stays the same while a cursor moves."""
    keys = [known.by_key[key_id].key for key_id in ids]
    usage = known.combined(keys)
    before = known.before(keys) if lens.compare else None
    rows = day_rows(usage, before) if usage and usage.days is not None else None
    key = keys[0] if len(keys) == 1 else None
    return SeriesPane(
        lens=lens,
        rows=rows,
        notes=notes(known, keys, lens, _gaps(rows or (), keys, lens)),
        limit=budgets(key, usage).day.limit if key else None,
        key=key,
        latencies=latencies(known.past(key.id), known.by_key[key.id].ground.answers) if key else (),
        outlook=outlook(known, ids) if rows else None,
        beginnings=beginnings(known, ids) if rows else (),
        worst_hours=_worst_hours(usage) if usage else {},
        change=before.change("requests") if before and usage else None,
    )


def _worst_hours(usage: Usage) -> dict[date, HourTarget]:
    """Of each date with a 429 the hour that had most of them, the newest of equals."""
    hits = sorted((hour.throttled, hour.start) for hour in usage.hours or () if hour.throttled)
    return {start.date(): HourTarget(start) for _, start in hits}


def _cursor(rows: Sequence[DayRow], wanted: date | None) -> DayTarget | None:
    """The day asked for while it is in the picture, else the newest with a figure."""
    if not rows:
        return None
    if wanted is not None and rows[0].day.date <= wanted <= rows[-1].day.date:
        return min(rows, key=lambda row: abs(row.day.date - wanted)).target
    return next((row for row in reversed(rows) if not row.day.missing), rows[-1]).target


def _gaps(rows: Sequence[DayRow], keys: Sequence[ApiKey], lens: Lens) -> list[str]:
    """On how many days nothing, or not everything, was said."""
    if not rows:
        return []
    remembered = beyond_service(lens.days)
    births = [key.created_at.date() for key in keys if key.created_at]
    born = min(births) if remembered and len(births) == len(keys) else rows[0].day.date
    lived = [row for row in rows if row.day.date >= born]
    missing = sum(row.day.missing for row in lived)
    short_days = sum(row.day.silent_keys > 0 for row in rows)
    sentences = []
    if missing:
        of = f"{missing} of {counted(len(lived), 'day')}"
        sentences.append(f"{of} were never seen" if remembered else f"the service sent no row for {of}")
    if short_days:
        sentences.append(f"on {counted(short_days, 'day')} some keys sent no row; their sum is a lower bound")
    return sentences
