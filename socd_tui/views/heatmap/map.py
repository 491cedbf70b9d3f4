"""The drawing of the map: lines for each day or weekday, a cell for each hour, over the whole width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from socd_tui.analysis.hourmap import HourCell, HourMap, HourRow
from socd_tui.analysis.totals import add
from socd_tui.charts.canvas import Canvas, Line, Role, Span, justify, line_width
from socd_tui.charts.heat import Scale, heat_cell, legend
from socd_tui.charts.number import day_name, percent, short
from socd_tui.charts.spark import columns
from socd_tui.model.record import dataclass
from socd_tui.model.target import HourTarget
from socd_tui.model.usage import ratio

TOTAL, SHARE, REQUESTS, WORST = 7, 8, 10, 14
"""Columns of what may stand behind a day's hours, with the gap before each: "999.9k" is the longest total."""

LABEL, SHORT_LABEL = len(" Thu 14 May "), len(" 14 May ")

YEAR = len(" 2026")

PLANS = ((2, LABEL, TOTAL + SHARE), (2, LABEL, TOTAL), (1, LABEL, TOTAL + SHARE), (1, LABEL, TOTAL))
"""Least columns of an hour, those of a label, and those behind; without any of them the narrowest pane's."""

NARROWEST = (1, SHORT_LABEL, TOTAL)

SUMS_FROM = 6
"""Lines of a map that has room for the sums by hour below its days."""

TALL_SUMS, TALLEST_SUMS, TALLEST_DAY = 4, 7, 3
"""Lines that the sums get before days get a second one; the most of them, and of a day."""


@dataclass(frozen=True, kw_only=True)
class MapStyle:
    """How the hours are drawn, and what stands beside them."""

    scale: Scale
    cursor: datetime | None
    folded: bool
    zone: str
    """Its name, for the corner of the map."""
    requests: Mapping[date, int | None]
    """Requests by the day of a row; empty where rows are no days of the service."""


@dataclass(frozen=True)
class Layout:
    """Columns of a label and of an hour; lines of a day and of the sums; the rows that are shown."""

    label: int
    cell: int
    tall: int
    sums: int
    rows: range


def draw_map(hours: HourMap, canvas: Canvas, style: MapStyle) -> list[Line]:
    """The hours' names, the days, their sums by hour where there is room, and what the marks stand for."""
    names = _names(hours, folded=style.folded)
    laid = layout(hours, canvas, style, names)
    lines = [_hour_axis(laid, canvas, style)]
    for y in laid.rows:
        lines += _row_lines(hours.rows[y], names[y], hours.placed, laid, canvas, style)
    lines += _sum_lines(hours, laid, canvas, style)
    room = max(canvas.height - 1, 0)
    return [*lines[:room], *[()] * (room - len(lines)), _legend(hours, laid, canvas, style)]


