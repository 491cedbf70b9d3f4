"""What the demo tells: one set of facts that adds up, in both dialects, with each key's story in it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import exp
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.service.demo import payload
from socd_tui.service.demo.day import DAY_S, accepted
from socd_tui.service.demo.fleet import DemoKey, demo_keys
from socd_tui.service.demo.latency import SIGMA, level_of, summarise
from socd_tui.service.demo.truth import Truth
from tests.cost import counted

NOW = datetime(2026, 5, 20, 14, 30, 12, tzinfo=UTC)
"""A Wednesday afternoon."""

TRUTH = Truth(demo_keys(1, NOW, 10), 1, NOW)
SIEM, NOTEBOOK, MISP, SOAR, IDLE, CONTRACTOR, REVOKED, LIGHT, MODERATE, GHOST = TRUTH.keys
USED = (SIEM, NOTEBOOK, MISP, SOAR, CONTRACTOR, REVOKED, LIGHT, MODERATE)

each_key = pytest.mark.parametrize("key", TRUTH.keys, ids=lambda key: f"{key.role.name} {key.prefix[-4:]}")


def flat(key: DemoKey, days: int, now: datetime = NOW) -> Any:
    return payload.usage(TRUTH, key, days, now, "flat")["data"]


def nested(key: DemoKey, days: int, now: datetime = NOW) -> Any:
    return payload.usage(TRUTH, key, days, now, "nested")["data"]


def finished_days(key: DemoKey, days: int) -> list[tuple[int, int]]:
    """(requests, errors) of the finished days, the newest first."""
    return [(row["requests"], row["errors"]) for row in flat(key, days + 1)["daily"][1:]]


@pytest.mark.parametrize("days", [1, 7, 90])
@each_key
def test_a_flat_answer_adds_up(key: DemoKey, days: int) -> None:
    data = flat(key, days)
    statuses = {int(status): count for status, count in data["by_status"].items()}
    total, errors = data["total_requests"], data["client_errors"] + data["server_errors"]
    assert data["successful"] + errors == total
    assert sum(statuses.values()) == total
    assert sum(count for status, count in statuses.items() if status < 400) == data["successful"]
    assert sum(count for status, count in statuses.items() if status >= 500) == data["server_errors"]
    assert sum(row["count"] for row in data["top_endpoints"]) == total
    assert len(data["daily"]) == days
    assert sum(row["requests"] for row in data["daily"]) == total
    assert sum(row["errors"] for row in data["daily"]) == errors
    assert sum(row["count"] for row in data["rate_limit_hits_by_hour"]) == statuses.get(429, 0)
    assert all(row["count"] for row in data["rate_limit_hits_by_hour"])
    assert data["rate_limit_peak_per_minute"] <= key.limit_per_minute
    assert data["rate_limit_peak_per_minute"] <= data["rate_limit_peak_per_day"] <= key.limit_per_day
    if total:
        assert data["latency_p50_ms"] < data["avg_response_time_ms"] < data["latency_p95_ms"]
        assert data["latency_p95_ms"] < data["latency_p99_ms"]


@pytest.mark.parametrize("days", [1, 30])
@each_key
def test_both_dialects_tell_the_same_facts(key: DemoKey, days: int) -> None:
    a, b = flat(key, days), nested(key, days)
    summary, breakdown = b["summary"], b["breakdown"]
    assert b["key"]["id"] == a["key_id"]
    assert b["period"]["days"] == a["window_days"]
    assert b["period"]["start"][:10] == a["daily"][-1]["date"]
    assert b["period"]["end"] == "2026-05-20T14:30:12Z"
    assert (summary["totalRequests"], summary["successfulRequests"]) == (a["total_requests"], a["successful"])
    assert summary["failedRequests"] == a["client_errors"] + a["server_errors"]
    assert summary["avgResponseTime"] == a["avg_response_time_ms"]
    assert b["latencyPercentiles"] == {name: a[f"latency_{name}_ms"] for name in ("p50", "p95", "p99")}
    assert {str(row["statusCode"]): row["count"] for row in breakdown["byStatusCode"]} == a["by_status"]
    assert [(row["endpoint"], row["count"]) for row in breakdown["byEndpoint"]] == [
        (row["path"], row["count"]) for row in a["top_endpoints"]
    ]
    assert b["timeSeries"] == a["daily"][::-1]
    assert b["rateLimitHits"]["total"] == a["by_status"].get("429", 0)
    assert sum(row["count"] for row in b["rateLimitHits"]["byEndpoint"]) == b["rateLimitHits"]["total"]
    assert sum(row["errors"] for row in breakdown["byEndpoint"]) == summary["failedRequests"]
    assert b["rateLimits"]["perDay"]["current"] == flat(key, 1)["rate_limit_peak_per_day"]
    for budget in b["rateLimits"].values():
        assert budget["current"] + budget["remaining"] == budget["limit"]
    if a["total_requests"]:
        # 0–100 in one, a fraction in the other; rounded to 2 and 4 places.
        assert summary["successRate"] == pytest.approx(100 * a["success_rate"], abs=0.011)
        assert sum(row["percentage"] for row in breakdown["byStatusCode"]) == pytest.approx(100, abs=0.1)
        weighted = sum(row["avgTime"] * row["count"] for row in breakdown["byEndpoint"]) / a["total_requests"]
        assert weighted == pytest.approx(a["avg_response_time_ms"], abs=1)


@each_key
def test_two_windows_less_one_is_the_window_before(key: DemoKey) -> None:
    once, twice = flat(key, 30), flat(key, 60)
    before: Counter[str] = Counter()
    for offset in range(30, 60):
        day = TRUTH.day(key, NOW.date() - timedelta(days=offset))
        before.update({str(status): 0 for _, status in day.requests})
        for (_, status), count in day.requests.items():
            before[str(status)] += count
    assert Counter(once["by_status"]) + before == Counter(twice["by_status"])
    assert twice["daily"][:30] == once["daily"]
    assert twice["rate_limit_peak_per_day"] >= once["rate_limit_peak_per_day"]


@given(key=st.sampled_from(TRUTH.keys), seconds=st.tuples(st.integers(0, DAY_S), st.integers(0, DAY_S)))
def test_a_day_only_grows_and_never_passes_what_it_will_hold(key: DemoKey, seconds: tuple[int, int]) -> None:
    day = TRUTH.day(key, NOW.date())
    early, late = min(seconds), max(seconds)
    for cell, final in day.requests.items():
        assert day.counts(early).get(cell, 0) <= day.counts(late).get(cell, 0) <= final
    assert day.busiest_minute(key.limit_per_minute, early) <= day.busiest_minute(key.limit_per_minute, late)
    throttled = sum(count for (_, status), count in day.counts(late).items() if status == 429)
    assert sum(day.throttled_by_hour(late).values()) == throttled


def test_today_grows_by_the_minute_and_is_whole_at_midnight() -> None:
    midnight = datetime(2026, 5, 21, tzinfo=UTC)
    growing = [flat(SIEM, 1, NOW + timedelta(minutes=minute))["total_requests"] for minute in range(60)]
    assert all(earlier < later for earlier, later in pairwise(growing))
    today = flat(SIEM, 1, midnight - timedelta(minutes=1))["total_requests"]
    yesterday = flat(SIEM, 2, midnight)["daily"][1]
    assert growing[-1] < today <= yesterday["requests"]
    assert yesterday["requests"] == sum(TRUTH.day(SIEM, NOW.date()).requests.values())
    assert flat(SIEM, 1, midnight)["total_requests"] == 0


@pytest.mark.parametrize("key", USED, ids=lambda key: key.role.name)
def test_lifetime_and_last_use_fit_the_traffic(key: DemoKey) -> None:
    assert TRUTH.lifetime(key, NOW) == key.role.before + flat(key, 90)["total_requests"]
    born = key.created_at.date().isoformat()
    assert not any(row["requests"] for row in flat(key, 90)["daily"] if row["date"] <= born)
    week_later = NOW + timedelta(days=7)
    assert TRUTH.lifetime(key, week_later) > TRUTH.lifetime(key, NOW)
    last, later = TRUTH.last_used(key, NOW), TRUTH.last_used(key, week_later)
    assert last is not None
    assert later is not None
    assert key.created_at < last <= NOW
    assert last <= later
    # A second earlier that request had not been accepted yet.
    day = TRUTH.day(key, last.date())
    seconds = last.hour * 3600 + last.minute * 60 + last.second
    assert accepted(day.counts(seconds - 1)) < accepted(day.counts(seconds))


def test_a_seed_changes_numbers_and_identities_but_not_stories() -> None:
    one, again, other = (Truth(demo_keys(seed, NOW, 10), seed, NOW) for seed in (1, 1, 2))

    def totals(truth: Truth) -> list[int]:
        return [truth.traffic(key, 30, NOW).total for key in truth.keys]

    assert totals(one) == totals(again) != totals(other)
    assert one.keys == again.keys
    assert not {key.id for key in one.keys} & {key.id for key in other.keys}
    assert [key.role for key in one.keys] == [key.role for key in other.keys]


def test_percentiles_are_those_of_the_log_normal_around_the_level() -> None:
    latency = summarise({level_of(200): 1_000})
    assert latency is not None
    assert latency.p50 == pytest.approx(200, rel=0.04)  # half a level
    assert latency.p95 / latency.p50 == pytest.approx(exp(1.645 * SIGMA), rel=0.02)
    assert latency.p99 / latency.p50 == pytest.approx(exp(2.326 * SIGMA), rel=0.02)
    assert latency.avg / latency.p50 == pytest.approx(exp(SIGMA**2 / 2), rel=0.02)
    assert summarise({}) is None


def test_a_cold_answer_over_ninety_days_is_quick() -> None:
    """Some hundred calls for each of its days, which is 10 to 20 ms in all."""
    truth = Truth(demo_keys(1, NOW, 3), 1, NOW)
    _, calls = counted(lambda: payload.usage(truth, truth.keys[2], 90, NOW, "flat"))
    assert calls < 90 * 500


# The stories


def test_production_siem_lives_by_the_working_week() -> None:
    month = flat(SIEM, 30)
    assert 120_000 < month["total_requests"] < 180_000
    assert month["success_rate"] > 0.99
    rows = [(date.fromisoformat(row["date"]).weekday(), row["requests"]) for row in month["daily"][1:]]
    assert max(n for day, n in rows if day >= 5) < 0.7 * min(n for day, n in rows if day < 5)
    assert any(
        row["path"].startswith("/api/taxii2/") and row["path"].endswith("/objects/")
        for row in month["top_endpoints"]
    )


def test_the_notebook_runs_away_three_days_ago_and_meets_both_limits() -> None:
    days = finished_days(NOTEBOOK, 20)
    assert min(requests for requests, _ in days[:3]) > 3_000
    assert max(requests for requests, _ in days[3:]) < 120
    week = flat(NOTEBOOK, 7)
    assert (week["rate_limit_peak_per_minute"], week["rate_limit_peak_per_day"]) == (10, 1_000)
    assert week["by_status"]["429"] > 0.7 * week["total_requests"]
    assert week["top_endpoints"][0]["path"] == "/api/v1/iocs"
    yesterday = [row["hour"] for row in week["rate_limit_hits_by_hour"] if "2026-05-19" in row["hour"]]
    assert len(yesterday) == 24
    quiet = flat(NOTEBOOK, 90)["total_requests"] - week["total_requests"]
    assert 30 < quiet / 83 < 80


def test_misp_sync_is_throttled_in_every_hour() -> None:
    week = nested(MISP, 7)
    assert week["rateLimitHits"]["byEndpoint"] == [
        {"endpoint": "/api/v1/iocs/misp", "count": week["rateLimitHits"]["total"]}
    ]
    hits = flat(MISP, 7)["rate_limit_hits_by_hour"]
    assert len(hits) == 6 * 24 + 15
    counts = [row["count"] for row in hits[1:]]
    assert max(counts) < 4 * min(counts)
    assert flat(MISP, 7)["rate_limit_peak_per_minute"] == MISP.limit_per_minute


def test_soar_fails_more_each_day_since_last_week() -> None:
    shares = [errors / requests for requests, errors in finished_days(SOAR, 12)]
    assert shares[0] > 0.1
    assert shares[0] > shares[2] > shares[4] > 2 * max(shares[6:])
    slow, usual = flat(SOAR, 1), flat(SOAR, 90)
    assert slow["latency_p95_ms"] > 1.5 * usual["latency_p95_ms"]
    assert slow["server_errors"] > 5 * slow["client_errors"]


def test_idle_lab_did_nothing_and_says_so_with_nulls() -> None:
    data = flat(IDLE, 90)
    assert (data["total_requests"], data["by_status"], data["top_endpoints"]) == (0, {}, [])
    assert [data[f] for f in ("success_rate", "avg_response_time_ms", "latency_p50_ms")] == [None] * 3
    assert len(data["daily"]) == 90
    last = TRUTH.last_used(IDLE, NOW)
    assert last is not None
    assert 115 < (NOW - last).days < 130
    assert TRUTH.lifetime(IDLE, NOW) > 0


def test_the_contractor_leaves_in_three_days() -> None:
    assert CONTRACTOR.expires_at is not None
    assert timedelta(days=2, hours=12) <= CONTRACTOR.expires_at - NOW <= timedelta(days=3, hours=12)
    weekend = [
        row["requests"] for row in flat(CONTRACTOR, 5)["daily"] if row["date"] in ("2026-05-16", "2026-05-17")
    ]
    assert weekend == [0, 0]
    assert 0.02 < flat(CONTRACTOR, 30)["by_status"]["404"] / flat(CONTRACTOR, 30)["total_requests"] < 0.15


def test_the_old_dashboard_is_refused_since_it_was_revoked() -> None:
    assert REVOKED.revoked_at == datetime(2026, 5, 8, 17, tzinfo=UTC)
    days = finished_days(REVOKED, 30)
    assert all(0 < requests == errors < 20 for requests, errors in days[:11])
    assert all(requests > 200 and errors < 10 for requests, errors in days[11:])
    assert set(flat(REVOKED, 12)["by_status"]) == {"401"}
    last = TRUTH.last_used(REVOKED, NOW)
    assert last is not None
    assert NOW - timedelta(days=13) < last < REVOKED.revoked_at


def test_two_sandboxes_share_a_name_and_differ_in_all_else() -> None:
    assert LIGHT.role.name == MODERATE.role.name
    assert (LIGHT.id, LIGHT.prefix) != (MODERATE.id, MODERATE.prefix)
    assert flat(MODERATE, 30)["total_requests"] > 10 * flat(LIGHT, 30)["total_requests"] > 0
    assert min(flat(MODERATE, 30)["by_status"][status] for status in ("400", "403")) > 100
    pro_only = {row["endpoint"]: row["errorRate"] for row in nested(MODERATE, 30)["breakdown"]["byEndpoint"]}
    assert pro_only["/api/v1/iocs/stix"] == 100.0


@pytest.mark.parametrize("count", [0, 1, 3, 10, 60])
def test_the_fleet_is_as_large_as_asked(count: int) -> None:
    keys = demo_keys(1, NOW, count)
    assert len(keys) == count
    assert keys[:10] == TRUTH.keys[:count]
    assert len({key.id for key in keys}) == len({key.prefix for key in keys}) == count
    assert all(UUID(key.id).version == 4 for key in keys)
    truth = Truth(keys, 1, NOW)
    assert all(truth.traffic(key, 30, NOW).total > 0 for key in keys[10:])


def test_stories_hold_at_any_hour_of_any_weekday() -> None:
    for hours in range(0, 7 * 24, 5):
        now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours, minutes=30)
        truth = Truth(demo_keys(3, now, 10), 3, now)
        totals = [truth.traffic(key, 7, now) for key in truth.keys]
        assert totals[1].by_status()[429] > totals[1].answered(200, 399)
        assert max(totals[1].minute_peaks) == 10
        assert len(totals[2].throttled_by_hour) == 6 * 24 + now.hour + 1
        assert totals[3].answered(500, 599) > 0.03 * totals[3].total
        assert totals[4].total == totals[9].total == 0
