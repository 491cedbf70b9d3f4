"""Where a key is heading, and whether its tier suits it: words and fields of forecast and tier verdict."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.analysis.assessment import Assessment
from socd_tui.analysis.budget import Budget
from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.tier import TierVerdict
from socd_tui.analysis.totals import add
from socd_tui.charts.canvas import Role
from socd_tui.charts.number import date_range, day_name, exact, percent
from socd_tui.charts.sheet import rounded
from socd_tui.charts.table import Cell
from socd_tui.model.usage import Day
from socd_tui.views.description import between

POOR = 0.6
"""Share of past days inside their band below which a forecast is no ground: the band is made for 0.8."""

_TIER_ROLES: dict[str, Role] = {"upgrade": "bad", "borderline": "warn", "could_downgrade": "accent"}


def forecast_cell(found: Forecast | NotEnough, unknown: str) -> Cell:
    """not in 30 d, 2 Dec–9 Dec, from 2 Dec, reached; the unknown mark without enough data."""
    if isinstance(found, NotEnough):
        return Cell((unknown,), "faint")
    if found.outcome == "not_within" or found.earliest is None:
        return Cell((f"not in {found.horizon} d",), "good")
    if found.outcome == "already":
        return Cell((f"reached {found.earliest.day} {found.earliest:%b}", "reached"), "bad")
    if found.latest is None:
        return Cell((f"from {found.earliest.day} {found.earliest:%b}",), "warn")
    return Cell((date_range(found.earliest, found.latest),), "warn")


def tier_cell(found: TierVerdict | NotEnough, unknown: str) -> Cell:
    if isinstance(found, NotEnough):
        return Cell((unknown,), "faint")
    return Cell((found.verdict.replace("_", " "),), _TIER_ROLES.get(found.verdict, "good"))


def forecast_part(found: Forecast | NotEnough) -> str:
    """For the read-out line."""
    if isinstance(found, NotEnough):
        return f"forecast: {found}"
    if found.outcome == "not_within":
        return f"day cap not within {found.horizon} d ({_range(found)})"
    if found.outcome == "already":
        return f"day cap reached on {day_name(found.earliest)}" if found.earliest else "day cap reached"
    return f"day cap {between(found)}"


def _range(found: Forecast) -> str:
    worst = found.worst
    return f"busiest {worst.low:,.0f}–{worst.high:,.0f}"


def figures(known: Assessment) -> list[tuple[str, str]]:
    """The whole outlook of a key, each figure with its evidence."""
    return [*_forecast(known), *_minute(known), *_tier(known.tier)]


def _forecast(known: Assessment) -> list[tuple[str, str]]:
    found = known.forecast
    if isinstance(found, NotEnough):
        return [("day cap forecast", str(found))]
    told = [("day cap forecast", _reached(known) or forecast_part(found))]
    told.append(("of", f"{exact(found.limit)} requests a day, refused ones included"))
    if known.unfitted is not None:
        return [*told, ("since it changed", str(known.unfitted))]
    worst, first, last = found.worst, found.bands[0].date, found.bands[-1].date
    return [
        *told,
        ("busiest day ahead", f"{worst.low:,.0f} to {worst.high:,.0f} requests on {day_name(worst.date)}"),
        ("dates", f"{date_range(first, last)}; nine days in ten stay under their upper end"),
        ("model", f"{found.model}, {found.slope_per_day:+,.1f} requests a day"),
        ("its record", _record(found)),
        *([("written down here", _kept(known))] if known.foretold[1] else []),
    ]


def _record(found: Forecast) -> str:
    if not found.of:
        return "no past day can be judged yet"
    poor = "; do not rely on it" if found.inside < POOR * found.of else ""
    return f"{found.inside} of {found.of} past days inside what was foretold a week before{poor}"


def _kept(known: Assessment) -> str:
    """What became of the forecasts that were stated a week ahead, as the history holds them."""
    inside, of = known.foretold
    return f"{inside} of {of} of a week ahead inside"


def _reached(known: Assessment) -> str | None:
    """Since when each day reached the cap."""
    since = known.at_cap
    if since is None:
        return None
    return f"reached each day since {day_name(since.day)}{' or before' if since.or_before else ''}"


def _minute(known: Assessment) -> list[tuple[str, str]]:
    """Per-minute limits are not forecast: how much room is left, and whether 429s grow."""
    minute = known.budgets.minute
    now, before = _weeks(known.days)
    return [
        ("minute head-room", f"{_room(minute)} in {known.window_days} d"),
        ("429 in 7 full days", f"{exact(now)}, in the 7 before {exact(before)}"),
    ]


def _room(minute: Budget) -> str:
    if minute.limit is None or minute.peak is None:
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


def _tier(found: TierVerdict | NotEnough) -> list[tuple[str, str]]:
    if isinstance(found, NotEnough):
        return [("tier", str(found))]
    minute = percent(found.other_minute_ratio, "unknown")
    return [
        ("tier", f"{found.tier}: {found.verdict.replace('_', ' ')}"),
        *(("" if n else "because", reason) for n, reason in enumerate(found.reasons)),
        (
            f"on {found.other}",
            f"busiest day {percent(found.other_day_ratio)}, minute peak {minute} of its caps",
        ),
        *([("price of Pro", _price(found))] if found.verdict in ("upgrade", "could_downgrade") else []),
        ("source", found.source),
    ]


def _price(found: TierVerdict) -> str:
    return f"${found.price_usd_month} a month for the account"


def forecast_data(known: Assessment) -> dict[str, object]:
    """The JSON `forecast` of a budget row; requests a day."""
    found = known.forecast
    if isinstance(found, NotEnough):
        return {"outcome": None, "reason": str(found)}
    return {
        "outcome": found.outcome,
        "earliest": str(found.earliest) if found.earliest else None,
        "latest": str(found.latest) if found.latest else None,
        "limit_per_day": found.limit,
        "horizon_days": found.horizon,
        **({"reason": str(known.unfitted)} if known.unfitted else _band_data(found)),
        "written_down": {"inside": known.foretold[0], "of": known.foretold[1]} if known.foretold[1] else None,
    }


def _band_data(found: Forecast) -> dict[str, object]:
    worst = found.worst
    return {
        "busiest": {
            "date": str(worst.date),
            "low": round(worst.low),
            "middle": round(worst.middle),
            "high": round(worst.high),
        },
        "band_share": 0.8,
        "model": found.model,
        "full_days": found.full_days,
        "slope_per_day": rounded(found.slope_per_day),
        "backtest": {"inside": found.inside, "of": found.of},
    }


def tier_data(found: TierVerdict | NotEnough) -> dict[str, object]:
    """The JSON `tier_verdict` of a budget row."""
    if isinstance(found, NotEnough):
        return {"verdict": None, "reason": str(found)}
    return {
        "verdict": found.verdict,
        "tier": found.tier,
        "compared_with": found.other,
        "reasons": list(found.reasons),
        "days_near": found.days_near,
        "days_over": found.days_over,
        "full_days": found.full_days,
        "minute_peak": found.minute_peak,
        "throttled": found.throttled,
        "other_day_ratio": rounded(found.other_day_ratio),
        "other_minute_ratio": rounded(found.other_minute_ratio),
        "price_usd_month": found.price_usd_month,
        "source": found.source,
    }
