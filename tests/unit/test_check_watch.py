"""`check --watch` and `--exec`: an object a round, over failures, and a call for each alarm that is due."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from socd_tui.commands.check import CheckOptions, watch
from socd_tui.commands.parts.calling import call
from socd_tui.commands.parts.context import World
from socd_tui.commands.parts.rounds import Pause
from socd_tui.service.demo import DemoServer
from tests.account import TOKEN, Account, answered, flat, key_id, key_row
from tests.clock import NOW, Clock
from tests.command import ran
from tests.loopback import Request, refuse
from tests.rounds import watched
from tests.terminal.pseudo import environment

MINUTE = timedelta(minutes=1)


def calm(peak: int = 10) -> dict[str, object]:
    return flat([10] * 7, rate_limit_peak_per_day=peak, rate_limit_peak_per_minute=1)


def account() -> Account:
    return Account(key_row(1, name="it's\n$(rm)", rate_limit_per_day=100), usage=calm())


def uses(account: Account, peak: int) -> Callable[[], None]:
    def change() -> None:
        account.usage = calm(peak)

    return change


def nothing() -> None:
    pass


def looked(
    account: Account,
    home: Path,
    *steps: Callable[[], object],
    options: CheckOptions | None = None,
    **environ: str,
) -> list[Any]:
    """The object of each round; a minute passes in between."""
    clock = Clock()
    known = {"SOCD_BASE_URL": account.origin, "SOCD_SESSION_TOKEN": TOKEN, **environ}

    def passing(step: Callable[[], object]) -> Callable[[], object]:
        def go() -> None:
            clock.pass_by(MINUTE)
            step()

        return go

    def go_on(world: World[CheckOptions], pause: Pause) -> object:
        return watch(world, MINUTE, pause)

    given = options or CheckOptions(watch="60", fail_at="day=80")
    done = watched(environment(home, **known), given, go_on, [passing(step) for step in steps], clock)
    assert not done.stderr, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_round_is_one_object_with_its_own_figures(tmp_path: Path) -> None:
    with account() as service:
        first, second = looked(service, tmp_path, uses(service, 95))
    assert (first["schema"], first["state"], first["exit_code"]) == ("socd-tui/check/1", "ok", 0)
    assert (second["state"], second["exit_code"]) == ("passed", 3)
    assert second["keys"][0]["measures"]["day"]["value"] == 95
    assert first["generated_at"] < second["generated_at"]


def test_it_goes_on_over_failures_and_tells_them(tmp_path: Path) -> None:
    with account() as service:
        answers = service.behaviours["/api/v1/keys"]

        def answers_so(behaviour: Any) -> Callable[[], None]:
            def change() -> None:
                service.behaviours["/api/v1/keys"] = behaviour

            return change

        forbidden, expired = refuse(403, "forbidden", "no"), refuse(401, "unauthorized", "no")

        def login() -> None:
            service.behaviours["/api/v1/keys"] = answers
            alone = environment(tmp_path, SOCD_BASE_URL=service.origin)
            assert ran(alone, "login", "--stdin", given=TOKEN).returncode == 0

        rounds = looked(
            service, tmp_path, answers_so(forbidden), answers_so(answers), answers_so(expired), nothing, login
        )
    assert [each["state"] for each in rounds] == ["ok", "failed", "ok", "signed_out", "signed_out", "ok"]
    assert [each["exit_code"] for each in rounds] == [0, 1, 0, 5, 5, 0]
    assert rounds[1]["error"]["kind"] == "forbidden"
    assert rounds[1]["keys"] == []


def test_a_round_that_takes_longer_leaves_out_the_next_ones(tmp_path: Path) -> None:
    """Beginning at 14:20:00 and answered after 2 min 10 s, the next one is at 14:23:00."""
    clock = Clock()

    def slow(request: Request) -> None:
        clock.pass_by(timedelta(seconds=130))
        answered(calm(), request)

    with Account(key_row(1), usage=slow) as service:
        environ = environment(tmp_path, SOCD_BASE_URL=service.origin, SOCD_SESSION_TOKEN=TOKEN)
        options = CheckOptions(watch="60", fail_at="throttled=1")
        done = watched(environ, options, lambda world, pause: watch(world, MINUTE, pause), [], clock)
    assert done.returncode == [50.0]


def test_what_is_stored_is_looked_at_anew_each_round_without_asking(tmp_path: Path) -> None:
    with account() as service:
        service.run(tmp_path, "check")

        def asks() -> None:
            service.usage = calm(95)
            service.run(tmp_path, "check")

        options = CheckOptions(watch="60", fail_at="day=80", offline=True)
        before, after = looked(service, tmp_path, asks, options=options)
        asked = len(service.requests)
        looked(service, tmp_path, nothing, options=options)
        assert len(service.requests) == asked
    assert (before["state"], after["state"], after["source"]["mode"]) == ("ok", "passed", "cache")


def test_today_is_another_day_after_midnight(tmp_path: Path) -> None:
    clock = Clock()

    def throttled(home: Path, *, today: bool) -> list[dict[str, int]]:
        """The 429s of each key, today and a day later."""
        clock.now = NOW
        with DemoServer(clock=clock, session_life=timedelta(days=3)) as demo:
            environ = environment(home, SOCD_BASE_URL=demo.base_url, SOCD_SESSION_TOKEN=demo.token)
            options = CheckOptions(watch="60", fail_at="throttled=1", today=today)
            done = watched(
                environ,
                options,
                lambda world, pause: watch(world, MINUTE, pause),
                [lambda: clock.pass_by(timedelta(days=1))],
                clock,
            )
        looks = [json.loads(line)["keys"] for line in done.stdout.splitlines()]
        return [
            {key["id"]: key["measures"]["throttled"]["value"] for key in keys if key["measures"]}
            for keys in looks
        ]

    named, usual = (throttled(tmp_path / str(today), today=today) for today in (True, False))
    assert len(named) == 2
    assert max(named[1].values()) > 0
    assert named == usual


def test_a_key_that_there_is_not_ends_it_at_once(tmp_path: Path) -> None:
    with account() as service:
        done = service.run(tmp_path, "check", "--watch", "60", "--key", "nobody")
    assert (done.returncode, done.stdout) == (2, "")


def test_no_cooldown_may_be_typed_without_a_unit(tmp_path: Path) -> None:
    with account() as service:
        done = service.run(tmp_path, "check", "--exec", "true", "--cooldown", "0")
    assert "length of time" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--watch", "0"],
        ["--watch", "x"],
        ["--watch", "60", "--format", "json"],
        ["--exec", "no-such-program-here"],
        ["--exec", "sh -c 'unclosed"],
        ["--exec", ""],
        ["--cooldown", "1h"],
        ["--exec", "true", "--cooldown", "x"],
    ],
)
def test_what_is_typed_wrong_is_2(tmp_path: Path, arguments: list[str]) -> None:
    environ = environment(tmp_path, SOCD_BASE_URL="http://127.0.0.1:9", SOCD_SESSION_TOKEN=TOKEN)
    done = ran(environ, "check", *arguments)
    assert (done.returncode, done.stdout) == (2, "")


# --- alarms ----------------------------------------------------------------------------------------

RECORDER = """
import json, os, sys
given = json.load(sys.stdin)
kept = {name: value for name, value in os.environ.items() if name.startswith("SOCD_")}
with open(sys.argv[1], "a") as file:
    file.write(json.dumps([given, kept, list(os.environ.values())]) + "\\n")
