"""`socd-tui check`: its lines, its document, its exit codes, and the same as a monitoring plugin."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.account import Account, flat, key_id, key_row
from tests.command import Done, ran
from tests.loopback import refuse
from tests.terminal.pseudo import environment

FIGURE = re.compile(r"'(?:[^'=|;])+'=(?:U|-?[\d.]+(?:%|s)?);(?:[\d.:~@]*);(?:[\d.:~@]*)(?:;[\d.]*){0,2}")
"""As the guidelines for monitoring plugins have it."""


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """A key over its limits, one that is calm, one of which nothing can be read."""
    names = ["calm|one = 'it'\nx", "over", "lost"]
    limits = {"rate_limit_per_day": 1000, "rate_limit_per_minute": 100}
    keys = [key_row(n, name=name, **limits) for n, name in enumerate(names, start=1)]
    usages = {
        key_id(1): flat([100] * 7, rate_limit_peak_per_day=100, rate_limit_peak_per_minute=5),
        key_id(2): flat([100] * 7, [1] * 7, rate_limit_peak_per_day=950, rate_limit_peak_per_minute=50),
        key_id(3): refuse(404, "not_found", "No such key"),
    }
    with Account(*keys, usages=usages) as account:  # type: ignore[arg-type]
        yield account


def test_every_key_has_a_line_the_worst_first(account: Account, tmp_path: Path) -> None:
    done = account.run(tmp_path, "check", "--fail-at", "day=80,minute=90,errors=5,throttled=1")
    assert (done.returncode, done.stderr) == (3, "")
    over, lost, calm = done.stdout.splitlines()
    assert over.split()[:2] == ["passed", "'over#k002'"]
    assert over.endswith("day 95% >= 80%")
    assert lost.startswith("unread    'lost#k003'")
    assert calm.startswith("ok        'calm|one = ’it’")
    assert calm.endswith("day 10%, minute 5%, errors 0%, 429s 0")


def test_of_keys_that_nothing_is_judged_of_it_is_not_said_that_they_have_ended(
    account: Account, tmp_path: Path
) -> None:
    done = account.run(tmp_path, "check", "--key", "over", "--fail-at", "session=10")
    assert done.stdout.splitlines()[-1].endswith("'over#k002'  nothing of it is judged")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--key", "sk_live_k001"], 0),
        (["--key", "over"], 3),
        (["--key", "over", "--fail-at", "day=96"], 0),
        (["--fail-at", "day=96"], 6),
        (["--key", "over", "--fail-at", "throttled=1", "--unknown", "fail"], 0),
        (["--fail-at", "dya=96"], 2),
        (["--within", "31"], 2),
        (["--within", "x"], 2),
        (["--by", "chance", "--fail-at", "errors=5"], 2),
        (["--by", "chance", "--within", "0"], 2),
        (["--nagios", "--format", "json"], 2 + 1),  # of a plugin 2 would say that the service is ill
    ],
)
def test_the_exit_code_says_what_is_worst(
    account: Account, tmp_path: Path, arguments: list[str], code: int
) -> None:
    assert account.run(tmp_path, "check", *arguments).returncode == code


def test_the_document_has_every_figure_and_unknown_is_null(account: Account, tmp_path: Path) -> None:
    document = json.loads(account.run(tmp_path, "check", "--format", "json").stdout)
    assert (document["schema"], document["state"], document["exit_code"]) == ("socd-tui/check/1", "passed", 3)
    assert document["thresholds"]["min_requests"] == 100
    over, lost, calm = document["keys"]
    assert over["measures"]["day"] == {
        "state": "passed",
        "value": 95,
        "threshold": 80,
        "unit": "%",
        "reason": None,
        "limit": 1000,
        "limit_source": "key",
        "basis": "peak",
        "chance": None,
    }
    assert (lost["state"], lost["measures"], lost["problem"]["kind"]) == ("unread", {}, "not_found")
    assert calm["name"] == "calm|one = 'it'\nx"
    assert calm["measures"]["findings"]["value"] is None  # seven days do not say what is usual


def test_it_is_said_what_rests_on_a_limit_that_nobody_sent(tmp_path: Path) -> None:
    with Account(key_row(1, rate_limit_per_day=..., rate_limit_per_minute=...), usage=flat()) as account:
        done = account.run(tmp_path, "check", "--format", "json", "--fail-at", "day=80")
    reading = json.loads(done.stdout)["keys"][0]["measures"]["day"]
    assert (reading["limit"], reading["limit_source"]) == (1_000_000, "tier")
    assert reading["confidence"] == {"limit": "assumed", "value": "assumed", "chance": "estimated"}


@pytest.mark.parametrize("more", [["--format", "json"], ["--offline"], ["--nagios"]])
def test_what_leaves_the_team_can_be_told_without_names(
    account: Account, tmp_path: Path, more: list[str]
) -> None:
    account.run(tmp_path, "check")
    said = account.run(tmp_path, "check", "--hide-names", *more).stdout
    assert "95" in said
    assert not any(name in said for name in ("over", "calm", "lost", "k002"))
    assert account.run(tmp_path, "check", "--hide-names", "--exec", "true").returncode == 2


def test_ndjson_is_the_document_in_one_line(account: Account, tmp_path: Path) -> None:
    (line,) = account.run(tmp_path, "check", "--format", "ndjson").stdout.splitlines()
    assert json.loads(line)["keys"][0]["name"] == "over"


def test_thresholds_come_from_the_settings_and_their_mistakes_are_told(
    account: Account, tmp_path: Path
) -> None:
    folder = tmp_path / "config" / "socd-tui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("[thresholds]\nday = 99\nerors = 5\n")
    done = account.run(tmp_path, "check", "--key", "over")
    assert done.returncode == 0
    assert "config.toml, line 3: There is no threshold 'erors'. The nearest is 'errors'." in done.stderr
    assert account.run(tmp_path, "check", "--key", "over", "--fail-at", "day=90").returncode == 3


# --- as a monitoring plugin ------------------------------------------------------------------------


def plugin(account: Account, home: Path, *arguments: str) -> tuple[Done, str, list[str]]:
    """The whole, the text of the first line, and its figures."""
    done = account.run(home, "check", "--nagios", *arguments)
    first, *more = done.stdout.splitlines()
    assert "|" not in "".join(more)
    text, _, figures = first.partition(" | ")
    found = FIGURE.findall(figures)
    assert " ".join(found) == figures
    return done, text, found


def test_a_plugin_says_its_state_and_its_figures(account: Account, tmp_path: Path) -> None:
    done, text, figures = plugin(account, tmp_path, "--fail-at", "day=80,throttled=1,session=10")
    assert (done.returncode, done.stderr) == (2, "")
    said = "SOCD CRITICAL: 3 keys: 1 passed a threshold, 1 could not be read ('over#k002' day 95% >= 80%)"
    assert text == said
    assert figures == [
        "'session'=U;;600:;0",
        "'over#k002 day'=95%;;80;0",
        "'over#k002 throttled'=0;;0;0",
        "'calm/one - itx#k001 day'=10%;;80;0".replace("itx", "it�x"),
        "'calm/one - itx#k001 throttled'=0;;0;0".replace("itx", "it�x"),
    ]


def test_a_plugin_is_ok_or_does_not_know(account: Account, tmp_path: Path) -> None:
    done, text, _ = plugin(account, tmp_path, "--key", "sk_live_k001")
    assert (done.returncode, text) == (0, "SOCD OK: 1 key: none has passed a threshold, 1 not known in part")
    done, text, _ = plugin(account, tmp_path, "--key", "sk_live_k001", "--fail-at", "day=80")
    assert (done.returncode, text) == (0, "SOCD OK: 1 key: none has passed a threshold")
    done, text, _ = plugin(account, tmp_path, "--fail-at", "day=99")
    assert done.returncode == 3
    assert text.startswith("SOCD UNKNOWN: 3 keys: 1 could not be read")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--key", "nobody"],
        ["--fail-at", "dya=1"],
        ["--within", "99"],
        ["--fail-at"],
        ["--unknown", "maybe"],
        ["--bogus"],
        ["--view", "status"],
        ["--watch", "60"],
    ],
)
def test_what_is_typed_wrong_is_unknown_to_a_plugin(
    account: Account, tmp_path: Path, arguments: list[str]
) -> None:
    done = account.run(tmp_path, "check", "--nagios", *arguments)
    assert done.returncode == 3
    assert done.stdout.startswith("SOCD UNKNOWN: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--days", "x", "check", "--nagios"],
        ["--bogus", "check", "--nagios"],
        ["check", "--nag", "--bogus"],
        ["check", "--nagios", "--profile", "nobody"],
        ["check", "--nagios", "--open", "/nonexistent.json"],
        ["check", "--nagios", "--output", "/nonexistent/plugin"],
    ],
)
def test_a_plugin_that_cannot_begin_does_not_know_either(tmp_path: Path, arguments: list[str]) -> None:
    done = ran(environment(tmp_path, SOCD_BASE_URL="http://127.0.0.1:9"), *arguments)
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.startswith("SOCD UNKNOWN: ")


def test_without_a_session_the_exit_code_is_5_and_a_plugin_does_not_know(tmp_path: Path) -> None:
    alone = environment(tmp_path, SOCD_BASE_URL="http://127.0.0.1:9")
    done = ran(alone, "check")
    assert (done.returncode, done.stdout) == (5, "")
    done = ran(alone, "check", "--nagios")
    assert done.returncode == 3
    assert done.stdout.startswith("SOCD UNKNOWN: You are not signed in")


def test_of_an_account_without_keys_a_plugin_does_not_know(tmp_path: Path) -> None:
    with Account() as account:
        assert account.run(tmp_path, "check").stdout == "There is no key to look at.\n"
        done = account.run(tmp_path, "check", "--nagios")
    assert (done.returncode, done.stdout.splitlines()[0]) == (3, "SOCD UNKNOWN: there is no key")


def test_a_session_that_the_service_refuses_is_5_and_3(tmp_path: Path) -> None:
    with Account(key_row(1), usage=flat()) as account:
        account.behaviours["/api/v1/keys"] = refuse(401, "unauthorized", "expired")
        assert account.run(tmp_path, "check").returncode == 5
        assert account.run(tmp_path, "check", "--nagios").returncode == 3


def test_what_is_stored_can_be_judged_without_asking(account: Account, tmp_path: Path) -> None:
    account.run(tmp_path, "check")
    asked = len(account.requests)
    done = account.run(tmp_path, "check", "--offline", "--format", "json", "--fail-at", "day=80")
    document = json.loads(done.stdout)
    assert (done.returncode, document["source"]["mode"]) == (3, "cache")
    assert [key["state"] for key in document["keys"]] == ["passed", "unread", "ok"]
    assert account.run(tmp_path, "tell", "--offline").stdout.startswith("All 3 keys, ")
    assert account.run(tmp_path, "findings", "--offline").returncode == 6
    assert account.run(tmp_path, "guard", "--offline", "--needs", "1").returncode == 2
    export = str(tmp_path / "export.json")
    account.run(tmp_path, "show", "overview", "--offline", "--format", "json", "--output", export)
    assert account.run(tmp_path, "check", "--open", export, "--fail-at", "day=80").returncode == 3
    assert account.run(tmp_path, "tell", "--open", export).stdout.startswith("All 3 keys, ")
    assert len(account.requests) == asked


def test_a_session_that_has_ended_is_told_with_the_command_that_signs_in(tmp_path: Path) -> None:
    with Account(key_row(1)) as account:
        account.behaviours["/api/v1/keys"] = refuse(401, "unauthorized", "expired")
        done = account.run(tmp_path, "check")
    assert (done.returncode, done.stdout) == (5, "")
    assert "then run `socd-tui login`, or set SOCD_SESSION_TOKEN anew" in done.stderr


@pytest.mark.parametrize("window", [("--yesterday",), ("--until", "2026-11-20")])
def test_days_that_do_not_reach_to_now_are_refused_with_the_reason(
    account: Account, tmp_path: Path, window: tuple[str, ...]
) -> None:
    done = account.run(tmp_path, "check", *window)
    assert (done.returncode, done.stdout) == (2, "")
    assert "judges days up to now. Look back with --since or --days" in done.stderr
