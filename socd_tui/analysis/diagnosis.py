"""What is wrong with one key or will be, as far as its days tell: its findings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from socd_tui.analysis.assessment import Assessment, Ground
from socd_tui.analysis.findings import (
    Burst,
    Capped,
    EndedInUse,
    ErrorsRising,
    Expiring,
    Failing,
    Finding,
    NearingCap,
    RunningAway,
    Throttled,
    UsualBurst,
)
from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.runaway import Rise, Runaway
from socd_tui.analysis.totals import add
from socd_tui.analysis.triage import (
    LEAST_THROTTLED,
    codes_behind,
    endpoint_behind,
    held_since,
    pattern,
    since_start,
    was_failing,
    was_throttled,
)
from socd_tui.model.key import ENDED, ApiKey
from socd_tui.model.usage import Day, Usage, ratio

THROTTLED_SHARE = 0.01
"""Share of requests refused by a limit from which it is worth a sentence."""

FAILING_SHARE = 0.2
"""Share of requests that fail, 429 left out, from which a key is called failing though that is its usual."""

WEEK = timedelta(days=7)

WEEKEND = 2
"""Days without requests that do not end what lasts."""

LEAST_REQUESTS = 100
"""Requests in a window below which a share of failures says little."""


def findings_of_key(ground: Ground, assessment: Assessment, at: datetime | None) -> tuple[Finding, ...]:
    """What is wrong with one key, as far as its days tell; nothing while its usual is still on its way.

    `at` is now, by the service's clock.
    """
    return at_hour(at, ground, assessment, lasting(ground, assessment))


def lasting(ground: Ground, assessment: Assessment) -> tuple[Finding, ...]:
    """Those that are the same until there is something new."""
    return () if ground.awaited else tuple(_findings_of(ground, assessment))


def at_hour(
    at: datetime | None, ground: Ground, assessment: Assessment, lasting: tuple[Finding, ...]
) -> tuple[Finding, ...]:
    """These, with what the hour adds to them."""
    expires = ground.key.expires_at
    if ground.state != "expiring" or ground.awaited or expires is None or at is None:
        return lasting
    recent = assessment.recent
    expiring = Expiring(
        key=ground.key,
        expires=expires.date(),
        left=expires - at,
        requests=recent.requests if recent else None,
        window=recent.window if recent else None,
    )
    return (*lasting, expiring)


def _findings_of(ground: Ground, assessment: Assessment) -> Iterator[Finding]:
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
    if assessment.habit:
        yield UsualBurst(key=key, habit=assessment.habit, window=window)


def _at_limits(key: ApiKey, assessment: Assessment) -> Iterator[Finding]:
    """At its cap; else refused again and again, or nearing its cap."""
    forecast = assessment.forecast if isinstance(assessment.forecast, Forecast) else None
    if forecast and forecast.reached:
        yield Capped(key=key, limit=forecast.limit, newest=forecast.reached, since=assessment.at_cap)
        return
    if assessment.recent is not None:
        yield from _throttled(key, assessment, assessment.recent)
    if forecast and forecast.likely and _used(assessment):
        yield NearingCap(key=key, forecast=forecast)


def _used(assessment: Assessment) -> bool:
    """Whether the key asked for anything in the last week; if not, older days say little of those ahead."""
    since = assessment.today - WEEK if assessment.today else date.max
    return any(day.requests for day in assessment.days if day.date >= since)


def _throttled(key: ApiKey, assessment: Assessment, recent: Usage) -> Iterator[Finding]:
    share = ratio(recent.throttled, recent.requests)
    if share and share >= THROTTLED_SHARE and recent.throttled and recent.throttled >= LEAST_THROTTLED:
        yield Throttled(
            key=key,
            requests=recent.throttled,
            share=share,
            window=recent.window,
            since=since_start(held_since(assessment.days, was_throttled), assessment.first, was_throttled),
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
            since=since_start(
                held_since(assessment.days, _failed_much, pause=WEEKEND), assessment.first, _failed_much
            ),
            codes=tuple(sorted(counts, key=lambda code: -counts[code])[:2]),
        )


def _failed_much(day: Day) -> bool | None:
    return was_failing(day, FAILING_SHARE)


def _ended_in_use(key: ApiKey, assessment: Assessment) -> Iterator[Finding]:
    end = key.revoked_at or key.expires_at
    if end is None or assessment.today is None:
        return
    since = max(end.date(), assessment.today - WEEK)
    requests = add(day.requests or 0 for day in assessment.days if day.date > since)
    if requests:
        statuses = (assessment.recent.statuses if assessment.recent else None) or {}
        codes = sorted((code for code in statuses if code >= 400), key=lambda code: -statuses[code])
        yield EndedInUse(
            key=key,
            ended=end.date(),
            today=assessment.today,
            requests=requests,
            codes=tuple(codes[:1]),
        )
