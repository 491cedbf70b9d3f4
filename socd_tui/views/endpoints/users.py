"""Which keys ask one endpoint: below the endpoints where lines are left, or alone after `enter`."""

from __future__ import annotations

from socd_tui.analysis.findings import RunningAway
from socd_tui.analysis.known import Known
from socd_tui.analysis.standing import Standing, standings
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.charts.number import day_name, exact, percent
from socd_tui.charts.sheet import Sheet
from socd_tui.charts.table import Column, draw_table
from socd_tui.model.lens import BASELINE, Lens, visible
from socd_tui.model.record import dataclass, replace
from socd_tui.model.target import RowTarget
from socd_tui.model.text import Text, cell_width, clip_middle, counted
from socd_tui.model.usage import Endpoint, Usage, endpoint_columns, ratio
from socd_tui.views.endpoints.view import NAME
from socd_tui.views.parts.measure import Measure, Measures
from socd_tui.views.parts.names import key_measures, label, named, room_beside
from socd_tui.views.parts.readout import error_part, read_out
from socd_tui.views.parts.share import bar_measure
from socd_tui.views.parts.state import state_measure
from socd_tui.views.view import Grid, Pane, column, pick, to_page

USERS = f"{NAME}.keys"
"""What its rows are called among those of all views."""

LEAST_BELOW = 3
"""Lines below the endpoints from which their keys are told there."""

LEAST_OTHER = 3
"""Lines in which an endpoint is told of that the cursor is not on, at least."""

LEAST_TABLE = 5
"""Lines from which each key has one of its own there."""


@dataclass(frozen=True, kw_only=True)
class UserRow:
    """A key with what it asked of the path."""

    standing: Standing
    endpoint: Endpoint
    total: int
    """Requests of all keys in the picture on this path."""

    @property
    def target(self) -> RowTarget:
        return RowTarget(USERS, self.standing.key.id)

    @property
    def share(self) -> float | None:
        return ratio(self.endpoint.requests, self.total)

    @property
    def of_key(self) -> float | None:
        return ratio(self.endpoint.requests, self.standing.requests)


MEASURES: Measures[UserRow] = Measures(
    (
        *key_measures(lambda row: row.standing),
        Measure(name="requests", read=lambda row: row.endpoint.requests, column=Column("requests")),
        Measure(name="share", read=lambda row: row.share, kind="ratio", column=Column("share", drop=3)),
        Measure(name="of_key", read=lambda row: row.of_key, kind="ratio", column=Column("of key", drop=2)),
        replace(bar_measure(lambda row: row.share, "data", drop=6), after="of_key"),
        Measure(name="errors", read=lambda row: row.endpoint.errors, column=Column("errors", drop=5)),
        Measure(
            name="error_ratio",
            read=lambda row: ratio(row.endpoint.errors, row.endpoint.requests),
            kind="ratio",
            column=Column("err%", drop=3),
        ),
        Measure(name="throttled", read=lambda row: row.endpoint.throttled, column=Column("429", drop=4)),
        Measure(
            name="avg_ms", read=lambda row: row.endpoint.avg_ms, kind="ms", column=Column("avg ms", drop=5)
        ),
        state_measure(lambda row: row.standing, Column("state", "left", drop=1)),
    )
)


