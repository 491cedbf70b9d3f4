"""Thresholds: what passes one, what may soon, and what nobody knows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from socd_tui.analysis.thresholds import Checked, Rules, check
from socd_tui.model.errors import Problem, UsageError
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens
from socd_tui.model.threshold import Thresholds, parse_thresholds
from socd_tui.model.usage import Meter, Usage
from tests.build import NOW, fleet, key, prepared, rows, usage

USUAL = Thresholds()


def rules(text: str = "", **more: object) -> Rules:
    thresholds = parse_thresholds(text, USUAL) if text else USUAL
    return Rules(thresholds=thresholds, **{"within": 0, **more})  # type: ignore[arg-type]


def checked(judged: Rules, *answers: Usage, keys: tuple[ApiKey, ...], **of_fleet: object) -> Checked:
    known = prepared(fleet(*answers, keys=keys, **of_fleet), Lens(days=1))
    return check(known, keys, judged, NOW + timedelta(minutes=9))


def one(judged: Rules, *, per_day: object = 1000, **figures: Any) -> tuple[str, float | None, str]:
    """The level, value and reason of the only measure of a key with such a limit and such figures today."""
    the_key = key("a", limit_per_minute=100, limit_per_day=per_day)
    (row,) = checked(judged, usage("a", 1, **figures), keys=(the_key,)).rows
    (reading,) = row.readings
    assert row.level == reading.level
    return reading.level, reading.value, reading.why


@pytest.mark.parametrize(
    ("figures", "level", "value"),
    [
        ({"day": Meter(None, 800)}, "passed", 80),
        ({"day": Meter(None, 799)}, "ok", 79.9),
        ({"peak_per_day": 900}, "passed", 90),
        # What is counted now says more than what was at most in the window.
        ({"day": Meter(None, 100), "peak_per_day": 900}, "ok", 10),
        ({}, "unknown", None),
    ],
)
def test_the_day_limit_is_judged_by_what_is_used_now_else_at_most(
    figures: dict[str, Any], level: str, value: float | None
) -> None:
    assert one(rules("day=80"), **figures)[:2] == (level, value)


def test_without_a_limit_nothing_passes_and_an_unknown_limit_is_unknown() -> None:
    assert one(rules("day=80"), per_day="unlimited", day=Meter(None, 10**9))[0] == "ok"
    assert one(rules("day=80"), per_day="unreadable", day=Meter(None, 10**9)) == (
        "unknown",
        None,
        "the limit is unknown",
    )


def test_errors_are_counted_without_429_on_both_sides() -> None:
    figures: dict[str, Any] = {"requests": 300, "client_errors": 110, "server_errors": 0, "throttled": 100}
    assert one(rules("errors=5"), **figures)[:2] == ("passed", 5)
    assert one(rules("errors=5.1"), **figures)[0] == "ok"


def test_few_requests_say_nothing_of_errors() -> None:
    figures: dict[str, Any] = {"requests": 199, "client_errors": 199, "server_errors": 0, "throttled": 100}
    assert one(rules("errors=5"), **figures) == ("ok", None, "not judged: 99 of 100 requests")
    assert one(rules("errors=5,min_requests=99"), **figures)[:2] == ("passed", 100)


def test_refused_requests_are_counted() -> None:
    assert one(rules("throttled=1"), throttled=0)[:2] == ("ok", 0)
    assert one(rules("throttled=1"), throttled=1)[:2] == ("passed", 1)
    assert one(rules("throttled=1"))[0] == "unknown"


def test_an_unknown_figure_fails_only_where_it_is_to() -> None:
    level, value, _ = one(rules("throttled=1", unknown_fails=True))
    assert (level, value) == ("passed", None)
    few: dict[str, Any] = {"requests": 3, "client_errors": 3, "server_errors": 0, "throttled": 0}
    assert one(rules("errors=5", unknown_fails=True), **few)[0] == "ok"


def test_the_worst_key_comes_first_and_one_that_cannot_be_read_is_told() -> None:
    keys = tuple(key(name, limit_per_day=100) for name in ("calm", "near", "over", "lost"))
    answers = [usage(name, 1, day=Meter(None, n)) for name, n in (("calm", 1), ("near", 70), ("over", 99))]
    lost = {("lost", 1): Problem(kind="not_found", message="Nothing.", key_id="lost")}
    found = checked(rules("day=80"), *answers, keys=keys, failures=lost)
    assert [(row.key.id, row.level) for row in found.rows] == [
        ("over", "passed"),
        ("lost", "unread"),
        ("near", "ok"),
        ("calm", "ok"),
    ]
    assert found.level == "passed"


def test_a_key_that_has_ended_has_no_limit_to_pass() -> None:
    ended = key("a", limit_per_day=100, revoked_at=NOW - timedelta(days=20))
    (row,) = checked(
        rules("day=80,errors=5,throttled=1"), usage("a", 1, day=Meter(None, 100)), keys=(ended,)
    ).rows
    assert (row.level, row.readings) == ("ok", ())


def test_the_session_passes_when_no_more_is_left_of_it() -> None:
    keys = (key("a"),)
    for least, level in ((9, "passed"), (8.9, "ok")):
        found = checked(rules(f"session={least}"), keys=keys)
        assert found.session is not None
        assert (found.session.level, found.session.value) == (level, 9)
    assert checked(rules("day=80"), keys=keys).session is None


# --- what is to come -------------------------------------------------------------------------------


def growing(limit: int, busiest: int) -> tuple[ApiKey, tuple[Usage, ...]]:
    """A key with one busy day a week, the last one six days ago, and next to nothing today."""
    days = rows(90, lambda n: (busiest if n % 7 == 6 else 10, 0) if n else (1, 0))
    the_key = key("a", limit_per_day=limit, created_at=NOW - timedelta(days=300))
    answers = [
        usage("a", window, days=days[-window:], day=Meter(None, 1), throttled=0) for window in (1, 7, 90)
    ]
    return the_key, tuple(answers)


@pytest.mark.parametrize(("within", "level"), [(0, "ok"), (7, "forecast")])
def test_what_is_likely_to_pass_within_the_days_ahead_is_forecast(within: int, level: str) -> None:
    the_key, answers = growing(1000, 1500)
    (row,) = checked(rules("day=80", within=within), *answers, keys=(the_key,)).rows
    assert row.level == level


def test_the_forecast_is_of_the_threshold_and_not_of_the_limit() -> None:
    the_key, answers = growing(10_000, 1500)
    for text, level in (("day=80", "ok"), ("day=5", "forecast")):
        (row,) = checked(rules(text, within=7), *answers, keys=(the_key,)).rows
        assert row.level == level


def test_by_chance_only_the_day_limit_counts() -> None:
    the_key, answers = growing(1000, 1500)
    judged = rules("day=80,throttled=1,minute=1", within=7, by_chance=True)
    (row,) = checked(judged, *answers, keys=(the_key,)).rows
    assert [(each.measure, each.level) for each in row.readings] == [("day", "forecast")]


def test_by_chance_too_few_days_are_unknown() -> None:
    judged = rules("day=80", within=7, by_chance=True)
    level, _, why = one(judged, day=Meter(None, 1), days=rows(1, lambda _: (1, 0)))
    assert (level, why) == ("unknown", "no forecast: 0 full days, 5 are needed")


# --- as they are typed ------------------------------------------------------------------------------


def test_only_what_is_named_is_judged() -> None:
    assert parse_thresholds("day=50", USUAL).limits == {"day": 50}
    assert parse_thresholds(" day = 50% , findings=medium ", USUAL).limits == {"day": 50, "findings": 2}
    assert parse_thresholds("min_requests=7", USUAL) == Thresholds(USUAL.limits, 7)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("dya=80", "The nearest is 'day'."),
        ("zzz=80", "Known are day, minute, errors"),
        ("day", "Write --fail-at day=80"),
        ("", "No threshold was named."),
        ("day=1,day=2", "Give it once."),
        ("findings=grave", "low, medium or high"),
        ("findings=none", "low, medium or high"),
        *(
            (f"day={value}", "per cent of the day limit")
            for value in ("", "x", "-1", "0", "nan", "inf", "1e99")
        ),
    ],
)
def test_what_is_no_threshold_is_refused_with_the_next_step(typed: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_thresholds(typed, USUAL)
    assert said in str(refused.value)


def test_it_is_told_whose_limit_it_is_and_what_of_it_was_taken_as_used() -> None:
    the_key = key("a", tier="free")
    for figures, basis in (
        ({"day": Meter(None, 900), "peak_per_day": 950}, "current"),
        ({"peak_per_day": 900}, "peak"),
        ({"days": rows(1, lambda _: (900, 0)), "throttled": 0}, "busiest_day"),
    ):
        answer = usage("a", 1, **figures)
        (row,) = checked(rules("day=80"), answer, keys=(the_key,)).rows
        (reading,) = row.readings
        assert (reading.value, reading.basis) == (90, basis)
        assert reading.of is not None
        assert (reading.of.value, reading.of.source) == (1000, "tier")
