"""Where a key is heading, and whether its tier suits it: words and fields of forecast and tier verdict."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.analysis.assessment import Assessment
from socd_tui.analysis.budget import Budget
from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.odds import CERTAIN, odds, prospect
from socd_tui.analysis.tier import TierVerdict
from socd_tui.analysis.totals import add
from socd_tui.charts.canvas import Role
from socd_tui.charts.number import day_name, exact, percent
from socd_tui.charts.sheet import rounded
from socd_tui.charts.table import Cell
from socd_tui.model.key import UNLIMITED
from socd_tui.model.usage import Day
from socd_tui.views.parts.since import since_words

POOR = 0.6
"""Share of past days inside their band below which a forecast is no ground: the band is made for 0.8."""

_TIER_ROLES: dict[str, Role] = {"upgrade": "bad", "borderline": "warn", "could_downgrade": "data"}


def forecast_cell(forecast: Forecast | NotEnough, unknown: str) -> Cell:
    """not in 30 d, 1 in 3, reached; a question mark where it is a guess; the unknown mark without data."""
    if isinstance(forecast, NotEnough):
        return Cell((unknown,), "faint")
    if reached := forecast.reached:
        return Cell((f"reached {reached.day} {reached:%b}", "reached"), "bad")
    guess, days = "?" if forecast.guess else "", f"in {forecast.horizon} d"
    if forecast.unlikely:
        return Cell((f"not {days}{guess}",), "good")
    chance = "certain" if forecast.chance >= CERTAIN else odds(forecast.chance)
    return Cell((f"{chance} {days}{guess}", f"{chance}{guess}"), "warn" if forecast.likely else "ink")


def forecast_part(forecast: Forecast | NotEnough) -> str:
    """For the read-out line."""
    if isinstance(forecast, NotEnough):
        return f"forecast: {forecast}"
    if forecast.reached:
        return f"day cap reached on {day_name(forecast.reached)}"
    return f"day cap {prospect(forecast)}"


def tier_cell(tier: TierVerdict | NotEnough, unknown: str) -> Cell:
    """stay, borderline, upgrade, could downgrade; the unknown mark without enough data."""
    if isinstance(tier, NotEnough):
        return Cell((unknown,), "faint")
    return Cell((_words(tier),), _TIER_ROLES.get(tier.verdict, "good"))


def tier_part(tier: TierVerdict | NotEnough) -> str:
    """tier: could downgrade; or why that cannot be said."""
    return str(tier) if isinstance(tier, NotEnough) else f"tier: {_words(tier)}"


def _words(tier: TierVerdict) -> str:
    return tier.verdict.replace("_", " ")


def outlook_figures(assessment: Assessment) -> list[tuple[str, str]]:
    """The whole outlook of a key, each figure with its evidence; why there is none of both once."""
    if has_no_outlook(assessment):
        minute = _minute(assessment) if assessment.window_days else []
        return [("outlook", str(assessment.tier)), *minute]
    return [*_forecast(assessment), *_minute(assessment), *_tier(assessment.tier)]


def has_no_outlook(assessment: Assessment) -> bool:
    """Neither a forecast nor a tier verdict, both for one reason."""
    return isinstance(assessment.tier, NotEnough) and str(assessment.tier) == str(assessment.forecast)


def _forecast(assessment: Assessment) -> list[tuple[str, str]]:
    forecast = assessment.forecast
    if isinstance(forecast, NotEnough):
        return [("day cap forecast", str(forecast))]
    opening = [
        ("day cap forecast", _reached(assessment) or forecast_part(forecast)),
        ("of", f"{exact(forecast.limit)} requests a day, refused ones included"),
    ]
    if assessment.unfitted is not None:
        return [*opening, ("since it changed", str(assessment.unfitted))]
    worst = forecast.worst
    again = [("some day at the cap", prospect(forecast))] if forecast.reached else []
    return [
        *opening,
        *again,
        (
            "busiest day ahead",
            f"{worst.low:,.0f} to {worst.high:,.0f} requests; 8 in 10 days lie in their range",
        ),
        ("model", f"{forecast.model}, {exact(forecast.full_days)} full days known"),
        ("its record", record(forecast)),
        *([("written down here", _written_down(assessment))] if assessment.foretold[1] else []),
    ]


def record(forecast: Forecast) -> str:
    if not forecast.of:
        return "no past day can be judged yet"
    poor = "; do not rely on it" if forecast.inside < POOR * forecast.of else ""
    return f"{forecast.inside} of {forecast.of} past days inside what was foretold a week before{poor}"


def _written_down(assessment: Assessment) -> str:
    """What became of the forecasts that were stated a week ahead, as the history holds them."""
    inside, of = assessment.foretold
    return f"{inside} of {of} of a week ahead inside"


def _reached(assessment: Assessment) -> str | None:
    """Since when each day reached the cap."""
    since = assessment.at_cap
    if since is None:
        return None
    return f"reached each day {since_words(since, day_name(since.day))}"


def _minute(assessment: Assessment) -> list[tuple[str, str]]:
    """Per-minute limits are not forecast: how much room is left, and whether 429s grow."""
    now, before = _weeks(assessment.days)
    return [
        ("minute head-room", f"{_room(assessment.budgets.minute)} in {assessment.window_days} d"),
        ("429 in 7 full days", f"{exact(now)}, in the 7 before {exact(before)}"),
    ]


def _room(minute: Budget) -> str:
    if minute.limit == UNLIMITED:
        return "no limit"
    if minute.limit is None or minute.limit.value is None or minute.peak is None:
        return "unknown: the service sent no high-water mark"
    left = max(minute.limit.value - minute.peak, 0)
    return f"{exact(left)} of {exact(minute.limit.value)} (peak {exact(minute.peak)})"


def _weeks(days: Sequence[Day]) -> tuple[int | None, int | None]:
    """429s of the newest seven full days, and of the seven before; None where a day is missing or untold."""
    full = [day for day in days if day.full]
    newest, older = full[-7:], full[-14:-7]
    return _sum(newest), _sum(older)


def _sum(week: Sequence[Day]) -> int | None:
    return add(day.throttled for day in week) if len(week) == 7 else None


def _tier(tier: TierVerdict | NotEnough) -> list[tuple[str, str]]:
    if isinstance(tier, NotEnough):
        return [("tier", str(tier))]
    minute = percent(tier.other_minute_ratio, "unknown")
    price = f"${tier.price_usd_month} a month for the account"
    return [
        ("tier", f"{tier.tier}: {_words(tier)}"),
        *(("" if n else "because", reason) for n, reason in enumerate(tier.reasons)),
        (
            f"on {tier.other}",
            f"busiest day {percent(tier.other_day_ratio)}, minute peak {minute} of its caps",
        ),
        *([("price of Pro", price)] if tier.verdict in ("upgrade", "could_downgrade") else []),
        ("source", tier.source),
    ]


def forecast_data(assessment: Assessment) -> dict[str, object]:
    """The JSON `forecast` of a budget row; requests a day."""
    forecast, (inside, of) = assessment.forecast, assessment.foretold
    if isinstance(forecast, NotEnough):
        return {"outcome": None, "reason": str(forecast), "confidence": "estimated"}
    return {
        "confidence": "estimated",
        "outcome": forecast.outcome,
        "chance": None if assessment.unfitted else rounded(forecast.chance),
        "guess": forecast.guess,
        "horizon_days": forecast.horizon,
        "reached_on": str(forecast.reached) if forecast.reached else None,
        "limit_per_day": forecast.limit,
        **({"reason": str(assessment.unfitted)} if assessment.unfitted else _band_data(forecast)),
        "written_down": {"inside": inside, "of": of} if of else None,
    }


def _band_data(forecast: Forecast) -> dict[str, object]:
    worst = forecast.worst
    return {
        "busiest": {
            "low": round(worst.low),
            "middle": round(worst.middle),
            "high": round(worst.high),
        },
        "band_share": 0.8,
        "model": forecast.model,
        "full_days": forecast.full_days,
        "backtest": {"inside": forecast.inside, "of": forecast.of},
    }


def tier_data(tier: TierVerdict | NotEnough) -> dict[str, object]:
    """The JSON `tier_verdict` of a budget row."""
    if isinstance(tier, NotEnough):
        return {"verdict": None, "reason": str(tier)}
    return {
        "verdict": tier.verdict,
        "tier": tier.tier,
        "compared_with": tier.other,
        "reasons": list(tier.reasons),
        "days_near": tier.days_near,
        "days_over": tier.days_over,
        "full_days": tier.full_days,
        "minute_peak": tier.minute_peak,
        "throttled": tier.throttled,
        "other_day_ratio": rounded(tier.other_day_ratio),
        "other_minute_ratio": rounded(tier.other_minute_ratio),
        "price_usd_month": tier.price_usd_month,
        "source": tier.source,
    }