@dataclass(frozen=True, kw_only=True)
class Use:
    """What is known of one path over all keys in the picture."""

    path: Text
    rows: tuple[UserRow, ...]
    """Most requests first."""
    keys: int
    """How many keys said what they asked."""
    average: tuple[tuple[int, float], ...]
    """Days of a window, and the requests a day in it."""
    causes: tuple[RunningAway, ...]
    """The runaways that are on this path."""

    def above(self, width: int) -> list[Line]:
        """What is known of it besides who asks it."""
        total = sum(row.endpoint.requests for row in self.rows)
        asked = f"{exact(total)} req  asked by {len(self.rows)} of {counted(self.keys, 'key')}"
        name = clip_middle(self.path.shown, max(width - len(asked) - 4, 12))
        lines: list[Line] = [read_out([Span(name, "title"), asked], width)]
        if self.average:
            told = [f"{days} d {per_day:,.0f}" for days, per_day in self.average]
            lines.append(read_out([Span("requests a day:", "faint"), *told], width))
        return lines + [(Span(f" {_caused(cause, width - 1)}", "bad"),) for cause in self.causes]

    def brief(self, width: int) -> Line:
        """Who asks it, in one line."""
        shares = [f"{named(row.standing.key, 28)} {percent(row.share)}" for row in self.rows]
        return read_out([Span("by", "faint"), *shares], width)

    def briefly(self, width: int) -> list[Line]:
        """The same below a line that is left free; nothing where nobody is told to ask it."""
        return [(), *self.above(width), self.brief(width)] if self.rows else []

    def table(self, canvas: Canvas, cursor: RowTarget | None = None) -> list[Line]:
        """The keys; those beyond the room are counted."""
        room = canvas.height - 1
        most = len(self.rows) if len(self.rows) <= room else max(room - 1, 0)
        at = (n for n, row in enumerate(self.rows) if cursor and row.standing.key.id == cursor.row)
        first = next(at, 0) if cursor else 0
        first = max(min(first - most // 2, len(self.rows) - most), 0)
        shown = [MEASURES.row(row, canvas, row.target) for row in self.rows[first : first + most]]
        lines = draw_table(MEASURES.columns, shown, canvas, cursor=cursor) or []
        if most < len(self.rows):
            more = counted(len(self.rows) - most, "more key")
            lines.append((Span(f" {more}" + ("" if cursor else ": enter"), "faint"),))
        return lines

    def below(self, canvas: Canvas) -> list[Line]:
        """All of it in the lines that the endpoints leave."""
        if canvas.height < LEAST_BELOW or not self.rows:
            return []
        above = self.above(canvas.width)
        rest = canvas.sized(height=canvas.height - 1 - len(above))
        if rest.height < min(LEAST_TABLE, len(self.rows) + 1):
            return [(), *above[: canvas.height - 2], self.brief(canvas.width)]
        return [(), *above, *self.table(rest)]


@dataclass(frozen=True, kw_only=True, eq=False)
class UsersPane(Pane):
    """One endpoint and the keys that ask it; files are those of all endpoints."""

    use: Use
    whole: Pane

    @property
    def at(self) -> UserRow | None:
        """The key under the cursor."""
        return next((row for row in self.use.rows if row.target == self.cursor), None)

    def draw(self, canvas: Canvas) -> list[Line]:
        above = self.use.above(canvas.width)
        body = canvas.sized(height=canvas.height - len(above) - 1)
        cursor = self.cursor if isinstance(self.cursor, RowTarget) else None
        return [*above, *body.fit(self.use.table(body, cursor)), self._read_out(canvas.width)]

    def _read_out(self, width: int) -> Line:
        row = self.at
        if row is None:
            return ()
        asked = f"{exact(row.endpoint.requests)} req ({percent(row.of_key)} of the key's)"
        errors = error_part(row.endpoint.errors, ratio(row.endpoint.errors, row.endpoint.requests))
        name = Span(label(row.standing.key, room_beside(asked, width)), "title")
        return read_out([name, asked, f"{percent(row.share)} of the endpoint's", errors], width)

    def sheet(self) -> Sheet:
        return self.whole.sheet()

    def json(self) -> dict[str, object]:
        return self.whole.json()

    def targets(self) -> Grid:
        return column(row.target for row in self.use.rows)

    def maximum(self) -> RowTarget | None:
        return self.use.rows[0].target if self.use.rows else None

    def enter(self, lens: Lens) -> Lens | None:
        """All that is known of the key."""
        return to_page(lens, self.at.standing.key.id) if self.at else None


def looked_into(whole: Pane, known: Known, lens: Lens, path: Text) -> UsersPane:
    """The pane of one endpoint."""
    told = known.once(use, lens.of_keys(), path)
    rows = [row.target for row in told.rows]
    return UsersPane(use=told, whole=whole, cursor=pick(lens.row_target(USERS), rows), notes=whole.notes)


def use(known: Known, lens: Lens, path: Text) -> Use:
    """Who asks the path, how often, and what grew by it; of all keys in the picture."""
    asked = [
        (row, found)
        for row in standings(known, lens)
        if row.usage and (found := _of(row.usage, path)) and found.requests
    ]
    total = sum(found.requests for _, found in asked)
    rows = [UserRow(standing=row, endpoint=found, total=total) for row, found in asked]
    rows.sort(key=lambda row: row.endpoint.requests, reverse=True)
    return Use(
        path=path,
        rows=tuple(rows),
        keys=sum(usage.endpoints is not None for usage in known.usages(visible(known.fleet, lens))),
        average=_average(known, lens, path),
        causes=_causes(known, lens, path),
    )


def _of(usage: Usage, path: Text) -> Endpoint | None:
    listed = usage.endpoints or ()
    paths, *_ = endpoint_columns(listed)
    return listed[paths.index(path.original)] if path.original in paths else None


def _average(known: Known, lens: Lens, path: Text) -> tuple[tuple[int, float], ...]:
    """Requests a day in this window, lately and usually, where every key that answered told of the path."""
    keys = [key for key, _ in known.answered(visible(known.fleet, lens))]
    told = []
    for days in sorted({lens.days, *BASELINE}):
        answers = [known.fleet.usage(key.id, days) for key in keys]
        counts = [_count(answer, path) if answer else None for answer in answers]
        if days > 1 and counts and None not in counts:
            told.append((days, sum(count for count in counts if count is not None) / days))
    return tuple(told)


def _count(usage: Usage, path: Text) -> int | None:
    """Requests on the path; None where it may be among those that the service left out of its list."""
    paths, requests, *_ = endpoint_columns(usage.endpoints or ())
    if path.original in paths:
        found: int = requests[paths.index(path.original)]
        return found
    whole = usage.endpoints is not None and sum(requests) == usage.requests
    return 0 if whole else None


def _causes(known: Known, lens: Lens, path: Text) -> tuple[RunningAway, ...]:
    found = known.findings(visible(known.fleet, lens)).worst_first
    runaways = [finding for finding in found if isinstance(finding, RunningAway)]
    return tuple(each for each in runaways if each.culprit and each.culprit.path == path)


def _caused(cause: RunningAway, width: int) -> str:
    """What grew by the path, in the longest form that fits."""
    since, share = cause.runaway.since, percent(cause.culprit.share if cause.culprit else None)
    runs = f"{named(cause.key, 28)} runs away since {day_name(since)}"
    shorter = f"{named(cause.key, 16)} runs away"
    forms = (
        f"{runs}; {share} of the increase is here",
        f"{runs}, {share} of it here",
        f"{shorter} since {since.day} {since:%b}",
    )
    return next((form for form in forms if cell_width(form) <= width), shorter)
