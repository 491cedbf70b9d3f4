"""What stood when a person looked at the figures last: kinds of findings by key, without any figure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from socd_tui.model.record import dataclass


@dataclass(frozen=True)
class Standing:
    """The kinds of findings of one key: those that `stood`, and those that its answers left `untold`."""

    stood: frozenset[str] = frozenset()
    untold: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One look at an account."""

    at: datetime
    """The service's clock, UTC, when the newest figures of it came."""
    kinds: frozenset[str]
    """Those that were looked for: another version of the program may know others."""
    keys: Mapping[str, Standing]
    """By key id; of a key that could not be read there is none."""
