"""The most memory that the program has held, beside a bare Textual program in the same round.

Of the program's two processes, the whole of that which draws, and what the one that guards it holds alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from shutil import copytree

from tests.benchmarks.keys import TOUR
from tests.benchmarks.lab import BARE, LATE_S, PROGRAM, Lab
from tests.benchmarks.rows import Sample
from tests.benchmarks.terminal import SETTLED_S, Program

MIB = 1024 * 1024


def of_50(lab: Lab) -> Iterator[Sample]:
    return _held(lab, "memory", lab.filled(50).environ)


def after_refresh(lab: Lab) -> Iterator[Sample]:
    """All answers come once more; what is kept of them is of this row alone."""
    filled, home = lab.filled(50), lab.folder()
    copytree(filled.home, home, dirs_exist_ok=True)
    filled.service.wait_before_answers(0)
    try:
        yield from _held(lab, "memory-anew", lab.environ(home, **filled.service.environ), last=b"r")
    finally:
        filled.service.wait_before_answers(LATE_S)


def of_1000(lab: Lab) -> Iterator[Sample]:
    return _held(lab, "memory-1000", lab.filled(1_000).environ)


def _held(lab: Lab, row: str, environ: Mapping[str, str], last: bytes = b"") -> Iterator[Sample]:
    """After a tour of keys and the `last` one, from the history."""
    with Program([sys.executable, "-c", BARE], lab.environ(lab.folder())) as bare:
        bare.until(b"first frame")
        bare.quiet(1.0)
        floor = bare.peak_bytes() / MIB
    with Program(PROGRAM, environ) as program:
        program.settle()
        for key in TOUR.values():
            program.press(key)
            program.quiet(0.25)
        if last:
            program.press(last)
            program.quiet(SETTLED_S)
        yield Sample(row, program.peak_bytes() / MIB, floor)
