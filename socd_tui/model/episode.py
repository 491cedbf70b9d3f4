"""A finding that was told before: by which id, and when last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from socd_tui.model.record import dataclass

PAUSE = timedelta(days=7)
"""For as long a finding may not have been told, and still be the same one."""


@dataclass(frozen=True)
class Told:
    """Of one kind of finding of one key."""

    id: str
    at: datetime
    """The service's clock, UTC, when it was told last."""


ToldBefore = Mapping[tuple[str, str], Told]
"""By kind and key id."""
