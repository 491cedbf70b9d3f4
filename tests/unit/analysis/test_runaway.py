"""Who ran away, since when errors rose, and all the odd days that are neither."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.day_history import days_lived, days_observed
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.runaway import (
    Habit,
    Rise,
    Runaway,
    detect_error_rise,
    detect_habit,
    detect_runaway,
)
from socd_tui.analysis.usual_days import LEAST_EXCESS
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.usage import Day
from tests.build import observed
from tests.fleets import demo

NOW = datetime(2026, 11, 22, 14, 20, tzinfo=UTC)
TODAY = NOW.date()

Shape = Callable[[int, date], int]
"""Requests by days before today, and date."""


def day(ago: int, requests: int | None, errors: int | None = 0, throttled: int | None = 0) -> Day:
    return observed(TODAY - timedelta(days=ago), requests, errors, throttled, NOW).day


def days(shape: Shape, length: int = 60) -> list[Day]:
    """Full days until yesterday, and half of today."""
    full = [day(ago, shape(ago, TODAY - timedelta(days=ago))) for ago in range(length, 0, -1)]
    return [*full, day(0, shape(0, TODAY) // 2)]


def office(_ago: int, on: date) -> int:
    return 1000 if on.weekday() < 5 else 200


def ran(found: Runaway | NotEnough | None) -> Runaway:
    assert isinstance(found, Runaway)
    return found


def lived(fleet: Fleet, key: ApiKey) -> tuple[Day, ...]:
    answers = [usage for (key_id, _), usage in fleet.usages.items() if key_id == key.id]
    return days_lived(key, days_observed(answers, None))


def rose(found: Rise | NotEnough | None) -> Rise:
    assert isinstance(found, Rise)
    return found


def test_of_the_demo_account_only_the_notebook_runs_away() -> None:
    fleet = demo(days=90)
    found = {key.name.shown: detect_runaway(lived(fleet, key)) for key in fleet.keys}
    told = {name: run for name, run in found.items() if isinstance(run, Runaway)}
    assert list(told) == ["threat-notebook"]
    run = told["threat-notebook"]
    assert (run.since, run.days, run.ongoing) == (date(2026, 11, 19), 4, True)
    assert run.times is not None
    assert run.times > 50


def test_of_the_demo_account_enrichment_and_the_revoked_dashboard_fail_more() -> None:
    fleet = demo(days=90)
    found = {key.name.shown: detect_error_rise(lived(fleet, key)) for key in fleet.keys}
    assert {name: rise.since for name, rise in found.items() if isinstance(rise, Rise)} == {
        "SOAR enrichment": date(2026, 11, 17),
        "Old dashboard": date(2026, 11, 11),
    }


def test_a_runaway_is_told_with_what_is_usual_on_its_weekdays() -> None:
    run = ran(detect_runaway(days(lambda ago, on: 5000 if 1 <= ago <= 3 else office(ago, on))))
    assert run.since == TODAY - timedelta(days=3)  # a Thursday, until Saturday
    assert (run.days, run.now) == (3, 5000)
    assert run.usual == pytest.approx((1000 + 1000 + 200) / 3)
    assert run.compared == 24
    assert run.times == pytest.approx(5000 / (2200 / 3))


def test_today_counts_before_it_is_over_once_it_is_too_high() -> None:
    run = ran(detect_runaway(days(lambda ago, on: 40_000 if ago == 0 else office(ago, on))))
    assert (run.since, run.days, run.now, run.ongoing) == (TODAY, 1, 20_000, True)


def test_a_quiet_morning_does_not_end_a_runaway() -> None:
    told = [*days(lambda ago, on: 9000 if ago <= 4 else office(ago, on))[:-1], day(0, 3)]
    run = ran(detect_runaway(told))
    assert (run.days, run.ongoing) == (4, True)


def test_a_weekend_between_does_not_make_two_runaways() -> None:
    run = ran(detect_runaway(days(lambda ago, on: (9000 if ago <= 9 else 800) * (on.weekday() < 5))))
    assert run.since == TODAY - timedelta(days=9)  # the Friday before last
    assert (run.days, run.ongoing) == (6, False)


@pytest.mark.parametrize(("ended", "told"), [(2, True), (7, True), (8, False), (20, False)])
def test_a_runaway_that_ended_is_told_for_a_week(ended: int, told: bool) -> None:
    found = detect_runaway(days(lambda ago, on: 9000 if ended <= ago < ended + 3 else office(ago, on)))
    assert isinstance(found, Runaway) is told
    assert not (isinstance(found, Runaway) and found.ongoing)


def test_after_four_weeks_a_new_level_is_the_usual_one() -> None:
    assert isinstance(detect_runaway(days(lambda ago, _: 5000 if ago <= 27 else 500, 80)), Runaway)
    assert detect_runaway(days(lambda ago, _: 5000 if ago <= 32 else 500, 80)) is None


def test_missing_days_do_not_shift_the_weekdays() -> None:
    told = [each for each in days(office) if each.date.day % 5]
    assert detect_runaway(told) is None


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(lambda *_: 0, id="idle"),
        pytest.param(lambda ago, _: ago == 30, id="one request ever"),
        pytest.param(lambda *_: 10**12, id="constant"),
        pytest.param(office, id="office week"),
        pytest.param(lambda _, on: 5000 * (on.weekday() < 5), id="weekdays only"),
        pytest.param(lambda _, on: 90_000 if on.weekday() == 1 else 40, id="weekly batch job"),
        pytest.param(lambda ago, on: 90_000 * (on.weekday() == 1 + (ago < 7)), id="batch job a day late"),
        pytest.param(lambda ago, _: round(9000 * 1.02**-ago), id="growing 2 % a day"),
        pytest.param(lambda ago, on: office(ago, on) * (ago not in (2, 3)), id="outage"),
        pytest.param(lambda ago, on: 0 if ago < 20 else office(ago, on), id="stopped"),
        pytest.param(lambda ago, _: 40 if ago < 5 else 14, id="toy"),
    ],
)
def test_what_is_no_runaway(shape: Shape) -> None:
    assert detect_runaway(days(shape)) is None


def test_noise_is_no_runaway() -> None:
    """100 keys whose days lie within a factor of 2.2 of the usual, nineteen times in twenty."""
    rng = Random(7)
    keys = [days(lambda *_: round(500 * rng.lognormvariate(0, 0.4))) for _ in range(100)]
    assert sum(isinstance(detect_runaway(key), Runaway) for key in keys) <= 2


def test_three_of_each_weekday_are_needed() -> None:
    assert (
        str(detect_runaway(days(office, 12))) == "not enough data: 12 full days, 3 of each weekday are needed"
    )
    assert isinstance(detect_runaway([]), NotEnough)
    assert detect_runaway(days(office, 22)) is None


@given(st.integers(LEAST_EXCESS, 10**6), st.integers(5, 100), st.integers(1, 10))
def test_five_times_the_usual_is_always_found_on_its_day(level: int, times: int, began: int) -> None:
    run = ran(detect_runaway(days(lambda ago, _: level * (times if ago <= began else 1))))
    assert run.since == TODAY - timedelta(days=began)
    assert run.times == pytest.approx(times)


def failing(share: Callable[[int], float], requests: int = 500, length: int = 60) -> list[Day]:
    return [day(ago, requests, round(requests * share(ago))) for ago in range(length, -1, -1)]


def test_a_rise_of_errors_is_told_with_both_ratios() -> None:
    rise = rose(detect_error_rise(failing(lambda ago: 0.2 if ago <= 4 else 0.02)))
    assert (rise.since, rise.days, rise.requests) == (TODAY - timedelta(days=4), 5, 2500)
    assert [rise.usual, rise.now] == pytest.approx([0.02, 0.2])
    assert rise.compared == 28


@pytest.mark.parametrize("ratio", [0.0, 0.1, 0.5, 1.0])
def test_a_constant_error_ratio_is_no_rise_however_high(ratio: float) -> None:
    assert detect_error_rise(failing(lambda _: ratio)) is None


def test_a_rise_that_is_over_is_not_told() -> None:
    assert detect_error_rise(failing(lambda ago: 0.4 if 2 <= ago <= 5 else 0.02)) is None
    stopped = failing(lambda ago: 0.4 if ago <= 32 else 0.02)[:30] + [
        day(ago, 0) for ago in range(30, -1, -1)
    ]
    assert detect_error_rise(stopped) is None


@pytest.mark.parametrize(("requests", "errors"), [(1, 1), (3, 3), (14, 3), (60, 4)])
def test_a_few_errors_among_few_requests_prove_nothing(requests: int, errors: int) -> None:
    told = [day(ago, requests) for ago in range(60, 1, -1)]
    assert detect_error_rise([*told, day(1, requests, errors), day(0, 0)]) is None


def test_a_weekday_that_always_fails_more_is_no_rise() -> None:
    told = failing(lambda ago: 0.3 if (TODAY - timedelta(days=ago)).weekday() == 5 else 0.02)
    assert detect_error_rise(told) is None


def test_more_429s_are_no_rise_where_they_are_known() -> None:
    usual = [day(ago, 1000, 10, 0) for ago in range(40, 3, -1)]
    throttled = [(ago, 6000, 5010) for ago in (3, 2, 1, 0)]
    known = [day(ago, requests, errors, errors - 10) for ago, requests, errors in throttled]
    unknown = [day(ago, requests, errors, None) for ago, requests, errors in throttled]
    assert detect_error_rise([*usual, *known]) is None
    assert rose(detect_error_rise([*usual, *unknown])).since == TODAY - timedelta(days=3)


def test_a_day_without_known_429s_is_held_against_days_with_theirs() -> None:
    steady = [day(ago, 1000, 310, 300 if ago > 5 else None) for ago in range(40, -1, -1)]
    assert detect_error_rise(steady) is None


def test_two_weeks_with_requests_are_needed() -> None:
    told = [day(ago, 100 * (ago % 2), 1) for ago in range(20, -1, -1)]
    assert str(detect_error_rise(told)) == "not enough data: 10 full days with requests, 14 are needed"
    assert isinstance(detect_error_rise([]), NotEnough)


counts = st.none() | st.integers(-5, 5) | st.integers(0, 10**12)


@given(st.dictionaries(st.integers(0, 89), st.tuples(counts, counts, counts), max_size=90))
def test_whatever_the_counts_an_answer_makes_sense(told: dict[int, tuple[int | None, ...]]) -> None:
    records = [day(ago, *told[ago]) for ago in sorted(told, reverse=True)]
    run, rise = detect_runaway(records), detect_error_rise(records)
    if isinstance(run, Runaway):
        assert 0 <= run.usual < run.now
        assert 0 < run.days <= len(records)
    if isinstance(rise, Rise):
        assert 0 <= rise.usual < rise.now <= 1
        assert rise.requests > 0


def bursts(*spells: tuple[int, int, int]) -> list[Day]:
    """90 days of 100 requests, but for spells of (first day ago, days, requests)."""

    def shape(ago: int, _: date) -> int:
        return next((high for first, length, high in spells if first - length < ago <= first), 100)

    return days(shape, 90)


@pytest.mark.parametrize("since", [40, 25])
def test_a_day_like_three_earlier_ones_is_a_habit(since: int) -> None:
    earlier = [(first, 1, 5_000) for first in (80, 60, since)]
    found = detect_habit(bursts(*earlier, (3, 1, 5_200)))
    assert isinstance(found, Habit)
    assert (found.run.since, found.run.now, found.run.ongoing) == (TODAY - timedelta(days=3), 5_200, False)
    assert found.earlier == 3
    assert detect_runaway(bursts(*earlier, (3, 1, 5_200))) is None


@pytest.mark.parametrize(
    ("earlier", "run"),
    [
        ([(80, 1, 5_000), (60, 1, 5_000)], (3, 1, 5_000)),
        ([(80, 1, 2_400), (60, 1, 5_000), (40, 1, 5_000)], (3, 1, 5_000)),
        ([(80, 1, 5_000), (60, 1, 5_000), (40, 1, 5_000)], (3, 2, 5_000)),
        ([(80, 3, 5_000), (60, 1, 5_000), (40, 3, 5_000)], (3, 3, 5_000)),
        ([(80, 1, 5_000), (79, 1, 5_000), (77, 1, 5_000)], (3, 1, 5_000)),
    ],
    ids=["only two", "one was not as high", "it lasts longer", "one did not last as long", "one spell"],
)
def test_anything_beyond_the_habit_is_a_runaway(
    earlier: list[tuple[int, int, int]], run: tuple[int, int, int]
) -> None:
    found = ran(detect_runaway(bursts(*earlier, run)))
    assert found.since == TODAY - timedelta(days=run[0])
    assert detect_habit(bursts(*earlier, run)) is None


def test_longer_spells_count_with_all_their_days() -> None:
    found = detect_habit(bursts((80, 4, 4_000), (60, 2, 9_000), (40, 3, 5_000), (2, 2, 5_000)))
    assert isinstance(found, Habit)
    assert found.earlier == 9


def test_what_a_key_did_more_than_half_a_year_ago_is_no_habit() -> None:
    def shape(ago: int, _: date) -> int:
        return 5_000 if ago in (300, 250, 220, 3) else 100

    assert ran(detect_runaway(days(shape, 330))).since == TODAY - timedelta(days=3)


def test_usual_days_are_no_habit_either() -> None:
    assert detect_habit(days(office)) is None
    assert detect_habit(days(office, 5)) is None


@pytest.mark.parametrize(
    ("spell", "told"),
    [
        ((3, 1, 450), False),
        ((3, 2, 450), False),
        ((3, 1, 550), True),
        ((4, 3, 450), False),
        ((5, 4, 450), True),
        ((1, 1, 450), True),
        ((2, 2, 450), True),
    ],
)
def test_a_few_busy_days_that_are_over_are_told_from_five_times_the_usual(
    spell: tuple[int, int, int], told: bool
) -> None:
    found = detect_runaway(bursts(spell))
    assert isinstance(found, Runaway) is told
    assert detect_habit(bursts(spell)) is None
