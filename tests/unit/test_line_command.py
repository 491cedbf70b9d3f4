"""`socd-tui line`: one line of what is stored, that no bar obeys and nothing can stop."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from socd_tui.outputs.line import FIELDS
from tests.account import TOKEN, Account, flat, key_id, key_row
from tests.build import jwt
from tests.clock import NOW, Clock
from tests.command import Done, ran
from tests.terminal.pseudo import environment

HOSTILE = "#[fg=red]#(rm)<b>&$`%{F}"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where two keys were looked at: one that expires soon and is called something that bars obey."""
    folder = tmp_path_factory.mktemp("line")
    soon = f"{NOW + timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}"
    keys = [key_row(1, name=HOSTILE, expires_at=soon, rate_limit_per_day=1000), key_row(2, name="calm")]
    usage = flat([100] * 90, [3] * 90, rate_limit_peak_per_day=520, rate_limit_peak_per_minute=1)
    with Account(*keys, usages={key_id(1): usage, key_id(2): flat([50] * 90)}) as account:
        environ = {"SOCD_BASE_URL": account.origin, "SOCD_SESSION_TOKEN": account_token()}
        assert ran(environment(folder, **environ), "show", "overview").returncode == 0
        (folder / "origin").write_text(account.origin)
    return folder


def account_token() -> str:
    return jwt(sub="somebody", exp=int((NOW + timedelta(minutes=50)).timestamp()))


def line(home: Path, *arguments: str, minutes: int = 3, token: str | None = None) -> Done:
    """So long after what is stored was asked for; the service is gone by then."""
    environ = {"SOCD_BASE_URL": (home / "origin").read_text(), "SOCD_SESSION_TOKEN": token or account_token()}
    at = Clock(NOW + timedelta(minutes=minutes))
    return ran(environment(home, **environ), "line", *arguments, clock=at)


def test_the_usual_line_says_the_worst_the_cap_and_how_old_it_is(home: Path) -> None:
    done = line(home)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("expiring  cap 52.0%  err 2.0%  429 0  3 min\n")


def test_fields_are_filled_in_and_text_stays(home: Path) -> None:
    done = line(home, "--format", "{{{keys}}} {requests} {share} {over}/{near} {session} {days}d\n{findings}")
    assert done.stdout == "{2} 13.5k 66.7% 0/0 47 min 7d 1\n"


def test_a_field_that_there_is_not_stays_and_is_told_with_the_nearest(home: Path) -> None:
    done = line(home, "--format", "x {throtled} {} {keys}")
    assert (done.returncode, done.stdout) == (0, "x {throtled} {} 2\n")
    assert "There is no field 'throtled'. The nearest is 'throttled'." in done.stderr


@pytest.mark.parametrize("arguments", [[], ["--for", "plain"]])
def test_of_a_name_nothing_stays_that_a_bar_obeys(home: Path, arguments: list[str]) -> None:
    said = line(home, "--format", "{worst}", *arguments).stdout
    assert not set(said) & set("#<>&$`%{}")
    assert "fg=red" in said


def test_what_a_bar_obeys_is_escaped_as_it_has_it(home: Path) -> None:
    assert line(home, "--format", "#[bold]{busiest}", "--for", "tmux").stdout.startswith(
        "#[bold]##[fg=red]##(rm)"
    )
    assert "66.7%%" in line(home, "--format", "{share}", "--for", "zsh").stdout
    facts = json.loads(line(home, "--format", "<b>{busiest}</b>", "--for", "waybar").stdout)
    assert facts["text"].startswith("<b>#[fg=red]#(rm)&lt;b&gt;")
    assert facts["class"] == "low"
    assert "<" not in facts["tooltip"]
    assert "expires on Tue 24 Nov" in facts["tooltip"]


def test_what_has_been_stored_since_is_in_the_next_line(tmp_path: Path) -> None:
    """A line is made once, and again when anything has been written."""
    with Account(key_row(1), usage=flat([100] * 7)) as account:
        environ = environment(tmp_path, SOCD_BASE_URL=account.origin, SOCD_SESSION_TOKEN=account_token())

        def said() -> str:
            return ran(environ, "line", "--format", "{requests}").stdout

        ran(environ, "show", "overview")
        assert [said(), said()] == ["700\n", "700\n"]
        account.usage = flat([200] * 7)
        ran(environ, "show", "overview", clock=Clock(NOW + timedelta(minutes=5)))
        assert ran(environ, "line", "--format", "{requests}").stdout == "1,400\n"
        (tmp_path / "data" / "socd-tui" / "history.sqlite3").unlink()
        assert ran(environ, "line", "--format", "{requests}").stdout == "?\n"


def test_every_field_that_help_tells_has_a_value(home: Path) -> None:
    template = " ".join(f"{{{name}}}" for name in FIELDS if name != "mark")
    said = line(home, "--format", template).stdout
    assert "?" not in said
    assert "{" not in said


def test_one_key_can_be_chosen(home: Path) -> None:
    assert line(home, "--key", "calm", "--format", "{keys} {requests} {worst}").stdout == "1 4,500 ok\n"


def test_the_figures_stay_when_the_session_has_ended_or_is_gone(home: Path) -> None:
    assert line(home, "--format", "{keys} {session}", minutes=60).stdout == "2 ended\n"
    alone = environment(home, SOCD_BASE_URL=(home / "origin").read_text())
    assert ran(alone, "line", "--format", "{keys} {session}").stdout == "2 none\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--demo"],
        ["--offline"],
        ["--base-url", "http://evil.test"],
        ["--key", "nobody"],
        ["--for", "waybar"],
    ],
)
def test_where_nothing_is_known_there_is_a_line_too(tmp_path: Path, arguments: list[str]) -> None:
    environ = environment(tmp_path, SOCD_BASE_URL="http://127.0.0.1:9", SOCD_SESSION_TOKEN=TOKEN)
    done = ran(environ, "line", *arguments)
    assert done.returncode == 0
    assert "?  cap ?  err ?  429 ?  ?" in done.stdout
    assert "--offline out" not in done.stderr, "it never asks"
    assert len(done.stdout.splitlines()) == 1


def test_a_broken_store_is_told_beside_the_line(tmp_path: Path) -> None:
    path = tmp_path / "data" / "socd-tui" / "history.sqlite3"
    path.mkdir(parents=True)
    environ = environment(tmp_path, SOCD_BASE_URL="http://127.0.0.1:9", SOCD_SESSION_TOKEN=account_token())
    done = ran(environ, "line")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 1)
    assert done.stderr


def test_help_tells_every_field(tmp_path: Path) -> None:
    told = " ".join(ran(environment(tmp_path), "line", "--help").stdout.split())
    assert "{busiest} the key with the most" in told
    assert "{session} what is left of the session" in told
