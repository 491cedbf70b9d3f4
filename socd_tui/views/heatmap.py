"""When was I throttled: 429 answers by day and hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from socd_tui.analysis.compare import Change
from socd_tui.analysis.hourmap import HourCell, HourMap, HourRow, hour_map
from socd_tui.analysis.known import Known
from socd_tui.charts.bars import bar
from socd_tui.charts.canvas import Canvas, Line, Span, Target
from socd_tui.charts.heat import heat_cell, legend
from socd_tui.charts.number import day_name, exact, forms, percent
from socd_tui.charts.sheet import Field, Sheet, Value
from socd_tui.charts.spark import cell as spark_cell
from socd_tui.charts.table import Cell, Column, Row, draw_table
from socd_tui.model.lens import Lens, subject
from socd_tui.model.text import Text
from socd_tui.model.usage import ratio
from socd_tui.views.comparing import change_data, change_part
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
    """`map` is None when the service sent no hourly data; then `by_endpoint` may say where instead."""

    map: HourMap | None
    total: int | None
    now: datetime | None
    """The service's clock: later hours have not happened."""
    by_endpoint: tuple[tuple[Text, int], ...] | None
    cursor: datetime | None
    zone: tzinfo
    folded: bool
    requests_by_date: Mapping[date, int | None]
    notes: tuple[str, ...]
    change: Change | None = None
    """The 429s beside those of the window before, when the Lens compares."""


def build(known: Known, lens: Lens) -> Heatmap:
    keys = subject(known.fleet, lens)
    usage = known.combined(keys)
    found = notes(known, keys, lens)
    zone = known.preferences.zone if lens.local else UTC
    if usage is None:
        return Heatmap(None, None, None, None, None, zone, lens.folded, {}, found)
    hours = hour_map(usage, zone, folded=lens.folded, counted=known.counted_dates(keys))
    silent = sum(part.hours is None for part in known.usages(keys))
    if 0 < silent < len(keys):
        found = (f"{silent} of {len(keys)} keys sent no hourly figures", *found)
    return Heatmap(
        hours,
        usage.throttled,
        usage.observed_at,
        usage.throttled_by_endpoint,
        _cursor(hours, lens.hour) if hours else None,
        zone,
        lens.folded,
        {day.date: day.requests for day in usage.days or ()},
        (*found, *(_unplaced(hours) if hours else [])),
        known.before(keys).change("throttled", usage.throttled) if lens.compare else None,
    )


def _unplaced(hours: HourMap) -> list[str]:
    if hours.total is None or hours.placed >= hours.total:
        return []
    return [f"only {exact(hours.placed)} of {exact(hours.total)} throttled requests came with an hour"]


def _cursor(hours: HourMap, wanted: datetime | None) -> datetime | None:
    """The hour asked for while it is in the map, else the worst, else the first of the newest day."""
    if wanted is not None and hours.row_of(wanted) is not None:
        return wanted
    first = next((cell.target for row in hours.rows for cell in row.cells if cell), None)
    return hours.worst or first


