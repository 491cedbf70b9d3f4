"""The rates of three classes of errors: share, whether that is usual, count, and since when."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.analysis.diagnosis import FAILING_SHARE
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.onset import Group, Trend, counted_in
from socd_tui.analysis.runaway import Rise
from socd_tui.analysis.triage import Since
from socd_tui.charts.canvas import Canvas, Line, Role
from socd_tui.charts.number import day_name, exact, percent, short, short_day
from socd_tui.charts.table import Cell, Column, Row, draw_table
from socd_tui.model.record import dataclass
from socd_tui.model.text import counted
from socd_tui.model.usage import Usage, ratio
from socd_tui.views.parts.since import since_words
from socd_tui.views.status.triage import Trends, is_news

NAMES: dict[Group, tuple[str, ...]] = {
    "4xx": ("4xx without 429", "4xx without 429", "4xx not 429"),
    "429": ("429 refused", "429 refused", "429 refused"),
    "5xx": ("5xx", "5xx", "5xx"),
}

ORDER: tuple[Group, ...] = ("4xx", "429", "5xx")

COLUMNS = (
    Column("", "left"),
    Column(""),
    Column("", "left", drop=1),
    Column("", drop=2),
    Column("", "left", drop=4),
    Column("", "left", drop=3),
)
"""Name, share, word, count, of how many, since."""

Forms = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Rate:
    """One class of errors in the window."""

    group: Group
    errors: int | None
    of: int | None
    """Requests that could have been of the class: a 429 never reached the service, so 4xx is without them."""
    word: Forms
    since: Forms = ("",)
    role: Role = "ink"

    @property
    def share(self) -> float | None:
        return ratio(self.errors, self.of)


def rates(usage: Usage | None, trends: Trends) -> tuple[Rate, ...]:
    """One for each class."""
    if usage is None:
        return ()
    found = []
    for group in ORDER:
        errors = counted_in(group, usage)
        of = usage.requests
        if group == "4xx":
            refused = usage.throttled
            of = None if of is None or refused is None or refused > of else of - refused
        word, since, role = _said(group, errors, ratio(errors, of), trends)
        found.append(Rate(group=group, errors=errors, of=of, word=word, since=since, role=role))
    return tuple(found)


def rate_lines(found: Sequence[Rate], canvas: Canvas) -> list[Line]:
    """One line each; where not all have room those that are not zero, the worst first."""
    room = min(canvas.height, len(found))
    if room < len(found):
        found = sorted(found, key=lambda rate: (rate.role == "bad", rate.errors or 0), reverse=True)[:room]
    rows = [_row(rate, canvas) for rate in found]
    table = draw_table(COLUMNS, rows, canvas.sized(height=room + 1)) or []
    return table[1:]


def _row(rate: Rate, canvas: Canvas) -> Row:
    unknown = canvas.glyphs.unknown
    of = tuple(f"of {count} req" for count in (exact(rate.of), exact(rate.of), short(rate.of)))
    return Row((
        Cell(NAMES[rate.group], "title"),
        Cell((percent(rate.share, unknown),), "title"),
        Cell(rate.word, rate.role),
        Cell((exact(rate.errors, unknown), exact(rate.errors, unknown), short(rate.errors, unknown))),
        Cell(of if rate.of is not None else ("",), "faint"),
        Cell(rate.since, rate.role),
    ))  # fmt: skip


def _said(group: Group, errors: int | None, share: float | None, trends: Trends) -> tuple[Forms, Forms, Role]:
    """Whether so many are usual, and since when: of several keys, in how many they are not."""
    if errors is None:
        return ("not told",), ("",), "faint"
    if len(trends) == 1:
        return _of_one(group, errors, share, trends[0][2])
    each = [trend for _, _, found in trends for trend in found if trend.group == group]
    new = [trend for trend in each if trend.onset and trend.onset.is_new]
    risen = [trend for trend in each if is_news(trend) and trend not in new]
    if risen or new:
        words = [
            f"{word} in {counted(len(some), 'key')}" for word, some in (("up", risen), ("new", new)) if some
        ]
        return (", ".join(words), ", ".join(words), "up" if risen else "new"), ("",), "bad"
    if not errors:
        return ("none",), ("",), "faint"
    rises = [trend.rise for _, _, found in trends for trend in found]
    unclear = sum(isinstance(rise, NotEnough) for rise in rises)
    if trends and unclear < len(trends):
        return _no_rise(share), ("",), "ink"
    return ("usual is not known", "usual unknown", "?"), ("",), "faint"


def _of_one(
    group: Group, errors: int, share: float | None, trends: Sequence[Trend]
) -> tuple[Forms, Forms, Role]:
    trend = next((trend for trend in trends if trend.group == group), None)
    every = next((trend.rise for trend in trends if trend.group is None), None)
    onset = trend.onset if trend else None
    since = _since(trend)
    if trend and isinstance(trend.rise, Rise) and not (onset and onset.is_new):
        return (*_risen(trend.rise, "" if trend.pure else "errors "), "up"), since, "bad"
    if trend and is_news(trend):
        return ("new, 0 before", "new, 0 before", "new"), since, "bad"
    if not errors:
        return ("none",), ("",), "faint"
    if onset is not None and onset.last is not None:
        return ("stopped",), since, "faint"
    if isinstance(every, Rise) and group != "429":
        days = (f"since {day_name(every.since)}", f"since {short_day(every.since)}", short_day(every.since))
        return (*_risen(every, "errors "), "up"), days, "bad"
    if isinstance(every, NotEnough) and group != "429":
        return (str(every), "usual unknown", "?"), since, "faint"
    if onset and onset.before and not onset.or_before:
        again = f"again, {exact(onset.before)} before"
        return (again, again, "again"), since, "ink"
    return _no_rise(share), since, "ink"


def _no_rise(share: float | None) -> Forms:
    """So many that it is a fault are never called usual, though they have not become more."""
    return ("no rise",) if (share or 0) >= FAILING_SHARE else ("usual",)


def _risen(rise: Rise, of: str) -> Forms:
    """up from 0.2% to 6.7%; errors up from … where the days tell no class alone"""
    both = f"{percent(rise.usual)} to {percent(rise.now)}"
    return f"{of}up from {both}", f"{of}{both}" if of else f"up from {both}"


def _since(trend: Trend | None) -> Forms:
    """since Sun 22 Nov, in the forms for less and less room"""
    if trend is None:
        return ("",)
    onset, rise = trend.onset, trend.rise
    if isinstance(rise, Rise) and not (onset and onset.is_new):
        return f"since {day_name(rise.since)}", f"since {short_day(rise.since)}", short_day(rise.since)
    if onset is None:
        return ("",)
    if onset.within_days is not None:
        return f"in the last {onset.within_days} d", f"last {onset.within_days} d"
    if onset.last is not None:
        return f"last {day_name(onset.last)}", f"last {short_day(onset.last)}"
    told = Since(onset.since, onset.or_before, onset.from_start)
    long, brief = (since_words(told, name(onset.since)) for name in (day_name, short_day))
    return long, brief, brief.removeprefix("since ")


def news_groups(found: Trends) -> set[str]:
    """The classes that began or rose."""
    return {str(trend.group) for _, _, trends in found for trend in trends if is_news(trend)}
