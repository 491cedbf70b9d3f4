"""What the program says first: every story of the demo, nothing of a quiet account, and its evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest

from socd_tui.analysis.findings import (
    EndedInUse,
    ErrorsRising,
    Expiring,
    Finding,
    Findings,
    RunningAway,
    Throttled,
)
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.text import Text
from socd_tui.service.demo import payload
from socd_tui.service.demo.fleet import demo_keys
from socd_tui.service.demo.stories import FAILING_SINCE, REVOKED_ON, RUNAWAY_SINCE
from socd_tui.service.demo.truth import Truth
from socd_tui.service.wire import read_usage
from socd_tui.service.wire_keys import read_detail, read_keys
from socd_tui.views.parts.description import describe
from tests.build import prepared
from tests.fleets import NOW, all_unknown, compared, demo, empty, huge, loading, whole

TODAY = NOW.date()


def told(fleet: Fleet) -> Findings:
    return prepared(fleet).findings(fleet.keys)


def of(fleet: Fleet, name: str) -> list[Finding]:
    return [finding for finding in told(fleet).worst_first if finding.key.name.shown == name]


def first_day(finding: Finding) -> date | None:
    since = describe(finding).since
    return since.day if since else None


@cache
def account(seed: int, first: int = 10, keys: int = 8) -> Fleet:
    """Some of the demo's keys under another seed; those from the tenth on are ordinary integrations."""
    truth = Truth(demo_keys(seed, NOW, first + keys)[first:], seed, NOW)
    listed = read_keys(payload.key_list(truth, NOW)).keys
    usages = {}
    for key in truth.keys:
        for days in (7, 90):
            answer = payload.usage(truth, key, days, NOW, "flat")
            usages[key.id, days] = read_usage(answer, key.id, days, fetched_at=NOW, observed_at=NOW)
    known = tuple(
        read_detail(payload.key_detail(truth, key, NOW), each)
        for key, each in zip(truth.keys, listed, strict=True)
    )
    return Fleet(mode="demo", base_url="", keys=known, usages=usages, listed_at=NOW)


def test_the_runaway_is_named_first_with_its_start_its_size_and_its_endpoint() -> None:
    first = told(whole()).worst_first[0]
    assert isinstance(first, RunningAway)
    assert first.key.name.shown == "threat-notebook"
    assert first.runaway.since == TODAY + timedelta(days=RUNAWAY_SINCE)
    assert first.runaway.now > 50 * first.runaway.usual
    assert first.culprit
    assert first.culprit.path == Text("/api/v1/iocs")
    assert first.culprit.share > 0.95


def test_the_hourly_429s_of_the_sync_are_named_with_their_number() -> None:
    [finding] = of(whole(), "MISP sync")
    usage = whole().usage(finding.key.id, 7)
    assert isinstance(finding, Throttled)
    assert finding.pattern
    assert finding.pattern.every_hour
    assert usage
    assert finding.requests == usage.throttled
    assert finding.since
    assert finding.since.or_before


def test_the_rising_server_errors_are_named_with_the_day_they_began_and_their_codes() -> None:
    [finding] = of(whole(), "SOAR enrichment")
    assert isinstance(finding, ErrorsRising)
    assert finding.codes == (500, 503)
    assert finding.rise.since == TODAY + timedelta(days=FAILING_SINCE)
    assert finding.rise.now > 3 * finding.rise.usual


def test_the_expiring_key_and_the_revoked_one_that_is_still_used_are_named() -> None:
    [expiring] = of(whole(), "Contractor read-only")
    assert isinstance(expiring, Expiring)
    assert expiring.expires == TODAY + timedelta(days=3)
    [revoked] = of(whole(), "Old dashboard")
    assert isinstance(revoked, EndedInUse)
    assert revoked.ended == TODAY + timedelta(days=REVOKED_ON)


def test_both_dialects_tell_the_same_stories() -> None:
    flat, nested = told(whole()).worst_first, told(demo("nested", 30, 90, 7)).worst_first
    assert [(each.kind, each.key.id) for each in flat] == [(each.kind, each.key.id) for each in nested]
    assert [first_day(each) for each in flat if each.kind != "throttled"] == [
        first_day(each) for each in nested if each.kind != "throttled"
    ]


@pytest.mark.parametrize("fleet", [whole, compared], ids=["30 days", "7 days, compared"])
def test_they_do_not_depend_on_the_window_a_person_looks_at(fleet: object) -> None:
    at = whole() if fleet is whole else compared()
    assert told(at).worst_first == told(demo("flat", 7, 90)).worst_first


def test_the_worst_come_first() -> None:
    kinds = [finding.kind for finding in told(whole()).worst_first]
    assert kinds == ["runaway", "throttled", "rise", "ended", "expiring", "failing"]


@pytest.mark.parametrize("seed", range(6))
def test_of_a_quiet_account_nothing_is_named(seed: int) -> None:
    quiet = told(account(seed))
    assert (quiet.worst_first, quiet.judged, quiet.unjudged) == ((), 8, 0)


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_another_account_with_the_same_stories_is_told_the_same(seed: int) -> None:
    kinds = {(each.kind, each.key.name.shown) for each in told(account(seed, 0, 9)).worst_first}
    assert kinds >= {
        ("runaway", "threat-notebook"),
        ("throttled", "MISP sync"),
        ("rise", "SOAR enrichment"),
        ("ended", "Old dashboard"),
        ("expiring", "Contractor read-only"),
    }


def test_a_consequence_is_not_told_beside_its_cause() -> None:
    assert [finding.kind for finding in of(whole(), "threat-notebook")] == ["runaway"]
    assert [finding.kind for finding in of(demo("nested", 7, 90), "threat-notebook")] == ["runaway"]


def test_nothing_is_said_before_it_is_known_what_is_usual() -> None:
    early = told(demo(days=7))
    assert (early.worst_first, early.awaited) == ((), 10)


def test_where_the_long_window_fails_the_rest_is_still_told() -> None:
    fleet = demo("flat", 7)
    problem = next(iter(fleet.failures.values()))
    failed = replace(fleet, failures={**fleet.failures, **{(key.id, 90): problem for key in fleet.keys}})
    kinds = {(each.kind, each.key.name.shown) for each in told(failed).worst_first}
    assert ("capped", "threat-notebook") in kinds
    assert ("throttled", "MISP sync") in kinds
    assert told(failed).unjudged > 0


@pytest.mark.parametrize("fleet", [empty, loading, all_unknown, huge])
def test_edges_of_what_can_be_known_raise_nothing(fleet: object) -> None:
    assert callable(fleet)
    for finding in told(fleet()).worst_first:
        assert (first_day(finding) or TODAY) <= TODAY


def test_an_expired_key_is_told_only_while_something_uses_it() -> None:
    fleet = whole()

    def expired(name: str, days: int) -> list[str]:
        def ended(key: ApiKey) -> ApiKey:
            return replace(key, expires_at=NOW - timedelta(days=days)) if key.name.shown == name else key

        return [finding.kind for finding in of(replace(fleet, keys=tuple(map(ended, fleet.keys))), name)]

    assert expired("Production SIEM", 3) == ["ended"]
    assert expired("idle-lab", 3) == []
