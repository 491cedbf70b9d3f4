"""Whether a key suits its tier: stay, borderline, upgrade or could downgrade, and the counts that decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from socd_tui.analysis.budget import NEAR_SHARE, Budgets
from socd_tui.analysis.fit import LEAST_FULL_DAYS
from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.not_enough import NoAnswer, NotEnough
from socd_tui.analysis.runaway import Runaway
from socd_tui.model.key import PRO_PRICE_USD_MONTH, TIER_LIMITS, UNLIMITED, ApiKey, Limit, share_of
from socd_tui.model.record import dataclass, replace
from socd_tui.model.text import Text, counted
from socd_tui.model.usage import Day
from socd_tui.model.window import longest_days

PRO_PATHS = (
    "/api/v1/iocs/stats",
    "/api/v1/iocs/stix",
    "/api/v1/iocs/misp",
    "/api/v1/iocs/cef",
    "/api/v1/iocs/openioc",
    "/api/v1/iocs/sigma",
    "/api/taxii2",
)
"""Paths that only Pro may call, from the API's documentation."""

UPGRADE_DAYS = 30
"""Newest full days of which one at the cap asks for a larger tier: a month, as Pro is paid by the month."""
DOWNGRADE_DAYS = 28
"""Full days that a smaller tier must have been enough for, or in which a key was idle: four full weeks."""
SOURCE = "tier table of the documentation's Rate limits page"

TierAdvice = Literal["stay", "borderline", "upgrade", "could_downgrade"]


@dataclass(frozen=True, kw_only=True)
class TierVerdict:
    """The advice, and the figures it rests on. Ratios are shares of a limit; None is unknown.

    The requests of a day include refused ones, and are compared with today's limit.
    """

    verdict: TierAdvice
    tier: str
    other: str
    """The tier compared with."""
    days_near: int
    """Full days at 80% of the day cap or more."""
    days_over: int
    """Full days at 100% of it or more."""
    full_days: int
    """How many there are, 90 at most."""
    minute_peak: int | None
    """Most requests in a minute of the window."""
    minute_ratio: float | None
    """The minute peak ÷ the key's minute limit."""
    throttled: int | None
    """429s of the window."""
    other_day_ratio: float
    """The busiest day ÷ the other tier's day cap."""
    other_minute_ratio: float | None
    """The minute peak ÷ the other tier's minute limit."""
    reasons: tuple[str, ...]
    """The counts that decided it, in words."""
    price_usd_month: int = PRO_PRICE_USD_MONTH
    """What Pro costs the account."""
    source: str = SOURCE


def tier_verdict(
    key: ApiKey,
    days: Sequence[Day],
    budgets: Budgets,
    *,
    endpoints: Iterable[Text] | None,
    forecast: Forecast | NotEnough | None,
    on_free: Callable[[], Forecast | NotEnough] | None = None,
    runaway: Runaway | None = None,
    beside_pro: bool = False,
    window_days: int,
) -> TierVerdict | NotEnough:
    """Whether both limits suit what the key did in its last 90 full days and in its longest window.

    `forecast` is against the key's own day cap, `on_free` makes one against Free's: a tier is too small when
    its cap is likely reached, and large enough only when that is unlikely. `endpoints` are the paths it
    called, None when unknown; they, the peaks and the 429s are those of a window of `window_days` days.

    Of a key that runs away only the other days count. `beside_pro` says that the account has Pro keys. No
    tier is above Pro, so a Pro key at its cap is "borderline"; an idle one stays, because the account pays
    for Pro, not the key.
    """
    tier = key.plan
    if tier not in TIER_LIMITS:
        return NotEnough("the documentation has no such tier" if tier else "the tier is unknown")
    day_limit, minute_limit = (
        limit.value if limit else None for limit in (budgets.day.limit, budgets.minute.limit)
    )
    unlimited = [cap for cap in ("day", "minute") if getattr(budgets, cap).limit == UNLIMITED]
    if unlimited:
        return NoAnswer(f"the key has no {' and no '.join(unlimited)} limit")
    if not (day_limit and minute_limit):
        return NotEnough("the limits are unknown")
    counts = _counts(days, runaway)[-longest_days() :]
    if len(counts) < LEAST_FULL_DAYS:
        return NotEnough(
            f"{len(counts)} full day{'' if len(counts) == 1 else 's'}, {LEAST_FULL_DAYS} are needed"
        )
    other = "free" if tier == "pro" else "pro"
    per_minute, per_day = TIER_LIMITS[other]
    stay = TierVerdict(
        verdict="stay",
        tier=tier,
        other=other,
        days_near=sum(count / day_limit >= NEAR_SHARE for count in counts),
        days_over=sum(count >= day_limit for count in counts),
        full_days=len(counts),
        minute_peak=budgets.minute.peak,
        minute_ratio=share_of(budgets.minute.limit, budgets.minute.peak),
        throttled=budgets.throttled,
        other_day_ratio=max(counts) / per_day,
        other_minute_ratio=share_of(Limit(per_minute, "tier"), budgets.minute.peak),
        reasons=(f"busiest of {len(counts)} days: {max(counts):,} of {day_limit:,}",),
    )
    if runaway:
        return _beside_runaway(stay, runaway, day_limit)
    if len(counts) >= DOWNGRADE_DAYS and not any(counts[-DOWNGRADE_DAYS:]):
        return replace(stay, reasons=(f"no requests in the last {DOWNGRADE_DAYS} full days",))
    over = _over_limits(stay, counts[-UPGRADE_DAYS:], day_limit, forecast)
    reasons = over or _near_limits(stay, forecast)
    if reasons and (tier == "pro" or day_limit >= per_day):
        own = TIER_LIMITS[tier]
        below = minute_limit < own[0] or day_limit < own[1]
        ask = f"its limits are below the documented {own[0]:,} and {own[1]:,}: ask for these"
        ending = ask if below else "there is no larger tier"
        return replace(stay, verdict="borderline", reasons=(*reasons, ending))
    if over and beside_pro:
        reasons = [*reasons, "the account already has Pro keys: making this key anew as one may cost nothing"]
    if reasons:
        return replace(stay, verdict="upgrade" if over else "borderline", reasons=tuple(reasons))
    if tier == "free":
        return stay
    reasons = _too_much_for_free(stay, endpoints, on_free)
    if window_days < DOWNGRADE_DAYS:
        reasons.append(
            f"paths and peaks are known for {window_days} days, a downgrade needs {DOWNGRADE_DAYS}"
        )
    if reasons:
        return replace(stay, reasons=tuple(reasons))
    room = (
        f"busiest of {len(counts)} days {_share(stay.other_day_ratio)} of Free's day cap",
        f"minute peak {_share(stay.other_minute_ratio or 0)} of Free's limit",
        "no 429s, no path that needs Pro",
    )
    return replace(stay, verdict="could_downgrade", reasons=room)


