"""What the overview shows of the keys, and where its rows lead."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING

from socd_tui.analysis.findings import Finding, Findings
from socd_tui.analysis.known import Known
from socd_tui.analysis.news import News
from socd_tui.analysis.once import Once
from socd_tui.analysis.standing import Total
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.charts.number import forms, percent
from socd_tui.charts.sheet import Sheet, as_written, rounded, stamp
from socd_tui.charts.table import Cell, Row, Rows, Table, pointed_at
from socd_tui.model.lens import Lens
from socd_tui.model.record import dataclass, field, replace
from socd_tui.model.target import AllKeysTarget, FindingTarget, KeyTarget, QuietTarget
from socd_tui.model.text import counted
from socd_tui.model.usage import ratio
from socd_tui.views.overview.figures import key_read_out, narrow_row, sum_read_out
from socd_tui.views.overview.measures import MEASURES, NAME, KeyRow, on_screen
from socd_tui.views.overview.news import news_data, news_line
from socd_tui.views.overview.quiet import quiet_line, quiet_read_out
from socd_tui.views.overview.rows import before_refresh, drawn_row, extent, largest_day
from socd_tui.views.overview.strip import Answer, strip
from socd_tui.views.overview.todo import to_do
from socd_tui.views.parts.change import change_cell, change_data, growth_data, growth_line
from socd_tui.views.parts.entering import enter_line
from socd_tui.views.parts.findings import (
    finding_data,
    finding_lines,
    finding_read_out,
    first_shown,
    look_at,
    sentence,
    summary,
    target_of,
)
from socd_tui.views.parts.measure import Measures
from socd_tui.views.parts.names import label
from socd_tui.views.parts.notes import note_line
from socd_tui.views.parts.readout import added_part
from socd_tui.views.view import Grid, Pane, to_page

if TYPE_CHECKING:
    from socd_tui.analysis.growth import Growth

ROOMY = 10
"""Lines of a pane from which one says where `enter` leads."""


@dataclass(frozen=True, kw_only=True, eq=False)
class OverviewPane(Pane):
    """`rows` as filtered and sorted, and what they add up to."""

    known: Known
    lens: Lens
    rows: tuple[KeyRow, ...]
    total: Total
    requests: int | None
    """Of all keys in the picture."""
    findings: Findings
    growth: Growth | None = None
    """What made the growth over the window before, when the Lens compares."""
    shown: tuple[KeyRow, ...] = ()
    """The rows as on the screen: the heaviest first, unless the Lens orders them."""
    quiet: tuple[KeyRow, ...] = ()
    """Those of the last of them that one row can stand for."""
    answers: Sequence[Answer] = ()
    """To the four questions, of all keys in the picture."""
    news: News | None = None
    """What differs from the last visit before a pause, until the person has taken note of it."""
    places: Grid = ()
    """What the cursor can be on: each finding, then each key, then all of them."""
    drawings: Once = field(default_factory=Once)
    """What is the same wherever the cursor is and whatever is marked."""

    @property
    def finding(self) -> Finding | None:
        """The finding under the cursor."""
        if not isinstance(self.cursor, FindingTarget):
            return None
        return next((each for each in self.findings.worst_first if target_of(each) == self.cursor), None)

    @cached_property
    def at(self) -> KeyRow | None:
        """The key under the cursor."""
        at = self.cursor.key_id if isinstance(self.cursor, KeyTarget) else None
        return next((row for row in self.rows if row.standing.key.id == at), None)

    def banner(self, canvas: Canvas) -> list[Line]:
        first = [news_line(self.news, canvas.width, self.known.fleet.at)] if self.news else []
        return [*first, *strip(self.answers, canvas.sized(height=canvas.height - len(first)))]

    def draw(self, canvas: Canvas) -> list[Line]:
        width = canvas.width
        above = [growth_line(self.growth, width)] if self.growth else []
        below = self._below(canvas)
        room = canvas.height - len(above) - len(below)
        most, folded = self._shares(max(room - 2, 0))
        opening = [*self._findings(canvas.sized(height=most)), *above]
        body = canvas.sized(height=canvas.height - len(opening) - len(below))
        table = self._table(body, folded=folded)
        table += self._to_do(body.sized(height=body.height - len(table)))
        return [*opening, *body.fit(table), *below]

    def _shares(self, room: int) -> tuple[int, bool]:
        """Of so many lines for findings and rows, how many findings may take; whether quiet keys are folded.

        Where not all fit the quiet keys fold, unless the cursor is on one of them; what is left over is for
        the findings, which have a third of the lines in any case.
        """
        found, rows = max(len(self.findings.worst_first), 1), len(self.shown) + bool(self.quiet)
        least = min(found, max(-(-room // 3), 2))
        if found + rows <= room or not self.quiet:
            return max(room - rows, least), False
        brief = rows - len(self.quiet)
        folded = all(row.target != self.cursor for row in self.quiet)
        return max(room - brief, least), folded

    def _findings(self, canvas: Canvas) -> list[Line]:
        first = first_shown(self.findings, self.cursor, canvas.height)

        def made() -> list[Line]:
            namesakes = {row.standing.key.id for row in self.rows if row.standing.has_namesake}
            return finding_lines(
                self.findings,
                canvas,
                lambda key: label(key) if key.id in namesakes else key.name.shown,
                first=first,
            )

        lines = self.drawings.result(("findings", canvas, first), made)
        if not isinstance(self.cursor, FindingTarget):
            return lines
        return [pointed_at(line, canvas.glyphs) if line[0].target == self.cursor else line for line in lines]

    def _table(self, canvas: Canvas, *, folded: bool) -> list[Line]:
        paper = canvas.sized(width=0, height=0)
        made = self.drawings.result((folded, paper), lambda: self._made(paper, folded=folded))
        table = made.draw(canvas, cursor=self.cursor, marked=self.lens.marks)
        if table is None:
            return [narrow_row(row.standing, canvas.width) for row in self.shown[: canvas.height]]
        if not self.quiet:
            return table
        heading = self.drawings.result(
            ("quiet", folded, canvas.width), lambda: quiet_line(self.quiet, canvas, folded=folded)
        )
        if self.cursor == QuietTarget():
            heading = pointed_at(heading, canvas.glyphs)
        return [heading if line[0].target == QuietTarget() else line for line in table]

    def _to_do(self, canvas: Canvas) -> list[Line]:
        return self.drawings.result(
            ("to do", canvas), lambda: to_do(self.known, self.findings.worst_first, canvas)
        )

    def _made(self, canvas: Canvas, *, folded: bool) -> Table:
        compared, days = self.growth is not None, self.known.days
        scale = None if self.lens.rescaled_here else cache(partial(largest_day, self.rows))
        largest = max((row.standing.share or 0 for row in self.rows), default=0.0)
        measures = on_screen(compared=compared, scale=scale, days=days, largest=largest)
        before = self.known.once(before_refresh, self.lens.of_keys())
        entries: list[KeyRow | None] = list(self.shown)
        if self.quiet:
            at = len(entries) - len(self.quiet)
            entries[at:] = [None] if folded else [None, *self.quiet]

        def drawn(i: int) -> Row:
            row = entries[i]
            if row is None:
                return measures.sums({}, QuietTarget())
            return drawn_row(row, measures, canvas, before)

        return Table(
            measures.columns,
            Rows(
                [row.target if row else QuietTarget() for row in entries],
                drawn,
                self.known.once(extent, self.lens.of_rows(NAME), canvas),
            ),
            canvas.glyphs,
            footing=[self._footing(measures, canvas)],
            sort=self.lens.sorts.get(NAME),
        )

    def _below(self, canvas: Canvas) -> list[Line]:
        """What asks for an action, where `enter` leads, the exact figures; the last of them at any height."""
        width = canvas.width
        note, closer = note_line(self.notes, width, summed=True), self._leads(width)
        lines = [line for line in (note, closer) if line]
        return [*(lines if canvas.height >= ROOMY else lines[:1] if note else []), self._read_out(width)]

    def _leads(self, width: int) -> Line:
        if self.cursor is None:
            return ()
        if self.cursor == QuietTarget():
            return (Span(" enter:", "accent"), Span(" a row for each of them", "faint"))
        return enter_line(self.enter(self.lens), self.cursor, self.known.fleet, width)

    def _footing(self, measures: Measures[KeyRow], canvas: Canvas) -> Row:
        """What the rows add up to, and their share of all keys in the picture."""
        total = self.total
        names: tuple[str, ...] = (f"total {counted(total.keys, 'key')}",)
        if total.answered < total.keys:
            names = (
                f"total {total.answered} of {total.keys} keys",
                f"total {total.answered} of {total.keys}",
            )
        return measures.sums(
            {
                "key": Cell(names),
                "requests": Cell(forms(total.requests)),
                "change": change_cell(total.change, canvas.glyphs),
                "share": Cell((percent(ratio(total.requests, self.requests), ""),)),
                "success_ratio": Cell((percent(ratio(total.successful, total.requests)),)),
                "error_ratio": Cell((percent(ratio(total.failed, total.requests)),)),
                "throttled": Cell(forms(total.throttled)),
                "server_errors": Cell(forms(total.server_errors)),
            },
            AllKeysTarget(),
        )

    def _read_out(self, width: int) -> Line:
        if self.cursor == QuietTarget():
            return quiet_read_out(self.quiet, width)
        if self.finding is not None:
            return finding_read_out(self.finding, width, added_part(self.known, [self.finding.key], " req"))
        if self.at is not None:
            return key_read_out(self.at.standing, width, added_part(self.known, [self.at.standing.key]))
        keys = tuple(row.standing.key for row in self.rows)
        return sum_read_out(self.total, width, self.known.once(added_part, keys))

    def sheet(self) -> Sheet:
        sentences = (*map(sentence, self.findings.worst_first), summary(self.findings))
        return MEASURES.sheet(
            self.rows, compared=self.growth is not None, notes=(*filter(None, sentences), *self.notes)
        )

    def json(self) -> dict[str, object]:
        total = self.total
        return {
            "findings": [finding_data(finding) for finding in self.findings.worst_first],
            "findings_note": summary(self.findings) or None,
            "rows": [self._row_data(row) for row in self.rows],
            "total": {
                "keys": total.keys,
                "keys_answered": total.answered,
                "requests": total.requests,
                "share": rounded(ratio(total.requests, self.requests)),
                "successful": total.successful,
                "client_errors": total.client_errors,
                "server_errors": total.server_errors,
                "throttled": total.throttled,
                "success_ratio": rounded(ratio(total.successful, total.requests)),
                "error_ratio": rounded(ratio(total.failed, total.requests)),
                **change_data(total.change),
            },
            **({"growth": growth_data(self.growth)} if self.growth else {}),
            **({"news": news_data(self.news)} if self.news else {}),
        }

    def _row_data(self, row: KeyRow) -> dict[str, object]:
        by_days = {f"{days}": as_written(ms) for days, ms in row.p95_by_days.items()}
        return {
            "key_id": row.standing.key.id,
            **MEASURES.json(row),
            "as_of": stamp(row.usage.observed_at) if row.usage else None,
            "stale": row.usage is not None and row.standing.problem is not None,
            **change_data(row.standing.change, row.standing.growth),
            **({"p95_ms_by_days": by_days} if self.growth else {}),
            "verdict": row.standing.budgets.verdict,
        }

    @property
    def first_row(self) -> int:
        return len(self.findings.worst_first)

    def targets(self) -> Grid:
        return self.places

    def maximum(self) -> KeyTarget | None:
        """The key with the most requests."""
        busiest = max(self.rows, key=lambda row: row.standing.requests or 0, default=None)
        return busiest.target if busiest else None

    def enter(self, lens: Lens) -> Lens:
        """What a finding speaks of, the first of the quiet keys, the page of a key, or of all."""
        if self.finding is not None:
            is_new = self.news is not None and self.finding in self.news.new
            return look_at((is_new and self.noted(lens)) or lens, self.finding)
        if not self.rows:
            return lens
        if self.cursor == QuietTarget():
            return lens.at(self.quiet[0].target)
        return to_page(lens, self.at.standing.key.id if self.at else None)

    def noted(self, lens: Lens) -> Lens | None:
        return replace(lens, caught_up=self.news.since) if self.news else None
