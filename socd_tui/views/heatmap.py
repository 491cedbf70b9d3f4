"""When was I throttled: 429 answers by day and hour, in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from socd_tui.analysis.totals import combine, usages
from socd_tui.charts.bars import bar
from socd_tui.charts.canvas import Canvas, Line, Span, Target
from socd_tui.charts.heat import heat_cell, legend
from socd_tui.charts.number import day_name, exact, forms, percent
from socd_tui.charts.sheet import Field, Sheet, Value
from socd_tui.charts.table import Cell, Column, Row, draw_table
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, subject
from socd_tui.model.text import Text
from socd_tui.model.usage import Hour, Usage, ratio
from socd_tui.views.reading import note_line, notes, read_out
from socd_tui.views.view import Grid, Meaning, View

TOTAL = 7
"""Columns of a day's total and the gap before it: "999.9k" is the longest."""


@dataclass(frozen=True)
class Grain:
    """How large the map is drawn: columns of an hour, and of a day's label with the margin before it."""

    cell: int
    label: int

    @property
    def width(self) -> int:
        return self.label + 24 * self.cell + TOTAL


GRAINS = (Grain(2, len(" Thu 14 May ")), Grain(1, len(" Thu 14 May ")), Grain(1, len(" 14 May ")))
"""From the largest; the smallest fits the narrowest pane."""


@dataclass(frozen=True)
class Heatmap:
    """`hours` is None when the service sends no hourly data.

    `total` counts all 429 in the window, which may be more than the hours hold; then an hour without a
    row is not known to be free of them. `now` is the service's clock: later hours have not happened.
    """

    hours: tuple[Hour, ...] | None
    dates: tuple[date, ...]
    total: int | None
    now: datetime | None
    by_endpoint: tuple[tuple[Text, int], ...] | None
    cursor: datetime | None
    requests_by_date: Mapping[date, int | None]
    notes: tuple[str, ...]

    @property
    def placed(self) -> int:
        """429s that some hour accounts for."""
        return sum(hour.throttled for hour in self.hours or ())

    @property
    def complete(self) -> bool:
        """Whether the hours account for every 429, so that a missing hour is a zero."""
        return self.total is not None and self.placed >= self.total

    @property
    def by_hour(self) -> dict[datetime, int]:
        return {hour.start: hour.throttled for hour in self.hours or ()}

    def count(self, hour: datetime) -> int | None:
        """429s in that hour; None when it is still to come or nobody said."""
        if self.now is not None and hour > self.now:
            return None
        return self.by_hour.get(hour, 0 if self.complete else None)


def build(fleet: Fleet, lens: Lens) -> Heatmap:
    keys = subject(fleet, lens)
    usage = combine(usages(fleet, keys, lens.days))
    found = notes(fleet, keys, lens.days)
    if usage is None:
        return Heatmap(None, (), None, None, None, None, {}, found)
    hours = usage.hours
    dates = tuple(sorted({*usage.window.dates(), *(hour.start.date() for hour in hours or ())}, reverse=True))
    data = Heatmap(
        hours,
        dates if hours is not None else (),
        usage.throttled,
        usage.observed_at,
        usage.throttled_by_endpoint,
        None,
        {day.date: day.requests for day in usage.days or ()},
        (*found, *_unplaced(usage)),
    )
    return replace(data, cursor=_cursor(data, lens.hour))


def _unplaced(usage: Usage) -> list[str]:
    placed = sum(hour.throttled for hour in usage.hours or ())
    if usage.hours is None or usage.throttled is None or placed >= usage.throttled:
        return []
    return [f"only {exact(placed)} of {exact(usage.throttled)} throttled requests came with an hour"]


def _cursor(data: Heatmap, wanted: datetime | None) -> datetime | None:
    if wanted is not None and wanted.date() in data.dates:
        return wanted
    worst = maximum(data)
    if isinstance(worst, datetime):
        return worst
    return datetime.combine(data.dates[0], time(), UTC) if data.dates else None


