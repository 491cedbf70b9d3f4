"""How many days the service looks back: plain numbers, which help can tell without loading dates."""

from __future__ import annotations

MIN_DAYS, MAX_DAYS, DEFAULT_DAYS = 1, 90, 7
"""The service's own range and default for `days`."""

RANGE = f"{MIN_DAYS} to {MAX_DAYS}"
"""The lengths the service answers, in words."""
