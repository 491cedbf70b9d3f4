"""Metrics: what each family says of a Fleet, and that Prometheus' own parsers read all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socd_tui.analysis.known import Known, prepare
from socd_tui.model.lens import Lens
from socd_tui.model.preferences import Preferences
from socd_tui.model.text import Text
from socd_tui.model.usage import Endpoint, Meter
from socd_tui.outputs.metrics.exposition import FORMATS, Format, exposed
from socd_tui.outputs.metrics.families import FAMILIES, metrics, metrics_of_tool
from socd_tui.outputs.metrics.family import OPTIONAL, Group, Metric, Reading, Sample
from socd_tui.store.counters import Counters
from tests.build import NOW, ago, endpoints, fleet, hours, key, prepared, rows, usage
from tests.exposition import parsed, told, values
from tests.fleets import FLEETS, looked_at
from tests.metrics_page import PAGE, page

TABLE = """
socd_build_info version
socd_up
socd_last_refresh_timestamp_seconds
socd_refresh_duration_seconds
socd_refreshes_total
socd_refresh_failures_total cause
socd_session_expiry_timestamp_seconds
socd_keys state
socd_key_info key_id name prefix tier owner
socd_key_up key_id
socd_key_observed_timestamp_seconds key_id
socd_key_created_timestamp_seconds key_id
socd_key_last_used_timestamp_seconds key_id
socd_key_expiry_timestamp_seconds key_id
socd_key_revoked_timestamp_seconds key_id
socd_key_requests_total key_id
socd_key_errors_total key_id
socd_key_throttled_total key_id
socd_key_today_requests key_id
socd_key_hour_throttled_requests key_id
socd_key_window_requests key_id window
socd_key_window_responses key_id window code
socd_key_window_endpoint_requests key_id window endpoint
socd_key_window_endpoint_errors key_id window endpoint
socd_key_window_latency_seconds key_id window percentile
socd_key_window_latency_average_seconds key_id window
socd_key_limit_requests key_id limit
socd_key_limit_assumed key_id limit
socd_key_used_requests key_id limit
socd_key_window_peak_requests key_id limit window
socd_findings kind
socd_key_finding key_id kind
socd_key_finding_since_timestamp_seconds key_id kind
socd_key_usual_requests_per_day key_id
socd_key_forecast_requests key_id ahead bound
socd_key_cap_reached_timestamp_seconds key_id edge
socd_key_forecast_judged key_id
socd_key_forecast_inside key_id
socd_key_tier_advice key_id advice
socd_key_cost_usd_per_month key_id
"""
"""What rules and dashboards of others are written for: names and labels that stay as they are."""


def reading(known: Known, lens: Lens | None = None, **more: object) -> Reading:
    """With counters of which each key's are told apart."""
    counters = {each.id: counted(n * 1_000, n * 10, n) for n, each in enumerate(known.fleet.keys, start=1)}
    values = {"is_up": True, "took_s": 0.6, "counters": counters, "expires_at": NOW, **more}
    return Reading(known=known, lens=lens or Lens(), **values)  # type: ignore[arg-type]  # of any test


def counted(requests: int, errors: int | None, throttled: int | None) -> Counters:
    return Counters(anchor=ago(9), requests=requests, errors=errors, throttled=throttled)


def text(known: Known, lens: Lens | None = None, format_: Format = "prometheus", **more: object) -> str:
    return exposed(metrics(reading(known, lens, **more)), format_)


def test_names_and_labels_are_those_that_rules_and_dashboards_are_written_for() -> None:
    assert [" ".join((family.name, *family.labels)) for family in FAMILIES] == TABLE.split("\n")[1:-1]


def test_the_page_of_all_metrics_has_those_there_are() -> None:
    assert PAGE.read_text("utf-8") == page()


@pytest.mark.parametrize("name", FLEETS)
def test_prometheus_reads_both_formats_as_the_same_figures(name: str) -> None:
    known, lens = looked_at(name)
    more = {"refreshes": 3, "failures": {"session": 1, "service": 0}}
    classic, open_ = (told(text(known, lens, format_, **more)) for format_ in FORMATS)
    assert classic == open_
    assert {each.name for each in classic} >= {"socd_build_info", "socd_up", "socd_refreshes_total"}
    assert all(each.labels.get("key_id") for each in classic if each.name.startswith("socd_key_"))


def test_each_family_of_the_demo_is_told_with_its_type_and_unit() -> None:
    known, lens = looked_at("flat")
    families = {family.name: family for family in parsed(text(known, lens, "openmetrics"))}
    assert families["socd_key_requests"].type == "counter"
    assert families["socd_key_window_requests"].type == "gauge"
    assert families["socd_key_window_latency_seconds"].unit == "seconds"
    assert all(family.documentation for family in families.values())


