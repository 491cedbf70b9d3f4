"""The drawing of the last 30 days: a column of requests for each, the cap, and the 429s below."""

from __future__ import annotations

import math
from collections.abc import Sequence

from socd_tui.analysis.totals import add
from socd_tui.charts.canvas import Line, Role, Span
from socd_tui.charts.number import exact, percent, short, short_day
from socd_tui.charts.spark import cell
from socd_tui.model.record import dataclass
from socd_tui.model.text import cell_width, counted
from socd_tui.model.usage import Day, ratio
from socd_tui.views.key.days import Scale, listed, scaled
from socd_tui.views.key.dossier import TREND_DAYS, Dossier
from socd_tui.views.key.section import Form, Frame, Place, Row, Section, aimed, growing, labelled, of_one
from socd_tui.views.parts.readout import read_out

HEIGHTS = (3, 5, 7, 10, 14)
"""Lines of the columns, where there is room for more than one."""

BESIDE = 22
"""Columns that are kept for words beside the drawing."""


def trend(dossier: Dossier) -> tuple[Section, Section]:
    """The drawing, whose days lead to the series; and the days in figures, where room is left."""
    scale = scaled(dossier)
    drawn = Section(
        name="trend",
        weight=2,
        column=1,
        ample=7,
        forms=lambda frame: _forms(scale, frame),
        places=[scale.places] if scale.places else [],
    )
    figures = Section(name="days", weight=12, column=2, extra=True, forms=lambda frame: listed(scale, frame))
    return drawn, figures


