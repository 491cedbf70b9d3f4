"""The command line as scripts meet it: what is printed where, and with which exit code."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from argparse import ArgumentParser
from dataclasses import fields
from datetime import timedelta
from io import RawIOBase, StringIO
from pathlib import Path
from typing import Any

import pytest

import socd_tui.commands
from socd_tui.cli import buffered
from socd_tui.commands.parts.command import Options
from socd_tui.commands.parts.commands import SUMMARIES, command_named, commands
from socd_tui.service.demo import DemoServer
from tests.clock import NOW
from tests.command import ran
from tests.pasted import JWT
from tests.terminal.pseudo import ROOT, environment
from tests.trust.canary import Canary


@pytest.fixture
def environ(demo: DemoServer, tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path, SOCD_BASE_URL=demo.base_url, SOCD_SESSION_TOKEN=demo.token)


@pytest.fixture
def alone(tmp_path: Path) -> dict[str, str]:
    """The environment of a person without a session, whose service is nowhere: nothing may be asked of it."""
    return environment(tmp_path, SOCD_BASE_URL="http://127.0.0.1:9")


# --- arguments -----------------------------------------------------------------------------------


def test_options_stand_before_or_after_the_command(environ: dict[str, str], demo: DemoServer) -> None:
    bare = {name: value for name, value in environ.items() if name != "SOCD_BASE_URL"}
    options = ["--base-url", demo.base_url, "--days", "3", "--key", "idle-lab", "--ascii"]
    before = ran(bare, *options, "show", "overview")
    after = ran(bare, "show", "overview", *options)
    assert before.returncode == after.returncode == 0
    assert before.stdout == after.stdout
    assert "3 d" in before.stdout
    assert before.stdout.isascii()


def test_an_option_after_the_command_wins(environ: dict[str, str]) -> None:
    done = ran(
        environ, "--days", "3", "show", "series", "--days", "5", "--key", "idle-lab", "--format", "json"
    )
    assert json.loads(done.stdout)["window"]["days"] == 5


def test_the_page_of_one_key_has_the_response_times_of_as_many_windows_as_on_the_screen(
    environ: dict[str, str],
) -> None:
    done = ran(environ, "show", "key", "--key", "threat-notebook")
    told = [line.split()[1:3] for line in done.stdout.splitlines() if line.startswith("latency ")]
    assert told == [["1", "d"], ["7", "d"], ["30", "d"], ["90", "d"]]


@pytest.mark.parametrize("days", ["0", "91", "abc", "-7", "7.5", ""])
def test_a_window_out_of_range_is_refused_with_the_range(alone: dict[str, str], days: str) -> None:
    done = ran(alone, "show", "overview", f"--days={days}")
    assert (done.returncode, done.stdout) == (2, "")
    assert "from 1 to 90" in done.stderr


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("Production SEIM", "Production SIEM"),
        ("MISP-sync", "MISP sync"),
        ("threat-notebok", "threat-notebook"),
    ],
)
def test_an_unknown_key_is_refused_naming_the_nearest(
    environ: dict[str, str], typed: str, nearest: str
) -> None:
    done = ran(environ, "show", "overview", "--key", typed)
    assert done.returncode == 2
    assert done.stdout == ""
    assert f"There is no key '{typed}'." in done.stderr
    assert f"'{nearest}'" in done.stderr


def test_a_name_that_two_keys_have_is_refused_naming_their_prefixes(
    environ: dict[str, str], demo: DemoServer
) -> None:
    done = ran(environ, "show", "overview", "--key", "dev sandbox")
    assert done.returncode == 2
    twins = [key.prefix for key in demo.truth.keys if key.role.name == "dev sandbox"]
    assert all(prefix in done.stderr for prefix in twins)
    assert ran(environ, "show", "overview", "--key", twins[1]).returncode == 0


@pytest.mark.parametrize("arguments", [["show", "pie"], ["--view", "pie"]])
def test_an_unknown_view_is_refused_naming_those_there_are(
    alone: dict[str, str], arguments: list[str]
) -> None:
    done = ran(alone, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no view 'pie'" in done.stderr
    assert "overview, series, endpoints, status, heatmap, budget, bill" in done.stderr


REFUSED = {
    "show": ["--view", "--theme", "--reset-view"],
    "keys": ["--key", "--days", "--view", "--theme", "--reset-view"],
    "login": ["--demo", "--offline", "--key", "--days", "--view", "--theme", "--reset-view", "--output"],
    "logout": ["--demo", "--base-url", "--key", "--days", "--view", "--theme", "--reset-view", "--output"],
    "status": ["--demo", "--key", "--days", "--view", "--theme", "--reset-view"],
    "history": ["--key", "--days", "--since", "--today", "--view", "--theme", "--reset-view"],
    "demo-server": ["--demo", "--base-url", "--key", "--days", "--view", "--theme", "--reset-view"],
}
"""Shared options that a command cannot use."""

VALUES = {
    "--demo": [],
    "--offline": [],
    "--since": ["mon"],
    "--today": [],
    "--base-url": ["http://127.0.0.1:9"],
    "--key": ["MISP sync"],
    "--days": ["3"],
    "--view": ["nonsense"],
    "--theme": ["socd-light"],
    "--reset-view": [],
    "--output": ["-"],
}


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize(("command", "option"), [(name, each) for name in REFUSED for each in REFUSED[name]])
def test_an_option_that_a_command_cannot_use_is_refused_with_the_reason_before_or_after_its_name(
    alone: dict[str, str], command: str, option: str, before: bool
) -> None:
    words = [command, "overview"] if command == "show" else [command]
    given = [option, *VALUES[option]]
    done = ran(alone, *(given + words if before else words + given), given="not a token")
    assert (done.returncode, done.stdout) == (2, "")
    [sentence] = done.stderr.splitlines()
    assert option in sentence or sentence.startswith("socd-tui: The demo ")
    assert sentence.count(". ") == 1, "what is wrong, and what to do"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--key", "MISP sync", "keys"],
            "`socd-tui keys` cannot use --key: it chooses the keys that a view shows. Leave it out.",
        ),
        (
            ["--view", "nonsense", "show", "overview"],
            "`socd-tui show` cannot use --view. Name the view after the command: socd-tui show status.",
        ),
        (
            ["login", "--demo"],
            "The demo needs no sign-in. Leave --demo out to store a token for the real service.",
        ),
        (
            ["show", "overview", "--raw"],
            "--raw adds the service's own payloads to JSON only. Add --format json.",
        ),
    ],
)
def test_a_refusal_says_why_and_what_to_do(
    alone: dict[str, str], arguments: list[str], sentence: str
) -> None:
    done = ran(alone, *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"socd-tui: {sentence}\n")


EVERY_COMMAND = (["show", "budget"], ["keys"], ["login", "--stdin"], ["status"], ["history"], ["logout"])


def test_how_to_draw_may_be_said_to_every_command(environ: dict[str, str], demo: DemoServer) -> None:
    for command in EVERY_COMMAND:
        done = ran(environ, "--no-color", *command, "--ascii", given=demo.token)
        assert done.returncode in (0, 6), done.stderr
        assert done.stdout.isascii()


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Where this person's settings are."""
    path = tmp_path / "config" / "socd-tui" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


