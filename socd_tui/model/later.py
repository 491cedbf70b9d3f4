"""What takes long to find out or to make, for who may not ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TypeVar, overload

T = TypeVar("T")


class Later(Sequence[T]):
    """It is found when somebody looks at the first of it."""

    def __init__(self, find: Callable[[], Iterable[T]]) -> None:
        self._find = find

    @cached_property
    def found(self) -> Sequence[T]:
        """It, as it was found."""
        found = self._find()
        return found if isinstance(found, Sequence) else tuple(found)

    @overload
    def __getitem__(self, at: int) -> T: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...

    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        return self.found[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # like that of a list

    def __iter__(self) -> Iterator[T]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)
