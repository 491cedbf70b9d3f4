"""Several accounts of one person: each has a session and a history of its own; some are read together."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from socd_tui.commands.parts.commands import commands
from tests.account import Account, flat, key_row
from tests.build import jwt
from tests.command import Done, ran
from tests.terminal.pseudo import environment

OURS, THEIRS = jwt(sub="ours"), jwt(sub="theirs")


@pytest.fixture(scope="module")
def services() -> Iterator[tuple[Account, Account]]:
    """Ours, where all is well, and theirs, whose only key has used up 95 % of its day's limit."""
    busy = key_row(2, name="Key of theirs", rate_limit_per_day=1000)
    with (
        Account(key_row(1, name="Key of ours")) as ours,
        Account(busy, usage=flat([950] * 7)) as theirs,
    ):
        yield ours, theirs


@pytest.fixture
def home(tmp_path: Path, services: tuple[Account, Account]) -> Path:
    """Somebody's who has named both accounts, and is signed in to neither."""
    configured(tmp_path, services)
    return tmp_path


def configured(home: Path, services: tuple[Account, Account], more: str = "") -> None:
    ours, theirs = services
    tables = f'[profiles.ours]\nbase_url = "{ours.origin}"\n[profiles.theirs]\nbase_url = "{theirs.origin}"\n'
    path = home / "config" / "socd-tui" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(tables + more)


def run(home: Path, *arguments: str, given: str = "", **environ: str) -> Done:
    return ran(environment(home, **environ), *arguments, given=given)


@pytest.fixture
def signed_in(home: Path) -> Path:
    """The same home, signed in to both."""
    for profile, token in (("ours", OURS), ("theirs", THEIRS)):
        assert run(home, "login", "--stdin", "--profile", profile, given=token).returncode == 0
    return home


def test_each_is_asked_at_its_own_address_with_its_own_token_and_keeps_its_own_history(
    signed_in: Path, services: tuple[Account, Account]
) -> None:
    for service, profile, name in zip(services, ("ours", "theirs"), ("ours", "theirs"), strict=True):
        done = run(signed_in, "show", "overview", "--profile", profile, "--format", "csv")
        assert done.returncode == 0
        assert f"Key of {name}" in done.stdout
        token = OURS if profile == "ours" else THEIRS
        assert {request.headers["cookie"] for request in service.requests} == {f"sb-access-token={token}"}
    remembered = [
        run(signed_in, "history", *of).stdout for of in ([], ["--profile", "ours"], ["--profile", "theirs"])
    ]
    assert [("Key of ours" in text, "Key of theirs" in text) for text in remembered] == [
        (False, False),
        (True, False),
        (False, True),
    ]
    offline = run(signed_in, "show", "overview", "--offline", "--profile", "theirs", "--format", "csv")
    assert "Key of theirs" in offline.stdout


def test_who_signs_out_of_one_stays_signed_in_to_the_other(signed_in: Path) -> None:
    done = run(signed_in, "logout", "--profile", "ours")
    assert "profiles/ours/session.json" in done.stdout
    codes = [run(signed_in, "status", "--profile", each).returncode for each in ("ours", "theirs", "default")]
    assert codes == [5, 0, 5]
    done = run(signed_in, "keys", "--profile", "ours")
    assert done.returncode == 5
    assert "Run `socd-tui login --profile ours`" in done.stderr


def test_an_unknown_profile_is_refused_with_the_nearest(home: Path, tmp_path: Path) -> None:
    for typed in ("their", "ours,their"):
        done = run(home, "show", "overview", "--profile", typed)
        assert (done.returncode, done.stdout) == (2, "")
        assert "There is no profile 'their'. The nearest is 'theirs'." in done.stderr
        assert "Choose from: ours, theirs, default." in done.stderr
    done = run(tmp_path / "other", "status", "--profile", "x")
    assert done.returncode == 2
    assert "Add [profiles.NAME] with base_url to config.toml" in done.stderr


def test_the_command_line_wins_over_the_profile_and_that_over_the_environment(
    home: Path, services: tuple[Account, Account]
) -> None:
    def asked(*arguments: str) -> str:
        done = run(home, "status", *arguments, "--format", "json", SOCD_BASE_URL="http://127.0.0.1:9")
        return str(json.loads(done.stdout)["base_url"])

    assert asked() == "http://127.0.0.1:9"
    assert asked("--profile", "ours") == services[0].origin
    assert asked("--profile", "ours", "--base-url", "https://soc.example") == "https://soc.example"
    configured(home, services, "[profiles.bare]\n")
    assert asked("--profile", "bare") == "http://127.0.0.1:9"


# --- several at once ------------------------------------------------------------------------------


def both(home: Path, *arguments: str, **environ: str) -> Done:
    return run(home, *arguments, "--profile", "ours,theirs", **environ)


def test_a_document_has_one_for_each(signed_in: Path, services: tuple[Account, Account]) -> None:
    done = both(signed_in, "show", "overview", "--format", "json")
    document = json.loads(done.stdout)
    assert done.returncode == 0
    assert document["schema"] == "socd-tui/profiles/1"
    parts = document["profiles"]
    assert [part["profile"] for part in parts] == ["ours", "theirs"]
    assert [part["base_url"] for part in parts] == [service.origin for service in services]
    assert [part["document"]["keys"][0]["name"] for part in parts] == ["Key of ours", "Key of theirs"]
    assert [part["error"] for part in parts] == [None, None]


def test_a_table_says_of_each_row_whose_it_is(signed_in: Path) -> None:
    rows = list(csv.DictReader(StringIO(both(signed_in, "keys", "--format", "csv").stdout)))
    assert [(row["profile"], row["name"]) for row in rows] == [
        ("ours", "Key of ours"),
        ("theirs", "Key of theirs"),
    ]


