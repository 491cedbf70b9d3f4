"""What each owner's keys used, and their estimated share of the plan's price."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from socd_tui.analysis.bill import Bill, Charge, Group, bill, group_by_owner, heaviest_first, together
from socd_tui.analysis.known import Known
from socd_tui.analysis.once import Once
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.charts.sheet import Sheet
from socd_tui.charts.table import Cell, Extent, Row, Rows, Table
from socd_tui.model.lens import Lens, visible
from socd_tui.model.record import dataclass, field, replace
from socd_tui.model.target import AllKeysTarget, KeyTarget, Target
from socd_tui.model.text import cell_width, counted
from socd_tui.views.bill.basis import basis, doubts, left_out
from socd_tui.views.bill.measures import (
    GROUPED,
    MEASURES,
    BillRow,
    before_refresh,
    of_owners,
    owner_name,
    with_period,
)
from socd_tui.views.bill.readout import of_key, of_together
from socd_tui.views.bill.rows import drawn, figures, folds, how_many, target, with_keys
from socd_tui.views.bill.view import NAME
from socd_tui.views.parts.change import change_data
from socd_tui.views.parts.extent import extent_of
from socd_tui.views.parts.measure import Measures
from socd_tui.views.parts.notes import note_lines, notes
from socd_tui.views.view import Grid, Pane, column, pick, to_page

HINT = (
    "o names the owner of a key; config.toml keeps it, [owners]. The README tells more.",
    "o names the owner of a key; config.toml keeps it, [owners].",
    "o names an owner, for config.toml.",
)

AROUND = 2
"""Lines of a table that are no rows: heading and total."""

ROOMY = 16
"""Lines from which there is room to say what is left out, and how owners are named."""


@dataclass(frozen=True, kw_only=True, eq=False)
class BillPane(Pane):
    """`rows` as filtered, in the order they are drawn: by owner, or as sorted. `groups` holds the same.

    `listed` and `listed_groups` are in the order of files: that of the settings, then of the service.
    """

    known: Known
    lens: Lens
    rows: tuple[Charge, ...]
    groups: tuple[Group, ...]
    listed: tuple[Charge, ...]
    listed_groups: tuple[Group, ...]
    total: Group
    bill: Bill
    """Of all keys in the picture, before a filter."""
    hint: tuple[str, ...]
    """How to name owners, in the widest form first; empty where somebody is named as one."""
    basis: tuple[str, ...]
    """How the price is shared, or why it is not, in the widest form first."""
    left_out: tuple[str, ...]
    """Whose requests share no price, in the widest form first; empty when all do."""
    period: str
    doubts: tuple[str, ...]
    """What makes a share too large, and what the owners in the settings do not settle."""
    drawings: Once = field(default_factory=Once)
    """What is the same wherever the cursor is and whatever is marked."""

    @cached_property
    def at(self) -> Charge | None:
        """The key under the cursor."""
        at = self.cursor.key_id if isinstance(self.cursor, KeyTarget) else None
        return next((row for row in self.rows if row.standing.key.id == at), None)

    @property
    def owner(self) -> Group | None:
        """The owner under the cursor."""
        return next((group for group in self.groups if target(group) == self.cursor), None)

    def draw(self, canvas: Canvas) -> list[Line]:
        roomy = canvas.height >= ROOMY
        hints = (self.hint,) if self.hint and roomy else ()
        beside = (self.left_out,) if self.left_out and roomy else ()
        closing = [
            *(_fitting(forms, canvas.width) for forms in (*hints, self.basis, *beside)),
            *note_lines(self.notes, canvas.width, summed=True),
            self._read_out(canvas.width),
        ]
        body = canvas.sized(height=canvas.height - len(closing))
        paper, listed = canvas.sized(width=0, height=0), self._listed(body.height - AROUND)
        table = self.drawings.result((paper, listed), lambda: self._made(paper, self._lines(listed)))
        rows = table.draw(body, cursor=self.cursor, marked=self.lens.marks)
        return [*body.fit(rows or []), *closing]

    def _made(self, paper: Canvas, lines: Sequence[BillRow]) -> Table:
        """The same for every cursor and all marks, on paper of any size."""
        sort = self.lens.sorts.get(NAME)
        measures = MEASURES if sort else GROUPED
        before, folded = self.known.once(before_refresh, self.lens.of_keys()), folds(self.groups)
        return Table(
            measures.columns,
            Rows(
                list(map(target, lines)),
                lambda i: drawn(lines[i], measures, paper, before, counted_keys=folded),
                self.known.once(_extent, self.lens.of_rows(NAME), paper),
            ),
            paper.glyphs,
            footing=[self._footing(measures, paper)],
            sort=sort,
        )

    def _listed(self, room: int = 0) -> Sequence[int]:
        """How many keys of each owner are listed in so many lines; none where keys are sorted."""
        return () if NAME in self.lens.sorts else how_many(self.groups, self.cursor, room)

    def _lines(self, listed: Sequence[int]) -> Sequence[BillRow]:
        """What stands above each other: owners and keys; only keys where these are sorted."""
        return self.rows if NAME in self.lens.sorts else with_keys(self.groups, listed)

    def _footing(self, measures: Measures[BillRow], canvas: Canvas) -> Row:
        used = self.total.used
        of = f"{used.answered} of " if used.answered < used.keys else ""
        name = Cell((f"total {of}{counted(used.keys, 'key')}", f"total {of}{used.keys}"))
        cells = {**figures(self.total, canvas), "key": name, "bar": Cell()}
        return measures.sums(cells, AllKeysTarget() if self.rows else None)

    def _read_out(self, width: int) -> Line:
        if isinstance(self.cursor, AllKeysTarget):
            return of_together(self.known, self.total, self.bill, width)
        if self.owner:
            return of_together(self.known, self.owner, self.bill, width, owner_name(self.owner.owner))
        return of_key(self.known, self.at, self.bill, width) if self.at else ()

    def sheet(self) -> Sheet:
        by_owner = self.lens.by == "owner"
        measures = of_owners(self.period) if by_owner else with_period(self.period)
        return measures.sheet(
            self.listed_groups if by_owner else self.listed,
            compared=any(row.change for row in self.rows),
            notes=(self.period, self.basis[0], *self.left_out[:1], *self.notes),
        )

    def json(self) -> dict[str, object]:
        return {
            "owners": [
                {
                    "owner": group.owner,
                    "keys": [_key_data(charge) for charge in group.charges],
                    **_sum_data(group),
                }
                for group in self.listed_groups
            ],
            "total": _sum_data(self.total),
            "plan_usd_per_month": self.bill.price,
            "plan_usd": None if self.bill.cents is None else self.bill.cents / 100,
            "prorated_days": self.bill.days,
            "basis": "estimated by requests",
            "left_out": [
                {"reason": each.reason, "keys": each.keys, "let_through": each.let_through}
                for each in self.bill.left_out
            ],
            "doubts": list(self.doubts),
        }

    def targets(self) -> Grid:
        together = [AllKeysTarget()] if self.rows else []
        return column([*map(target, self._lines(self._listed())), *together])

    def rows_about(self) -> list[KeyTarget]:
        return [KeyTarget(row.standing.key.id) for row in self.rows]

    def maximum(self) -> KeyTarget | None:
        """The key with the most requests."""
        busiest = max(self.rows, key=lambda row: row.standing.requests or 0, default=None)
        return KeyTarget(busiest.standing.key.id) if busiest else None

    def enter(self, lens: Lens) -> Lens:
        """The page of a key, or of all; the first key of an owner."""
        if self.owner:
            return lens.at(target(self.owner.charges[0]))
        if isinstance(self.cursor, AllKeysTarget):
            return to_page(lens, None)
        return to_page(lens, self.at.standing.key.id) if self.at else lens


def _fitting(forms: tuple[str, ...], width: int) -> Line:
    """The widest form that fits."""
    return (Span(f" {next((form for form in forms if cell_width(form) < width), forms[-1])}", "faint"),)


def _key_data(row: Charge) -> dict[str, object]:
    change = change_data(row.change, row.standing.growth)
    return {"key_id": row.standing.key.id, **MEASURES.json(row), **change}


def _sum_data(group: Group) -> dict[str, object]:
    return {**MEASURES.json(group), **change_data(group.change)}


def priced(known: Known, lens: Lens) -> BillPane:
    """Of all keys in the picture."""
    pane = known.once(_pane, lens.of_rows(NAME))
    return replace(pane, lens=lens, cursor=_cursor(pane, lens))


def _cursor(pane: BillPane, lens: Lens) -> Target | None:
    """The key the Lens points at while it is there, else the first; the owner, or all keys together."""
    if lens.focus is not None or lens.landing or not pane.rows:
        return pick(lens.key_target(), pane.rows_about())
    owners = () if NAME in lens.sorts else pane.groups
    return next((at for at in map(target, owners) if at == lens.shared), AllKeysTarget())


def _pane(known: Known, lens: Lens) -> BillPane:
    """All that stays the same while a cursor moves."""
    whole, keys, owners = bill(known, lens), visible(known.fleet, lens), known.preferences.owners
    chosen = MEASURES.chosen(whole.charges, lens, NAME)
    rows = tuple(row for row in chosen if isinstance(row, Charge))
    groups = group_by_owner(rows, owners, whole.requests)
    listed = rows if NAME in lens.sorts else tuple(row for group in groups for row in group.charges)
    on_screen = heaviest_first(groups)
    shown = rows if NAME in lens.sorts else tuple(row for group in on_screen for row in group.charges)
    window, unsettled = known.covered(keys), doubts(whole)
    return BillPane(
        known=known,
        lens=lens,
        notes=notes(known, keys, lens, unsettled),
        rows=shown,
        groups=on_screen,
        listed=listed,
        listed_groups=groups,
        total=replace(groups[0], owner=None) if len(groups) == 1 else together(None, rows, whole.requests),
        bill=whole,
        hint=() if owners else HINT,
        basis=basis(whole),
        left_out=left_out(whole),
        period=f"{window.start} to {window.end}, UTC" if window else f"{lens.days} d",
        doubts=unsettled,
    )


def _extent(known: Known, lens: Lens, canvas: Canvas) -> Extent:
    """How wide the lines are that the Lens keeps, with those of the owners above."""
    pane, compared = known.once(_pane, lens), lens.compare is not None
    if NAME in lens.sorts:
        return extent_of(MEASURES, pane.rows, canvas, compared=compared)
    folding = folds(pane.groups)
    owners = [drawn(group, GROUPED, canvas, counted_keys=folding) for group in pane.groups]
    return extent_of(GROUPED, pane.rows, canvas, owners, compared=compared)
