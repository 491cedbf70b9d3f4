"""Will the day cap be hit: what is foretold of plain weeks, and what of data that is not plain."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import isfinite
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from socd_tui.analysis.forecast import Forecast, forecast
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.model.usage import Day
from tests.build import NOW, ago, day, past

TODAY = NOW.date()
WEEK = (500, 510, 490, 505, 495, 60, 50)
"""Requests of an office's week, Monday first."""

counts = st.none() | st.integers(-5, 10**12)


def office(days: int, growth: float = 0.0, seed: int = 1) -> list[Day]:
    """An office's weeks up to yesterday that vary by a tenth and grow by a share each day."""
    random = Random(seed)
    return [
        day(n, round(WEEK[ago(n).weekday()] * (1 + growth * (days - n)) * random.uniform(0.9, 1.1)))
        for n in range(days, 0, -1)
    ]


def told(days: list[Day], limit: int = 10_000, since: date | None = None, horizon: int = 30) -> Forecast:
    found = forecast(days, limit, since=since, horizon=horizon)
    assert isinstance(found, Forecast)
    return found


@pytest.mark.parametrize("full", range(5))
def test_fewer_than_five_full_days_foretell_nothing_and_today_is_not_one(full: int) -> None:
    found = forecast([*past(*[7] * full), day(0, 7)], 10)
    assert isinstance(found, NotEnough)
    assert found.reason == f"{full} full day{'s' if full != 1 else ''}, 5 are needed"


@pytest.mark.parametrize("limit", [0, -1])
def test_without_a_limit_above_zero_there_is_no_forecast(limit: int) -> None:
    assert isinstance(forecast(past(*[7] * 20), limit), NotEnough)


def test_days_nobody_counted_or_long_gone_are_no_evidence() -> None:
    assert isinstance(forecast(past(1, 2, 3, 4, None, -9), 10), NotEnough)
    assert isinstance(forecast([*(day(n, 5) for n in range(120, 100, -1)), *past(1, 2, 3)], 10), NotEnough)


def test_the_forecast_starts_with_today_or_after_the_newest_full_day() -> None:
    full = past(*[7] * 9)
    assert told(full).bands[0].date == TODAY
    assert told([*full, day(0, 2)]).bands[0].date == TODAY
    assert told(full[:-1]).bands[0].date == ago(1)
    bands = told(full, horizon=12).bands
    assert [band.date for band in bands] == [TODAY + timedelta(days=n) for n in range(12)]
    assert (bands[-1], bands[:2], bands[12:]) == ([*bands][11], tuple(bands)[:2], ())


def test_the_same_days_foretell_the_same_for_another_limit_without_being_fitted_again() -> None:
    days = [*office(60), day(0, 2)]
    assert forecast(days, 700, bands=told(days).bands) == told(days, limit=700)


def test_the_model_is_said_in_words_and_takes_the_weekdays_apart_from_two_weeks_on() -> None:
    assert told(past(*range(10, 19))).model == "median of 9 days"
    assert told(office(14)).model.startswith("weekday medians ")
    assert told(office(80)).model == "weekday medians of 28 days"
    assert told(past(*[7] * 20)).model == "weekday medians of 20 days"


def test_each_weekday_is_foretold_from_its_own() -> None:
    for band in told(office(28)).bands:
        assert band.middle == pytest.approx(WEEK[band.date.weekday()], rel=0.1)


def test_less_than_two_weeks_are_foretold_by_their_median() -> None:
    assert {band.middle for band in told(past(10, 30, 20, 90, 25)).bands} == {25}


def test_the_edges_of_a_few_days_are_those_that_lie_farthest_from_the_median_of_the_others() -> None:
    """Of 10, 20, 25, 30 and 90 the middle is 25; it is 27.5 without the 10 and 22.5 without the 90."""
    first = told(past(10, 30, 20, 90, 25)).bands[0]
    wide = 1.03**0.5
    assert first.middle == 25
    assert first.low == pytest.approx(25 - 17.5 * wide)
    assert first.high == pytest.approx(25 + 67.5 * wide)


