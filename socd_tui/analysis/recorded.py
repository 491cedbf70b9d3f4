"""What was found out of a key, as plain values that are stored with its answers; `recalled` reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from socd_tui.analysis.assessment import Ground
from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.known import KeyFacts
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.recalled import FORECAST, MADE_BY, OWN, Found, of_ground, sum_of_days
from socd_tui.model.fleet import Analysed, Fleet, answers_by_key
from socd_tui.model.record import fields
from socd_tui.model.text import Text

_AS_IT_IS = (int, str)


def analysed(fleet: Fleet, alone: Iterable[KeyFacts], whole: Iterable[KeyFacts] = ()) -> Analysed:
    """What was found out of the Fleet's keys, to be stored with it.

    It is of their answers `alone`, which is what a start looks at first, and of all that is remembered.
    """
    found: dict[str, list[Mapping[str, object]]] = {}
    for facts in (*alone, *whole):
        days, there = sum_of_days(facts.observed), found.setdefault(facts.key.id, [])
        if all(each["days"] != days for each in there):
            made = written(facts.ground, (facts.assessment, facts.lasting))
            there += [{"days": days, **made}] if made else []
    keys = {key.id: key for key in fleet.keys}
    return Analysed(MADE_BY, keys, answers_by_key(fleet.usages), found)


def written(ground: Ground, found: Found) -> dict[str, object] | None:
    """As plain values; None where a figure is not a number that can be written."""
    assessment, findings = found
    forecast, unfitted = assessment.ahead
    try:
        return {
            **of_ground(ground),
            "today": _plain(assessment.today),
            "busy": _plain(assessment.busy),
            "rise": _plain(assessment.rise),
            "ahead": [
                _from_forecast(forecast) if isinstance(forecast, Forecast) else _plain(forecast),
                _plain(unfitted),
            ],
            "tier": _plain(assessment.tier),
            "at_cap": _plain(assessment.at_cap),
            "findings": [
                [each.kind, *(_plain(getattr(each, name)) for name in OWN[type(each)])] for each in findings
            ],
        }
    except ValueError:
        return None


def _plain(value: Any) -> Any:
    """A list of its fields, of whatever is more than a number or a text. Raises ValueError for infinity."""
    if value is None or isinstance(value, _AS_IT_IS):
        return value
    if isinstance(value, NotEnough):
        return {type(value).__name__: value.reason}
    if isinstance(value, Text):
        return value.original
    if hasattr(value, "toordinal"):
        return value.toordinal()
    if isinstance(value, tuple | list):
        return [*map(_plain, value)]
    if isinstance(value, float):
        if not isfinite(value):
            raise ValueError
        return value
    return [_plain(getattr(value, each.name)) for each in fields(value)]


def _from_forecast(forecast: Forecast) -> list[object]:
    bands = forecast.bands
    fits = [bands.upper] if bands.lower is bands.upper else [bands.upper, bands.lower]
    return [
        *(_plain(getattr(forecast, name)) for name in FORECAST),
        [bands.first, bands.so_far, [*map(_plain, fits)]],
    ]
