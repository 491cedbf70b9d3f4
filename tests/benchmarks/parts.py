"""The rows that take no screen: history, analysis and parsing, each in a fresh process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.lab import Lab, inside
from tests.benchmarks.rows import Sample


def opened(lab: Lab) -> Iterator[Sample]:
    return _samples(inside(lab.filled(50), "open"))


def kept(lab: Lab) -> Iterator[Sample]:
    filled = lab.filled(50)
    return _samples(inside(filled, "keep", history=copy_of(filled.history, lab)))


def past(lab: Lab) -> Iterator[Sample]:
    return _samples(inside(lab.filled(50), "past", history=lab.years))


def analysis(lab: Lab) -> Iterator[Sample]:
    return _samples(inside(lab.filled(50), "analysis"))


def parse(lab: Lab) -> Iterator[Sample]:
    figures = inside(lab.filled(50), "parse")
    yield Sample("parse", figures["parse"], figures["json.loads"])


def copy_of(history: Path, lab: Lab) -> Path:
    """To be written to: what is kept once is not new any more."""
    return Path(shutil.copy(history, lab.folder()))


def _samples(figures: dict[str, float]) -> Iterator[Sample]:
    return (Sample(row, value) for row, value in figures.items())
