"""How likely a day at the cap is, as people say it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.odds import prospect
from socd_tui.views.parts.outlook import forecast_cell
from tests.build import ago, bands

FORECAST = Forecast(
    outcome="between",
    reached=None,
    limit=1_000,
    horizon=30,
    bands=bands(1, 2, 3),
    chance=0.5,
    model="",
    full_days=21,
    looked_back=lambda: (0, 0),
)


@pytest.mark.parametrize(
    ("chance", "words", "cell"),
    [
        (0.0, "not within 30 days", "not in 30 d"),
        (0.099, "not within 30 days", "not in 30 d"),
        (0.1, "about 1 in 10 within 30 days", "1 in 10 in 30 d"),
        (0.35, "about 1 in 3 within 30 days", "1 in 3 in 30 d"),
        (0.5, "about 1 in 2 within 30 days", "1 in 2 in 30 d"),
        (0.78, "about 4 in 5 within 30 days", "4 in 5 in 30 d"),
        (0.94, "about 9 in 10 within 30 days", "9 in 10 in 30 d"),
        (0.95, "almost certain within 30 days", "certain in 30 d"),
        (1.0, "almost certain within 30 days", "certain in 30 d"),
    ],
)
def test_a_chance_is_said_as_a_fraction(chance: float, words: str, cell: str) -> None:
    told = replace(FORECAST, chance=chance)
    assert prospect(told) == words
    assert forecast_cell(told, "—").forms[0] == cell
    guess = replace(told, full_days=20)
    assert prospect(guess) == f"{words} (a guess)"
    assert forecast_cell(guess, "—").forms[0] == f"{cell}?"


def test_a_key_that_expires_is_foretold_until_then() -> None:
    assert prospect(replace(FORECAST, horizon=1)) == "about 1 in 2 within 1 day"


def test_what_is_reached_is_dated() -> None:
    assert forecast_cell(replace(FORECAST, reached=ago(1)), "—").forms == ("reached 21 Nov", "reached")