def _counts(days: Sequence[Day], runaway: Runaway | None) -> list[int]:
    """Requests of the full days, those of the runaway left out."""
    usual = [day for day in days if not runaway.since <= day.date <= runaway.until] if runaway else days
    # As `day.full` says; to ask each of a thousand keys takes as long as all else here.
    full = (day.requests for day in usual if not (day.partial or day.ahead))
    return [count for count in full if count is not None and count >= 0]


def _beside_runaway(figures: TierVerdict, runaway: Runaway, limit: int) -> TierVerdict:
    """A loop asks for no larger tier. The peaks and 429s of its window are its own, and tell nothing more."""
    loop = "stop the loop" if runaway.ongoing else "it has stopped"
    usual = f"without the runaway its usual is {runaway.usual:,.0f} of {limit:,} a day: {loop}"
    if figures.days_near:
        near = f"{figures.days_near} of {figures.full_days} other days at 80% of the day cap or more"
        return replace(figures, verdict="borderline", reasons=(usual, near))
    return replace(figures, reasons=(f"{usual}, stay",))


def _over_limits(
    figures: TierVerdict, counts: Sequence[int], limit: int, forecast: Forecast | NotEnough | None
) -> list[str]:
    """Reasons for a larger tier: which limits were reached, or will be."""
    reasons = []
    if over := sum(count >= limit for count in counts):
        reasons.append(f"{over} of {len(counts)} days at 100% of the day cap or more")
    if figures.throttled and figures.minute_ratio is not None and figures.minute_ratio >= 1:
        reasons.append(
            f"minute peak {_share(figures.minute_ratio)} of its limit,"
            f" {counted(figures.throttled, 'request')} refused"
        )
    if isinstance(forecast, Forecast) and forecast.reached:
        reasons.append(f"day cap reached on {forecast.reached}")
    elif isinstance(forecast, Forecast) and forecast.likely and not forecast.guess:
        reasons.append(_ahead(forecast, "the day cap"))
    return reasons


def _near_limits(figures: TierVerdict, forecast: Forecast | NotEnough | None) -> list[str]:
    """Reasons to watch the key: what came near a limit, or was refused, or may be."""
    reasons = []
    if isinstance(forecast, Forecast) and forecast.likely:
        reasons.append(f"{_ahead(forecast, 'the day cap')} from {forecast.full_days} days")
    if figures.days_near:
        reasons.append(f"{figures.days_near} of {figures.full_days} days at 80% of the day cap or more")
    if figures.minute_ratio is not None and figures.minute_ratio >= NEAR_SHARE:
        reasons.append(f"minute peak {_share(figures.minute_ratio)} of its limit")
    if figures.throttled:
        reasons.append(f"{counted(figures.throttled, 'request')} refused")
    return reasons


def _too_much_for_free(
    figures: TierVerdict,
    endpoints: Iterable[Text] | None,
    on_free: Callable[[], Forecast | NotEnough] | None,
) -> list[str]:
    """Reasons to keep Pro: what the key does that Free would not allow, or what is unknown."""
    reasons = []
    if figures.full_days < DOWNGRADE_DAYS:
        reasons.append(f"{figures.full_days} full days, a downgrade needs {DOWNGRADE_DAYS}")
    if figures.other_day_ratio > NEAR_SHARE:
        reasons.append(f"busiest day {_share(figures.other_day_ratio)} of Free's day cap")
    elif on_free and isinstance(ahead := on_free(), Forecast) and not ahead.unlikely:
        reasons.append(_ahead(ahead, "Free's day cap"))
    if figures.other_minute_ratio is None:
        reasons.append("minute peak unknown")
    elif figures.other_minute_ratio > NEAR_SHARE:
        reasons.append(f"minute peak {_share(figures.other_minute_ratio)} of Free's limit")
    if figures.throttled is None:
        reasons.append("429s unknown")
    if endpoints is None:
        return [*reasons, "paths called unknown"]
    pro_only = {path.shown for path in endpoints if any(part in path.original for part in PRO_PATHS)}
    return [*reasons, *(f"{path} needs Pro" for path in sorted(pro_only))]


def _ahead(forecast: Forecast, cap: str) -> str:
    from socd_tui.analysis.odds import prospect

    return f"a day at {cap}: {prospect(forecast)}"


def _share(part: float) -> str:
    return f"{100 * part:,.0f}%"
