"""What is behind a change: error codes and their remedies, the endpoint or code that grew, when 429s come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from socd_tui.analysis.subtract import Rest, subtract
from socd_tui.analysis.totals import by_path
from socd_tui.model.key import ApiKey
from socd_tui.model.record import dataclass
from socd_tui.model.text import Text
from socd_tui.model.usage import Day, Usage, day_columns, ratio

OFTEN = 0.8
"""Share of the hours, or of the days at one hour, from which 429s are called regular."""

LEAST_THROTTLED = 20
"""429s in a window below which they show no pattern."""

LEAST_PATTERN_DAYS = 3
"""Days of a window below which no hour is called regular."""


@dataclass(frozen=True)
class Advice:
    """What usually causes a code with this API, and what its documentation says to do."""

    cause: str
    fix: str


_SERVER = Advice("a fault of the service", "retry with growing pauses; report the request id if it stays")

ADVICE: Mapping[int, Advice] = {
    400: Advice("a malformed query or parameter", "check the parameters against the API reference"),
    401: Advice(
        "the key is missing, wrong, revoked or expired", "send `Bearer sk_live_…` of a key that is active"
    ),
    403: Advice("the tier or a scope of the key does not allow it", "use a key with that scope, or Pro"),
    404: Advice("an id or path that does not exist", "refresh what you hold: links and ids end"),
    408: Advice("the request took too long", "ask for smaller pages"),
    422: Advice("values the service cannot use", "check the parameters against the API reference"),
    429: Advice(
        "more requests than the limit allows",
        "wait until X-RateLimit-Reset, poll with `since`, spread bursts, cache",
    ),
    500: _SERVER,
    502: _SERVER,
    503: _SERVER,
    504: _SERVER,
}
"""From the documentation's pages on authentication, rate limits and single endpoints."""


@dataclass(frozen=True)
class Culprit:
    """The endpoint that holds most of an increase, and its share of it."""

    path: Text
    share: float


@dataclass(frozen=True)
class Pattern:
    """How 429s are spread over the hours of a window."""

    hit: int
    """Hours of the window with a 429."""
    lived: int
    """Hours of the window so far."""
    hours: tuple[int, ...]
    """UTC hours of the day that had a 429 on most days."""

    @property
    def every_hour(self) -> bool:
        """Nearly every hour had one."""
        return self.hit >= OFTEN * self.lived


def advice(code: int) -> Advice | None:
    """The usual cause of a code and its remedy; None for one that is no error or not documented."""
    return ADVICE.get(code)


def contrast(answers: Sequence[Usage], since: date) -> tuple[Usage, Rest] | None:
    """The shortest window that holds all since `since`, and what the longest one holds before it.

    `answers` are one key's, the shortest window first.
    """
    reaching = [usage for usage in answers if usage.window.start <= since]
    if len(reaching) < 2:
        return None
    now, longest = reaching[0], reaching[-1]
    before = subtract(longest, now)
    return (now, before) if before.usage else None


def endpoint_behind(answers: Sequence[Usage], since: date, days: Sequence[Day]) -> Culprit | None:
    """The endpoint that holds most of the requests beyond what the days before suggest."""
    windows = contrast(answers, since)
    if windows is None:
        return None
    now, before = windows[0], windows[1].usage
    counts, earlier = by_path(now), by_path(before) if before else None
    if counts is None or before is None or earlier is None:
        return None
    lived = sum(day.date in before.window for day in days)
    excess = {path: n - now.window.days / max(lived, 1) * earlier.get(path, 0) for path, n in counts.items()}
    grown = {path: n for path, n in excess.items() if n > 0}
    if not grown:
        return None
    most = max(grown, key=lambda path: grown[path])
    return Culprit(most, grown[most] / sum(grown.values()))


