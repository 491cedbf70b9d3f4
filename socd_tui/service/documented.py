"""A usage answer that is just as documented, read at once.

pydantic-core parses the JSON, and checks and converts the values by the declaration that `payload` reads any
other answer by, those of rows column by column, in a twentieth of the time. What comes out is the same:
nothing is taken here of which a reader would have made anything else, or had anything to note.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from socd_tui.model.days import MAX_DAYS
from socd_tui.service.body import MAX_VALUES, is_shallow
from socd_tui.service.masking import SEARCHED, may_hold_secret
from socd_tui.service.payload import (
    FLAT,
    NESTED,
    PLACES,
    Documented,
    Part,
    Read,
    Rows,
    Told,
    begun_hour,
    endpoint,
    figure,
    most_allowed,
    ordinal,
)
from socd_tui.service.pydantic_core_alone import SchemaValidator, from_json
from socd_tui.service.scalar import MAX_COUNT, Unreadable, count, millis, moment, uuid

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

Schema = dict[str, Any]
"""A schema in pydantic-core's own form, which its functions of the same names make as well."""


def _text(pattern: str) -> Schema:
    return {"type": "str", "pattern": pattern}


def _then(make: Callable[[Any], object], schema: Schema) -> Schema:
    """What is made of a value of that schema."""
    return {"type": "function-after", "function": {"type": "no-info", "function": make}, "schema": schema}


def _made_by(make: Callable[[Any], object]) -> Schema:
    """What is made of any value."""
    return {"type": "function-plain", "function": {"type": "no-info", "function": make}}


def _or_null(schema: Schema) -> Schema:
    return {"type": "nullable", "schema": schema}


def _list_of(schema: Schema) -> Schema:
    return {"type": "list", "items_schema": schema}


def _either(*choices: Schema) -> Schema:
    """The first of them that a value is of."""
    return {"type": "union", "choices": [*choices], "mode": "left_to_right"}


_DATE = _text("^20[0-9]{2}(-[0-9]{2}){2}$")
_MOMENT = _text("^20[0-9]{2}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z$")

