"""`socd-tui config`: what counts and where it comes from, checked and described for editors."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from socd_tui.commands.parts.opening import valid_names
from socd_tui.store.settings import NAMES, read_settings
from tests.command import Done, ran
from tests.terminal.pseudo import environment

TOML = """\
theme = "mine"
days = 30
[keys]
export = "x"
view.bill = "b"
[owners]
"Zoë \\u202e" = ["Key 1", "dev*"]
[thresholds]
day = 70
findings = "medium"
[themes.mine]
base = "socd-light"
bad = "#112233"
"""


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path, SOCD_BASE_URL="http://127.0.0.1:9")


def written(home: Path, text: str) -> Path:
    path = home / "config" / "socd-tui" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def config(environ: dict[str, str], *arguments: str) -> Done:
    return ran(environ, "config", *arguments)


def test_a_value_that_cannot_be_used_is_not_where_the_one_that_counts_comes_from(
    environ: dict[str, str], tmp_path: Path
) -> None:
    written(tmp_path, "days = 500\n")
    assert "days = 7 # default" in config(environ).stdout


def test_what_is_printed_is_a_file_that_sets_the_same(environ: dict[str, str], tmp_path: Path) -> None:
    path = written(tmp_path, TOML)
    done = config(environ)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\u202e" not in done.stdout
    before = read_settings(path, valid_names)
    assert before is not None
    assert before[1] == []
    written(tmp_path, done.stdout)
    assert read_settings(path, valid_names) == before


def test_each_value_tells_where_it_comes_from(environ: dict[str, str], tmp_path: Path) -> None:
    written(tmp_path, TOML)
    lines = config({**environ, "SOCD_ASCII": "1"}, "--view", "bill", "--days", "14").stdout.splitlines()
    assert "# service: http://127.0.0.1:9 (SOCD_BASE_URL in the environment)" in lines
    assert 'theme = "mine" # config.toml, line 1' in lines
    assert 'view = "bill" # --view on the command line' in lines
    assert "days = 14 # --days on the command line" in lines
    assert "ascii = true # SOCD_ASCII in the environment" in lines
    assert "refresh_s = 60 # default" in lines
    assert "[owners] # config.toml, line 6" in lines
    facts = json.loads(config(environ, "--format", "json").stdout)
    assert facts["schema"] == "socd-tui/config/1"
    assert [each["name"] for each in facts["settings"]] == list(NAMES)
    by_name = {each["name"]: each for each in facts["settings"]}
    assert (by_name["days"]["value"], by_name["days"]["source"]) == (30, "config.toml, line 2")
    assert by_name["owners"]["value"] == {"Zoë \u202e": ["Key 1", "dev*"]}
    assert facts["mistakes"] == []


def test_a_file_is_checked_whole_and_wherever_it_is(environ: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "another.toml"
    path.write_text("".join(f"nam{number} = 1\n" for number in range(7)) + 'viev = "bill"\ndays = 91\n')
    done = config(environ, "--check", str(path))
    assert (done.returncode, done.stderr) == (2, "")
    lines = done.stdout.splitlines()
    assert len(lines) == 9
    assert lines[7] == f"{path}, line 8: there is no setting 'viev'. The nearest is 'view'."
    assert json.loads(config(environ, "--check", str(path), "--format", "json").stdout)["mistakes"] == lines
    path.write_text(TOML)
    assert config(environ, "--check", str(path)).stdout == f"{path}: all of it can be used.\n"
    path.write_text("days = = 3")
    assert config(environ, "--check", str(path)).returncode == 2
    gone = config(environ, "--check", str(tmp_path / "\x1b[2Jgone"))
    assert (gone.returncode, gone.stdout) == (2, "")
    assert gone.stderr.startswith("socd-tui: There is no file '")
    assert "\x1b" not in gone.stderr


def test_the_schema_knows_every_setting_and_what_it_may_be(environ: dict[str, str]) -> None:
    schema = json.loads(config(environ, "--schema").stdout)
    properties = schema["properties"]
    assert tuple(properties) == NAMES
    names = valid_names()
    assert properties["view"]["enum"] == list(names.views)
    assert tuple(properties["keys"]["properties"]) == tuple(names.bindings)
    document = tomllib.loads(TOML)
    assert document.keys() <= properties.keys()
    assert document["thresholds"].keys() <= properties["thresholds"]["properties"].keys()
    (own,) = properties["themes"]["patternProperties"].values()
    assert document["themes"]["mine"].keys() <= own["properties"].keys()
    assert all(each["description"] and "default" in each for each in properties.values())


@pytest.mark.parametrize("arguments", [["--demo"], ["--schema", "--check", "x"], ["--key", "x"]])
def test_what_makes_no_sense_is_refused(environ: dict[str, str], arguments: list[str]) -> None:
    assert config(environ, *arguments).returncode == 2
