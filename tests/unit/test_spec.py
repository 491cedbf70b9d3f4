"""`socd-tui spec`, and what is said of a word that nobody knows: both come from the one command line."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from socd_tui.commands.parts.command_line import ENVIRONMENT
from socd_tui.commands.parts.commands import commands
from socd_tui.model.exit_code import ExitCode
from socd_tui.views.registry import views
from tests.command import ran

SOURCES = Path(__file__).parents[2] / "socd_tui"


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    done = ran({**os.environ, "SOCD_BASE_URL": "http://127.0.0.1:9"}, "spec")
    assert done.returncode == 0
    assert done.stdout.isascii()
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


def test_every_command_is_told_with_what_can_be_given_to_it(told: dict[str, Any]) -> None:
    assert told["schema"] == "socd-tui/spec/1"
    assert [each["name"] for each in told["commands"]] == [each.name for each in commands() if each.name]
    by_name = {each["name"]: each for each in told["commands"]}
    show = {each["name"]: each for each in by_name["show"]["arguments"]}
    assert show["VIEW"]["required"]
    assert show["--format"]["choices"][:3] == ["table", "json", "csv"]
    assert show["--format"]["default"] == "table"
    assert (show["--key"]["repeatable"], show["--key"]["value"]) == (True, "SEL")
    assert (show["--demo"]["value"], show["--demo"]["default"]) == (None, False)
    assert "--reset-view" not in show
    assert "%%" not in json.dumps(told)
    assert all(each["about"] for each in told["commands"])


def test_views_have_the_columns_that_filter_sort_and_files_take(told: dict[str, Any]) -> None:
    assert [each["name"] for each in told["views"]] == [view.name for view in views()]
    overview = next(each for each in told["views"] if each["name"] == "overview")
    requests = next(each for each in overview["columns"] if each["name"] == "requests")
    assert (requests["unit"], requests["in_json"], requests["filters_and_sorts"]) == ("count", True, True)


def test_exit_codes_and_the_environment(told: dict[str, Any]) -> None:
    assert [each["code"] for each in told["exit_codes"]] == [*map(int, ExitCode), "128+n"]
    read = {name for path in SOURCES.rglob("*.py") for name in re.findall(r'"(SOCD_\w+)"', path.read_text())}
    assert read <= ENVIRONMENT.keys()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["shwo"], "The nearest is 'show'."),
        (["show", "overveiw", "--demo"], "The nearest is 'overview'. Choose from: overview, series,"),
        (["show", "over", "--demo"], "The nearest is 'overview'."),
        (["show", "overview", "--fromat", "json"], "The nearest is '--format'."),
        (["show", "overview", "--fromat=json"], "The nearest is '--format'."),
        (["show", "overview", "--format", "jsn"], "The nearest is 'json'."),
        (["show", "bill", "--compare", "wek"], "The nearest is 'week'."),
        (["show", "bill", "--by", "owners"], "The nearest is 'owner'."),
        (["show", "bill", "--demo", "--sort", "requsts"], "The nearest is 'requests'."),
        (["show", "overview", "--demo", "--filter", "requsts>5"], "The nearest is 'requests'."),
        (["--view", "staus"], "The nearest is 'status'."),
        (["--theme", "socd-ligth"], "The nearest is 'socd-light'. Choose from:"),
        (["--dmeo"], "The nearest is '--demo'."),
        (["check", "--fail-at", "dya=5", "--demo"], "The nearest is 'day'."),
        (["metrics", "--without", "latncy", "--demo"], "The nearest is 'latency'."),
        (["history", "--format", "CVS"], "The nearest is 'csv'."),
        (["show", "overview", "qqqqqqq"], "unrecognized arguments: qqqqqqq. "),
        (["show", "overview", "--zzzzzzz"], "unrecognized arguments: --zzzzzzz. "),
    ],
)
def test_an_unknown_word_is_refused_with_the_nearest(tmp_path: Path, typed: list[str], said: str) -> None:
    done = ran({"HOME": str(tmp_path), "SOCD_BASE_URL": "http://127.0.0.1:9"}, *typed)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
