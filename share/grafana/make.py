"""Makes the Grafana dashboard: run it, and import the JSON that it prints.

    python make.py > socd-usage.json

A panel is one call below. Plain dictionaries, as Grafana's own page "JSON model" has them, need no library.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

SOURCE = {"type": "prometheus", "uid": "${datasource}"}
CHOSEN = 'account=~"$account",key_id=~"$key"'
ALL = "{" + CHOSEN + "}"
NAMED = " * on (account, key_id) group_left (name, owner, prefix) (socd_key_info @ end())"
"""Today's names for all of the past, also of a key that has been renamed."""
NAME = "{{name}} {{prefix}}"

# Okabe and Ito's colours, which stay apart for colour-blind readers.
BLUE, ORANGE, RED = "#56B4E9", "#E69F00", "#D55E00"
WIDTH = 24
DAY, HOUR = "1d", "1h"

LIST_BELOW = {
    "legend": {"displayMode": "list", "placement": "bottom"},
    "tooltip": {"mode": "multi", "sort": "desc"},
}
TABLE_BESIDE = {
    "legend": {"displayMode": "table", "placement": "right", "calcs": ["last", "max", "sum"]},
    "tooltip": {"mode": "multi", "sort": "desc"},
}
NEWEST = {"calcs": ["lastNotNull"]}
BARS = {"orientation": "horizontal", "displayMode": "lcd", "reduceOptions": NEWEST}
LINE = {"lineWidth": 1}


def chosen(more: str) -> str:
    """The selector of the keys that are chosen, narrowed."""
    return "{" + CHOSEN + "," + more + "}"


def steps(*at: tuple[float | None, str]) -> Json:
    """From each value on in its colour; None is from the beginning."""
    return {"mode": "absolute", "steps": [{"color": colour, "value": value} for value, colour in at]}


OF_A_LIMIT = steps((None, BLUE), (0.8, ORANGE), (1, RED))


def query(expr: str, legend: str = "__auto", *, now: bool = False, table: bool = False) -> Json:
    """What Prometheus is asked: over the time that is looked at, or only for `now`."""
    made: Json = {"expr": expr, "legendFormat": legend, "datasource": SOURCE}
    if now:
        made["instant"] = True
    if table:
        made["format"] = "table"
    return made


def renamed(column: str, **properties: object) -> Json:
    """What is different of one column."""
    return {
        "matcher": {"id": "byName", "options": column},
        "properties": [{"id": name, "value": value} for name, value in properties.items()],
    }


@dataclass
class Board:
    """Panels from left to right and from top to bottom."""

    panels: list[Json] = field(default_factory=list)
    x: int = 0
    y: int = 0

    def row(self, title: str) -> None:
        self._add({"type": "row", "title": title, "collapsed": False, "panels": []}, WIDTH, 1)

    def panel(
        self,
        kind: str,
        title: str,
        size: tuple[int, int],
        *queries: Json,
        description: str = "",
        options: Mapping[str, object] | None = None,
        transformations: Sequence[Json] = (),
        overrides: Sequence[Json] = (),
        interval: str = "",
        **defaults: Any,
    ) -> None:
        """`defaults` are of its fields: unit, decimals, thresholds, custom, min, max."""
        panel: Json = {
            "type": kind,
            "title": title,
            "description": description,
            "datasource": SOURCE,
            "targets": [{"refId": chr(ord("A") + n), **each} for n, each in enumerate(queries)],
            "fieldConfig": {"defaults": {"noValue": "–", **defaults}, "overrides": list(overrides)},
            "options": dict(options or {}),
            "transformations": list(transformations),
        }
        if interval:
            panel["interval"] = interval
        self._add(panel, *size)

    def stat(self, title: str, expr: str, *, description: str = "", **defaults: Any) -> None:
        options = {"reduceOptions": NEWEST, "colorMode": "value", "graphMode": "none", "textMode": "value"}
        self.panel(
            "stat",
            title,
            (4, 4),
            query(expr, now=True),
            description=description,
            options=options,
            **{"unit": "short", **defaults},
        )

    def _add(self, panel: Json, width: int, height: int) -> None:
        if self.x + width > WIDTH:
            self.x, self.y = 0, self._bottom()
        place = {"x": self.x, "y": self.y, "w": width, "h": height}
        self.panels.append({"id": len(self.panels) + 1, "gridPos": place, **panel})
        self.x += width
        if self.x == WIDTH:
            self.x, self.y = 0, self._bottom()

    def _bottom(self) -> int:
        return max((each["gridPos"]["y"] + each["gridPos"]["h"] for each in self.panels), default=0)


