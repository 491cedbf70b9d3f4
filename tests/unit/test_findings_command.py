"""`socd-tui findings`: what is wrong, in the words and the formats of whoever reads it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from socd_tui.service.demo import DemoServer
from tests.account import Account, flat, key_row
from tests.command import Done, ran
from tests.terminal.pseudo import environment


@pytest.fixture
def environ(demo: DemoServer, tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path, SOCD_BASE_URL=demo.base_url, SOCD_SESSION_TOKEN=demo.token)


def findings(environ: dict[str, str], *arguments: str) -> Done:
    return ran(environ, "findings", *arguments)


def lines(environ: dict[str, str], format_: str, *arguments: str) -> list[Any]:
    return [
        json.loads(line) for line in findings(environ, "--format", format_, *arguments).stdout.splitlines()
    ]


def test_every_format_tells_the_same_the_worst_first(environ: dict[str, str]) -> None:
    done = findings(environ)
    assert done.returncode == 6
    assert "'ghost import#" in done.stderr
    said = done.stdout.splitlines()
    assert said[0].startswith("'threat-notebook#2zBT' runs away: ")
    document = json.loads(findings(environ, "--format", "json", "--offline").stdout)
    assert document["schema"] == "socd-tui/findings/1"
    assert [each["sentence"] for each in document["findings"]] == said
    assert [each["message"] for each in lines(environ, "ecs", "--offline")] == said
    assert [each["finding_info"]["desc"] for each in lines(environ, "ocsf", "--offline")] == said
    marked = findings(environ, "--format", "md", "--offline").stdout.splitlines()
    assert marked[0].startswith("- **high** 'threat-notebook#2zBT' runs away: ")
    assert (
        len(marked) == len(said) == len(findings(environ, "--format", "cef", "--offline").stdout.splitlines())
    )


def test_each_run_tells_the_same_ids_on_every_machine(environ: dict[str, str], tmp_path: Path) -> None:
    first = [each["event"]["id"] for each in lines(environ, "ecs")]
    assert len(set(first)) == len(first) > 3
    assert [each["event"]["id"] for each in lines(environ, "ecs", "--offline")] == first
    export = str(tmp_path / "export.json")
    ran(environ, "show", "overview", "--format", "json", "--output", export)
    assert [each["event"]["id"] for each in lines(environ, "ecs", "--open", export)] == first
    elsewhere = {**environ, **environment(tmp_path / "elsewhere")}
    assert [each["finding_info"]["uid"] for each in lines(elsewhere, "ocsf")] == first


def test_where_nothing_is_wrong_people_are_told_and_programs_get_nothing(tmp_path: Path) -> None:
    with Account(key_row(1), usage=flat([100] * 90)) as account:
        done = account.run(tmp_path, "findings")
        assert (done.returncode, done.stdout) == (0, "Nothing unusual in 1 key.\n")
        assert account.run(tmp_path, "findings", "--format", "ecs").stdout == ""
        path = tmp_path / "events.ndjson"
        account.run(tmp_path, "findings", "--format", "ecs", "--output", str(path))
        assert path.read_text().strip() == ""