def test_the_settings_say_how_every_command_draws(
    environ: dict[str, str], demo: DemoServer, settings: Path
) -> None:
    def printed() -> list[str]:
        return [ran(environ, *command, given=demo.token).stdout for command in EVERY_COMMAND]

    assert not all(text.isascii() for text in printed())
    settings.write_text("ascii = true\n")
    assert all(text.isascii() for text in printed())


def test_a_mistake_in_the_settings_is_told_by_every_command_and_stops_none(
    environ: dict[str, str], demo: DemoServer, settings: Path
) -> None:
    settings.write_text('theme = "socd-lihgt"\n[keys]\nexprot = "x"\n')
    for command in EVERY_COMMAND:
        done = ran(environ, *command, given=demo.token)
        assert done.returncode in (0, 6)
        first, second, *_ = done.stderr.splitlines()
        assert first.startswith(f"socd-tui: {settings}, line 1: 'socd-lihgt' is no theme.")
        assert second.startswith(f"socd-tui: {settings}, line 3: there is no binding 'exprot'.")


def test_each_commands_arguments_are_the_fields_of_its_options() -> None:
    shared = {field.name for field in fields(Options)}
    for command in commands():
        made = ArgumentParser()
        command.arguments(made)
        dests = {action.dest for action in made._actions} - {"help"}
        assert dests == {field.name for field in fields(command.options)} - shared, command.name


