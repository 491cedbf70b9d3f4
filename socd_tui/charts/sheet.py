"""A view's figures as a plain sheet: a table for a terminal or a pipe, CSV, or Markdown."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypeVar

from socd_tui.charts.number import dollars, exact, millis, percent
from socd_tui.model.record import dataclass
from socd_tui.model.text import MAX_CODE_POINTS, Text, cell_width, inert

Kind = Literal["text", "id", "code", "number", "count", "ratio", "ms", "cents"]
"""The unit of a value: none, none and for programs, a number that counts nothing, any number as it is, a
number of something, a fraction of 1, milliseconds, or hundredths of a dollar."""
NAMING: tuple[Kind, ...] = ("text", "id", "code")
"""Kinds that say which row it is: aligned left, without a comma."""

T = TypeVar("T")

Value = Text | str | int | float | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Starts of a cell that a spreadsheet runs as a formula instead of showing it."""


@dataclass(frozen=True)
class Field:
    """One column: `name` as in the JSON document, and the unit of its values."""

    name: str
    kind: Kind = "count"


@dataclass(frozen=True)
class Sheet:
    """Rows of values in the order of the fields, and the notes under them."""

    fields: tuple[Field, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()


def as_text(sheet: Sheet) -> str:
    """The sheet as aligned columns, of any width: nothing is cut."""
    sheet = for_people(sheet)
    cells = [
        [value_text(value, field.kind) for value, field in zip(row, sheet.fields, strict=True)]
        for row in sheet.rows
    ]
    titles = [field.name for field in sheet.fields]
    widths = [max(cell_width(row[i]) for row in [titles, *cells]) for i in range(len(titles))]
    lines = [_text_row(row, sheet.fields, widths) for row in [titles, *cells]]
    return "\n".join([*lines, *sheet.notes])


def as_csv(sheet: Sheet) -> str:
    """The sheet as CSV (RFC 4180): numbers without separators, empty cells for None, and no formulas.

    Ids stand last, so that who counts columns finds the others where they were.
    """
    out = io.StringIO()
    import csv  # late, as `markdown`: most of what is told is neither

    writer = csv.writer(out, lineterminator="\n")
    order = sorted(range(len(sheet.fields)), key=lambda i: sheet.fields[i].kind == "id")
    writer.writerow(_csv_cell(sheet.fields[i].name, "text") for i in order)
    writer.writerows([_csv_cell(row[i], sheet.fields[i].kind) for i in order] for row in sheet.rows)
    return out.getvalue().rstrip("\n")


def as_markdown(sheet: Sheet) -> str:
    """A pipe table with numbers aligned right."""
    from socd_tui.charts.markdown import in_markdown

    sheet = for_people(sheet)
    rule = ["---" if field.kind in NAMING else "--:" for field in sheet.fields]
    body = [
        [in_markdown(value_text(value, field.kind)) for value, field in zip(row, sheet.fields, strict=True)]
        for row in sheet.rows
    ]
    titles = [in_markdown(field.name) for field in sheet.fields]
    table = ["| " + " | ".join(row) + " |" for row in [titles, rule, *body]]
    return "\n".join([*table, *(f"\n{in_markdown(note)}" for note in sheet.notes)])


def for_people(sheet: Sheet) -> Sheet:
    """The sheet without ids, unless the names in front of them are of several."""
    needless = [i for i, field in enumerate(sheet.fields) if field.kind == "id" and not _shared(sheet, i)]

    def kept(row: Sequence[T]) -> tuple[T, ...]:
        return tuple(each for i, each in enumerate(row) if i not in needless)

    return Sheet(kept(sheet.fields), tuple(map(kept, sheet.rows)), sheet.notes)


def _shared(sheet: Sheet, column: int) -> bool:
    """Whether rows with different ids have the same names in the columns before the id."""
    ids: dict[tuple[str, ...], set[str]] = {}
    for row in sheet.rows:
        ids.setdefault(tuple(map(str, row[:column])), set()).add(str(row[column]))
    return any(len(each) > 1 for each in ids.values())


def value_text(value: Value, kind: Kind) -> str:
    """A value as text in its unit; "—" for None."""
    match value:
        case None:
            return "—"
        case Text() | str():
            return _inert(value)
        case _ if kind == "ratio":
            return percent(value)
        case _ if kind == "ms":
            return millis(value)
        case int() if kind == "cents":
            return dollars(value)
        case _ if kind in ("code", "number"):
            return str(value)
        case int():
            return exact(value)
        case _:
            return f"{value:,}"


def _csv_cell(value: Value, kind: Kind) -> str:
    if isinstance(value, Text | str):
        text = _inert(value)
        return f"'{text}" if text.startswith(_FORMULA) else text
    if isinstance(value, int) and kind == "cents":
        return dollars(value)
    if isinstance(value, float):
        from decimal import Decimal  # a millisecond that only these files need

        number = value if kind == "number" else rounded(value)
        return f"{Decimal(str(number)):f}"  # spreadsheets may take 1e-05 for text
    return "" if value is None else str(value)


def _inert(value: Text | str) -> str:
    """The text without control characters, which could break a row or control the terminal.

    One of our own making is of any length.
    """
    return value.shown if isinstance(value, Text) else inert(value, max(len(value), MAX_CODE_POINTS))


def _text_row(row: Sequence[str], fields: Sequence[Field], widths: Sequence[int]) -> str:
    cells = []
    for text, field, width in zip(row, fields, widths, strict=True):
        pad = " " * (width - cell_width(text))
        cells.append(text + pad if field.kind in NAMING else pad + text)
    return "  ".join(cells).rstrip()


def as_written(value: float | None) -> float | None:
    """The number without a fraction of zero: 287.0 as 287, as the service wrote it."""
    return int(value) if value is not None and value == int(value) else value


def rounded(number: float | None) -> float | None:
    """A number for the JSON document: rounded to four decimals, as the service rounds its ratios.

    One that would be rounded to exactly 0 or 1 keeps six significant digits instead.
    """
    if number is None:
        return None
    nearest = round(number, 4)
    return float(f"{number:.6g}") if nearest in (0, 1) and number != nearest else as_written(nearest)


def stamp(moment: datetime | None) -> str | None:
    """2026-11-22T10:00:00Z"""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None
