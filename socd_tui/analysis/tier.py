"""Does a key fit its tier: stay, borderline, upgrade, could downgrade; and the counts that decide it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from socd_tui.analysis.budget import NEAR, Budgets
from socd_tui.analysis.evidence import NotEnough
from socd_tui.analysis.forecast import LEAST_FULL_DAYS, Forecast
from socd_tui.model.key import PRO_PRICE_USD_MONTH, TIER_LIMITS, ApiKey
from socd_tui.model.past import DayRecord
from socd_tui.model.text import Text
from socd_tui.model.usage import ratio
from socd_tui.model.window import MAX_DAYS

PRO_PATHS = (
    "/api/v1/iocs/stats",
    "/api/v1/iocs/stix",
    "/api/v1/iocs/misp",
    "/api/v1/iocs/cef",
    "/api/v1/iocs/openioc",
    "/api/v1/iocs/sigma",
    "/api/taxii2",
)
"""What only Pro may call, from the API's documentation."""

RECENT = 30
"""Full days in which one at the cap asks for a larger tier: a month, which is what is paid for."""
MONTH = 28
"""Full days a smaller tier must have been enough for, or a key idle: four whole weeks."""
SOURCE = "tier table of the documentation's Rate limits page"

Advice = Literal["stay", "borderline", "upgrade", "could_downgrade"]


@dataclass(frozen=True)
class TierVerdict:
    """The word, and what it rests on. Ratios are fractions of a limit; None is unknown.

    Days count with their refused requests, against the limit of now.
    """

    verdict: Advice
    tier: str
    other: str
    """The tier compared with."""
    days_near: int
    """Full days at 80% of the day cap or more."""
    days_over: int
    """Full days at 100 % or more."""
    full_days: int
    minute_peak: int | None
    minute_ratio: float | None
    throttled: int | None
    """429s of the window."""
    other_day_ratio: float
    """The busiest day ÷ the other tier's day cap."""
    other_minute_ratio: float | None
    """The minute peak ÷ the other tier's minute limit."""
    reasons: tuple[str, ...]
    """The deciding counts in words."""
    price_usd_month: int = PRO_PRICE_USD_MONTH
    """What Pro costs the account."""
    source: str = SOURCE


def tier_verdict(
    key: ApiKey,
    days: Sequence[DayRecord],
    budgets: Budgets,
    *,
    endpoints: Iterable[Text] | None,
    found: Forecast | NotEnough | None,
    seen_days: int = MAX_DAYS,
) -> TierVerdict | NotEnough:
    """Whether both limits suit what the key did in its last 90 full days and in the window.

    `endpoints`: the paths it called, None when unknown; they, the peaks and the 429s are of `seen_days`
    days. `found`: its forecast. No tier is above Pro, so
    a Pro key at its cap is "borderline"; an idle one stays, as the price is the account's.
    """
    tier = key.tier.original.lower() if key.tier else ""
    if tier not in TIER_LIMITS:
        return NotEnough("the documentation has no such tier" if tier else "the tier is unknown")
    day_limit, minute_limit = budgets.day.limit, budgets.minute.limit
    if not (day_limit and minute_limit and day_limit.value > 0 and minute_limit.value > 0):
        return NotEnough("the limits are unknown")
    counts = [count for day in days if day.full and (count := day.requests) is not None and count >= 0]
    counts = counts[-MAX_DAYS:]
    if len(counts) < LEAST_FULL_DAYS:
        return NotEnough(
            f"{len(counts)} full day{'' if len(counts) == 1 else 's'}, {LEAST_FULL_DAYS} are needed"
        )
    other = "free" if tier == "pro" else "pro"
    per_minute, per_day = TIER_LIMITS[other]
    stay = TierVerdict(
        "stay",
        tier,
        other,
        days_near=sum(count / day_limit.value >= NEAR for count in counts),
        days_over=sum(count >= day_limit.value for count in counts),
        full_days=len(counts),
        minute_peak=budgets.minute.peak,
        minute_ratio=ratio(budgets.minute.peak, minute_limit.value),
        throttled=budgets.throttled,
        other_day_ratio=max(counts) / per_day,
        other_minute_ratio=ratio(budgets.minute.peak, per_minute),
        reasons=(f"busiest of {len(counts)} days: {max(counts):,} of {day_limit.value:,}",),
    )
    if len(counts) >= MONTH and not any(counts[-MONTH:]):
        return replace(stay, reasons=(f"no requests in the last {MONTH} full days",))
    pressing = _pressing(stay, counts[-RECENT:], day_limit.value, found)
    strained = pressing or _straining(stay)
    if strained and (tier == "pro" or day_limit.value >= per_day):
        own = TIER_LIMITS[tier]
        below = minute_limit.value < own[0] or day_limit.value < own[1]
        ask = f"its limits are below the documented {own[0]:,} and {own[1]:,}: ask for these"
        ending = ask if below else "there is no larger tier"
        return replace(stay, verdict="borderline", reasons=(*strained, ending))
    if strained:
        return replace(stay, verdict="upgrade" if pressing else "borderline", reasons=tuple(strained))
    if tier == "free":
        return stay
    against = _against_free(stay, endpoints, found)
    if seen_days < MONTH:
        against.append(f"paths and peaks are known for {seen_days} days, a downgrade needs {MONTH}")
    if against:
        return replace(stay, reasons=tuple(against))
    room = (
        f"busiest of {len(counts)} days {_share(stay.other_day_ratio)} of Free's day cap",
        f"minute peak {_share(stay.other_minute_ratio or 0)} of Free's limit",
        "no 429s, no path that needs Pro",
    )
    return replace(stay, verdict="could_downgrade", reasons=room)