def test_every_file_of_a_command_is_in_the_table_of_them() -> None:
    files = {file.stem for file in Path(socd_tui.commands.__path__[0]).glob("[!_]*.py")}
    assert files == {name.replace("-", "_") or "interactive" for name in SUMMARIES}


def test_each_command_is_found_by_its_name_alone() -> None:
    assert [command.name for command in commands()] == list(SUMMARIES)
    assert [command_named(name) for name in SUMMARIES] == list(commands())
    for name in (
        "serve_metrics",
        "interactive",
        "parts",
        "parts.command",
        "__init__",
        "../cli",
        "sho",
        "Show",
    ):
        assert command_named(name) is None


@pytest.mark.parametrize(
    "wrong",
    [["--port", "99999"], ["--port", "-1"], ["--keys", "-4"], ["--latency-ms", "x"], ["--now", "today"]],
)
def test_the_demo_server_refuses_impossible_numbers(alone: dict[str, str], wrong: list[str]) -> None:
    done = ran(alone, "demo-server", *wrong)
    assert (done.returncode, done.stdout) == (2, "")


# --- what is told and compared --------------------------------------------------------------------


def test_findings_are_told_as_data_with_who_what_since_when_and_where_to_look(
    environ: dict[str, str], demo: DemoServer
) -> None:
    done = ran(environ, "show", "overview", "--days", "14", "--format", "json")
    names = {key.id: key.role.name for key in demo.truth.keys}
    told = {
        (names[each["key_id"]], each["kind"]): each for each in json.loads(done.stdout)["data"]["findings"]
    }
    ran_away = told["threat-notebook", "runaway"]
    assert (ran_away["since"], ran_away["view"]) == (str(NOW.date() - timedelta(days=3)), "series")
    assert ran_away["endpoint"] == "/api/v1/iocs"
    assert ran_away["requests_per_day"] > 100 * ran_away["usual_per_day"]
    throttled = told["MISP sync", "throttled"]
    assert (throttled["every_hour"], throttled["view"]) == (True, "heatmap")
    week = demo.truth.traffic(demo.truth.keys[2], 7, NOW)
    assert throttled["requests"] == week.by_status()[429]
    assert throttled["share"] == pytest.approx(week.by_status()[429] / week.total, abs=5e-5)
    rise = told["SOAR enrichment", "rise"]
    assert (rise["since"], rise["view"]) == (str(NOW.date() - timedelta(days=5)), "status")
    assert sorted(rise["codes"]) == [500, 503]
    assert rise["error_ratio"] > 3 * rise["usual_error_ratio"]
    expiring = told["Contractor read-only", "expiring"]
    assert (expiring["since"], expiring["on"]) == (None, str(NOW.date() + timedelta(days=3)))
    assert all(each["sentence"].startswith(f"'{name}#") for (name, _), each in told.items())


