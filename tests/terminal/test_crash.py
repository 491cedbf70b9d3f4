"""A mistake of ours: the terminal comes back, one sentence says where to look, and no secret is told."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal.pseudo import ALTERNATE_SCREEN, Terminal

CANARY = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5"


def crashed(environ: dict[str, str], state: Path) -> Terminal:
    program = (sys.executable, "-m", "tests.terminal.crashing", str(state), CANARY)
    terminal = Terminal(environ=environ, program=program)
    assert terminal.ended() == 1
    return terminal


def test_a_crash_is_told_in_one_sentence_without_variables_or_the_token(
    environ: dict[str, str], tmp_path: Path
) -> None:
    with crashed(environ, tmp_path / "state") as terminal:
        after = terminal.output.rpartition(b"\x1b[?1049l")[2].decode()
        assert "The program failed (ZeroDivisionError). Details: " in after
        assert after.count("\n") == 1
        assert b"Traceback" not in terminal.output
        assert b"opened_letter" not in terminal.output
        assert CANARY.encode() not in terminal.output
        assert terminal.modes_after == terminal.modes_before
        assert not terminal.private_modes()[ALTERNATE_SCREEN]


@pytest.mark.parametrize(("error", "code"), [("SystemExit", 1), ("KeyboardInterrupt", 128 + signal.SIGINT)])
def test_what_asks_python_to_leave_from_within_a_task_leaves_as_cleanly(
    error: str, code: int, environ: dict[str, str], tmp_path: Path
) -> None:
    program = (sys.executable, "-m", "tests.terminal.crashing", str(tmp_path / "state"), CANARY, error)
    with Terminal(environ=environ, program=program) as terminal:
        assert terminal.ended() == code
        for never in (b"Traceback", b"never retrieved", b"characters"):
            assert never not in terminal.output
        assert terminal.modes_after == terminal.modes_before


def test_the_details_of_a_crash_are_in_a_file_only_its_owner_reads(
    environ: dict[str, str], tmp_path: Path
) -> None:
    state = tmp_path / "state"
    for expected in ("crash.txt", "crash-2.txt"):
        with crashed(environ, state) as terminal:
            report = state / expected
            assert str(report) in terminal.output.decode().replace("\r\n", "")
        details = report.read_text()
        assert details.startswith("Traceback")
        assert "in refresh" in details
        assert f"ZeroDivisionError: after {len(CANARY)} characters" in details
        assert CANARY not in details
        assert report.stat().st_mode & 0o777 == 0o600
        assert state.stat().st_mode & 0o777 == 0o700


def test_a_crash_where_nothing_can_be_written_is_still_told(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with crashed(environ, tmp_path / "file" / "state") as terminal:
        assert b"the details could not be written" in terminal.output


def test_folders_whose_path_is_longer_than_the_system_allows_are_told_and_do_not_prevent_a_start(
    environ: dict[str, str],
) -> None:
    long = "/tmp/" + "x" * 300 + "/" + "y" * 5000
    folders = {f"XDG_{kind}_HOME": long for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    with Terminal(environ={**environ, **folders}) as terminal:
        terminal.shows("File name too long")
        terminal.signal(signal.SIGTERM)
        assert terminal.ended() == 128 + signal.SIGTERM
        assert b"Traceback" not in terminal.output
        assert terminal.modes_after == terminal.modes_before


BROKEN = """
import sys

class Broken:
    def find_spec(self, name, path, target=None):
        if name in {modules!r}:
            raise ImportError("no such part: {canary}")

sys.meta_path.insert(0, Broken())
from socd_tui.__main__ import main
raise SystemExit(main())
"""


@pytest.mark.parametrize(
    ("modules", "sentence"),
    [
        (["socd_tui.commands.parts.arguments"], "The program failed (ImportError). Details: "),
        (["socd_tui.commands.parts.context"], "The program failed (ImportError). Details: "),
        (
            ["socd_tui.cli", "socd_tui.store.crash_report"],
            "The program failed (ImportError) and cannot say more ",
        ),
    ],
)
def test_a_part_that_is_missing_is_one_sentence(
    modules: list[str], sentence: str, environ: dict[str, str]
) -> None:
    program = BROKEN.format(modules=modules, canary=CANARY)
    environ = environ | {"SOCD_SESSION_TOKEN": CANARY}
    done = subprocess.run(
        [sys.executable, "-c", program, "status"], env=environ, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"socd-tui: {sentence}")
    assert done.stderr.count("\n") == 1
    assert CANARY not in done.stderr
