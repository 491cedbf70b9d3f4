"""What one key did in one window. Every figure the service did not send is None: unknown is not zero.

How a figure behaves is declared where the field is. Sums over keys, the window before, the snapshot and
the wire follow from that, by way of `COUNTS`, `LATENCIES`, `PEAKS` and `METERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import compress, repeat
from typing import Any, Literal, NamedTuple

from socd_tui.model.in_columns import InColumns, figures, in_a_row
from socd_tui.model.key import SentLimit
from socd_tui.model.later import Later
from socd_tui.model.record import dataclass, field, fields
from socd_tui.model.text import Text
from socd_tui.model.window import Window

Dialect = Literal["flat", "nested", "mixed"]
"""Which of the two documented payload shapes an answer used."""

COUNT = {"behaviour": "count"}
"""A number of requests: adds up over keys, and subtracts between two windows that end together."""
LATENCY = {"behaviour": "latency"}
"""Milliseconds of one key's window: unknown of several keys, and of the window before."""
REMEMBERED_LATENCY = {**LATENCY, "in_history": "yes"}
"""A latency for which the history's table of response times has a column."""
PEAK = {"behaviour": "peak"}
"""The most requests in a minute or a day: unknown of several keys, and of the window before."""
METER = {"behaviour": "meter"}
"""A budget at the moment of the answer: unknown of several keys, and of the window before."""
LIST = {"behaviour": "list"}
"""Counts by status code, path, date or hour, unknown of several keys when one of them sent none.

`analysis.totals` adds them up, `analysis.compare` subtracts those it needs, `store.snapshot` writes them.
"""


class Day(NamedTuple):
    """What is known of one UTC date: of one key or of several, as answered, as remembered or as drawn.

    A tuple, because a start makes thousands of them: as a frozen dataclass each takes four times as long.
    """

    date: date
    requests: int | None = None
    errors: int | None = None
    """4xx + 5xx, 429 included."""
    partial: bool = False
    """The day was not over when the service told these figures, so they may still grow."""
    silent_keys: int = 0
    """In a sum over keys, how many of them sent no row for this date: the figures are a lower bound."""
    throttled: int | None = None
    """429s; None where no hourly figures cover the whole day."""
    missing: bool = False
    """In a calendar: the service sent no row for this date of the window."""
    outside: bool = False
    """In a calendar: a row beyond the window."""
    ahead: bool = False
    """In a calendar: a date after the service's own today."""

    @property
    def full(self) -> bool:
        """The day was over, so that its figures are final."""
        return not self.partial and not self.ahead


_UNKNOWN: Iterator[None] = repeat(None)
_NONE_SILENT, _NO = repeat(0), repeat(False)
"""What the fields of a Day are that no answer sends."""


def sent_days(
    ordinals: Sequence[int],
    requests: Sequence[int | None],
    errors: Sequence[int | None],
    partial: Sequence[int],
) -> InColumns[Day]:
    """The days of an answer, ascending, each with its date counted as Python does."""
    return InColumns(days_in, in_a_row(ordinals), figures(requests), figures(errors), bytes(partial))


def days_in(
    ordinals: Iterable[int],
    requests: Iterable[int | None],
    errors: Iterable[int | None],
    partial: Iterable[int],
    throttled: Iterable[int | None] = _UNKNOWN,
) -> Iterator[Day]:
    """The days of these columns."""
    dates, flags = map(date.fromordinal, ordinals), map(bool, partial)
    columns = zip(dates, requests, errors, flags, _NONE_SILENT, throttled, _NO, _NO, _NO, strict=False)
    # In two thirds of the time of calling the class for each.
    return map(tuple.__new__, repeat(Day), columns)


def day_columns(days: Sequence[Day]) -> tuple[Sequence[Any], ...]:
    """Their dates counted as Python does, requests, errors, and which are partial."""
    if isinstance(days, InColumns):
        return days.columns
    return (
        [day.date.toordinal() for day in days],
        [day.requests for day in days],
        [day.errors for day in days],
        [day.partial for day in days],
    )


class Hour(NamedTuple):
    """429 answers in the UTC hour starting at `start`; a tuple for the same reason as a Day."""

    start: datetime
    throttled: int


