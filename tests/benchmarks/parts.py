"""The rows that take no screen: history, analysis and parsing, each in a fresh process."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.lab import Filled, Lab, run
from tests.benchmarks.rows import Sample


def opened(lab: Lab) -> Iterator[Sample]:
    filled = lab.filled(50)
    yield from _inside(lab, filled, "open", filled.history)


def kept(lab: Lab) -> Iterator[Sample]:
    """In a copy: what is kept once is not new any more."""
    filled = lab.filled(50)
    copy = lab.folder() / filled.history.name
    shutil.copy(filled.history, copy)
    yield from _inside(lab, filled, "keep", copy)


def past(lab: Lab) -> Iterator[Sample]:
    yield from _inside(lab, lab.filled(50), "past", lab.years)


def analysis(lab: Lab) -> Iterator[Sample]:
    filled = lab.filled(50)
    yield from _inside(lab, filled, "analysis", filled.history)


def parse(lab: Lab) -> Iterator[Sample]:
    filled = lab.filled(50)
    figures = _figures(lab, filled, "parse", filled.history)
    yield Sample("parse", figures["parse"], figures["json.loads"])


def _inside(lab: Lab, filled: Filled, part: str, history: Path) -> Iterator[Sample]:
    for row, value in _figures(lab, filled, part, history).items():
        yield Sample(row, value)


def _figures(lab: Lab, filled: Filled, part: str, history: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.inside", part, str(history), str(filled.payloads)]
    found: dict[str, float] = json.loads(run(command, filled.environ).stdout)
    return found
