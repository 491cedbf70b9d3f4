"""A usage answer that is just as documented, read at once.

pydantic-core checks and converts the values while it parses the JSON, by the declaration that `payload` reads
any other answer by, in a tenth of the time. What comes out is the same: nothing is taken here of which a
reader would have made anything else, or had anything to note. Nothing descends into what is not declared.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic_core import CoreSchema, SchemaValidator, ValidationError, core_schema

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
from socd_tui.service.scalar import MAX_COUNT, Unreadable, count, day, millis, moment, uuid

_MADE_AT_ONCE: dict[Read, CoreSchema] = {
    count: core_schema.int_schema(strict=True, ge=0, le=MAX_COUNT),
    millis: core_schema.int_schema(strict=True, ge=0, le=MAX_COUNT),
    most_allowed: core_schema.int_schema(strict=True, ge=0, lt=MAX_COUNT),
    day: core_schema.no_info_after_validator_function(
        date.fromisoformat, core_schema.str_schema(pattern="^20[0-9]{2}(-[0-9]{2}){2}$")
    ),
    moment: core_schema.no_info_after_validator_function(
        datetime.fromisoformat,
        core_schema.str_schema(pattern="^20[0-9]{2}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z$"),
    ),
    uuid: core_schema.str_schema(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
}
"""What most values are, and needs no reader: it would make the same of them."""

_IN_OTHER_FORMS = (millis, most_allowed)
"""Of these others are usual, too: fractions of a millisecond, words for no limit."""

_OF_A_REFUSAL = {
    **dict.fromkeys(("error", "errors"), core_schema.none_schema()),
    **dict.fromkeys(("success", "ok"), core_schema.nullable_schema(core_schema.literal_schema([True]))),
}
"""Where these say anything else, the answer may be an error in place of figures."""


def documented(body: bytes) -> Documented | None:
    """A usage answer's values; None for a body that has to be looked at closely, whatever it is."""
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
    return None if requests is None or window is None else Documented(told, body)


def _schema(kind: Read | Part | Rows) -> CoreSchema:
    """What the readers take without a note, or nothing at all."""
    if isinstance(kind, Part):
        return core_schema.nullable_schema(
            _object({name: _schema(each) for name, each in kind.members.items()})
        )
    if isinstance(kind, Rows):
        members = {name: _schema(read) for name, read in kind.members.items()}
        rows = _by_code(kind.coded) if kind.coded else core_schema.list_schema(_object(members))
        return core_schema.nullable_schema(rows)
    at_once, read = _MADE_AT_ONCE.get(kind), _read_without_a_note(kind)
    if at_once and kind in _IN_OTHER_FORMS:
        at_once = core_schema.union_schema([at_once, read], mode="left_to_right")
    return core_schema.nullable_schema(at_once or read)


def _object(members: dict[str, CoreSchema]) -> CoreSchema:
    fields = {name: core_schema.typed_dict_field(each, required=False) for name, each in members.items()}
    return core_schema.typed_dict_schema(fields, extra_behavior="ignore")


def _by_code(name: str) -> CoreSchema:
    """Rows that were sent as an object of counts by status."""

    def rows(counts: dict[str, int | None]) -> list[Told]:
        return [{name: int(code), "count": n} for code, n in counts.items()]

    statuses = core_schema.str_schema(pattern="^[1-9][0-9][0-9]$")
    return core_schema.no_info_after_validator_function(
        rows, core_schema.dict_schema(statuses, _schema(count))
    )


def _read_without_a_note(read: Read) -> CoreSchema:
    def taken(value: object) -> object:
        made = read(value)
        if isinstance(made, Unreadable):
            raise ValueError
        return made

    return core_schema.no_info_plain_validator_function(taken)


def _answer() -> SchemaValidator:
    members: dict[str, Any] = {**FLAT.members, **NESTED.members}
    for name, (flat, section, nested) in PLACES.items():
        if flat:
            members[flat] = figure(name)
        if section and nested:
            of_section = members[section].members if section in members else {}
            members[section] = Part({**of_section, nested: figure(name)})
    data = _object({**{name: _schema(kind) for name, kind in members.items()}, **_OF_A_REFUSAL})
    return SchemaValidator(_object({"data": data, **_OF_A_REFUSAL}))


_ANSWER = _answer()
