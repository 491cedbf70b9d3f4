"""The days to come: between which counts they are expected, and how likely one of them is at the cap."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.analysis.assessment import LIMIT_UNKNOWN, NO_LIMIT, Assessment
from socd_tui.analysis.forecast import Band, Forecast, expected
from socd_tui.analysis.known import Known
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.runaway import Runaway, detect_runaway
from socd_tui.analysis.totals import days_of_keys
from socd_tui.charts.canvas import Role
from socd_tui.model.record import dataclass
from socd_tui.model.text import counted
from socd_tui.model.usage import Day
from socd_tui.views.parts.outlook import POOR, forecast_data, forecast_part

NOT_RELIED_ON = "past days were not as foretold"
"""Why a band is not drawn that few enough past days lay in."""


@dataclass(frozen=True)
class Outlook:
    """What is drawn of the days to come, and what is said of them."""

    bands: Sequence[Band]
    """Ascending by date; none where there is too little to go by."""
    words: str
    """How likely the cap is reached, or why nothing is drawn."""
    role: Role
    data: dict[str, object]
    """The JSON document's `forecast`."""


def outlook(known: Known, ids: tuple[str, ...]) -> Outlook:
    """Of these keys, each by itself or their sum."""
    return _of_one(known.assessment(ids[0])) if len(ids) == 1 else _together(known, ids)


def _of_one(assessment: Assessment) -> Outlook:
    forecast = assessment.forecast
    data = forecast_data(assessment)
    if isinstance(forecast, NotEnough):
        bands = _without_limit(assessment) if forecast in (NO_LIMIT, LIMIT_UNKNOWN) else forecast
        if isinstance(bands, NotEnough):
            return Outlook((), forecast_part(bands), "faint", data)
        return Outlook(bands, forecast.reason, "faint", {**data, "days": _days(bands)})
    words = forecast_part(forecast)
    role: Role = "bad" if forecast.reached else "warn" if forecast.likely else "faint"
    if assessment.unfitted is not None:
        return Outlook((), f"{words}; {assessment.unfitted}", role, data)
    if _is_poor(forecast):
        return Outlook((), f"{words}; {NOT_RELIED_ON}", role, data)
    bands = forecast.bands[:]
    return Outlook(bands, words, role, {**data, "days": _days(bands)})


def _is_poor(forecast: Forecast) -> bool:
    return forecast.inside < POOR * forecast.of


def _without_limit(assessment: Assessment) -> Sequence[Band] | NotEnough:
    """A key without a day limit has days to come, too."""
    runaway = assessment.runaway
    since = runaway.since if isinstance(runaway, Runaway) and runaway.ongoing else None
    return expected(assessment.days, since=since)


def _together(known: Known, ids: tuple[str, ...]) -> Outlook:
    """Of several keys, whose caps are each key's own."""
    facts = [known.by_key[key_id] for key_id in ids]
    forecasts = [each.assessment.forecast for each in facts]
    near = sum(isinstance(each, Forecast) and bool(each.reached or each.likely) for each in forecasts)
    told = sum(isinstance(each, Forecast) for each in forecasts)
    words = (
        f"day cap reached or likely for {near} of {counted(told, 'key')}" if told else "no cap is foretold"
    )
    role: Role = "warn" if near else "faint"
    days = days_of_keys([each.observed for each in facts])
    bands = _of_sum(days)
    if isinstance(bands, NotEnough):
        return Outlook((), f"{words}; {bands}", role, {"outcome": None, "reason": str(bands)})
    data: dict[str, object] = {"outcome": None, "reason": "caps are of single keys", "days": _days(bands)}
    return Outlook(bands, words, role, data)


def _of_sum(days: tuple[Day, ...]) -> Sequence[Band] | NotEnough:
    runaway = detect_runaway(days)
    since = runaway.since if isinstance(runaway, Runaway) and runaway.ongoing else None
    return expected(days, since=since)


def _days(bands: Sequence[Band]) -> list[dict[str, object]]:
    return [
        {
            "date": str(band.date),
            "low": round(band.low),
            "middle": round(band.middle),
            "high": round(band.high),
        }
        for band in bands
    ]
