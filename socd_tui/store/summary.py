"""How much is remembered, in a few numbers."""

from __future__ import annotations

from datetime import date

from socd_tui.model.key import ApiKey
from socd_tui.model.record import dataclass


@dataclass(frozen=True)
class Remembered:
    """How much is remembered of one key; of `key` only id, name and prefix are set.

    `days` counts the days with figures between the UTC dates `first` and `last`, both included.
    """

    key: ApiKey
    days: int
    first: date
    last: date

    @property
    def gaps(self) -> int:
        """Dates between `first` and `last` without figures."""
        return (self.last - self.first).days + 1 - self.days


@dataclass(frozen=True)
class Summary:
    """How much is remembered of an origin. `bytes_on_disk` is the size of the file with all origins."""

    per_key: tuple[Remembered, ...]
    bytes_on_disk: int

    @property
    def keys(self) -> int:
        return len(self.per_key)

    @property
    def days(self) -> int:
        return sum(each.days for each in self.per_key)

    @property
    def first(self) -> date | None:
        return min((each.first for each in self.per_key), default=None)

    @property
    def last(self) -> date | None:
        return max((each.last for each in self.per_key), default=None)

    @property
    def gaps(self) -> int:
        return sum(each.gaps for each in self.per_key)
