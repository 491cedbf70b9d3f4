"""What is made once of the same things, however often it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

T = TypeVar("T")

MOST = 160
"""Results that are kept: each letter of a filter that is typed makes a few."""


class Once:
    """Results by what they are of; those that were not asked for longest are forgotten.

    It may be asked in several threads: then two of them may make the same thing, and one of both is kept.
    """

    def __init__(self) -> None:
        from threading import Lock  # late: `show --help` names the views, and keeps nothing

        self._results: dict[Hashable, object] = {}
        self._lock = Lock()

    def result(self, of: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, from now on for everything that equals `of`. What it raises is not kept."""
        with self._lock:
            if of in self._results:
                self._results[of] = self._results.pop(of)  # to the end, as the latest
                return cast(T, self._results[of])
        made = make()
        with self._lock:
            self._results[of] = made
            if len(self._results) > MOST:
                del self._results[next(iter(self._results))]
        return made

    def forget(self) -> None:
        """All of them; who asks again has them made again."""
        with self._lock:
            self._results.clear()