def test_what_is_unknown_has_no_sample() -> None:
    starting = {each.name for each in told(text(*looked_at("starting"), is_up=False, counters={}))}
    assert starting == {
        "socd_build_info",
        "socd_up",
        "socd_refresh_duration_seconds",
        "socd_session_expiry_timestamp_seconds",
    }
    unknown = {each.name for each in told(text(*looked_at("all_unknown"), counters={}))}
    assert not any("window" in name or "limit" in name or name.endswith("_total") for name in unknown)
    assert "socd_findings" not in unknown
    loading = {each.name for each in told(text(*looked_at("loading")))}
    assert "socd_key_up" not in loading
    assert "socd_findings" not in loading


def test_what_is_counted_and_is_not_there_is_zero() -> None:
    empty = text(*looked_at("empty"))
    assert values(empty, "socd_keys") == {
        ("active",): 0,
        ("expiring",): 0,
        ("expired",): 0,
        ("revoked",): 0,
    }
    found = values(text(*looked_at("flat")), "socd_findings")
    assert len(found) == 10
    assert set(found.values()) >= {0.0, 1.0}


def test_a_key_whose_state_cannot_be_read_is_counted_apart() -> None:
    odd = key("a", unreadable=frozenset({"revoked_at"}))
    assert values(text(prepared(fleet(keys=[odd]))), "socd_keys")["unknown",] == 1


def test_counters_are_those_that_were_counted_and_one_that_is_unknown_is_left_out() -> None:
    known = prepared(fleet(usage(requests=5)))
    written = text(known, counters={"a": counted(2**53 + 1, 7, None)})
    assert 'socd_key_requests_total{key_id="a"} 9007199254740993\n' in written
    assert values(written, "socd_key_errors_total") == {("a",): 7}
    assert values(written, "socd_key_throttled_total") == {}


def test_names_of_keys_are_told_as_they_are_and_end_no_label() -> None:
    name, owner = 'a"} 1\nsocd_up 0\\', 'the "others"\\'
    known = prepare(fleet(usage(), keys=[key(name, key_id="a")]), Lens(), Preferences({owner: ("a",)}))
    for format_ in FORMATS:
        (info,) = [each.labels for each in told(text(known, format_=format_)) if each.name == "socd_key_info"]
        assert info["name"] == Text(name).shown
        assert info["owner"] == owner


@settings(max_examples=25)
@given(st.text(max_size=40))
def test_any_name_comes_back_from_both_formats_as_it_is_shown(name: str) -> None:
    metric = Metric("socd_x", name, (Sample((("a", Text(name).shown), ("b", "")), 1),))
    for format_ in FORMATS:
        (back,) = told(exposed([metric], format_).encode("utf-8", "replace").decode())
        assert back.labels["a"] == Text(name).shown


@pytest.mark.parametrize("char", ["\x1b", "\u202e", "\ud800", "\u2028", "\r", "\0"])
def test_nothing_in_a_label_drives_a_terminal_or_breaks_a_line(char: str) -> None:
    known = prepared(
        fleet(usage(endpoints=endpoints({Text(f"/a{char}b"): 1})), keys=[key(f"x{char}y", key_id="a")])
    )
    written = text(known)
    assert char not in written.replace("\n", "")
    assert parsed(written.encode().decode())


def test_the_ten_largest_endpoints_are_told_and_the_rest_together() -> None:
    asked = {Text(f"/{n:02}"): 100 - n for n in range(12)}
    known = prepared(fleet(usage(requests=2_000, endpoints=endpoints(asked))))
    found = {labels[-1]: n for labels, n in values(text(known), "socd_key_window_endpoint_requests").items()}
    largest = {f"/{n:02}": 100.0 - n for n in range(10)}
    assert found == {**largest, "other": 2_000 - sum(largest.values())}


def test_endpoints_that_look_the_same_are_one_and_one_called_other_is_among_the_others() -> None:
    rows = [
        Endpoint(path=Text("/a"), requests=5, errors=1),
        Endpoint(path=Text("/a\u200b"), requests=3, errors=1),
        Endpoint(path=Text("other"), requests=2),
    ]
    written = text(prepared(fleet(usage(requests=15, endpoints=tuple(rows)))))
    assert values(written, "socd_key_window_endpoint_requests") == {
        ("a", "7d", "/a"): 8,
        ("a", "7d", "other"): 7,
    }
    assert values(written, "socd_key_window_endpoint_errors") == {("a", "7d", "/a"): 2}


@pytest.mark.parametrize(
    ("throttled", "told_", "expected"),
    [
        (5, {NOW.replace(minute=0): 5}, {("a",): 5}),
        (5, {NOW.replace(minute=0) - timedelta(hours=3): 5}, {("a",): 0}),
        (9, {NOW.replace(minute=0) - timedelta(hours=3): 5}, {}),  # a list that was cut short
    ],
)
def test_429s_of_this_hour_are_0_only_where_the_hours_tell_all(
    throttled: int, told_: dict[object, int], expected: dict[object, int]
) -> None:
    known = prepared(fleet(usage(throttled=throttled, hours=hours(told_))))  # type: ignore[arg-type]
    assert values(text(known), "socd_key_hour_throttled_requests") == expected


