"""Reads single values of the JSON leniently: a value that makes no sense is None, never an exception.

Numbers may come as strings, because JavaScript services send big integers that way, and a faulty service
may send anything.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import BeforeValidator

from socd_tui.model.text import Text

T = TypeVar("T")

MAX_COUNT = 2**53
"""Largest integer that JSON carries exactly between languages; a larger count is taken as unknown."""

_NUMBER = re.compile(r"\d{1,16}(\.\d{1,9})?")
_YEARS = range(2000, 2101)


def millis(value: object) -> float | None:
    """A duration (ms) or other number from 0 to `MAX_COUNT`; without a fraction an int, to print as 287."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value) if "." in value else int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 <= value <= MAX_COUNT:  # NaN is not within, and integers of any size can be compared
        return None
    return int(value) if value == int(value) else value


def count(value: object) -> int | None:
    """A count: a whole number from 0 to `MAX_COUNT`."""
    number = millis(value)
    return number if isinstance(number, int) else None


def text(value: object) -> Text | None:
    """Text from the service, made harmless to display; a number is read as its digits."""
    if isinstance(value, str):
        return Text(value)
    return Text(str(value)) if count(value) is not None else None


def moment(value: object) -> datetime | None:
    """An ISO 8601 moment of the years 2000 to 2100, in UTC; without a zone it is taken as UTC.

    The documentation's examples are all in UTC.
    """
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value.strip())
        parsed = parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return parsed if parsed.year in _YEARS else None


def day(value: object) -> date | None:
    """The UTC date of an ISO 8601 date or moment; a date without a time is never shifted by a zone."""
    parsed = moment(value)
    return parsed.date() if parsed else None


def uuid(value: object) -> str | None:
    """A UUID in its canonical form; only such ids are put into a URL path."""
    try:
        return str(UUID(value)) if isinstance(value, str) else None
    except ValueError:
        return None


def texts(value: object) -> tuple[Text, ...]:
    """The texts in a list, empty for anything else."""
    return tuple(t for item in value if (t := text(item))) if isinstance(value, list) else ()


def first(*values: T | None) -> T | None:
    """The first value that is not None; 0 and False are values."""
    return next((value for value in values if value is not None), None)


def member(payload: object, name: str) -> object:
    """The value of that name; None without it, or when the payload is not an object."""
    return payload.get(name) if isinstance(payload, dict) else None


def mapping(value: object) -> dict[str, object]:
    """The object itself, empty for anything else."""
    return value if isinstance(value, dict) else {}


Count = Annotated[int | None, BeforeValidator(count)]
Millis = Annotated[int | float | None, BeforeValidator(millis)]
Foreign = Annotated[Text | None, BeforeValidator(text)]
Moment = Annotated[datetime | None, BeforeValidator(moment)]
Date = Annotated[date | None, BeforeValidator(day)]
Uuid = Annotated[str | None, BeforeValidator(uuid)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(texts)]
