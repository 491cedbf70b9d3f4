"""What only a process of its own can show: what is imported, closed pipes, full disks, and what leaks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from socd_tui.service.demo import DemoServer
from tests import command
from tests.build import jwt, leaks
from tests.clock import NOW, Clock
from tests.loopback import Loopback, refuse, silent
from tests.terminal.pseudo import PROGRAM, Terminal, children, environment

HEAVY = {"textual", "rich", "httpx", "pydantic", "pydantic_core", "plotext"}
CANARY = jwt(sub="canary", exp=int((NOW + timedelta(hours=3)).timestamp()))
SHOW = (*PROGRAM, "show", "overview", "--key", "MISP sync")


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    with DemoServer(clock=Clock(), requests_per_minute=1_000_000) as server:
        yield server


@pytest.fixture
def signed_in(demo: DemoServer, tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path, SOCD_BASE_URL=demo.base_url, SOCD_SESSION_TOKEN=demo.token)


def ran(environ: dict[str, str], *command: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=environ, input=given, capture_output=True, text=True, encoding="utf-8", check=False
    )


def loaded(environ: dict[str, str], *arguments: str) -> set[str]:
    """Top-level names of the packages that a command imported."""
    program = (
        "import sys\nfrom socd_tui.cli import main\nfrom tests.clock import going\n"
        "try:\n    main(sys.argv[1:], clock=going())\nexcept SystemExit:\n    pass\n"
        "print('loaded', *{name.partition('.')[0] for name in sys.modules})"
    )
    done = ran(environ, sys.executable, "-c", program, *arguments)
    assert done.stderr == ""
    return set(done.stdout.rpartition("loaded ")[2].split())


# --- in which characters --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "ascii_only"),
    [
        ({}, True),
        ({"LANG": "C"}, True),
        ({"LANG": "POSIX"}, True),
        ({"LC_ALL": "C", "LANG": "C.UTF-8"}, True),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, False),
        ({"LANG": "no_SUCH.UTF-8"}, False),
    ],
)
def test_a_locale_without_unicode_is_drawn_in_ascii(
    signed_in: dict[str, str], names: dict[str, str], ascii_only: bool
) -> None:
    environ = {name: value for name, value in signed_in.items() if not name.startswith(("LC_", "LANG"))}
    done = ran({**environ, **names}, *PROGRAM, "keys")
    assert "Production SIEM" in done.stdout
    assert done.stdout.isascii() is ascii_only


# --- how soon ------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["show", "--help"]])
def test_help_and_version_load_nothing_heavy(environ: dict[str, str], arguments: list[str]) -> None:
    packages = loaded(environ, *arguments)
    assert "argparse" in packages
    assert not packages & (HEAVY | {"asyncio", "decimal", "platformdirs", "sqlite3", "threading"})


def newly_loaded(environ: dict[str, str], *arguments: str, before: str = "") -> set[str]:
    """Names of the modules that a command imported, beside those that `before` did."""
    program = (
        f"import sys\n{before}\nbefore = set(sys.modules)\nfrom socd_tui.cli import main\n"
        "try:\n    main(sys.argv[1:])\nfinally:\n    print('loaded', *set(sys.modules) - before)"
    )
    done = ran(environ, sys.executable, "-c", program, *arguments)
    assert done.stderr == ""
    return set(done.stdout.rpartition("loaded ")[2].split())


ANY_HELP = (
    "import argparse\n"
    "any = argparse.ArgumentParser(formatter_class=lambda prog: argparse.HelpFormatter(prog, width=80))\n"
    "any.format_help()"
)


def test_help_loads_nothing_but_what_any_help_needs_and_the_table_of_the_commands(
    environ: dict[str, str],
) -> None:
    names = newly_loaded(environ, "--help", before=ANY_HELP)
    theirs = {name.partition(".")[0] for name in names} - {"socd_tui"}
    assert theirs <= {"__future__", "collections", "contextlib", "importlib"}
    ours = {name.split(".")[1] for name in names if name.startswith("socd_tui.")}
    assert ours == {"cli", "commands", "last_resort", "model"}
    commands = {name.split(".")[2] for name in names if name.startswith("socd_tui.commands.")}
    assert commands == {"parts"}
    assert "socd_tui.commands.parts.context" not in names


def test_a_command_is_loaded_without_the_others(environ: dict[str, str]) -> None:
    names = newly_loaded(environ, "--ascii", "status")
    assert {name.split(".")[2] for name in names if name.startswith("socd_tui.commands.")} == {
        "parts",
        "status",
    }


LATE = {
    "asyncio",
    "dataclasses",
    "decimal",
    "difflib",
    "importlib.metadata",
    "importlib.resources",
    "inspect",
    "logging",
    "pkgutil",
    "platformdirs",
    "random",
    "secrets",
    "shutil",
    "subprocess",
    "tempfile",
    "tomllib",
    "traceback",
    "zoneinfo",
}
"""What takes some ms to load, and is not needed to tell what is stored: each is loaded where it is used."""


def test_what_is_stored_is_told_without_what_takes_long_to_load(signed_in: dict[str, str]) -> None:
    assert ran(signed_in, *SHOW).returncode == 0
    shown = newly_loaded(signed_in, "show", "overview", "--key", "MISP sync", "--offline", "--format", "json")
    assert not shown & (LATE | HEAVY)
    assert not [name for name in shown if name.startswith(("socd_tui.service", "socd_tui.tui"))]
    views = {"bill", "budget", "endpoints", "heatmap", "key", "series", "status"}
    assert not shown & {f"socd_tui.views.{name}" for name in views}
    line = newly_loaded(signed_in, "line")
    assert not line & (LATE | HEAVY)
    again = newly_loaded(signed_in, "line")
    assert not again & (LATE | HEAVY | {"sqlite3", "socd_tui.views.registry", "socd_tui.analysis.known"})


def test_the_views_that_nobody_looks_at_are_known_without_what_draws_them(environ: dict[str, str]) -> None:
    program = (
        "import sys\nfrom socd_tui.views.registry import views\n"
        "names = [view.name for view in views()]\n"
        "made = [f'socd_tui.views.{name}.{part}' for part in ('pane', 'measures') for name in names]\n"
        "print(*(each for each in made if each in sys.modules))"
    )
    loaded = ran(environ, sys.executable, "-c", program).stdout.split()
    assert loaded == ["socd_tui.views.overview.pane", "socd_tui.views.overview.measures"]


@pytest.mark.parametrize("format_", ["table", "json"])
def test_a_printed_view_never_loads_the_toolkit_of_the_ui(signed_in: dict[str, str], format_: str) -> None:
    packages = loaded(signed_in, "show", "series", "--key", "MISP sync", "--format", format_)
    assert "httpx" in packages
    assert "textual" not in packages


def test_what_is_stored_is_shown_without_what_it_takes_to_ask(signed_in: dict[str, str]) -> None:
    command.ran(signed_in, "show", "series", "--key", "MISP sync")
    packages = loaded(signed_in, "show", "series", "--key", "MISP sync", "--offline", "--format", "json")
    assert "sqlite3" in packages
    assert not packages & {*HEAVY, "asyncio"}


def test_the_status_of_the_session_needs_neither_network_nor_validation(signed_in: dict[str, str]) -> None:
    assert not loaded(signed_in, "status") & HEAVY


def test_the_history_needs_neither_network_nor_validation_nor_the_toolkit(environ: dict[str, str]) -> None:
    assert not loaded(environ, "history") & HEAVY


def test_a_line_for_a_status_bar_needs_neither_network_nor_validation_nor_the_toolkit(
    signed_in: dict[str, str],
) -> None:
    assert ran(signed_in, *SHOW).returncode == 0
    assert not loaded(signed_in, "line") & (HEAVY | {"asyncio"})


def test_the_first_frame_needs_no_client_no_validation_and_no_plots(environ: dict[str, str]) -> None:
    done = ran(environ, sys.executable, "-m", "tests.terminal.frame_witness")
    witness = json.loads(done.stdout.splitlines()[-1])
    assert "1 Overview" in witness["drawn"]
    assert "There is no list of keys yet" in witness["drawn"]
    assert "textual" in witness["loaded"]
    assert not {"httpx", "pydantic_core", "plotext"} & set(witness["loaded"])


# --- where the output goes -------------------------------------------------------------------------


def test_the_program_prints_what_the_service_has(signed_in: dict[str, str], demo: DemoServer) -> None:
    done = ran(signed_in, *SHOW, "--days", "14", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    total = demo.truth.traffic(demo.truth.keys[2], 14, NOW).total
    assert json.loads(done.stdout)["data"]["rows"][0]["requests"] == total


def test_a_reader_that_leaves_early_is_no_error(signed_in: dict[str, str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer) as pipe:
        done = subprocess.run(SHOW, env=signed_in, stdout=pipe, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 141
    assert done.stderr == b""


@pytest.mark.parametrize("words", [SHOW, (*PROGRAM, "--help"), (*PROGRAM, "--version")])
def test_a_full_disk_behind_a_redirection_is_one_sentence(
    signed_in: dict[str, str], words: tuple[str, ...]
) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("needs /dev/full")
    with full.open("wb") as disk:
        done = subprocess.run(words, env=signed_in, stdout=disk, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stderr.decode() == "socd-tui: The output could not be written: No space left on device.\n"


@pytest.mark.parametrize(
    ("words", "code"), [(("check", "--bad"), 2), (("show", "overview", "--key", "nobody"), 2)]
)
def test_what_nobody_takes_of_the_messages_does_not_change_the_exit_code(
    signed_in: dict[str, str], words: tuple[str, ...], code: int
) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("needs /dev/full")
    with full.open("wb") as disk:
        told, lost = (
            subprocess.run(
                [*PROGRAM, *words], env=signed_in, stdout=subprocess.DEVNULL, stderr=to, check=False
            )
            for to in (subprocess.PIPE, disk)
        )
    assert told.stderr
    assert (told.returncode, lost.returncode) == (code, code)


def test_an_output_that_cannot_take_unicode_gets_ascii(signed_in: dict[str, str]) -> None:
    done = ran({**signed_in, "PYTHONIOENCODING": "latin-1"}, *SHOW)
    assert done.returncode == 0
    assert done.stdout.isascii()


# --- the token -------------------------------------------------------------------------------------


def test_the_token_is_in_the_session_file_and_nowhere_else_with_pythons_warnings_on(tmp_path: Path) -> None:
    refusal = refuse(429, "rate_limit_exceeded", f"no such token: {CANARY}", {"Retry-After": "900"})
    with Loopback({"/api/v1/keys": refusal}) as server:
        noisy = environment(tmp_path, SOCD_BASE_URL=server.origin, PYTHONWARNINGS="default")
        said = [ran(noisy, *PROGRAM, "login", "--stdin", given=CANARY), ran(noisy, *SHOW)]
        assert server.requests
    assert [done.returncode for done in said] == [0, 1]
    assert not leaks("".join(done.stdout + done.stderr for done in said).encode(), CANARY)
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and leaks(path.read_bytes(), CANARY)]
    assert kept == [tmp_path / "data" / "socd-tui" / "session.json"]


def test_the_token_is_not_in_the_arguments_or_the_environment_of_what_runs(tmp_path: Path) -> None:
    """A refresh that hangs, looked at from outside."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("needs /proc")
    with Loopback({"/api/v1/keys": silent}) as server:
        environ = environment(tmp_path, SOCD_BASE_URL=server.origin)
        assert ran(environ, *PROGRAM, "login", "--stdin", given=CANARY).returncode == 0
        running = subprocess.Popen(
            [*PROGRAM, "keys"], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        try:
            while not server.requests:
                assert running.poll() is None
            for name in ("cmdline", "environ"):
                assert not leaks(Path(f"/proc/{running.pid}/{name}").read_bytes(), CANARY)
        finally:
            running.kill()
            running.communicate()


def test_the_token_is_not_in_the_environment_of_what_gives_the_terminal_back(tmp_path: Path) -> None:
    """Two processes, each with an environment that the system shows."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("needs /proc")
    with Loopback({"/api/v1/keys": silent}) as server:
        environ = environment(tmp_path, SOCD_BASE_URL=server.origin, SOCD_SESSION_TOKEN=CANARY)
        with Terminal(environ=environ) as terminal:
            terminal.until(lambda: bool(server.requests))
            both = [terminal.process.pid, *children(terminal.process.pid)]
            assert len(both) == 2
            for process in both:
                for name in ("cmdline", "environ"):
                    assert not leaks(Path(f"/proc/{process}/{name}").read_bytes(), CANARY)
