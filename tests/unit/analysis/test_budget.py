"""How near a key is to its limits: the boundaries, the sources, and what is unknown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.budget import Budget, Verdict, budgets
from socd_tui.model.key import ApiKey, Limit
from socd_tui.model.text import Text
from socd_tui.model.usage import Day, Meter, Usage
from tests.build import ago, key, usage

KEY, USAGE = key(), usage(requests=1)


def budget(limit: int | None, current: int | None = None, peak: int | None = None) -> Budget:
    return Budget(Limit(limit, "key") if limit is not None else None, current, peak)


@given(st.integers(1, 10**6).map(lambda n: 5 * n))
def test_a_key_is_near_from_exactly_80_percent_and_over_from_exactly_100(limit: int) -> None:
    near = limit * 4 // 5
    expected: list[tuple[int, Verdict]] = [
        (0, "ok"), (near - 1, "ok"), (near, "near"), (limit - 1, "near"), (limit, "over"), (limit + 1, "over")
    ]  # fmt: skip
    for used, verdict in expected:
        assert budget(limit, current=used).verdict == verdict
        assert budget(limit, peak=used).verdict == verdict


@pytest.mark.parametrize(("current", "peak", "verdict"), [(1, 10, "over"), (10, 1, "over"), (8, 1, "near")])
def test_the_higher_of_the_meter_and_the_mark_decides(current: int, peak: int, verdict: Verdict) -> None:
    assert budget(10, current, peak).verdict == verdict


@pytest.mark.parametrize("unknown", [budget(None, 5, 5), budget(10), budget(0, 5, 5), budget(None)])
def test_without_a_limit_or_without_any_figure_the_verdict_is_unknown(unknown: Budget) -> None:
    assert (unknown.verdict, unknown.used_ratio, unknown.peak_ratio) == ("unknown", None, None)


def test_ratios_are_fractions_of_the_limit() -> None:
    assert (budget(1000, 41, 87).used_ratio, budget(1000, 41, 87).peak_ratio) == (0.041, 0.087)


def test_the_busiest_day_stands_in_only_for_a_peak_the_service_does_not_send() -> None:
    limit, answer = Limit(10, "key"), replace(USAGE, days=(Day(ago(0), 9, 0),), throttled=0)
    assert Budget(limit, None, None, answer).peak_ratio == 0.9
    assert Budget(limit, None, 2, answer).peak_ratio == 0.2
    assert Budget(limit, None, 0, answer).peak_ratio == 0


def test_a_limit_is_the_usage_answers_else_the_keys_else_the_tiers_else_unknown() -> None:
    usage = replace(USAGE, minute=Meter(limit=7), day=Meter(limit=70))
    own = replace(KEY, tier=Text("free"), limit_per_minute=5, limit_per_day=50)
    tier = replace(KEY, tier=Text("free"))

    def limits(key: ApiKey, usage: Usage | None) -> tuple[Limit | None, Limit | None]:
        found = budgets(key, usage)
        return found.minute.limit, found.day.limit

    assert limits(own, usage) == (Limit(7, "usage"), Limit(70, "usage"))
    assert limits(own, USAGE) == limits(own, None) == (Limit(5, "key"), Limit(50, "key"))
    assert limits(tier, USAGE) == limits(tier, None) == (Limit(10, "tier"), Limit(1_000, "tier"))
    assert limits(KEY, USAGE) == limits(KEY, None) == (None, None)


def test_each_limit_comes_from_the_best_source_there_is_for_it() -> None:
    key = replace(KEY, tier=Text("pro"), limit_per_minute=5)
    found = budgets(key, replace(USAGE, day=Meter(limit=70)))
    assert (found.minute.limit, found.day.limit) == (Limit(5, "key"), Limit(70, "usage"))
    assert budgets(key, USAGE).day.limit == Limit(1_000_000, "tier")


def test_a_limit_of_zero_is_a_limit() -> None:
    assert budgets(replace(KEY, tier=Text("pro"), limit_per_day=0), USAGE).day.limit == Limit(0, "key")
    assert budgets(KEY, replace(USAGE, day=Meter(limit=0))).day.limit == Limit(0, "usage")


def test_meters_and_peaks_are_the_usage_answers() -> None:
    found = budgets(
        KEY, replace(USAGE, minute=Meter(7, 3), day=Meter(70, 21), peak_per_minute=6, peak_per_day=40)
    )
    assert found.minute == Budget(Limit(7, "usage"), 3, 6)
    assert found.day == Budget(Limit(70, "usage"), 21, 40)


@pytest.mark.parametrize(("throttled", "busiest"), [(0, 30), (1, None), (None, None)])
def test_the_busiest_day_is_known_only_where_no_request_was_refused(
    throttled: int | None, busiest: int | None
) -> None:
    days = (Day(ago(2), 30, 0), Day(ago(1), None, None), Day(ago(0), 20, 0))
    assert budgets(KEY, replace(USAGE, days=days, throttled=throttled)).day.busiest_day == busiest
    assert budgets(KEY, replace(USAGE, days=(), throttled=throttled)).day.busiest_day is None


@pytest.mark.parametrize(
    ("throttled", "peak", "current", "verdict"),
    [
        (5, None, 1, "throttled"),
        (5, None, 8, "near"),
        (5, None, 10, "over"),
        (5, 1, 1, "ok"),
        (0, None, 1, "ok"),
        (None, None, 1, "ok"),
    ],
)
def test_a_key_that_was_refused_without_a_peak_to_explain_it_is_throttled_at_best(
    throttled: int | None, peak: int | None, current: int, verdict: Verdict
) -> None:
    usage = replace(USAGE, throttled=throttled, day=Meter(10, current), peak_per_day=peak)
    assert budgets(KEY, usage).verdict == verdict


@pytest.mark.parametrize(
    ("minute", "day", "verdict"),
    [
        (Meter(10, 10), Meter(10, 1), "over"),
        (Meter(10, 8), Meter(10, 10), "over"),
        (Meter(10, 1), Meter(10, 8), "near"),
        (Meter(10, 8), Meter(), "near"),
        (Meter(10, 1), Meter(), "ok"),
        (Meter(), Meter(), "unknown"),
    ],
)
def test_the_worse_of_minute_and_day_is_the_keys_verdict(minute: Meter, day: Meter, verdict: Verdict) -> None:
    assert budgets(KEY, replace(USAGE, minute=minute, day=day)).verdict == verdict


def test_a_key_without_requests_is_idle_and_a_key_without_an_answer_is_unknown() -> None:
    assert budgets(KEY, replace(USAGE, requests=0, minute=Meter(10, 10))).verdict == "idle"
    assert budgets(KEY, replace(USAGE, requests=None, minute=Meter(10, 1))).verdict == "ok"
    assert budgets(replace(KEY, limit_per_minute=5), None).verdict == "unknown"
