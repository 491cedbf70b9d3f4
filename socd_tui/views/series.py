"""Is it growing: requests and errors per day, each day in its place."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from socd_tui.analysis.budget import budgets
from socd_tui.analysis.calendar import calendar
from socd_tui.analysis.compare import Change, Previous
from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Canvas, Line, Role, Span, Target
from socd_tui.charts.number import day_name, exact, forms, millis, percent, short
from socd_tui.charts.plot import Bucket, Plot, plot, step_for
from socd_tui.charts.sheet import Field, Sheet, as_written
from socd_tui.charts.spark import cell
from socd_tui.charts.table import Cell, Column, Row, draw_table
from socd_tui.model.key import ApiKey, Limit
from socd_tui.model.lens import LATENCY_WINDOWS, Lens, subject
from socd_tui.model.past import Latency
from socd_tui.model.usage import Day, Usage, ratio
from socd_tui.model.window import beyond_service
from socd_tui.views.comparing import change_data, change_part
from socd_tui.views.reading import error_part, label, note_line, notes, read_out
from socd_tui.views.view import Details, Grid, Meaning, View


@dataclass(frozen=True)
class Series:
    """`days` is None when the service sent no daily figures. `limit` is the day limit of a single key."""

    days: tuple[Day, ...] | None
    limit: Limit | None
    cursor: date | None
    notes: tuple[str, ...]
    latencies: tuple[Latency, ...]
    """Response times as observed and remembered, of a single key."""
    before: Previous | None = None
    """The window before, when the Lens compares."""
    change: Change | None = None
    """All requests beside those of the window before."""
    remembered: bool = False
    """The window is longer than the service's: what has no row is what nobody saw."""

    @property
    def at(self) -> Day | None:
        return next((slot for slot in self.days or () if slot.date == self.cursor), None)


def build(known: Known, lens: Lens) -> Series:
    keys = subject(known.fleet, lens)
    usage = known.combined(keys)
    days = calendar(usage) if usage and usage.days is not None else None
    limit = budgets(keys[0], usage).day.limit if len(keys) == 1 else None
    before = known.before(keys) if lens.compare else None
    return Series(
        days,
        limit,
        _cursor(days, lens.date),
        (*notes(known, keys, lens), *_gaps(usage, days, keys)),
        past.latencies if len(keys) == 1 and (past := known.past(keys[0].id)) else (),
        before,
        before.change("requests", usage.requests) if before and usage else None,
        beyond_service(lens.days),
    )


def day_before(data: Series, slot: Day) -> Change | None:
    """The day beside the one at the same place in the window before; None without comparing."""
    if data.before is None:
        return None
    if data.before.usage is None:
        return Change(slot.requests, None, data.before.reasons[""])
    window = data.before.usage.window
    then = slot.date - timedelta(days=window.days)
    found = next((day for day in data.before.usage.days or () if day.date == then), None)
    if found is None or found.requests is None:
        return Change(slot.requests, None, f"no row for {day_name(then)}")
    if found.silent_keys:
        return Change(slot.requests, None, _silence(found))
    if slot.silent_keys:
        return Change(None, found.requests, _silence(slot))
    if slot.partial:
        return Change(None, found.requests, "today is not over")
    return Change(slot.requests, found.requests)


def _silence(day: Day) -> str:
    """Why the day's sum is only a lower bound."""
    keys = "1 key" if day.silent_keys == 1 else f"{day.silent_keys} keys"
    return f"{keys} sent no row for {day_name(day.date)}"


def _cursor(days: tuple[Day, ...] | None, wanted: date | None) -> date | None:
    """The day asked for while it is in the picture, else the newest with a figure."""
    if not days:
        return None
    if wanted is not None and days[0].date <= wanted <= days[-1].date:
        return min((slot.date for slot in days), key=lambda day: abs(day - wanted))
    return next((slot.date for slot in reversed(days) if not slot.missing), days[-1].date)