_MADE_AT_ONCE: dict[Read, Schema] = {
    count: {"type": "int", "strict": True, "ge": 0, "le": MAX_COUNT},
    millis: {"type": "int", "strict": True, "ge": 0, "le": MAX_COUNT},
    most_allowed: {"type": "int", "strict": True, "ge": 0, "lt": MAX_COUNT},
    moment: _then(datetime.fromisoformat, _MOMENT),
    uuid: _text("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
}
"""What most values are, and needs no reader: it would make the same of them."""


_MOST_DATES = MAX_DAYS + 1
"""A window of the last so many hours touches a date more than it has days."""


def _validated(schema: Schema) -> Callable[[Any], Any]:
    """What comes of a value of that schema. Raises ValueError for any other."""
    return SchemaValidator(cast("CoreSchema", schema)).validate_python


_all_known = _validated(_list_of({"type": "int", "strict": True}))
_counts_or_none = _validated(_list_of(_or_null(_MADE_AT_ONCE[count])))
_dates = _validated(_list_of(_DATE))
_moments = _validated(_list_of(_MOMENT))
_texts = _validated(_list_of({"type": "str"}))


def _counts(sent: list[Any]) -> Sequence[int | None]:
    try:
        _all_known(sent)
    except ValueError:
        unsure: list[int | None] = _counts_or_none(sent)
        return unsure
    try:
        unsigned = array("Q", sent)
    except OverflowError:
        raise ValueError from None
    if sum(sent) > MAX_COUNT and max(sent) > MAX_COUNT:
        raise ValueError
    return unsigned


def _ordinals(sent: list[Any]) -> Sequence[int]:
    try:
        ordinals, dates = _days_between(sent[0], sent[-1])
    except (ValueError, TypeError, LookupError):
        dates = None
    return ordinals if sent == dates else [*map(_counted, _dates(sent))]


@lru_cache(maxsize=8)  # of each key the same dates are sent
def _days_between(first: str, last: str) -> tuple[range, list[str]]:
    """The days from one date to the other, counted as Python does, and as they are written."""
    begin, end = _counted(first), _counted(last)
    step = 1 if begin <= end else -1
    ordinals = range(begin, end + step, step)
    if len(ordinals) > _MOST_DATES:
        raise ValueError
    return ordinals, [date.fromordinal(on).isoformat() for on in ordinals]


def _counted(written: str) -> int:
    """A date, as Python counts it."""
    if not written.startswith("20"):
        raise ValueError
    return date.fromisoformat(written).toordinal()


def _begun_hours(sent: list[Any]) -> Sequence[object]:
    moments: list[str] = _moments(sent)
    if "".join(moments).count(":00:00Z") < len(moments):
        return [*map(begun_hour, moments)]
    return [*map(datetime.fromisoformat, moments)]


def _paths(sent: list[Any]) -> Sequence[object]:
    paths: list[str] = _texts(sent)
    together = " ".join(paths)
    is_plain = together.isascii() and together.isprintable() and len(together) <= SEARCHED
    if is_plain and not may_hold_secret(together) and together.split() == paths:
        return paths
    return [*map(endpoint, paths)]


_MADE_TOGETHER: dict[Read, Callable[[list[Any]], Sequence[object]]] = {
    count: _counts,
    ordinal: _ordinals,
    endpoint: _paths,
    begun_hour: _begun_hours,
}
"""The values of all rows under one name, where these are faster made together."""

_IN_OTHER_FORMS = (millis, most_allowed)
"""Of these others are usual, too: fractions of a millisecond, words for no limit."""

_OF_A_REFUSAL: dict[str, Schema] = {
    **{name: {"type": "none"} for name in ("error", "errors")},
    **{name: _or_null({"type": "literal", "expected": [True]}) for name in ("success", "ok")},
}
"""Where these say anything else, the answer may be an error in place of figures."""


def documented(body: bytes, again: Callable[[], bytes] | None = None) -> Documented | None:
    """A usage answer's values; None for a body that has to be looked at closely, whatever it is.

    `again` gives the body another time, where it need not be kept for that.
    """
    if len(body) > MAX_VALUES or not is_shallow(body):
        return None
    try:
        told: Told = _answer_of(from_json(body, cache_strings="keys")).get("data", {})
    except ValueError:
        return None
    summary, period = told.get("summary") or {}, told.get("period") or {}
    requests = told.get("total_requests", summary.get("totalRequests"))
    # A key's detail has a total as well, and no window.
    window = told.get("window_days", period.get("days"))
    return None if requests is None or window is None else Documented(told, again or (lambda: body))


def _schema(kind: Read | Part | Rows) -> Schema:
    """What the readers take without a note, or nothing at all."""
    if isinstance(kind, Part):
        return _or_null(_object({name: _schema(each) for name, each in kind.members.items()}))
    if isinstance(kind, Rows):
        return _or_null(_by_code(kind.coded) if kind.coded else _in_columns(kind))
    at_once, read = _MADE_AT_ONCE.get(kind), _read_without_a_note(kind)
    if at_once and kind in _IN_OTHER_FORMS:
        at_once = _either(at_once, read)
    return _or_null(at_once or read)


def _object(members: dict[str, Schema]) -> Schema:
    fields = {
        name: {"type": "typed-dict-field", "schema": each, "required": False}
        for name, each in members.items()
    }
    return {"type": "typed-dict", "fields": fields, "extra_behavior": "ignore"}


def _in_columns(rows: Rows) -> Schema:
    """Rows that were sent as a list of objects."""
    columns = [
        (name, itemgetter(name), _MADE_TOGETHER.get(read) or _validated(_list_of(_schema(read))))
        for name, read in rows.members.items()
    ]

    def read(sent: Any) -> dict[str, Sequence[object]]:
        if not isinstance(sent, list):
            raise ValueError
        if not sent:
            return dict.fromkeys(rows.members, ())
        try:
            return {name: make(_column(sent, name, get)) for name, get, make in columns}
        except (AttributeError, TypeError):  # one is no object
            raise ValueError from None

    return _made_by(read)


def _column(rows: list[dict[str, object]], name: str, get: Callable[[Any], object]) -> list[object]:
    try:
        return [*map(get, rows)]
    except KeyError:
        return [row.get(name) for row in rows]


def _by_code(name: str) -> Schema:
    """Rows that were sent as an object of counts by status."""

    def columns(counts: dict[str, int | None]) -> dict[str, list[int | None]]:
        return {name: [*map(int, counts)], "count": [*counts.values()]}

    statuses = _text("^[1-9][0-9][0-9]$")
    return _then(columns, {"type": "dict", "keys_schema": statuses, "values_schema": _schema(count)})


def _read_without_a_note(read: Read) -> Schema:
    def taken(value: object) -> object:
        made = read(value)
        if isinstance(made, Unreadable):
            raise ValueError
        return made

    return _made_by(taken)


def _answer() -> Callable[[Any], Any]:
    members: dict[str, Any] = {**FLAT.members, **NESTED.members}
    for name, (flat, section, nested) in PLACES.items():
        if flat:
            members[flat] = figure(name)
        if section and nested:
            of_section = members[section].members if section in members else {}
            members[section] = Part({**of_section, nested: figure(name)})
    data = _object({**{name: _schema(kind) for name, kind in members.items()}, **_OF_A_REFUSAL})
    return _validated(_object({"data": data, **_OF_A_REFUSAL}))


_answer_of = _answer()
