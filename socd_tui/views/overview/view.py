"""Every key in one row, on one scale, below what to know first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from socd_tui.analysis.findings import Finding, Findings
from socd_tui.analysis.growth import Growth, growth
from socd_tui.analysis.known import Known
from socd_tui.analysis.standing import Standing, Total, standings, total
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.charts.number import exact, forms, millis, moment, percent
from socd_tui.charts.sheet import Sheet, as_written, rounded, stamp
from socd_tui.charts.table import Cell, Extent, Measured, Row, Rows, draw_table, measured
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import BASELINE, LATENCY_WINDOWS, Lens, Wanted, shown_windows, visible
from socd_tui.model.target import AllKeysTarget, FindingTarget, KeyTarget, Target
from socd_tui.model.text import counted
from socd_tui.model.usage import ratio
from socd_tui.model.window import LOOK_BACK
from socd_tui.views.overview.measures import MEASURES, NAME, KeyRow, on_screen
from socd_tui.views.parts.change import (
    change_cell,
    change_data,
    change_part,
    growth_data,
    growth_line,
    so_far_part,
)
from socd_tui.views.parts.findings import (
    finding_data,
    finding_lines,
    finding_read_out,
    look_at,
    sentence,
    summary,
    target_of,
)
from socd_tui.views.parts.measure import Meaning, Measures
from socd_tui.views.parts.names import label, name_beside
from socd_tui.views.parts.notes import note_line, notes
from socd_tui.views.parts.readout import error_part, read_out, requests_part
from socd_tui.views.view import Grid, Pane, View, column, pick, to_page


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
    places: Grid = ()
    """What the cursor can be on: each finding, then each key, then all of them."""

    @property
    def finding(self) -> Finding | None:
        """The finding under the cursor."""
        if not isinstance(self.cursor, FindingTarget):
            return None
        return next((each for each in self.findings.worst_first if target_of(each) == self.cursor), None)

    @property
    def at(self) -> KeyRow | None:
        """The key under the cursor."""
        return next((row for row in self.rows if row.target == self.cursor), None)

    def draw(self, canvas: Canvas) -> list[Line]:
        width = canvas.width
        opening = [growth_line(self.growth, width)] if self.growth else []
        room = canvas.sized(height=canvas.height - len(opening))
        opening = [*finding_lines(self.findings, self.cursor, len(self.rows), room), *opening]
        body = canvas.sized(height=canvas.height - 2 - len(opening))
        scale = None if self.lens.rescaled_here else max((row.busiest_day for row in self.rows), default=0)
        measures = on_screen(compared=self.growth is not None, scale=scale)
        table = draw_table(
            measures.columns,
            Rows(
                [row.target for row in self.rows],
                lambda i: _drawn(self.rows[i], measures, self.lens, canvas),
                self.known.once(_extent, self.lens.of_rows(NAME), canvas.sized(width=0, height=0)),
            ),
            body,
            cursor=self.cursor,
            footing=[self._footing(measures, canvas)],
            sort=self.lens.sorts.get(NAME),
        )
        rows = table or [_narrow(row.standing, width) for row in self.rows[: body.height]]
        return [*opening, *body.fit(rows), note_line(self.notes), self._read_out(width)]

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
        if self.finding is not None:
            return finding_read_out(self.finding, width)
        return _key_read_out(self.at.standing, width) if self.at else self._sum_read_out(width)

    def _sum_read_out(self, width: int) -> Line:
        """The exact figures of all rows together."""
        total = self.total
        if not self.rows:
            return ()
        return read_out(
            [
                Span(f"{total.answered} of {counted(total.keys, 'key')}", "title"),
                requests_part(total.requests) if total.answered else "waiting for their figures",
                change_part(total.change, total.requests),
                so_far_part(total.change),
                error_part(total.failed, ratio(total.failed, total.requests)) if total.answered else None,
                f"{exact(total.throttled)} throttled" if total.throttled is not None else None,
            ],
            width,
        )

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
        """What a finding speaks of, else the page of a key, or of all."""
        if self.finding is not None:
            return look_at(lens, self.finding)
        if not self.rows:
            return lens
        return to_page(lens, self.at.standing.key.id if self.at else None)


def _narrow(standing: Standing, width: int) -> Line:
    """One line a key where no table fits: name, requests, state."""
    name = Span(label(standing.key, 16), "title")
    return read_out([name, forms(standing.requests)[-1], standing.word], width)


def _key_read_out(standing: Standing, width: int) -> Line:
    """The exact figures of one key, or why there are none."""
    key, usage, problem = standing.key, standing.usage, standing.problem
    if usage is None:
        reasons = (problem.message, problem.next_step) if problem else ("waiting for its figures",)
        return read_out([Span(label(key), "title"), *reasons], width)
    percentiles = (usage.p50_ms, usage.p95_ms, usage.p99_ms)
    return read_out(
        [
            name_beside(key, requests_part(usage.requests), width),
            requests_part(usage.requests),
            change_part(standing.change, usage.requests),
            so_far_part(standing.change),
            error_part(usage.failed, ratio(usage.failed, usage.requests)),
            f"{exact(usage.throttled)} throttled" if usage.throttled is not None else None,
            f"p50/p95/p99 {'/'.join(map(millis, percentiles))} ms"
            if any(ms is not None for ms in percentiles)
            else None,
            f"avg {millis(usage.avg_ms)} ms" if usage.avg_ms is not None else None,
            f"{'stale, ' if problem else ''}as of {moment(usage.observed_at)} UTC",
        ],
        width,
    )


class OverviewView(View):
    name = NAME
    order = 1
    title = "Overview"
    question = "Who is burning the limit?"
    scope = "all"
    measures = MEASURES
    meanings = (
        Meaning(
            "findings",
            f"what differs from the key's own last {LOOK_BACK}, worst first, with the number of the view "
            "that shows it; enter goes there",
        ),
    )
    toggles = ("scale",)

    def windows(self, lens: Lens) -> Wanted:
        """Also what tells what is usual, and when comparing those whose p95 stand side by side."""
        latencies = LATENCY_WINDOWS if lens.compare else ()
        return Wanted.merged([shown_windows(lens), Wanted((), (*latencies, *BASELINE))])

    def build(self, known: Known, lens: Lens) -> OverviewPane:
        pane = known.once(_pane, lens.of_rows(NAME))
        return replace(pane, lens=lens, cursor=_cursor(pane.rows, pane.findings, lens))


def _every_row(known: Known, lens: Lens) -> tuple[KeyRow, ...]:
    """Of all keys in the picture."""
    return tuple(_row(known.fleet, lens, standing) for standing in standings(known, lens))


def _row(fleet: Fleet, lens: Lens, standing: Standing) -> KeyRow:
    if not lens.compare:
        return KeyRow(standing=standing)
    answers = {days: fleet.usage(standing.key.id, days) for days in LATENCY_WINDOWS}
    return KeyRow(
        standing=standing,
        p95_by_days={days: usage.p95_ms if usage else None for days, usage in answers.items()},
    )


def _pane(known: Known, lens: Lens) -> OverviewPane:
    """All that stays the same while a cursor moves."""
    everything = known.once(_every_row, lens.of_keys())
    rows = tuple(MEASURES.chosen(everything, lens, NAME))
    keys, in_picture = [row.standing.key for row in rows], visible(known.fleet, lens)
    findings = known.findings(in_picture)
    places: list[Target] = [*map(target_of, findings.worst_first), *(row.target for row in rows)]
    if rows:
        places.append(AllKeysTarget())
    return OverviewPane(
        known=known,
        lens=lens,
        notes=notes(known, in_picture, lens),
        rows=rows,
        total=total((row.standing for row in rows), known.before(keys) if lens.compare else None),
        requests=total(row.standing for row in everything).requests,
        findings=findings,
        growth=growth(known, keys) if lens.compare else None,
        places=column(places),
    )


def _drawn(row: KeyRow, measures: Measures[KeyRow], lens: Lens, canvas: Canvas) -> Row:
    marker = canvas.glyphs.marked if row.standing.key.id in lens.marked else " "
    return measures.row(row, canvas, row.target, marker)


def _measured(known: Known, lens: Lens, canvas: Canvas) -> dict[str, Measured]:
    """How wide each key's row is, by key id."""
    measures = on_screen(compared=lens.compare is not None, scale=0)
    return {
        row.standing.key.id: measured(_drawn(row, measures, lens, canvas), canvas.glyphs.unknown)
        for row in known.once(_every_row, lens)
    }


def _extent(known: Known, lens: Lens, canvas: Canvas) -> Extent:
    """How wide the rows are that the Lens keeps."""
    widths = known.once(_measured, lens.of_keys(), canvas)
    return Extent.of(widths[row.standing.key.id] for row in known.once(_pane, lens).rows)


def _cursor(rows: Sequence[KeyRow], findings: Findings, lens: Lens) -> Target | None:
    """The finding that the Lens points at while its key is in focus, else that key, else the first; all
    keys together where the Lens points at none."""
    at = lens.finding
    if lens.focus is None and rows:
        return AllKeysTarget()
    if at is not None and at.key_id == lens.focus and at in map(target_of, findings.worst_first):
        return at
    return pick(lens.key_target(), [row.target for row in rows])


VIEW = OverviewView()
