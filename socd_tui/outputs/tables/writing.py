"""Rows of a table as text, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from math import isfinite

from socd_tui.charts.sheet import Field, Kind, Sheet, Value
from socd_tui.model.text import Text


def as_sheet(names: Sequence[str], rows: Sequence[Sequence[object]]) -> Sheet:
    """For a table, CSV or Markdown: a column of nothing but numbers stands right."""
    cells = [tuple(map(_value, row)) for row in rows]
    kinds = [_kind([row[at] for row in cells]) for at in range(len(names))]
    return Sheet(tuple(map(Field, names, kinds)), tuple(cells))


def as_objects(names: Sequence[str], rows: Iterable[Sequence[object]]) -> list[dict[str, object]]:
    """For JSON: an object a row, the service's own texts unaltered."""
    return [dict(zip(names, map(_plain, row), strict=True)) for row in rows]


def as_json_lines(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A line of ASCII-safe JSON a row."""
    return "\n".join(json.dumps(each, allow_nan=False) for each in as_objects(names, rows))


def _value(cell: object) -> Value:
    match cell:
        case bool():
            return "true" if cell else "false"
        case bytes():
            return cell.hex()
        case Text() | str() | int() | float():
            return cell
    return None


def _plain(cell: object) -> object:
    match cell:
        case Text():
            return cell.original
        case bytes():
            return cell.hex()
        case float() if not isfinite(cell):
            return None
    return cell


def _kind(values: Sequence[Value]) -> Kind:
    known = [value for value in values if value is not None]
    return "number" if known and all(isinstance(value, int | float) for value in known) else "text"
