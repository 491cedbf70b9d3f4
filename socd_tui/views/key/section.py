"""What the page is made of: sections, each in forms of fewer or more lines, and places that lead on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from socd_tui.charts.canvas import Canvas, Line, Role, Span
from socd_tui.model.lens import Lens
from socd_tui.model.record import dataclass
from socd_tui.model.target import RowTarget, Target, ViewTarget
from socd_tui.views.parts.readout import read_out
from socd_tui.views.parts.wrapping import wrapped

NAME = "key"

GUTTER = 10
"""Columns of the names of the sections, the pointer's among them."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Place:
    """What the cursor can be on: it leads somewhere."""

    row: str
    """Its name among the rows of this view."""
    said: Callable[[int], Line]
    """Its exact figures, in so many columns."""
    leads: Callable[[Lens], Lens]
    """The Lens that looks closer."""

    @cached_property
    def target(self) -> RowTarget:
        return RowTarget(NAME, self.row)


@dataclass(frozen=True)
class Row:
    """One line of the page behind the pointer's column, and what the cursor is on there.

    A line without a `place` may have spans with targets of their own.
    """

    line: Line = ()
    place: Place | None = None


@dataclass(frozen=True)
class Form:
    """A section in so many lines, which are drawn only if they are wanted."""

    height: int
    rows: Callable[[], Sequence[Row]]


@dataclass(frozen=True)
class Frame:
    """The columns that a section has, and what the cursor is on."""

    canvas: Canvas
    cursor: Target | None

    @property
    def width(self) -> int:
        return self.canvas.width

    @property
    def room(self) -> int:
        """Columns beside the section's name."""
        return max(self.width - GUTTER, 1)

    def at(self, places: Sequence[Place]) -> int | None:
        """The index of the place under the cursor."""
        return next((n for n, place in enumerate(places) if place.target == self.cursor), None)


@dataclass(frozen=True, kw_only=True, eq=False)
class Section:
    """A part of the page."""

    name: str
    """What it is called where it has no room at all."""
    weight: int
    """The lightest number takes its lines first."""
    forms: Callable[[Frame], Sequence[Form]]
    """What it can look like, from the fewest lines to the most; empty when there is nothing to show."""
    places: Sequence[Sequence[Place]] = ()
    """What the cursor can be on, row by row."""
    pressing: bool = False
    """Whether it grows before the others do."""
    ample: int = 100
    """Lines beyond which others come first."""
    extra: bool = False
    """Whether it is there only to fill lines that are left."""
    column: int = 0
    """0 above the columns, 1 in the left one, 2 in the right one, where there are two."""
    parted: bool = True
    """Whether a blank line stands above it where there is room."""


def figures(*parts: str | Span | None) -> Callable[[int], Line]:
    """The parts of a read-out, as many as fit whole."""
    return lambda width: read_out(parts, width)


def leads_to(view: str, row: str | None = None) -> Callable[[Lens], Lens]:
    """To another view, there to the row of that name."""
    at = (ViewTarget(view),) if row is None else (RowTarget(view, row), ViewTarget(view))

    def led(lens: Lens) -> Lens:
        for target in at:
            lens = lens.at(target)
        return lens

    return led


def labelled(label: str, *spans: Span) -> Line:
    """A line behind the name of its section."""
    return (Span(label.ljust(GUTTER - 1), "faint"), *spans)


def paragraph(label: str, sentence: str, frame: Frame, role: Role = "ink") -> list[Line]:
    """A sentence behind the name of its section, in as many lines as it takes."""
    rows = wrapped(sentence, frame.room)
    return [labelled("" if n else label, Span(row, role)) for n, row in enumerate(rows)]


def of_one(lines: Iterable[Line], place: Place | None = None) -> Form:
    """Lines that are all of one place, or of none."""
    rows = [Row(line, place) for line in lines]
    return Form(len(rows), lambda: rows)


def growing(forms: Iterable[Form]) -> list[Form]:
    """Those that have more lines than the one before."""
    kept: list[Form] = []
    for form in forms:
        if not kept or form.height > kept[-1].height:
            kept.append(form)
    return kept


def aimed(span: Span, place: Place, cursor: Target | None) -> Span:
    """A span of its own place within a line of several."""
    target = place.target
    return Span(span.text, span.role, target, target == cursor, span.changed)
