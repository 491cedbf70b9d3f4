"""Error codes in plain words, what is behind a change, and the hours in which 429s come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from socd_tui.analysis.triage import (
    ADVICE,
    Since,
    advice,
    codes_behind,
    contrast,
    endpoint_behind,
    held_since,
    pattern,
    was_failing,
    was_throttled,
)
from socd_tui.model.fleet import Fleet
from socd_tui.model.text import Text
from socd_tui.model.usage import Day, Usage
from tests import build
from tests.build import endpoints, fleet, hours, observed, usage

NOW = build.NOW.replace(hour=23, minute=30)
TODAY = NOW.date()
IOCS, LOOKUP = Text("/iocs"), Text("/lookup")


def use(days: int, paths: dict[Text, int], statuses: dict[int, int] | None = None) -> Usage:
    requests = sum(paths.values())
    return usage(
        "a",
        days,
        now=NOW,
        requests=requests,
        endpoints=endpoints(paths),
        statuses=statuses or {200: requests},
    )


def answers(fleet: Fleet) -> list[Usage]:
    """The shortest window first."""
    return [fleet.usages[slot] for slot in sorted(fleet.usages)]


def lived(days: int) -> list[Day]:
    return [observed(TODAY - timedelta(days=n), 10, 0, 0, NOW).day for n in range(days)]


def hits(*starts: datetime, days: int = 7) -> Usage:
    """A window with thirty 429s in each of these hours."""
    counts = dict.fromkeys(starts, 30)
    return usage("a", days, now=NOW, throttled=sum(counts.values()), hours=hours(counts))


def at(day: int, hour: int) -> datetime:
    """That hour of the day so many days ago."""
    return datetime(TODAY.year, TODAY.month, TODAY.day, hour, tzinfo=UTC) - timedelta(days=day)


def test_every_documented_code_has_a_cause_and_a_fix() -> None:
    assert {400, 401, 403, 404, 429, 500} <= ADVICE.keys()
    assert "X-RateLimit-Reset" in ADVICE[429].fix
    assert advice(200) is None
    assert advice(418) is None


def test_429s_in_nearly_every_hour_are_called_hourly() -> None:
    found = pattern(hits(*(at(day, hour) for day in range(7) for hour in range(24))))
    assert found
    assert (found.hit, found.lived, found.every_hour) == (168, 168, True)


def test_429s_at_the_same_hours_of_most_days_are_told_by_those_hours() -> None:
    found = pattern(hits(*(at(day, hour) for day in range(7) for hour in (2, 14)), at(3, 9)))
    assert found
    assert (found.every_hour, found.hours) == (False, (2, 14))


def test_scattered_429s_show_no_hours_and_few_of_them_nothing() -> None:
    scattered = pattern(hits(at(0, 1), at(2, 9), at(5, 17)))
    assert scattered
    assert (scattered.every_hour, scattered.hours) == (False, ())
    assert pattern(replace(hits(at(0, 1)), throttled=19)) is None
    assert pattern(replace(hits(at(0, 1)), hours=None)) is None


def test_what_is_behind_is_found_in_the_shortest_window_that_holds_it() -> None:
    known = fleet(use(7, {IOCS: 70}), use(30, {IOCS: 100}), use(90, {IOCS: 190}))
    found = contrast(answers(known), TODAY - timedelta(days=10))
    assert found
    assert found[0].window.days == 30
    assert found[1].usage is not None
    assert found[1].usage.requests == 90
    assert contrast(answers(fleet(use(7, {IOCS: 70}))), TODAY) is None
    assert contrast(answers(known), TODAY - timedelta(days=200)) is None


def test_the_endpoint_behind_a_growth_holds_most_of_what_is_beyond_the_usual() -> None:
    known = fleet(use(7, {IOCS: 1_070, LOOKUP: 75}), use(90, {IOCS: 1_900, LOOKUP: 905}))
    found = endpoint_behind(answers(known), TODAY - timedelta(days=3), lived(90))
    assert found
    assert found.path == IOCS
    assert found.share == pytest.approx((1_070 - 830 * 7 / 83) / (1_070 - 830 * 7 / 83 + 75 - 70))
    shrunk = fleet(use(7, {IOCS: 10}), use(90, {IOCS: 1_000}))
    assert endpoint_behind(answers(shrunk), TODAY, lived(90)) is None


def test_the_codes_behind_errors_leave_429_out() -> None:
    def known(**now: int) -> Fleet:
        codes = {int(code[1:]): n for code, n in now.items()}
        longer = {200: 1_000 + codes.get(200, 0), **{code: n for code, n in codes.items() if code != 200}}
        return fleet(
            use(7, {IOCS: sum(codes.values())}, codes), use(90, {IOCS: sum(longer.values())}, longer)
        )

    assert codes_behind(answers(known(c200=100, c500=60, c503=35, c404=5)), TODAY) == (500, 503)
    assert codes_behind(answers(known(c200=100, c429=90)), TODAY) == ()
    assert codes_behind(answers(fleet(use(7, {IOCS: 5}))), TODAY) is None


def test_what_lasts_began_on_the_first_of_the_days_in_a_row() -> None:
    def days(*counts: int | None) -> list[Day]:
        return [
            observed(TODAY - timedelta(days=len(counts) - n), 10, 1, count, NOW).day
            for n, count in enumerate(counts)
        ]

    def since(*counts: int | None, pause: int = 0) -> tuple[int, bool] | None:
        found = held_since(days(*counts), was_throttled, pause=pause)
        return ((TODAY - found.day).days, found.or_before) if found else None

    assert since(0, 3, 0, 1, 2, 3) == (3, False)
    assert since(1, 1, 1) == (3, True)
    assert since(1, 1, 0) is None
    assert since(1, None, 4) == (1, True)
    assert since(0, 1, None, 4, pause=1) == (3, False)
    assert since(None, None) is None
    assert held_since([], was_throttled) is None
    gap = [day for day in days(1, 1, 1, 1) if (TODAY - day.date).days != 2]
    assert held_since(gap, was_throttled) == Since(TODAY - timedelta(days=1), True)


def test_a_day_fails_by_its_errors_without_429s() -> None:
    def day(requests: int | None, errors: int | None, refused: int | None = 0) -> Day:
        return observed(TODAY, requests, errors, refused, NOW).day

    assert was_failing(day(10, 2), 0.2) is True
    assert was_failing(day(10, 6, 5), 0.25) is False
    assert was_failing(day(10, 6, None), 0.25) is True
    assert [was_failing(each, 0.2) for each in (day(0, 0), day(None, 1), day(10, None))] == [None] * 3


def test_one_or_two_days_show_no_regular_hours() -> None:
    found = pattern(hits(at(0, 13), days=1))
    assert found
    assert found.hours == ()