def sent_hours(starts: Sequence[datetime], throttled: Sequence[int]) -> InColumns[Hour]:
    """The hours of an answer, ascending."""
    return InColumns(_hours, tuple(starts), figures(throttled))


def _hours(*columns: Iterable[Any]) -> Iterator[Hour]:
    return map(tuple.__new__, repeat(Hour), zip(*columns, strict=True))


def hour_columns(hours: Sequence[Hour]) -> tuple[Sequence[Any], ...]:
    """Their starts, and their 429s."""
    if isinstance(hours, InColumns):
        return hours.columns
    if isinstance(hours, Later):
        return hour_columns(hours.found)
    return [hour.start for hour in hours], [hour.throttled for hour in hours]


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One path's share of the window."""

    path: Text
    requests: int
    errors: int | None = None
    avg_ms: float | None = None
    throttled: int | None = None


def sent_endpoints(
    paths: Sequence[str],
    requests: Sequence[int],
    errors: Sequence[int | None],
    avg_ms: Sequence[float | None],
    throttled: Sequence[int | None],
) -> InColumns[Endpoint]:
    """The endpoints of an answer, their paths as they came."""
    return InColumns(_endpoints, paths, requests, errors, avg_ms, throttled)


def _endpoints(*columns: Iterable[Any]) -> Iterator[Endpoint]:
    for path, requests, errors, avg_ms, throttled in zip(*columns, strict=True):
        yield Endpoint(path=Text(path), requests=requests, errors=errors, avg_ms=avg_ms, throttled=throttled)


def endpoint_columns(endpoints: Sequence[Endpoint]) -> tuple[Sequence[Any], ...]:
    """Their paths as they came, requests, errors, milliseconds and 429s."""
    if isinstance(endpoints, InColumns):
        return endpoints.columns
    rows = ((row.path.original, row.requests, row.errors, row.avg_ms, row.throttled) for row in endpoints)
    return tuple(zip(*rows, strict=True)) or ((),) * 5


class Meter(NamedTuple):
    """A budget as the service reports it at this moment: requests used now, and the limit.

    A tuple for the same reason: each answer has two.
    """

    limit: SentLimit = None
    current: int | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Usage:
    """One key's answer for one window, both payload shapes made one.

    Counts are requests in the window; 429 is part of `client_errors`, which is part of `requests`.
    `successful` is 2xx + 3xx. Latencies are milliseconds over the whole window; peaks are high-water
    marks in requests per minute and per day. `days` ascend and hold only dates the service sent;
    `hours` holds only hours it sent, None when it sends no hourly data at all.
    """

    key_id: str
    window: Window
    fetched_at: datetime
    """This machine's clock when the answer arrived: for its age."""
    observed_at: datetime
    """The service's clock when it answered: decides which day is still partial."""
    dialect: Dialect | None = None
    requests: int | None = field(default=None, metadata=COUNT)
    successful: int | None = field(default=None, metadata=COUNT)
    client_errors: int | None = field(default=None, metadata=COUNT)
    server_errors: int | None = field(default=None, metadata=COUNT)
    throttled: int | None = field(default=None, metadata=COUNT)
    avg_ms: float | None = field(default=None, metadata=REMEMBERED_LATENCY)
    p50_ms: float | None = field(default=None, metadata=REMEMBERED_LATENCY)
    p95_ms: float | None = field(default=None, metadata=REMEMBERED_LATENCY)
    p99_ms: float | None = field(default=None, metadata=REMEMBERED_LATENCY)
    peak_per_minute: int | None = field(default=None, metadata=PEAK)
    peak_per_day: int | None = field(default=None, metadata=PEAK)
    minute: Meter = field(default=Meter(), metadata=METER)
    day: Meter = field(default=Meter(), metadata=METER)
    statuses: Mapping[int, int] | None = field(default=None, metadata=LIST)
    endpoints: Sequence[Endpoint] | None = field(default=None, metadata=LIST)
    throttled_by_endpoint: tuple[tuple[Text, int], ...] | None = field(default=None, metadata=LIST)
    days: Sequence[Day] | None = field(default=None, metadata=LIST)
    hours: Sequence[Hour] | None = field(default=None, metadata=LIST)
    notes: tuple[str, ...] = ()
    """What was odd about this answer, one sentence each, already inert."""
    raw: Callable[[], object] | None = field(default=None, repr=False)
    """Makes the payload's `data` as received, but for secrets, for `--raw`; None of a remembered answer."""

    @property
    def observed(self) -> tuple[Day, ...]:
        """The daily rows, ascending, each with its 429s; not one that tells only a part of its day, nor one
        ahead. Made anew each time: of a thousand keys they would take as much room as all else of them."""
        return tuple(days_in(*observed_columns(self)))

    @property
    def failed(self) -> int | None:
        """4xx + 5xx."""
        if self.client_errors is not None and self.server_errors is not None:
            return self.client_errors + self.server_errors
        if self.requests is not None and self.successful is not None and self.requests >= self.successful:
            return self.requests - self.successful
        return None


