"""A day as it is stored, and what is kept of two observations of the same one.

A day has two parts, the counts and the 429s, because one answer may tell only one of them. Of each part
the greater by its rank is kept, so the order in which they come does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar

from socd_tui.clock import EARLIEST, EPOCH, LATEST
from socd_tui.model.checked import hour_at
from socd_tui.model.past import Observation, remembered_days
from socd_tui.model.text import counted
from socd_tui.model.usage import Hour, Usage, hour_columns, sent_hours

CLOCK_AHEAD = timedelta(days=2)
"""How far a service's clock may be ahead of this one: what claims to be newer would win forever."""

LARGEST = 2**53  # beyond it a count is not a count; the wire reads none, but a sum may come to more

_WIDEST = 8  # bytes of an hour
_WIDTHS = frozenset(range(0, 24 * _WIDEST + 1, 24))
_NONE = type(None)

ColumnsT = TypeVar("ColumnsT", bound="Columns")


class StoredDay(NamedTuple):
    """One UTC date of one key, as the columns it is stored in. A part that nobody told has no moment.

    Moments are seconds since 1970: the service's `Date` tells no less.
    """

    ordinal: int
    """The date, counted as Python does."""
    seen_at: int | None = None
    requests: int | None = None
    errors: int | None = None
    hit_at: int | None = None
    throttled: int | None = None
    """None where the list of hours may be cut short."""
    packed: bytes = b""
    """The 429s of 24 hours, each plus 1, for 0 is an hour that was not sent; nothing where none was."""

    def joined(self, other: StoredDay) -> StoredDay:
        """The better of both, part by part; of those that are alike this one's."""
        counts, hits = self[1:4], self[4:]
        if other[1:4] != counts and _counts_rank(*other[1:4]) > _counts_rank(*counts):
            counts = other[1:4]
        over = (self.ordinal - EPOCH + 1) * 86_400
        if other[4:] != hits and _hits_rank(over, *other[4:]) > _hits_rank(over, *hits):
            hits = other[4:]
        return StoredDay(self.ordinal, *counts, *hits)

    def final(self) -> int | None:
        """The requests of a day that was over when they were counted."""
        return self.requests if self._over(self.seen_at) else None

    def observation(self) -> Observation | None:
        """The day with both parts; None where only its 429s are stored."""
        return next(iter(observed_days([self])), None)

    def hours(self) -> Sequence[Hour]:
        """Those that were sent."""
        return hours_of([self])

    def _over(self, at: int | None) -> bool:
        return at is not None and at // 86_400 + EPOCH > self.ordinal


Columns = tuple[int, int | None, int | None, int | None, int | None, int | None, bytes]
"""Those of a StoredDay, as SQLite gives them: of years of days there are too many to make one of each."""


def usable(days: Sequence[ColumnsT], now: datetime) -> list[ColumnsT]:
    """Those that this program writes, whatever else is in their rows.

    The file may be damaged, or another's.
    """
    if _are_usable(days, now):
        return [*days]
    return [day for day in days if _are_usable([day], now)]


def _are_usable(days: Sequence[Columns], now: datetime) -> bool:
    """Whether all are. They are looked at in columns: one by one they would take as long as to read them."""
    if not days:
        return True
    earliest_s, latest_s = int(EARLIEST.timestamp()), int((now + CLOCK_AHEAD).timestamp())
    ordinals, seen_at, requests, errors, hit_at, throttled, packed, *_ = zip(*days, strict=True)
    return (
        _within(ordinals, EARLIEST.toordinal(), LATEST.toordinal() - 1)
        and all(_within(column, earliest_s, latest_s, or_none=True) for column in (seen_at, hit_at))
        and all(_within(column, 0, LARGEST, or_none=True) for column in (requests, errors, throttled))
        and set(map(type, packed)) == {bytes}
        and _WIDTHS.issuperset(map(len, packed))
    )


def _within(column: Sequence[object], least: int, most: int, *, or_none: bool = False) -> bool:
    """Whether they are all whole numbers from `least` to `most`, or None where it may be."""
    types = set(map(type, column))
    if or_none and _NONE in types:
        types.remove(_NONE)
        column = [each for each in column if each is not None]
    if not types:
        return True
    return types == {int} and least <= min(column) and max(column) <= most  # type: ignore[type-var, operator]