@pytest.mark.parametrize("view", ["overview", "series", "endpoints", "status", "heatmap", "budget", "bill"])
def test_compare_puts_the_window_before_into_every_format(
    environ: dict[str, str], demo: DemoServer, view: str
) -> None:
    week, two = (demo.truth.traffic(demo.truth.keys[2], days, NOW) for days in (8, 14))
    before = two.total - week.total  # today is not over, so the day a week before it stands beside nothing
    arguments = ["show", view, "--compare", "--days", "7", "--key", "MISP sync", "--format"]
    done = {format_: ran(environ, *arguments, format_) for format_ in ("json", "csv", "md", "table")}
    assert [each.returncode for each in done.values()] == [0] * 4
    document = json.loads(done["json"].stdout)
    assert document["lens"]["compare"] is True
    refused = two.by_status()[429] - week.by_status()[429]
    assert (refused if view == "heatmap" else before) in previously(document["data"])
    rows = list(csv.DictReader(StringIO(done["csv"].stdout)))
    if view in ("heatmap", "budget"):  # their rows are hours and limits, which have no window before
        assert rows
        return
    counts = [int(row["previous_requests"]) for row in rows]
    assert sum(counts[:-1] if view == "series" else counts) == before
    assert all(f" {counts[0]:,} " in done[format_].stdout for format_ in ("md", "table"))


def previously(found: Any) -> set[int]:
    """What a document says of the window before, wherever it stands."""
    inner = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    told = [n for name, n in found.items() if name.startswith("previous_")] if isinstance(found, dict) else []
    return {*told, *(n for each in inner for n in previously(each))}


def test_a_window_whose_double_the_service_does_not_have_is_printed_alone_with_the_reason(
    environ: dict[str, str], demo: DemoServer
) -> None:
    reason = "the service looks back 90 days, not 120"
    arguments = ["show", "status", "--compare", "--days", "60", "--key", "MISP sync", "--format"]
    [row, *_] = json.loads(ran(environ, *arguments, "json").stdout)["data"]["rows"]
    counts = demo.truth.traffic(demo.truth.keys[2], 60, NOW).by_status()
    assert row["requests"] == counts[row["code"]]
    assert (row["previous_requests"], row["comparable"]) == (None, False)
    assert reason in row["not_comparable_because"]
    assert reason in ran(environ, *arguments, "csv").stderr
    assert reason in ran(environ, *arguments, "md").stdout


# --- what is printed ------------------------------------------------------------------------------


def test_each_format_holds_the_figures_the_service_has(environ: dict[str, str], demo: DemoServer) -> None:
    key = demo.truth.keys[2]
    total = demo.truth.traffic(key, 14, NOW).total
    arguments = ["show", "overview", "--days", "14", "--key", "MISP sync", "--format"]
    done = {format_: ran(environ, *arguments, format_) for format_ in ("table", "json", "csv", "md")}
    assert {format_: each.returncode for format_, each in done.items()} == dict.fromkeys(done, 0)
    assert f" {total:,} " in done["table"].stdout
    assert json.loads(done["json"].stdout)["data"]["rows"][0]["requests"] == total
    [row] = csv.DictReader(StringIO(done["csv"].stdout))
    assert int(row["requests"]) == total
    assert any(f"| {total:,} |" in line for line in done["md"].stdout.splitlines())


def test_json_is_ascii_and_names_the_keys_and_the_window(environ: dict[str, str], demo: DemoServer) -> None:
    done = ran(environ, "show", "status", "--days", "30", "--format", "json", "--key", "SOAR enrichment")
    document = json.loads(done.stdout)
    assert done.stdout.isascii()
    assert document["schema"] == "socd-tui/view/1"
    assert document["window"]["days"] == 30
    assert document["window"]["end"] == str(NOW.date())
    assert [key["name"] for key in document["keys"]] == ["SOAR enrichment"]
    assert document["source"]["base_url"] == demo.base_url


def test_the_keys_are_listed_in_every_format(environ: dict[str, str], demo: DemoServer) -> None:
    listed = json.loads(ran(environ, "keys", "--format", "json").stdout)["keys"]
    assert [key["id"] for key in listed] == [key.id for key in demo.truth.keys]
    for format_ in ("table", "csv", "md"):
        done = ran(environ, "keys", "--format", format_)
        assert done.returncode == 0
        assert all(key.prefix in done.stdout for key in demo.truth.keys)