def layout(hours: HourMap, canvas: Canvas, style: MapStyle, names: Sequence[str]) -> Layout:
    """The most that fits: hours as wide and days as high as there is room, the cursor's day among them."""
    years = YEAR if max(map(len, names), default=0) + 2 > LABEL else 0
    least, label, behind = next(
        (plan for plan in PLANS if plan[1] + years + 24 * plan[0] + plan[2] <= canvas.width), NARROWEST
    )
    if label == LABEL or label + years + 24 * least < canvas.width:
        label += years
    count = len(hours.rows)
    sums = int(canvas.height >= SUMS_FROM)
    room = max(canvas.height - 2 - sums, 1)
    at = hours.row_of(style.cursor) or 0 if style.cursor else 0
    first = min(max(at - room // 2, 0), max(count - room, 0))
    spare = max(room - count, 0) if sums and hours.placed else 0
    tall = min(max((room - min(spare, TALL_SUMS)) // max(count, 1), 1), TALLEST_DAY)
    if spare:
        sums += min(room - tall * count, TALLEST_SUMS - 1)
    return Layout(
        label=label,
        cell=max((canvas.width - label - behind) // 24, least),
        tall=tall,
        sums=sums,
        rows=range(first, min(first + room, count)),
    )


def _names(hours: HourMap, *, folded: bool) -> list[str]:
    newest = max((row.day for row in hours.rows), default=None)
    return [f"{row.day:%a}" if folded else day_name(row.day, 2, newest) for row in hours.rows]


def _hour_axis(laid: Layout, canvas: Canvas, style: MapStyle) -> Line:
    every = next(n for n in (1, 2, 3, 6) if n * laid.cell >= 5)
    names = "".join(f"{hour:02d}".ljust(every * laid.cell) for hour in range(0, 24, every))
    zone = style.zone if len(style.zone) + 2 <= laid.label else style.zone.partition(" ")[0]
    of = "of req" if style.requests else "of all"
    titles = _behind(("total", of, "requests", "worst hour"), laid, canvas, style)
    return (Span(f" {zone}".ljust(laid.label)[: laid.label] + names, "faint"), Span(titles, "faint"))


def _row_lines(
    row: HourRow, name: str, placed: int, laid: Layout, canvas: Canvas, style: MapStyle
) -> list[Line]:
    under = style.cursor is not None and any(cell and style.cursor in cell.hours for cell in row.cells)
    cells = [span for cell in row.cells for span in _cell(cell, laid.cell, canvas, style)]
    label = _fitted(name, laid.label - 2).ljust(laid.label - 1)
    pointer = Span(canvas.glyphs.pointer if under else " ", "accent")
    figures = _figures(row, placed, canvas, style)
    role: Role = "ink" if row.total else "faint"
    first = (pointer, Span(label), *cells, Span(_behind(figures, laid, canvas, style), role))
    return [first, *[(Span(" " * laid.label), *cells)] * (laid.tall - 1)]


def _cell(cell: HourCell | None, columns: int, canvas: Canvas, style: MapStyle) -> list[Span]:
    if cell is None:
        return [Span(" " * columns)]
    span = heat_cell(cell.count, style.scale, canvas.glyphs, columns)._replace(target=HourTarget(cell.target))
    if style.cursor not in cell.hours:
        return [span]
    text = f"[{span.text[1:-1]}]" if columns > 1 else span.text
    return [span._replace(text=text, cursor=True)]


def _figures(row: HourRow, placed: int, canvas: Canvas, style: MapStyle) -> tuple[str, str, str, str]:
    """The row's 429s, their share of its requests or of all 429s, its requests, and its worst hour."""
    unknown = canvas.glyphs.unknown
    requests = style.requests.get(row.day)
    share = percent(ratio(row.total, requests if style.requests else placed), unknown)
    worst = max(((cell.count or 0, -x) for x, cell in enumerate(row.cells) if cell), default=(0, 0))
    at = f"{short(worst[0])} at {-worst[1]:02d}" if worst[0] else ""
    return short(row.total, unknown), share, short(requests, unknown), at


def _behind(figures: tuple[str, str, str, str], laid: Layout, canvas: Canvas, style: MapStyle) -> str:
    """As many of a row's figures as there is room for behind its hours, up to the right edge."""
    room = canvas.width - laid.label - 24 * laid.cell
    text = ""
    for figure, width in zip(figures, (TOTAL, SHARE, REQUESTS, WORST), strict=True):
        if width == REQUESTS and not style.requests:
            continue
        if len(text) + width > room:
            break
        text += figure.rjust(width)
    return text.rjust(room)


def _fitted(name: str, width: int) -> str:
    """A day's name without its weekday where that has no room, nor its year where that has none either."""
    return next((each for each in (name, name[4:], name[4:10]) if len(each) <= width), name[:width])


def _sum_lines(hours: HourMap, laid: Layout, canvas: Canvas, style: MapStyle) -> list[Line]:
    """All days by hour of the day, on their own scale, and what all hours hold."""
    totals = hours.column_totals()
    rows = columns(totals, max((n or 0 for n in totals), default=0), laid.sums, canvas.glyphs)
    lines: list[Line] = []
    for y, marks in enumerate(rows):
        bars = [
            Span(mark * laid.cell, "data") if n else Span(mark.ljust(laid.cell), "faint")
            for n, mark in zip(totals, marks, strict=True)
        ]
        lines.append((Span(" " * laid.label), *bars))
        if y == len(rows) - 1:
            label = " by hour" if laid.label > SHORT_LABEL else " hour"
            figures = _behind(_sum_figures(hours, canvas, style), laid, canvas, style)
            lines[-1] = (Span(label.ljust(laid.label), "faint"), *bars, Span(figures, "faint"))
    return lines


def _sum_figures(hours: HourMap, canvas: Canvas, style: MapStyle) -> tuple[str, str, str, str]:
    """What all hours hold, as a share of the requests of their days."""
    of_days = add(style.requests.get(row.day) for row in hours.rows) if style.requests else None
    requests = short(of_days) if of_days is not None else ""
    return short(hours.placed, canvas.glyphs.unknown), percent(ratio(hours.placed, of_days), ""), requests, ""


def _legend(hours: HourMap, laid: Layout, canvas: Canvas, style: MapStyle) -> Line:
    """What the marks stand for, and which of the days are shown where that is not all."""
    first, last, count = laid.rows.start + 1, laid.rows.stop, len(hours.rows)
    width = canvas.width - 1
    if len(laid.rows) == count:
        return (Span(" "), *legend(style.scale, canvas.glyphs, width))
    for rows in (f"days {first}–{last} of {count}", f"{first}–{last}/{count}"):
        marks = (Span(" "), *legend(style.scale, canvas.glyphs, width - len(rows) - 2))
        if line_width(marks) + len(rows) + 1 <= canvas.width:
            return justify(marks, (Span(rows, "faint"),), canvas.width)
    return marks
