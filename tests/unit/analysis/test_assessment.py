"""What is said of a key holds for the service's today, and for nothing that its answers do not carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from socd_tui.analysis.assessment import AWAITED
from socd_tui.analysis.evidence import NotEnough
from socd_tui.analysis.findings import Capped, EndedInUse, Failing, Finding, NearingCap, Throttled
from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.tier import TierVerdict
from socd_tui.analysis.triage import Since
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.text import Text
from socd_tui.model.usage import Day, Hour, Usage
from socd_tui.model.window import Window
from tests.build import prepared

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
TODAY = NOW.date()
KEY = ApiKey("a", Text("a"), Text("sk_live_aaaa"), Text("free"), created_at=NOW - timedelta(days=300))

Counts = Callable[[int], tuple[int, int] | None]
"""(requests, errors) of the day so many days ago; None where the service sends no row."""


def use(days: int, counts: Counts, now: datetime = NOW, **more: Any) -> Usage:
    window = Window.ending(now.date(), days)
    told = {date: counts((TODAY - date).days) for date in window.dates()}
    rows = tuple(
        Day(date, found[0], found[1], partial=date == now.date()) for date, found in told.items() if found
    )
    requests, errors = sum(row.requests or 0 for row in rows), sum(row.errors or 0 for row in rows)
    figures = {"requests": requests, "successful": requests - errors, "throttled": 0, "hours": (), **more}
    return replace(Usage("a", window, now, now, days=rows), **figures)


def fleet(counts: Counts, key: ApiKey = KEY, **more: Any) -> Fleet:
    usages = {("a", days): use(days, counts, **more) for days in (7, 90)}
    return Fleet(keys=(key,), usages=usages, listed_at=NOW)


def told(known: Fleet) -> list[Finding]:
    return list(prepared(known).findings(known.keys).worst_first)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_failing_is_dated_by_the_days_that_fail() -> None:
    [finding] = told(fleet(lambda n: (100, 30 if n <= 40 else 0)))
    assert isinstance(finding, Failing)
    assert finding.since == Since(ago(40), or_before=False)
    [always] = told(fleet(lambda n: (100, 30)))
    assert isinstance(always, Failing)
    assert always.since == Since(ago(89), or_before=True)
    [weekdays] = told(fleet(lambda n: (100, 30) if ago(n).weekday() < 5 else (0, 0)))
    assert isinstance(weekdays, Failing)
    assert weekdays.since == Since(ago(89), or_before=True)


def test_429s_that_are_over_have_no_first_day() -> None:
    def hours(days: int) -> dict[str, Any]:
        hour = datetime.combine(ago(3), NOW.time(), UTC).replace(minute=0)
        return {"throttled": 100, "hours": (Hour(hour, 100),)}

    known = Fleet(
        keys=(KEY,), usages={("a", n): use(n, lambda _: (300, 0), **hours(n)) for n in (7, 90)}, listed_at=NOW
    )
    [finding] = told(known)
    assert isinstance(finding, Throttled)
    assert finding.since is None


def test_429s_without_days_have_no_first_day() -> None:
    [finding] = told(fleet(lambda n: (300, 10), throttled=70, hours=None))
    assert isinstance(finding, Throttled)
    assert finding.since is None


def test_a_key_that_fell_silent_no_longer_runs_away() -> None:
    def quiet_since(days: int) -> Fleet:
        return fleet(lambda n: None if n < days else (100, 0) if n > days + 2 else (5_000, 0))

    assert [finding.kind for finding in told(quiet_since(18))] == []
    capped, burst = told(quiet_since(5))
    assert isinstance(capped, Capped)
    assert (capped.limit, capped.newest, capped.since) == (1_000, ago(5), Since(ago(7), or_before=False))
    assert burst.kind == "burst"
    assert told(quiet_since(1))[0].kind == "runaway"


def test_a_forecast_begins_today_whatever_day_the_newest_row_is_of() -> None:
    found = prepared(fleet(lambda n: None if n < 18 else (100, 0))).assessment(KEY.id).forecast
    assert isinstance(found, Forecast)
    assert found.bands[0].date == TODAY


def test_an_ended_key_is_asked_for_this_week_only_and_has_no_forecast() -> None:
    revoked = replace(KEY, revoked_at=NOW - timedelta(days=60))
    assert told(fleet(lambda n: (100, 100) if n > 50 else None, revoked)) == []
    [finding] = told(fleet(lambda n: (10, 10), revoked))
    assert isinstance(finding, EndedInUse)
    assert finding.requests == 70
    known = prepared(fleet(lambda n: (990, 0), revoked)).assessment(revoked.id)
    assert (str(known.forecast), str(known.tier)) == ("the key is revoked",) * 2


def test_before_the_long_window_is_there_nothing_is_said_of_the_future() -> None:
    short = Fleet(keys=(KEY,), usages={("a", 30): use(30, lambda _: (100, 0))}, listed_at=NOW)
    known = prepared(short).assessment(KEY.id)
    assert (known.forecast, known.tier) == (AWAITED, AWAITED)
    assert str(AWAITED) == "waiting for the last 90 days"


def test_an_old_answer_of_a_short_window_says_nothing_of_now() -> None:
    old = use(7, lambda _: (400, 0), NOW - timedelta(days=8), throttled=350)
    known = fleet(lambda _: (50, 0))
    mixed = replace(known, usages={("a", 7): old, ("a", 90): known.usages["a", 90]})
    assert told(mixed) == []
    assert prepared(mixed).assessment(KEY.id).recent is known.usages["a", 90]


def test_a_downgrade_needs_peaks_and_paths_of_a_month() -> None:
    pro = replace(KEY, tier=Text("pro"))
    paths: Mapping[str, Any] = {"endpoints": (), "peak_per_minute": 2, "peak_per_day": 60}
    known = fleet(lambda _: (50, 0), pro, **paths)
    found = prepared(known).assessment(pro.id).tier
    assert isinstance(found, TierVerdict)
    assert found.verdict == "could_downgrade"
    problem = replace(known, usages={("a", 7): known.usages["a", 7]})
    assert isinstance(prepared(problem).assessment(pro.id).tier, NotEnough)


def test_a_key_whose_errors_nobody_told_is_not_called_usual() -> None:
    known = fleet(lambda _: (100, 0))
    silent = {
        slot: replace(usage, days=tuple(day._replace(errors=None) for day in usage.days or ()))
        for slot, usage in known.usages.items()
    }
    found = prepared(replace(known, usages=silent)).findings(known.keys)
    assert (found.judged, found.unjudged) == (0, 1)


def test_a_cap_that_may_be_reached_is_told_with_its_first_day() -> None:
    [finding] = told(fleet(lambda n: (700 + (n * 37) % 280, 0)))
    assert isinstance(finding, NearingCap)
    assert finding.forecast.earliest
    assert finding.forecast.earliest >= TODAY