def test_of_more_days_a_tenth_is_left_out_on_either_side() -> None:
    """Of 13 days the first and the last 1.4 of 14 ranks: from the smallest on 0.4 of the way to the next."""
    first = told(past(100, 130, 90, 110, 60, 140, 80, 120, 70, 105, 95, 115, 85)).bands[0]
    wide = 1.03**0.5
    assert first.middle == 100
    # Without 60 or 70 the middle is 102.5; without 140 or 130 it is 97.5.
    assert first.low == pytest.approx(100 - (42.5 - 0.4 * 10) * wide)
    assert first.high == pytest.approx(100 + (42.5 - 0.4 * 10) * wide)


def test_a_weekday_that_was_seen_once_and_rested_is_foretold_to_rest() -> None:
    sundays = [n for n in range(28, 0, -1) if ago(n).weekday() == 6]
    days = [day(n, 0 if n == sundays[0] else 100) for n in range(28, 0, -1) if n not in sundays[1:]]
    rests = [band for band in told(days).bands if band.date.weekday() == 6]
    assert {(band.low, band.middle, band.high) for band in rests} == {(0, 0, 0)}


def test_a_day_under_way_of_which_nothing_is_known_adds_nothing() -> None:
    found = told([*past(*[0] * 20), day(0, None)], limit=1)
    assert found.bands[0].high == 0


def test_a_month_is_foretold_unless_asked_otherwise() -> None:
    found = forecast(past(*[7] * 20), 10)
    assert isinstance(found, Forecast)
    assert (found.horizon, len(found.bands)) == (30, 30)


@pytest.mark.parametrize(
    ("chance", "unlikely", "likely"),
    [(0.09, True, False), (0.1, False, False), (0.49, False, False), (0.5, False, True)],
)
def test_below_one_in_ten_is_unlikely_and_from_one_in_two_on_likely(
    chance: float, unlikely: bool, likely: bool
) -> None:
    found = replace(told(past(*[7] * 20)), chance=chance)
    assert (found.unlikely, found.likely) == (unlikely, likely)


def test_a_key_that_grew_is_not_foretold_to_go_on_growing() -> None:
    """On real days the growth of a few weeks does not last."""
    days = past(*(1000 + 20 * n for n in range(42)))
    middles = [band.middle for band in told(days, limit=10**6).bands]
    assert max(middles) <= 1820
    assert middles[:7] == middles[7:14] == middles[21:28]


@pytest.mark.parametrize("days", [past(*[90, 110] * 7), past(*[90, 110] * 4), office(28)])
def test_the_band_widens_with_the_days_ahead(days: list[Day]) -> None:
    """A day adds 3 % of the next day's variance: 29 days ahead the edges lie 1.35 times as far off as one."""
    near, *_, far = told(days, horizon=29).bands  # four weeks apart: the same weekday
    wider = ((1 + 0.03 * 29) / (1 + 0.03)) ** 0.5
    assert far.middle == near.middle
    assert far.high - far.middle == pytest.approx(wider * (near.high - near.middle))


def test_distance_counts_from_the_newest_full_day_not_from_that_of_the_forecast() -> None:
    full = past(*[90, 110] * 7)
    without_today, with_today = told(full), told([*full, day(0, 3)])
    assert without_today.bands == with_today.bands


def test_a_weekday_never_seen_is_foretold_as_any_other_day() -> None:
    found = told([day(n, 100) for n in range(40, 0, -1) if ago(n).weekday() != 6])
    assert {band.middle for band in found.bands} == {100}


def test_no_edge_lies_below_zero() -> None:
    found = told(past(*[0, 900] * 14), horizon=60)
    assert min(band.low for band in found.bands) == 0


@pytest.mark.parametrize(
    ("limit", "low", "high"), [(500, 0.99, 1), (1_200, 0.4, 0.5), (2_000, 0.02, 0.1), (100_000, 0, 0.001)]
)
def test_the_chance_falls_with_the_limit(limit: int, low: float, high: float) -> None:
    random = Random(4)
    days = past(*(round(random.uniform(500, 1_000)) for _ in range(60)))
    assert low <= told(days, limit=limit).chance <= high


