"""The 429s of the chosen keys by hour, in UTC or the local zone; by endpoint where there are no hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo

from socd_tui.analysis.compare import Change
from socd_tui.analysis.hourmap import HourCell, HourMap, largest_cell
from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.charts.heat import EMPTY, Scale
from socd_tui.charts.number import day_name, exact, percent
from socd_tui.charts.sheet import Sheet
from socd_tui.charts.table import draw_table
from socd_tui.model.lens import Lens, subject, visible
from socd_tui.model.record import dataclass, field, replace
from socd_tui.model.target import DayTarget, HourTarget, ViewTarget
from socd_tui.model.text import counted
from socd_tui.model.usage import Hour, ratio
from socd_tui.views.heatmap.map import MapStyle, draw_map
from socd_tui.views.heatmap.measures import ENDPOINTS, HOURS, ThrottledPath
from socd_tui.views.parts.change import change_data, change_part
from socd_tui.views.parts.notes import note_lines, notes
from socd_tui.views.parts.readout import read_out
from socd_tui.views.parts.throttled import Forms, hours_of, in_figures, packed, sentences
from socd_tui.views.view import Grid, Pane

ROOMY = 67
"""Columns from which the read-out names the end of its hour."""


@dataclass(frozen=True, kw_only=True, eq=False)
class HeatmapPane(Pane):
    """`map` is None when the service sent no hourly figures; then `endpoints` may say where instead."""

    lens: Lens
    map: HourMap | None = None
    cursor: HourTarget | None = None
    total: int | None = None
    now: datetime | None = None
    """The service's clock: later hours have not happened."""
    endpoints: tuple[ThrottledPath, ...] | None = None
    zone: tzinfo = UTC
    requests_by_date: Mapping[date, int | None] = field(default_factory=dict)
    scale: Scale = EMPTY
    sentences: tuple[Forms, ...] = ()
    """When, how often, what is quiet, and why."""
    found: dict[str, object] = field(default_factory=dict)
    """The same in figures, for programs."""
    change: Change | None = None
    """The 429s beside those of the window before, when the Lens compares."""

    def draw(self, canvas: Canvas) -> list[Line]:
        if self.map is None:
            return self._without_hours(canvas)
        said = packed(self.sentences, canvas.width, _lines_of_words(canvas.height))
        closing = [*note_lines(self.notes, canvas.width), self._read_out(canvas)]
        body = canvas.sized(height=canvas.height - len(closing) - len(said))
        style = MapStyle(
            scale=self.scale,
            cursor=self.cursor.hour if self.cursor else None,
            folded=self.lens.folded,
            zone=self._zone(),
            requests={} if self.lens.folded or self.zone is not UTC else self.requests_by_date,
        )
        return [*said, *draw_map(self.map, body, style), *closing]

    def _without_hours(self, canvas: Canvas) -> list[Line]:
        """The nested payload has no hours: say so, and show which endpoints were throttled instead."""
        head = [self._heading(canvas.width), (Span(" The service sent no hourly figures."),)]
        closing = note_lines(self.notes, canvas.width)
        if not self.endpoints:
            return [*head, *closing]
        body = canvas.sized(height=canvas.height - 3 - len(closing))
        table = draw_table(ENDPOINTS.columns, [ENDPOINTS.row(row, canvas) for row in self.endpoints], body)
        instead = (Span(" 429 by endpoint instead:"),)
        return [*head, instead, *body.fit(table or []), *closing]

    def _heading(self, width: int) -> Line:
        """The sum, where there is no map."""
        if self.total is None:
            return (Span(" How many were refused is not told.", "title"),)
        total = f"{exact(self.total)} refused with 429"
        return read_out([Span(total, "title"), change_part(self.change, self.total)], width)

    def _zone(self) -> str:
        """The zone's name at the cursor, and where its hours start when that is not on the hour."""
        if self.cursor is None:
            return "UTC"
        local = self.cursor.hour.astimezone(self.zone)
        return f"{local.tzname()} :{local.minute:02d}" if local.minute else str(local.tzname())

    def _read_out(self, canvas: Canvas) -> Line:
        cell = self.map.cell_of(self.cursor.hour) if self.map and self.cursor else None
        if self.map is None or self.cursor is None or cell is None:
            return ()
        local = self.cursor.hour.astimezone(self.zone)
        if self.lens.folded:
            return read_out(
                [
                    Span(f"{local:%A}s {local:%H:%M} {local.tzname()}", "title"),
                    self._count(cell),
                    f"{counted(len(self.map.begun_in(cell)), 'such hour')} in the window",
                    _share(cell.count, self.map.placed, "all"),
                ],
                canvas.width,
            )
        end = f"–{local + timedelta(minutes=59):%H:%M}" if canvas.width >= ROOMY else ""
        that_day = self.map.rows[self.map.row_of(self.cursor.hour) or 0].total
        newest = max(row.day for row in self.map.rows)
        requests = self.requests_by_date.get(self.cursor.hour.date())
        return read_out(
            [
                Span(f"{day_name(local.date(), today=newest)} {local:%H:%M}{end} {local.tzname()}", "title"),
                self._count(cell),
                _share(cell.count, that_day, "the day's" if end else "the"),
                f"{exact(requests)} req that UTC day" if requests is not None else None,
            ],
            canvas.width,
        )

    def _count(self, cell: HourCell) -> str:
        """The 429s of the cell under the cursor, or why there is no figure."""
        if cell.count is not None:
            return f"{exact(cell.count)} throttled"
        future = self.now is not None and self.cursor is not None and self.cursor.hour > self.now
        return "not yet" if future else "the service did not say"

    def _hours(self) -> list[Hour]:
        """The hours that the service sent, ascending."""
        return [Hour(start, count) for start, count in self.map.by_hour.items()] if self.map else []

    def sheet(self) -> Sheet:
        if self.map is None:
            absent = "the service sent no hourly figures"
            return ENDPOINTS.sheet(self.endpoints or (), notes=(absent, *self.notes))
        return HOURS.sheet(self._hours(), notes=self.notes)

    def json(self) -> dict[str, object]:
        endpoints = [ENDPOINTS.json(row) for row in self.endpoints or ()]
        return {
            "hours": [HOURS.json(hour) for hour in self._hours()],
            "total": self.total,
            **change_data(self.change, of="total"),
            "known": self.map is not None,
            **self.found,
            **({} if self.endpoints is None else {"by_endpoint": endpoints}),
        }

    def targets(self) -> Grid:
        rows = self.map.rows if self.map else ()
        return [[self._target(cell) for cell in row.cells if cell] for row in rows]

    def _target(self, cell: HourCell) -> HourTarget:
        """The cell's own hour, or the cursor's when it is one of several in the cell."""
        return self.cursor if self.cursor and self.cursor.hour in cell.hours else HourTarget(cell.target)

    def maximum(self) -> HourTarget | None:
        worst = self.map.worst if self.map else None
        return HourTarget(worst) if worst else None

    def hits(self) -> list[HourTarget]:
        """The hours with a 429, oldest first."""
        return [HourTarget(hour.start) for hour in self._hours() if hour.throttled]

    def enter(self, lens: Lens) -> Lens:
        """The UTC day of the hour, among the others."""
        if self.cursor is None:
            return lens
        return lens.at(DayTarget(self.cursor.hour.date())).at(ViewTarget("series"))


