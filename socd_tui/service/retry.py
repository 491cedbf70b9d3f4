"""Which failed requests are repeated, and after how long.

Only failures that may be over soon are repeated: a broken connection, and the statuses below. 400, 401,
403 and 404 would be answered the same way again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

RETRIED = frozenset({408, 429, 500, 502, 503, 504, *range(520, 525)})
"""Statuses after which a request is repeated; 520–524 are Cloudflare's when the origin behind it failed."""

ATTEMPTS = 3
"""How often one request is sent at most, the first time included."""

LONGEST_WAIT = timedelta(minutes=15)
"""A longer requested wait is shortened to this: a wrong header must not stop the program for a day."""

LONGEST_PAUSE = timedelta(seconds=5)
"""The longest requested wait before a repetition; after a longer one the request fails instead."""

FIRST_BACKOFF_S, LONGEST_BACKOFF_S = 0.5, 4.0

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,9})?", re.ASCII)


def backoff_s(attempt: int, jitter: float) -> float:
    """Seconds to wait after failed attempt 1, 2, …: evenly distributed from 0 to a ceiling that doubles.

    `jitter` is a random number from 0 to 1. This is the "full jitter" of
    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    ceiling_s: float = min(LONGEST_BACKOFF_S, FIRST_BACKOFF_S * 2 ** (attempt - 1))
    return ceiling_s * jitter


def pause_s(attempt: int, jitter: float, requested: timedelta | None = None) -> float | None:
    """Seconds to pause after `attempt` before the next one; None when there is no next one.

    Never shorter than the requested wait. The jitter is added to it, so that requests that wait in
    parallel are not all repeated at once.
    """
    least = requested or timedelta()
    if attempt >= ATTEMPTS or least > LONGEST_PAUSE:
        return None
    return least.total_seconds() + backoff_s(attempt, jitter)


def requested_wait(status: int, headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the service asks us to wait, from 0 to `LONGEST_WAIT`; None when its headers do not say.

    `headers` has lower-case names. `Retry-After` (seconds or a date) counts first. On a 429 the documented
    `X-RateLimit-Reset` (Unix seconds) is next; with other statuses it only says when the minute's requests
    are renewed. Moments are compared with the answer's own `Date`, because clocks differ, or with `now`.
    """
    served_at = http_date(headers.get("date", "")) or now
    retry_after = headers.get("retry-after", "")
    wait_s = _parse_number(retry_after)
    if wait_s is None and (moment := http_date(retry_after)):
        wait_s = (moment - served_at).total_seconds()
    if wait_s is None and status == 429 and (reset := _parse_number(headers.get("x-ratelimit-reset", ""))):
        wait_s = reset - served_at.timestamp()
    if wait_s is None:
        return None
    # Rounded up to whole seconds, so that a rounding error does not make us repeat a moment too early.
    return timedelta(seconds=math.ceil(min(max(wait_s, 0), LONGEST_WAIT.total_seconds())))


def http_date(text: str) -> datetime | None:
    """An HTTP date as a UTC datetime; None for anything else."""
    try:
        moment = parsedate_to_datetime(text)
        # A date in "-0000" comes back naive; HTTP dates are UTC.
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _parse_number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text.strip()) else None