def test_a_key_that_fails_is_told_and_the_rest_is_printed(environ: dict[str, str]) -> None:
    done = ran(environ, "show", "overview", "--format", "csv")
    assert done.returncode == 6
    rows = {row["key"]: row for row in csv.DictReader(StringIO(done.stdout))}
    assert rows["ghost import"]["requests"] == ""
    assert int(rows["Production SIEM"]["requests"]) > 0
    assert "socd-tui: 'ghost import#" in done.stderr
    assert "404" in done.stderr


@pytest.mark.parametrize("format_", ["table", "csv", "md"])
def test_an_output_that_cannot_take_unicode_gets_ascii(environ: dict[str, str], format_: str) -> None:
    done = ran(environ, "show", "overview", "--format", format_, "--key", "idle-lab", encoding="latin-1")
    assert done.returncode == 0
    assert done.stdout.isascii()


def test_a_demo_needs_no_account(environ: dict[str, str]) -> None:
    bare = {name: value for name, value in environ.items() if not name.startswith("SOCD_")}
    done = ran(bare, "show", "budget", "--demo", "--key", "MISP sync", "--format", "json")
    assert done.returncode == 0
    document: dict[str, Any] = json.loads(done.stdout)
    assert document["source"]["mode"] == "demo"


def test_a_bill_is_written_by_owner_and_no_other_view_is(environ: dict[str, str]) -> None:
    by_owner = ran(environ, "show", "bill", "--by", "owner", "--format", "csv").stdout.splitlines()
    assert by_owner[0].startswith("owner,keys,requests,let_through,")
    assert [row.split(",")[:2] for row in by_owner[1:]] == [["unassigned", "10"]]
    refused = ran(environ, "show", "status", "--by", "owner")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Status cannot use --by." in refused.stderr


@pytest.mark.parametrize(
    ("words", "kind", "view"),
    [
        (("overview", "--compare"), "same_length", "overview"),
        (("--compare", "bill"), "same_length", "bill"),
        (("--compare", "week", "overview"), "calendar_week", "overview"),
        (("overview", "--compare=length"), "same_length", "overview"),
    ],
)
def test_compare_may_be_given_its_kind(
    environ: dict[str, str], words: tuple[str, ...], kind: str, view: str
) -> None:
    told = json.loads(ran(environ, "show", *words, "--format", "json").stdout)
    assert (told["view"], told["lens"]["compare"]) == (view, True)
    assert told["lens"]["compare_kind"] == told["compared"]["kind"] == kind


