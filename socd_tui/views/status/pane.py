"""The status codes of the chosen keys: the rate of errors, the codes by group, and what to do about them."""

from __future__ import annotations

from socd_tui.analysis.compare import Previous
from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.charts.number import exact, percent
from socd_tui.charts.sheet import Sheet, rounded
from socd_tui.charts.table import draw_table
from socd_tui.model.lens import Lens, subject
from socd_tui.model.record import dataclass, replace
from socd_tui.model.target import KeyTarget, RowTarget
from socd_tui.model.text import counted
from socd_tui.model.usage import Usage, ratio
from socd_tui.views.parts.change import change_data, change_part
from socd_tui.views.parts.names import named_briefly
from socd_tui.views.parts.notes import note_lines, notes, rows_notes, untold, why_none
from socd_tui.views.parts.readout import read_out
from socd_tui.views.status.around import causes, days, figures
from socd_tui.views.status.measures import MEASURES, StatusRow
from socd_tui.views.status.rates import Rate, rate_lines, rates
from socd_tui.views.status.rows import before_refresh, errors_shown, rows_of, worst_first
from socd_tui.views.status.strip import day_lines
from socd_tui.views.status.sums import fine_line, footing
from socd_tui.views.status.ticket import ticket
from socd_tui.views.status.triage import (
    ErrorPaths,
    Trends,
    advice_lines,
    error_history,
    error_paths,
    figure_lines,
    triage_data,
)
from socd_tui.views.status.view import NAME
from socd_tui.views.view import Grid, Pane, column, pick

NARROW = 60
"""Columns below which advice takes two lines, and the read-out leaves out a code's words."""

LOW, LITTLE, ROOMY, HIGH = 9, 12, 15, 20
"""Lines from which all three rates have room, the codes that are fine, the days, and advice in two lines."""

MOST_CAUSES = 3
"""Lines for since when each of several keys has had which errors, where the pane is high."""


