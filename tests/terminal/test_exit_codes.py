"""The exit codes that a shell sees of the installed program. Thresholds and signals: `test_watching.py`."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.contract.test_file_goldens import EXPORT
from tests.terminal.pseudo import PROGRAM, environment


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("line",), 0, ""),
        (("show", "bill", "--open", str(EXPORT), "--output", "absent/bill.txt"), 1, "could not be written"),
        (("show", "overveiw"), 2, "The nearest is 'overview'."),
        (("keys",), 5, "You are not signed in"),
        (("show", "overview", "--open", str(EXPORT)), 6, "'ghost import#COKh'"),
    ],
)
def test_a_shell_sees_how_it_went_and_a_person_reads_why(
    tmp_path: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    done = subprocess.run(
        [*PROGRAM, *arguments],
        env=environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, told in done.stderr) == (code, True)
