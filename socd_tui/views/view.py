"""What a pane is: functions from (Fleet, Lens) to Data, and from Data to a picture, a sheet and JSON."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Literal, Protocol, TypeVar

from socd_tui.analysis.known import Known
from socd_tui.analysis.row_filter import Columns
from socd_tui.charts.canvas import Canvas, Line, Target
from socd_tui.charts.sheet import Sheet
from socd_tui.model.lens import Lens

Motion = Literal["left", "right", "up", "down", "first", "last", "maximum", "next", "previous"]
Grid = Sequence[Sequence[Target]]


class Data(Protocol):
    """What every view's Data knows."""

    @property
    def cursor(self) -> Target | None:
        """What the cursor is on; None when there is nothing to point at."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is odd about the figures, one sentence each."""


D = TypeVar("D", bound=Data)


@dataclass(frozen=True)
class Meaning:
    """What one number of the pane means: its denominator and unit, and the wire fields it is read from.

    `source` names the flat payload's field, then the nested one's; empty for what is computed here.
    """

    number: str
    meaning: str
    source: str = ""


@dataclass(frozen=True)
class Details:
    """A title and its figures, each with its name."""

    title: str
    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class View(Generic[D]):
    """One pane, whole.

    `build` makes the Data; `draw` puts it on a canvas; `sheet` and `data` are its table and its JSON
    `data` object. `grid` lists what the cursor can be on, row by row; `aim` makes the Lens that looks
    at one of them; `maximum` names the largest. `scope` says whether the pane speaks of every key in
    the picture or only of the marked or focused ones.
    """

    name: str
    order: int
    title: str
    question: str
    scope: Literal["all", "subject"]
    build: Callable[[Known, Lens], D]
    draw: Callable[[D, Canvas], list[Line]]
    sheet: Callable[[D], Sheet]
    data: Callable[[D], dict[str, object]]
    grid: Callable[[D], Grid]
    aim: Callable[[Lens, Target], Lens]
    maximum: Callable[[D], Target | None]
    meanings: tuple[Meaning, ...]
    enter: Callable[[Lens, D], Lens] | None = None
    hits: Callable[[D], list[Target]] | None = None
    """What `n` and `N` go through, in order."""
    details: Callable[[Known, Lens], Details | None] | None = None
    """Everything known of what the cursor is on, where `enter` has nowhere to go."""
    baseline: bool = False
    """Whether it says what is usual, for which it looks beyond the window it shows."""
    columns: Columns | None = None
    """What its rows can be filtered and sorted by; None for a pane without rows."""

    def moved(self, lens: Lens, data: D, motion: Motion) -> Lens:
        """The Lens after one step of the cursor; the same Lens at an edge."""
        match motion:
            case "maximum":
                target = self.maximum(data)
            case "next" | "previous":
                target = neighbour(self.hits(data) if self.hits else [], data.cursor, motion == "next")
            case _:
                target = step(self.grid(data), data.cursor, motion)
        return lens if target is None else self.aim(lens, target)


def pick(wanted: str | None, ids: Sequence[str]) -> str | None:
    """What the Lens points at while it is in the picture, else the first there is."""
    return wanted if wanted in ids else next(iter(ids), None)


def column(ids: Iterable[Target]) -> Grid:
    """A grid of rows with one target each."""
    return [[each] for each in ids]


def at_key(lens: Lens, target: Target) -> Lens:
    """The cursor on a key is the key in focus."""
    return replace(lens, focus=str(target))


def to_series(lens: Lens, key_id: str | None) -> Lens:
    """From a key's row to its days."""
    return lens if key_id is None else replace(lens, view="series", focus=key_id, marked=frozenset())


def neighbour(hits: Sequence[Target], cursor: Target | None, forward: bool) -> Target | None:
    """The hit after the cursor, or before it; around the end to the other."""
    if not hits or cursor is None:
        return next(iter(hits), None)
    keys = [str(hit) for hit in hits]
    at = bisect_right(keys, str(cursor)) if forward else bisect_left(keys, str(cursor)) - 1
    return hits[at % len(hits)]


def step(grid: Grid, cursor: Target | None, motion: Motion) -> Target | None:
    """Where one motion leads from `cursor`; None when it leads nowhere."""
    rows = [row for row in grid if row]
    if not rows:
        return None
    if cursor is None:
        return rows[0][0]
    y, x = next(((y, x) for y, row in enumerate(rows) for x, at in enumerate(row) if at == cursor), (0, 0))
    down, right = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}.get(motion, (0, 0))
    one_column = all(len(row) == 1 for row in rows)
    match motion:
        case "first" | "last" if one_column:
            y = 0 if motion == "first" else len(rows) - 1
        case "first" | "last":
            x = 0 if motion == "first" else len(rows[y]) - 1
        case _:
            y += down
            x += right
    if not (0 <= y < len(rows) and 0 <= x < len(rows[y])):
        return None
    return rows[y][x]
