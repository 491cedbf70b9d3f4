"""What a request to the service brings back: the same for the client, and for the refresh that asks it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Answer:
    """One good answer: its JSON as Python values, and when it came (UTC).

    `fetched_at` is this machine's clock, `observed_at` the service's (its `Date` header, else the same).
    """

    payload: object
    fetched_at: datetime
    observed_at: datetime
