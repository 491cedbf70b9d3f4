"""What a table is: its columns are declared once, and help, files and SQL read the declaration."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from socd_tui.analysis.owners import Owners
from socd_tui.model.fleet import Fleet
from socd_tui.model.record import dataclass
from socd_tui.model.text import Text

ColumnType = Literal["TEXT", "INTEGER", "REAL", "BOOLEAN"]
"""SQLite's name of the type. Dates and moments are TEXT as ISO 8601 has them, a BOOLEAN is kept as 1 or 0."""

Cell = Text | str | int | float | bool | None
"""Unknown is None."""


@dataclass(frozen=True)
class Column:
    name: str
    type: ColumnType
    about: str
    """What it holds, with its unit, as a part of a sentence."""


@dataclass(frozen=True, kw_only=True)
class Table:
    name: str
    about: str
    columns: tuple[Column, ...]
    rows: Callable[[Fleet, Owners], Iterator[tuple[Cell, ...]]]
    """Of everything that is known; as many cells as columns."""


def columns_help(columns: Sequence[Column]) -> list[str]:
    """A line a column: its name, type and meaning."""
    width = max(len(column.name) for column in columns)
    return [f"  {column.name:<{width}}  {column.type.lower():<7}  {column.about}" for column in columns]