def draw(data: Heatmap, canvas: Canvas) -> list[Line]:
    if data.hours is None:
        return _without_hours(data, canvas)
    grain = next((grain for grain in GRAINS if grain.width <= canvas.width), GRAINS[-1])
    rows = max(canvas.height - 5, 1)
    at = data.dates.index(data.cursor.date()) if data.cursor else 0
    first = min(max(at - rows // 2, 0), max(len(data.dates) - rows, 0))
    shown = data.dates[first : first + rows]
    clipped = f"days {first + 1}–{first + len(shown)} of {len(data.dates)}"
    head = [_heading(data, canvas.width, clipped if len(shown) < len(data.dates) else None)]
    body = canvas.sized(height=rows).fit(_day_line(data, day, grain, canvas) for day in shown)
    marks = (Span(" "), *legend(canvas.glyphs, canvas.width - 1, grain.cell))
    return [*head, _hour_axis(grain), *body, marks, note_line(data.notes), _read_out(data, canvas)]


def _heading(data: Heatmap, width: int, clipped: str | None = None) -> Line:
    count = len(data.dates)
    days = clipped or ("1 day" if count == 1 else f"{count} days")
    return read_out(
        [
            Span("429 per hour (UTC)", "title"),
            f"total {exact(data.total)}",
            f"{days}, newest first" if count > 1 else days if count else None,
        ],
        width,
    )


def _hour_axis(grain: Grain) -> Line:
    every = 6 // grain.cell
    hours = "".join(f"{hour:02d}".ljust(6) for hour in range(0, 24, every))
    return (Span(" " * grain.label + hours.ljust(24 * grain.cell) + "total".rjust(TOTAL), "faint"),)


def _day_line(data: Heatmap, day: date, grain: Grain, canvas: Canvas) -> Line:
    under = data.cursor is not None and data.cursor.date() == day
    name = day_name(day, 2)[-grain.label + 2 :].ljust(grain.label - 1)
    spans = [Span(canvas.glyphs.pointer if under else " ", "accent"), Span(name, "ink")]
    counts = []
    for hour in _hours(day):
        count = data.count(hour)
        counts.append(count)
        cell = heat_cell(count, canvas.glyphs, grain.cell)._replace(target=hour)
        if hour == data.cursor:
            cell = cell._replace(text="[]" if grain.cell == 2 else cell.text, cursor=True)
        spans.append(cell)
    known = [count for count in counts if count is not None]
    total = forms(sum(known), canvas.glyphs.unknown)[-1] if known else canvas.glyphs.unknown
    return (*spans, Span(total.rjust(TOTAL), "ink" if any(known) else "faint"))


def _hours(day: date) -> list[datetime]:
    midnight = datetime.combine(day, time(), UTC)
    return [midnight + timedelta(hours=hour) for hour in range(24)]


def _read_out(data: Heatmap, canvas: Canvas) -> Line:
    if data.cursor is None:
        return ()
    day, count = data.cursor.date(), data.count(data.cursor)
    that_day = sum(n for hour, n in data.by_hour.items() if hour.date() == day)
    requests = data.requests_by_date.get(day)
    until = f"–{data.cursor:%H}:59" if canvas.width >= GRAINS[0].width else ""
    return read_out(
        [
            Span(f"{day_name(day)} {data.cursor:%H}:00{until} UTC", "title"),
            _words(data, count),
            f"{percent(ratio(count, that_day))} of the day's {exact(that_day)}" if count else None,
            f"{exact(requests)} req that day" if requests is not None else None,
        ],
        canvas.width,
    )


def _words(data: Heatmap, count: int | None) -> str:
    if count is not None:
        return f"{exact(count)} throttled"
    future = data.now is not None and data.cursor is not None and data.cursor > data.now
    return "not yet" if future else "the service did not say"


_COLUMNS = (
    Column("endpoint", "left", floor=24, cut="middle"),
    Column("429"),
    Column("share"),
    Column("", "left", drop=2, floor=8, greedy=True),
)


def _without_hours(data: Heatmap, canvas: Canvas) -> list[Line]:
    """The nested payload has no hours: say so, and show which endpoints were throttled instead."""
    head: list[Line] = [
        _heading(data, canvas.width),
        read_out(["The service sent no hourly figures.", "429 by endpoint instead:"], canvas.width),
        (),
    ]
    if not data.by_endpoint:
        return [
            *head[:1],
            (Span(" The service sent no hourly figures."),),
            note_line(data.notes),
        ]
    rows = [_endpoint_row(path, n, data.total, canvas) for path, n in data.by_endpoint]
    body = canvas.sized(height=canvas.height - 4)
    table = draw_table(_COLUMNS, rows, body)
    return [*head, *body.fit(table or []), note_line(data.notes)]


def _endpoint_row(path: Text, n: int, total: int | None, canvas: Canvas) -> Row:
    share = ratio(n, total)
    drawing = Cell(drawing=lambda width: (Span(bar(share, width, canvas.glyphs), "bad"),))
    return Row(
        (Cell((path.shown,), "title"), Cell(forms(n)), Cell((percent(share),)), drawing), path.original
    )


def sheet(data: Heatmap) -> Sheet:
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (_stamp(hour.start), hour.throttled) for hour in data.hours or ()
    )
    if data.hours is None:
        by_endpoint: tuple[tuple[Value, ...], ...] = data.by_endpoint or ()
        absent = ("the service sent no hourly figures",)
        return Sheet((Field("endpoint", "text"), Field("throttled")), by_endpoint, (*absent, *data.notes))
    return Sheet((Field("hour", "text"), Field("throttled")), rows, data.notes)


def as_data(data: Heatmap) -> dict[str, object]:
    hours = [{"hour": _stamp(hour.start), "count": hour.throttled} for hour in data.hours or ()]
    found: dict[str, object] = {"hours": hours, "total": data.total, "known": data.hours is not None}
    if data.by_endpoint is not None:
        found["by_endpoint"] = [{"path": path.original, "count": n} for path, n in data.by_endpoint]
    return found


def _stamp(hour: datetime) -> str:
    return f"{hour:%Y-%m-%dT%H:%M:%SZ}"


def grid(data: Heatmap) -> Grid:
    return [_hours(day) for day in data.dates]


def aim(lens: Lens, target: Target) -> Lens:
    return replace(lens, hour=target) if isinstance(target, datetime) else lens


def maximum(data: Heatmap) -> Target | None:
    worst = max(data.hours or (), key=lambda hour: hour.throttled, default=None)
    return worst.start if worst else None


def enter(lens: Lens, data: Heatmap) -> Lens:
    return replace(lens, view="series", date=data.cursor.date()) if data.cursor else lens


VIEW = View(
    name="heatmap",
    order=5,
    title="429 map",
    question="When was I throttled?",
    scope="subject",
    build=build,
    draw=draw,
    sheet=sheet,
    data=as_data,
    grid=grid,
    aim=aim,
    maximum=maximum,
    enter=enter,
    meanings=(
        Meaning("a cell", "429 answers in that UTC hour, on fixed bins"),
        Meaning("dot", "no 429; a blank cell is an hour to come, or one the service said nothing of"),
        Meaning("total", "all 429 in the window; hours may account for fewer, and a note says so"),
    ),
)