def _forms(scale: Scale, frame: Frame) -> list[Form]:
    if not scale.days:
        return [of_one([labelled("30 d", Span("no day is known", "faint"))])]
    per = max(min((frame.room - BESIDE) // TREND_DAYS, 4), 1)
    drawing = _Drawing(scale, frame, per, min(frame.room // per, len(scale.days)))
    cap, refused = drawing.cap(), drawing.refused()

    def tall(height: int) -> Form:
        beyond = [] if drawing.cap_row(height) is not None else cap
        below = [*beyond, *refused]

        def rows() -> Sequence[Row]:
            return [Row(line) for line in (*drawing.columns(height), drawing.axis(), *below)]

        return Form(height + 1 + len(below), rows)

    return growing([
        Form(1, lambda: [Row(line) for line in drawing.columns(1)]),
        Form(1 + len(cap + refused), lambda: [Row(line) for line in drawing.columns(1) + cap + refused]),
        *(tall(height) for height in HEIGHTS if scale.top),
    ])  # fmt: skip


@dataclass(frozen=True)
class _Drawing:
    """The newest days that fit, each `per` columns wide."""

    scale: Scale
    frame: Frame
    per: int
    shown: int

    @property
    def days(self) -> list[tuple[Day, Place, bool]]:
        """Each with its place and whether there was no key yet."""
        each = zip(self.scale.days, self.scale.places, self.scale.unborn, strict=True)
        return list(each)[-self.shown :]

    def columns(self, height: int) -> list[Line]:
        """The columns in so many lines, from the top; the cap across them where it is near."""
        capped = self.cap_row(height)
        words = self._words(height, capped)
        lines = []
        for row in range(height - 1, -1, -1):
            label = f"{self.shown} d" if row == height - 1 else ""
            spans = [self._cell(*each, row, height, row == capped) for each in self.days]
            lines.append(self._beside(label, spans, words.get(row, ())))
        return lines

    def cap_row(self, height: int) -> int | None:
        """The line, from the bottom, that the cap lies in; None for the lowest, where columns hide it."""
        if not self.scale.lined or self.scale.cap is None:
            return None
        return min(math.ceil(self.scale.cap / self.scale.top * height) - 1, height - 1) or None

    def _words(self, height: int, capped: int | None) -> dict[int, Sequence[str]]:
        """What stands beside a line, in the widest form first."""
        words: dict[int, Sequence[str]] = {}
        high, cap = self.scale.peak, self.scale.cap
        if capped is not None:
            words[capped] = (f"cap {exact(cap)} a day", f"cap {short(cap)}")
        if high is not None:
            peak = exact(high.requests)
            top = max(math.ceil((high.requests or 0) / max(self.scale.top, 1) * height) - 1, 0)
            at = top if top not in words else top - 1 if top else top + 1
            on = short_day(high.date)
            words[at] = (f"peak {peak} on {on}", f"peak {peak}", f"peak {short(high.requests)}")
        return words

    def _cell(self, day: Day, place: Place, before: bool, row: int, height: int, capped: bool) -> Span:
        """One day's part of a line; nothing, a zero, unknown and not over differ."""
        glyphs, role = self.frame.canvas.glyphs, self._role(day)
        mark, full = " ", len(glyphs.spark)
        if day.requests is None:
            mark, role = (" " if before or row else glyphs.unknown), "faint"
        elif day.requests <= 0:
            mark, role = ("" if row else glyphs.zero) or " ", "faint"
        else:
            level = max(math.ceil(day.requests / self.scale.top * height * full), 1) - row * full
            if level > 0:
                mark = glyphs.partial if day.partial else glyphs.spark[min(level, full) - 1]
        if mark == " " and capped:
            mark, role = glyphs.dash, "warn"
        wide = self.per - 1 if self.per > 2 and mark != glyphs.dash else self.per
        single = mark in (glyphs.zero, glyphs.unknown) and day.requests in (None, 0)
        text = mark.rjust((wide + 1) // 2) if single else mark * wide
        return aimed(Span(text.ljust(self.per), role), place, self.frame.cursor)

    def _role(self, day: Day) -> Role:
        return "bad" if self.scale.reaches(day) else "data"

    def cap(self) -> list[Line]:
        """The cap as a line of its own, with the days that reached it; in words where it is far away."""
        scale, glyphs = self.scale, self.frame.canvas.glyphs
        if not scale.lined:
            said = read_out([Span(part, "faint") for part in scale.cap_words], self.frame.room)[1:]
            return [labelled("cap", *said)] if scale.cap_words else []
        spans = []
        for day, place, _ in self.days:
            over = scale.reaches(day)
            text = (glyphs.bar[0] if over else glyphs.dash) * self.per
            spans.append(aimed(Span(text, "bad" if over else "faint"), place, self.frame.cursor))
        n = sum(map(scale.reaches, scale.days))
        at, brief = (f", reached on {counted(n, 'day')}", f", reached {n} d") if n else ("", "")
        cap = exact(scale.cap)
        return [
            self._beside(
                "cap", spans, (f"{cap} a day{at}", f"{cap}{brief}", f"{cap} a day", short(scale.cap))
            )
        ]

    def refused(self) -> list[Line]:
        """429s by day, on a scale of their own."""
        told = [day for day in self.scale.days if day.throttled is not None]
        refused = add(day.throttled for day in told)
        if not told:
            return [labelled("429", Span("not told by day", "faint"))]
        days = f"in {counted(len(told), 'day')}"
        if not refused:
            return [labelled("429", Span(f"none {days}", "faint"))]
        top, glyphs = max(day.throttled or 0 for day in told), self.frame.canvas.glyphs
        spans = []
        for day, place, before in self.days:
            mark = (
                (" " if before else glyphs.unknown)
                if day.throttled is None
                else cell(day.throttled, top, glyphs)
            )
            wide = self.per - 1 if self.per > 2 else self.per
            single = not day.throttled
            text = (mark.rjust((wide + 1) // 2) if single else mark * wide).ljust(self.per)
            spans.append(aimed(Span(text, "bad" if day.throttled else "faint"), place, self.frame.cursor))
        of = add(day.requests for day in told)
        share = f" ({percent(ratio(refused, of))})" if ratio(refused, of) is not None else ""
        words = (f"{exact(refused)}{share} {days}", f"{exact(refused)}{share}", short(refused))
        return [self._beside("429", spans, words)]

    def axis(self) -> Line:
        """The first date and the last, and what the marks below them mean."""
        days = [day for day, *_ in self.days]
        wide = self.shown * self.per
        first, last = short_day(days[0].date), short_day(days[-1].date)
        middle = short_day(days[len(days) // 2].date)
        at = (len(days) // 2) * self.per
        text = first.ljust(wide - len(last)) + last
        if at > len(first) and at + len(middle) < wide - len(last):
            text = text[:at] + middle + text[at + len(middle) :]
        return self._beside("", [Span(text, "faint")], self._legend())

    def _legend(self) -> tuple[str, ...]:
        glyphs = self.frame.canvas.glyphs
        unknown = sum(day.requests is None and not before for day, _, before in self.days)
        partly = sum(bool(day.silent_keys) for day, *_ in self.days)
        parts = [
            f"{glyphs.partial} so far" if any(day.partial and day.requests for day, *_ in self.days) else "",
            f"{glyphs.unknown} {unknown} d unknown" if unknown else "",
            f"{partly} d at least" if partly else "",
        ]
        said = [part for part in parts if part]
        return tuple(", ".join(said[:n]) for n in range(len(said), 0, -1))

    def _beside(self, label: str, spans: Sequence[Span], words: Sequence[str]) -> Line:
        """The drawing, and the widest form of the words that has room beside it."""
        room = self.frame.room - sum(cell_width(span.text) for span in spans) - 2
        fitting = next((each for each in words if cell_width(each) <= room), "")
        return labelled(label, *spans, Span(f"  {fitting}" if fitting else "", "ink"))
