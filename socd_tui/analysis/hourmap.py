"""429s by day and hour in any time zone, or folded to weekdays; an unknown hour is not a zero."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from socd_tui.model.record import dataclass
from socd_tui.model.usage import Usage

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class HourCell:
    """One cell of the map."""

    hours: tuple[datetime, ...]
    """The UTC hours in it."""
    count: int | None
    """Their 429s; None when each of them is still to come or unknown."""
    target: datetime
    """The hour that a cursor on the cell points at: the one with most 429s, else the newest."""


@dataclass(frozen=True)
class HourRow:
    """A day, or a weekday of a folded map; `cells` by local hour, None where the zone skips it."""

    day: date
    """The date, or for a weekday the newest date of that weekday."""
    cells: tuple[HourCell | None, ...]

    @property
    def total(self) -> int | None:
        """429s of the known cells; None when none is known."""
        counts = [cell.count for cell in self.cells if cell and cell.count is not None]
        return sum(counts) if counts else None


@dataclass(frozen=True)
class HourMap:
    """429s of a window by day and hour."""

    rows: tuple[HourRow, ...]
    """Newest first, or Monday first when folded."""
    total: int | None
    """All 429s of the window; None where the service did not say."""
    placed: int
    """429s that came with an hour."""
    by_hour: Mapping[datetime, int]
    """429s by UTC hour, as sent."""
    known: Mapping[datetime, int]
    """The same with each hour of which it is certain that it had none."""
    begun: tuple[datetime, ...]
    """The UTC hours that are not still to come, ascending."""

    def row_of(self, hour: datetime) -> int | None:
        """The index of the row that holds this UTC hour."""
        return next(
            (y for y, row in enumerate(self.rows) if any(cell and hour in cell.hours for cell in row.cells)),
            None,
        )

    def cell_of(self, hour: datetime) -> HourCell | None:
        """The cell that holds this UTC hour."""
        return next((cell for row in self.rows for cell in row.cells if cell and hour in cell.hours), None)

    def begun_in(self, cell: HourCell) -> list[datetime]:
        """The cell's hours that are not still to come."""
        return [hour for hour in cell.hours if hour <= self.begun[-1]] if self.begun else []

    def column_totals(self) -> list[int | None]:
        """429s by local hour over all rows; None where nothing is known."""
        totals: list[int | None] = []
        for x in range(24):
            counts = [cell.count for row in self.rows if (cell := row.cells[x]) and cell.count is not None]
            totals.append(sum(counts) if counts else None)
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

    An hour the service did not list is a zero only when the listed ones account for every 429 of the window,
    or where `counted` has its UTC date: the dates whose listed hours account for their 429s. Hours after
    the service's clock are still to come, unless it sent them. A zone with half hours does not split the UTC
    hour: it starts at :30.
    """
    if usage.hours is None:
        return None
    by_hour = {hour.start: hour.throttled for hour in usage.hours}
    placed = sum(by_hour.values())
    complete = usage.throttled is not None and placed >= usage.throttled

    def is_zero(unlisted: datetime) -> bool:
        return complete if counted is None else unlisted.date() in counted

    places: dict[date | int, dict[int, list[datetime]]] = {}
    newest: dict[date | int, date] = {}
    begun = []
    for hour in _all_hours(usage, by_hour):
        local = hour.astimezone(zone)
        day = local.date()
        row: date | int = day.weekday() if folded else day
        places.setdefault(row, {}).setdefault(local.hour, []).append(hour)
        if hour <= usage.observed_at or hour in by_hour:
            begun.append(hour)
            newest[row] = day
    known = {hour: by_hour.get(hour, 0) for hour in begun if hour in by_hour or is_zero(hour)}

    def cell(hours: Sequence[datetime]) -> HourCell | None:
        if not hours:
            return None
        counts = [known[hour] for hour in hours if hour in known]
        target = max(hours, key=lambda hour: (by_hour.get(hour, 0), hour)) if len(hours) > 1 else hours[0]
        return HourCell(tuple(hours), sum(counts) if counts else None, target)

    rows = [
        HourRow(newest[row], tuple(cell(places[row].get(x, ())) for x in range(24)))
        for row in sorted(newest, reverse=not folded)
    ]
    return HourMap(tuple(rows), usage.throttled, placed, by_hour, known, tuple(begun))


def largest_cell(usage: Usage, zone: tzinfo, *, folded: bool) -> int:
    """The most 429s that the answer has of one hour, or of one hour of a weekday; 0 where it has none."""
    hours = usage.hours or ()
    if not folded:
        return max((hour.throttled for hour in hours), default=0)
    sums = Counter[tuple[int, int]]()
    for hour in hours:
        local = hour.start.astimezone(zone)
        sums[local.weekday(), local.hour] += hour.throttled
    return max(sums.values(), default=0)


def _all_hours(usage: Usage, by_hour: Mapping[datetime, int]) -> list[datetime]:
    """Every hour of the window's UTC days and of any other day the service sent hours of, ascending."""
    days = {*usage.window.dates(), *(hour.date() for hour in by_hour)}
    midnights = (datetime.combine(day, time(), UTC) for day in sorted(days))
    return [midnight + HOUR * n for midnight in midnights for n in range(24)]
