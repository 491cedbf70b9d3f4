"""JSON Schemas (draft 2020-12), made from documents: what a member may be is what it has been in one.

Unknown is null, so any figure may be; fields may be added, so none is forbidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from socd_tui.views.parts.measure import Confidence
from socd_tui.views.registry import views

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_FIELD = re.compile(r"[a-z][a-z0-9_]*")
_OPAQUE = {"fleet": "What --open reads; its form is not for others.", "raw": "The service's own payloads."}
_NAMED = {"schema", "view", "generated_at", "tool", "id", "key_id", "zone"}
"""Members that are always told, as text."""

Schema = dict[str, Any]


def schema_of(name: str, documents: Sequence[Mapping[str, Any]]) -> Schema:
    """The schema of the documents `socd-tui/name/version`, of which these are some."""
    version = documents[0]["schema"]
    schema = {
        "$schema": DIALECT,
        "$id": f"urn:{version.replace('/', ':')}",
        "title": version,
        **_described(documents, ""),
    }
    schema["properties"]["schema"] = {"const": version}
    if name == "view":
        schema["properties"]["view"] = {"enum": sorted({each["view"] for each in documents})}
        schema["properties"]["data"] = {"type": "object"}
        schema["allOf"] = [_of_view(each.name, documents) for each in views()]
    return schema


def _of_view(view: str, documents: Iterable[Mapping[str, Any]]) -> Schema:
    data = [each["data"] for each in documents if each["view"] == view]
    return {
        "if": {"properties": {"view": {"const": view}}},
        "then": {"properties": {"data": {"type": "object", **_members(data, deep=True)}}},
    }


def _described(values: Sequence[Any], name: str, *, deep: bool = False) -> Schema:
    """What all of these values of one member are; of one that was never told nothing is said."""
    if name == "confidence":
        words: Schema = {"enum": list(get_args(Confidence))}
        maps = [each for each in values if isinstance(each, dict)]
        return {"type": "object", "additionalProperties": words} if maps else words
    if name in _OPAQUE:
        return {"type": "object", "description": _OPAQUE[name]}
    objects = [each for each in values if isinstance(each, dict)]
    lists = [each for each in values if isinstance(each, list)]
    types = {_type(each, name) for each in values}
    if name not in _NAMED and name:
        types |= {"null"}
    if types <= {"null"} and name not in _NAMED:
        return {}
    if "number" in types:
        types -= {"integer"}
    schema: Schema = {"type": sorted(types) if len(types) > 1 else next(iter(types), "null")}
    if objects:
        members = _members(objects, deep=deep)
        if deep:  # what a figure comes with depends on what is known of it
            members.pop("required", None)
        schema |= members
    if lists:
        items = [item for each in lists for item in each]
        schema["items"] = _described(items, "", deep=deep) if items else {}
    return schema


def _members(objects: Sequence[dict[str, Any]], *, deep: bool = False) -> Schema:
    """The fields of an object; of one that is a table by ids, codes or days, what its values are."""
    names = list(dict.fromkeys(name for each in objects for name in each))
    if names and not all(map(_FIELD.fullmatch, names)):
        values = [item for each in objects for item in each.values()]
        return {"additionalProperties": _described(values, "by", deep=deep)}
    return {
        "required": [name for name in names if all(name in each for each in objects)],
        "properties": {
            name: _described([each[name] for each in objects if name in each], name, deep=deep)
            for name in names
        },
    }


def _type(value: Any, name: str) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer" if name in _counts() else "number"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def _counts() -> frozenset[str]:
    """The names of figures that are whole numbers, as the measures declare them."""
    measures = [each for view in views() if view.measures for each in view.measures.each]
    fractions = {each.json_name or each.name for each in measures if each.kind in ("ratio", "ms", "cents")}
    whole = {each.json_name or each.name for each in measures if each.kind in ("count", "code")}
    return frozenset({"days", "asked_days", *whole} - fractions)
