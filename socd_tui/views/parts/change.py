"""What changed between two spans of whole days, in the same words and columns in every view."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from socd_tui.analysis.compare import Change
from socd_tui.charts.canvas import Line, Role, Span
from socd_tui.charts.glyphs import Glyphs
from socd_tui.charts.number import exact, percent, short
from socd_tui.charts.sheet import rounded
from socd_tui.charts.table import Cell, Column
from socd_tui.model.text import cell_width, counted
from socd_tui.views.parts.measure import Measure
from socd_tui.views.parts.names import named_briefly, path_named
from socd_tui.views.parts.readout import read_out

if TYPE_CHECKING:
    from socd_tui.analysis.growth import Contribution, Growth

R = TypeVar("R")


def change_measures(
    change: Callable[[R], Change | None],
    growth: Callable[[R], float | None] | None = None,
    *,
    drop: int,
    growth_drop: int = 0,
) -> tuple[Measure[R], ...]:
    """What stands beside the days before: the count then, the change, and its share of all growth.

    The JSON document has them by `change_data`, which says why where there are none.
    """
    measures: list[Measure[R]] = [
        Measure(
            name="previous_requests",
            read=lambda row: before.previous if (before := change(row)) else None,
            compared=True,
            in_json=False,
        ),
        Measure(
            name="change",
            read=lambda row: beside.difference if (beside := change(row)) else None,
            column=Column("change", drop=drop),
            after="requests",
            cell=lambda row, canvas: change_cell(change(row), canvas.glyphs),
            compared=True,
            in_json=False,
            called="change, growth" if growth else "change",
            meaning="requests of the whole days less those of as many days before; today, which is not over, "
            "is in neither" + (", and the share of all growth; c switches" if growth else "; c switches"),
        ),
        Measure(
            name="compared_requests",
            read=lambda row: beside.now if (beside := change(row)) else None,
            compared=True,
            in_json=False,
        ),
        Measure(
            name="so_far_requests",
            read=lambda row: beside.so_far if (beside := change(row)) else None,
            compared=True,
            in_json=False,
        ),
    ]
    if growth is not None:
        measures.append(
            Measure(
                name="growth_share",
                read=growth,
                kind="ratio",
                column=Column("growth", drop=growth_drop),
                after="change",
                cell=lambda row, canvas: growth_cell(growth(row), canvas.glyphs),
                compared=True,
                in_json=False,
            )
        )
    return tuple(measures)


def change_cell(change: Change | None, glyphs: Glyphs) -> Cell:
    """+312 ▲, -40 ▼, new, gone, or n/a; the unknown mark where nothing is compared."""
    if change is None:
        return Cell((glyphs.unknown,), "faint")
    if change.difference is None:
        return Cell(("n/a",), "faint")
    word = _word(change)
    if word:
        return Cell((word,), "faint" if word == "0" else "ink")
    mark = glyphs.up if change.difference > 0 else glyphs.down
    shown = short(abs(change.difference))
    sign = "+" if change.difference > 0 else "-"
    return Cell((f"{change.difference:+,} {mark}", f"{change.difference:+,} {mark}", f"{sign}{shown} {mark}"))


def _word(change: Change) -> str:
    """What says more than a difference does; empty when the difference says it."""
    if not change.difference:
        return "0"
    if not change.previous:
        return "new"
    return "gone" if not change.now else ""


def growth_cell(share: float | None, glyphs: Glyphs) -> Cell:
    role: Role = "warn" if share and share >= 0.5 else "ink"
    return Cell((percent(share, glyphs.unknown),), role)


def change_part(change: Change | None, shown: int | None) -> Span | None:
    """6 whole days 5,100, before 4,611 (+10.6%), or why not, for the read-out line.

    What is compared is left out where it is `shown` already, as the figure the part stands beside.
    """
    if change is None:
        return None
    if change.difference is None:
        return Span(f"not comparable: {change.reason}", "faint")
    both = f"before {exact(change.previous)}" if change.now == shown else _both(change)
    return Span(f"{both} ({_grown(change)})" if change.now or change.previous else both)


def _both(change: Change) -> str:
    """6 whole days 5,100, before 4,611"""
    of = counted(change.days, "whole day") if change.days else "whole days"
    return f"{of} {exact(change.now)}, before {exact(change.previous)}"


def so_far_part(change: Change | None) -> str | None:
    """today so far 412: what is in neither count"""
    return f"today so far {exact(change.so_far)}" if change and change.so_far is not None else None


def change_data(change: Change | None, share: float | None = None, of: str = "requests") -> dict[str, object]:
    """The JSON fields of a change; none without one."""
    if change is None:
        return {}
    fields: dict[str, object] = {
        f"previous_{of}": change.previous,
        f"compared_{of}": change.now,
        "change": change.difference,
        "comparable": change.comparable,
    }
    if change.so_far is not None:
        fields[f"so_far_{of}"] = change.so_far
    if share is not None:
        fields["growth_share"] = rounded(share)
    return fields if change.comparable else {**fields, "not_comparable_because": change.reason}


def growth_line(growth: Growth, width: int) -> Line:
    """The change of all requests, and what made most of the growth."""
    total = growth.total
    if total.difference is None:
        return read_out([Span("requests before:", "title"), Span(total.reason, "faint")], width)
    if not total.now and not total.previous:
        return read_out([Span(_both(total), "title"), so_far_part(total)], width)
    change = Span(f"{total.difference:+,} req ({_grown(total)})", "title")
    made = (
        f"{_made(growth.parts[0], width - cell_width(change.text) - 3)} of the growth"
        if growth.parts
        else None
    )
    return read_out([change, made, _both(total), so_far_part(total)], width)


def _made(part: Contribution, room: int) -> str:
    """/api/v1/iocs of notebook#77aa made 71%; names are cut before it leaves."""
    said = f"made {percent(part.share)}"
    left = room - cell_width(f" of  {said} of the growth")
    whose = named_briefly(part.key, min(max(left - 14, 12), 24))
    return f"{path_named(part.path, max(left - cell_width(whose), 12))} of {whose} {said}"


def _grown(change: Change) -> str:
    """+10.6%, +5,860%, or the word where there is nothing to divide by."""
    if change.ratio is None:
        return _word(change)
    return f"{change.ratio:+.1%}" if abs(change.ratio) < 10 else f"{change.ratio:+,.0%}"


def growth_data(growth: Growth) -> dict[str, object]:
    """The JSON of it: the whole, and the ten largest parts by key and endpoint."""
    return {
        **change_data(growth.total),
        "parts": [
            {
                "key_id": part.key.id,
                "path": part.path.original,
                **change_data(part.change, part.share),
            }
            for part in growth.parts[:10]
        ],
    }
