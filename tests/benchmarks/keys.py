"""What a key press costs: how long until all of it is on screen, and how many bytes that takes.

Each program is started on its history while the service answers too late, so that nothing but keys makes it
draw; the same keys are pressed in the bare program of the same round.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tests.benchmarks.lab import BARE, LATE_S, LONGEST, PROGRAM, SHOWN_DAYS, Filled, Lab, window
from tests.benchmarks.rows import Sample
from tests.benchmarks.terminal import SETTLED_S, SMALL, WIDE, Piece, Program, Repaint, changed_bytes

SILENCE_S = 0.25
"""After so long without a byte the repaint is complete."""

IDLE_S = 10.0

NOTHING_MS = 1.0
"""Twice as long as less than this is no more either."""

DOWN, UP = b"\x1b[B", b"\x1b[A"
TOUR: dict[str, bytes] = {
    "down": DOWN,
    "down again": DOWN,
    "down once more": DOWN,
    "up": UP,
    "2 series": b"2",
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
WINDOW_KEYS = ("30 days", "7 days")
STEPS = ("down", "down again", "down once more", "up")
SWITCHES = ("2 series", "3 endpoints", "4 status", "5 429 map", "6 budget", "7 bill", "8 key", "1 overview")


@dataclass(frozen=True)
class Tour:
    """The repaints of one program, and how long the bare one that was started before it echoes each key."""

    pieces: list[Piece]
    began: dict[str, int]
    """By key, how many pieces had come before."""
    repaints: dict[str, Repaint]
    echoes: dict[str, Repaint]

    @property
    def over_ms(self) -> dict[str, float]:
        """Of each key, what it takes more than an echo."""
        return {
            key: max(0.0, each.last_s - self.echoes[key].last_s) * 1e3 for key, each in self.repaints.items()
        }

    def output(self, row: str, key: str) -> Sample:
        """The bytes of a key, beside those of the characters that are others then."""
        began, came = self.began[key], self.repaints[key]
        after = [Piece(0.0, came.output)]
        return Sample(row, len(came.output), changed_bytes(self.pieces[:began], after, WIDE), key)


def toured(lab: Lab, filled: Filled, days: int = SHOWN_DAYS) -> Tour:
    """The tour on this window; another window only from the usual one, as the longest has none beyond it."""
    tour = {name: key for name, key in TOUR.items() if days == SHOWN_DAYS or name not in WINDOW_KEYS}
    with Program([sys.executable, "-c", BARE], lab.environ(lab.folder())) as bare:
        bare.until(b"first frame")
        bare.quiet(1.0)
        echoes = {name: bare.repaint(key, SILENCE_S) for name, key in tour.items()}
    began, repaints = {}, {}
    with Program([*PROGRAM, *window(days)], filled.environ) as program:
        program.settle(silence_after(days))
        for name, key in tour.items():
            began[name] = len(program.pieces)
            repaints[name] = program.repaint(key, SILENCE_S)
    return Tour(program.pieces, began, repaints, echoes)


def silence_after(days: int) -> float:
    """Seconds without output that say that all is there: what only the history tells is read for longer."""
    return SETTLED_S if days <= LONGEST else 3 * SETTLED_S


def pressed(lab: Lab) -> Iterator[Sample]:
    """50 keys × 90 days, and what a cursor's step and another view write."""
    tour = toured(lab, lab.filled(50))
    for key, repaint in tour.repaints.items():
        for row in ("key", "key-p95"):
            yield Sample(row, repaint.last_s * 1e3, tour.echoes[key].last_s * 1e3, key, repaint.began)
    for key in STEPS:
        yield tour.output("cursor", key)
    for key in SWITCHES:
        yield tour.output("switch", key)


def pressed_1000(lab: Lab) -> Iterator[Sample]:
    """The same tour of 1,000 keys beside that of 50 in the same round."""
    few, many = toured(lab, lab.filled(50)), toured(lab, lab.filled(1_000))
    for key, over in many.over_ms.items():
        for row in ("key-1000", "key-1000-p95"):
            yield Sample(row, over, max(few.over_ms[key], NOTHING_MS), key, many.repaints[key].began)


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