@dataclass(frozen=True, kw_only=True, eq=False)
class StatusPane(Pane):
    """`rows` as filtered and sorted, by code without a sort; None when the service sent no codes.

    Rates are always of all requests.
    """

    known: Known
    lens: Lens
    usage: Usage | None = None
    """The figures of all the keys it speaks of."""
    rows: tuple[StatusRow, ...] | None = None
    before: Previous | None = None
    """The window before, when the Lens compares."""
    trends: Trends = ()
    rates: tuple[Rate, ...] = ()
    error_paths: ErrorPaths | None = None

    @property
    def requests(self) -> int | None:
        return self.usage.requests if self.usage else None

    @property
    def other(self) -> int | None:
        """Requests that no row accounts for: of codes the service left out, or filtered out here."""
        if self.requests is None or self.rows is None:
            return None
        return max(self.requests - sum(row.requests for row in self.rows), 0)

    @property
    def classes(self) -> dict[str, int | None]:
        """Sums of the rows, with 429 inside 4xx; without rows, what the totals say of each class."""
        if self.usage is None:
            return {}
        if self.rows is None:
            return {"4xx": self.usage.client_errors, "5xx": self.usage.server_errors}
        sums: dict[str, int | None] = {}
        for row in self.rows:
            name = "4xx" if row.group == "429" else row.group
            sums[name] = (sums.get(name) or 0) + row.requests
        return sums

    @property
    def client_error_ratio(self) -> float | None:
        return ratio(self.usage.client_errors, self.usage.requests) if self.usage else None

    @property
    def client_error_ratio_without_429(self) -> float | None:
        """(4xx − 429) ÷ (requests − 429): the rate among requests the limits let through."""
        if self.usage is None:
            return None
        errors, throttled, requests = self.usage.client_errors, self.usage.throttled, self.usage.requests
        if errors is None or throttled is None or requests is None or throttled > errors:
            return None
        return ratio(errors - throttled, requests - throttled)

    @property
    def at(self) -> StatusRow | None:
        """The code under the cursor."""
        return next((row for row in self.rows or () if row.target == self.cursor), None)

    def draw(self, canvas: Canvas) -> list[Line]:
        width, height = canvas.width, canvas.height
        closing = [*note_lines(self.notes, width), self._read_out(width)]
        above = rate_lines(self.rates, canvas.sized(height=3 if height >= LOW else max(height - 6, 1)))
        most = min(max((height - ROOMY) // 2, 0), MOST_CAUSES)
        above += self.known.once(causes, self._still, width, most)
        if self.rows is None:
            strip = self._days(canvas, height - len(above) - 4)
            missing = untold("status codes", self.known, width)
            return canvas.fit([*above, *strip, (), *missing, *closing[:-1]])
        wordy = 1 + (height >= HIGH or (width < NARROW and height >= LITTLE))
        below = [fine_line(self.rows, width)] if height >= LITTLE else []
        below += advice_lines(self.at.code if self.at else None, width, wordy)
        body = canvas.sized(height=height - len(closing))
        spare = body.height - len(above) - len(below)
        table = self._table(canvas, spare - (4 if height >= ROOMY else 0))
        spare -= len(table)
        told = self.known.once(figures, self._still, self.at.code) if self.at else []
        more = figure_lines(told, width, max(spare - 5, 0))
        strip = self._days(canvas, spare - len(more))
        lines = [*above, *strip, *table, *below, *more]
        by_day = day_lines(self.usage, width, body.height - len(lines)) if self.usage else []
        return [*body.fit([*lines, *by_day]), *closing]

    @property
    def _still(self) -> Lens:
        """What of the Lens stays the same while a cursor moves."""
        return replace(self.lens.of_rows(NAME), focus=self.lens.focus, marked=self.lens.marked)

    def _days(self, canvas: Canvas, room: int) -> list[Line]:
        """The strip of errors by day."""
        return self.known.once(days, self._still, canvas.sized(height=room))

    def _table(self, canvas: Canvas, height: int) -> list[Line]:
        """The codes of errors, most first, and all errors; nothing where there are none."""
        rows = self.errors
        if not rows and self.lens.filters.get(NAME):
            return [()]  # why is said there
        if not rows:
            return [
                (Span(" No request failed." if self._failed == 0 else " No code of an error here.", "good"),)
            ]
        before = self.known.once(before_refresh, self._still)
        table = draw_table(
            MEASURES.columns,
            [
                MEASURES.row(row, canvas, row.target, changed=before.changed(row.code, row, MEASURES, canvas))
                for row in rows
            ],
            canvas.sized(height=max(height, 3)),
            cursor=self.cursor,
            footing=footing(rows, self._failed, self.requests) if height >= 7 else (),
            sort=self.lens.sorts.get(NAME),
        )
        return table or []

    @property
    def errors(self) -> list[StatusRow]:
        """The rows of errors in the order of the screen and of the cursor: the most first, or as sorted."""
        return errors_shown(self.rows or (), self.lens)

    @property
    def _failed(self) -> int | None:
        return self.usage.failed if self.usage else None

    def _read_out(self, width: int) -> Line:
        row = self.at
        if row is None:
            none = self._failed == 0 and self.requests is not None
            return read_out([f"no error among {exact(self.requests)} req" if none else None], width)
        return read_out(
            [
                Span(row.meaning if width >= NARROW else str(row.code), "title"),
                f"{exact(row.requests)} of {exact(self.requests)} req ({percent(row.share)})",
                f"{percent(row.of_errors)} of {counted(row.errors, 'error')}",
                f"{exact(row.most[1])} of them {named_briefly(row.most[0], 24)}" if row.most else None,
                change_part(row.change, row.requests),
            ],
            width,
        )

    def copied(self) -> str:
        row = self.at
        if row is None or self.usage is None:
            return ""
        return ticket(self.known, subject(self.known.fleet, self.lens), row, self.usage)

    def sheet(self) -> Sheet:
        absent = (why_none("status codes", self.known),) if self.rows is None else ()
        other = {"group": "other", "requests": self.other, "share": ratio(self.other, self.requests)}
        return MEASURES.sheet(
            self.rows or (),
            compared=self.before is not None,
            more=[other] if self.other else [],
            notes=(*absent, *self.notes),
        )

    def json(self) -> dict[str, object]:
        rows = [{**MEASURES.json(row), **change_data(row.change)} for row in self.rows or ()]
        return {
            "rows": None if self.rows is None else rows,
            "classes": self.classes,
            "other": self.other,
            "requests": self.requests,
            **change_data(self.before.change("requests") if self.before else None),
            "client_error_ratio": rounded(self.client_error_ratio),
            "client_error_ratio_without_429": rounded(self.client_error_ratio_without_429),
            "triage": triage_data(self.trends, [row.code for row in self.rows or ()], self.error_paths),
        }

    def targets(self) -> Grid:
        return column(row.target for row in self.errors)

    def maximum(self) -> RowTarget | None:
        """The most frequent code of an error: what one looks for here."""
        most = max(self.errors, key=lambda row: row.requests, default=None)
        return most.target if most else None

    def enter(self, lens: Lens) -> Lens | None:
        """Of several keys to the one that makes most of the code."""
        row = self.at
        return replace(lens.at(KeyTarget(row.most[0].id)), marked=frozenset()) if row and row.most else None


def status(known: Known, lens: Lens) -> StatusPane:
    """Of the keys that the Lens speaks of."""
    keys = subject(known.fleet, lens)
    usage = known.combined(keys)
    sentences = notes(known, keys, lens)
    if usage is None:
        return StatusPane(known=known, lens=lens, notes=sentences)
    before = known.before(keys) if lens.compare else None
    rows = None
    if usage.statuses is not None:
        rows = tuple(
            MEASURES.chosen(rows_of(usage.statuses, usage, before, known.answered(keys)), lens, NAME)
        )
    shown, trends = errors_shown(rows or (), lens), error_history(known, keys)
    return StatusPane(
        known=known,
        lens=lens,
        usage=usage,
        rows=rows,
        before=before,
        trends=trends,
        rates=rates(usage, trends),
        error_paths=error_paths(known, keys),
        cursor=pick(lens.row_target(NAME), worst_first(shown, trends)),
        notes=(*rows_notes([row.change for row in shown], before), *sentences),
    )