def test_the_chance_grows_with_the_days_ahead() -> None:
    days = office(56)
    chances = [told(days, limit=700, horizon=horizon).chance for horizon in (1, 7, 14, 30)]
    assert chances == sorted(chances)
    assert chances[0] < chances[-1] / 2


def test_a_chance_below_one_in_ten_is_not_within() -> None:
    days = office(56)
    for limit in range(500, 1_500, 20):
        found = told(days, limit=limit)
        if found.outcome != "already":
            assert (found.outcome == "not_within") == found.unlikely == (found.chance < 0.1)


def test_the_busiest_day_of_each_week_counts_not_how_many_there_are() -> None:
    """One busy day a week reaches a limit as surely as five do."""
    busy = told(past(*[900, 900, 900, 900, 900, 50, 50] * 8), limit=950).chance
    batch = told(past(*[50, 50, 900, 50, 50, 50, 50] * 8), limit=950).chance
    assert busy > 0.3
    assert batch > 0.3


@pytest.mark.parametrize("full", [5, 6, 7, 13, 14, 20, 21])
def test_under_21_full_days_a_chance_is_a_guess(full: int) -> None:
    found = told(past(*[100] * full), limit=300)
    assert 0 < found.chance < 0.5
    assert found.guess == (full < 21)


def test_a_limit_reached_today_is_certain() -> None:
    found = told([*past(*[10] * 30), day(0, 1_000)], limit=1_000)
    assert (found.outcome, found.chance, found.reached) == ("already", 1, TODAY)


def test_a_limit_reached_days_ago_may_not_be_reached_again() -> None:
    found = told(past(*[10] * 50, 1_000, 10, 10), limit=1_000)
    assert (found.outcome, found.reached) == ("already", ago(3))
    assert found.chance < 0.9


def test_days_before_since_are_another_regime() -> None:
    days = past(*[100] * 20, *[900] * 6)
    assert told(days, since=ago(6)).model == "median of 6 days"
    assert {band.middle for band in told(days, since=ago(6)).bands} == {900}
    assert isinstance(forecast(days, 1000, since=ago(4)), NotEnough)
    assert isinstance(forecast(days, 1000, since=TODAY), NotEnough)


@pytest.mark.parametrize(
    ("days_ago", "requests", "outcome"),
    [
        (0, 100, "already"),
        (1, 100, "already"),
        (7, 100, "already"),
        (8, 100, "between"),
        (1, 99, "between"),
        (1, 20, "not_within"),
    ],
)
def test_a_cap_reached_today_or_in_the_last_seven_full_days_is_hit_already(
    days_ago: int, requests: int, outcome: str
) -> None:
    days = [day(n, requests if n == days_ago else 10) for n in range(30, -1, -1)]
    found = told(days, limit=100)
    assert found.outcome == outcome
    assert found.reached == (ago(days_ago) if outcome == "already" else None)


def test_a_cap_hit_twice_is_dated_by_the_newer_day() -> None:
    assert told(past(*[10] * 20, 100, 100, 10), limit=100).reached == ago(2)


def test_a_key_pinned_at_its_cap_is_foretold_by_what_it_asks_for() -> None:
    pinned = [day(n, 180, errors=80, throttled=80) for n in range(30, 0, -1)]
    found = told(pinned, limit=1_000)
    assert {(band.low, band.middle, band.high) for band in found.bands} == {(100, 180, 180)}
    assert told(pinned, limit=100).outcome == "already"


@pytest.mark.parametrize(
    ("errors", "throttled", "low"),
    [(30, 10, 90), (30, None, 70), (0, None, 100), (None, 10, 90), (None, None, 0), (900, None, 0)],
)
def test_the_lower_edge_leaves_out_refused_requests_or_where_untold_all_errors(
    errors: int | None, throttled: int | None, low: int
) -> None:
    found = told([day(n, 100, errors, throttled) for n in range(20, 0, -1)])
    assert {(band.low, band.high) for band in found.bands} == {(low, 100)}


def test_today_ends_with_no_less_than_it_has() -> None:
    first, second, *_ = told([*past(*[100] * 20), day(0, 450)]).bands
    assert (first.middle, first.high, second.high) == (450, 450, 100)


