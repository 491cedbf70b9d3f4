"""The keys themselves: the list beside the panes, and the `keys` command."""

from __future__ import annotations

from datetime import datetime

from socd_tui.analysis.known import Known
from socd_tui.analysis.standing import Standing, heaviest_first, total
from socd_tui.analysis.state import state_of_key
from socd_tui.charts.canvas import Canvas, Line
from socd_tui.charts.number import forms
from socd_tui.charts.sheet import Sheet, stamp
from socd_tui.charts.table import Cell, Column, Row, Rows, Table
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens
from socd_tui.model.record import dataclass
from socd_tui.model.target import AllKeysTarget, KeyTarget, Target
from socd_tui.model.text import counted
from socd_tui.views.parts.extent import extent_of
from socd_tui.views.parts.measure import Measure, Measures, of_limit
from socd_tui.views.parts.names import key_measures
from socd_tui.views.parts.notes import odd_notes
from socd_tui.views.parts.refreshed import Before
from socd_tui.views.parts.state import state_measure

_NAME: tuple[Measure[Standing], ...] = key_measures(lambda row: row)

BESIDE: Measures[Standing] = Measures(
    (
        *_NAME,
        Measure(name="requests", read=lambda row: row.requests, column=Column("requests")),
        state_measure(lambda row: row, Column("state", "left", drop=1)),
    )
)
"""The list of keys beside the panes."""


def draw_keys(known: Known, lens: Lens, canvas: Canvas) -> list[Line]:
    """All keys together, then every key, the heaviest first, with its verdict; the cursor on the focus."""
    table = known.once(_table, lens.of_keys(), canvas.sized(width=0, height=0))
    cursor = lens.key_target() or AllKeysTarget()
    return canvas.fit(table.draw(canvas, cursor=cursor, marked=lens.marks) or [])


def _before_refresh(known: Known, lens: Lens) -> Before[Standing]:
    """How keys stood that had figures when the newest refresh began and have some now."""
    rows = heaviest_first(known.earlier, lens) if known.earlier else ()
    return Before({row.key.id: row for row in rows if row.usage and known.usage(row.key.id)})


def _table(known: Known, lens: Lens, canvas: Canvas) -> Table:
    """The same for every cursor and all marks, on a canvas of any size, beside whatever view."""
    standing, unknown = heaviest_first(known, lens), canvas.glyphs.unknown
    before = known.once(_before_refresh, lens)
    together = BESIDE.sums(
        {
            "key": Cell((f"all {counted(len(standing), 'key')}",), "title"),
            "requests": Cell(forms(total(standing).requests, unknown)),
        },
        AllKeysTarget(),
        None,
    )

    def drawn(i: int) -> Row:
        if not i:
            return together
        row = standing[i - 1]
        changed = before.changed(row.key.id, row, BESIDE, canvas)
        return BESIDE.row(row, canvas, KeyTarget(row.key.id), changed)

    targets: list[Target] = [AllKeysTarget(), *(KeyTarget(row.key.id) for row in standing)]
    rows = Rows(targets, drawn, extent_of(BESIDE, standing, canvas, [together], compared=False))
    return Table(BESIDE.columns, rows, canvas.glyphs)


@dataclass(frozen=True)
class ListedKey:
    """One key as the service listed it."""

    key: ApiKey
    at: datetime | None
    """Now, by the service's clock."""

    @property
    def state(self) -> str:
        """As everywhere, but that nothing is known of its use."""
        return state_of_key(self.key.state(self.at), asked=False)


LISTED: Measures[ListedKey] = Measures(
    (
        Measure(name="id", read=lambda row: row.key.id, kind="text"),
        Measure(name="prefix", read=lambda row: row.key.prefix, kind="text"),
        Measure(name="name", read=lambda row: row.key.name, kind="text"),
        Measure(name="tier", read=lambda row: row.key.tier, kind="text"),
        Measure(name="state", read=lambda row: row.state, kind="text"),
        Measure(name="created_at", read=lambda row: stamp(row.key.created_at), kind="text", in_files=False),
        Measure(name="expires_at", read=lambda row: stamp(row.key.expires_at), kind="text"),
        Measure(name="last_used_at", read=lambda row: stamp(row.key.last_used_at), kind="text"),
        Measure(name="revoked_at", read=lambda row: stamp(row.key.revoked_at), kind="text", in_files=False),
        Measure(name="lifetime_requests", read=lambda row: row.key.lifetime_requests, in_files=False),
        Measure(
            name="limit_per_minute",
            read=lambda row: limit.value if (limit := row.key.minute_limit()) else None,
            confidence=lambda row: of_limit(row.key.minute_limit()),
        ),
        Measure(
            name="limit_per_day",
            read=lambda row: limit.value if (limit := row.key.day_limit()) else None,
            confidence=lambda row: of_limit(row.key.day_limit()),
        ),
        Measure(
            name="limit_source",
            read=lambda row: limit.source if (limit := row.key.day_limit()) else None,
            kind="text",
        ),
    )
)
"""The `keys` command: what the account's keys are, without any windowed figure."""


def sheet(fleet: Fleet) -> Sheet:
    """The keys as rows."""
    rows = (ListedKey(key, fleet.now) for key in fleet.keys)
    problems = [problem.message for problem in fleet.problems]
    return LISTED.sheet(rows, notes=[*problems, *odd_notes(fleet.keys, lambda key: key.notes)])


def keys_document(fleet: Fleet) -> dict[str, object]:
    """The `keys --format json` document."""
    return {
        "schema": "socd-tui/keys/1",
        "source": {"mode": fleet.mode, "base_url": fleet.base_url, "fetched_at": stamp(fleet.listed_at)},
        "keys": [
            {
                **LISTED.json(ListedKey(key, fleet.now)),
                "scopes": [scope.original for scope in key.scopes],
                "notes": list(key.notes),
            }
            for key in fleet.keys
        ],
        "problems": [{"kind": problem.kind, "message": problem.message} for problem in fleet.problems],
    }
