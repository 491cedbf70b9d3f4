"""Which failed requests are repeated, and after how long.

Only failures that may be over soon are repeated: a broken connection, and the statuses below. 400, 401,
403 and 404 would be answered the same way again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from socd_tui.service.scalar import written_moment

RETRIED = frozenset({408, 429, 500, 502, 503, 504, *range(520, 525)})
"""Statuses after which a request is repeated; 520–524 are Cloudflare's when the origin behind it failed."""

ATTEMPTS = 3
"""How often one request is sent at most, the first time included."""

LONGEST_PAUSE = timedelta(seconds=5)
"""The longest requested wait before a repetition; after a longer one the request fails instead."""

LONGEST_WAIT = timedelta(days=100 * 365)
"""A longer requested wait is shortened to this, which a datetime can hold."""

FIRST_BACKOFF_S, LONGEST_BACKOFF_S = 0.5, 4.0

RESETS = (
    "x-ratelimit-reset",
    "x-rate-limit-reset",
    "x-ratelimit-reset-after",
    "ratelimit-reset",
)
"""Headers that say when the limit is renewed: the documented one, and what other services call it."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,20})?(?:e[+-]?[0-9]{1,2})?", re.ASCII | re.IGNORECASE)
_LENGTH = re.compile(r"(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,9}(?:\.\d{1,9})?)s)?(?:(\d{1,9})ms)?", re.ASCII)
"""A length of time as Go writes it: 1h6m0s, 20ms."""
_DATE = re.compile(r"[A-Za-z]{3,9}, \d{1,2}[ -][A-Za-z]{3}[^,]+", re.ASCII)
"""An HTTP date, whose comma separates no two values."""
_POLICY = re.compile(r"(?P<name>\b[rt]|remaining|reset)=(?P<value>\d{1,15})\b", re.ASCII)

_SCALES = ((1e18, 1e9), (1e15, 1e6), (1e11, 1e3), (1e9, 1.0))
"""From which number on it counts since the epoch, and how many of it are a second.

Less than the last are seconds from now: nobody waits for thirty years.
"""


def backoff_s(attempt: int, jitter: float) -> float:
    """Seconds to wait after failed attempt 1, 2, …: evenly distributed from 0 to a ceiling that doubles.

    `jitter` is a random number from 0 to 1. This is the "full jitter" of
    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    ceiling_s: float = min(LONGEST_BACKOFF_S, FIRST_BACKOFF_S * 2 ** (attempt - 1))
    return ceiling_s * jitter


def pause_s(
    attempt: int, jitter: float, requested: timedelta | None = None, longest: timedelta = LONGEST_PAUSE
) -> float | None:
    """Seconds to pause after `attempt` before the next one; None when there is no next one.

    Never shorter than the requested wait, and none when that is longer than the `longest`. The jitter is
    added to it, so that requests that wait in parallel are not all repeated at once.
    """
    least = requested or timedelta()
    if attempt >= ATTEMPTS or least > longest:
        return None
    return least.total_seconds() + backoff_s(attempt, jitter)


def requested_wait(status: int, headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the service asks us to wait, in whole seconds; None when its headers do not say.

    `headers` has lower-case names. `Retry-After` counts first. On a 429 the documented
    `X-RateLimit-Reset` or one of its kind is next; with other statuses these only say when the minute's
    requests are renewed. Moments are compared with the answer's own `Date`, because clocks differ, or
    with `now`, the service's time as far as it is known.
    """
    served_at = http_date(headers.get("date", "")) or now
    wait_s = seconds_asked(headers.get("retry-after", ""), served_at)
    if wait_s is None and status == 429:
        asked = (seconds_asked(headers.get(name, ""), served_at) for name in RESETS)
        wait_s = next((each for each in asked if each), None) or _seconds_of_policy(headers.get("ratelimit"))
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


def seconds_asked(header: str, served_at: datetime) -> float | None:
    """Seconds from `served_at` on; of a header that was sent several times the longest."""
    asked = [_seconds(value.partition(";")[0].strip(), served_at) for value in _values(header)]
    return max((each for each in asked if each is not None), default=None)


def _values(header: str) -> Iterable[str]:
    """The header's values: repeated ones are joined by commas, of which an HTTP date has one too."""
    return (*_DATE.findall(header), *_DATE.sub("", header).split(","))


def _seconds(text: str, served_at: datetime) -> float | None:
    """A number by its magnitude (see `_SCALES`), a length of time, an ISO 8601 moment or an HTTP date."""
    if _NUMBER.fullmatch(text):
        number = float(text)
        scale = next((unit for least, unit in _SCALES if number >= least), None)
        return number if scale is None else number / scale - served_at.timestamp()
    if text and (length := _LENGTH.fullmatch(text)):
        hours, minutes, seconds, thousandths = (float(part or 0) for part in length.groups())
        return hours * 3600 + minutes * 60 + seconds + thousandths / 1000
    moment = written_moment(text)
    return (moment - served_at).total_seconds() if moment else None


def _seconds_of_policy(header: str | None) -> float | None:
    """Of `RateLimit: "minute";r=0;t=30, …` the longest time to a renewal among the limits used up.

    The draft of the header: https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ ; its
    older form `limit=10, remaining=0, reset=30` is one limit.
    """
    if not header:
        return None
    items = [header] if "reset=" in header else header.split(",")
    limits = [{each["name"]: int(each["value"]) for each in _POLICY.finditer(item)} for item in items]
    renewals = [
        (limit.get("r", limit.get("remaining", 0)), limit.get("t", limit.get("reset"))) for limit in limits
    ]
    spent = [in_s for remaining, in_s in renewals if in_s is not None and not remaining]
    return max(spent, default=max((in_s for _, in_s in renewals if in_s is not None), default=None))
