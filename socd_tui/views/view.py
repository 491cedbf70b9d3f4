"""What a view is: a question, and how a Lens on what is known becomes a pane that answers it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Literal, TypeVar

from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Canvas, Line
from socd_tui.charts.sheet import Sheet
from socd_tui.model.lens import Lens, Wanted, shown_windows
from socd_tui.model.record import dataclass, replace
from socd_tui.model.target import HourTarget, KeyTarget, RowTarget, Target
from socd_tui.views.parts.measure import Meaning, Measures

Motion = Literal["left", "right", "up", "down", "first", "last", "maximum", "next", "previous"]
"""One step of a cursor; up and down may be of several rows at once."""
Grid = Sequence[Sequence[Target]]
T = TypeVar("T", bound=Target)


@dataclass(frozen=True, kw_only=True, eq=False)
class Pane(ABC):
    """What a view makes of (Known, Lens): everything it shows, says and exports, and where a key leads."""

    cursor: Target | None = None
    """What the cursor is on; None when there is nothing to point at."""
    notes: tuple[str, ...] = ()
    """What is odd about the figures, one sentence each."""

    @abstractmethod
    def draw(self, canvas: Canvas) -> list[Line]:
        """The picture, the read-out of the cursor in its last line."""

    def banner(self, canvas: Canvas) -> list[Line]:
        """Lines over the whole width above the picture, which is drawn without them."""
        del canvas
        return []

    @abstractmethod
    def sheet(self) -> Sheet:
        """The figures as rows, for a table in a pipe, CSV and Markdown."""

    @abstractmethod
    def json(self) -> dict[str, object]:
        """The `data` object of the JSON document."""

    def targets(self) -> Grid:
        """What the cursor can be on, row by row."""
        return ()

    def rows_about(self) -> Sequence[KeyTarget | RowTarget]:
        """What its rows are about: what a filter narrows and a sort orders, folded away or not."""
        return [at for row in self.targets() for at in row if isinstance(at, KeyTarget | RowTarget)]

    def maximum(self) -> Target | None:
        """Where the largest figure is, of the kind one looks for here."""
        return None

    def hits(self) -> Sequence[HourTarget]:
        """What `n` and `N` go through, ascending."""
        return ()

    def enter(self, lens: Lens) -> Lens | None:
        """The Lens that looks closer at what is under the cursor; None where there is nothing closer."""
        del lens
        return None

    def noted(self, lens: Lens) -> Lens | None:
        """The Lens of somebody who has taken note of what is new here; None where nothing is."""
        del lens
        return None

    def copied(self) -> str:
        """What is copied of what is under the cursor; empty where that is the read-out line."""
        return ""

    @property
    def first_row(self) -> int:
        """The row of the targets with which the table begins, above which other things stand."""
        return 0

    def moved(self, lens: Lens, motion: Motion, rows: int = 1) -> Lens:
        """The Lens after one step of the cursor, up or down as many rows; the same Lens at an edge.

        The first row is that of the table; from there, what stands above it.
        """
        grid = self.targets()
        match motion:
            case "maximum":
                target = self.maximum()
            case "next" | "previous":
                target = neighbour(self.hits(), self.cursor, forward=motion == "next")
            case "first" if 0 < self.first_row < len(grid) and self.cursor != grid[self.first_row][0]:
                target = grid[self.first_row][0]
            case _:
                target = step(grid, self.cursor, motion, rows)
        return lens if target is None else lens.at(target)


class View(ABC):
    """One view. A module or folder of this package whose `VIEW` is one is found by the registry."""

    name: ClassVar[str]
    order: ClassVar[int]
    title: ClassVar[str]
    question: ClassVar[str]
    shows: ClassVar[str] = "figures"
    """What is seen there of a key: "requests per day"."""
    scope: ClassVar[Literal["all", "subject"]]
    """Whether it speaks of every key in the picture, or of the marked ones, else of the one in focus."""
    needs_answers: ClassVar[bool] = True
    """Whether there is nothing to show of keys of which no answer has come."""
    compares: ClassVar[str] = "requests"
    """The count whose change it shows, by its name in `COUNTS`."""
    meanings: ClassVar[tuple[Meaning, ...]] = ()
    """What its marks and figures mean, besides its measures."""
    groupings: ClassVar[tuple[str, ...]] = ()
    """What the rows of its files can be of; empty for a view that has one kind of rows."""
    toggles: ClassVar[tuple[str, ...]] = ()
    """Ids of those keys of the key map that do something in this view and in few others."""
    hints: ClassVar[tuple[str, ...]] = ()
    """Ids of the keys of the key map that the footer names first while this view is looked at."""

    @property
    def measures(self) -> Measures[Any] | None:
        """What its rows can be filtered and sorted by; None for a view without rows."""
        return None

    def windows(self, lens: Lens) -> Wanted:
        """The windows that the service is to be asked for, to build this view through the Lens."""
        return shown_windows(lens)

    @abstractmethod
    def build(self, known: Known, lens: Lens) -> Pane:
        """The pane, from what `prepare` made of the Fleet for this Lens."""

    def explained(self) -> tuple[Meaning, ...]:
        """What every number means."""
        return (*self.meanings, *(self.measures.meanings() if self.measures else ()))


def column(targets: Iterable[Target]) -> Grid:
    """A grid of rows with one target each."""
    return [[each] for each in targets]


def pick(wanted: Target | None, targets: Sequence[T]) -> T | None:
    """What the Lens points at while it is in the picture, else the first there is."""
    return next((target for target in targets if target == wanted), next(iter(targets), None))


def to_page(lens: Lens, key_id: str | None) -> Lens:
    """From a key's row to the page of the key; None for all keys together."""
    return replace(lens, view="key", focus=key_id, marked=frozenset(), path=None)


def neighbour(hits: Sequence[HourTarget], cursor: Target | None, *, forward: bool) -> HourTarget | None:
    """The hit after the cursor, or before it; around the end to the other."""
    if not hits or not isinstance(cursor, HourTarget):
        return next(iter(hits), None)
    hours = [hit.hour for hit in hits]
    at = bisect_right(hours, cursor.hour) if forward else bisect_left(hours, cursor.hour) - 1
    return hits[at % len(hits)]


def step(grid: Grid, cursor: Target | None, motion: Motion, by: int = 1) -> Target | None:
    """Where one motion leads from `cursor`, up and down `by` rows or as far as there are; None when it leads
    nowhere."""
    rows = [row for row in grid if row]
    if not rows:
        return None
    if cursor is None:
        return rows[0][0]
    y, x = next(((y, x) for y, row in enumerate(rows) for x, at in enumerate(row) if at == cursor), (0, 0))
    down, right = {"left": (0, -1), "right": (0, 1), "up": (-by, 0), "down": (by, 0)}.get(motion, (0, 0))
    one_column = all(len(row) == 1 for row in rows)
    match motion:
        case "first" | "last" if one_column:
            y = 0 if motion == "first" else len(rows) - 1
        case "first" | "last":
            x = 0 if motion == "first" else len(rows[y]) - 1
        case _:
            y = min(max(y + down, 0), len(rows) - 1) if by > 1 else y + down
            x += right
    if not (0 <= y < len(rows) and 0 <= x < len(rows[y])):
        return None
    return rows[y][x]
