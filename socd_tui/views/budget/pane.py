"""The limits of every key in the picture, with where each is heading: two lines a key, or one for many."""

from __future__ import annotations

from functools import cached_property
from textwrap import wrap

from socd_tui.analysis.budget import Budget
from socd_tui.analysis.known import Known
from socd_tui.analysis.once import Once
from socd_tui.analysis.row_filter import select_rows
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.charts.number import exact, percent
from socd_tui.charts.sheet import Sheet
from socd_tui.charts.table import Extent, Rows, Table
from socd_tui.model.key import UNLIMITED
from socd_tui.model.lens import Lens, visible
from socd_tui.model.record import dataclass, field, replace
from socd_tui.model.target import AllKeysTarget, KeyTarget
from socd_tui.views.budget.limit import Cap
from socd_tui.views.budget.measures import BOTH, MEASURES, NARROW, KeyRow
from socd_tui.views.budget.rows import before_refresh, drawn, every_row
from socd_tui.views.budget.together import footing, summary, told
from socd_tui.views.budget.view import NAME
from socd_tui.views.parts.change import change_data, change_part
from socd_tui.views.parts.extent import extent_of
from socd_tui.views.parts.names import label, name_beside
from socd_tui.views.parts.notes import note_lines, notes
from socd_tui.views.parts.outlook import forecast_data, forecast_part, outlook_figures, tier_data
from socd_tui.views.parts.readout import added_part, read_out
from socd_tui.views.view import Grid, Pane, column, to_page

WITH_LEGEND = 16
"""Lines from which there is one for what the marks mean."""
LEAST_OUTLOOK = 3
"""Lines below the table from which the outlook of one key is told there."""
NAMES = 22
"""Columns of the names of its figures."""
APART_FROM = 72
"""Columns from which each limit of a key has a line of its own."""
NARROW_BELOW = 60
"""Columns below which names are cut."""