def _share(count: int | None, of_count: int | None, of: str) -> str | None:
    return f"{percent(ratio(count, of_count))} of {of} {exact(of_count)}" if count else None


def _lines_of_words(height: int) -> int:
    """Lines for the sentences above a map: not more than it can spare."""
    return 1 if height < 12 else 2 if height < 16 else 3 if height < 30 else 4


def heatmap(known: Known, lens: Lens) -> HeatmapPane:
    """Of the keys that the Lens speaks of."""
    still = replace(
        lens.of_rows("heatmap"),
        focus=lens.focus,
        marked=lens.marked,
        local=lens.local,
        folded=lens.folded,
    )
    pane = known.once(_pane, still)
    return replace(pane, lens=lens, cursor=_cursor(pane.map, lens.hour) if pane.map else None)


def _pane(known: Known, lens: Lens) -> HeatmapPane:
    """All that stays the same while a cursor moves."""
    keys = subject(known.fleet, lens)
    usage = known.combined(keys)
    zone = known.preferences.zone if lens.local else UTC
    if usage is None:
        return HeatmapPane(lens=lens, zone=zone, notes=notes(known, keys, lens, of="throttled"))
    hours = hours_of(known, keys, zone, folded=lens.folded)
    odd = notes(known, keys, lens, _unplaced(hours) if hours else (), of="throttled")
    silent = sum(part.hours is None for part in known.usages(keys))
    if 0 < silent < len(keys):
        odd = (f"{silent} of {len(keys)} keys sent no hourly figures", *odd)
    endpoints = usage.throttled_by_endpoint
    change = known.before(keys).change("throttled") if lens.compare else None
    return HeatmapPane(
        lens=lens,
        map=hours,
        total=usage.throttled,
        now=usage.observed_at,
        endpoints=None
        if endpoints is None
        else tuple(ThrottledPath(path, count, usage.throttled) for path, count in endpoints),
        zone=zone,
        requests_by_date={day.date: day.requests for day in usage.days or ()},
        scale=_scale(known, lens, hours, zone) if hours else EMPTY,
        sentences=sentences(known, keys, usage, hours, zone, change) if hours else (),
        found=in_figures(known, keys, hours) if hours else {},
        notes=odd,
        change=change,
    )


def _scale(known: Known, lens: Lens, hours: HourMap, zone: tzinfo) -> Scale:
    """Up to the largest cell of this map, or of the map of any key."""
    if not lens.rescaled_here:
        own = "this key" if len(subject(known.fleet, lens)) == 1 else "these keys"
        largest = max((cell.count or 0 for row in hours.rows for cell in row.cells if cell), default=0)
        return Scale(largest, own)
    return Scale(known.once(_largest, lens.of_keys(), zone, lens.folded), "one scale, all keys")


def _largest(known: Known, lens: Lens, zone: tzinfo, folded: bool) -> int:
    """The 429s of the largest cell of any key's map."""
    usages = known.usages(visible(known.fleet, lens))
    return max((largest_cell(usage, zone, folded=folded) for usage in usages), default=0)


def _unplaced(hours: HourMap) -> list[str]:
    """How many of the 429s came with an hour, where not all did."""
    if hours.total is None or hours.placed >= hours.total:
        return []
    return [f"only {exact(hours.placed)} of {exact(hours.total)} throttled requests came with an hour"]


def _cursor(hours: HourMap, wanted: datetime | None) -> HourTarget | None:
    """The hour asked for while it is in the map, else the worst, else the first of the newest day."""
    if wanted is not None and hours.row_of(wanted) is not None:
        return HourTarget(wanted)
    first = next((cell.target for row in hours.rows for cell in row.cells if cell), None)
    start = hours.worst or first
    return HourTarget(start) if start else None
