"""Reads single values of the JSON: what was meant, None for absent, or `Unreadable`; never an exception.

Numbers may come as strings, because JavaScript services send big integers that way, and a faulty service
may send anything. Sent but unreadable is told apart from not sent: the first is a note, and nothing that is
assumed may step in for it.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from socd_tui.clock import EARLIEST, LATEST
from socd_tui.model.key import SentLimit
from socd_tui.model.record import dataclass
from socd_tui.model.text import Text, clip, inert
from socd_tui.service.masking import masked, masked_path

T = TypeVar("T")

MAX_COUNT = 2**53
"""Largest integer that JSON carries exactly between languages; a larger count is not one anybody counted."""

LONGEST_MOMENT = 100
"""Characters. Blanks are searched for what follows them, which takes the square of their number."""

_NUMBER = re.compile(r"\d{1,20}(\.\d{1,9})?", re.ASCII)
_EPOCH = re.compile(r"\d{9,20}(\.\d{1,9})?", re.ASCII)
_SPACE_BEFORE_ZONE = re.compile(r"\s+(?=[+-]\d\d:?\d\d|Z$)")
_UTC = re.compile(r"\s*(?:UTC|GMT)\Z")
_LEAP_SECOND = re.compile(r"(?<=:\d\d:)60")
_HTTP_DATE = re.compile(r"[A-Za-z]{3,9},? [\w -]+ \d\d:\d\d:\d\d( [\w+-]+)?", re.ASCII)
_WRITTEN_DATE = re.compile(r"(\d{4}-?\d\d-?\d\d)(?:$|[Tt\s])", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SECONDS_IN = (1, 1_000, 1_000_000, 1_000_000_000)
"""What a second is in the units that clocks are told in: s, ms, µs, ns."""
_UNLIMITED_WORDS = frozenset(
    {"unlimited", "none", "no limit", "no_limit", "infinite", "infinity", "inf", "∞"}
)


@dataclass(frozen=True)
class Unreadable:
    """A value that was sent and makes no sense where it stands."""

    sent: object

    def quoted(self) -> str:
        """The value as a sentence can hold it: harmless, short and without a secret."""
        if isinstance(self.sent, str):
            return f"'{clip(inert(masked(self.sent)), 40)}'"
        try:
            written = json.dumps(self.sent, ensure_ascii=False, default=str)
        except (ValueError, RecursionError):
            written = type(self.sent).__name__
        return clip(inert(masked(written)), 40)


def millis(value: object) -> float | Unreadable | None:
    """A duration (ms) or other number from 0 to `MAX_COUNT`; without a fraction an int, to print as 287."""
    number = _number(value)
    if number is None or isinstance(number, Unreadable):
        return number
    if not 0 <= number <= MAX_COUNT:  # NaN is not within, and integers of any size can be compared
        return Unreadable(value)
    return int(number) if number == int(number) else number


def count(value: object) -> int | Unreadable | None:
    """A count: a whole number from 0 to `MAX_COUNT`."""
    number = millis(value)
    return number if number is None or isinstance(number, int | Unreadable) else Unreadable(value)


def limit(value: object) -> SentLimit:
    """The most requests allowed: a count, or no limit at all.

    Services write "no limit" as a word, as -1 or another negative number, or as the largest integer they
    have. Zero stays a count: nobody can say whether it means none allowed or none set.
    """
    if isinstance(value, str) and value.strip().lower() in _UNLIMITED_WORDS:
        return "unlimited"
    number = _number(value)
    if number is None:
        return None
    if isinstance(number, Unreadable):
        return "unreadable"
    if number < 0 or number >= MAX_COUNT:
        return "unlimited"
    return int(number) if float(number).is_integer() else "unreadable"  # neither is NaN


def text(value: object) -> Text | Unreadable | None:
    """Text from the service, made harmless and trimmed; a number is read as its digits, blank is absent."""
    if value is None:
        return None
    if isinstance(value, str):
        read = Text(masked(value.strip()))
        return read if read.shown.strip() else None
    return Text(str(value)) if isinstance(count(value), int) else Unreadable(value)


def path(value: object) -> Text | Unreadable | None:
    """A path of the endpoint statistics: text in which any secret is masked."""
    if not isinstance(value, str):
        return text(value)
    read = Text(masked_path(value).strip())
    return read if read.shown.strip() else None


def moment(value: object) -> datetime | Unreadable | None:
    """A moment of the years 2000 to 2100, in UTC.

    RFC 3339 with any offset (without one it is UTC, as in all the documentation's examples), seconds,
    milliseconds, microseconds or nanoseconds since 1970 by their magnitude, or an HTTP date.
    """
    if value is None:
        return None
    parsed = _moment(value)
    return parsed if parsed is not None and EARLIEST <= parsed < LATEST else Unreadable(value)


def end(value: object) -> datetime | Unreadable | None:
    """The moment at which something ends, of any later year too: the year 9999 is a way to write "never"."""
    parsed = written_moment(value.strip()) if isinstance(value, str) else None
    return parsed if parsed is not None and parsed >= LATEST else moment(value)


def day(value: object) -> date | Unreadable | None:
    """The date of a daily row, as written: an offset says whose day it is, and does not shift it."""
    parsed = moment(value)
    if not isinstance(parsed, datetime):
        return parsed
    written = _WRITTEN_DATE.match(value.strip()) if isinstance(value, str) else None
    return date.fromisoformat(written[1]) if written else parsed.date()


def uuid(value: object) -> str | Unreadable | None:
    """A UUID in its canonical form; only such ids are put into a URL path."""
    if value is None or (isinstance(value, str) and _UUID.fullmatch(value)):
        return value
    from uuid import UUID  # for those that are written otherwise: it takes 2 ms to load

    try:
        return str(UUID(value)) if isinstance(value, str) else Unreadable(value)
    except ValueError:
        return Unreadable(value)


def texts(value: object) -> tuple[Text, ...] | Unreadable:
    """The texts in a list."""
    if value is None:
        return ()
    if not isinstance(value, list):
        return Unreadable(value)
    return tuple(each for item in value if isinstance(each := text(item), Text))


def first(*values: T | None) -> T | None:
    """The first value that is not None; 0 and False are values."""
    for value in values:
        if value is not None:
            return value
    return None


def member(payload: object, name: str) -> object:
    """The value of that name; None without it, or when the payload is not an object."""
    return payload.get(name) if isinstance(payload, dict) else None


def mapping(value: object) -> dict[str, object]:
    """The object itself, empty for anything else."""
    return value if isinstance(value, dict) else {}


def _number(value: object) -> int | float | Unreadable | None:
    """Any number, also written as text; its range is the caller's to judge."""
    if value is None:
        return None
    if isinstance(value, str):
        digits = value.strip()
        negative = digits.startswith("-")
        if not _NUMBER.fullmatch(digits.removeprefix("-")):
            return Unreadable(value)
        value = float(digits) if "." in digits else int(digits)
        return -abs(value) if negative else value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Unreadable(value)
    return value


def _moment(value: object) -> datetime | None:
    if isinstance(value, str):
        value = value.strip()
        if not _EPOCH.fullmatch(value):
            return written_moment(value)
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    for unit in _SECONDS_IN:
        if EARLIEST.timestamp() * unit <= value < LATEST.timestamp() * unit:
            return datetime.fromtimestamp(value / unit, UTC)
    return None


def written_moment(written: str) -> datetime | None:
    """A moment in words: ISO 8601, in UTC where it has no zone, or an HTTP date; None for anything else."""
    if len(written) > LONGEST_MOMENT:
        return None
    iso = _LEAP_SECOND.sub("59", _SPACE_BEFORE_ZONE.sub("", _UTC.sub("Z", written.upper())))
    try:
        parsed = datetime.fromisoformat(iso)
    except ValueError:
        if not _HTTP_DATE.fullmatch(written):
            return None
        try:
            parsed = parsedate_to_datetime(written)
        except (ValueError, TypeError, IndexError):
            return None
    try:
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except OverflowError:
        return None
