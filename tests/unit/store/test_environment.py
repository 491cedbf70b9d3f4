"""A variable that holds a secret is gone once it is read, also from what the system shows of the process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from socd_tui.store.environment import taken

SHOWN = Path("/proc/self/environ")

READS = """
import os, sys
from pathlib import Path
from socd_tui.store.environment import taken
assert b"secret-of-ours" in Path("/proc/self/environ").read_bytes()
assert taken(os.environ, "SECRET") == "secret-of-ours"
assert "SECRET" not in os.environ
assert b"secret-of-ours" not in Path("/proc/self/environ").read_bytes()
assert b"KEPT=as it was" in Path("/proc/self/environ").read_bytes()
child = os.fork()
if child == 0:
    os._exit(b"secret-of-ours" in Path("/proc/self/environ").read_bytes())
assert os.waitpid(child, 0)[1] == 0
"""


@pytest.mark.skipif(not SHOWN.exists(), reason="the system shows no process's environment")
def test_the_system_shows_it_no_more_and_neither_does_a_fork() -> None:
    environ = {**os.environ, "SECRET": "secret-of-ours", "KEPT": "as it was"}
    done = subprocess.run([sys.executable, "-c", READS], env=environ, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


WITHOUT_PROC = """
import os
from pathlib import Path
from socd_tui.store.environment import _overwrite_where_c_finds_it
_overwrite_where_c_finds_it(b"SECRET")
shown = Path("/proc/self/environ").read_bytes()
assert b"secret-of-ours" not in shown and b"KEPT=as it was" in shown
"""


BY_PROC = WITHOUT_PROC.replace("_overwrite_where_c_finds_it", "_overwrite_where_it_is_shown")


@pytest.mark.skipif(not SHOWN.exists(), reason="the system shows no process's environment")
@pytest.mark.parametrize("reads", [READS, WITHOUT_PROC, BY_PROC])
def test_what_is_overwritten_is_the_value_alone(reads: str) -> None:
    environ = {
        "A": "1",
        "SECRET": "secret-of-ours",
        "KEPT": "as it was",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run([sys.executable, "-c", reads], env=environ, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_it_is_taken_from_any_mapping() -> None:
    environ = {"SECRET": "value", "other": "kept"}
    assert taken(environ, "SECRET") == "value"
    assert taken(environ, "SECRET") == ""
    assert environ == {"other": "kept"}
