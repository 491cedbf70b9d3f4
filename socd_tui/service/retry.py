"""When a refused request is worth repeating, and how long the service asked us to wait first.

Only what may pass by itself is repeated: a broken connection, and the statuses below. 400, 401, 403
and 404 would be answered the same way again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

RETRIED = frozenset({408, 429, 500, 502, 503, 504, *range(520, 525)})
"""Statuses repeated; 520–524 are Cloudflare's for an origin that failed behind it."""

ATTEMPTS = 3
"""Requests made for one question at most, the first one included."""

LONGEST_WAIT = timedelta(minutes=15)
"""A wait asked for beyond this is taken as this: a wrong header must not stop the program for a day."""

LONGEST_PAUSE = timedelta(seconds=5)
"""A wait asked for up to this is slept on; a longer one is the person's to see and decide."""

FIRST_BACKOFF_S, LONGEST_BACKOFF_S = 0.5, 4.0

_SECONDS = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,9})?", re.ASCII)


def backoff_s(attempt: int, jitter: float) -> float:
    """Seconds to wait after failed attempt 1, 2, …: evenly spread from 0 to a ceiling that doubles.

    `jitter` is a random number from 0 to 1. The "full jitter" of
    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    ceiling_s: float = min(LONGEST_BACKOFF_S, FIRST_BACKOFF_S * 2 ** (attempt - 1))
    return ceiling_s * jitter


def pause_s(attempt: int, jitter: float, asked: timedelta | None = None) -> float | None:
    """Seconds to pause before the attempt after `attempt`; None when there is to be none.

    What was asked is the least; the jitter comes on top so that four waiting requests do not return at once.
    """
    least = asked or timedelta()
    if attempt >= ATTEMPTS or least > LONGEST_PAUSE:
        return None
    return least.total_seconds() + backoff_s(attempt, jitter)


def wait_asked(status: int, headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the service asked us to wait, from 0 to `LONGEST_WAIT`; None when it did not say.

    `headers` is asked by lower-case name. `Retry-After` (seconds or a date) comes first. On a 429 the
    documented `X-RateLimit-Reset` (Unix seconds) is next; elsewhere it only describes the budget. Moments
    are measured against the answer's own `Date`, since clocks differ; `now` serves when it has none.
    """
    served_at = http_date(headers.get("date", "")) or now
    retry_after = headers.get("retry-after", "")
    wait_s = _number(retry_after)
    if wait_s is None and (moment := http_date(retry_after)):
        wait_s = (moment - served_at).total_seconds()
    if wait_s is None and status == 429 and (reset := _number(headers.get("x-ratelimit-reset", ""))):
        wait_s = reset - served_at.timestamp()
    if wait_s is None:
        return None
    # Rounded up to whole seconds: float noise must not send us back a moment too early.
    return timedelta(seconds=math.ceil(min(max(wait_s, 0), LONGEST_WAIT.total_seconds())))


def http_date(text: str) -> datetime | None:
    """An HTTP date as a UTC datetime; None for anything else."""
    try:
        moment = parsedate_to_datetime(text)
        # A date in "-0000" comes back naive; HTTP dates are UTC.
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _number(text: str) -> float | None:
    return float(text) if _SECONDS.fullmatch(text.strip()) else None
