"""429s by day and hour in any zone, or folded to weekdays, with what is not known kept apart from zero."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from socd_tui.model.usage import Usage

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class HourCell:
    """What one cell stands for: the UTC hours in it and the 429s they held.

    `count` is None when every one of them is still to come or unaccounted for. `target` is the hour a
    cursor on the cell points at: the worst, else the newest.
    """

    hours: tuple[datetime, ...]
    count: int | None
    target: datetime


@dataclass(frozen=True)
class HourRow:
    """A day, or a weekday of a folded map; `cells` by local hour, None where the zone skips it."""

    day: date
    """The date, or for a weekday the newest date of that weekday."""
    cells: tuple[HourCell | None, ...]

    @property
    def total(self) -> int | None:
        known = [cell.count for cell in self.cells if cell and cell.count is not None]
        return sum(known) if known else None


@dataclass(frozen=True)
class HourMap:
    """`rows` newest first, or Monday first when folded.

    `total` counts all 429s of the window, `placed` those that came with an hour.
    """

    rows: tuple[HourRow, ...]
    total: int | None
    placed: int
    by_hour: Mapping[datetime, int]

    def row_of(self, hour: datetime) -> int | None:
        """The index of the row that holds this UTC hour."""
        return next(
            (y for y, row in enumerate(self.rows) if any(cell and hour in cell.hours for cell in row.cells)),
            None,
        )

    def cell_of(self, hour: datetime) -> HourCell | None:
        return next((cell for row in self.rows for cell in row.cells if cell and hour in cell.hours), None)

    def column_totals(self) -> list[int | None]:
        """429s by local hour over all rows; None where nothing is known."""
        totals: list[int | None] = []
        for x in range(24):
            known = [cell.count for row in self.rows if (cell := row.cells[x]) and cell.count is not None]
            totals.append(sum(known) if known else None)
        return totals

    @property
    def worst(self) -> datetime | None:
        """The hour with most 429s; the newest of equals."""
        hits = [(n, hour) for hour, n in self.by_hour.items() if n]
        return max(hits)[1] if hits else None


def hour_map(
    usage: Usage, zone: tzinfo, *, folded: bool, counted: Container[date] | None = None
) -> HourMap | None:
    """The map of a usage answer, or None when the service sent no hourly data.

    An hour the service did not list is a zero only when the listed ones account for every 429, or for
    those of its UTC date, where `counted` names such dates; hours after its clock have not happened.
    Half-hour zones keep the UTC hour whole: it starts at :30.
    """
    if usage.hours is None:
        return None
    by_hour = {hour.start: hour.throttled for hour in usage.hours}
    placed = sum(by_hour.values())
    whole = usage.throttled is not None and placed >= usage.throttled

    def known_zero(hour: datetime) -> bool:
        return whole if counted is None else hour.date() in counted

    def count(hours: Iterable[datetime]) -> int | None:
        known = [
            by_hour.get(hour, 0)
            for hour in hours
            if hour <= usage.observed_at and (hour in by_hour or known_zero(hour))
        ]
        return sum(known) if known else None

    places: dict[date | int, dict[int, list[datetime]]] = {}
    newest: dict[date | int, date] = {}
    for hour in _all_hours(usage, by_hour):
        local = hour.astimezone(zone)
        row: date | int = local.weekday() if folded else local.date()
        places.setdefault(row, {}).setdefault(local.hour, []).append(hour)
        newest[row] = local.date()
    rows = []
    for row in sorted(places, reverse=not folded):
        cells = []
        for x in range(24):
            hours = tuple(places[row].get(x, ()))
            target = max(hours, key=lambda hour: (by_hour.get(hour, 0), hour), default=None)
            cells.append(HourCell(hours, count(hours), target) if target else None)
        rows.append(HourRow(newest[row], tuple(cells)))
    return HourMap(tuple(rows), usage.throttled, placed, by_hour)


def _all_hours(usage: Usage, by_hour: Mapping[datetime, int]) -> list[datetime]:
    """Every hour of the window's UTC days and of any other day the service sent hours of, ascending."""
    days = {*usage.window.dates(), *(hour.date() for hour in by_hour)}
    midnights = (datetime.combine(day, time(), UTC) for day in sorted(days))
    return [midnight + HOUR * n for midnight in midnights for n in range(24)]
