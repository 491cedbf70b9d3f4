"""The rows of the overview: of which keys, in which order, how wide."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.analysis.known import Known
from socd_tui.analysis.standing import Standing, by_weight, standings
from socd_tui.charts.canvas import Canvas
from socd_tui.charts.table import Extent, Row
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import LATENCY_WINDOWS, Lens
from socd_tui.views.overview.measures import MEASURES, NAME, KeyRow, on_screen
from socd_tui.views.parts.extent import extent_of
from socd_tui.views.parts.measure import Measures
from socd_tui.views.parts.refreshed import NONE, Before


def every_row(known: Known, lens: Lens) -> tuple[KeyRow, ...]:
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


def chosen(known: Known, lens: Lens) -> Sequence[KeyRow]:
    """As the Lens filters and sorts them; without a sort in the service's order."""
    return MEASURES.chosen(known.once(every_row, lens.of_keys()), lens, NAME)


def heaviest_first(rows: Sequence[KeyRow]) -> list[KeyRow]:
    """Those whose requests are unknown come last."""
    return sorted(rows, key=lambda row: by_weight(row.standing))


def before_refresh(known: Known, lens: Lens) -> Before[KeyRow]:
    """The rows of keys that had figures when the newest refresh began and have some now, as they were."""
    rows = known.earlier.once(every_row, lens) if known.earlier else ()
    return Before({row.target: row for row in rows if row.usage and known.usage(row.target.key_id)})


def drawn_row(
    row: KeyRow,
    measures: Measures[KeyRow],
    canvas: Canvas,
    before: Before[KeyRow] | None = None,
) -> Row:
    changed = before.changed(row.target, row, measures, canvas) if before else NONE
    return measures.row(row, canvas, row.target, changed)


def largest_day(rows: Sequence[KeyRow]) -> int:
    """The most requests that one of them had on a day."""
    return max((row.busiest_day for row in rows), default=0)


def extent(known: Known, lens: Lens, canvas: Canvas) -> Extent:
    """How wide the rows are that the Lens keeps."""
    compared = lens.compare is not None
    measures = on_screen(compared=compared, scale=None, days=known.days)
    return extent_of(measures, known.once(chosen, lens), canvas, compared=compared)
