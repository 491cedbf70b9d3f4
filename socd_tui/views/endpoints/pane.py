"""The endpoints of the chosen keys, with what their list leaves out."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.analysis.growth import Growth, growth, growth_share, increase
from socd_tui.analysis.known import Known
from socd_tui.analysis.refreshed import comparable
from socd_tui.analysis.totals import by_path
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.charts.number import exact, forms, millis, percent
from socd_tui.charts.sheet import Sheet
from socd_tui.charts.table import Cell, draw_table
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens, subject
from socd_tui.model.record import dataclass, replace
from socd_tui.model.target import RowTarget
from socd_tui.model.text import clip_middle, counted
from socd_tui.model.usage import Endpoint, Usage, ratio
from socd_tui.views.endpoints.measures import MEASURES, EndpointRow, column_title, with_keys
from socd_tui.views.endpoints.users import LEAST_OTHER, Use, UsersPane, looked_into, use
from socd_tui.views.endpoints.view import NAME
from socd_tui.views.parts.change import (
    change_cell,
    change_data,
    change_part,
    growth_data,
    growth_line,
)
from socd_tui.views.parts.names import room_beside
from socd_tui.views.parts.notes import note_lines, notes, rows_notes, untold, why_none
from socd_tui.views.parts.readout import error_part, read_out
from socd_tui.views.parts.refreshed import Before
from socd_tui.views.parts.share import share_bar
from socd_tui.views.view import Grid, Pane, column, pick

NARROWEST = 4
"""Columns that a key's figures take at least, with what stands between: there is no room for more keys."""


