"""What an answer's headers tell of the limit: how many requests in which window, how many are left.

The documentation says that every answer carries `X-RateLimit-Limit`, `-Remaining` and `-Reset`; these calls
are made without an API key, so none of it is certain to come.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from socd_tui.model.record import dataclass
from socd_tui.service.retry import RESETS, http_date, seconds_asked

MINUTE = timedelta(minutes=1)
"""What a limit counts over where nothing else is said: the documented one is per minute."""

LONGEST_WINDOW = timedelta(days=1)
"""A renewal further away is none that a limit has."""

_LIMITS = ("x-ratelimit-limit", "x-rate-limit-limit", "ratelimit-limit")
_REMAINING = ("x-ratelimit-remaining", "x-rate-limit-remaining", "ratelimit-remaining")
_COUNT = re.compile(r"\s*([0-9]{1,15})\b", re.ASCII)
_ITEM = re.compile(r"\s*\"?([\w.:-]{1,100})\"?\s*((?:;\s*\w+=\d{1,15}\s*)+)", re.ASCII)
_PARAMETER = re.compile(r"(\w+)=(\d{1,15})", re.ASCII)


@dataclass(frozen=True)
class Allowance:
    """What one answer tells of the limit."""

    limit: int
    """Requests in a window, at least 1."""
    remaining: int
    """Of these at the moment of the answer."""
    renewed_in: timedelta | None
    """From the answer on; None when it does not say."""
    window: timedelta = MINUTE


def read_allowance(headers: Mapping[str, str], now: datetime) -> Allowance | None:
    """The limit by the headers (lower-case names); None where they do not tell it or contradict themselves.

    A reset is compared with the answer's own `Date`, or with `now`, the service's time as far as it is known.
    Of several limits, as `RateLimit` may have them, the one with the fewest requests left.
    """
    limit, remaining = (_count(headers, names) for names in (_LIMITS, _REMAINING))
    if limit is None or remaining is None:
        return min(_policies(headers), key=lambda allowance: allowance.remaining, default=None)
    served_at = http_date(headers.get("date", "")) or now
    asked = (seconds_asked(headers.get(name, ""), served_at) for name in RESETS)
    return _sensible(limit, remaining, next((each for each in asked if each is not None), None))


def _count(headers: Mapping[str, str], names: Iterable[str]) -> int | None:
    counts = (_COUNT.match(headers.get(name, "")) for name in names)
    return next((int(count[1]) for count in counts if count), None)


def _policies(headers: Mapping[str, str]) -> Iterable[Allowance]:
    """Of `RateLimit: "minute";r=5;t=30` with `RateLimit-Policy: "minute";q=10;w=60`.

    https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
    """
    policies, states = (_items(headers.get(name, "")) for name in ("ratelimit-policy", "ratelimit"))
    for name, state in states.items():
        policy = policies.get(name, {})
        if "q" in policy and "r" in state:
            window = timedelta(seconds=min(policy.get("w", 60), LONGEST_WINDOW.total_seconds()))
            allowance = _sensible(policy["q"], state["r"], state.get("t"), window)
            if allowance is not None:
                yield allowance


def _items(header: str) -> dict[str, dict[str, int]]:
    return {
        item[1]: {name: int(value) for name, value in _PARAMETER.findall(item[2])}
        for item in map(_ITEM.match, header.split(","))
        if item
    }


def _sensible(
    limit: int, remaining: int, renewed_in_s: float | None, window: timedelta = MINUTE
) -> Allowance | None:
    if not 0 <= remaining <= limit or limit == 0:
        return None
    in_time = renewed_in_s is not None and 0 <= renewed_in_s <= LONGEST_WINDOW.total_seconds()
    return Allowance(limit, remaining, timedelta(seconds=renewed_in_s or 0) if in_time else None, window)