def draw(data: Heatmap, canvas: Canvas) -> list[Line]:
    if data.map is None:
        return _without_hours(data, canvas)
    grain = next((grain for grain in GRAINS if grain.width <= canvas.width), GRAINS[-1])
    sums = [_sum_line(data.map, grain, canvas)] if canvas.height >= 10 else []
    room = max(canvas.height - 5 - len(sums), 1)
    at = data.map.row_of(data.cursor) or 0 if data.cursor else 0
    first = min(max(at - room // 2, 0), max(len(data.map.rows) - room, 0))
    shown = data.map.rows[first : first + room]
    clipped = f"days {first + 1}–{first + len(shown)} of {len(data.map.rows)}"
    heading = _heading(data, canvas.width, clipped if len(shown) < len(data.map.rows) else None)
    rows = [_row_line(data, row, grain, canvas) for row in shown]
    body = canvas.sized(height=room + len(sums)).fit([*rows, *sums])
    marks = (Span(" "), *legend(canvas.glyphs, canvas.width - 1, grain.cell))
    return [heading, _hour_axis(grain), *body, marks, note_line(data.notes), _read_out(data, canvas)]


def _heading(data: Heatmap, width: int, clipped: str | None = None) -> Line:
    count = len(data.map.rows) if data.map else 0
    days = "weekdays" if data.folded else clipped or ("1 day" if count == 1 else f"{count} days")
    return read_out(
        [
            Span(f"429 per hour ({_zone(data)})", "title"),
            f"total {exact(data.total)}",
            change_part(data.change),
            f"{days}, newest first" if count > 1 and not data.folded else days if count else None,
        ],
        width,
    )


def _zone(data: Heatmap) -> str:
    """The zone's name at the cursor, and where its hours start when that is not on the hour."""
    if data.cursor is None:
        return "UTC"
    local = data.cursor.astimezone(data.zone)
    return f"{local.tzname()}, from :{local.minute:02d}" if local.minute else str(local.tzname())


def _hour_axis(grain: Grain) -> Line:
    every = 6 // grain.cell
    hours = "".join(f"{hour:02d}".ljust(6) for hour in range(0, 24, every))
    return (Span(" " * grain.label + hours.ljust(24 * grain.cell) + "total".rjust(TOTAL), "faint"),)


def _row_line(data: Heatmap, row: HourRow, grain: Grain, canvas: Canvas) -> Line:
    under = data.cursor is not None and any(cell and data.cursor in cell.hours for cell in row.cells)
    name = f"{row.day:%a}" if data.folded else day_name(row.day, 2)[-grain.label + 2 :]
    spans = [
        Span(canvas.glyphs.pointer if under else " ", "accent"),
        Span(name.ljust(grain.label - 1), "ink"),
    ]
    for cell in row.cells:
        if cell is None:
            spans.append(Span(" " * grain.cell))
            continue
        span = heat_cell(cell.count, canvas.glyphs, grain.cell)._replace(target=cell.target)
        if data.cursor in cell.hours:
            span = span._replace(text="[]" if grain.cell == 2 else span.text, cursor=True)
        spans.append(span)
    return (*spans, Span(_total(row.total, canvas), "ink" if row.total else "faint"))


def _sum_line(hours: HourMap, grain: Grain, canvas: Canvas) -> Line:
    """All days by hour of the day, on their own scale, and what all hours hold."""
    totals = hours.column_totals()
    top = max((n or 0 for n in totals), default=0)
    bars = "".join(spark_cell(n, top, canvas.glyphs).ljust(grain.cell) for n in totals)
    return (
        Span(" by hour".ljust(grain.label)[: grain.label], "faint"),
        Span(bars, "accent" if top else "faint"),
        Span(_total(hours.placed, canvas), "faint"),
    )


def _total(count: int | None, canvas: Canvas) -> str:
    return forms(count, canvas.glyphs.unknown)[-1].rjust(TOTAL)


def _read_out(data: Heatmap, canvas: Canvas) -> Line:
    cell = data.map.cell_of(data.cursor) if data.map and data.cursor else None
    if data.map is None or data.cursor is None or cell is None:
        return ()
    local = data.cursor.astimezone(data.zone)
    if data.folded:
        when = f"{local:%A}s {local:%H:%M} {local.tzname()}"
        parts = [_words(data, cell.count), f"{len(cell.hours)} such hours in the window"]
        return read_out(
            [Span(when, "title"), *parts, _share(cell.count, data.map.placed, "all")], canvas.width
        )
    end = f"–{local + timedelta(minutes=59):%H:%M}" if canvas.width >= GRAINS[0].width else ""
    that_day = data.map.rows[data.map.row_of(data.cursor) or 0].total
    requests = data.requests_by_date.get(data.cursor.date())
    return read_out(
        [
            Span(f"{day_name(local.date())} {local:%H:%M}{end} {local.tzname()}", "title"),
            _words(data, cell.count),
            _share(cell.count, that_day, "the day's"),
            f"{exact(requests)} req that UTC day" if requests is not None else None,
        ],
        canvas.width,
    )


def _share(count: int | None, whole: int | None, of: str) -> str | None:
    return f"{percent(ratio(count, whole))} of {of} {exact(whole)}" if count else None


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
        (Span(" The service sent no hourly figures."),),
        (Span(" 429 by endpoint instead:"),),
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
    if data.map is None:
        by_endpoint: tuple[tuple[Value, ...], ...] = data.by_endpoint or ()
        absent = ("the service sent no hourly figures",)
        return Sheet((Field("endpoint", "text"), Field("throttled")), by_endpoint, (*absent, *data.notes))
    rows = tuple((_stamp(hour), n) for hour, n in data.map.by_hour.items())
    return Sheet((Field("hour", "text"), Field("throttled")), rows, data.notes)


def as_data(data: Heatmap) -> dict[str, object]:
    by_hour = data.map.by_hour if data.map else {}
    hours = [{"hour": _stamp(hour), "count": n} for hour, n in by_hour.items()]
    found: dict[str, object] = {
        "hours": hours,
        "total": data.total,
        **change_data(data.change, name="previous_total"),
        "known": data.map is not None,
    }
    if data.by_endpoint is not None:
        found["by_endpoint"] = [{"path": path.original, "count": n} for path, n in data.by_endpoint]
    return found


def _stamp(hour: datetime) -> str:
    return f"{hour:%Y-%m-%dT%H:%M:%SZ}"


def grid(data: Heatmap) -> Grid:
    rows = data.map.rows if data.map else ()
    return [[_aimed(cell, data.cursor) for cell in row.cells if cell] for row in rows]


def _aimed(cell: HourCell, cursor: datetime | None) -> datetime:
    """The cell's own hour, or the cursor's when it is one of several in the cell."""
    return cursor if cursor in cell.hours and cursor is not None else cell.target


def aim(lens: Lens, target: Target) -> Lens:
    return replace(lens, hour=target) if isinstance(target, datetime) else lens


def maximum(data: Heatmap) -> Target | None:
    return data.map.worst if data.map else None


def hits(data: Heatmap) -> list[Target]:
    """The hours with a 429, oldest first."""
    return [hour for hour, n in data.map.by_hour.items() if n] if data.map else []


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
    hits=hits,
    meanings=(
        Meaning(
            "a cell",
            "429 answers in that hour, on fixed bins; u shows your own zone, f folds to weekdays",
            "rate_limit_hits_by_hour",
        ),
        Meaning("dot", "no 429; a blank cell is an hour to come, or one the service said nothing of"),
        Meaning("by hour", "all days together, on a scale of its own"),
        Meaning("total", "all 429 in the window; hours may account for fewer, and a note says so"),
    ),
)
