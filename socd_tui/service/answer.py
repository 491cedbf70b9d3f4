"""What a request asks for and what it brings back: the same for the client and for the refresh."""

from __future__ import annotations

import re
from datetime import datetime

from socd_tui.model.record import dataclass

PLAIN_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)+/?")
"""The only paths that are asked for: no other origin, query or escape can hide in one."""


@dataclass(frozen=True)
class Answer:
    """One good answer, and when it came (UTC): its JSON as Python values, or Documented.

    `fetched_at` is this machine's clock, `observed_at` the service's (its `Date` header, else the same).
    """

    payload: object
    fetched_at: datetime
    observed_at: datetime
    next_link: str = ""
    """The address of the next page, by a `Link` header."""
    next_cursor: str = ""
    """What to ask for it with, by the header that the service's documentation has for its other lists."""
    labelled: str = ""
    """The kind of content it was said to be, when that is not JSON."""