"""


class Recorder:
    """A program that writes down what it is called with."""

    def __init__(self, folder: Path) -> None:
        self._script, self._calls = folder / "record it.py", folder / "calls"
        self._script.write_text(RECORDER)

    @property
    def command(self) -> str:
        return f"{sys.executable} -S -E '{self._script}' '{self._calls}'"

    @property
    def calls(self) -> list[tuple[dict[str, Any], Mapping[str, str], list[str]]]:
        lines = self._calls.read_text().splitlines() if self._calls.exists() else []
        return [tuple(json.loads(line)) for line in lines]

    @property
    def states(self) -> list[tuple[str, str, str]]:
        return [(given["measure"], given["state"], given["before"]) for given, *_ in self.calls]


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    return Recorder(tmp_path)


def test_it_calls_once_for_what_has_passed_and_once_when_it_is_over(
    recorder: Recorder, tmp_path: Path
) -> None:
    options = CheckOptions(watch="60", exec=recorder.command, fail_at="day=80")
    with account() as service:
        looked(service, tmp_path, uses(service, 95), nothing, uses(service, 10), options=options)
    assert recorder.states == [("day", "passed", "ok"), ("day", "ok", "passed")]


def test_the_pause_holds_from_one_run_to_the_next(recorder: Recorder, tmp_path: Path) -> None:
    with account() as service:
        service.usage = calm(95)
        for _ in range(2):
            service.run(tmp_path, "check", "--fail-at", "day=80", "--exec", recorder.command)
        assert recorder.states == [("day", "passed", "ok")]
        service.run(tmp_path, "check", "--fail-at", "day=80", "--exec", recorder.command, "--cooldown", "0s")
    assert recorder.states[1:] == [("day", "passed", "passed")]


def test_that_nobody_is_signed_in_is_an_alarm_too(recorder: Recorder, tmp_path: Path) -> None:
    alone = environment(tmp_path, SOCD_BASE_URL="http://127.0.0.1:9")
    assert ran(alone, "check", "--exec", recorder.command).returncode == 5
    assert recorder.states == [("session", "signed_out", "ok")]


def test_the_state_is_in_the_environment_and_on_the_input_and_the_token_in_neither(
    recorder: Recorder, tmp_path: Path
) -> None:
    with account() as service:
        service.usage = calm(95)
        arguments = ["check", "--fail-at", "day=80", "--exec", recorder.command]
        service.run(tmp_path, *arguments, OTHER=f"x{TOKEN}x", PLAIN="kept")
        ((given, variables, everything),) = recorder.calls
    assert given["schema"] == "socd-tui/alarm/1"
    assert given["key"] == {"id": key_id(1), "name": "it's\n$(rm)", "prefix": "sk_live_k001", "tier": "pro"}
    assert (given["value"], given["threshold"], given["unit"]) == (95, 80, "%")
    assert given["message"] == "'it’s�$(rm)#k001': day 95% >= 80%."
    expected = {
        "SOCD_STATE": "passed",
        "SOCD_BEFORE": "ok",
        "SOCD_MEASURE": "day",
        "SOCD_KEY_ID": key_id(1),
        "SOCD_KEY_NAME": "it's�$(rm)",
        "SOCD_VALUE": "95",
        "SOCD_THRESHOLD": "80",
    }
    assert expected.items() <= variables.items()
    assert "SOCD_SESSION_TOKEN" not in variables
    assert not any(TOKEN in value for value in everything)
    assert "kept" in everything


def test_a_program_that_fails_is_told_and_changes_no_exit_code(tmp_path: Path) -> None:
    with account() as service:
        service.usage = calm(95)
        done = service.run(tmp_path, "check", "--fail-at", "day=80", "--exec", "sh -c 'exit 7'")
    assert done.returncode == 3
    assert "'sh' ended with exit code 7." in done.stderr


def test_a_program_that_hangs_is_ended_with_all_that_it_has_started(tmp_path: Path) -> None:
    """Both hold a pipe open, which ends when the last of them has."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    words = ["sh", "-c", f"exec 9> '{pipe}'; trap '' TERM; sleep 300 & wait; sleep 300"]
    failure = asyncio.run(call(words, {"PATH": "/usr/bin:/bin"}, "{}", limit_s=0.3, grace_s=0.1))
    assert failure == "'sh' took longer than 0.3 s and was ended."
    os.set_blocking(reader, True)
    with os.fdopen(reader, "rb") as held:
        assert held.read() == b""


def test_one_that_reads_nothing_and_ends_is_no_failure() -> None:
    assert asyncio.run(call(["true"], {"PATH": "/usr/bin:/bin"}, "x" * 1_000_000)) == ""
