"""The keys themselves: the list beside the panes, and the `keys` command."""

from __future__ import annotations

from socd_tui.analysis.known import Known
from socd_tui.analysis.standing import standings
from socd_tui.charts.canvas import Canvas, Line
from socd_tui.charts.number import forms
from socd_tui.charts.sheet import Field, Sheet, Value
from socd_tui.charts.table import Cell, Column, Row, draw_table
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens
from socd_tui.views.document import key_facts, stamp
from socd_tui.views.reading import KEY_COLUMN, VERDICT_ROLES, key_cell

COLUMNS = (KEY_COLUMN, Column("requests"), Column("state", "left", drop=1))


def draw_keys(known: Known, lens: Lens, canvas: Canvas) -> list[Line]:
    """Every key with its requests in the window and its verdict; the focused one under the cursor."""
    rows = []
    for row in standings(known, lens):
        cells = (
            key_cell(row),
            Cell(forms(row.requests, canvas.glyphs.unknown)),
            Cell((row.word,), "bad" if row.problem else VERDICT_ROLES.get(row.word, "faint")),
        )
        rows.append(Row(cells, row.key.id, marker=canvas.glyphs.marked if row.marked else " "))
    return canvas.fit(draw_table(COLUMNS, rows, canvas, cursor=lens.focus) or [])


_FIELDS = (
    *(
        Field(name, "text")
        for name in ("id", "prefix", "name", "tier", "state", "expires_at", "last_used_at")
    ),
    Field("limit_per_minute"),
    Field("limit_per_day"),
    Field("limit_source", "text"),
)


def sheet(fleet: Fleet) -> Sheet:
    """What the account's keys are, without any windowed figure."""
    notes = tuple(problem.message for problem in fleet.problems)
    return Sheet(_FIELDS, tuple(_row(key, fleet) for key in fleet.keys), notes)


def _row(key: ApiKey, fleet: Fleet) -> tuple[Value, ...]:
    minute, day = key.minute_limit(), key.day_limit()
    return (
        key.id,
        key.prefix,
        key.name,
        key.tier,
        key.state(fleet.listed_at),
        stamp(key.expires_at),
        stamp(key.last_used_at),
        minute.value if minute else None,
        day.value if day else None,
        day.source if day else None,
    )


def as_data(fleet: Fleet) -> dict[str, object]:
    """The `keys --format json` document."""
    return {
        "schema": "socd-tui/keys/1",
        "source": {"mode": fleet.mode, "base_url": fleet.base_url, "fetched_at": stamp(fleet.listed_at)},
        "keys": [
            {
                **key_facts(key),
                "state": key.state(fleet.listed_at),
                "scopes": [scope.original for scope in key.scopes],
                "lifetime_requests": key.lifetime_requests,
                "created_at": stamp(key.created_at),
                "last_used_at": stamp(key.last_used_at),
                "expires_at": stamp(key.expires_at),
                "revoked_at": stamp(key.revoked_at),
                "limit_per_minute": limit.value if (limit := key.minute_limit()) else None,
                "limit_per_day": limit.value if (limit := key.day_limit()) else None,
                "limit_source": limit.source if limit else None,
            }
            for key in fleet.keys
        ],
        "problems": [{"kind": problem.kind, "message": problem.message} for problem in fleet.problems],
    }