@pytest.mark.parametrize("words", [("overview", "--compare", "month"), ("--compare",), ()])
def test_what_is_no_comparison_or_no_view_is_refused(alone: dict[str, str], words: tuple[str, ...]) -> None:
    done = ran(alone, "show", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Give length, week, or nothing." in done.stderr or "Name one" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("login", JWT),
        ("show", JWT),
        ("show", "overview", "--demo", "--key", JWT),
        ("show", "overview", "--demo", "--sort", JWT),
        ("show", "overview", "--base-url", f"http://user:{JWT}@127.0.0.1"),
        ("status", f"--token={JWT}"),
    ],
)
def test_a_token_that_is_typed_as_an_argument_is_not_repeated(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    done = ran(environment(tmp_path), *arguments)
    assert done.returncode == 2
    assert Canary((JWT,)).form_in(f"{done.stdout}{done.stderr}".encode()) == ""


@pytest.mark.parametrize("asked", ["-h", "--help", "--hel", "--he"])
def test_the_help_of_show_names_the_views_however_it_is_asked_for(alone: dict[str, str], asked: str) -> None:
    assert "overview, series, endpoints, " in " ".join(ran(alone, "show", asked).stdout.split())


# --- files ---------------------------------------------------------------------------------------

PRINTING = [
    ["show", "overview", "--key", "idle-lab"],
    ["show", "overview", "--key", "idle-lab", "--format", "json"],
    ["keys", "--format", "csv"],
    ["history"],
    ["status"],
]


@pytest.mark.parametrize("words", PRINTING, ids=" ".join)
def test_what_is_printed_may_go_to_a_file_in_place_of_what_it_held(
    environ: dict[str, str], tmp_path: Path, words: list[str]
) -> None:
    path = tmp_path / "out"
    path.write_text("what was there before, which is longer than a short table " * 100)
    done = ran(environ, *words, "--output", str(path))
    printed = ran(environ, *words, "--output", "-")
    assert (done.returncode, done.stdout, printed.returncode) == (0, "", 0)
    assert path.read_text(encoding="utf-8") == printed.stdout == ran(environ, *words).stdout
    assert [each.name for each in tmp_path.iterdir() if each.name.endswith(".tmp")] == []


def test_a_file_is_written_in_unicode_whatever_the_terminal_shows_and_in_ascii_where_that_is_asked_for(
    environ: dict[str, str], tmp_path: Path
) -> None:
    words = ["show", "series", "--key", "idle-lab", "--output", str(tmp_path / "out")]
    dumb = {**environ, "TERM": "dumb", "LC_ALL": "C"}
    ran(dumb, *words)
    assert not (tmp_path / "out").read_text(encoding="utf-8").isascii()
    ran(dumb, *words, "--ascii")
    assert (tmp_path / "out").read_text(encoding="utf-8").isascii()


def test_notes_stay_beside_the_data_and_the_exit_code_is_the_same(
    environ: dict[str, str], tmp_path: Path
) -> None:
    done = ran(environ, "show", "overview", "--format", "csv", "--output", str(tmp_path / "out"))
    assert done.returncode == 6
    assert "nothing at that address" in done.stderr
    assert "nothing at that address" not in (tmp_path / "out").read_text()


def test_what_cannot_be_written_is_told_before_anything_is_asked(
    alone: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    for path, why in (
        (tmp_path, "is a folder"),
        (tmp_path / "no" / "out", "Make its folder first"),
        (tmp_path / "link", "symbolic link"),
        (Path("/dev/null"), "not a plain file"),
    ):
        done = ran(alone, "show", "overview", "--demo", "--output", str(path))
        assert (done.returncode, done.stdout) == (1, "")
        assert why in done.stderr


def test_a_command_that_fails_leaves_the_file_as_it_was(alone: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("old")
    assert ran(alone, "show", "overview", "--output", str(path)).returncode == 5
    assert path.read_text() == "old"


def test_on_windows_one_sentence_says_where_it_runs() -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys(('fcntl', 'resource', 'termios', 'pwd', 'pty')));"
        "from socd_tui.cli import main; sys.exit(main(['show', 'overview'], platform='win32'))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "On Windows, install and start it in WSL" in done.stderr


# --- what is written ----------------------------------------------------------------------------


class Interrupted(RawIOBase):
    """A file that takes a few bytes at a time, as a terminal does when a signal comes in between."""

    def __init__(self) -> None:
        self.taken = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        part = bytes(data[:7])
        self.taken += part
        return len(part)


def test_what_is_cut_short_is_written_to_its_end() -> None:
    file = Interrupted()
    stream = buffered(file, "utf-8", "strict")
    print("a line that is longer than a few bytes …", file=stream)
    assert file.taken.decode() == "a line that is longer than a few bytes …\n"


@pytest.mark.parametrize("unbuffered", [(), ("-u",)], ids=["as usual", "unbuffered"])
def test_no_stream_is_without_a_buffer(unbuffered: tuple[str, ...], alone: dict[str, str]) -> None:
    code = """
import sys
from socd_tui.cli import main
main(["keys", "--offline"])
for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
    print(type(stream.buffer).__name__)
"""
    done = subprocess.run(
        [sys.executable, *unbuffered, "-c", code], cwd=ROOT, env=alone, capture_output=True, text=True
    )
    assert done.stdout.split() == ["BufferedWriter"] * 4, done.stderr
