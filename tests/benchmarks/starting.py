"""How long a person waits after the start of the program, beside a bare Textual one in the same round."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping

from tests.benchmarks.lab import BARE, PROGRAM, Lab, run
from tests.benchmarks.rows import Sample
from tests.benchmarks.terminal import Program, first_shown, shown_since

AWAITED = re.compile(r"loading|Looking for|waiting for|\s…(?:\s|$)|fetching|\d+ of \d+ ─|no data yet")
"""What is on the overview as long as it is not full."""

SHOW = ("show", "overview", "--offline", "--format", "json")

MAP_KEY, MAP_SIGN = b"5", "by hour"
"""A key, and what only the view has that it opens."""


def bare_ms(lab: Lab) -> float:
    """From the start of a bare Textual program to its first frame."""
    with Program([sys.executable, "-c", BARE], lab.environ(lab.folder())) as bare:
        return (bare.until(b"first frame") - bare.began) * 1e3


def first_frame(lab: Lab) -> Iterator[Sample]:
    """The service answers too late, so what is on screen is of the history."""
    filled, floor = lab.filled(50), bare_ms(lab)
    sign = filled.busiest()
    with Program(PROGRAM, filled.environ) as program:
        program.settle()
        shown = first_shown(program, lambda text: sign in text, f"the figure {sign}")
        yield Sample("first-frame", (shown - program.began) * 1e3, floor, began=program.began)


def answers(lab: Lab) -> Iterator[Sample]:
    """The key is pressed when the first frame is there."""
    filled, floor = lab.filled(50), bare_ms(lab)
    sign = filled.busiest()
    with Program(PROGRAM, filled.environ) as program:
        program.until(sign.encode())
        program.press(MAP_KEY)
        yield Sample("answers", _answered_ms(program), floor, began=program.began)


def answers_early(lab: Lab) -> Iterator[Sample]:
    """The key is pressed while nothing is on screen."""
    filled, floor = lab.filled(50), bare_ms(lab)
    with Program(PROGRAM, filled.environ) as program:
        program.press(MAP_KEY)
        yield Sample("answers-early", _answered_ms(program), floor, began=program.began)


def demo(lab: Lab) -> Iterator[Sample]:
    """Nothing is stored; full is the overview when nothing on it is awaited any more."""
    floor = bare_ms(lab)
    with Program([*PROGRAM, "--demo"], lab.environ(lab.folder())) as program:
        program.settle()
        full = shown_since(program, is_full, "a full overview")
        yield Sample("demo", (full - program.began) * 1e3, floor, began=program.began)


def is_full(text: str) -> bool:
    return "total" in text and not AWAITED.search(text)


def help_(lab: Lab) -> Iterator[Sample]:
    yield _ended("help", lab, lab.environ(lab.folder()), "--help")


def line(lab: Lab) -> Iterator[Sample]:
    """As a prompt asks it again and again, and the first time after something new was stored."""
    run([*PROGRAM, "line"], lab.filled(50).environ)
    yield _ended("line", lab, lab.filled(50).environ, "line")
    for said in lab.filled(50).home.rglob("line-*.json"):
        said.unlink()
    yield _ended("line-anew", lab, lab.filled(50).environ, "line")


def show(lab: Lab) -> Iterator[Sample]:
    yield _ended("show", lab, lab.filled(50).environ, *SHOW)


def _ended(row: str, lab: Lab, environ: Mapping[str, str], *arguments: str) -> Sample:
    floor = bare_ms(lab)
    ran = run([*PROGRAM, *arguments], environ)
    return Sample(row, ran.seconds * 1e3, floor, began=ran.began)


def _answered_ms(program: Program) -> float:
    """From the start of the program until the view is on screen."""
    program.settle()
    return (first_shown(program, lambda text: MAP_SIGN in text, "the 429 map") - program.began) * 1e3
