"""The status codes of the chosen keys: the rate of errors, the codes by group, and what to do about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from socd_tui.analysis.compare import Previous, sum_changes
from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Canvas, Line, Role, Span
from socd_tui.charts.number import exact, forms, percent
from socd_tui.charts.sheet import Sheet, rounded
from socd_tui.charts.table import Cell, Row, draw_table
from socd_tui.model.lens import BASELINE, Lens, Wanted, shown_windows, subject
from socd_tui.model.target import RowTarget
from socd_tui.model.usage import Usage, ratio
from socd_tui.views.parts.change import change_cell, change_data, change_part
from socd_tui.views.parts.codes import WORDS
from socd_tui.views.parts.measure import Meaning
from socd_tui.views.parts.notes import note_line, notes, rows_notes, untold
from socd_tui.views.parts.readout import read_out
from socd_tui.views.parts.share import share_bar
from socd_tui.views.status.measures import MEASURES, NAME, StatusRow
from socd_tui.views.status.triage import (
    ErrorPaths,
    Trends,
    advice_line,
    code_figures,
    error_history,
    error_paths,
    since_lines,
    triage_data,
)
from socd_tui.views.view import Details, Grid, Pane, View, column, pick

ROOMY = 12
"""Lines from which there is room for what broke and what to do about it."""

MOST_CAUSES = 3
"""Lines of it, where the pane is high."""

_GROUP_ROLES: dict[str, Role] = {"2xx": "good", "3xx": "good", "4xx": "warn", "429": "bad", "5xx": "bad"}


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
        rates, most = self._rates(canvas.width), min(max((canvas.height - ROOMY) // 2, 0) + 1, MOST_CAUSES)
        causes = since_lines(self.trends, self.usage, canvas.width, most)
        if self.rows is None:
            missing = untold("status codes", self.lens.days, canvas.width)
            return [rates, *causes, (), *missing, note_line(self.notes)]
        above, below = [rates], []
        if canvas.height >= ROOMY:
            above += causes
            below.append(advice_line(self.at.code if self.at else None, canvas.width))
        body = canvas.sized(height=canvas.height - len(above) - len(below) - 2)
        table = draw_table(
            MEASURES.columns,
            self._lines(canvas),
            body,
            cursor=self.cursor,
            footing=self._footing(canvas),
            sort=self.lens.sorts.get(NAME),
        )
        return [
            *above,
            *body.fit(table or []),
            *below,
            note_line(self.notes),
            self._read_out(canvas.width),
        ]

    def _rates(self, width: int) -> Line:
        of = f" of {exact(self.requests)} req" if self.requests is not None else ""
        return read_out(
            [
                Span(f"4xx {percent(self.client_error_ratio)}{of}", "title"),
                f"without 429: {percent(self.client_error_ratio_without_429)}",
                f"throttled (429): {exact(self.usage.throttled if self.usage else None)}",
            ],
            width,
        )

    def _lines(self, canvas: Canvas) -> list[Row]:
        """Codes by group, each group under its sub-total; one plain list when they are sorted."""
        rows = _as_shown(self.rows or (), self.lens)
        if NAME in self.lens.sorts:
            return [MEASURES.row(row, canvas, row.target) for row in rows]
        lines: list[Row] = []
        for group, members in groupby(rows, key=lambda row: row.group):
            codes = list(members)
            lines.append(self._sub_total(group, codes, canvas))
            if group != "429":
                lines += [MEASURES.row(row, canvas, row.target) for row in codes]
        return lines

    def _sub_total(self, group: str, codes: Sequence[StatusRow], canvas: Canvas) -> Row:
        """The sum of a group's codes; that of 429 is the code's own row."""
        requests = sum(row.requests for row in codes)
        share = ratio(requests, self.requests)
        title = {"4xx": "4xx without 429", "429": "429 throttled"}.get(group, group)
        cells = {
            "code": Cell((title,), "title"),
            "requests": Cell(forms(requests), "title"),
            "change": change_cell(sum_changes(row.change for row in codes), canvas.glyphs),
            "share": Cell((percent(share),), "title"),
            "bar": share_bar(share, _GROUP_ROLES.get(group, "ink"), canvas),
        }
        return MEASURES.sums(cells, codes[0].target if group == "429" else None, role=None)

    def _footing(self, canvas: Canvas) -> list[Row]:
        """What the rows leave, when they leave anything, and all requests."""
        change = self.before.change("requests") if self.before else None
        beside = {"change": change_cell(change, canvas.glyphs)} if change else {}
        other = [MEASURES.sums(self._sum("other", self.other))] if self.other else []
        return [*other, MEASURES.sums({**self._sum("total", self.requests), **beside})]

    def _sum(self, name: str, requests: int | None) -> dict[str, Cell]:
        share = percent(ratio(requests, self.requests), "")
        return {"code": Cell((name,)), "requests": Cell(forms(requests)), "share": Cell((share,))}

    def _read_out(self, width: int) -> Line:
        row = self.at
        if row is None:
            return ()
        return read_out(
            [
                Span(str(row.code), "title"),
                WORDS.get(row.code),
                f"{exact(row.requests)} of {exact(self.requests)} req",
                percent(row.share),
                change_part(row.change, row.requests),
            ],
            width,
        )

    def sheet(self) -> Sheet:
        absent = ("the service sent no status codes",) if self.rows is None else ()
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
        return column(row.target for row in _as_shown(self.rows or (), self.lens))

    def maximum(self) -> RowTarget | None:
        """The most frequent code that is not a success: what one looks for here."""
        errors = [row for row in self.rows or () if row.code >= 400]
        most = max(errors, key=lambda row: row.requests, default=None)
        return most.target if most else None

    def details(self) -> Details | None:
        """The code under the cursor: its usual cause, what to do, and whose it is."""
        row = self.at
        if row is None:
            return None
        counted = f"{exact(row.requests)} of {exact(self.requests)} ({percent(row.share)})"
        figures = code_figures(self.known, subject(self.known.fleet, self.lens), row.code)
        return Details(row.meaning, (("requests", counted), *figures))


def _as_shown(rows: Sequence[StatusRow], lens: Lens) -> list[StatusRow]:
    """The rows in the order of the screen and of the cursor: by group, or as they are sorted."""
    return list(rows) if NAME in lens.sorts else sorted(rows, key=lambda row: row.place)


class StatusView(View):
    name = NAME
    order = 4
    title = "Status"
    question = "What is my 4xx rate?"
    scope = "subject"
    measures = MEASURES
    meanings = (
        Meaning("4xx %", "4xx ÷ all requests, 429 included"),
        Meaning("without 429", "(4xx − 429) ÷ (requests − 429)"),
        Meaning(
            "began, rose",
            "the first day of a class with none before, or of days whose share of errors is far above "
            "the key's usual days; all errors, where the days do not tell the class alone",
        ),
        Meaning("429", "refused by a rate limit; a client error, shown as a group of its own"),
    )

    def windows(self, lens: Lens) -> Wanted:
        return Wanted.merged([shown_windows(lens), Wanted((), BASELINE)])

    def build(self, known: Known, lens: Lens) -> StatusPane:
        keys = subject(known.fleet, lens)
        usage = known.combined(keys)
        sentences = notes(known, keys, lens)
        if usage is None:
            return StatusPane(known=known, lens=lens, notes=sentences)
        before = known.before(keys) if lens.compare else None
        rows = None
        if usage.statuses is not None:
            rows = tuple(MEASURES.chosen(_rows(usage.statuses, usage.requests, before), lens, NAME))
        shown = _as_shown(rows or (), lens)
        return StatusPane(
            known=known,
            lens=lens,
            usage=usage,
            rows=rows,
            before=before,
            trends=error_history(known, keys),
            error_paths=error_paths(known, keys),
            cursor=pick(lens.row_target(NAME), [row.target for row in shown]),
            notes=(*rows_notes([row.change for row in shown], before), *sentences),
        )


def _rows(counts: Mapping[int, int], total: int | None, before: Previous | None) -> list[StatusRow]:
    """The codes of the window; when comparing, also those that are gone."""
    if before is None:
        return [StatusRow(code=code, requests=n, total=total) for code, n in sorted(counts.items())]
    earlier = (before.usage.statuses if before.usage else None) or {}
    every = {**{code: 0 for code, n in earlier.items() if n}, **counts}
    return [
        StatusRow(code=code, requests=n, total=total, change=before.status(code))
        for code, n in sorted(every.items())
    ]


VIEW = StatusView()
