"""What each kind of finding rests on, and what to do about it: only what follows from known figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from socd_tui.analysis.assessment import Assessment
from socd_tui.analysis.budget import NEAR_SHARE
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
from socd_tui.analysis.runaway import Runaway
from socd_tui.analysis.throttling import refusal
from socd_tui.analysis.tier import TierVerdict
from socd_tui.analysis.triage import advice
from socd_tui.charts.number import day_name, exact, percent
from socd_tui.model.record import dataclass
from socd_tui.model.text import counted
from socd_tui.views.parts.names import path_named


@dataclass(frozen=True)
class Counsel:
    """What stands behind one finding."""

    evidence: str
    """What was compared, or counted; empty where the finding says it itself."""
    steps: tuple[str, ...]
    """What to do, the first thing first; empty where nothing is to be done."""


def counsel(finding: Finding, assessment: Assessment) -> Counsel:
    """The one place to say it for each kind; `assessment` is the finding's key's."""
    match finding:
        case RunningAway(runaway=runaway, culprit=culprit):
            on = day_name(runaway.since)
            loop = f"find what began on {on} and makes {runaway.now:,.0f} requests a day"
            if culprit:
                share, path = percent(culprit.share), path_named(culprit.path, 60)
                loop = f"find the loop: {share} of the increase is on {path}, and it began on {on}"
            return Counsel(_weekdays(runaway), (loop, *_without(runaway, assessment)))
        case Capped(limit=limit):
            return Counsel(
                f"from {exact(limit)} requests a day on, the service refuses",
                ("ask less often: poll with `since`, and cache what does not change",),
            )
        case Throttled(window=window, requests=requests, pattern=pattern):
            hourly = f", in {exact(pattern.hit)} of {exact(pattern.lived)} hours" if pattern else ""
            return Counsel(
                f"{counted(requests, 'request')} refused in {window.days} d{hourly}",
                (*_slower(finding, assessment), *_for_codes([429])),
            )
        case ErrorsRising(rise=rise, codes=codes):
            return Counsel(
                f"compared with {counted(rise.compared, 'full day')}, 429 left out",
                _for_codes(codes) or (f"see which codes came since {day_name(rise.since)}",),
            )
        case NearingCap(forecast=forecast):
            from socd_tui.views.parts.outlook import record

            worst = forecast.worst
            ahead = f"its busiest day ahead asks for up to {worst.high:,.0f} of {exact(forecast.limit)}"
            return Counsel(record(forecast), (f"make room before the cap refuses: {ahead}",))
        case Burst(runaway=runaway):
            return Counsel(
                _weekdays(runaway),
                (f"it is over since {day_name(runaway.until)}: find what ran, or it may come again",),
            )
        case EndedInUse(requests=requests, codes=codes):
            how = "revoked" if finding.key.revoked_at else "expired"
            return Counsel(
                f"{counted(requests, 'request')} after that day, within the last 7",
                (
                    f"find who still asks with this {how} key, and give them one that is active",
                    *_for_codes(codes),
                ),
            )
        case Expiring(expires=expires, requests=requests, window=window):
            if requests == 0 and window:
                return Counsel("", (f"let it expire: nothing asked with it in {window.days} d",))
            return Counsel("", (f"make a new key, and change to it before {day_name(expires)}",))
        case Failing(requests=requests, codes=codes):
            days = f" in {assessment.recent.window.days} d" if assessment.recent else ""
            failed = f"{counted(requests, 'request')} failed{days}, 429 left out"
            return Counsel(failed, _for_codes(codes))
        case UsualBurst(habit=habit):
            return Counsel(f"{_weekdays(habit.run)}, and with all its days before", ())
        case _:
            assert_never(finding)


def tier_steps(tier: TierVerdict) -> tuple[str, ...]:
    """What the verdict asks for, with the counts that decided it; nothing where the key is to stay."""
    because = "; ".join(tier.reasons)
    match tier.verdict:
        case "upgrade":
            return (f"consider Pro, ${tier.price_usd_month} a month for the account: {because}",)
        case "borderline":
            return (f"watch whether its limits stay large enough: {because}",)
        case "could_downgrade":
            return (f"Free would be enough for it: {because}",)
        case "stay":
            return ()
        case _:
            assert_never(tier.verdict)


def _weekdays(runaway: Runaway) -> str:
    return f"compared with {counted(runaway.compared, 'full day')} of the same weekdays"


def _without(runaway: Runaway, assessment: Assessment) -> tuple[str, ...]:
    """That its usual needs no larger tier, where the cap is known and far from it."""
    limit = assessment.budgets.day.limit
    if limit is None or not limit.value or runaway.usual >= NEAR_SHARE * limit.value:
        return ()
    usual = f"without the runaway its usual is {runaway.usual:,.0f} of {exact(limit.value)} a day"
    tier = assessment.tier
    if isinstance(tier, TierVerdict) and tier.tier == "free":
        return (f"do not buy Pro for this: {usual}",)
    return (f"ask for no larger limit: {usual}",)


def _slower(finding: Throttled, assessment: Assessment) -> tuple[str, ...]:
    """Which limit refuses, where the peaks tell it, and how near the other one is."""
    pattern, of = finding.pattern, refusal(assessment.budgets)
    when = ""
    if pattern and pattern.hours and not pattern.every_hour and len(pattern.hours) <= 3:
        when = f", at {' and '.join(f'{hour:02d}:00' for hour in pattern.hours)} UTC daily"
    if not of.reached:
        return (f"ask more slowly{when}: which of its limits refuses is unknown",)
    caps = " and ".join(f"{exact(own.limit.value)} requests a {cap}" for cap, own in of.reached if own.limit)
    refuse = "that limit refuses" if len(of.reached) == 1 else "these limits refuse"
    far = "".join(
        f"; the {cap} cap is not the cause ({percent(own.peak_ratio)} used)"
        for cap, own in of.below
        if not of.near
    )
    return (f"stay below {caps}{when}: {refuse}{far}",)


def _for_codes(codes: Sequence[int]) -> tuple[str, ...]:
    """500, 503: a fault of the service: retry with growing pauses …; codes of one remedy together."""
    alike: dict[str, list[int]] = {}
    for code in codes:
        if usual := advice(code):
            alike.setdefault(f"{usual.cause}: {usual.fix}", []).append(code)
    return tuple(f"{', '.join(map(str, same))}: {words}" for words, same in alike.items())
