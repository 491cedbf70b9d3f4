"""What a cursor is on, or a click means: a key or all of them, a day, an hour, a row, and so on."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeAlias

from socd_tui.model.record import dataclass


@dataclass(frozen=True)
class KeyTarget:
    """One API key, by its id."""

    key_id: str


@dataclass(frozen=True)
class AllKeysTarget:
    """All keys in the picture together."""


@dataclass(frozen=True)
class QuietTarget:
    """The keys of which there is nothing to tell, as one row."""


@dataclass(frozen=True)
class OwnerTarget:
    """The keys of one owner, as one row; None for those that nobody claims."""

    owner: str | None


@dataclass(frozen=True)
class DayTarget:
    """One UTC date."""

    date: date


@dataclass(frozen=True)
class HourTarget:
    """The UTC hour that starts at this moment."""

    hour: datetime


@dataclass(frozen=True)
class RowTarget:
    """A row of one view that is neither a key nor a date: a path, a status code."""

    view: str
    row: str


@dataclass(frozen=True)
class FindingTarget:
    """What is wrong with one key; `kind` as in the JSON document's `findings`."""

    kind: str
    key_id: str


@dataclass(frozen=True)
class ViewTarget:
    """Another view, by its name."""

    name: str


@dataclass(frozen=True)
class BackTarget:
    """So many steps back on the way the person came."""

    steps: int


@dataclass(frozen=True)
class ActionTarget:
    """What a key of the key map does, by the key's id there."""

    key: str


@dataclass(frozen=True)
class SortTarget:
    """The heading of a column of the table it stands over, by which its rows can be ordered."""

    column: str


@dataclass(frozen=True)
class EnterTarget:
    """Where `enter` leads from this one."""

    at: Target


Target: TypeAlias = (
    KeyTarget
    | AllKeysTarget
    | QuietTarget
    | OwnerTarget
    | DayTarget
    | HourTarget
    | RowTarget
    | FindingTarget
    | ViewTarget
    | BackTarget
    | ActionTarget
    | SortTarget
    | EnterTarget
)