@dataclass(frozen=True, kw_only=True, eq=False)
class EndpointsPane(Pane):
    """`rows` as filtered and sorted, by requests without a sort; None when the service sent no endpoints.

    `other` is what they leave of the total: not listed, or filtered out.
    """

    known: Known
    lens: Lens
    rows: tuple[EndpointRow, ...] | None = None
    total: int | None = None
    other: int | None = None
    filtered: bool = False
    keys: tuple[ApiKey, ...] = ()
    """The marked keys, where there are several: each has a column of its own."""
    use: Use | None = None
    """Which keys ask the endpoint under the cursor."""
    growth: Growth | None = None
    """The growth over the window before, when the Lens compares."""

    @property
    def at(self) -> EndpointRow | None:
        """The endpoint under the cursor."""
        return next((row for row in self.rows or () if row.target == self.cursor), None)

    def draw(self, canvas: Canvas) -> list[Line]:
        if self.rows is None:
            missing = untold("endpoints", self.known, canvas.width)
            return [(), *missing, *note_lines(self.notes, canvas.width)]
        measures = with_keys(self.keys[: canvas.width // NARROWEST])
        still = replace(self.lens.of_rows(NAME), focus=self.lens.focus, marked=self.lens.marked)
        before = self.known.once(_before_refresh, still, self.keys)
        opening = [growth_line(self.growth, canvas.width)] if self.growth else []
        closing = [*note_lines(self.notes, canvas.width), self._read_out(canvas.width)]
        body = canvas.sized(height=canvas.height - len(opening) - len(closing))
        other = {
            "path": Cell((self._other_name,), "faint"),
            "requests": Cell(forms(self.other)),
            "share": Cell((percent(ratio(self.other, self.total)),)),
            **({} if self.keys else {"bar": share_bar(ratio(self.other, self.total), "faint", canvas)}),
        }
        total = {
            "path": Cell(("total",)),
            "requests": Cell(forms(self.total)),
            "share": Cell(("100%" if self.total else "",)),
            "change": change_cell(self.growth.total, canvas.glyphs) if self.growth else Cell(),
        }

        def drawn(height: int) -> list[Line]:
            return (
                draw_table(
                    measures.columns,
                    [
                        measures.row(
                            row,
                            canvas,
                            row.target,
                            changed=before.changed(row.target, row, measures, canvas),
                        )
                        for row in self.rows or ()
                    ],
                    body.sized(height=height),
                    cursor=self.cursor,
                    footing=[
                        *([measures.sums(other, role=None)] if self.other else []),
                        measures.sums(total),
                    ],
                    sort=self.lens.sorts.get(NAME),
                )
                or []
            )

        table = drawn(body.height)
        hidden = self._without_column(table)
        if hidden:
            told = f" +{counted(hidden, 'key')} without a column of their own here, in the sums"
            table = [*drawn(body.height - 1), (Span(told, "warn"),)]
        table += self.use.below(body.sized(height=body.height - len(table))) if self.use else []
        table += self._others(body.sized(height=body.height - len(table)))
        return [*opening, *body.fit(table), *closing]

    def _others(self, canvas: Canvas) -> list[Line]:
        """Who asks the endpoints that the cursor is not on, where there are lines left."""
        lines: list[Line] = []
        for row in self.rows or ():
            if self.use is None or row.path == self.use.path:
                continue
            if len(lines) + LEAST_OTHER > canvas.height:
                break
            told = self.known.once(use, self.lens.of_keys(), row.path).briefly(canvas.width)
            if len(lines) + len(told) <= canvas.height:
                lines += told
        return lines

    def _without_column(self, table: Sequence[Line]) -> int:
        """How many of the marked keys there is no room for."""
        titles = {span.text.strip() for line in table[:1] for span in line}
        return sum(column_title(key) not in titles for key in self.keys)

    @property
    def _other_name(self) -> str:
        return "other (filtered out)" if self.filtered else "other (not listed)"

    def _read_out(self, width: int) -> Line:
        row = self.at
        if row is None:
            return ()
        endpoint = row.endpoint
        requests = f"{exact(endpoint.requests)} req ({percent(row.share)})"
        return read_out(
            [
                Span(clip_middle(row.path.shown, room_beside(requests, width)), "title"),
                requests,
                change_part(row.change, endpoint.requests),
                error_part(endpoint.errors, row.error_ratio),
                f"{exact(endpoint.throttled)} throttled" if endpoint.throttled is not None else None,
                f"avg {millis(endpoint.avg_ms)} ms" if endpoint.avg_ms is not None else None,
            ],
            width,
        )

    def sheet(self) -> Sheet:
        other = {
            "path": self._other_name,
            "requests": self.other,
            "share": ratio(self.other, self.total),
        }
        absent = (why_none("endpoints", self.known),) if self.rows is None else ()
        return MEASURES.sheet(
            self.rows or (),
            compared=self.growth is not None,
            more=[other] if self.other else [],
            notes=(*absent, *self.notes),
        )

    def json(self) -> dict[str, object]:
        ids = [key.id for key in self.keys]
        rows = [
            {
                **MEASURES.json(row),
                **change_data(row.change, row.growth),
                **({"by_key": dict(zip(ids, row.by_key, strict=True))} if ids else {}),
            }
            for row in self.rows or ()
        ]
        return {
            "rows": None if self.rows is None else rows,
            "other": self.other,
            "total": self.total,
            **({"growth": growth_data(self.growth)} if self.growth else {}),
        }

    def targets(self) -> Grid:
        return column(row.target for row in self.rows or ())

    def maximum(self) -> RowTarget | None:
        busiest = max(self.rows or (), key=lambda row: row.endpoint.requests, default=None)
        return busiest.target if busiest else None

    def enter(self, lens: Lens) -> Lens | None:
        """Which keys ask the endpoint."""
        return replace(lens, path=self.at.path.original) if self.at else None


def endpoints(known: Known, lens: Lens) -> EndpointsPane | UsersPane:
    """Of the keys that the Lens speaks of; the keys that use one, where that is looked into."""
    whole = _whole(known, lens)
    paths = (row.path for row in whole.rows or ())
    path = next((path for path in paths if path.original == lens.path), None)
    return whole if path is None else looked_into(whole, known, lens, path)


def _whole(known: Known, lens: Lens) -> EndpointsPane:
    keys = subject(known.fleet, lens)
    usage = known.combined(keys)
    sentences = notes(known, keys, lens)
    if usage is None or usage.endpoints is None:
        total = usage.requests if usage else None
        return EndpointsPane(known=known, lens=lens, total=total, notes=sentences)
    total = usage.requests
    several = sorted(keys, key=lambda key: -_requests(known, key)) if len(lens.marked) > 1 else []
    before = known.before(keys) if lens.compare else None
    every = _rows(known, lens, usage, several)
    rows = tuple(MEASURES.chosen(every, lens, NAME))
    cursor = pick(lens.row_target(NAME), [row.target for row in rows])
    at = next((row for row in rows if row.target == cursor), None)
    return EndpointsPane(
        known=known,
        lens=lens,
        rows=rows,
        total=total,
        other=None if total is None else max(total - sum(row.endpoint.requests for row in rows), 0),
        cursor=cursor,
        use=known.once(use, lens.of_keys(), at.path) if at else None,
        filtered=len(rows) < len(every),
        notes=(*rows_notes([row.change for row in rows], before), *sentences),
        keys=tuple(several),
        growth=growth(known, keys) if lens.compare else None,
    )


def _requests(known: Known, key: ApiKey) -> int:
    usage = known.usage(key.id)
    return (usage.requests if usage else None) or 0


def _before_refresh(known: Known, lens: Lens, several: Sequence[ApiKey]) -> Before[EndpointRow]:
    """The rows as they were when the newest refresh began; none where other keys had answered by then."""
    keys = subject(known.fleet, lens)
    then = comparable(known, keys)
    usage = then.combined(keys) if then else None
    rows = _rows(then, lens, usage, several) if then and usage else ()
    return Before({row.target: row for row in rows})


def _rows(known: Known, lens: Lens, usage: Usage, several: Sequence[ApiKey]) -> list[EndpointRow]:
    """The endpoints of the window; when comparing, also those that are gone."""
    counts = [by_path(answer) if (answer := known.usage(key.id)) else None for key in several]
    rows = [
        EndpointRow(
            endpoint=row,
            total=usage.requests,
            by_key=tuple(each.get(row.path, 0) if each is not None else None for each in counts),
        )
        for row in usage.endpoints or ()
    ]
    if not lens.compare:
        return rows
    before = known.before(subject(known.fleet, lens))
    listed = {row.path for row in rows}
    left = before.usage.endpoints or () if before.usage else ()
    rows += [
        EndpointRow(
            endpoint=Endpoint(path=row.path, requests=0), total=usage.requests, by_key=(0,) * len(several)
        )
        for row in left
        if row.requests and row.path not in listed
    ]
    changes = [before.endpoint(row.path) for row in rows]
    grown = before.change("requests").difference or 0
    increased = max(increase(changes), grown)  # what the list leaves out may have grown too
    return [
        replace(row, change=change, growth=growth_share(change, increased))
        for row, change in zip(rows, changes, strict=True)
    ]
