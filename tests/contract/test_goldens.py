"""What each pane looks like, kept as text. `--update-goldens` accepts the pictures as they are now.

Below the text a file says, cell by cell, which role it is drawn in, for a picture in the wrong colours is
wrong too: the same lines and columns with a letter for each mark, capitals under the cursor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Canvas, Line, Role, Span, plain
from socd_tui.charts.glyphs import ASCII, FULL
from socd_tui.model.lens import Lens
from socd_tui.model.text import cell_width
from socd_tui.views.registry import views
from tests.build import painted, pane
from tests.fleets import looked_at

FOLDER = Path(__file__).parent.parent / "goldens"
SIZES = ((200, 50), (160, 45), (120, 36), (80, 24), (60, 20), (40, 12))
EDGES = ("compared", "nested", "empty", "one_day", "all_unknown", "huge")

LETTERS: dict[Role, str] = {
    "ink": ".I", "faint": "fF", "accent": "aA", "data": "dD", "good": "gG", "warn": "wW", "bad": "bB",
    "title": "tT", "heat1": "1!", "heat2": "2@", "heat3": "3#", "heat4": "4$",
}  # fmt: skip
"""A role's letter in a golden, and the one under the cursor. A blank has one only under the cursor."""

LEGEND = (
    "--- . ink, f faint, a accent, d data, g good, w warn, b bad, t title, 1-4 heat;"
    " cursor: I F A D G W B T !@#$"
)


def goldens() -> Iterator[tuple[str, str, str, Canvas]]:
    """File stem, view, fleet and canvas of each picture."""
    for known in views():
        for width, height in SIZES:
            for glyphs in (FULL, ASCII):
                canvas = Canvas(width, height, glyphs)
                yield f"{known.name}-{width}x{height}-{glyphs.level}", known.name, "flat", canvas
        for fleet in EDGES:
            yield f"{known.name}-{fleet}-80x24-full", known.name, fleet, Canvas(80, 24)


@cache
def seen(name: str, fleet_name: str) -> tuple[object, Known, Lens]:
    """The pane with the second key in focus, and what it was built from."""
    known, lens = looked_at(fleet_name)
    lens = replace(lens, view=name, focus=known.fleet.keys[1].id if known.fleet.keys else None)
    return pane(known, lens), known, lens


@cache
def lines_of(name: str, fleet_name: str, canvas: Canvas) -> list[Line]:
    """Drawn once for all the tests that look at it."""
    return painted(*seen(name, fleet_name), canvas)


def written(lines: Sequence[Line]) -> str:
    """A picture as a file holds it."""
    return f"{plain(lines)}\n{LEGEND}\n" + "\n".join(map(letters, lines)) + "\n"


def letters(line: Line) -> str:
    """The roles of a line's cells."""
    return "".join(letter(span, char) * cell_width(char) for span in line for char in span.text).rstrip()


def letter(span: Span, char: str) -> str:
    pair = LETTERS[span.role]
    return pair[1] if span.cursor else " " if char == " " else pair[0]


@pytest.mark.parametrize(
    ("stem", "name", "fleet", "canvas"), [pytest.param(*each, id=each[0]) for each in goldens()]
)
def test_the_pane_looks_as_it_was_approved(
    stem: str, name: str, fleet: str, canvas: Canvas, request: pytest.FixtureRequest
) -> None:
    path = FOLDER / f"{stem}.txt"
    now = written(lines_of(name, fleet, canvas))
    if request.config.getoption("--update-goldens"):
        path.write_text(now, encoding="utf-8")
    assert now == path.read_text(encoding="utf-8")


def test_no_golden_is_left_over_from_a_view_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == {stem for stem, *_ in goldens()}


# --- that a golden notices -------------------------------------------------------------------------


def test_each_role_has_letters_of_its_own() -> None:
    assert set(LETTERS) == set(get_args(Role))
    every = "".join(LETTERS.values())
    assert len(set(every)) == len(every) == 2 * len(LETTERS)


def exchanged(*pairs: tuple[Role, Role]) -> dict[Role, Role]:
    """Each role of a pair as the other one."""
    return {role: other for a, b in pairs for role, other in ((a, b), (b, a))}


@pytest.mark.parametrize(
    ("roles", "least"),
    [
        (exchanged(("good", "bad")), 50),
        (exchanged(("warn", "bad")), 70),
        (exchanged(("ink", "faint")), 100),
        (exchanged(("heat1", "heat4"), ("heat2", "heat3")), 10),
        ({"title": "ink"}, 100),
        ({"accent": "ink"}, 50),
        ({"data": "ink"}, 50),
    ],
    ids=[
        "good as bad",
        "warn as bad",
        "ink as faint",
        "the heat scale inverted",
        "no title",
        "no accent",
        "no data",
    ],
)
def test_goldens_notice_roles_that_are_exchanged(roles: dict[Role, Role], least: int) -> None:
    def spoilt(span: Span) -> Span:
        return span._replace(role=roles.get(span.role, span.role))

    assert len(noticed(spoilt)) >= least


def test_goldens_notice_a_cursor_that_is_lost() -> None:
    assert len(noticed(lambda span: span._replace(cursor=False))) >= 90


def noticed(spoilt: Callable[[Span], Span]) -> list[str]:
    """The goldens that would be red if each span were drawn spoilt, of the same text."""
    different = []
    for stem, name, fleet, canvas in goldens():
        lines = [tuple(map(spoilt, line)) for line in lines_of(name, fleet, canvas)]
        text, _, roles = (FOLDER / f"{stem}.txt").read_text(encoding="utf-8").partition(f"\n{LEGEND}\n")
        assert text == plain(lines)
        if any(
            letters(line) != of for line, of in zip(lines, roles.removesuffix("\n").split("\n"), strict=True)
        ):
            different.append(stem)
    return different