def _gaps(usage: Usage | None, days: tuple[Day, ...] | None, keys: Sequence[ApiKey]) -> list[str]:
    if usage is None or days is None:
        return []
    remembered = beyond_service(usage.window.days)
    births = [key.created_at.date() for key in keys if key.created_at]
    born = min(births) if remembered and len(births) == len(keys) else days[0].date
    lived = [slot for slot in days if slot.date >= born]
    missing = sum(slot.missing for slot in lived)
    short_days = sum(slot.silent_keys > 0 for slot in days)
    found = []
    if missing:
        of = f"{missing} of {len(lived)} days"
        found.append(f"{of} were never seen" if remembered else f"the service sent no row for {of}")
    if short_days:
        found.append(f"on {short_days} days some keys sent no row; their sum is a lower bound")
    return found


def draw(data: Series, canvas: Canvas) -> list[Line]:
    if data.days is None:
        return [
            (),
            (Span(" The service sent no daily figures."),),
            note_line(data.notes),
        ]
    groups = _grouped(data.days, canvas.width)
    chart = canvas.sized(width=canvas.width - 1, height=canvas.height - 5 - (data.before is not None))
    cursor = next(
        (i for i, group in enumerate(groups) if any(slot.date == data.cursor for slot in group)), None
    )
    drawn = plot(
        [_bucket(group) for group in groups],
        chart,
        cursor=cursor,
        limit=data.limit.value if data.limit else None,
    )
    heading = _heading(data, groups, canvas.width)
    if drawn is None:
        return [
            heading,
            *_table(data, canvas.sized(height=canvas.height - 3)),
            note_line(data.notes),
            _read_out(data, canvas),
        ]
    lines = [(Span(" "), *line) for line in drawn.lines]
    if data.before is not None:
        ghosts = [_most(data, group) for group in groups]
        top = max([slot.requests or 0 for slot in data.days] + [ghost or 0 for ghost in ghosts])
        lines.append(_beneath("prev", ghosts, top, "faint", groups, drawn, canvas, cursor))
    errors = [_highest(slot.errors for slot in group) for group in groups]
    top = max((value or 0 for value in errors), default=0)
    lines += [
        _beneath("err", errors, top, "bad", groups, drawn, canvas, cursor),
        _scales(data, canvas.width),
    ]
    body = canvas.sized(height=canvas.height - 3).fit(lines)
    return [heading, *body, note_line(data.notes), _read_out(data, canvas)]


def _grouped(days: Sequence[Day], width: int) -> list[Sequence[Day]]:
    """One day a bucket while each has a column, else as few days a bucket as fit."""
    label_width = len(short(max((slot.requests or 0 for slot in days), default=0))) + 2
    per = 1
    while step_for(math.ceil(len(days) / per), width - 1, label_width) < 1 and per < len(days):
        per += 1
    first = len(days) % per  # the newest bucket is always a full one
    cuts = [0, *range(first, len(days), per)] if first else list(range(0, len(days), per))
    return [days[start:end] for start, end in zip(cuts, [*cuts[1:], len(days)], strict=True)]


def _bucket(group: Sequence[Day]) -> Bucket:
    last = group[-1]
    values = [slot.requests for slot in group if slot.requests is not None]
    whole = not last.partial and not any(slot.outside for slot in group)
    return Bucket(max(values, default=None), f"{last.date.day} {last.date:%b}", last.date, whole)


def _heading(data: Series, groups: Sequence[Sequence[Day]], width: int) -> Line:
    merged = max(len(group) for group in groups)
    counted = [slot for slot in data.days or () if slot.requests is not None and not slot.outside]
    peak = max(counted, key=lambda slot: slot.requests or 0, default=None)
    return read_out(
        [
            Span("requests/day (UTC)", "title"),
            Span(f"{merged} d/col, max", "warn") if merged > 1 else None,
            change_part(data.change) if data.change and data.change.comparable else None,
            f"sum {exact(sum(slot.requests or 0 for slot in counted))}" if counted else None,
            f"peak {exact(peak.requests)} on {day_name(peak.date)}" if peak else None,
        ],
        width,
    )


