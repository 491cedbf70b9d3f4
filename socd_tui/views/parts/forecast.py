"""When a key may reach its day cap, in words."""

from __future__ import annotations

from socd_tui.analysis.forecast import Forecast
from socd_tui.charts.number import day_name


def between(forecast: Forecast) -> str:
    """between Tue 2 Dec and Tue 9 Dec; from Tue 2 Dec at the earliest"""
    if forecast.earliest is None:
        return f"not within {forecast.horizon} days"
    if forecast.latest is None:
        return f"from {day_name(forecast.earliest)} at the earliest"
    if forecast.latest == forecast.earliest:
        return f"on {day_name(forecast.earliest)}"
    return f"between {day_name(forecast.earliest)} and {day_name(forecast.latest)}"
