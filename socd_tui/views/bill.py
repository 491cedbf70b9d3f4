"""Who pays for it: what each owner's keys used, and their estimated share of the plan's price."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from socd_tui.analysis.bill import Bill, Charge, Group, Part, bill, group_by_owner, sum_charges
from socd_tui.analysis.compare import Change, sum_changes
from socd_tui.analysis.known import Known
from socd_tui.analysis.row_filter import Columns, Fact, select_rows
from socd_tui.charts.bars import bar
from socd_tui.charts.canvas import Canvas, Line, Role, Span, Target
from socd_tui.charts.number import exact, forms, percent
from socd_tui.charts.sheet import Field, Sheet, Value, rounded
from socd_tui.charts.table import Cell, Column, Row, draw_table
from socd_tui.model.lens import Lens, Sort, visible
from socd_tui.model.text import cell_width, clip, inert
from socd_tui.views.comparing import CHANGE_COLUMN, FIELDS, change_cell, change_data, change_part
from socd_tui.views.reading import (
    KEY_COLUMN,
    error_part,
    key_cell,
    label,
    name_beside,
    note_line,
    notes,
    read_out,
    requests_part,
)
from socd_tui.views.view import Grid, Meaning, View, at_key, column, pick, to_series

NAME = "bill"
UNASSIGNED = "unassigned"

HINT = ("Name owners in config.toml, [owners]; see the README.", "Name owners in config.toml, [owners].")

OWNER_BESIDE = 80
"""From this width a read-out line has room for the key, its owner and its requests."""


@dataclass(frozen=True)
class BillPane:
    """`rows` as filtered, in the order they are drawn: by owner, or as sorted. `groups` holds the same.

    `basis` says how the price is shared, or why it is not, in the widest form first.
    """

    rows: tuple[Charge, ...]
    groups: tuple[Group, ...]
    total: Part
    price: int | None
    cursor: str | None
    sort: Sort | None
    named: bool
    """Somebody is named as an owner."""
    basis: tuple[str, ...]
    period: str
    doubts: tuple[str, ...]
    """What makes a share too large, and what the owners in the settings do not settle."""
    notes: tuple[str, ...]


def build(known: Known, lens: Lens) -> BillPane:
    whole, keys, sort = bill(known, lens), visible(known.fleet, lens), lens.sorts.get(NAME)
    rows = tuple(select_rows(whole.charges, _figures, lens, NAME, NARROWING))
    groups = group_by_owner(rows, known.preferences.owners, whole.requests)
    if sort is None:
        rows = tuple(row for group in groups for row in group.charges)
    ids = [row.standing.key.id for row in rows]
    window = known.covered(keys)
    return BillPane(
        rows,
        groups,
        sum_charges(rows, whole.requests),
        whole.price,
        pick(lens.focus, ids),
        sort,
        bool(known.preferences.owners),
        _basis(whole),
        f"{window.start} to {window.end}, UTC" if window else f"{lens.days} d",
        tuple(doubts := _doubts(whole, len(known.fleet.keys))),
        (*notes(known, keys, lens), *doubts),
    )


def _figures(row: Charge) -> dict[str, Fact]:
    key, used, cents = row.standing.key, row.part.total, row.part.cents
    return {
        "owner": _owner(row.owner),
        "key": key.name,
        "prefix": key.prefix,
        "tier": key.tier,
        "requests": used.requests,
        "share": row.part.share,
        "errors": used.failed,
        "error_ratio": row.part.error_ratio,
        "throttled": used.throttled,
        "usd": None if cents is None else cents / 100,
    }


def _owner(name: str | None) -> str:
    return UNASSIGNED if name is None else inert(name)


def _basis(whole: Bill) -> tuple[str, ...]:
    if whole.price is None:
        return "no Pro key in the picture, so no price to share", "no Pro key, so no price to share"
    if all(charge.part.cents is None for charge in whole.charges):
        return (f"no estimate: {'requests are unknown' if whole.requests is None else 'no requests yet'}",)
    return (
        f"estimated share of the ${whole.price}/month plan by requests",
        f"est. share of ${whole.price}/month by requests",
    )


def _doubts(whole: Bill, of: int) -> list[str]:
    shown, silent = len(whole.charges), whole.silent
    narrowed = f"{shown} of {of} keys are in the picture and share the whole price"
    part = "its part" if silent == 1 else "their part"
    unheard = f"{silent} of {shown} keys did not answer; the others share {part}"
    shared = any(charge.part.cents is not None for charge in whole.charges)
    return [
        *([narrowed] if whole.price is not None and shown < of else []),
        *([unheard] if shared and silent else []),
        *(f"no key matches '{inert(entry)}' of {_owner(owner)}" for owner, entry in whole.unmatched),
        *(
            f"{label(key, 24)} is claimed by {' and '.join(map(_owner, owners))}; {_owner(owners[0])} has it"
            for key, owners in whole.disputed
        ),
    ]


NARROWING = Columns(
    ("owner", "key", "prefix", "tier", "requests", "share", "errors", "error_ratio", "throttled", "usd"),
    {"name": "key", "req": "requests", "err%": "error_ratio", "429": "throttled", "usd_per_month": "usd"},
    frozenset({"owner", "key", "prefix", "tier"}),
    frozenset({"share", "error_ratio"}),
)

COLUMNS = (
    replace(KEY_COLUMN, title="owner, key"),
    Column("requests", fact="requests"),
    replace(CHANGE_COLUMN, drop=3),
    Column("share", drop=2, fact="share"),
    Column("", "left", drop=7, floor=8, greedy=True),
    Column("est. $", drop=1, fact="usd"),
    Column("errors", drop=6, fact="errors"),
    Column("err%", drop=4, fact="error_ratio"),
    Column("429", drop=5, fact="throttled"),
)

FLAT_COLUMNS = (KEY_COLUMN, Column("owner", "left", drop=3, floor=10, cut="end", fact="owner"), *COLUMNS[1:])
"""Of a sorted bill, whose order parts the keys of one owner."""


def draw(data: BillPane, canvas: Canvas) -> list[Line]:
    legend = [_fitting(words, canvas.width) for words in (*(() if data.named else (HINT,)), data.basis)]
    body = canvas.sized(height=canvas.height - 2 - len(legend))
    flat = data.sort is not None
    table = draw_table(
        FLAT_COLUMNS if flat else COLUMNS,
        [_key(row, canvas, flat=True) for row in data.rows] if flat else _grouped(data, canvas),
        body,
        cursor=data.cursor,
        footing=[_total(data, canvas)],
        sort=data.sort,
    )
    return [*body.fit(table or []), *legend, note_line(data.notes), _read_out(data, canvas.width)]


def _fitting(words: tuple[str, ...], width: int) -> Line:
    """The widest form that fits."""
    return (Span(f" {next((form for form in words if cell_width(form) < width), words[-1])}", "faint"),)


def _grouped(data: BillPane, canvas: Canvas) -> list[Row]:
    """Each owner with the keys below."""
    rows = []
    for group in data.groups:
        cells = _cells(group.part, _change(group.charges), canvas, "ink")
        rows.append(Row((Cell((_owner(group.owner),)), *cells), role="title"))
        rows += [_key(row, canvas, flat=False) for row in group.charges]
    return rows


def _key(row: Charge, canvas: Canvas, *, flat: bool) -> Row:
    standing = row.standing
    name = key_cell(standing)
    waiting = standing.usage is None and standing.problem is None
    cells = _cells(row.part, standing.change, canvas, "accent", waiting=waiting)
    marker = canvas.glyphs.marked if standing.marked else " "
    if flat:
        return Row((name, Cell((_owner(row.owner),), "faint"), *cells), standing.key.id, marker=marker)
    indented = replace(name, forms=tuple(f"  {form}" for form in name.forms), role="ink")
    return Row((indented, *cells), standing.key.id, marker=marker)


def _change(rows: Iterable[Charge]) -> Change | None:
    """The requests of those that answered beside the window before, when the Lens compares."""
    return sum_changes(row.standing.change for row in rows)


def _cells(
    part: Part, change: Change | None, canvas: Canvas, role: Role, *, waiting: bool = False
) -> tuple[Cell, ...]:
    unknown, used = canvas.glyphs.unknown, part.total
    return (
        Cell((canvas.glyphs.ellipsis,) if waiting else forms(used.requests, unknown)),
        change_cell(change, canvas.glyphs),
        Cell((percent(part.share, unknown),)),
        Cell(
            (unknown if part.share is None else "",),
            drawing=lambda width: (Span(bar(part.share, width, canvas.glyphs), role),),
        ),
        Cell((_money(part.cents) or unknown,)),
        Cell(forms(used.failed, unknown)),
        Cell((percent(part.error_ratio, unknown),)),
        Cell(forms(used.throttled, unknown)),
    )


def _money(cents: int | None) -> str | None:
    """131.86: always two digits of cents, so that a column adds up by eye."""
    return None if cents is None else f"{cents // 100}.{cents % 100:02}"


def _total(data: BillPane, canvas: Canvas) -> Row:
    used = data.total.total
    of = f"{used.answered} of {used.keys}" if used.answered < used.keys else f"{used.keys}"
    name = Cell((f"total {of} keys", f"total {of}"))
    blank = (Cell(),) if data.sort else ()
    requests, change, share, _, *rest = _cells(data.total, _change(data.rows), canvas, "faint")
    return Row((name, *blank, requests, change, share, Cell(), *rest), role="faint")


def _read_out(data: BillPane, width: int) -> Line:
    row = next((row for row in data.rows if row.standing.key.id == data.cursor), None)
    if row is None:
        return ()
    key, problem, used = row.standing.key, row.standing.problem, row.part.total
    if row.standing.usage is None:
        told = (problem.message, problem.next_step) if problem else ("waiting for its figures",)
        return read_out([name_beside(key, told[0], width), *told], width)
    requests = requests_part(used.requests)
    if row.part.share is not None:
        requests += f" ({percent(row.part.share)})"
    owner = clip(_owner(row.owner), 16) if width >= OWNER_BESIDE else ""
    return read_out(
        [
            name_beside(key, f"{owner}  {requests}" if owner else requests, width),
            owner,
            requests,
            f"about ${_money(row.part.cents)} of ${data.price}/month" if row.part.cents is not None else None,
            change_part(row.standing.change),
            error_part(used.failed, row.part.error_ratio),
            f"{exact(used.throttled)} throttled" if used.throttled is not None else None,
        ],
        width,
    )


_FIELDS = (
    Field("owner", "text"),
    Field("key", "text"),
    Field("prefix", "text"),
    Field("tier", "text"),
    Field("requests"),
    Field("share", "ratio"),
    Field("errors"),
    Field("error_ratio", "ratio"),
    Field("throttled"),
    Field("period", "text"),
    Field("usd_per_month"),
)


def sheet(data: BillPane) -> Sheet:
    """Each row says its period: a CSV is sent on without the notes."""
    compared = any(row.standing.change for row in data.rows)
    rows: list[tuple[Value, ...]] = [
        (
            *(fact for name, fact in _figures(row).items() if name != "usd"),
            data.period,
            _money(row.part.cents),
            *(_before(row) if compared else ()),
        )
        for row in data.rows
    ]
    fields = (*_FIELDS, *(FIELDS[:2] if compared else ()))
    return Sheet(fields, tuple(rows), (data.period, data.basis[0], *data.notes))


def _before(row: Charge) -> tuple[Value, ...]:
    change = row.standing.change
    return (change.previous, change.difference) if change else (None, None)


def as_data(data: BillPane) -> dict[str, object]:
    return {
        "owners": [
            {
                "owner": group.owner,
                "keys": [_key_data(row) for row in group.charges],
                **_part_data(group.part),
                **change_data(_change(group.charges)),
            }
            for group in data.groups
        ],
        "total": {**_part_data(data.total), **change_data(_change(data.rows))},
        "plan_usd_per_month": data.price,
        "basis": "estimated by requests",
        "doubts": list(data.doubts),
    }


def _key_data(row: Charge) -> dict[str, object]:
    change = change_data(row.standing.change, row.standing.growth)
    return {"key_id": row.standing.key.id, **_part_data(row.part), **change}


def _part_data(part: Part) -> dict[str, object]:
    used = part.total
    return {
        "requests": used.requests,
        "share": rounded(part.share),
        "errors": used.failed,
        "error_ratio": rounded(part.error_ratio),
        "throttled": used.throttled,
        "usd_per_month": None if part.cents is None else rounded(part.cents / 100),
    }


def grid(data: BillPane) -> Grid:
    return column(row.standing.key.id for row in data.rows)


def maximum(data: BillPane) -> Target | None:
    """The key with the most requests."""
    busiest = max(data.rows, key=lambda row: row.standing.requests or 0, default=None)
    return busiest.standing.key.id if busiest else None


def enter(lens: Lens, data: BillPane) -> Lens:
    return to_series(lens, data.cursor)


VIEW = View(
    name=NAME,
    order=7,
    title="Bill",
    question="Who pays for it?",
    scope="all",
    build=build,
    draw=draw,
    sheet=sheet,
    data=as_data,
    grid=grid,
    aim=at_key,
    maximum=maximum,
    enter=enter,
    columns=NARROWING,
    meanings=(
        Meaning("owner", "who is named for the key in config.toml, [owners]: by id, prefix or name pattern"),
        Meaning(
            "requests", "all answers in the window, 429 included", "total_requests, summary.totalRequests"
        ),
        Meaning("share", "of the requests of all keys in the picture that answered"),
        Meaning(
            "est. $",
            "share × the price of Pro for 30 days ($299, from the documentation); no invoice: the service "
            "bills the plan, not the requests",
        ),
        Meaning("errors, err%", "4xx + 5xx, 429 included; err% is of the key's or owner's requests"),
        Meaning("429", "answers refused by a rate limit; part of 4xx", "by_status, rateLimitHits.total"),
    ),
)
