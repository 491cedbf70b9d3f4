"""`socd-tui tell`: plain sentences, and with `--watch` what is new."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from socd_tui.commands.parts.context import World
from socd_tui.commands.parts.rounds import Pause
from socd_tui.commands.tell import TellOptions, watch
from socd_tui.model.lens import Lens
from socd_tui.service.demo import DemoServer
from tests.account import TOKEN, Account, flat, key_id, key_row
from tests.build import jwt
from tests.clock import NOW, Clock
from tests.command import ran
from tests.loopback import refuse
from tests.rounds import watched
from tests.terminal.pseudo import environment


def test_it_says_the_four_answers_and_every_finding(demo: DemoServer, tmp_path: Path) -> None:
    environ = environment(tmp_path, SOCD_BASE_URL=demo.base_url, SOCD_SESSION_TOKEN=demo.token)
    done = ran(environ, "tell")
    assert (done.returncode, done.stderr) == (6, "")
    opening, burning, cap, failing, refused, *findings = done.stdout.splitlines()
    assert opening == "All 10 keys, the last 7 days, as of 14:20 UTC."
    assert burning.startswith("'threat-notebook#2zBT' is burning the limit: ")
    assert " of 10 keys reached a limit (the day limit: 1, the minute limit: " in cap
    assert failing.startswith("4xx without 429 are ")
    assert " requests were refused with 429, " in refused
    assert findings[0].startswith("'threat-notebook#2zBT' runs away: ")
    assert "'ghost import#" in findings[-1]


def test_of_a_quiet_key_it_says_that_nothing_is_wrong(tmp_path: Path) -> None:
    with Account(key_row(1), usage=flat([100] * 90)) as account:
        lines = account.run(tmp_path, "tell", "--days", "90").stdout.splitlines()
    assert lines == [
        "'Key 1#k001', the last 90 days, as of 14:20 UTC.",
        "'Key 1#k001' made the most requests, as it usually does: 9,000 requests, 100% of all.",
        "No key is near a limit; the highest use is <0.1% of a day limit.",
        "4xx without 429 are 0% of the requests; 5xx are 0%.",
        "No request was refused with 429.",
        "Nothing unusual in 1 key.",
    ]


def test_what_leaves_the_team_can_be_told_without_names(tmp_path: Path) -> None:
    with Account(key_row(1, name="Ann's own"), usage=flat([100] * 90)) as account:
        said = account.run(tmp_path, "tell", "--hide-names").stdout
        assert "made the most requests" in said
        assert "Ann" not in said
        assert account.run(tmp_path, "tell", "--hide-names", "--watch").returncode == 2


def test_without_a_key_there_is_nothing_to_tell(tmp_path: Path) -> None:
    with Account() as account:
        assert account.run(tmp_path, "tell").stdout == "There is no key to look at.\n"


# --- what is new -----------------------------------------------------------------------------------


def told(
    account: Account, home: Path, *steps: Callable[[], object], token: str = TOKEN, profile: str | None = None
) -> list[list[str]]:
    """The lines of each round, each with its time taken off; the clock goes on by a minute in between."""
    clock = Clock()
    environ = environment(
        home, SOCD_BASE_URL=account.origin, **({"SOCD_SESSION_TOKEN": token} if token else {})
    )

    def passing(step: Callable[[], object]) -> Callable[[], object]:
        def go() -> None:
            clock.pass_by(timedelta(minutes=1))
            step()

        return go

    def go_on(world: World[TellOptions], pause: Pause) -> object:
        return watch(world, Lens(), timedelta(minutes=1), pause)

    options = TellOptions(watch="60", profile=profile)
    done = watched(environ, options, go_on, [passing(step) for step in steps], clock)
    assert done.returncode == [60.0] * (len(steps) + 1)
    lines: list[list[str]] = [[] for _ in range(len(steps) + 1)]
    for line in done.stdout.splitlines():
        time, _, said = line.partition(" UTC  ")
        lines[int(time[3:]) - 20].append(said)
    return lines


def quiet() -> dict[str, object]:
    return flat([100] * 90, rate_limit_peak_per_day=100, rate_limit_peak_per_minute=5)


def nothing() -> None:
    pass


def test_only_what_is_new_is_said_after_the_first_look(tmp_path: Path) -> None:
    with Account(key_row(1, rate_limit_per_day=1000), usage=quiet()) as account:

        def over() -> None:
            account.usage = {**quiet(), "rate_limit_peak_per_day": 1000}

        def calm() -> None:
            account.usage = quiet()

        first, second, third, fourth = told(account, tmp_path, nothing, over, calm)
    assert first[0] == "'Key 1#k001', the last 7 days, as of 14:20 UTC."
    assert second == []
    assert third == ["'Key 1#k001' is now at a limit; it was below its limits."]
    assert fourth == ["'Key 1#k001' is now below its limits; it was at a limit."]


def test_a_finding_is_said_when_it_comes_and_when_it_is_over(tmp_path: Path) -> None:
    soon, late = "2026-11-24T00:00:00Z", "2027-11-24T00:00:00Z"
    with Account(key_row(1), usage=quiet()) as account:

        def expires(at: str) -> Callable[[], None]:
            def change() -> None:
                row = key_row(1, expires_at=at)
                account.listed = {"data": [row], "meta": {"total": 1}}
                account.details[key_id(1)] = {"data": row}

            return change

        _, second, third = told(account, tmp_path, expires(soon), expires(late))
    assert second[0] == "New: 'Key 1#k001' expires on Tue 24 Nov; 9,000 req in 90 d."
    assert "Over: 'Key 1#k001' is no longer expiring." in third


def test_a_failure_is_said_once_and_that_it_is_over(tmp_path: Path) -> None:
    with Account(key_row(1), usage=quiet()) as account:
        answers = account.behaviours["/api/v1/keys"]

        def fail() -> None:
            account.behaviours["/api/v1/keys"] = refuse(403, "forbidden", "no")

        def mend() -> None:
            account.behaviours["/api/v1/keys"] = answers

        first, second, third, fourth = told(account, tmp_path, fail, nothing, mend)
    assert len(first) > 3
    assert (len(second), third, fourth) == (1, [], ["Figures can be read again."])


def test_a_session_that_is_stored_meanwhile_is_taken_up(tmp_path: Path) -> None:
    with Account(key_row(1), usage=quiet()) as account:

        def login() -> None:
            alone = environment(tmp_path, SOCD_BASE_URL=account.origin)
            assert ran(alone, "login", "--stdin", given=TOKEN).returncode == 0

        first, second, third = told(account, tmp_path, nothing, login, token="")
    assert [said.partition(" to ")[0] for said in first] == ["You are not signed in"]
    assert second == []
    assert third[0] == "Figures can be read again."


def test_that_the_session_ends_soon_is_said_once(tmp_path: Path) -> None:
    ends = jwt(sub="somebody", exp=int((NOW + timedelta(minutes=11)).timestamp()))
    with Account(key_row(1), usage=quiet()) as account:
        first, second, third = told(account, tmp_path, nothing, nothing, token=ends)
    assert not any("session" in line for line in first)
    assert (second, third) == (["The session ends in 10 min: run `socd-tui login` to go on."], [])


def test_of_a_profile_the_command_that_signs_in_to_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "config" / "socd-tui" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text("[profiles.team]\n")
    ends = jwt(sub="somebody", exp=int((NOW + timedelta(minutes=5)).timestamp()))
    with Account(key_row(1), usage=quiet()) as account:
        (first,) = told(account, tmp_path, token=ends, profile="team")
    assert first[-1] == "The session ends in 5 min: run `socd-tui login --profile team` to go on."


@pytest.mark.parametrize("typed", ["0", "x", "-1", "2d", "0.5"])
def test_a_pause_that_is_none_is_refused(tmp_path: Path, typed: str) -> None:
    environ = environment(tmp_path, SOCD_BASE_URL="http://127.0.0.1:9", SOCD_SESSION_TOKEN=TOKEN)
    done = ran(environ, "tell", f"--watch={typed}")
    assert done.returncode == 2
    assert "Write it as 60" in done.stderr
