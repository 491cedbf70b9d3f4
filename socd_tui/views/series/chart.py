"""The chart of the days: a bar of requests for each, and beneath it its 429s and other errors."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from socd_tui.charts.canvas import Canvas, Line, Role, Span
from socd_tui.charts.cells import Ahead, Bucket
from socd_tui.charts.number import exact, percent, short, short_day
from socd_tui.charts.places import capacity
from socd_tui.charts.plot import LABEL, MIN_HEIGHT, plot, strip
from socd_tui.model.key import UNLIMITED, Limit, share_of
from socd_tui.model.record import dataclass
from socd_tui.model.target import DayTarget
from socd_tui.model.text import cell_width
from socd_tui.views.parts.readout import read_out
from socd_tui.views.series.ahead import Outlook
from socd_tui.views.series.began import Beginning, beginning_lines
from socd_tui.views.series.measures import DayRow

Group = Sequence[DayRow]
"""The days that share a bar, ascending."""
MOST_MARKS = 3
"""Most lines of what began when."""
AHEAD_SHARE = 0.4
"""The days to come that are drawn, as a share of those before them."""
LEAST_AHEAD = 3
ROOMY = 17
"""Lines from which there is one for response times."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """All that is drawn of the days."""

    rows: tuple[DayRow, ...]
    limit: Limit | None
    """Of a day, of a single key."""
    outlook: Outlook | None
    beginnings: Sequence[Beginning]
    latencies: Mapping[date, float | None]
    """Milliseconds by the date they were observed on."""
    compared: bool


def grouped(rows: Sequence[DayRow], canvas: Canvas) -> list[Group]:
    """One day a bar while each has half a column, else as few days a bar as fit."""
    left = max(LABEL, len(short(max((row.counted for row in rows), default=0)))) + 3
    room = max(capacity(canvas.width - left, fine=canvas.glyphs.level != "ascii"), 1)
    per = max(math.ceil(len(rows) / room), 1)
    first = len(rows) % per  # the newest bar is always a full one
    cuts = [0, *range(first, len(rows), per)] if first else list(range(0, len(rows), per))
    return [rows[start:end] for start, end in zip(cuts, [*cuts[1:], len(rows)], strict=True)]


def draw_chart(
    chart: Chart, groups: Sequence[Group], canvas: Canvas, cursor: DayTarget | None
) -> list[Line] | None:
    """The bars, what began under them, 429s and other errors, and the scales.

    Lines that there is no room for are left out, from the last on; None when there is none for the bars.
    """
    strips = _strips(chart.rows, groups)
    if canvas.height >= ROOMY:
        strips += _latencies(chart, groups)
    closing = [*_scales(chart, canvas), *_foretold(chart, canvas)]
    marks = min(len(chart.beginnings), MOST_MARKS, max((canvas.height - 8) // 4, 0))
    room = canvas.height - MIN_HEIGHT - len(strips)
    if room < 0:
        return None
    marks = min(marks, room)
    closing = closing[: room - marks]
    at = next((i for i, group in enumerate(groups) if any(row.target == cursor for row in group)), None)
    buckets = [_bucket(group) for group in groups]
    drawn = plot(
        buckets,
        canvas.sized(width=canvas.width - 1, height=canvas.height - len(strips) - marks - len(closing)),
        cursor=at,
        limit=chart.limit.value if chart.limit else None,
        ahead=_ahead(chart, groups),
        compared=chart.compared,
        numbered=len(groups) == len(chart.rows),
    )
    if drawn is None:
        return None
    dates = [group[-1].day.date for group in groups]
    beneath = canvas.sized(width=canvas.width - 1)
    return [
        *((Span(" "), *line) for line in drawn.lines),
        *beginning_lines(chart.beginnings, dates, drawn, canvas, marks),
        *(
            (Span(" "), *strip(drawn, name, values, role, beneath, buckets=buckets, cursor=at))
            for name, values, role in strips
        ),
        *closing,
    ]


def _bucket(group: Group) -> Bucket:
    last = group[-1].day
    over = last.full and not any(row.day.outside for row in group)
    return Bucket(
        _mean(row.day.requests for row in group),
        short_day(last.date, group[-1].newest),
        group[-1].target,
        over,
        _mean(row.change.previous if row.change else None for row in group),
    )


def _mean(values: Iterable[int | None]) -> int | None:
    """Of the days that are told; at least 1 where any of them has one."""
    told = [value for value in values if value is not None]
    if not told:
        return None
    return max(round(sum(told) / len(told)), min(max(told), 1))


def _ahead(chart: Chart, groups: Sequence[Group]) -> list[Ahead]:
    """The days to come, as many a bar as there are of those before them."""
    newest = chart.rows[-1].day.date
    bands = [band for band in chart.outlook.bands if band.date > newest] if chart.outlook else []
    bands = bands[: max(int(len(chart.rows) * AHEAD_SHARE), LEAST_AHEAD)]
    per = max(len(group) for group in groups)
    parts = [bands[n : n + per] for n in range(0, len(bands) - per + 1, per)]
    return [
        Ahead(
            sum(band.low for band in part) / per,
            sum(band.middle for band in part) / per,
            sum(band.high for band in part) / per,
            short_day(part[-1].date, newest),
        )
        for part in parts
    ]


Strip = tuple[str, list[int | None], Role]


def _strips(rows: Sequence[DayRow], groups: Sequence[Group]) -> list[Strip]:
    """429s, then other errors, where there are any; all errors where nobody says which of them are 429s."""
    if all(row.day.throttled is None for row in rows):
        strips: list[Strip] = [("err", [_mean(row.day.errors for row in group) for group in groups], "bad")]
    else:
        strips = [
            ("429", [_mean(row.day.throttled for row in group) for group in groups], "warn"),
            ("other", [_mean(row.other_errors for row in group) for group in groups], "bad"),
        ]
    return [strip for strip in strips if any(strip[1])]


def _latencies(chart: Chart, groups: Sequence[Group]) -> list[Strip]:
    """Response times, where they were observed on several of these days: one alone tells no course."""
    observed = [[chart.latencies.get(row.day.date) for row in group] for group in groups]
    values = [_mean(None if ms is None else round(ms) for ms in each) for each in observed]
    return [("p95", values, "ink")] if sum(value is not None for value in values) > 1 else []


def _scales(chart: Chart, canvas: Canvas) -> list[Line]:
    """The day limit with how near the busiest day came, and the scales of the rows beneath."""
    rows, limit = chart.rows, chart.limit
    parts = [f"{canvas.glyphs.before * 2} before"] if chart.compared else []
    if limit == UNLIMITED:
        parts.append("no day limit")
    elif limit is not None:
        busiest = max((row.counted for row in rows if not row.day.outside), default=0)
        assumed = ", assumed from tier" if limit.source == "tier" else ""
        share = percent(share_of(limit, busiest))
        parts.append(f"limit {exact(limit.value)}/day (busiest asked {share}{assumed})")
    throttled = _highest(row.day.throttled for row in rows)
    if throttled is None:
        errors = _highest(row.day.errors for row in rows)
        parts.append("errors unknown" if errors is None else f"{_most('err', errors)}, 429 not told apart")
    else:
        others = _highest(row.other_errors for row in rows)
        parts += [_most("429", throttled), _most("other err", others)]
    return [read_out([Span(part, "faint") for part in parts], canvas.width)]


def _most(what: str, count: int | None) -> str:
    """429 up to 6,365: what the highest mark of its row stands for."""
    if count is None:
        return f"{what} unknown"
    return f"{what} up to {exact(count)}" if count else f"no {what}"


def _foretold(chart: Chart, canvas: Canvas) -> list[Line]:
    """What the band stands for, and how likely the cap is reached."""
    if chart.outlook is None:
        return []
    mark, words = canvas.glyphs.ahead * 2, chart.outlook.words
    band = f"{mark} 8 in 10 days ahead lie here" if chart.outlook.bands else None
    while cell_width(words) >= canvas.width and "; " in words:  # what it rests on is left out first
        words = words.rpartition("; ")[0]
    return [read_out([Span(words, chart.outlook.role), band], canvas.width)]


def _highest(values: Iterable[int | None]) -> int | None:
    return max((value for value in values if value is not None), default=None)
