"""What a key press costs: how long until all of it is on screen, and how many bytes that takes.

Each program is started on its history while the service answers too late, so that nothing but keys makes it
draw; the same keys are pressed in the bare program of the same round.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tests.benchmarks.lab import BARE, LATE_S, PROGRAM, Filled, Lab
from tests.benchmarks.rows import Sample, percentile
from tests.benchmarks.terminal import SMALL, WIDE, Piece, Program, Repaint, changed_bytes

SILENCE_S = 0.25
"""After so long without a byte the repaint is complete."""

IDLE_S = 10.0

DOWN, UP = b"\x1b[B", b"\x1b[A"
TOUR: dict[str, bytes] = {
    "down": DOWN,
    "down again": DOWN,
    "down once more": DOWN,
    "up": UP,
    "2 series": b"2",
    "down in series": DOWN,
    "3 endpoints": b"3",
    "4 status": b"4",
    "5 429 map": b"5",
    "down in 429 map": DOWN,
    "6 budget": b"6",
    "down in budget": DOWN,
    "7 bill": b"7",
    "8 key": b"8",
    "1 overview": b"1",
    "30 days": b"]",
    "7 days": b"[",
    "space marks": b" ",
    "space unmarks": b" ",
    "? help": b"?",
    "esc": b"\x1b",
}
STEPS = ("down", "down again", "down once more", "up")
SWITCHES = ("2 series", "3 endpoints", "4 status", "5 429 map", "6 budget", "7 bill", "8 key", "1 overview")


@dataclass(frozen=True)
class Tour:
    """The repaints of one program, and the echoes of the bare one that was started before it."""

    pieces: list[Piece]
    began: dict[str, int]
    """By key, how many pieces had come before."""
    repaints: dict[str, Repaint]
    echoes_ms: list[float]

    @property
    def echo_ms(self) -> float:
        return statistics.median(self.echoes_ms)

    @property
    def over_ms(self) -> list[float]:
        """Of each key, what it takes more than an echo."""
        return [max(0.0, repaint.last_s * 1e3 - self.echo_ms) for repaint in self.repaints.values()]

    def output(self, row: str, key: str) -> Sample:
        """The bytes of a key, beside those of the characters that are others then."""
        began, came = self.began[key], self.repaints[key]
        after = [Piece(0.0, came.output)]
        return Sample(row, len(came.output), changed_bytes(self.pieces[:began], after, WIDE))


def toured(lab: Lab, filled: Filled) -> Tour:
    with Program([sys.executable, "-c", BARE], lab.environ(lab.folder())) as bare:
        bare.until(b"first frame")
        bare.quiet(1.0)
        echoes = [bare.repaint(key, SILENCE_S).last_s * 1e3 for key in (DOWN, UP) * 5]
    began, repaints = {}, {}
    with Program(PROGRAM, filled.environ) as program:
        program.settle()
        for name, key in TOUR.items():
            began[name] = len(program.pieces)
            repaints[name] = program.repaint(key, SILENCE_S)
    return Tour(program.pieces, began, repaints, echoes)


def pressed(lab: Lab) -> Iterator[Sample]:
    """50 keys × 90 days, and what a cursor's step and another view write."""
    tour = toured(lab, lab.filled(50))
    for repaint in tour.repaints.values():
        for row in ("key", "key-p95"):
            yield Sample(row, repaint.last_s * 1e3, tour.echo_ms)
    for key in STEPS:
        yield tour.output("cursor", key)
    for key in SWITCHES:
        yield tour.output("switch", key)


def pressed_1000(lab: Lab) -> Iterator[Sample]:
    """The same tour of 1,000 keys beside that of 50 in the same round."""
    few, many = toured(lab, lab.filled(50)), toured(lab, lab.filled(1_000))
    late = percentile(few.over_ms, 0.95)
    for over in many.over_ms:
        yield Sample("key-1000", over, statistics.median(few.over_ms))
        yield Sample("key-1000-p95", over, late)


def first_paint(lab: Lab) -> Iterator[Sample]:
    """All that is written from the start until nothing more comes, in a small terminal."""
    with Program(PROGRAM, lab.filled(50).environ, SMALL) as program:
        program.settle()
        yield Sample("first-paint", len(program.output), changed_bytes([], program.pieces, SMALL))


def idle(lab: Lab) -> Iterator[Sample]:
    """The service answers at once, and what was asked for at the start has come."""
    filled = lab.filled(50)
    filled.service.wait_before_answers(0)
    try:
        with Program(PROGRAM, filled.environ) as program:
            program.settle()
            program.quiet(3.0)
            yield Sample("idle", program.idle(IDLE_S))
    finally:
        filled.service.wait_before_answers(LATE_S)
