"""The last 30 days: what a full column of the trend stands for, each day as a place, and all in figures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from socd_tui.charts.canvas import Line, Span
from socd_tui.charts.number import day_name, exact, percent
from socd_tui.model.key import UNLIMITED
from socd_tui.model.lens import Lens
from socd_tui.model.record import dataclass, replace
from socd_tui.model.text import cell_width, counted
from socd_tui.model.usage import Day, ratio
from socd_tui.model.window import LADDER
from socd_tui.views.key.dossier import Dossier, unborn
from socd_tui.views.key.section import Form, Frame, Place, Row, figures, labelled
from socd_tui.views.parts.readout import error_part, read_out, requests_part

LEAST_DAYS = 3
"""Days that are listed at least, where any are."""

NEAR = 3
"""The line of the cap is drawn up to this many times the busiest day."""


def busiest(days: Sequence[Day]) -> Day | None:
    """The day with most requests, the newest of equals."""
    told = [day for day in days if day.requests is not None]
    return max(told, key=lambda day: (day.requests or 0, day.date), default=None)


@dataclass(frozen=True, kw_only=True, eq=False)
class Scale:
    """The days, and what a full column stands for."""

    days: Sequence[Day]
    unborn: Sequence[bool]
    """Whether there was no key yet, day by day."""
    places: Sequence[Place]
    peak: Day | None
    cap: int | None
    """Requests a day; None where there is no one limit, or it is unknown."""
    cap_words: tuple[str, ...]
    """What is said of the cap, where no line can be drawn; empty where nothing is to be said."""
    top: int
    """Requests of a full column."""
    lined: bool
    """Whether the cap is near enough for a line."""

    def reaches(self, day: Day) -> bool:
        return self.cap is not None and day.requests is not None and day.requests >= self.cap


def scaled(dossier: Dossier) -> Scale:
    days = dossier.days if any(not day.missing for day in dossier.days) else ()
    high = busiest(days)
    limit = dossier.budgets.day.limit if dossier.budgets else None
    cap = limit.value if limit else None
    peak = (high.requests or 0) if high else 0
    lined = bool(cap) and cap is not None and cap <= NEAR * peak
    words: tuple[str, ...] = ()
    if limit == UNLIMITED:
        words = ("no day limit",)
    elif dossier.key and cap is None:
        words = ("the day limit is unknown",)
    elif cap and high:
        words = (f"{exact(cap)} a day", f"the busiest asked {percent(peak / cap)}")
    return Scale(
        days=days,
        unborn=[day.missing and unborn(dossier, day.date) for day in days],
        places=[_place(dossier, day, cap) for day in days],
        peak=high,
        cap=cap or None,
        cap_words=words,
        top=max(peak, cap or 0) if lined else peak,
        lined=lined,
    )


def _place(dossier: Dossier, day: Day, cap: int | None) -> Place:
    """A day in the read-out, and among its neighbours in the series."""
    ago = (dossier.days[-1].date - day.date).days

    def leads(lens: Lens) -> Lens:
        days = next((step for step in LADDER if step >= max(ago + 1, lens.days)), lens.days)
        return replace(lens.looking_back(days), view="series", date=day.date)

    said: list[str | Span | None] = [Span(day_name(day.date), "title")]
    if day.missing:
        said.append("no key yet" if unborn(dossier, day.date) else "nothing is known")
    else:
        said += [
            requests_part(day.requests),
            error_part(day.errors, ratio(day.errors, day.requests)) if day.requests else None,
            f"{exact(day.throttled)} refused (429)" if day.throttled is not None else None,
            f"{percent(day.requests / cap)} of its cap" if cap and day.requests is not None else None,
            "so far" if day.partial else None,
            f"at least: {counted(day.silent_keys, 'key')} told nothing" if day.silent_keys else None,
        ]
    return Place(row=f"day:{day.date}", said=figures(*said), leads=leads)


def listed(scale: Scale, frame: Frame) -> list[Form]:
    """A day a line, the newest first; they are the places of the drawing."""
    each = list(zip(scale.days, scale.places, scale.unborn, strict=True))
    days = [(day, place) for day, place, before in reversed(each) if not before]

    def shown(n: int) -> Sequence[Row]:
        lines = _figures([day for day, _ in days[:n]], frame)
        return [Row(line, place) for line, (_, place) in zip(lines, days, strict=False)]

    return [Form(n, partial(shown, n)) for n in range(LEAST_DAYS, len(days) + 1)]


def _figures(days: Sequence[Day], frame: Frame) -> list[Line]:
    """Sun 22 Nov  3,728 req  73.2% err  2,728 refused: columns as wide as their widest, as many as fit."""
    unknown = frame.canvas.glyphs.unknown
    columns = [
        [day_name(day.date, 2) for day in days],
        [f"{exact(day.requests, unknown)} req" for day in days],
        [f"{percent(ratio(day.errors, day.requests), unknown)} err" for day in days],
        [f"{exact(day.throttled, unknown)} refused" for day in days],
        ["so far" if day.partial else "at least" if day.silent_keys else "" for day in days],
    ]
    widths = [max(map(cell_width, column)) for column in columns]
    lines = []
    for n, row in enumerate(zip(*columns, strict=True)):
        said = [Span(text.rjust(width), "faint") for text, width in zip(row, widths, strict=True) if width]
        lines.append(labelled("" if n else "by day", *read_out(said, frame.room + 1)[1:]))
    return lines