@dataclass(frozen=True, kw_only=True, eq=False)
class BudgetPane(Pane):
    """`rows` as filtered and sorted; without a sort the likeliest to reach its day cap comes first."""

    known: Known
    lens: Lens
    rows: tuple[KeyRow, ...]
    listed: tuple[KeyRow, ...]
    """The same as files have them: in the service's order without a sort."""
    every: int
    """How many keys there are, filtered out or not."""
    peaks: bool
    """Whether the service tells the high-water mark of any of the limits."""
    drawings: Once = field(default_factory=Once)
    """What is the same wherever the cursor is and whatever is marked."""

    @cached_property
    def at(self) -> KeyRow | None:
        """The key under the cursor."""
        at = self.cursor.key_id if isinstance(self.cursor, KeyTarget) else None
        return next((row for row in self.rows if row.standing.key.id == at), None)

    @property
    def together(self) -> bool:
        """Whether the cursor is on all keys."""
        return isinstance(self.cursor, AllKeysTarget)

    def draw(self, canvas: Canvas) -> list[Line]:
        closing = [*note_lines(self.notes, canvas.width, summed=True), self._read_out(canvas.width)]
        body = canvas.sized(height=canvas.height - len(closing))
        table = self._table(body)
        if canvas.height >= WITH_LEGEND and (legend := self._legend(table, canvas)):
            closing.insert(0, legend)
            body = body.sized(height=body.height - 1)
            table = self._table(body)
        table += self._outlook(body.sized(height=body.height - len(table)))
        return [*body.fit(table), *closing]

    def _table(self, body: Canvas) -> list[Line]:
        """Two lines a key where there is room for those of all; else one, or only what matters most."""
        apart = body.width >= APART_FROM and 2 * len(self.rows) < body.height
        per = 2 if apart else 1
        narrow = body.width < NARROW_BELOW
        room = body.height > per * len(self.rows) + 1
        measures = MEASURES if apart else NARROW if narrow else BOTH
        footed = bool(self.rows) and (room or self.together)
        paper = body.sized(width=0, height=0)

        def made() -> Table:
            rows, before = self.rows, self.known.once(before_refresh, self.lens.of_keys())
            return Table(
                measures.columns,
                Rows(
                    [target for row in rows for target in (row.target, None)[:per]],
                    lambda i: drawn(rows[i // per], paper, before, apart=apart)[i % per],
                    self.known.once(_extent, self.lens.of_rows(NAME), paper, apart=apart),
                ),
                paper.glyphs,
                footing=[footing(rows, self.every, measures)] if footed else [],
                per=per,
                sort=self.lens.sorts.get(NAME),
            )

        drawing = self.drawings.result((paper, apart, narrow, footed), made)
        table = drawing.draw(body, cursor=self.cursor, marked=self.lens.marks)
        return table or [self._brief(row, body.width) for row in self.rows[: body.height]]

    def _outlook(self, canvas: Canvas) -> list[Line]:
        """Where the key under the cursor is heading, with the evidence, in the lines the table leaves."""
        if canvas.height < LEAST_OUTLOOK:
            return []
        if self.at is None:
            return told(self.rows, self.every, canvas.width)[: canvas.height] if self.together else []
        lines: list[Line] = [(), (Span(f" {label(self.at.standing.key, canvas.width - 2)}", "title"),)]
        for name, figure in outlook_figures(self.at.assessment):
            for n, row in enumerate(wrap(figure, max(canvas.width - NAMES - 2, 10))):
                lines.append((Span(f" {'' if n else name:<{NAMES}}", "faint"), Span(row)))
        return lines[: canvas.height]

    def _brief(self, row: KeyRow, width: int) -> Line:
        """A key where there is no room for its limits."""
        peak = percent(row.day.budget.peak_ratio)
        return read_out([Span(label(row.standing.key, 16), "title"), peak, row.day.word], width)

    def _legend(self, table: list[Line], canvas: Canvas) -> Line:
        """The marks that are in the picture, in words."""
        glyphs = canvas.glyphs
        said = [span.text for line in table for span in line]
        drawn = {text[:1] for text in said if not text.strip(text[:1])}
        marks = {
            glyphs.bar[0]: "used now",
            glyphs.tick: "high-water mark" if self.peaks else "busiest day",
            glyphs.hollow: "only the mark is known",
        }
        parts = [f"{mark} {words}" for mark, words in marks.items() if mark in drawn]
        if any(text[-1:] == "*" and text[-2:-1].isdigit() for text in said):
            parts.append("* assumed from tier")
        return read_out([Span(part, "faint") for part in parts], canvas.width) if parts else ()

    def _read_out(self, width: int) -> Line:
        row = self.at
        if row is None:
            return summary(self.rows, self.every, width) if self.together else ()
        standing = row.standing
        if standing.usage is None:
            reason = standing.problem.message if standing.problem else "waiting for its figures"
            return read_out([name_beside(standing.key, reason, width), reason], width)
        day, minute = _sentence("day", row.day.budget), _sentence("minute", row.minute.budget)
        requests = f"{exact(standing.requests)} req" if standing.change else None
        return read_out(
            [
                name_beside(standing.key, day, width),
                day,
                requests,
                added_part(self.known, [standing.key], "" if requests else " req"),
                change_part(standing.change, standing.requests),
                forecast_part(row.assessment.forecast),
                minute,
                _busiest(row.day.budget),
            ],
            width,
        )

    def sheet(self) -> Sheet:
        return MEASURES.sheet(
            (limit for row in self.listed for limit in row.limits),
            compared=any(row.standing.change for row in self.listed),
            notes=self.notes,
        )

    def json(self) -> dict[str, object]:
        return {"rows": [_row_data(row) for row in self.listed]}

    def targets(self) -> Grid:
        return column([*(row.target for row in self.rows), *([AllKeysTarget()] if self.rows else [])])

    def maximum(self) -> KeyTarget | None:
        """The key nearest to one of its limits."""
        nearest = max(self.rows, key=lambda row: row.used or 0, default=None)
        return nearest.target if nearest else None

    def enter(self, lens: Lens) -> Lens | None:
        """All that is known of the key."""
        if self.together:
            return to_page(lens, None)
        return to_page(lens, self.at.standing.key.id) if self.at else None


def _sentence(cap: Cap, budget: Budget) -> str:
    if budget.limit is None:
        return f"{cap} limit unknown"
    if budget.limit == UNLIMITED:
        peak = f"{cap} peak {exact(budget.peak)}, " if budget.peak is not None else ""
        return f"{peak}no {cap} limit"
    limit = exact(budget.limit.value)
    if budget.peak is not None:
        return f"{cap} peak {exact(budget.peak)}/{limit} ({percent(budget.peak_ratio)})"
    if budget.current is not None:
        return f"{cap} now {exact(budget.current)}/{limit} ({percent(budget.used_ratio)})"
    return f"{cap} limit {limit}"


def _busiest(budget: Budget) -> str | None:
    """What stands in for a peak that the service did not send."""
    if budget.peak is not None or budget.busiest_day is None:
        return None
    return f"busiest day {exact(budget.busiest_day)} req"


def _row_data(row: KeyRow) -> dict[str, object]:
    standing, assessment = row.standing, row.assessment
    forecast = forecast_data(assessment)
    return {
        "key_id": standing.key.id,
        "minute": MEASURES.json(row.minute),
        "day": {**MEASURES.json(row.day), "busiest_day": row.day.budget.busiest_day},
        "state": standing.word,
        "verdict": standing.budgets.verdict,
        **{name: forecast.get(name) for name in ("chance", "horizon_days")},
        "forecast": forecast,
        "tier_verdict": tier_data(assessment.tier),
        **({"requests": standing.requests} if standing.change else {}),
        **change_data(standing.change, standing.growth),
    }


def budget(known: Known, lens: Lens) -> BudgetPane:
    """Of all keys in the picture."""
    pane = known.once(_pane, lens.of_rows(NAME))
    if lens.focus is None and not lens.landing and pane.rows:
        return replace(pane, lens=lens, cursor=AllKeysTarget())
    focused = (row for row in pane.rows if row.standing.key.id == lens.focus)
    at = next(focused, None) or next(iter(pane.rows), None)
    return replace(pane, lens=lens, cursor=at.target if at else None)


def _pane(known: Known, lens: Lens) -> BudgetPane:
    """All that stays the same while a cursor moves."""
    everything = known.once(every_row, lens.of_keys())
    listed = tuple(select_rows(everything, KeyRow.facts, lens, NAME, MEASURES.names))
    worst_first = sorted(listed, key=lambda row: row.worry, reverse=True)
    return BudgetPane(
        known=known,
        lens=lens,
        rows=listed if NAME in lens.sorts else tuple(worst_first),
        listed=listed,
        every=len(everything),
        peaks=any(limit.budget.peak is not None for row in listed for limit in row.limits),
        notes=notes(known, visible(known.fleet, lens), lens),
    )


def _extent(known: Known, lens: Lens, canvas: Canvas, *, apart: bool) -> Extent:
    """How wide the lines are that the Lens keeps."""
    rows, compared = known.once(_pane, lens).rows, lens.compare is not None
    if apart:
        return extent_of(MEASURES, [limit for row in rows for limit in row.limits], canvas, compared=compared)
    return extent_of(BOTH, rows, canvas, compared=compared)
