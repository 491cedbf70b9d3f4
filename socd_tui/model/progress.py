"""How far a refresh is."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

Phase = Literal["keys", "limits", "usual"]
"""What is asked for: the keys' figures, limits that the list does not tell, or what is usual."""


class Progress(NamedTuple):
    """How many of a phase's keys are done; of 0 while the list of keys is awaited."""

    done: int = 0
    total: int = 0
    phase: Phase = "keys"
    next_at: datetime | None = None
    """When the service is asked again, UTC, where its limit makes the refresh wait."""
