"""What a person should know first: what is wrong with a key or will be, worst first, each with its evidence.

Each kind of finding is a class of its own. To add one: write its class and put it into `Finding`, make it
in `_findings_of`, and say what is shown of it where the type checker then points to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, TypeAlias, get_args

from socd_tui.analysis.assessment import Assessment, Ground
from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.runaway import Rise, Runaway
from socd_tui.analysis.totals import add
from socd_tui.analysis.triage import (
    LEAST_THROTTLED,
    Culprit,
    Pattern,
    Since,
    codes_behind,
    endpoint_behind,
    held_since,
    pattern,
    was_failing,
    was_throttled,
)
from socd_tui.model.key import ENDED, ApiKey
from socd_tui.model.usage import Usage, ratio
from socd_tui.model.window import Window

MOST = 5
"""Sentences a person is shown at once."""

THROTTLED_SHARE = 0.01
"""Share of requests refused by a limit from which it is worth a sentence."""

FAILING_SHARE = 0.2
"""Share of requests that fail, 429 left out, from which a key is called failing though that is its usual."""

WEEK = timedelta(days=7)

WEEKEND = 2
"""Days without requests that do not end what lasts."""

LEAST_REQUESTS = 100
"""Requests in a window below which a share of failures says little."""


@dataclass(frozen=True, kw_only=True)
class RunningAway:
    """The key makes far more requests than usual, until now."""

    kind: ClassVar[str] = "runaway"
    key: ApiKey
    runaway: Runaway
    culprit: Culprit | None
    """The endpoint behind it; None where the answers do not tell it."""
    window: Window | None
    """The recent window; None without a fresh answer."""

    @property
    def weight(self) -> float:
        return self.runaway.now


@dataclass(frozen=True, kw_only=True)
class Capped:
    """The key reached its day cap in the last full week, or today."""

    kind: ClassVar[str] = "capped"
    key: ApiKey
    limit: int
    """Requests per day."""
    newest: date
    """The newest day at the cap."""
    since: Since | None
    """The first of the days in a row at the cap; None where the newest full day was below it."""

    @property
    def weight(self) -> float:
        return self.limit


@dataclass(frozen=True, kw_only=True)
class Throttled:
    """A limit refuses a good part of the key's requests."""

    kind: ClassVar[str] = "throttled"
    key: ApiKey
    requests: int
    """Answered with 429 in the window."""
    share: float
    """Of all the key's requests in the window."""
    window: Window
    since: Since | None
    """The first of the days in a row with a 429; None where that is unknown or the newest had none."""
    pattern: Pattern | None

    @property
    def weight(self) -> float:
        return self.share


@dataclass(frozen=True, kw_only=True)
class ErrorsRising:
    """More of the key's requests fail than usual, 429 left out."""

    kind: ClassVar[str] = "rise"
    key: ApiKey
    rise: Rise
    codes: tuple[int, ...]
    """The status codes behind it, the most frequent first; empty where the answers do not tell them."""

    @property
    def weight(self) -> float:
        return self.rise.now - self.rise.usual


@dataclass(frozen=True, kw_only=True)
class NearingCap:
    """The key may reach its day cap within the horizon of its forecast."""

    kind: ClassVar[str] = "heading"
    key: ApiKey
    forecast: Forecast

    @property
    def weight(self) -> float:
        return self.forecast.limit


@dataclass(frozen=True, kw_only=True)
class Burst:
    """The key made far more requests than usual on days of the last week, and no longer does."""

    kind: ClassVar[str] = "burst"
    key: ApiKey
    runaway: Runaway
    window: Window | None
    """The recent window; None without a fresh answer."""

    @property
    def weight(self) -> float:
        return self.runaway.now


@dataclass(frozen=True, kw_only=True)
class EndedInUse:
    """Something still asks with a key that was revoked or has expired."""

    kind: ClassVar[str] = "ended"
    key: ApiKey
    ended: date
    requests: int
    """In the last seven days, and after the key ended."""
    codes: tuple[int, ...]
    """The most frequent error code of the recent window, if any."""

    @property
    def weight(self) -> float:
        return self.requests


@dataclass(frozen=True, kw_only=True)
class Expiring:
    """The key expires soon."""

    kind: ClassVar[str] = "expiring"
    key: ApiKey
    expires: date
    left: timedelta
    """Until it expires, from when the service listed it."""
    requests: int | None
    """In the window; None where the service did not say."""
    window: Window | None
    """The recent window; None without a fresh answer."""

    @property
    def weight(self) -> float:
        return -self.left.total_seconds()


@dataclass(frozen=True, kw_only=True)
class Failing:
    """Much of what the key asks for fails, 429 left out, and that is its usual."""

    kind: ClassVar[str] = "failing"
    key: ApiKey
    requests: int
    """That failed in the recent window."""
    share: float
    """Of all its requests in that window."""
    since: Since | None
    """The first of the days in a row that failed as much; None where that is unknown."""
    codes: tuple[int, ...]
    """The two most frequent error codes."""

    @property
    def weight(self) -> float:
        return self.share


Finding: TypeAlias = (
    RunningAway | Capped | Throttled | ErrorsRising | NearingCap | Burst | EndedInUse | Expiring | Failing
)
"""One thing that is wrong with one key. The kinds are ranked as they stand here, the worst first; of one
kind the finding with the largest `weight` comes first."""