def test_text_stands_one_below_the_other(signed_in: Path, services: tuple[Account, Account]) -> None:
    text = both(signed_in, "show", "overview").stdout
    first, second = (
        f"{name} ({service.origin})" for name, service in zip(("ours", "theirs"), services, strict=True)
    )
    assert text.startswith(first)
    assert text.index("Key of ours") < text.index(second) < text.index("Key of theirs")
    assert both(signed_in, "keys", "--format", "md").stdout.startswith(f"## {first}\n\n|")


def test_the_gravest_exit_code_counts_and_each_sentence_says_whose_it_is(signed_in: Path) -> None:
    assert both(signed_in, "check").returncode == 3
    lines = both(signed_in, "check", "--format", "ndjson").stdout.splitlines()
    assert [json.loads(line)["profile"] for line in lines] == ["ours", "theirs"]
    run(signed_in, "logout", "--profile", "ours")
    done = both(signed_in, "check")
    assert done.returncode == 3
    assert "socd-tui: ours: You are not signed in" in done.stderr
    done = both(signed_in, "keys", "--format", "json")
    assert done.returncode == 5
    parts = json.loads(done.stdout)["profiles"]
    assert (parts[0]["document"], parts[0]["error"]["kind"]) == (None, "not_signed_in")
    assert parts[1]["document"]["keys"]


def test_several_go_into_one_file(signed_in: Path, tmp_path: Path) -> None:
    path = tmp_path / "keys.csv"
    assert both(signed_in, "keys", "--format", "csv", "--output", str(path)).stdout == ""
    assert len(path.read_text().splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "The terminal program is of one account. Name one profile"),
        (["login"], "`socd-tui login` is of one account."),
        (["serve-metrics"], "is of one account"),
        (["check", "--watch", "60"], "`socd-tui check` is of one account with --watch."),
        (["show", "overview", "--format", "svg"], "What --format svg prints is of one account."),
    ],
)
def test_what_is_of_one_account_is_refused_for_several(home: Path, arguments: list[str], told: str) -> None:
    done = both(home, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_a_monitoring_plugin_does_not_know_how_several_are(home: Path) -> None:
    done = both(home, "check", "--nagios")
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.startswith("SOCD UNKNOWN: `socd-tui check` is of one account with --nagios. ")


def test_the_session_of_the_environment_is_nobody_elses(
    home: Path, services: tuple[Account, Account]
) -> None:
    before = [len(service.requests) for service in services]
    done = both(home, "keys", SOCD_SESSION_TOKEN=OURS)
    assert done.returncode == 2
    assert "SOCD_SESSION_TOKEN is the session of one account." in done.stderr
    assert [len(service.requests) for service in services] == before


def test_the_demo_and_an_export_have_no_profiles(home: Path) -> None:
    assert "The demo is an account of its own." in run(home, "keys", "--demo", "--profile", "ours").stderr
    done = run(home, "show", "overview", "--open", "x.json", "--profile", "ours")
    assert (done.returncode, "so --profile says nothing" in done.stderr) == (2, True)


def test_whatever_reads_an_account_takes_a_profile() -> None:
    without = {command.name for command in commands() if "profile" not in command.uses}
    assert without == {"demo-server", "spec"}


# --- the file -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        (
            "[profiles.a]\nbase_ulr = 'https://x.example'",
            "no setting 'base_ulr' of a profile. The nearest is 'base_url'",
        ),
        ("[profiles.a]\nbase_url = 'http://x.example'", "line 2: The base URL is plain http"),
        ("[profiles.a]\nbase_url = 7", "line 2: The base URL is not of the form"),
        ("[profiles.'../x']", "'../x' is no name for a profile"),
        (
            "[profiles.a]\nbase_url = 'https://x.example'\nbase_uri = 'x'",
            "line 3: there is no setting 'base_uri'",
        ),
        ("[profiles.default]", "'default' is the account without a profile"),
        ("[profiles.a]\n[profiles.A]", "'A' and 'a' would have one folder"),
        ("[profiles]\na = 'https://x.example'", "the profile 'a' is a table"),
        ("profiles = 'a'", "profiles is a table of names"),
    ],
)
def test_what_of_it_cannot_be_used_is_told_with_its_line(tmp_path: Path, tables: str, told: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(tables)
    done = run(tmp_path / "home", "config", "--check", str(path))
    assert done.returncode == 2
    assert told in done.stdout


def test_a_profile_whose_service_cannot_be_used_is_not_one_of_the_usual_service(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "socd-tui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("[profiles.a]\nbase_url = 'http://x.example'\n")
    done = run(tmp_path, "status", "--profile", "a")
    assert done.returncode == 2
    assert "line 2: The base URL is plain http" in done.stderr
    assert "There is no profile 'a'" in done.stderr


def test_config_and_its_schema_tell_the_profiles(home: Path, services: tuple[Account, Account]) -> None:
    done = run(home, "config", "--format", "json", "--profile", "theirs")
    document = json.loads(done.stdout)
    (profiles,) = (each for each in document["settings"] if each["name"] == "profiles")
    assert profiles["value"]["ours"] == {"base_url": services[0].origin}
    besides = {each["name"]: (each["value"], each["source"]) for each in document["besides"]}
    assert besides["account"] == ("theirs", "--profile on the command line")
    assert besides["service"] == (services[1].origin, "[profiles.theirs] in config.toml")
    assert "profiles" in json.loads(run(home, "config", "--schema").stdout)["properties"]
    assert f'base_url = "{services[0].origin}"' in run(home, "config").stdout
