"""Values of a file that this program wrote, each checked: ValueError for what it never writes."""

from __future__ import annotations

import re
from collections.abc import Set
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import lt
from typing import Any, get_args

from socd_tui.clock import EARLIEST, LATEST
from socd_tui.model.text import LONGEST_SENTENCE, Text, inert

_ID = re.compile(r"[\w-]{1,64}", re.ASCII)  # ids become part of a URL's path
_NONE = type(None)
_NATURAL, _COUNT, _REAL = frozenset({int}), frozenset({int, _NONE}), frozenset({int, float})
_REAL_OR_NONE, _STRING = _REAL | {_NONE}, frozenset({str})
_FIRST, _LAST = EARLIEST.toordinal(), LATEST.toordinal()
LARGEST = 2**63
"""Beyond any sum of counts; what is calculated with it is still a number that can be shown."""


MALFORMED = (ValueError, OSError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)
"""What reading raises of a document that this program did not write."""


_WORDS = lru_cache(get_args)
"""Those of a literal type: found once, as each answer of a snapshot has two of them."""


def one_of(literal: Any, value: object) -> Any:
    """The value, when the literal type has it."""
    if value not in _WORDS(literal):
        raise ValueError
    return value


def moment(value: object) -> datetime | None:
    return None if value is None else utc(value)


def utc(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is not UTC or not EARLIEST <= moment < LATEST:
        raise ValueError
    return moment


def moments(value: object) -> list[datetime]:
    """So many seconds after 1970."""
    return _meant([datetime.fromtimestamp(each, UTC) for each in naturals(value)])


def hours(value: object) -> list[datetime]:
    """So many hours after 1970."""
    return _meant([*map(hour_at, naturals(value))])


@lru_cache(maxsize=4096)
def hour_at(number: int) -> datetime:
    """So many hours after 1970: one moment for all keys, as each is slow to make, to hash and to compare."""
    return datetime.fromtimestamp(number * 3600, UTC)


def _meant(moments: list[datetime]) -> list[datetime]:
    if moments and not EARLIEST <= min(moments) <= max(moments) < LATEST:
        raise ValueError
    return moments


def dates(value: object) -> list[date]:
    """Ascending, none twice."""
    return [*map(date.fromordinal, ordinals(value))]


def ordinals(value: object) -> list[int]:
    """The same, counted as Python does."""
    counted = of_types(value, _NATURAL)
    if counted and not _FIRST <= counted[0] <= counted[-1] < _LAST:
        raise ValueError
    if not all(map(lt, counted, counted[1:])):
        raise ValueError
    return counted


def day(ordinal: int) -> date:
    """A date of the years that anybody means."""
    if not _FIRST <= ordinal < _LAST:
        raise ValueError
    return date.fromordinal(ordinal)


def counts(value: object) -> list[int | None]:
    values = of_types(value, _COUNT)
    known = [each for each in values if each is not None] if None in values else values
    if known and (min(known) < 0 or max(known) > LARGEST):
        raise ValueError
    return values


def naturals(value: object) -> list[int]:
    values = of_types(value, _NATURAL)
    if values and (min(values) < 0 or max(values) > LARGEST):
        raise ValueError
    return values


def natural(value: object) -> int:
    return naturals([value])[0]


def real(value: object) -> float:
    return reals([value])[0]


def reals(value: object) -> list[float]:
    """None below 0."""
    values = of_types(value, _REAL)
    if not all(0 <= each <= LARGEST for each in values):  # nor is NaN within
        raise ValueError
    return values


def ms(value: object) -> list[float | None]:
    values = of_types(value, _REAL_OR_NONE)
    if not all(0 <= each <= LARGEST for each in values if each is not None):  # nor is NaN within
        raise ValueError
    return values


def of_types(value: object, types: set[type] | frozenset[type]) -> list[Any]:
    """The list, when every item is of exactly one of the types: a bool is no int."""
    if not isinstance(value, list) or not types.issuperset(map(type, value)):
        raise ValueError
    return value


def array(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError
    return value


def by_name(value: object, names: Set[str]) -> dict[str, Any]:
    """The values by name, when nothing else is in it."""
    if not isinstance(value, dict) or not value.keys() <= names:
        raise ValueError
    return value


def texts(value: object) -> list[Text]:
    return [*map(Text, originals(value))]


def originals(value: object) -> list[str]:
    """Texts as they came."""
    return of_types(value, _STRING)


def text(value: object) -> Text:
    if not isinstance(value, str):
        raise ValueError
    return Text(value)


def sentence(value: object) -> str:
    """Words of ours that are harmless as they stand."""
    if not isinstance(value, str) or inert(value, LONGEST_SENTENCE) != value:
        raise ValueError
    return value


def notes(value: object) -> tuple[str, ...]:
    return tuple(map(inert, of_types(value, _STRING)))


def identity(value: str) -> str:
    if not _ID.fullmatch(value):
        raise ValueError
    return value


def inert_text(value: object) -> str:
    """Text that is harmless as it stands."""
    shown = text(value).shown
    if shown != value:
        raise ValueError
    return shown
