"""Small changes of the source of what is trusted most: its unit tests must notice them.

A survivor is told with its file, line, change and number, which with the same seed are the same again.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.trust.check import Check, Outcome, Trial
from tests.trust.mutants import ROOT, changes

WANTED = 0.85
"""Of the changes that are tried, how many at least must be noticed."""

_WIRE = ("service/test_wire.py", "service/test_wire_keys.py", "service/test_wire_calendar.py")
TESTS: dict[str, tuple[str, ...]] = {
    "model/text.py": ("model/test_text.py",),
    "model/redaction.py": ("model/test_redaction.py",),
    "service/retry.py": ("service/test_retry.py",),
    "service/pace.py": ("service/test_pace.py",),
    "service/waiting.py": ("service/test_waiting.py", "service/test_client.py"),
    "service/scalar.py": ("service/test_scalar.py", *_WIRE),
    "service/payload.py": ("service/test_envelope.py", *_WIRE),
    "service/wire.py": (*_WIRE, "service/test_contradictions.py"),
    "service/wire_calendar.py": _WIRE,
    "service/wire_keys.py": _WIRE,
    "model/checked.py": ("store/test_snapshot.py",),
    "store/stored_day.py": ("store/test_stored_day.py",),
    "store/atomic.py": ("store/test_atomic.py",),
    "store/snapshot.py": ("store/test_snapshot.py",),
    "analysis/forecast.py": ("analysis/test_forecast.py",),
    "analysis/fit.py": ("analysis/test_forecast.py",),
    "analysis/chance.py": ("analysis/test_chance.py",),
}
"""The unit tests of each file."""

SAMPLE = (
    ("service/retry.py", "'ratelimit-reset' has XX after it"),
    ("service/retry.py", "',' has XX after it"),
)
"""Of these the short form makes the first of the kind."""


def _attack(trial: Trial, *, asserting: bool) -> Outcome:
    # Tests that assert nothing end late: of them a tenth says as much.
    chosen = _whole(trial, 50 if asserting else 5) if trial.whole else _sample()
    workers = trial.count(1, 2)
    with ThreadPoolExecutor(workers) as threads:
        parts = [chosen[first::workers] for first in range(workers)]
        homes = [trial.home / str(n) for n in range(workers)]
        answers = [
            (change, noticed)
            for part, answered in zip(
                parts, threads.map(partial(_try, asserting=asserting), parts, homes), strict=True
            )
            for change, noticed in zip(part, answered, strict=True)
        ]
    lived = sorted(change for change, noticed in answers if not noticed)
    killed = len(answers) - len(lived)
    low = killed < WANTED * len(answers)
    faults = tuple(_told(trial.seed, *change) for change in lived) if low else ()
    of_each = ", ".join(
        f"{name} {sum(noticed for (at, _), noticed in answers if at == name)}"
        f"/{sum(at == name for (at, _), _ in answers)}"
        for name in dict.fromkeys(sorted(at for at, _ in chosen))
    )
    files = len({name for name, _ in chosen})
    tried = f"{len(chosen):,} changes of {files} files"
    return Outcome(tried, f"{killed / len(answers):.0%} noticed ({of_each})", faults)


def _whole(trial: Trial, most: int) -> list[tuple[str, int]]:
    chance = trial.random()
    return [
        (name, number)
        for name in TESTS
        for count in [len(changes(_tree(name)))]
        for number in sorted(chance.sample(range(count), min(most, count)))
    ]


def _sample() -> list[tuple[str, int]]:
    return [
        (name, next(n for n, change in enumerate(changes(_tree(name))) if change.what == what))
        for name, what in SAMPLE
    ]


def _tree(name: str) -> ast.Module:
    return ast.parse((ROOT / "socd_tui" / name).read_bytes())


def _told(seed: int, name: str, number: int) -> str:
    change = changes(_tree(name))[number]
    return f"seed {seed}: {name}:{change.line}: {change.what} (change {number})"


def _try(chosen: list[tuple[str, int]], home: Path, *, asserting: bool) -> list[bool]:
    """Whether each is noticed. Raises AssertionError when the tests fail with nothing changed."""
    home.mkdir()
    unchanged = [(name, -1) for name in dict.fromkeys(name for name, _ in chosen)]
    jobs = [
        {
            "path": f"socd_tui/{name}",
            "tests": [f"tests/unit/{path}" for path in TESTS[name]],
            "change": number,
            "asserting": asserting,
        }
        for name, number in (*unchanged, *chosen)
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tests.trust.mutants", str(home)],
        input="".join(json.dumps(job) + "\n" for job in jobs),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    answers: list[bool] = [json.loads(line) for line in done.stdout.splitlines()]
    failing = [name for (name, _), noticed in zip(unchanged, answers, strict=False) if noticed]
    assert not failing, f"their tests fail with nothing changed: {', '.join(failing)}"
    return answers[len(unchanged) :]


CHECK = Check(
    name="run_mutants",
    must_show="of small changes of what is trusted most, its unit tests notice 85 % at least",
    ours=partial(_attack, asserting=True),
    naive=partial(_attack, asserting=False),
    naive_is="the same tests, asserting nothing",
)
