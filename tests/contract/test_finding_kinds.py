"""A new kind of finding cannot be forgotten: the type checker names the places it needs, and they are few."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mypy", reason="the README's test environment has no type checker; .ci/run runs this too")

ROOT = Path(__file__).parents[2]
KINDS, DIAGNOSIS = "socd_tui/analysis/findings.py", "socd_tui/analysis/diagnosis.py"
WORDS = {"socd_tui/views/parts/description.py", "socd_tui/views/parts/counsel.py"}

NEW_KIND = '''
@dataclass(frozen=True, kw_only=True)
class Sleeping:
    """The key has made no request for long."""

    kind: ClassVar[str] = "sleeping"
    gravity: ClassVar[Gravity] = "low"
    key: ApiKey

    @property
    def weight(self) -> float:
        return 0.0


'''
UNION = "Finding: TypeAlias = (\n"
JUDGEMENTS = "    recent = assessment.recent\n    window ="


def errors(folder: Path, *edits: tuple[str, str, str]) -> list[str]:
    """What the type checker says of the new kind when these files have (file, before, after) edits.

    Without the libraries' own types, which takes a third of the time: of findings they know nothing, and
    what it says of other things then is not asked for.
    """
    options = ["--config-file=", "--no-site-packages", "--ignore-missing-imports", "--cache-dir=/dev/null"]
    for file, before, after in edits:
        source = (ROOT / file).read_text(encoding="utf-8")
        assert source.count(before) == 1
        variant = folder / Path(file).name
        variant.write_text(source.replace(before, after), encoding="utf-8")
        options += ["--shadow-file", file, str(variant)]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "socd_tui"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return [line for line in done.stdout.splitlines() if ": error: " in line and "Sleeping" in line]


def test_a_kind_that_nothing_is_said_of_is_named_where_it_has_to_be_said(tmp_path: Path) -> None:
    found = errors(tmp_path, (KINDS, UNION, f"{NEW_KIND}{UNION}    Sleeping |"))
    assert {error.partition(":")[0] for error in found} == WORDS
    assert len(found) == len(WORDS)
    assert all('"assert_never" has incompatible type "Sleeping"' in error for error in found)


def test_a_kind_without_a_rank_is_named_where_it_is_made(tmp_path: Path) -> None:
    imported = "    from socd_tui.analysis.findings import Sleeping\n"
    made = f"{imported}    yield Sleeping(key=key)\n{JUDGEMENTS}"
    [error] = errors(tmp_path, (KINDS, UNION, NEW_KIND + UNION), (DIAGNOSIS, JUDGEMENTS, made))
    assert error.startswith(f"{DIAGNOSIS}:")
    assert '(actual type "Sleeping", expected type "RunningAway | ' in error