def codes_behind(answers: Sequence[Usage], since: date) -> tuple[int, ...] | None:
    """The error codes that together hold most of the errors beyond the earlier rate, the largest first.

    None when the answers do not say. 429 is left out, so that an increase of nothing else leaves none.
    """
    windows = contrast(answers, since)
    if windows is None:
        return None
    now, before = windows
    earlier = before.usage.statuses if before.usage else None
    if now.statuses is None or earlier is None or not before.usage or not before.usage.requests:
        return None
    scale = (now.requests or 0) / before.usage.requests
    excess = {code: n - scale * earlier.get(code, 0) for code, n in now.statuses.items() if code >= 400}
    grown = {code: n for code, n in excess.items() if n > 0}
    return _most({code: n for code, n in grown.items() if code != 429}, OFTEN)


def _most(counts: Mapping[int, float], share: float) -> tuple[int, ...]:
    """The largest counts that together reach this share of all."""
    largest: list[int] = []
    for code in sorted(counts, key=lambda code: -counts[code]):
        if sum(counts[each] for each in largest) < share * sum(counts.values()):
            largest.append(code)
    return tuple(largest)


def pattern(usage: Usage) -> Pattern | None:
    """When the window's 429s came; None without hourly data or with too few 429s."""
    if usage.hours is None or (usage.throttled or 0) < LEAST_THROTTLED:
        return None
    hit = [hour.start for hour in usage.hours if hour.throttled and hour.start.date() in usage.window]
    days = Counter(start.hour for start in hit)
    passed = usage.window.end - usage.window.start
    is_over = usage.window.end < usage.observed_at.date()
    lived = passed.days * 24 + (24 if is_over else usage.observed_at.hour + 1)
    dates = passed.days + 1
    regular = tuple(hour for hour, n in sorted(days.items()) if n >= OFTEN * dates)
    return Pattern(len(hit), lived, regular if dates >= LEAST_PATTERN_DAYS else ())


@dataclass(frozen=True)
class Since:
    """The first of some days in a row up to the newest full one."""

    day: date
    or_before: bool
    """What was before it is unknown."""
    from_start: bool = False
    """The key made its first requests on it: there is nothing before."""


def held_since(days: Sequence[Day], holds: Callable[[Day], bool | None], *, pause: int = 0) -> Since | None:
    """Since when something has held on each full day; None when it did not on the newest.

    `holds` returns None for a day that says nothing of it. More than `pause` such or missing days in a row
    are a gap: then the days before it are not looked at, and the result is "or before".
    """
    since: date | None = None
    for day in (day for day in reversed(days) if day.full and holds(day) is not None):
        if since is not None and since - day.date > timedelta(days=1 + pause):
            return Since(since, True)
        if not holds(day):
            return Since(since, False) if since else None
        since = day.date
    return Since(since, True) if since else None


def first_requests(key: ApiKey, answers: Sequence[Usage], observed: Sequence[Day]) -> Day | None:
    """The day of the key's first requests; None where it may have made some before the days that are known.

    That it made none is told by an answer about a window that holds all of the key's life.
    """
    if key.created_at is None:
        return None
    made_on = key.created_at.date()
    for usage in answers:
        if usage.window.start > made_on or not usage.requests:
            continue
        ordinals, requests, *_ = day_columns(usage.days or ())
        if usage.requests <= sum(n or 0 for n in requests):
            began = date.fromordinal(next(on for on, n in zip(ordinals, requests, strict=True) if n))
            return next((day for day in observed if day.date == began), None)
    return None


def since_start(since: Since | None, first: Day | None, holds: Callable[[Day], bool | None]) -> Since | None:
    """The same, or since the key's first requests where it reaches back to them.

    The day a key was made on is not among those that `since` was found in: it is asked here.
    """
    if since is None or first is None or not since.or_before or since.day - first.date > timedelta(days=1):
        return since
    if since.day == first.date or holds(first):
        return Since(first.date, or_before=False, from_start=True)
    return Since(since.day, or_before=False)


def was_throttled(day: Day) -> bool | None:
    """Whether the day had a 429."""
    return None if day.throttled is None else day.throttled > 0


def was_failing(day: Day, share: float) -> bool | None:
    """Whether at least this share of the day's requests failed, 429 left out; None without requests."""
    if day.errors is None or day.requests is None:
        return None
    refused = day.throttled or 0
    failed = ratio(day.errors - refused, day.requests - refused)
    return None if failed is None else failed >= share
