"""What is said of a key holds for the service's today, and for nothing that its answers do not carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from socd_tui.analysis.assessment import AWAITED
from socd_tui.analysis.findings import (
    Capped,
    EndedInUse,
    Failing,
    Finding,
    NearingCap,
    Throttled,
    UsualBurst,
)
from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.known import prepare
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.tier import TierVerdict
from socd_tui.analysis.triage import Since
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens
from socd_tui.model.text import Text
from socd_tui.model.usage import Usage
from tests.build import NOW, Counts, ago, fleet, hours, key, prepared, rows, usage

TODAY = NOW.date()
KEY = key(tier="free", created_at=NOW - timedelta(days=300))


def use(days: int, counts: Counts, now: datetime = NOW, **more: Any) -> Usage:
    """An answer whose sums are those of its rows."""
    sent = rows(days, counts, now=now, today=TODAY)
    requests, errors = sum(row.requests or 0 for row in sent), sum(row.errors or 0 for row in sent)
    figures = {"requests": requests, "successful": requests - errors, "throttled": 0, "hours": (), **more}
    return usage("a", days, now=now, days=sent, **figures)


def account(counts: Counts, key: ApiKey = KEY, **more: Any) -> Fleet:
    return fleet(*(use(days, counts, **more) for days in (7, 90)), keys=[key])


def told(known: Fleet) -> list[Finding]:
    return list(prepared(known).findings(known.keys).worst_first)


def test_failing_is_dated_by_the_days_that_fail() -> None:
    [finding] = told(account(lambda n: (100, 30 if n <= 40 else 0)))
    assert isinstance(finding, Failing)
    assert finding.since == Since(ago(40), or_before=False)
    [always] = told(account(lambda n: (100, 30)))
    assert isinstance(always, Failing)
    assert always.since == Since(ago(89), or_before=True)
    [weekdays] = told(account(lambda n: (100, 30) if ago(n).weekday() < 5 else (0, 0)))
    assert isinstance(weekdays, Failing)
    assert weekdays.since == Since(ago(89), or_before=True)


def test_429s_that_are_over_have_no_first_day() -> None:
    hour = datetime.combine(ago(3), NOW.time(), UTC).replace(minute=0)
    [finding] = told(account(lambda _: (300, 0), throttled=100, hours=hours({hour: 100})))
    assert isinstance(finding, Throttled)
    assert finding.since is None


def test_429s_without_days_have_no_first_day() -> None:
    [finding] = told(account(lambda n: (300, 10), throttled=70, hours=None))
    assert isinstance(finding, Throttled)
    assert finding.since is None


def test_a_key_that_fell_silent_no_longer_runs_away() -> None:
    def quiet_since(days: int) -> Fleet:
        return account(lambda n: None if n < days else (100, 0) if n > days + 2 else (5_000, 0))

    assert [finding.kind for finding in told(quiet_since(18))] == []
    capped, burst = told(quiet_since(5))
    assert isinstance(capped, Capped)
    assert (capped.limit, capped.newest, capped.since) == (1_000, ago(5), Since(ago(7), or_before=False))
    assert burst.kind == "burst"
    assert told(quiet_since(1))[0].kind == "runaway"


def test_a_forecast_begins_today_whatever_day_the_newest_row_is_of() -> None:
    found = prepared(account(lambda n: None if n < 18 else (100, 0))).assessment(KEY.id).forecast
    assert isinstance(found, Forecast)
    assert found.bands[0].date == TODAY


def test_an_ended_key_is_asked_for_this_week_only_and_has_no_forecast() -> None:
    revoked = replace(KEY, revoked_at=NOW - timedelta(days=60))
    assert told(account(lambda n: (100, 100) if n > 50 else None, revoked)) == []
    [finding] = told(account(lambda n: (10, 10), revoked))
    assert isinstance(finding, EndedInUse)
    assert finding.requests == 70
    known = prepared(account(lambda n: (990, 0), revoked)).assessment(revoked.id)
    assert (str(known.forecast), str(known.tier)) == ("the key is revoked",) * 2


def test_before_the_long_window_is_there_nothing_is_said_of_the_future() -> None:
    short = fleet(use(30, lambda _: (100, 0)), keys=[KEY])
    known = prepared(short).assessment(KEY.id)
    assert (known.forecast, known.tier) == (AWAITED, AWAITED)
    assert str(AWAITED) == "waiting for the last 90 days"


def test_an_old_answer_of_a_short_window_says_nothing_of_now() -> None:
    old = use(7, lambda _: (400, 0), NOW - timedelta(days=8), throttled=350)
    known = account(lambda _: (50, 0))
    mixed = replace(known, usages={("a", 7): old, ("a", 90): known.usages["a", 90]})
    assert told(mixed) == []
    assert prepared(mixed).assessment(KEY.id).recent is known.usages["a", 90]


def test_an_answer_that_tells_no_other_day_leaves_the_days_as_they_were_made() -> None:
    before = prepared(account(lambda n: (100, 3)))
    longer = use(30, lambda n: (100, 3))
    farther = replace(longer, days=(*rows(95, lambda n: (7, 0))[:1], *(longer.days or ())))
    for more, is_same in ((longer, True), (farther, False)):
        asked = replace(before.fleet, usages={**before.fleet.usages, ("a", 30): more})
        known = prepare(asked, Lens(), earlier=before)
        assert known.assessment("a").observed == prepared(asked).assessment("a").observed
        assert (known.assessment("a").observed is before.assessment("a").observed) == is_same


def test_a_downgrade_needs_peaks_and_paths_of_a_month() -> None:
    pro = replace(KEY, tier=Text("pro"))
    paths: Mapping[str, Any] = {"endpoints": (), "peak_per_minute": 2, "peak_per_day": 60}
    known = account(lambda _: (50, 0), pro, **paths)
    found = prepared(known).assessment(pro.id).tier
    assert isinstance(found, TierVerdict)
    assert found.verdict == "could_downgrade"
    problem = replace(known, usages={("a", 7): known.usages["a", 7]})
    assert isinstance(prepared(problem).assessment(pro.id).tier, NotEnough)


def test_a_key_whose_errors_nobody_told_is_not_called_usual() -> None:
    known = account(lambda _: (100, 0))
    silent = {
        slot: replace(usage, days=tuple(day._replace(errors=None) for day in usage.days or ()))
        for slot, usage in known.usages.items()
    }
    found = prepared(replace(known, usages=silent)).findings(known.keys)
    assert (found.judged, found.unjudged) == (0, 1)


def test_a_cap_that_is_likely_reached_is_told() -> None:
    [finding] = told(account(lambda n: (700 + (n * 37) % 280, 0)))
    assert isinstance(finding, NearingCap)
    assert 0.5 <= finding.forecast.chance < 1
    assert told(account(lambda n: (400 + (n * 37) % 280, 0))) == []


def test_a_habit_is_told_below_and_changes_neither_forecast_nor_tier() -> None:
    known = account(lambda n: (700, 0) if n in (2, 20, 40, 60) else (100, 60))
    failing, habit = told(known)
    assert failing.kind == "failing"
    assert isinstance(habit, UsualBurst)
    assert (habit.habit.run.since, habit.habit.earlier) == (ago(2), 3)
    found = prepared(known).assessment(KEY.id)
    assert found.runaway is None
    assert isinstance(found.forecast, Forecast)
    assert found.forecast.full_days == 89
    assert isinstance(found.tier, TierVerdict)
    assert found.tier.reasons == ("busiest of 89 days: 700 of 1,000",)


def test_a_runaway_key_is_never_told_to_upgrade() -> None:
    found = prepared(account(lambda n: (7_000, 0) if n < 3 else (75, 0))).assessment(KEY.id).tier
    assert isinstance(found, TierVerdict)
    assert found.verdict == "stay"
    assert found.reasons == ("without the runaway its usual is 75 of 1,000 a day: stop the loop, stay",)


def test_only_pro_keys_in_force_may_make_an_upgrade_free() -> None:
    pro = key("b", tier="Pro")

    def reasons(other: ApiKey) -> tuple[str, ...]:
        known = account(lambda _: (1_200, 0))
        found = prepared(replace(known, keys=(KEY, other))).assessment(KEY.id).tier
        assert isinstance(found, TierVerdict)
        assert found.verdict == "upgrade"
        return found.reasons

    assert any("already has Pro keys" in reason for reason in reasons(pro))
    for other in (replace(pro, revoked_at=NOW - timedelta(days=1)), replace(pro, tier=Text("free"))):
        assert not any("Pro keys" in reason for reason in reasons(other))