def _most(data: Series, group: Sequence[Day]) -> int | None:
    """The most requests of the days that stand at these places in the window before."""
    changes = [day_before(data, slot) for slot in group]
    return _highest(change.previous if change else None for change in changes)


def _highest(values: Iterable[int | None]) -> int | None:
    return max((value for value in values if value is not None), default=None)


def _beneath(
    name: str,
    values: Sequence[int | None],
    top: int,
    role: Role,
    groups: Sequence[Sequence[Day]],
    drawn: Plot,
    canvas: Canvas,
    cursor: int | None,
) -> Line:
    """A row under the chart, a cell under each bar: heights are shares of `top`."""
    spans = [Span(f" {name.rjust(drawn.left - 1)}│", "faint")]
    bar = drawn.step - 1 if drawn.step > 1 else 1
    for index, (value, group) in enumerate(zip(values, groups, strict=True)):
        mark = canvas.glyphs.unknown if value is None else cell(value, top, canvas.glyphs)
        text = (mark * bar if value else mark.rjust((bar + 1) // 2)).ljust(drawn.step)
        spans.append(Span(text, role if value else "faint", group[-1].date, index == cursor))
    return tuple(spans)


def _scales(data: Series, width: int) -> Line:
    """The day limit with how near the busiest day came, and the scale of the errors."""
    errors = [slot.errors for slot in data.days or () if slot.errors is not None]
    parts = [f"err own scale, max {exact(max(errors))}" if errors else "errors unknown"]
    if data.limit is not None:
        busiest = max((slot.requests or 0 for slot in data.days or () if not slot.outside), default=0)
        assumed = ", assumed from tier" if data.limit.source == "tier" else ""
        share = percent(ratio(busiest, data.limit.value))
        parts.insert(0, f"limit {exact(data.limit.value)}/day (busiest asked {share}{assumed})")
    return read_out([Span(part, "faint") for part in parts], width)


_COLUMNS = (Column("day", "left"), Column("requests"), Column("errors", drop=1))


def _table(data: Series, canvas: Canvas) -> list[Line]:
    """The days as numbers, newest first, where there is no room for a chart."""
    unknown = canvas.glyphs.unknown
    rows = [
        Row(
            (
                Cell((day_name(slot.date, 2),)),
                Cell(forms(slot.requests, unknown)),
                Cell(forms(slot.errors, unknown)),
            ),
            slot.date,
        )
        for slot in reversed(data.days or ())
    ]
    return canvas.fit(draw_table(_COLUMNS, rows, canvas, cursor=data.cursor) or [])


def _read_out(data: Series, canvas: Canvas) -> Line:
    slot = data.at
    if slot is None:
        return ()
    if slot.missing:
        told = "this day was never seen" if data.remembered else "the service sent no row for this day"
        return read_out([Span(day_name(slot.date), "title"), told], canvas.width)
    return read_out(
        [
            Span(day_name(slot.date), "title"),
            f"{exact(slot.requests)} req",
            error_part(slot.errors, ratio(slot.errors, slot.requests)),
            change_part(day_before(data, slot)) or _previous(data, slot, canvas),
            f"asked {percent(ratio(slot.requests, data.limit.value))} of cap" if data.limit else None,
            Span("so far today", "warn") if slot.partial else None,
            Span("outside the window", "warn") if slot.outside else None,
            Span(f"{slot.silent_keys} keys sent no row", "warn") if slot.silent_keys else None,
        ],
        canvas.width,
    )


def _previous(data: Series, slot: Day, canvas: Canvas) -> str | None:
    """The day before, and the change; not for a day that is still filling, nor between lower bounds."""
    days = data.days or ()
    index = days.index(slot)
    earlier = days[index - 1] if index else Day(slot.date)
    before = earlier.requests
    if before is None or slot.requests is None or slot.partial or earlier.silent_keys or slot.silent_keys:
        return None
    change = slot.requests - before
    mark = canvas.glyphs.up if change > 0 else canvas.glyphs.down if change < 0 else ""
    return f"prev {exact(before)} ({change:+,}{' ' + mark if mark else ''})"


_FIELDS = (
    Field("date", "text"),
    Field("requests"),
    Field("errors"),
    Field("error_ratio", "ratio"),
    Field("note", "text"),
)


def sheet(data: Series) -> Sheet:
    rows = tuple(
        (
            str(slot.date),
            slot.requests,
            slot.errors,
            ratio(slot.errors, slot.requests),
            _mark(slot),
            *((change.previous, change.difference) if (change := day_before(data, slot)) else ()),
        )
        for slot in data.days or ()
    )
    absent = ("the service sent no daily figures",) if data.days is None else ()
    compared = (Field("previous_requests"), Field("change")) if data.before else ()
    return Sheet((*_FIELDS, *compared), rows, (*absent, *data.notes))


def _mark(slot: Day) -> str:
    if slot.missing:
        return "no row"
    return "partial" if slot.partial else "outside the window" if slot.outside else ""


def as_data(data: Series) -> dict[str, object]:
    return {
        "days": None
        if data.days is None
        else [
            {
                "date": str(slot.date),
                "requests": slot.requests,
                "errors": slot.errors,
                "partial": slot.partial,
                "missing": slot.missing,
                "silent_keys": slot.silent_keys,
                **change_data(day_before(data, slot)),
            }
            for slot in data.days
            if not slot.outside
        ],
        "outside_days": [
            {"date": str(slot.date), "requests": slot.requests, "errors": slot.errors}
            for slot in data.days or ()
            if slot.outside
        ],
        "latencies": [
            {
                "observed": str(each.date),
                "days": each.days,
                "p50_ms": as_written(each.p50_ms),
                "p95_ms": as_written(each.p95_ms),
                "p99_ms": as_written(each.p99_ms),
            }
            for each in data.latencies
        ],
        **change_data(data.change),
    }


def grid(data: Series) -> Grid:
    return [[slot.date for slot in data.days or ()]]


def aim(lens: Lens, target: Target) -> Lens:
    return replace(lens, date=target) if isinstance(target, date) else lens


def maximum(data: Series) -> Target | None:
    counted = [slot for slot in data.days or () if slot.requests is not None]
    return max(counted, key=lambda slot: slot.requests or 0).date if counted else None


def details(known: Known, lens: Lens) -> Details | None:
    """The response times that were observed of the key, newest first: of each day the 7-day window's."""
    keys = subject(known.fleet, lens)
    past = known.past(keys[0].id) if len(keys) == 1 else None
    seen = [each for each in (past.latencies if past else ()) if each.days == LATENCY_WINDOWS[1]]
    if not seen:
        return None
    rows = tuple(
        (
            day_name(each.date),
            f"p50/p95/p99 {'/'.join(millis(ms) for ms in (each.p50_ms, each.p95_ms, each.p99_ms))} ms"
            f" over {exact(each.requests)} req",
        )
        for each in reversed(seen)
    )
    return Details(f"{label(keys[0])}: response times of 7 days, as observed", rows)


VIEW = View(
    name="series",
    order=2,
    title="Series",
    question="Is it growing?",
    scope="subject",
    build=build,
    draw=draw,
    sheet=sheet,
    data=as_data,
    grid=grid,
    aim=aim,
    maximum=maximum,
    details=details,
    meanings=(
        Meaning(
            "requests", "answers on that UTC date, 429 included; bars start at zero", "daily, timeSeries"
        ),
        Meaning("errors", "4xx + 5xx of the day, on their own scale"),
        Meaning("shaded bar", "today, which is not over, or a day outside the window"),
        Meaning("no bar", "a dot for zero requests, a dash where there is no row"),
        Meaning(
            "prev", "the day at the same place in the window before, on the scale of the bars; c switches"
        ),
        Meaning("of cap", "the day's requests, refused ones included, ÷ the key's daily limit"),
    ),
)
