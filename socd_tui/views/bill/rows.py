"""The rows of the bill: owners with their keys, which are folded away where they are many."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.analysis.bill import Charge, Group
from socd_tui.charts.canvas import Canvas
from socd_tui.charts.table import Cell, Row
from socd_tui.model.target import KeyTarget, OwnerTarget, Target
from socd_tui.model.text import counted
from socd_tui.views.bill.measures import MEASURES, BillRow, owner_name
from socd_tui.views.bill.view import MANY
from socd_tui.views.parts.measure import Measures
from socd_tui.views.parts.refreshed import NOTHING, Before


def target(row: BillRow) -> Target:
    return KeyTarget(row.standing.key.id) if isinstance(row, Charge) else OwnerTarget(row.owner)


def folds(groups: Sequence[Group]) -> bool:
    """Whether the keys are so many that owners stand without them."""
    return len(groups) > 1 and sum(len(group.charges) for group in groups) > MANY


def how_many(groups: Sequence[Group], cursor: Target | None, room: int = 0) -> tuple[int, ...]:
    """How many keys of each owner are listed: all; where they fold, those among which the cursor is.

    Of the others the heaviest stand in the lines that these leave of `room`, first those of the owner under
    the cursor.
    """
    if not folds(groups):
        return tuple(len(group.charges) for group in groups)
    at = cursor.key_id if isinstance(cursor, KeyTarget) else None
    listed = {
        n: len(group.charges)
        for n, group in enumerate(groups)
        if at and any(row.standing.key.id == at for row in group.charges)
    }
    left = max(room - len(groups) - sum(listed.values()), 0)
    for n, group in sorted(enumerate(groups), key=lambda each: target(each[1]) != cursor):
        if n not in listed:
            listed[n] = min(len(group.charges), left)
            left -= listed[n]
    return tuple(listed[n] for n in range(len(groups)))


def with_keys(groups: Sequence[Group], listed: Sequence[int]) -> list[BillRow]:
    """Each owner with so many keys below."""
    lines: list[BillRow] = []
    for group, n in zip(groups, listed, strict=True):
        lines += [group, *group.charges[:n]]
    return lines


def drawn(
    row: BillRow,
    measures: Measures[BillRow],
    canvas: Canvas,
    before: Before[Charge] = NOTHING,
    *,
    counted_keys: bool = False,
) -> Row:
    if isinstance(row, Charge):
        changed = before.changed(row.standing.key.id, row, measures, canvas)
        return measures.row(row, canvas, target(row), changed)
    name = owner_name(row.owner)
    forms = (f"{name}, {counted(len(row.charges), 'key')}", name) if counted_keys else (name,)
    return measures.sums({**figures(row, canvas), "key": Cell(forms)}, target(row), role="title")


def figures(group: Group, canvas: Canvas) -> dict[str, Cell]:
    """What some keys used together, below each figure of their own."""
    return {each.name: each.drawn(group, canvas) for each in MEASURES.on_screen if each.kind != "text"}
