"""Errors per day over the window: when each class began, and which day is not over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from socd_tui.analysis.runaway import Rise
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.charts.number import day_name, exact, percent, short, short_day
from socd_tui.charts.spark import columns
from socd_tui.model.record import dataclass, replace
from socd_tui.model.text import cell_width, counted
from socd_tui.model.usage import Day, Usage, ratio
from socd_tui.views.status.triage import Trends, is_news

LABEL = 10
"""Columns before the days."""

LEAST_WIDTH, LEAST_DAYS = 41, 3
"""Columns that a day in figures takes, and how few of the days are not worth their names."""

WIDEST = 24
"""Most columns of a day and the gap after it."""

Counts = Mapping[date, int | None]


@dataclass(frozen=True, kw_only=True)
class Strip:
    """What is drawn: a row for 429s, where hours tell them by day, and one for the other errors."""

    dates: tuple[date, ...]
    rows: tuple[tuple[str, Counts], ...]
    """Each with its name; empty where the service sent no errors by day."""
    today: date | None
    """The date that is not over."""
    marks: tuple[tuple[date, str], ...]
    """What began or rose, and on which date."""

    @property
    def hit(self) -> bool:
        """Whether any day had one."""
        return any(n for _, counts in self.rows for n in counts.values())

    def heights(self, lines: int) -> list[int]:
        """Lines of each row: as many for two that are of one order, else most of them for the larger."""
        sums = [sum(n or 0 for n in counts.values()) for _, counts in self.rows]
        if 2 * min(sums) >= max(sums):
            return [max(lines // len(sums), 1)] * len(sums)
        return [max(lines - len(sums) + 1, 1) if n == max(sums) else 1 for n in sums]

    @property
    def worst(self) -> Strip:
        """Only the row with most, where there is room for one."""
        rows = sorted(self.rows, key=lambda row: -sum(n or 0 for n in row[1].values()))
        return replace(self, rows=tuple(rows[:1]))


def strip(usage: Usage, trends: Trends) -> Strip:
    """Of these keys together."""
    days = {day.date: day for day in usage.days or () if day.errors is not None}
    dates = tuple(usage.window.dates())
    partial = next((day.date for day in days.values() if day.partial), None)
    return Strip(dates=dates, rows=_rows(usage, days), today=partial, marks=_marks(trends, dates))


def _rows(usage: Usage, days: Mapping[date, Day]) -> tuple[tuple[str, Counts], ...]:
    if not days:
        return ()
    errors: dict[date, int | None] = {on: day.errors for on, day in days.items()}
    hours = Counter[date]()
    for hour in usage.hours or ():
        hours[hour.start.date()] += hour.throttled
    apart = usage.hours is not None and usage.throttled == sum(hours.values())
    if not usage.throttled or not apart:
        return (("errors", errors),)
    refused: dict[date, int | None] = {on: hours[on] for on in days}
    others = {on: max((n or 0) - hours[on], 0) for on, n in errors.items()}
    return ("429s", refused), ("others", others)


def _marks(trends: Trends, dates: Sequence[date]) -> tuple[tuple[date, str], ...]:
    found: dict[tuple[date, str], None] = {}
    for _, _, each in trends:
        for trend in each:
            onset, name = trend.onset, {"429": "429s", None: "errors"}.get(trend.group, str(trend.group))
            if onset is not None and onset.is_new and onset.within_days is None:
                found[onset.since, f"{name} began"] = None
            elif isinstance(trend.rise, Rise) and is_news(trend):
                found[trend.rise.since, f"{name} rose"] = None
    return tuple(sorted(mark for mark in found if mark[0] in dates))


def strip_lines(of: Strip, canvas: Canvas, lines: int) -> list[Line]:
    """The dates, the rows, and what began; nothing without errors by day.

    All rows together have `lines` lines, each one at least: few errors are not drawn as high as many.
    """
    room = canvas.width - LABEL - 1
    if not of.rows or room < 7:
        return []
    per = -(-len(of.dates) // room)
    groups = [of.dates[max(i - per, 0) : i] for i in range(len(of.dates), 0, -per)][::-1]
    step = min(room // len(groups), WIDEST)
    bar = step - (step > 2) - (step > 7)
    drawn = [_axis(of, groups, step)]
    for (name, counts), tall in zip(of.rows, of.heights(lines), strict=True):
        values = [_most(counts, group) for group in groups]
        peak = max((n or 0 for n in values), default=0)
        for y, marks in enumerate(columns(values, peak, tall, canvas.glyphs)):
            label = f" {name}".ljust(LABEL) if y == tall - 1 else " " * LABEL
            cells = "".join(
                _cell(mark, bar, canvas, partial=of.today in group).ljust(step)
                for mark, group in zip(marks, groups, strict=True)
            )
            drawn.append((Span(label, "faint"), Span(cells, "data" if peak else "faint")))
    return [*drawn, _below(of, groups, step, per, canvas)]


def _cell(mark: str, width: int, canvas: Canvas, *, partial: bool) -> str:
    """A cell of a column; the full ones of a day that is not over are of another mark."""
    if mark in (canvas.glyphs.zero, " "):
        return mark
    return (canvas.glyphs.partial if partial and mark == canvas.glyphs.spark[-1] else mark) * width


def _most(counts: Counts, group: Sequence[date]) -> int | None:
    return max((n for on in group if (n := counts.get(on)) is not None), default=None)


def _axis(of: Strip, groups: Sequence[Sequence[date]], step: int) -> Line:
    """Dates above their columns, from the newest back; that of a day that is not over with a star."""
    width = step * len(groups)
    cells, every = [" "] * width, -(-len("22 Nov* ") // step)
    for n in range(len(groups) - 1, -1, -every):
        name = short_day(groups[n][-1]) + ("*" if of.today in groups[n] else "")
        start = min(n * step, width - len(name))
        if start >= 0 and not "".join(cells[start : start + len(name)]).strip():
            cells[start : start + len(name)] = name
    return (Span(" a day".ljust(LABEL), "faint"), Span("".join(cells), "faint"))


def _below(of: Strip, groups: Sequence[Sequence[date]], step: int, per: int, canvas: Canvas) -> Line:
    """Where each class began, and then: what the star is, the highest day, and days of a column."""
    width = canvas.width - LABEL - 1
    spans: list[Span] = [Span(" " * LABEL)]
    at = 0
    for on, what in of.marks:
        x = next(n for n, group in enumerate(groups) if on in group) * step
        text = f"└ {what}"
        if x < at or x + cell_width(text) > width:
            text, x = f"{what} ┘", x - cell_width(what) - 1
        if at <= x <= width - cell_width(text):
            spans += [Span(" " * (x - at)), Span(text, "bad")]
            at = x + cell_width(text)
    peaks = [(name, max((n or 0 for n in counts.values()), default=0)) for name, counts in of.rows]
    told = [f"{exact(n)} {name.removesuffix('s') if n == 1 else name}" for name, n in peaks]
    peak = f"peak {', '.join(told)}"
    tails = [
        peak,
        f"peak {short(peaks[0][1])}",
        "* so far today" if of.today else "",
        f"{per} d/col, max" if per > 1 else "",
    ]
    for tail in filter(None, tails):
        if at + 2 + len(tail) <= width and not (tail == tails[1] and spans[-1].text.startswith("peak")):
            spans += [Span("  " if at else ""), Span(tail, "faint")]
            at += len(tail) + (2 if at else 0)
    return tuple(spans)


def day_lines(usage: Usage, width: int, room: int) -> list[Line]:
    """The days in figures, the newest first, as many as have room below a blank line and the names, and how
    many there are before."""
    told = [day for day in reversed(usage.days or ()) if day.errors is not None]
    fitting = max(room - 2, 0)
    days = told if len(told) <= fitting else told[: max(fitting - 1, 0)]
    if len(days) < min(LEAST_DAYS, len(usage.days or ())) or not days or width < LEAST_WIDTH:
        return []
    lines: list[Line] = [(), (Span(f" {'by day':<12}{'requests':>10}{'errors':>10}{'err%':>8}", "faint"),)]
    for day in days:
        name = f"{day_name(day.date, 2)}{'*' if day.partial else ''}"
        share = percent(ratio(day.errors, day.requests))
        figures = f"{short(day.requests):>10}{short(day.errors):>10}{share:>8}"
        lines.append((Span(f" {name:<12}"), Span(figures, "ink" if day.errors else "faint")))
    if more := len(told) - len(days):
        lines.append((Span(f" +{counted(more, 'day')} before", "faint"),))
    return lines