Told = tuple[int, int | None, int | None, int | None]
"""What is told of a day: its date, counted as Python does, its requests, its errors and its 429s."""


def told_columns(usage: Usage) -> tuple[Sequence[Any], ...]:
    """What an answer tells of the days of `Usage.observed`, in the columns of Told: of many keys rows would
    take longer to make than to look at."""
    ordinals, requests, errors, _ = day_columns(usage.days or ())
    told = ordinals, requests, errors, throttled_on(usage, ordinals)
    today, cut = usage.observed_at.toordinal(), _cut_date(usage)
    if cut in ordinals or (ordinals and ordinals[-1] > today):
        are_told = [on <= today and on != cut for on in ordinals]
        return tuple([*compress(column, are_told)] for column in told)
    return told


def observed_columns(usage: Usage) -> tuple[Sequence[Any], ...]:
    """The dates of `Usage.observed`, counted as Python does, their requests, their errors, which are partial,
    and their 429s."""
    ordinals, requests, errors, throttled = told_columns(usage)
    today = usage.observed_at.toordinal()
    return ordinals, requests, errors, [today <= on for on in ordinals], throttled


def throttled_on(usage: Usage, ordinals: Sequence[int]) -> list[int | None]:
    """How many 429s these dates had, counted as Python does; None of a date beyond the window.

    Hours say so only where they account for all of the window's 429s: the service's list may be cut short.
    """
    starts, throttled = ((), ()) if usage.hours is None else hour_columns(usage.hours)
    if usage.hours is None or sum(throttled) != usage.throttled:
        return [None] * len(ordinals)
    by_day: dict[int, int] = {}
    for start, count in zip(starts, throttled, strict=True):
        on = start.toordinal()
        by_day[on] = by_day.get(on, 0) + count
    first, last = usage.window.start.toordinal(), usage.window.end.toordinal()
    # Nearly all answers: to ask each date whether it is in the window takes twice as long.
    if isinstance(ordinals, range) and ordinals and first <= ordinals[0] and ordinals[-1] <= last:
        return [*map(by_day.get, ordinals, repeat(0))] if by_day else [0] * len(ordinals)
    return [by_day.get(on, 0) if first <= on <= last else None for on in ordinals]


def _cut_date(usage: Usage) -> int | None:
    """The date, counted as Python does, of which the answer may tell only the end.

    N rolling days of 24 hours touch N + 1 dates: it is the first date of a period with more dates than days,
    or the first of N + 1 rows.
    """
    window = usage.window
    first = window.end - timedelta(days=max(window.days, (window.end - window.start).days))
    is_cut = first in window or len(usage.days or ()) == window.days + 1
    return first.toordinal() if is_cut else None


def _declared(declaration: Mapping[str, str]) -> tuple[str, ...]:
    """The fields of a Usage that say so, in their order."""
    return tuple(each.name for each in fields(Usage) if declaration.items() <= each.metadata.items())


COUNTS = _declared(COUNT)
LATENCIES = _declared(LATENCY)
REMEMBERED_LATENCIES = _declared(REMEMBERED_LATENCY)
PEAKS = _declared(PEAK)
METERS = _declared(METER)


def ratio(part: int | None, of: int | None) -> float | None:
    """part ÷ of as a fraction; None when either is unknown, nothing was counted, or they contradict.

    A part that is larger than the whole is no ratio: the answer's notes have both figures.
    """
    if part is None or not of or part > of:
        return None
    return part / of
