"""Rows of one kind kept as columns: the figures of many days take a tenth of the room so, and of the time."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar, overload

T = TypeVar("T")


class InColumns(Sequence[T]):
    """Each row is made when somebody looks at it. Equal to any sequence of the same rows."""

    __slots__ = ("columns", "make")

    def __init__(self, make: Callable[..., Iterable[T]], *columns: Sequence[Any]) -> None:
        """`make` gets columns of equal length, these or parts of them, and makes their rows."""
        self.make = make
        self.columns = columns

    @overload
    def __getitem__(self, at: int) -> T: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[T, ...]: ...

    def __getitem__(self, at: int | slice) -> T | tuple[T, ...]:
        if isinstance(at, slice):
            return tuple(self.make(*(column[at] for column in self.columns)))
        (row,) = self.make(*([column[at]] for column in self.columns))
        return row

    def __iter__(self) -> Iterator[T]:
        return iter(self.make(*self.columns))

    def __len__(self) -> int:
        return len(self.columns[0])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # like that of a list

    def __repr__(self) -> str:
        return repr(tuple(self))


def picked(rows: Sequence[T], places: Iterable[int]) -> list[T]:
    """The rows at these places."""
    if not isinstance(rows, InColumns):
        return [rows[place] for place in places]
    there = list(places)
    return list(rows.make(*([column[place] for place in there] for column in rows.columns)))


def in_a_row(numbers: Sequence[int]) -> Sequence[int]:
    """The same numbers: as a range where each is 1 above the one before, else in four bytes each."""
    if isinstance(numbers, range):
        return numbers
    run = range(numbers[0], numbers[0] + len(numbers)) if numbers else range(0)
    return run if [*run] == [*numbers] else array("i", numbers)


def figures(column: Sequence[int | None]) -> Sequence[int | None]:
    """The same counts: in eight bytes each where all are known, else as a tuple."""
    if isinstance(column, array):
        return column
    try:
        return array("Q", column)  # type: ignore[type-var]  # an unknown one is refused
    except (TypeError, OverflowError):
        return tuple(column)


def all_known(column: Sequence[object]) -> bool:
    """Whether no figure of a column is unknown."""
    return isinstance(column, array) or None not in column
