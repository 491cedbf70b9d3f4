"""What the rows of a pane can be filtered and sorted by, and the names people type for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Generic, TypeVar

from socd_tui.model.errors import UsageError
from socd_tui.model.lens import Sort
from socd_tui.model.nearest import nearest_name
from socd_tui.model.record import dataclass, field
from socd_tui.model.text import Text, folded

R = TypeVar("R")

Fact = Text | str | int | float | None
Facts = Mapping[str, Fact]
"""A row's values by column, which are all that a filter and a sort look at; None is unknown."""

Reads = Mapping[str, Callable[[R], Fact]]
"""How each value of a row is read, by column."""


class RowFacts(Mapping[str, Fact], Generic[R]):
    """A row's values, each read when it is asked for: a sort wants one of them, of every row."""

    __slots__ = ("_reads", "_row")

    def __init__(self, reads: Reads[R], row: R) -> None:
        self._reads, self._row = reads, row

    def __getitem__(self, name: str) -> Fact:
        return self._reads[name](self._row)

    def __iter__(self) -> Iterator[str]:
        return iter(self._reads)

    def __len__(self) -> int:
        return len(self._reads)


SIGN = r">=|=>|≥|<=|=<|≤|!=|<>|≠|==|=|>|<"
"""How people write that two things are compared; longer ones first."""


@dataclass(frozen=True)
class Columns:
    """The columns a pane can be filtered and sorted by, and their units.

    `short` maps what else they are called, as on the screen. A column that is in none of the sets may hold
    anything.
    """

    names: tuple[str, ...]
    short: Mapping[str, str] = field(default_factory=dict)
    texts: frozenset[str] = frozenset()
    shares: frozenset[str] = frozenset()
    """Of them that hold fractions of 1."""
    counts: frozenset[str] = frozenset()
    """Of them that hold numbers of something."""
    times: frozenset[str] = frozenset()
    """Of them that hold milliseconds."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """What those are called on the screen that stand there."""

    def heading(self, name: str) -> str:
        """What people see of the column's name."""
        return self.headings.get(name, name)

    @cached_property
    def figures(self) -> frozenset[str]:
        """Those that hold no text."""
        return self.shares | self.counts | self.times

    @cached_property
    def on_screen_first(self) -> tuple[str, ...]:
        """All columns, those with a heading before those that stand in files only."""
        return (*self.headings, *(name for name in self.names if name not in self.headings))

    def called(self, name: str) -> list[str]:
        """What else people type for the column."""
        return [short for short, own in self.short.items() if own == name]

    def sort(self, typed: str) -> Sort:
        """`column`, `column:asc` or `column:desc`; numbers start with the largest, names with A.

        Raises UsageError.
        """
        name, _, way = typed.partition(":")
        if way not in ("", "asc", "desc"):
            raise UsageError(f"'{way[:20]}' is no order.", "Write asc or desc after the colon.")
        column = self.find(name)
        return Sort(column, descending=way == "desc" or (way == "" and column not in self.texts))

    def find(self, typed: str, at: int | None = None) -> str:
        """The column meant. Raises UsageError naming the nearest, and where `at` that character is."""
        wanted = folded(typed)
        name = self.short.get(wanted, wanted)
        if name in self.names:
            return name
        near = self.nearest(typed)
        place = "" if at is None else f" It stands at character {at}."
        hint = f"The nearest is '{near}'." if near else f"There are: {', '.join(self.names)}."
        raise UsageError(f"There is no column '{wanted[:30]}' here.", hint + place)

    def nearest(self, typed: str, cutoff: float = 0.4) -> str | None:
        """The name most like what was typed; None when none is at least so alike, 0 to 1."""
        return nearest_name(folded(typed), [*self.names, *self.short], cutoff)

    def in_percent(self, typed: str) -> bool:
        """Whether a number beside that name is per cent, because the column of that name shows it so."""
        name = folded(typed)
        return name.endswith("%") or (name not in self.names and self.short.get(name) in self.shares)

    @cached_property
    def compared(self) -> re.Pattern[str]:
        """A column and the sign of a comparison, each perhaps behind a "!"."""
        called = sorted({*self.names, *self.short}, key=len, reverse=True)
        words = "|".join(r"\s+".join(map(re.escape, name.split())) for name in called)
        return re.compile(rf"(?P<not>!?)\s*(?P<column>{words})\s*(?P<sign>{SIGN})\s*", re.IGNORECASE)
