"""A usage answer that is just as documented, read at once.

pydantic-core checks and converts the values while it parses the JSON, by the declaration that `payload` reads
any other answer by, in a tenth of the time. What comes out is the same: nothing is taken here of which a
reader would have made anything else, or had anything to note. Nothing descends into what is not declared.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from socd_tui.service.body import MAX_VALUES, is_shallow
from socd_tui.service.payload import (
    FLAT,
    NESTED,
    PLACES,
    Documented,
    Part,
    Read,
    Rows,
    Told,
    figure,
    most_allowed,
)
from socd_tui.service.pydantic_core_alone import SchemaValidator, ValidationError
from socd_tui.service.scalar import MAX_COUNT, Unreadable, count, day, millis, moment, uuid

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

Schema = dict[str, Any]
"""A schema in pydantic-core's own form, which its functions of the same names make as well."""


def _text(pattern: str) -> Schema:
    return {"type": "str", "pattern": pattern}


def _then(make: Callable[[Any], object], schema: Schema) -> Schema:
    """What is made of a value of that schema."""
    return {"type": "function-after", "function": {"type": "no-info", "function": make}, "schema": schema}


def _or_null(schema: Schema) -> Schema:
    return {"type": "nullable", "schema": schema}


_MADE_AT_ONCE: dict[Read, Schema] = {
    count: {"type": "int", "strict": True, "ge": 0, "le": MAX_COUNT},
    millis: {"type": "int", "strict": True, "ge": 0, "le": MAX_COUNT},
    most_allowed: {"type": "int", "strict": True, "ge": 0, "lt": MAX_COUNT},
    day: _then(date.fromisoformat, _text("^20[0-9]{2}(-[0-9]{2}){2}$")),
    moment: _then(datetime.fromisoformat, _text("^20[0-9]{2}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z$")),
    uuid: _text("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
}
"""What most values are, and needs no reader: it would make the same of them."""

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
        told: Told = _ANSWER.validate_json(body).get("data", {})
    except ValidationError:
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
        members = {name: _schema(read) for name, read in kind.members.items()}
        rows = _by_code(kind.coded) if kind.coded else {"type": "list", "items_schema": _object(members)}
        return _or_null(rows)
    at_once, read = _MADE_AT_ONCE.get(kind), _read_without_a_note(kind)
    if at_once and kind in _IN_OTHER_FORMS:
        at_once = {"type": "union", "choices": [at_once, read], "mode": "left_to_right"}
    return _or_null(at_once or read)


def _object(members: dict[str, Schema]) -> Schema:
    fields = {
        name: {"type": "typed-dict-field", "schema": each, "required": False}
        for name, each in members.items()
    }
    return {"type": "typed-dict", "fields": fields, "extra_behavior": "ignore"}


def _by_code(name: str) -> Schema:
    """Rows that were sent as an object of counts by status."""

    def rows(counts: dict[str, int | None]) -> list[Told]:
        return [{name: int(code), "count": n} for code, n in counts.items()]

    statuses = _text("^[1-9][0-9][0-9]$")
    return _then(rows, {"type": "dict", "keys_schema": statuses, "values_schema": _schema(count)})


def _read_without_a_note(read: Read) -> Schema:
    def taken(value: object) -> object:
        made = read(value)
        if isinstance(made, Unreadable):
            raise ValueError
        return made

    return {"type": "function-plain", "function": {"type": "no-info", "function": taken}}


def _answer() -> SchemaValidator:
    members: dict[str, Any] = {**FLAT.members, **NESTED.members}
    for name, (flat, section, nested) in PLACES.items():
        if flat:
            members[flat] = figure(name)
        if section and nested:
            of_section = members[section].members if section in members else {}
            members[section] = Part({**of_section, nested: figure(name)})
    data = _object({**{name: _schema(kind) for name, kind in members.items()}, **_OF_A_REFUSAL})
    return SchemaValidator(cast("CoreSchema", _object({"data": data, **_OF_A_REFUSAL})))


_ANSWER = _answer()
