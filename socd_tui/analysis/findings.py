"""What a person should know first: what is wrong or will be, worst first, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from socd_tui.analysis.assessment import Assessment, assess, awaited
from socd_tui.analysis.evidence import NotEnough
from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.runaway import Rise, Runaway
from socd_tui.analysis.totals import add
from socd_tui.analysis.triage import (
    LEAST_THROTTLED,
    Culprit,
    Pattern,
    codes_behind,
    endpoint_behind,
    failing,
    lasting,
    pattern,
    throttled,
)
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ENDED, ApiKey
from socd_tui.model.usage import Usage, ratio

MOST = 5
"""Sentences a person is shown at once."""

REFUSED = 0.01
"""Share of requests refused by a limit from which it is worth a sentence."""

FAILING = 0.2
"""Share of requests that fail, 429 left out, from which a key is called failing though that is its usual."""

WEEK = timedelta(days=7)

WEEKEND = 2
"""Days without requests that do not end what lasts."""

LEAST_REQUESTS = 100
"""Requests in a window below which a share of failures says little."""

Kind = Literal["runaway", "capped", "throttled", "rise", "heading", "burst", "ended", "expiring", "failing"]

WORST_FIRST: tuple[Kind, ...] = (
    "runaway",
    "capped",
    "throttled",
    "rise",
    "heading",
    "burst",
    "ended",
    "expiring",
    "failing",
)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with one key; what a kind does not use is None."""

    kind: Kind
    key: ApiKey
    since: date | None = None
    """The first day of it; None where that is unknown or it is still to come."""
    or_before: bool = False
    """What was before `since` is unknown."""
    on: date | None = None
    """The one day it speaks of: the newest at the cap, when a key ends or ended, the first that may."""
    number: float = 0.0
    """What ranks findings of one kind, the largest first."""
    runaway: Runaway | None = None
    rise: Rise | None = None
    forecast: Forecast | None = None
    pattern: Pattern | None = None
    culprit: Culprit | None = None
    codes: tuple[int, ...] = ()
    requests: int | None = None
    """Requests that the finding speaks of."""
    share: float | None = None
    """Of the key's requests in the recent window."""
    usage: Usage | None = field(default=None, compare=False, repr=False)
    """The window it was seen in."""

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.key.id}"


@dataclass(frozen=True)
class Findings:
    """All findings, worst first.

    `judged` keys had days enough to say what is usual, `unjudged` had some, but too few; the answers
    that tell it are not there yet for `awaited` keys.
    """

    found: tuple[Finding, ...]
    judged: int
    unjudged: int
    awaited: int = 0


@lru_cache(maxsize=4)  # asked again with each repaint
def findings(fleet: Fleet, keys: tuple[ApiKey, ...]) -> Findings:
    """What is wrong with these keys, as far as their days tell."""
    told = [key for key in keys if not awaited(fleet, key)]
    assessed = [(key, assess(fleet, key)) for key in told]
    found = [finding for key, known in assessed for finding in _of_key(fleet, key, known)]
    found.sort(key=lambda finding: (WORST_FIRST.index(finding.kind), -finding.number))
    lived = [known for _, known in assessed if known.days]
    unjudged = sum(isinstance(part, NotEnough) for known in lived for part in [_least(known)])
    return Findings(tuple(found), len(lived) - unjudged, unjudged, len(keys) - len(told))


def _least(known: Assessment) -> Runaway | Rise | NotEnough | None:
    """What could be judged least of a key."""
    return known.runaway if isinstance(known.runaway, NotEnough) else known.rise


def _of_key(fleet: Fleet, key: ApiKey, known: Assessment) -> Iterator[Finding]:
    """What is wrong with one key; a consequence is not told beside its cause."""
    if key.state(fleet.listed_at) in ENDED:
        yield from _ended(key, known)
        return
    ran, recent = known.runaway if isinstance(known.runaway, Runaway) else None, known.recent
    if ran and ran.ongoing:
        culprit = endpoint_behind(fleet, key, ran.since, known.days)
        yield Finding("runaway", key, ran.since, number=ran.now, runaway=ran, culprit=culprit, usage=recent)
    else:
        yield from _limits(key, known)
    rise = known.rise if isinstance(known.rise, Rise) else None
    codes = codes_behind(fleet, key, rise.since) if rise else None
    if rise and codes != ():  # of 429s alone it is the limit's doing, and told as that
        yield Finding(
            "rise", key, rise.since, number=rise.now - rise.usual, rise=rise, codes=codes or (), usage=recent
        )
    elif recent is not None:
        yield from _failing(key, known, recent)
    if ran and not ran.ongoing:
        yield Finding("burst", key, ran.since, on=ran.until, number=ran.now, runaway=ran, usage=recent)
    if key.state(fleet.listed_at) == "expiring" and key.expires_at and fleet.listed_at:
        left = key.expires_at - fleet.listed_at
        yield Finding("expiring", key, on=key.expires_at.date(), number=-left.total_seconds(), usage=recent)


def _limits(key: ApiKey, known: Assessment) -> Iterator[Finding]:
    """At its cap, refused again and again, or heading for its cap."""
    foretold = known.forecast if isinstance(known.forecast, Forecast) else None
    recent = known.recent
    if foretold and foretold.outcome == "already":
        yield Finding(
            "capped",
            key,
            known.at_cap.day if known.at_cap else None,
            bool(known.at_cap and known.at_cap.or_before),
            foretold.earliest,
            foretold.limit,
            forecast=foretold,
            usage=recent,
        )
        return
    refused = ratio(recent.throttled, recent.requests) if recent else None
    if recent and refused and refused >= REFUSED and (recent.throttled or 0) >= LEAST_THROTTLED:
        since = lasting(known.days, throttled)
        yield Finding(
            "throttled",
            key,
            since.day if since else None,
            bool(since and since.or_before),
            number=refused,
            pattern=pattern(recent),
            requests=recent.throttled,
            share=refused,
            usage=recent,
        )
    if foretold and foretold.outcome == "between":
        yield Finding(
            "heading", key, on=foretold.earliest, number=foretold.limit, forecast=foretold, usage=recent
        )


def _failing(key: ApiKey, known: Assessment, recent: Usage) -> Iterator[Finding]:
    """Much fails, and that is its usual."""
    failed, refused, requests = recent.failed, recent.throttled, recent.requests
    if failed is None or refused is None or requests is None or requests < LEAST_REQUESTS:
        return
    share = ratio(failed - refused, requests - refused)
    if share is not None and share >= FAILING:
        codes = {code: n for code, n in (recent.statuses or {}).items() if code >= 400 and code != 429}
        since = lasting(known.days, lambda day: failing(day, FAILING), pause=WEEKEND)
        yield Finding(
            "failing",
            key,
            since.day if since else None,
            bool(since and since.or_before),
            number=share,
            codes=tuple(sorted(codes, key=lambda code: -codes[code])[:2]),
            requests=failed - refused,
            share=share,
            usage=recent,
        )


def _ended(key: ApiKey, known: Assessment) -> Iterator[Finding]:
    """Something still asks with a key that can no longer answer."""
    end = key.revoked_at or key.expires_at
    if end is None or known.today is None:
        return
    since = max(end.date(), known.today - WEEK)
    asked = add(day.requests or 0 for day in known.days if day.date > since)
    if asked:
        statuses = (known.recent.statuses if known.recent else None) or {}
        refused = tuple(sorted((code for code in statuses if code >= 400), key=lambda code: -statuses[code]))
        yield Finding("ended", key, on=end.date(), number=asked, requests=asked, codes=refused[:1])