def now(board: Board) -> None:
    board.row("Now")
    board.stat(
        "findings",
        'sum(max by (account, kind) (socd_findings{account=~"$account"}))',
        thresholds=steps((None, BLUE), (1, ORANGE)),
    )
    board.stat(
        "keys at their day limit",
        f"count(account_key:socd_day_limit:used_ratio{ALL} >= 1) or vector(0)",
        thresholds=steps((None, BLUE), (1, RED)),
    )
    board.stat("requests, 24 h", f"sum(account_key:socd_requests:increase24h{ALL})")
    board.stat(
        "4xx without 429, window",
        f"sum(socd_key_window_responses{chosen('code=~`4..`,code!=`429`')})"
        f" / sum(socd_key_window_responses{ALL})",
        unit="percentunit",
        decimals=1,
    )
    board.stat(
        "read before",
        'time() - max(socd_last_refresh_timestamp_seconds{account=~"$account"})',
        description="When the service was asked last. It keeps 90 days: a gap here loses none.",
        unit="s",
        thresholds=steps((None, BLUE), (300, ORANGE), (900, RED)),
    )
    board.stat(
        "session left",
        'max(socd_session_expiry_timestamp_seconds{account=~"$account"}) - time()',
        description="`socd-tui login` before it ends.",
        unit="s",
        thresholds=steps((None, RED), (0, ORANGE), (600, BLUE)),
    )
    unneeded = ("Time", "__name__", "account", "instance", "job")
    board.panel(
        "table",
        "What is wrong",
        (12, 8),
        query(
            f"socd_key_finding{ALL} * on (account, key_id) group_left (name, owner) socd_key_info",
            now=True,
            table=True,
        ),
        query(f"socd_key_finding_since_timestamp_seconds{ALL} * 1000", now=True, table=True),
        description="What the program has found, as on its overview.",
        transformations=[
            {"id": "joinByField", "options": {"byField": "key_id", "mode": "outer"}},
            {
                "id": "organize",
                "options": {
                    "excludeByName": dict.fromkeys(
                        (
                            *unneeded,
                            *(f"{name} {n}" for name in unneeded for n in (1, 2)),
                            *("key_id", "kind 2", "Value #A"),
                        ),
                        True,
                    ),
                    "renameByName": {"name": "key", "kind 1": "finding", "Value #B": "since"},
                },
            },
        ],
        overrides=[renamed("since", unit="dateTimeAsIso")],
    )
    board.panel(
        "alertlist",
        "Alerts",
        (12, 8),
        options={
            "alertName": "Socd",
            "groupMode": "default",
            "sortOrder": 3,
            "stateFilter": {"firing": True, "pending": True, "error": True, "noData": False, "normal": False},
        },
    )


def who_is_burning(board: Board) -> None:
    board.row("Who is burning the limit?")
    a_day = (
        f"sum by (account, key_id) (socd_key_requests_total{ALL})"
        f" - sum by (account, key_id) (socd_key_requests_total{ALL} offset 1d)"
    )
    board.panel(
        "timeseries",
        "requests a day (UTC)",
        (16, 9),
        query(f"({a_day}){NAMED}", NAME),
        description="Whole days, backfilled ones included: the bar at a midnight is the day before it.",
        options=TABLE_BESIDE,
        interval=DAY,
        unit="short",
        custom={"drawStyle": "bars", "fillOpacity": 80, "lineWidth": 0, "stacking": {"mode": "normal"}},
    )
    board.panel(
        "bargauge",
        "endpoints, window",
        (8, 9),
        query(
            f"topk(10, sum by (endpoint) (socd_key_window_endpoint_requests{ALL}))", "{{endpoint}}", now=True
        ),
        options={**BARS, "displayMode": "basic"},
        unit="short",
    )
    board.panel(
        "timeseries",
        "requests a second",
        (12, 8),
        query(f"sum by (account, key_id) (rate(socd_key_requests_total{ALL}[15m])){NAMED}", NAME),
        description="Finer than the service tells: what the counter rises by from one refresh to the next.",
        options=LIST_BELOW,
        unit="reqps",
        custom={**LINE, "fillOpacity": 10, "spanNulls": False},
    )
    usual = f"(account_key:socd_requests:usual_day{ALL} > 0)"
    board.panel(
        "timeseries",
        "beside the usual day of four weeks",
        (12, 8),
        query(f"(account_key:socd_requests:increase24h{ALL} / {usual}){NAMED}", NAME),
        description="1 is the middle of the last 28 days; from 3 on it is the alert SocdRunaway.",
        options=LIST_BELOW,
        unit="none",
        custom={
            **LINE,
            "scaleDistribution": {"type": "log", "log": 10},
            "thresholdsStyle": {"mode": "line"},
        },
        thresholds=steps((None, BLUE), (3, RED)),
    )


