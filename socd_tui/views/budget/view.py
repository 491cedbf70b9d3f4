"""The limits of every key in the picture, two lines a key, with where each is heading."""

from __future__ import annotations

from dataclasses import dataclass, replace

from socd_tui.analysis.budget import Budget
from socd_tui.analysis.forecast import GUESS_BELOW
from socd_tui.analysis.known import Known
from socd_tui.analysis.row_filter import select_rows
from socd_tui.analysis.standing import standings
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.charts.number import exact, percent
from socd_tui.charts.sheet import Sheet
from socd_tui.charts.table import Extent, Measured, Row, Rows, draw_table, measured
from socd_tui.model.key import UNLIMITED
from socd_tui.model.lens import BASELINE, Lens, Wanted, shown_windows, visible
from socd_tui.model.target import KeyTarget
from socd_tui.model.window import LOOK_BACK
from socd_tui.views.budget.measures import MEASURES, NAME, Cap, KeyRow
from socd_tui.views.parts.change import change_data, change_part
from socd_tui.views.parts.measure import Meaning
from socd_tui.views.parts.names import label, name_beside
from socd_tui.views.parts.notes import note_line, notes
from socd_tui.views.parts.outlook import forecast_data, forecast_part, outlook_figures, tier_data
from socd_tui.views.parts.readout import read_out
from socd_tui.views.view import Details, Grid, Pane, View, column, pick


@dataclass(frozen=True, kw_only=True, eq=False)
class BudgetPane(Pane):
    """`rows` as filtered and sorted, in the service's order without a sort."""

    known: Known
    lens: Lens
    rows: tuple[KeyRow, ...]
    peaks: bool
    """Whether the service tells the high-water mark of any of the limits."""

    @property
    def at(self) -> KeyRow | None:
        """The key under the cursor."""
        return next((row for row in self.rows if row.target == self.cursor), None)

    def draw(self, canvas: Canvas) -> list[Line]:
        body = canvas.sized(height=canvas.height - 3)
        table = draw_table(
            MEASURES.columns,
            Rows(
                [target for row in self.rows for target in (row.target, None)],
                lambda i: _drawn(self.rows[i // 2], self.lens, canvas)[i % 2],
                self.known.once(_extent, self.lens.of_rows(NAME), canvas.sized(width=0, height=0)),
            ),
            body,
            cursor=self.cursor,
            per=2,
            sort=self.lens.sorts.get(NAME),
        )
        table = table or [self._brief(row, canvas.width) for row in self.rows[: body.height]]
        return [
            *body.fit(table),
            self._legend(table, canvas),
            note_line(self.notes),
            self._read_out(canvas.width),
        ]

    def _brief(self, row: KeyRow, width: int) -> Line:
        """A key where there is no room for its limits."""
        peak = percent(row.day.budget.peak_ratio)
        return read_out([Span(label(row.standing.key, 16), "title"), peak, row.day.word], width)

    def _legend(self, table: list[Line], canvas: Canvas) -> Line:
        """The marks that are in the picture, in words."""
        glyphs = canvas.glyphs
        drawn = {span.text for line in table for span in line}
        marks = {
            glyphs.bar[0]: "used now",
            glyphs.tick: "high-water mark" if self.peaks else "busiest day",
            glyphs.hollow: "only the mark is known",
        }
        parts = [f"{mark} {words}" for mark, words in marks.items() if mark in drawn]
        if any(text[-1:] == "*" and text[-2:-1].isdigit() for text in drawn):
            parts.append("* assumed from tier")
        return read_out([Span(part, "faint") for part in parts], canvas.width)

    def _read_out(self, width: int) -> Line:
        row = self.at
        if row is None:
            return ()
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
                change_part(standing.change, standing.requests),
                forecast_part(row.assessment.forecast),
                minute,
                _busiest(row.day.budget),
            ],
            width,
        )

    def sheet(self) -> Sheet:
        return MEASURES.sheet(
            (limit for row in self.rows for limit in row.limits),
            compared=any(row.standing.change for row in self.rows),
            notes=self.notes,
        )

    def json(self) -> dict[str, object]:
        return {"rows": [_row_data(row) for row in self.rows]}

    def targets(self) -> Grid:
        return column(row.target for row in self.rows)

    def maximum(self) -> KeyTarget | None:
        """The key nearest to one of its limits."""
        nearest = max(self.rows, key=lambda row: row.used or 0, default=None)
        return nearest.target if nearest else None

    def details(self) -> Details | None:
        """Where the key under the cursor is heading, with the evidence."""
        row = self.at
        return Details(label(row.standing.key), tuple(outlook_figures(row.assessment))) if row else None


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


class BudgetView(View):
    name = NAME
    order = 6
    title = "Budget"
    question = "Will I hit the cap?"
    scope = "all"
    measures = MEASURES
    meanings = (
        Meaning(
            "outlook, day",
            "how likely some day ahead reaches the cap, from weekday medians and the busiest days of past "
            f"weeks over up to {LOOK_BACK}; a guess under {GUESS_BELOW} full days",
        ),
        Meaning(
            "outlook, minute",
            "stay, borderline, upgrade or could downgrade, by both limits of the documented tiers",
        ),
    )

    def windows(self, lens: Lens) -> Wanted:
        return Wanted.merged([shown_windows(lens), Wanted((), BASELINE)])

    def build(self, known: Known, lens: Lens) -> BudgetPane:
        pane = known.once(_pane, lens.of_rows(NAME))
        cursor = pick(lens.key_target(), [row.target for row in pane.rows])
        return replace(pane, lens=lens, cursor=cursor)


def _every_row(known: Known, lens: Lens) -> tuple[KeyRow, ...]:
    """Of all keys in the picture."""
    return tuple(
        KeyRow(standing=standing, assessment=known.assessment(standing.key.id))
        for standing in standings(known, lens)
    )


def _pane(known: Known, lens: Lens) -> BudgetPane:
    """All that stays the same while a cursor moves."""
    everything = known.once(_every_row, lens.of_keys())
    rows = tuple(select_rows(everything, KeyRow.facts, lens, NAME, MEASURES.names))
    return BudgetPane(
        known=known,
        lens=lens,
        rows=rows,
        peaks=any(limit.budget.peak is not None for row in rows for limit in row.limits),
        notes=notes(known, visible(known.fleet, lens), lens),
    )


def _drawn(row: KeyRow, lens: Lens, canvas: Canvas) -> tuple[Row, Row]:
    """The line of its limit a minute, and that of its limit a day."""
    marker = canvas.glyphs.marked if row.standing.key.id in lens.marked else " "
    return MEASURES.row(row.minute, canvas, row.target, marker), MEASURES.row(row.day, canvas)


def _measured(known: Known, lens: Lens, canvas: Canvas) -> dict[str, tuple[Measured, ...]]:
    """How wide each key's lines are, by key id."""
    return {
        row.standing.key.id: tuple(
            measured(line, canvas.glyphs.unknown) for line in _drawn(row, lens, canvas)
        )
        for row in known.once(_every_row, lens)
    }


def _extent(known: Known, lens: Lens, canvas: Canvas) -> Extent:
    """How wide the lines are that the Lens keeps."""
    widths = known.once(_measured, lens.of_keys(), canvas)
    return Extent.of(line for row in known.once(_pane, lens).rows for line in widths[row.standing.key.id])


VIEW = BudgetView()