def test_limits_say_whether_they_are_assumed_and_none_is_no_limit() -> None:
    keys = [
        key("tier", tier="free"),
        key("told", tier="free", limit_per_day=5_000),
        key("none", tier="pro", limit_per_minute="unlimited", limit_per_day="unlimited"),
    ]
    answers = [usage(each.id, day=Meter(current=7 if each.id == "told" else None)) for each in keys]
    written = text(prepared(fleet(*answers, keys=keys)))
    assert values(written, "socd_key_limit_requests") == {
        ("tier", "minute"): 10,
        ("tier", "day"): 1_000,
        ("told", "minute"): 10,
        ("told", "day"): 5_000,
    }
    assert values(written, "socd_key_limit_assumed") == {
        ("tier", "minute"): 1,
        ("tier", "day"): 1,
        ("told", "minute"): 1,
        ("told", "day"): 0,
    }
    assert values(written, "socd_key_used_requests") == {("told", "day"): 7}


def test_the_demo_runaway_is_told_with_since_when_its_usual_and_its_forecast() -> None:
    known, lens = looked_at("flat")
    written = text(known, lens)
    ((key_id, kind),) = [labels for labels in values(written, "socd_key_finding") if "runaway" in labels]
    assert values(written, "socd_key_finding_since_timestamp_seconds")[key_id, kind] < NOW.timestamp()
    assert values(written, "socd_key_usual_requests_per_day").keys() == {(key_id,)}
    judged = values(written, "socd_key_forecast_judged")
    inside = values(written, "socd_key_forecast_inside")
    assert judged
    assert all(inside[each] <= of for each, of in judged.items())
    bands = values(written, "socd_key_forecast_requests")
    assert {labels[1:] for labels in bands} == {
        (ahead, bound) for ahead in ("1d", "7d", "14d") for bound in ("low", "middle", "high")
    }
    assert all(
        low <= bands[each, ahead, "middle"] <= bands[each, ahead, "high"]
        for (each, ahead, bound), low in bands.items()
        if bound == "low"
    )


def test_the_cap_is_told_of_keys_that_may_reach_it_and_of_those_that_have() -> None:
    def told_of(counts: Callable[[int], tuple[int, int]]) -> list[float]:
        answers = (usage(window=days, days=rows(days, counts)) for days in (7, 90))
        known = prepared(fleet(*answers, keys=[key("a", limit_per_day=1_000)]))
        found = values(text(known), "socd_key_cap_reached_timestamp_seconds")
        return [found[labels] for labels in (("a", "earliest"), ("a", "latest")) if labels in found]

    assert told_of(lambda n: (100, 0)) == []
    assert told_of(lambda n: (1_200 if n == 2 else 500, 0)) == [_midnight(2), _midnight(2)]
    (earliest,) = told_of(lambda n: (700 + n * 37 % 290, 0))
    assert _midnight(0) <= earliest <= _midnight(-30)


def _midnight(days_ago: int) -> float:
    return NOW.replace(hour=0, minute=0).timestamp() - days_ago * 86_400


@pytest.mark.parametrize("group", OPTIONAL)
def test_a_group_that_is_left_out_takes_its_families_and_no_other(group: Group) -> None:
    known, lens = looked_at("flat")
    whole, rest = (_names(metrics(reading(known, lens), without)) for without in ((), (group,)))
    gone = [family.name for family in FAMILIES if family.group == group]
    assert rest == [name for name in whole if name not in gone]


def test_without_figures_to_show_only_the_program_is_told_of() -> None:
    names = _names(metrics_of_tool(reading(*looked_at("flat"))))
    assert "socd_up" in names
    assert not any(name.startswith(("socd_key", "socd_findings")) for name in names)


def test_moments_are_seconds_in_openmetrics_and_milliseconds_in_the_classic_format() -> None:
    metric = Metric("socd_x_total", 'a "b" \\ c', (Sample((("k", "v"),), 0.5, NOW),))
    assert exposed([metric], "openmetrics") == (
        '# HELP socd_x a \\"b\\" \\\\ c\n# TYPE socd_x counter\n'
        f'socd_x_total{{k="v"}} 0.5 {NOW.timestamp():.0f}\n# EOF\n'
    )
    assert exposed([metric], "prometheus") == (
        '# HELP socd_x_total a "b" \\\\ c\n# TYPE socd_x_total counter\n'
        f'socd_x_total{{k="v"}} 0.5 {NOW.timestamp():.0f}000\n'
    )


def _names(told_: Sequence[Metric]) -> list[str]:
    return [metric.name for metric in told_]