def will_i_hit_the_cap(board: Board) -> None:
    board.row("Will I hit the cap?")
    of_a_limit: Json = {
        "unit": "percentunit",
        "decimals": 1,
        "min": 0,
        "max": 1.2,
        "thresholds": OF_A_LIMIT,
    }
    board.panel(
        "bargauge",
        "day limit used, last 24 h",
        (8, 9),
        query(f"sort_desc(account_key:socd_day_limit:used_ratio{ALL}{NAMED})", NAME, now=True),
        description="What was let through, 429 left out, of the limit; the service's meter where it has one.",
        options=BARS,
        **of_a_limit,
    )
    board.panel(
        "bargauge",
        "busiest minute of the window",
        (8, 9),
        query(f"sort_desc(account_key:socd_minute_limit:peak_ratio{ALL}{NAMED})", NAME, now=True),
        description="The service's high-water mark, of the minute limit.",
        options=BARS,
        **of_a_limit,
    )
    in_a_week = "ahead=`7d`,bound=`{}`"
    cap = f"min by (key_id) (socd_key_cap_reached_timestamp_seconds{chosen('edge=`earliest`')}) * 1000"
    record = f"socd_key_forecast_inside{ALL} / (socd_key_forecast_judged{ALL} > 0)"
    board.panel(
        "table",
        "forecast of the day in a week",
        (8, 9),
        query(f"socd_key_forecast_requests{chosen(in_a_week.format('low'))}{NAMED}", now=True, table=True),
        query(f"socd_key_forecast_requests{chosen(in_a_week.format('high'))}", now=True, table=True),
        query(cap, now=True, table=True),
        query(record, now=True, table=True),
        description="The range that 8 in 10 days lie in, the first day that may reach the cap or the newest "
        "that has, and the share of past forecasts that came true.",
        transformations=[
            {"id": "joinByField", "options": {"byField": "key_id", "mode": "outer"}},
            {
                "id": "filterFieldsByName",
                "options": {"include": {"names": ["name", *(f"Value #{each}" for each in "ABCD")]}},
            },
            {
                "id": "organize",
                "options": {
                    "renameByName": {
                        "name": "key",
                        "Value #A": "low",
                        "Value #B": "high",
                        "Value #C": "cap from",
                        "Value #D": "came true",
                    }
                },
            },
        ],
        overrides=[renamed("cap from", unit="dateTimeAsIso"), renamed("came true", unit="percentunit")],
    )


def what_fails(board: Board) -> None:
    board.row("What is my 4xx rate?")
    board.panel(
        "timeseries",
        "failed in 24 h, 429 left out",
        (12, 8),
        query(f"account_key:socd_errors_without_429:ratio24h{ALL}{NAMED}", NAME),
        description="(errors − 429) ÷ (requests − 429)",
        options=LIST_BELOW,
        unit="percentunit",
        custom=LINE,
    )
    board.panel(
        "barchart",
        "status codes, window",
        (12, 8),
        query(f"sum by (code) (socd_key_window_responses{ALL})", "{{code}}", now=True, table=True),
        options={
            "xField": "code",
            "orientation": "vertical",
            "showValue": "auto",
            "legend": {"showLegend": False},
        },
        transformations=[
            {"id": "filterFieldsByName", "options": {"include": {"names": ["code", "Value"]}}},
            {"id": "sortBy", "options": {"sort": [{"field": "code"}]}},
        ],
        unit="short",
    )
    by_hour = (
        f"sum by (key_id) (max_over_time(socd_key_hour_throttled_requests{ALL}[1h]))"
        " * on (key_id) group_left (name) max by (key_id, name) (socd_key_info @ end())"
    )
    board.panel(
        "heatmap",
        "429 by hour (UTC)",
        (24, 8),
        query(by_hour, "{{name}}"),
        description="A row a key, a cell an hour: at an hour those of the hour before.",
        options={
            "calculate": False,
            "yAxis": {"unit": "short"},
            "color": {"scheme": "Cividis", "mode": "scheme", "scale": "exponential", "exponent": 0.5},
            "cellGap": 1,
            "filterValues": {"le": 0.5},
            "rowsFrame": {"layout": "auto"},
        },
        interval=HOUR,
        unit="short",
    )


