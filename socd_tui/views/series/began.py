"""Where something began: a runaway or a rise of errors, marked under the day it began on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from socd_tui.analysis.findings import Burst, ErrorsRising, Finding, RunningAway
from socd_tui.analysis.known import Known
from socd_tui.analysis.runaway import Runaway
from socd_tui.charts.canvas import Canvas, Line, Role, Span
from socd_tui.charts.number import percent, short_day
from socd_tui.charts.plot import Plot
from socd_tui.model.record import dataclass
from socd_tui.model.text import cell_width
from socd_tui.views.parts.names import named_briefly

NAME = 22
"""Columns of a key's name beside what it does."""


@dataclass(frozen=True)
class Beginning:
    """What began on a date, in the longest form first."""

    on: date
    forms: tuple[str, ...]
    role: Role


def beginnings(known: Known, ids: tuple[str, ...]) -> tuple[Beginning, ...]:
    """Of these keys, the worst first."""
    keys = [known.by_key[key_id].key for key_id in ids]
    made = (_beginning(each, several=len(ids) > 1) for each in known.findings(keys).worst_first)
    return tuple(each for each in made if each)


def _beginning(finding: Finding, *, several: bool) -> Beginning | None:
    whose = f"{named_briefly(finding.key, NAME)} " if several else ""
    match finding:
        case RunningAway(runaway=runaway):
            return Beginning(runaway.since, _forms("runs away", _times(runaway), whose), "bad")
        case Burst(runaway=runaway):
            return Beginning(runaway.since, _forms("burst", _times(runaway), whose), "warn")
        case ErrorsRising(rise=rise):
            rose = f"{percent(rise.usual)} to {percent(rise.now)}"
            return Beginning(rise.since, _forms("errors rise", rose, whose), "bad")
        case _:
            return None


def _times(runaway: Runaway) -> str:
    return f"{runaway.times:,.0f}x usual" if runaway.times else f"usually {runaway.usual:,.0f}"


def _forms(words: str, figure: str, whose: str) -> tuple[str, ...]:
    return f"{whose}{words}, {figure}", f"{whose}{figure}", f"{whose}{words}"


def beginning_lines(
    found: Sequence[Beginning], dates: Sequence[date], drawn: Plot, canvas: Canvas, room: int
) -> list[Line]:
    """A mark under the bar of its first day, and what began there; how many more there are.

    `dates` are those of the bars, the last of each. What began earlier stands at the left, with its date.
    """
    if not dates or room < 1:
        return []
    lines: list[Line] = []
    hidden = len(found)
    for beginning in found:
        if len(lines) == room:
            break
        lines.append(_line(beginning, dates, drawn, canvas))
        hidden -= 1
    if hidden:
        more = Span(f" +{hidden}", "faint")
        lines[-1] = (*canvas.sized(width=canvas.width - len(more.text), height=1).fit([lines[-1]])[0], more)
    return lines


def _line(beginning: Beginning, dates: Sequence[date], drawn: Plot, canvas: Canvas) -> Line:
    up = canvas.glyphs.up
    if beginning.on < dates[0] and dates[-1] != dates[0]:
        day = short_day(beginning.on, dates[-1])
        text = next(
            (each for each in beginning.forms if cell_width(each) + len(day) + 4 <= canvas.width),
            beginning.forms[-1],
        )
        return (Span(f" ← {day} ", "faint"), Span(text, beginning.role))
    at = next((n for n, on in enumerate(dates) if beginning.on <= on), len(dates) - 1)
    column = 1 + drawn.left + drawn.places.middle(at)
    for text in beginning.forms:
        if column + 2 + cell_width(text) <= canvas.width:
            return (Span(" " * column), Span(f"{up} {text}", beginning.role))
        if cell_width(text) + 2 <= column:
            return (Span(" " * (column - cell_width(text) - 1)), Span(f"{text} {up}", beginning.role))
    return (Span(" " * column), Span(up, beginning.role))
