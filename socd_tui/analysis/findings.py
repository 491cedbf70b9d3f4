"""What a person should know first: what is wrong or will be, worst first, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from socd_tui.analysis.assessment import Assessment, assess
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
    pattern,
    throttled_since,
)
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import BASELINE
from socd_tui.model.usage import Usage, ratio

MOST = 5
"""Sentences a person reads before the table."""

REFUSED = 0.01
"""Share of requests refused by a limit from which it is worth a sentence."""

FAILING = 0.2
"""Share of requests that fail, 429 left out, from which a key is called failing though that is its usual."""

LEAST_REQUESTS = 100
"""Requests in a window below which a share of failures says little."""

Kind = Literal["runaway", "capped", "throttled", "rise", "heading", "ended", "expiring", "failing"]

WORST_FIRST: tuple[Kind, ...] = (
    "runaway",
    "capped",
    "throttled",
    "rise",
    "heading",
    "ended",
    "expiring",
    "failing",
)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with one key; what a kind does not use is None.

    `since` is the first day of it, or for what is to come the day it comes.
    """

    kind: Kind
    key: ApiKey
    since: date | None
    or_before: bool = False
    """The days that are known begin with it."""
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
    """All findings, worst first; `first` are those a person reads.

    `judged` keys had days enough to say what is usual, `unjudged` had some, but too few; the answers
    that tell it are not there yet for `awaited` keys.
    """

    found: tuple[Finding, ...]
    judged: int
    unjudged: int
    awaited: int = 0

    @property
    def first(self) -> tuple[Finding, ...]:
        return self.found[:MOST]


@lru_cache(maxsize=4)  # asked again with each repaint
def findings(fleet: Fleet, keys: tuple[ApiKey, ...]) -> Findings:
    """What is wrong with these keys, as far as their days tell."""
    told = [key for key in keys if _told(fleet, key)]
    assessed = [(key, assess(fleet, key)) for key in told]
    found = [finding for key, known in assessed for finding in _of_key(fleet, key, known)]
    found.sort(key=lambda finding: (WORST_FIRST.index(finding.kind), -finding.number))
    unjudged = sum(isinstance(known.runaway, NotEnough) and bool(known.days) for _, known in assessed)
    judged = sum(bool(known.days) for _, known in assessed) - unjudged
    awaited = len(keys) - len(told)
    return Findings(tuple(found), judged, unjudged, awaited)


def _told(fleet: Fleet, key: ApiKey) -> bool:
    """Whether all is there that says what is usual for the key, or is known not to come."""
    usual = BASELINE[-1]
    return fleet.usage(key.id, usual) is not None or fleet.failure(key.id, usual) is not None


def _of_key(fleet: Fleet, key: ApiKey, known: Assessment) -> Iterator[Finding]:
    """What is wrong with one key; a consequence is not told beside its cause."""
    answers = fleet.usages_of(key.id)
    recent = next((usage for usage in answers if usage.window.days >= 7), answers[-1] if answers else None)
    ended = key.state(fleet.listed_at) in ("revoked", "expired")
    if ended:
        yield from _ended(key, known, fleet.listed_at)
        return
    if ran := known.ran_away:
        culprit = endpoint_behind(fleet, key, ran.since, len(known.days))
        yield Finding("runaway", key, ran.since, number=ran.now, runaway=ran, culprit=culprit, usage=recent)
    else:
        yield from _limits(key, known, recent)
    rise = known.rise if isinstance(known.rise, Rise) else None
    codes = codes_behind(fleet, key, rise.since) if rise else None
    if rise and codes != ():  # of 429s alone it is the limit's doing, and told as that
        yield Finding(
            "rise", key, rise.since, number=rise.now - rise.usual, rise=rise, codes=codes or (), usage=recent
        )
    elif recent is not None:
        yield from _failing(key, known, recent)
    if key.state(fleet.listed_at) == "expiring" and key.expires_at and fleet.listed_at:
        left = key.expires_at - fleet.listed_at
        yield Finding("expiring", key, key.expires_at.date(), number=-left.total_seconds(), usage=recent)


def _limits(key: ApiKey, known: Assessment, recent: Usage | None) -> Iterator[Finding]:
    """At its cap, refused again and again, or heading for its cap."""
    foretold = known.forecast if isinstance(known.forecast, Forecast) else None
    if foretold and foretold.outcome == "already":
        yield Finding(
            "capped", key, foretold.earliest, number=foretold.limit, forecast=foretold, usage=recent
        )
        return
    refused = ratio(recent.throttled, recent.requests) if recent else None
    if recent and refused and refused >= REFUSED and (recent.throttled or 0) >= LEAST_THROTTLED:
        yield Finding(
            "throttled",
            key,
            since := throttled_since(known.days) or recent.window.start,
            not known.days or since <= known.days[0].date,
            refused,
            pattern=pattern(recent),
            requests=recent.throttled,
            share=refused,
            usage=recent,
        )
    if foretold and foretold.outcome == "between":
        yield Finding(
            "heading", key, foretold.earliest, number=foretold.limit, forecast=foretold, usage=recent
        )


def _failing(key: ApiKey, known: Assessment, recent: Usage) -> Iterator[Finding]:
    """Much fails, and has for as long as its days tell."""
    failed, throttled, requests = recent.failed, recent.throttled, recent.requests
    if failed is None or throttled is None or requests is None or requests < LEAST_REQUESTS:
        return
    share = ratio(failed - throttled, requests - throttled)
    if share is not None and share >= FAILING:
        codes = {code: n for code, n in (recent.statuses or {}).items() if code >= 400 and code != 429}
        worst = tuple(sorted(codes, key=lambda code: -codes[code])[:2])
        yield Finding(
            "failing",
            key,
            known.days[0].date if known.days else None,
            True,
            share,
            codes=worst,
            requests=failed - throttled,
            share=share,
            usage=recent,
        )


def _ended(key: ApiKey, known: Assessment, now: datetime | None) -> Iterator[Finding]:
    """Something still asks with a key that can no longer answer."""
    end = key.revoked_at or key.expires_at
    if end is None or now is None:
        return
    after = [day for day in known.days if day.date > end.date()]
    asked = add(day.requests for day in after[-7:])
    if asked:
        yield Finding("ended", key, end.date(), number=asked, requests=asked)