def who_used_what(board: Board) -> None:
    board.row("Who used how much?")
    board.panel(
        "piechart",
        "requests by owner, window",
        (8, 8),
        query(
            'sum by (owner) (account_owner:socd_window_requests:sum{account=~"$account"})',
            "{{owner}}",
            now=True,
        ),
        description="Owners are those of config.toml; without a name is what nobody claims.",
        options={
            "pieType": "donut",
            "legend": {"displayMode": "table", "placement": "right", "values": ["value", "percent"]},
            "reduceOptions": NEWEST,
        },
        unit="short",
    )
    cost = (
        f"sum by (owner, name, prefix, tier) (socd_key_cost_usd_per_month{ALL}"
        " * on (account, key_id) group_left (name, owner, prefix, tier) socd_key_info)"
    )
    board.panel(
        "table",
        "estimated share of the plan's price",
        (8, 8),
        query(cost, now=True, table=True),
        options={
            "sortBy": [{"displayName": "USD a month", "desc": True}],
            "footer": {"show": True, "reducer": ["sum"]},
        },
        transformations=[
            {
                "id": "organize",
                "options": {"excludeByName": {"Time": True}, "renameByName": {"Value": "USD a month"}},
            }
        ],
        unit="currencyUSD",
    )
    board.panel(
        "timeseries",
        "response time, p95 of the window",
        (8, 8),
        query(f"socd_key_window_latency_seconds{chosen('percentile=`95`')}{NAMED}", NAME),
        description="Of the whole window at each moment; percentiles are never added up.",
        options=LIST_BELOW,
        unit="s",
        custom=LINE,
    )


def variable(name: str, asked: str, **more: object) -> Json:
    """A choice of several, all by default."""
    return {
        "name": name,
        "type": "query",
        "datasource": SOURCE,
        "query": {"query": asked, "refId": name},
        "multi": True,
        "includeAll": True,
        "current": {"text": "All", "value": "$__all"},
        "refresh": 2,
        **more,
    }


def dashboard() -> Json:
    board = Board()
    for part in (now, who_is_burning, will_i_hit_the_cap, what_fails, who_used_what):
        part(board)
    variables = [
        {"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Prometheus"},
        variable("account", "label_values(socd_key_info, account)", allValue=".*"),
        variable("owner", 'label_values(socd_key_info{account=~"$account"}, owner)', allValue=".*"),
        # Without an allValue: all keys are those of the owners that are chosen.
        variable(
            "key",
            'query_result(socd_key_info{account=~"$account",owner=~"$owner"})',
            regex='/name="(?<text>[^"]*)".*|key_id="(?<value>[^"]*)"/g',
        ),
    ]
    findings = {
        "name": "findings",
        "enable": True,
        "datasource": SOURCE,
        "expr": "changes(socd_key_finding_since_timestamp_seconds[1m]) > 0",
        "titleFormat": "{{kind}}",
        "iconColor": ORANGE,
        "step": "60s",
    }
    return {
        "uid": "socd-usage",
        "title": "SOC Defenders API usage",
        "tags": ["socd-tui"],
        "timezone": "utc",
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,
        "time": {"from": "now-30d", "to": "now"},
        "refresh": "1m",
        "templating": {"list": variables},
        "annotations": {"list": [findings]},
        "panels": board.panels,
    }


if __name__ == "__main__":
    json.dump(dashboard(), sys.stdout, indent=1)
    print()