_RANKED: tuple[type[Finding], ...] = get_args(Finding)


@dataclass(frozen=True)
class Findings:
    """All findings of some keys.

    `judged` keys had days enough to say what is usual, `unjudged` had some, but too few; the answers
    that tell it are not there yet for `awaited` keys.
    """

    worst_first: tuple[Finding, ...]
    judged: int
    unjudged: int
    awaited: int = 0


def ranked(parts: Iterable[tuple[Ground, Assessment, Sequence[Finding]]]) -> Findings:
    """What is wrong with some keys; a part is one key's ground, its assessment and its findings."""
    parts = list(parts)
    judged = [(assessment, findings) for ground, assessment, findings in parts if not ground.awaited]
    worst_first = sorted(
        (finding for _, findings in judged for finding in findings),
        key=lambda finding: (_RANKED.index(type(finding)), -finding.weight),
    )
    with_days = [assessment for assessment, _ in judged if assessment.days]
    unjudged = sum(
        isinstance(each.runaway, NotEnough) or isinstance(each.rise, NotEnough) for each in with_days
    )
    return Findings(tuple(worst_first), len(with_days) - unjudged, unjudged, len(parts) - len(judged))


def findings_of_key(
    ground: Ground, assessment: Assessment, listed_at: datetime | None
) -> tuple[Finding, ...]:
    """What is wrong with one key, as far as its days tell; nothing while its usual is still on its way.

    `listed_at` is when the service listed it.
    """
    return () if ground.awaited else tuple(_findings_of(ground, assessment, listed_at))


def _findings_of(ground: Ground, assessment: Assessment, listed_at: datetime | None) -> Iterator[Finding]:
    """A consequence is not named beside its cause."""
    key = ground.key
    if ground.state in ENDED:
        yield from _ended_in_use(key, assessment)
        return
    recent = assessment.recent
    window = recent.window if recent else None
    runaway = assessment.runaway if isinstance(assessment.runaway, Runaway) else None
    if runaway and runaway.ongoing:
        culprit = endpoint_behind(ground.answers, runaway.since, assessment.days)
        yield RunningAway(key=key, runaway=runaway, culprit=culprit, window=window)
    else:
        yield from _at_limits(key, assessment)
    rise = assessment.rise if isinstance(assessment.rise, Rise) else None
    codes = codes_behind(ground.answers, rise.since) if rise else None
    if rise and codes != ():  # of 429s alone it is the limit's doing, and named as that
        yield ErrorsRising(key=key, rise=rise, codes=codes or ())
    elif recent is not None:
        yield from _failing(key, assessment, recent)
    if runaway and not runaway.ongoing:
        yield Burst(key=key, runaway=runaway, window=window)
    if ground.state == "expiring" and key.expires_at and listed_at:
        yield Expiring(
            key=key,
            expires=key.expires_at.date(),
            left=key.expires_at - listed_at,
            requests=recent.requests if recent else None,
            window=window,
        )


def _at_limits(key: ApiKey, assessment: Assessment) -> Iterator[Finding]:
    """At its cap; else refused again and again, or nearing its cap."""
    forecast = assessment.forecast if isinstance(assessment.forecast, Forecast) else None
    if forecast and forecast.outcome == "already" and forecast.earliest:
        yield Capped(key=key, limit=forecast.limit, newest=forecast.earliest, since=assessment.at_cap)
        return
    if assessment.recent is not None:
        yield from _throttled(key, assessment, assessment.recent)
    if forecast and forecast.outcome == "between":
        yield NearingCap(key=key, forecast=forecast)


def _throttled(key: ApiKey, assessment: Assessment, recent: Usage) -> Iterator[Finding]:
    share = ratio(recent.throttled, recent.requests)
    if share and share >= THROTTLED_SHARE and recent.throttled and recent.throttled >= LEAST_THROTTLED:
        yield Throttled(
            key=key,
            requests=recent.throttled,
            share=share,
            window=recent.window,
            since=held_since(assessment.days, was_throttled),
            pattern=pattern(recent),
        )


def _failing(key: ApiKey, assessment: Assessment, recent: Usage) -> Iterator[Finding]:
    errors, refused, requests = recent.failed, recent.throttled, recent.requests
    if errors is None or refused is None or requests is None or requests < LEAST_REQUESTS:
        return
    share = ratio(errors - refused, requests - refused)
    if share is not None and share >= FAILING_SHARE:
        counts = {code: n for code, n in (recent.statuses or {}).items() if code >= 400 and code != 429}
        yield Failing(
            key=key,
            requests=errors - refused,
            share=share,
            since=held_since(assessment.days, lambda day: was_failing(day, FAILING_SHARE), pause=WEEKEND),
            codes=tuple(sorted(counts, key=lambda code: -counts[code])[:2]),
        )


def _ended_in_use(key: ApiKey, assessment: Assessment) -> Iterator[Finding]:
    end = key.revoked_at or key.expires_at
    if end is None or assessment.today is None:
        return
    since = max(end.date(), assessment.today - WEEK)
    requests = add(day.requests or 0 for day in assessment.days if day.date > since)
    if requests:
        statuses = (assessment.recent.statuses if assessment.recent else None) or {}
        codes = sorted((code for code in statuses if code >= 400), key=lambda code: -statuses[code])
        yield EndedInUse(key=key, ended=end.date(), requests=requests, codes=tuple(codes[:1]))
