"""What is stored is enough to look at: nothing is asked, no session is needed, and it says how old it is."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.account import Account, flat, key_id, key_row
from tests.clock import NOW, Clock
from tests.command import Done, ran
from tests.loopback import answer_json
from tests.terminal.pseudo import environment

COUNTS = [*range(1, 90), 500]
"""Requests of 90 days; today so far 500."""


def usage(days: int) -> dict[str, object]:
    return flat(COUNTS[-days:], [1] * days)


def token(subject: str) -> str:
    said = base64.urlsafe_b64encode(json.dumps({"sub": subject}).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJIUzI1NiJ9.{said}.c2lnbmF0dXJl"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Account, Path]]:
    """An account that was looked at once, and the home where that is stored, without a session."""
    home = tmp_path_factory.mktemp("asked")
    rows = [key_row(1), key_row(2, name="never answers")]
    with Account(
        *rows,
        usage=lambda request: answer_json(usage(int(request.query["days"])))(request),
        usages={key_id(2): answer_json({"error": "gone"}, status=404)},
    ) as account:
        assert account.show(home, "overview").returncode == 6
        yield account, home


def offline(asked: tuple[Account, Path], *words: str, later: timedelta = timedelta(), **environ: str) -> Done:
    account, home = asked
    before = len(account.requests)
    done = ran(environment(home, SOCD_BASE_URL=account.base_url, **environ), *words, clock=Clock(NOW + later))
    assert len(account.requests) == before, "something was asked"
    return done


def document(asked: tuple[Account, Path], *words: str, code: int = 6, **more: Any) -> dict[str, Any]:
    done = offline(asked, "show", *words, "--format", "json", **more)
    assert done.returncode == code, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_what_was_read_last_is_shown_with_its_age_and_why_a_key_is_missing(
    asked: tuple[Account, Path],
) -> None:
    done = offline(asked, "show", "overview", "--offline", later=timedelta(days=1))
    assert done.returncode == 6
    assert "as of Sun 22 Nov 14:20 UTC" in done.stdout
    assert "'never answers#k002': No figures of this key are stored." in done.stderr
    told = document(asked, "overview", "--offline")
    assert told["source"]["mode"] == "cache"
    assert told["source"]["fetched_at"] == "2026-11-22T14:20:00Z"
    assert told["data"]["rows"][0]["requests"] == sum(COUNTS[-7:])


def test_a_window_that_was_never_asked_for_is_summed_from_the_days(asked: tuple[Account, Path]) -> None:
    told = document(asked, "overview", "--offline", "--days", "14", "--key", "Key 1", code=0)
    (row,) = told["data"]["rows"]
    assert (row["requests"], row["p95_ms"]) == (sum(COUNTS[-14:]), None)
    assert any("summed from the days" in note["message"] for note in told["notes"])


def test_a_look_at_one_key_does_not_narrow_what_is_judged_of_all(tmp_path: Path) -> None:
    with Account(
        key_row(1), key_row(2), usage=lambda request: answer_json(usage(int(request.query["days"])))(request)
    ) as account:
        assert account.show(tmp_path, "overview").returncode == 0
        assert account.show(tmp_path, "overview", "--days", "1", "--key", "Key 1").returncode == 0
        environ = environment(tmp_path, SOCD_BASE_URL=account.base_url)
        done = ran(environ, "check", "--offline", "--fail-at", "throttled=1", clock=Clock(NOW))
    assert "unread" not in done.stdout
    assert "What is there is of 7 days, and judged in place of 1." in done.stderr


@pytest.mark.parametrize("command", ["keys", "history", "status"])
def test_other_commands_take_it_too(asked: tuple[Account, Path], command: str) -> None:
    done = offline(asked, command, "--offline")
    assert done.returncode == (5 if command == "status" else 0)
    assert "Key 1" in done.stdout or command == "status"


def test_the_account_of_the_session_is_shown_and_without_one_the_one_read_last(tmp_path: Path) -> None:
    clocks = {"first": Clock(NOW), "second": Clock(NOW + timedelta(hours=1))}
    with Account(key_row(1), usage=usage(7)) as account:
        homes = environment(tmp_path, SOCD_BASE_URL=account.base_url)
        for who, clock in clocks.items():
            account.listed = {"data": [key_row(1, name=f"of the {who}")], "meta": {"total": 1}}
            account.details[key_id(1)] = {"data": key_row(1, name=f"of the {who}")}
            environ = {**homes, "SOCD_SESSION_TOKEN": token(who)}
            assert ran(environ, "show", "overview", clock=clock).returncode == 0

        def listed(**environ: str) -> Done:
            return ran({**homes, **environ}, "keys", "--offline", clock=Clock(NOW + timedelta(hours=2)))

        anyone = listed()
        assert "of the second" in anyone.stdout
        assert "2 accounts are stored" in anyone.stderr
        assert "Sign in to look at another" in anyone.stderr
        assert "of the first" in listed(SOCD_SESSION_TOKEN=token("first")).stdout
        stranger = listed(SOCD_SESSION_TOKEN=token("third"))
        assert (stranger.returncode, stranger.stdout) == (1, "")
        assert "and this account" in stranger.stderr


def test_where_nothing_is_stored_one_sentence_says_what_to_do_and_nothing_is_made(tmp_path: Path) -> None:
    done = ran(environment(tmp_path, SOCD_BASE_URL="http://127.0.0.1:9"), "show", "overview", "--offline")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Nothing is stored of http://127.0.0.1:9. Leave --offline out once" in done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--demo", "--offline"], "The demo has nothing stored."),
        (["--offline", "--raw", "--format", "json"], "--raw adds what the service sends"),
        (["--offline", "--today", "--week"], "More than one window"),
        (["--offline", "--days", "3", "--since", "mon"], "More than one window"),
        (["--offline", "--since", "2026-02-30"], "'2026-02-30' is not a date. Write 2026-11-24"),
        (["--offline", "--since", "2026-11-23"], "is after today, 22 Nov 2026 UTC"),
        (["--offline", "--since", "10 nov", "--until", "9 nov"], "2026-11-10 is after 2026-11-09"),
        (["--offline", "--since", "2001-01-01"], "more than ten years"),
        (["--offline", "--yesterday", "--compare", "week"], "compares the weeks up to now"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_contradicts_itself_is_refused(asked: tuple[Account, Path], words: list[str], why: str) -> None:
    done = offline(asked, "show", "overview", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr


def test_named_days_are_cut_exactly(asked: tuple[Account, Path]) -> None:
    """Sunday 22 November: the newest of 90 days."""
    for words, first, last in (
        (["--today"], 0, 0),
        (["--yesterday"], 1, 1),
        (["--week"], 6, 0),
        (["--month"], 21, 0),
        (["--since", "2026-11-10", "--until", "12 nov"], 12, 10),
        (["--until", "2026-11-12", "--days", "3"], 12, 10),
        (["--since", "fri"], 2, 0),
    ):
        told = document(asked, "series", "--key", "Key 1", *words, "--offline", code=0)
        dates = [str(NOW.date() - timedelta(days=ago)) for ago in range(first, last - 1, -1)]
        assert [day["date"] for day in told["data"]["days"]] == dates, words
        counts = COUNTS[len(COUNTS) - 1 - first : len(COUNTS) - last]
        assert [day["requests"] for day in told["data"]["days"]] == counts, words
        assert (told["window"]["start"], told["window"]["end"]) == (dates[0], dates[-1])


def test_what_the_service_does_not_tell_of_named_days_is_unknown_and_said(
    asked: tuple[Account, Path],
) -> None:
    words = ["--since", "2026-11-10", "--until", "2026-11-12", "--key", "Key 1", "--offline"]
    told = document(asked, "overview", *words, code=0)
    (row,) = told["data"]["rows"]
    assert (row["requests"], row["p95_ms"], row["peak_per_minute"]) == (sum(COUNTS[-13:-10]), None, None)
    assert any("are not told" in note["message"] for note in told["notes"])
    assert document(asked, "status", *words, code=0)["data"]["rows"] is None
    compared = document(asked, "overview", *words, "--compare", code=0)
    assert compared["compared"]["before"] == {"days": 3, "start": "2026-11-07", "end": "2026-11-09"}
    assert compared["data"]["rows"][0]["previous_requests"] == sum(COUNTS[-16:-13])


def test_the_service_is_asked_for_what_named_days_are_cut_from(tmp_path: Path) -> None:
    with Account(
        key_row(1), usage=lambda request: answer_json(usage(int(request.query["days"])))(request)
    ) as account:
        words = ["series", "--since", "2026-11-10", "--until", "2026-11-12", "--format", "json"]
        done = account.show(tmp_path, *words)
        assert done.returncode == 0
        assert [day["requests"] for day in json.loads(done.stdout)["data"]["days"]] == COUNTS[-13:-10]
        week = json.loads(account.show(tmp_path, "status", "--week", "--format", "json").stdout)
        assert week["data"]["rows"], "a week up to now is told by the service itself"


# --- an export ---------------------------------------------------------------------------------------


def test_an_export_is_looked_at_again_without_an_account(asked: tuple[Account, Path], tmp_path: Path) -> None:
    path = str(tmp_path / "export.json")
    words = ["overview", "--offline", "--key", "Key 1", "--sort", "requests:asc", "--yesterday"]
    first = document(asked, *words, "--output", "-", code=0)
    assert offline(asked, "show", *words, "--format", "json", "--output", path).returncode == 0
    alone = environment(tmp_path)
    again = ran(
        alone, "show", "overview", "--open", path, "--format", "json", clock=Clock(NOW + timedelta(99))
    )
    told = json.loads(again.stdout)
    assert told["source"] == {**first["source"], "mode": "file"}
    assert {**told, "source": 0, "generated_at": 0} == {**first, "source": 0, "generated_at": 0}
    other = ran(alone, "show", "series", "--open", path, "--days", "3", "--format", "csv")
    assert [line.split(",")[1] for line in other.stdout.splitlines()[1:]] == ["88", "89", "500"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--open", "missing.json"], "There is no file missing.json."),
        (["--open", __file__], "is no export of this program"),
        (["--open", __file__, "--demo"], "An export is all that is looked at"),
        (["--open", __file__, "--offline"], "An export is all that is looked at"),
    ],
)
def test_what_is_no_export_is_refused(tmp_path: Path, words: list[str], why: str) -> None:
    for command in (["show", "overview"], []):
        done = ran(environment(tmp_path), *command, *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert why in done.stderr


def test_what_leaves_the_team_names_nobody(asked: tuple[Account, Path], tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    for words in (["overview"], ["series", "--key", "Key 1"], ["key", "--key", "Key 1"]):
        done = offline(
            asked, "show", *words, "--offline", "--hide-names", "--format", "json", "--output", str(path)
        )
        assert done.returncode in (0, 6), done.stderr
        told = path.read_text()
        assert '"name": "key 1"' in told
        for name in ("Key 1", "never answers", "sk_live", key_id(1)):
            assert name not in told
        again = ran(environment(tmp_path), "show", words[0], "--open", str(path))
        assert "key 1#1" in again.stdout
    refused = offline(asked, "show", "overview", "--offline", "--hide-names", "--filter", "never answers")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--filter says a name" in refused.stderr