def observed_days(days: Sequence[Columns]) -> Sequence[Observation]:
    """Each with both parts; not those of which only the 429s are stored."""
    counted = [day for day in days if day[1] is not None]
    if not counted:
        return ()
    ordinals, seen_at, requests, errors, hit_at, throttled, _ = zip(*counted, strict=True)
    if hit_at != seen_at:  # else all counts of a day are of one moment
        throttled = tuple(map(_throttled_by, ordinals, seen_at, hit_at, throttled))
    return remembered_days(ordinals, seen_at, requests, errors, throttled)


def hours_of(days: Iterable[Columns]) -> Sequence[Hour]:
    """Those that were sent of these days."""
    starts, throttled = [], []
    for ordinal, *_, packed in days:
        for hour, n in enumerate(_unpacked(packed), (ordinal - EPOCH) * 24):
            if n:
                starts.append(hour_at(hour))
                throttled.append(n - 1)
    return sent_hours(starts, throttled)


def _throttled_by(ordinal: int, seen_at: int, hit_at: int | None, throttled: int | None) -> int | None:
    """429s counted before the day was over do not belong to requests counted later."""
    is_of_these = hit_at is not None and (hit_at >= seen_at or hit_at >= (ordinal - EPOCH + 1) * 86_400)
    return throttled if is_of_these else None


class ShrunkenDay(NamedTuple):
    """A finished day that counts fewer requests than it did."""

    label: str
    """Of its key."""
    on: date
    before: int
    now: int


def told_of(shrunken: Sequence[ShrunkenDay]) -> list[str]:
    """One sentence for all of them, none for none."""
    if not shrunken:
        return []
    first, last = min(day.on for day in shrunken), max(day.on for day in shrunken)
    dates = f"{first.day} {first:%b}"
    before, now = sum(day.before for day in shrunken), sum(day.now for day in shrunken)
    change = f"counted {counted(before, 'request')}, now {now:,}"
    labels = dict.fromkeys(day.label for day in shrunken)
    whose = next(iter(labels)) if len(labels) == 1 else f"{len(labels)} keys"
    if len(shrunken) == 1:
        return [f"{whose}: {dates} {change}; the newer figure is kept."]
    if first != last:
        dates += f" to {last.day} {last:%b}"
    return [f"{whose}: {len(shrunken)} days, {dates}, {change}; the newer figures are kept."]


def is_usable_date(ordinal: object) -> bool:
    """Whether it counts a date of the years that anybody means."""
    return type(ordinal) is int and EARLIEST.toordinal() <= ordinal < LATEST.toordinal()


def count(value: int | None) -> int | None:
    """The value where it is small enough to be a count."""
    return None if value is None or value > LARGEST else value


def packed_by_date(usage: Usage) -> dict[int, bytes]:
    """The hours of each date, counted as Python does."""
    by_date: defaultdict[int, list[int]] = defaultdict(lambda: [0] * 24)
    for start, throttled in zip(*hour_columns(() if usage.hours is None else usage.hours), strict=True):
        counts = by_date[start.toordinal()]
        counts[start.hour] = (counts[start.hour] or 1) + throttled
    return {on: _packed(counts) for on, counts in by_date.items()}


def _unpacked(packed: bytes) -> Sequence[int]:
    width = len(packed) // 24
    if width <= 1:
        return packed
    return [int.from_bytes(packed[at : at + width], "big") for at in range(0, len(packed), width)]


def _packed(counts: list[int]) -> bytes:
    """As many bytes an hour as the greatest needs."""
    width = (max(counts).bit_length() + 7) // 8
    if width == 1:
        return bytes(counts)
    if width > _WIDEST:
        width = _WIDEST
        counts = [min(n, (1 << 8 * _WIDEST) - 1) for n in counts]
    return b"".join(n.to_bytes(width, "big") for n in counts)


def _counts_rank(at: int | None, requests: int | None, errors: int | None) -> tuple[bool, int, int, int]:
    """A count before none, then the newer; the values only decide within one second.

    Unknown ranks below every number.
    """
    return (
        requests is not None,
        -1 if at is None else at,
        -1 if requests is None else requests,
        -1 if errors is None else errors,
    )


def _hits_rank(
    over: int, at: int | None, throttled: int | None, packed: bytes
) -> tuple[bool, int, int, bytes]:
    """All hours of a day that was `over` by then before a list that may be cut short, then the newer."""
    at = -1 if at is None else at
    return throttled is not None and at >= over, at, -1 if throttled is None else throttled, packed
