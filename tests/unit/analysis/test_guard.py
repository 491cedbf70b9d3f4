"""Before a job: whether its key has room, by bounds that are true whatever the hours of the day held."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from socd_tui.analysis.guard import Asked, Guarded, guard
from socd_tui.model.errors import Problem
from socd_tui.model.lens import Lens
from socd_tui.model.usage import Meter
from tests.build import NOW, fleet, hours, key, prepared, rows, usage

TODAY, YESTERDAY = 300, 500


def asked(
    needs: int,
    minutes: int = 30,
    /,
    *,
    counts: dict[int, int] | None = None,
    of_key: dict[str, Any] | None = None,
    known_days: int = 2,
    **figures: Any,
) -> Guarded:
    """The answer for a key of 1,000 a day and 100 a minute with 300 requests today and 500 yesterday."""
    per_day = {0: TODAY, 1: YESTERDAY} if counts is None else counts
    days = rows(known_days, lambda n: (per_day[n], 0) if n in per_day else None)
    the_key = key("a", **{"limit_per_day": 1000, "limit_per_minute": 100, **(of_key or {})})
    answers = [usage("a", window, **{"days": days, "throttled": 0, **figures}) for window in (1, 7, 90)]
    known = prepared(fleet(*answers, keys=(the_key,), observed_at=NOW), Lens(days=1))
    return guard(known, the_key, Asked(requests=needs, within=timedelta(minutes=minutes)))


def midnight(days: int) -> datetime:
    return datetime(NOW.year, NOW.month, NOW.day, tzinfo=UTC) + timedelta(days=days)


def test_what_counts_lies_between_today_and_both_days() -> None:
    told = asked(100)
    assert (told.answer, told.used) == ("go", (300, 800))


def test_the_high_water_mark_and_the_services_own_count_are_nearer() -> None:
    assert asked(100, peak_per_day=600).used == (300, 600)
    assert asked(100, peak_per_day=200).used == (300, 300)  # a mark that cannot be
    assert asked(100, day=Meter(None, 450)).used == (450, 450)


def test_of_what_was_refused_nothing_counts() -> None:
    told = asked(10, throttled=150, hours=hours({NOW - timedelta(days=1): 100, NOW - timedelta(hours=1): 50}))
    assert told.used == (250, 650)


def test_it_goes_only_where_that_is_sure() -> None:
    """Room for 200 at least and 700 at most, less what the key usually asks meanwhile."""
    assert asked(150).answer == "go"
    perhaps = asked(400)
    assert (perhaps.answer, perhaps.why) == ("no", "perhaps only 200 of 1,000 a day are left")
    assert perhaps.safe_at == midnight(1)  # today's 300 are all that counts then
    never = asked(750)
    assert (never.answer, never.why) == ("no", "of 1,000 a day 200 to 700 are left")
    assert never.safe_at == midnight(2)
    assert asked(1001).safe_at is None


def test_how_many_a_minute_leaves_room_for_what_else_asks() -> None:
    told = asked(150)
    assert told.usual_per_minute == pytest.approx(500 / 1440)
    assert told.most_per_minute == 6.3
    assert asked(1, counts={0: 0, 1: 0}).most_per_minute == 33.3
    assert asked(1, 5, counts={0: 0, 1: 0}).most_per_minute == 100


def test_too_fast_for_the_minute_limit_it_may_go_slower() -> None:
    told = asked(150, 1)
    assert (told.answer, told.safe_at, told.takes) == ("no", NOW, timedelta(minutes=2))
    assert "150 a minute are more than the 100" in told.why


def test_of_a_limit_that_there_is_not_nothing_is_asked() -> None:
    unlimited = {"limit_per_day": "unlimited", "limit_per_minute": "unlimited"}
    assert asked(10**8, of_key=unlimited).answer == "go"
    assert asked(10**8, of_key={"limit_per_day": "unlimited"}).answer == "no"


@pytest.mark.parametrize("name", ["limit_per_day", "limit_per_minute"])
def test_a_limit_that_is_unknown_is_no_permission(name: str) -> None:
    assert asked(1, of_key={name: "unreadable"}).answer == "unknown"


def test_a_day_that_is_unknown_is_no_permission_and_one_without_requests_is() -> None:
    assert asked(1, counts={0: 300}).answer == "unknown"
    told = asked(1, counts={0: 300}, requests=300)
    assert (told.answer, told.used) == ("go", (300, 300))
    assert asked(1, counts={}).answer == "unknown"


def test_a_key_that_has_ended_or_cannot_be_read_does_not_go() -> None:
    ended = asked(1, of_key={"revoked_at": NOW - timedelta(days=1)})
    assert (ended.answer, ended.why) == ("no", "the key is revoked")
    lost = {("a", 1): Problem(kind="not_found", message="It is not there.", key_id="a")}
    the_key = key("a")
    known = prepared(fleet(keys=(the_key,), failures=lost, observed_at=NOW), Lens(days=1))
    told = guard(known, the_key, Asked(requests=1, within=timedelta(minutes=1)))
    assert (told.answer, told.why) == ("unknown", "It is not there")


def test_where_more_is_forecast_the_first_midnight_with_room_is_later() -> None:
    """As busy as today and yesterday each day: 900 of 1,000."""
    busy = asked(50, counts=dict.fromkeys(range(30), 900), known_days=30)
    assert (busy.answer, busy.safe_at) == ("no", midnight(1))
    assert busy.is_forecast
    assert asked(200, counts=dict.fromkeys(range(30), 900), known_days=30).safe_at is None


def test_more_than_a_whole_day_allows_takes_days() -> None:
    assert asked(2500).takes == timedelta(days=3)
