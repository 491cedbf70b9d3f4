"""How a person left the screen of one account, kept in the state folder for the next start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from socd_tui.model.days import MIN_DAYS
from socd_tui.model.lens import Sort
from socd_tui.model.record import dataclass, fields
from socd_tui.model.setting import declared
from socd_tui.store.account_file import AccountFile

_LONGEST_WINDOW = 3_660
"""Days: ten years. A longer window was never chosen, as no machine remembers so many."""
_LONGEST_NAME, _MOST_NAMES = 200, 200


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What a person has chosen; None where they have chosen nothing, or what would be there anyhow.

    Names are as they were when they were chosen: a theme or a view may be gone since.
    """

    theme: str | None = None
    glyphs: str | None = None
    """The level of the glyphs."""
    local: bool | None = declared(
        None,
        title="zone",
        words="The zone that hours are told in.",
        said={True: "your own", False: "UTC"},
        key="zone",
    )
    """Whether hours are in the local zone."""
    days: int | None = None
    """Length of the window."""
    sorts: Mapping[str, Sort] | None = declared(
        None,
        title="orders",
        words="What the rows of a view are sorted by, where that is not its own order.",
        how="s in a view, or a click on a heading",
    )
    """What orders a view's rows, by view name."""
    beside: str | None = declared(
        None,
        title="second view",
        words="The view that stands beside a table where there is room for two.",
        how="tab, then the digit of a view",
    )
    """The second view, where there is room for two."""
    rescaled: frozenset[str] | None = declared(
        None,
        title="scales",
        words="Views on the other of their two scales.",
        how="o in a view that has two",
    )
    """Names of the views on the other of their two scales."""
    coached: bool | None = declared(
        None,
        title="first hints",
        words="What to press first, over the footer; gone for good once one of these keys is pressed.",
        said={True: "seen", None: "not seen yet"},
        how="socd-tui --reset-view, which forgets all that is remembered",
    )
    """Whether one of the keys that are taught to a newcomer has been pressed."""


NAMES = tuple(each.name for each in fields(Choices))
"""Of all that can be chosen."""


class ChoicesFile(AccountFile):
    """The choices of one account of one service."""

    name: ClassVar[str] = "choices"
    schema: ClassVar[str] = "socd-tui/choices/1"
    most_bytes: ClassVar[int] = 1 << 16
    without: ClassVar[str] = "The screen is as it was at first."

    def read(self) -> Choices:
        """What was chosen; nothing where that cannot be read, which is told once."""
        return self._understood(_chosen) or Choices()

    def write(self, choices: Choices) -> None:
        """Keep these, in place of those before. Raises StoreError when they cannot be kept."""
        if choices == Choices():
            self.forget()
        else:
            self._keep(_document(choices))


def _document(choices: Choices) -> dict[str, object]:
    chosen = {name: value for name in NAMES if (value := getattr(choices, name)) is not None}
    if choices.sorts is not None:
        chosen["sorts"] = {name: [sort.column, sort.descending] for name, sort in choices.sorts.items()}
    if choices.rescaled is not None:
        chosen["rescaled"] = sorted(choices.rescaled)
    return chosen


def _chosen(document: dict[str, Any]) -> Choices:
    """The choices in the document of a file. Raises ValueError when `write` cannot have written it."""
    chosen: dict[str, Any] = {}
    for name in NAMES:
        value = document.get(name)
        if value is None:
            continue
        match name, value:
            case ("theme" | "glyphs" | "beside", str()) if _is_name(value):
                chosen[name] = value
            case ("local" | "coached", bool()):
                chosen[name] = value
            case ("days", int()) if type(value) is int and MIN_DAYS <= value <= _LONGEST_WINDOW:
                chosen[name] = value
            case ("sorts", dict()) if len(value) <= _MOST_NAMES and all(map(_is_name, value)):
                chosen[name] = {view: _sort(each) for view, each in value.items()}
            case ("rescaled", list()) if len(value) <= _MOST_NAMES and all(map(_is_name, value)):
                chosen[name] = frozenset(value)
            case _:
                raise ValueError
    return Choices(**chosen)


def _sort(value: object) -> Sort:
    match value:
        case [str(column), bool(descending)] if _is_name(column):
            return Sort(column, descending)
    raise ValueError


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and 0 < len(value) <= _LONGEST_NAME