def _pressing(
    its: TierVerdict, counts: Sequence[int], limit: int, found: Forecast | NotEnough | None
) -> list[str]:
    """What a larger tier is needed for."""
    reasons = []
    if over := sum(count >= limit for count in counts):
        reasons.append(f"{over} of {len(counts)} days at 100% of the day cap or more")
    if its.throttled and its.minute_ratio is not None and its.minute_ratio >= 1:
        reasons.append(
            f"minute peak {_share(its.minute_ratio)} of its limit, {its.throttled:,} requests refused"
        )
    if isinstance(found, Forecast) and found.outcome == "already":
        reasons.append(f"day cap reached on {found.earliest}")
    if isinstance(found, Forecast) and found.outcome == "between":
        reasons.append(f"day cap forecast to be in reach from {found.earliest}")
    return reasons


def _straining(its: TierVerdict) -> list[str]:
    """What comes near a limit."""
    reasons = []
    if its.days_near:
        reasons.append(f"{its.days_near} of {its.full_days} days at 80% of the day cap or more")
    if its.minute_ratio is not None and its.minute_ratio >= NEAR:
        reasons.append(f"minute peak {_share(its.minute_ratio)} of its limit")
    if its.throttled:
        reasons.append(f"{its.throttled:,} requests refused")
    return reasons


def _against_free(
    its: TierVerdict, endpoints: Iterable[Text] | None, found: Forecast | NotEnough | None
) -> list[str]:
    """What a Pro key does that Free would not carry, or what nobody told."""
    reasons = []
    if its.full_days < MONTH:
        reasons.append(f"{its.full_days} full days, a downgrade needs {MONTH}")
    if its.other_day_ratio > NEAR:
        reasons.append(f"busiest day {_share(its.other_day_ratio)} of Free's day cap")
    if isinstance(found, Forecast) and found.worst.high > NEAR * TIER_LIMITS["free"][1]:
        reasons.append(f"up to {found.worst.high:,.0f} requests a day forecast")
    if its.other_minute_ratio is None:
        reasons.append("minute peak unknown")
    elif its.other_minute_ratio > NEAR:
        reasons.append(f"minute peak {_share(its.other_minute_ratio)} of Free's limit")
    if its.throttled is None:
        reasons.append("429s unknown")
    if endpoints is None:
        return [*reasons, "paths called unknown"]
    paid = {path.shown for path in endpoints if any(paid in path.original for paid in PRO_PATHS)}
    return [*reasons, *(f"{path} needs Pro" for path in sorted(paid))]


def _share(part: float) -> str:
    return f"{100 * part:,.0f}%"
