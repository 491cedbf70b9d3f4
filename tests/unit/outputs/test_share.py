"""What is shared beside the program names what the program has, and nothing else."""

from __future__ import annotations

import json
import re
import runpy
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from socd_tui.outputs.metrics.families import FAMILIES

SHARE = Path(__file__).parents[3] / "share"
RULES = SHARE / "prometheus" / "socd.rules.yml"
DASHBOARD = SHARE / "grafana" / "socd-usage.json"

_RECORDED = re.compile(r"- record: (\S+)")
_NAME = re.compile(r"(?:account_key:|account_owner:)?\bsocd_[a-z0-9_]+(?::[a-zA-Z0-9_]+)?")
_LABEL = re.compile(r"\b(?:by|on|group_left) \(([a-z, ]+)\)|([a-z_]+)(?:=~|!=|=)[\"`]")


def known_names() -> set[str]:
    return {family.name for family in FAMILIES} | set(_RECORDED.findall(RULES.read_text()))


def expressions(dashboard: Any) -> list[str]:
    panels = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())]
    variables = [
        each["query"]["query"] for each in dashboard["templating"]["list"] if each["type"] == "query"
    ]
    return [*panels, *variables, *(each["expr"] for each in dashboard["annotations"]["list"])]


def test_the_dashboard_is_what_its_code_makes() -> None:
    made = runpy.run_path(str(SHARE / "grafana" / "make.py"))["dashboard"]()
    assert json.loads(DASHBOARD.read_text()) == made
    assert DASHBOARD.read_text() == json.dumps(made, indent=1) + "\n"


def test_rules_and_dashboard_ask_for_metrics_that_there_are() -> None:
    asked = [RULES.read_text(), *expressions(json.loads(DASHBOARD.read_text()))]
    assert {name for text in asked for name in _NAME.findall(text)} - known_names() == set()


def test_they_ask_by_labels_that_there_are() -> None:
    of_a_scrape = {"account", "job", "instance"}
    labels = {label for family in FAMILIES for label in family.labels} | of_a_scrape
    exprs = expressions(json.loads(DASHBOARD.read_text()))
    rules = [line for line in RULES.read_text().splitlines() if "labels:" not in line]
    found = {
        label.strip()
        for text in (*exprs, *rules)
        for several, one in _LABEL.findall(text)
        for label in (several or one).split(",")
    }
    assert found - labels == set()


def test_every_rule_is_tried_and_every_alert_says_what_it_is() -> None:
    rules = RULES.read_text()
    tried = (SHARE / "prometheus" / "tests" / "socd.test.yml").read_text()
    alerts = re.findall(r"- alert: (\w+)", rules)
    assert len(alerts) == rules.count("summary:") + rules.count("*used")
    assert [alert for alert in alerts if f"alertname: {alert}\n" not in tried] == []
    routed = (SHARE / "alertmanager" / "alertmanager.yml").read_text()
    patterns = [
        pattern
        for matcher in re.findall(r"alertname=~?\"([^\"]+)\"", routed)
        for pattern in matcher.split("|")
    ]
    assert [each for each in patterns if not any(re.fullmatch(each, alert) for alert in alerts)] == []


def test_no_panel_lies_on_another() -> None:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for one, other in combinations([panel["gridPos"] for panel in panels], 2):
        apart_x = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        apart_y = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert apart_x or apart_y
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels)


@pytest.mark.parametrize(
    "path", [path for path in SHARE.rglob("*") if path.is_file()], ids=lambda path: path.name
)
def test_what_is_shared_is_small_text_that_names_no_machine(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text) < 200_000
    assert not re.search(r"(?<![\w.])/(?:home(?!/socd\b)|root|tmp|work)/", text)  # that of a container
