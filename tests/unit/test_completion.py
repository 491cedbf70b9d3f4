"""What shells and `man` are given of the command line: what is committed is what it makes now, and works."""

from __future__ import annotations

import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

from socd_tui.commands.parts.completions import FILES, completion_of
from socd_tui.store.history import History
from tests.build import key
from tests.clock import Clock
from tests.command import ran
from tests.terminal.pseudo import environment

SHARE = Path(__file__).parents[2] / "share"
MAKERS = (SHARE / "completions" / "make_completions.py", SHARE / "man" / "make_page.py")
MAN = SHARE / "man" / "man1" / "socd-tui.1"
ORIGIN = "http://127.0.0.1:9"

ASKED = r"""
source "$1"
socd-tui() {
  [[ "$*" == "completion --keys" ]] && printf '%s\n' 'Production SIEM' "it's \$(touch pwned)" lab
}
shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_shtab_socd_tui
printf '%s\n' "${COMPREPLY[@]}"
"""


def completed(folder: Path, *typed: str) -> list[str]:
    """What bash offers for the last word."""
    script = str(SHARE / "completions" / FILES["bash"])
    command = ["bash", "--norc", "-c", ASKED, "bash", script, "socd-tui", *typed]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1]


@pytest.mark.parametrize("maker", MAKERS, ids=["completions", "man"])
def test_what_is_committed_is_what_the_command_line_makes_now(
    maker: Path, request: pytest.FixtureRequest
) -> None:
    """Make it anew with `--update-goldens`."""
    makes = runpy.run_path(str(maker))
    if request.config.getoption("--update-goldens"):
        makes["main"]()
    if maker == MAKERS[0]:
        assert {shell: completion_of(shell) for shell in FILES} == {
            shell: makes["completions"](shell) for shell in FILES
        }
    else:
        assert MAN.read_text(encoding="utf-8") == makes["page"]()


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes_commands_options_values_and_keys(tmp_path: Path) -> None:
    assert completed(tmp_path, "sh") == ["show"]
    assert completed(tmp_path, "show", "ov") == ["overview"]
    assert completed(tmp_path, "show", "overview", "--fo") == ["--format"]
    assert completed(tmp_path, "history", "--format", "js") == ["json", "jsonl"]
    assert completed(tmp_path, "--view", "b") == ["budget", "bill"]
    assert completed(tmp_path, "show", "--key", "Production\\ S") == ["Production\\ SIEM"]
    assert completed(tmp_path, "show", "--key", "i") == [r"it\'s\ \$\(touch\ pwned\)"]
    (tmp_path / "here.toml").touch()
    assert completed(tmp_path, "config", "--check", "h") == ["here.toml"]
    assert [path.name for path in tmp_path.iterdir()] == ["here.toml"]


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_the_manual_page_is_set_without_a_warning() -> None:
    command = ["groff", "-man", "-ww", "-Tascii", "-P-cbou", str(MAN)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    for words in ("EXIT STATUS", "SOCD_SESSION_TOKEN", "A threshold is forecast to pass", "'24 Nov'"):
        assert words in " ".join(done.stdout.split())


def test_each_shell_is_printed_its_own(tmp_path: Path) -> None:
    environ = environment(tmp_path, SOCD_BASE_URL=ORIGIN)
    for shell in FILES:
        assert ran(environ, "completion", shell).stdout == completion_of(shell)
    none, unknown = ran(environ, "completion"), ran(environ, "completion", "fisch")
    assert (none.returncode, unknown.returncode) == (2, 2)
    assert "The nearest is 'fish'." in unknown.stderr


def test_keys_are_those_that_are_remembered_by_what_tells_them_apart(tmp_path: Path) -> None:
    environ = environment(tmp_path, SOCD_BASE_URL=ORIGIN)
    assert ran(environ, "completion", "--keys").stdout == ""
    history = History(tmp_path / "data" / "socd-tui", ORIGIN, clock=Clock())
    same = [key("same", key_id=f"{n}", prefix=f"sk_live_{n}") for n in range(2)]
    history.record([*same, key("Production SIEM"), key("\x1b[2J\n--demo", key_id="x"), key("-x")], [])
    done = ran(environ, "completion", "--keys")
    assert done.stdout.splitlines() == ["sk_live_0", "sk_live_1", "Production SIEM", "\ufffd[2J\ufffd--demo"]
    history.path.write_bytes(b"no database" * 99)
    damaged = ran(environ, "completion", "--keys")
    assert (damaged.returncode, damaged.stdout) == (0, "")
    history.path.unlink(missing_ok=True)
    history.path.symlink_to("/dev/null")
    unusable = ran(environ, "completion", "--keys")
    assert (unusable.returncode, unusable.stdout, unusable.stderr) == (0, "", "")
