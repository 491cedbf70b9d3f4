"""The limits of every key in the picture, two lines a key, with where each is heading."""

from __future__ import annotations

from dataclasses import dataclass

from socd_tui.analysis.budget import Budget
from socd_tui.analysis.forecast import GUESS_BELOW
from socd_tui.analysis.known import Known
from socd_tui.analysis.row_filter import select_rows
from socd_tui.analysis.standing import standings
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.charts.number import exact, percent
from socd_tui.charts.sheet import Sheet
from socd_tui.charts.table import draw_table
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

    lens: Lens
    rows: tuple[KeyRow, ...]

    @property
    def at(self) -> KeyRow | None:
        """The key under the cursor."""
        return next((row for row in self.rows if row.target == self.cursor), None)

    def draw(self, canvas: Canvas) -> list[Line]:
        body = canvas.sized(height=canvas.height - 3)
        lines = []
        for row in self.rows:
            marker = canvas.glyphs.marked if row.standing.marked else " "
            lines.append(MEASURES.row(row.minute, canvas, row.target, marker))
            lines.append(MEASURES.row(row.day, canvas))
        table = draw_table(
            MEASURES.columns, lines, body, cursor=self.cursor, per=2, sort=self.lens.sorts.get(NAME)
        )
        table = table or [self._brief(row, canvas.width) for row in self.rows]
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
        peaks = any(limit.budget.peak is not None for row in self.rows for limit in row.limits)
        marks = {
            glyphs.bar[0]: "used now",
            glyphs.tick: "high-water mark" if peaks else "busiest day",
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
        every = [
            KeyRow(standing=standing, assessment=known.assessment(standing.key.id))
            for standing in standings(known, lens)
        ]
        rows = tuple(select_rows(every, KeyRow.facts, lens, NAME, MEASURES.names))
        return BudgetPane(
            lens=lens,
            rows=rows,
            cursor=pick(lens.key_target(), [row.target for row in rows]),
            notes=notes(known, visible(known.fleet, lens), lens),
        )


VIEW = BudgetView()
