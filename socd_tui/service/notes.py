"""What was odd about one answer, collected while it is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from socd_tui.service.scalar import Unreadable

T = TypeVar("T")


class Notes:
    """Sentences, each once, and the values that were sent but could not be read."""

    def __init__(self) -> None:
        self._sentences: dict[str, None] = {}
        self._unreadable: dict[str, list[Unreadable]] = {}
        self._within: list[str] = []

    def append(self, sentence: str) -> None:
        self._sentences[sentence] = None

    @contextmanager
    def within(self, name: str | None) -> Iterator[None]:
        """Values read meanwhile are in this part of the answer."""
        self._within.append(name or "")
        try:
            yield
        finally:
            self._within.pop()

    def readable(self, name: str | None, read: T | Unreadable) -> T | None:
        """The value; None for an unreadable one, which is noted under its name in the answer."""
        if not isinstance(read, Unreadable):
            return read
        self._unreadable.setdefault(".".join([*self._within, name or ""]), []).append(read)
        return None

    @property
    def unreadable(self) -> frozenset[str]:
        """The names of the values that could not be read."""
        return frozenset(self._unreadable)

    def sentences(self) -> tuple[str, ...]:
        """All notes; of many unreadable values under one name the first, and how many they are."""
        if not self._unreadable:
            return tuple(self._sentences)
        unreadable = (
            f"{name}: {values[0].quoted()} was not understood"
            + (f", nor were {len(values) - 1} more" if values[1:] else "")
            for name, values in self._unreadable.items()
        )
        return (*unreadable, *self._sentences)