def test_a_key_that_never_called_stays_at_zero() -> None:
    found = told(past(*[0] * 30), limit=1)
    assert found.outcome == "not_within"
    assert {(band.low, band.middle, band.high) for band in found.bands} == {(0, 0, 0)}


def test_a_key_that_mostly_rests_may_still_be_as_busy_as_it_sometimes_is() -> None:
    found = told(past(*[0, 0, 0, 800, 0, 0, 700, 0, 0, 900, 0]), limit=850)
    assert found.worst.high >= 800
    assert found.bands[0].middle == 0


def test_a_key_that_calls_on_every_other_day_by_chance_may_call_on_any() -> None:
    random = Random(5)
    found = told(past(*(random.choice([0, 1000]) for _ in range(56))))
    assert min(band.high for band in found.bands) >= 1000
    assert found.worst.high <= 3000
    assert max(band.low for band in found.bands) == 0


def test_the_worst_day_is_the_one_with_the_highest_edge() -> None:
    found = told(office(56))
    assert found.worst.high == max(band.high for band in found.bands)
    assert found.worst.date.weekday() < 5


def test_its_record_counts_the_days_that_lay_in_the_band_of_a_week_before() -> None:
    steady = past(*[100] * 40)
    assert (told(steady).inside, told(steady).of) == (14, 14)
    surprised = [*steady[:-1], day(1, 170)]
    assert (told(surprised).inside, told(surprised).of) == (13, 14)
    assert told(past(*[100] * 11)).of == 0
    assert told(past(*[100] * 14)).of == 3


def test_a_record_is_made_without_the_days_it_judges() -> None:
    jumped = past(*[100] * 30, *[400] * 7)
    assert (told(jumped, limit=10**6).inside, told(jumped, limit=10**6).of) == (7, 14)


@pytest.mark.parametrize("seen", [14, 40])
def test_eight_in_ten_days_lie_within_the_band(seen: int) -> None:
    """10 points either way: 3 standard errors of 60 keys whose days share a fit."""
    hits = []
    for seed in range(60):
        random = Random(seed)
        drawn = [round(5_000 * random.lognormvariate(0, 0.3)) for _ in range(seen + 7)]
        bands = told(past(*drawn[:seen]), horizon=7).bands
        hits += [band.low <= count <= band.high for band, count in zip(bands, drawn[seen:], strict=True)]
    assert 0.7 <= sum(hits) / len(hits) <= 0.9


@given(st.lists(counts, min_size=0, max_size=40), st.integers(1, 10**12), st.randoms(use_true_random=False))
@example([10**12] * 20, 10**12, Random(1))
@example([0] * 13 + [10**12] * 13, 5, Random(1))
@settings(max_examples=60, deadline=None)
def test_whatever_the_days_are_the_answer_is_in_order(
    requests: list[int | None], limit: int, random: Random
) -> None:
    days = [
        day._replace(errors=random.choice([None, -3, 0, 10**12]), throttled=random.choice([None, 0, 7]))
        for day in past(*requests)
        if random.random() < 0.9
    ]
    found = forecast(days, limit)
    if isinstance(found, NotEnough):
        return
    for band in found.bands:
        assert 0 <= band.low <= band.middle <= band.high
        assert isfinite(band.high)
    assert len(found.bands) == found.horizon
    assert 0 <= found.inside <= found.of <= 14
    assert 0 <= found.chance <= 1
    assert (found.outcome == "already") == (found.reached is not None)


@given(st.lists(st.integers(1, 10**6), min_size=5, max_size=40), st.integers(2, 1000))
@settings(max_examples=40, deadline=None)
def test_a_key_with_so_many_times_the_requests_has_so_many_times_the_band(
    drawn: list[int], times: int
) -> None:
    plain, scaled = told(past(*drawn)), told(past(*(times * count for count in drawn)))
    for one, many in zip(plain.bands, scaled.bands, strict=True):
        assert many.middle == pytest.approx(times * one.middle, rel=1e-6, abs=1e-6)
        assert many.high == pytest.approx(times * one.high, rel=1e-6, abs=1e-6)
