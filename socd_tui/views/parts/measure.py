"""A figure of a table, declared once: its column, its field in files and JSON, its names and its help."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, Literal, TypeVar

from socd_tui.analysis.columns import Columns, Fact, Reads, RowFacts
from socd_tui.analysis.row_filter import select_rows
from socd_tui.charts.canvas import Canvas, Role
from socd_tui.charts.number import dollars, forms, millis, percent
from socd_tui.charts.sheet import Field, Kind, Sheet, Value, as_written, rounded
from socd_tui.charts.table import Cell, Column, Row
from socd_tui.model.key import Limit
from socd_tui.model.lens import Lens
from socd_tui.model.record import dataclass, replace
from socd_tui.model.target import Target
from socd_tui.model.text import Text, folded

R = TypeVar("R")

Confidence = Literal["exact", "derived", "assumed", "estimated"]
"""How a figure is known: counted by the service; calculated from counts; rested on a limit that is taken from
the table of tiers; or made by a rule of thumb or a model, as costs and forecasts are."""

_OF_KIND: Mapping[Kind, Confidence] = {"ratio": "derived", "cents": "estimated"}


def of_limit(limit: Limit | None) -> Confidence:
    """How a limit is known."""
    return "assumed" if limit is not None and limit.source == "tier" else "exact"


@dataclass(frozen=True)
class Meaning:
    """What one number means: its denominator and unit, and the wire fields it is read from.

    `source` names the flat payload's field, then the nested one's; empty for what is computed here.
    """

    number: str
    meaning: str
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Measure(Generic[R]):
    """One figure of each row of a table.

    `read` gives it in the unit of its kind: a count, a fraction of 1, milliseconds, cents, or text.
    """

    name: str
    """In files, in the JSON document, and for filters and sorting."""
    read: Callable[[R], Value]
    kind: Kind = "count"
    column: Column | None = None
    """Its column on the screen; None for a figure that stands only in files or serves only filters."""
    after: str = ""
    """The measure it stands behind on the screen, where that is not the one before it in the list."""
    words: Callable[[R, Canvas], tuple[str, ...]] | None = None
    """What its cell says, by level, where that is more than its number."""
    cell: Callable[[R, Canvas], Cell] | None = None
    """How it is drawn, where that is more than words of the role."""
    role: Role | Callable[[R], Role] = "ink"
    aliases: tuple[str, ...] = ()
    """Other names people type for it, besides the title of its column."""
    in_files: bool = True
    """Whether it is a column of CSV, Markdown and piped tables."""
    in_json: bool = True
    json_name: str = ""
    """Its name in the JSON document, where files have another."""
    confidence: Confidence | Callable[[R], Confidence] | None = None
    """How it is known; None for what its kind says: ratios are derived, and costs estimated."""
    narrows: bool = True
    """Whether rows can be filtered and sorted by it."""
    compared: bool = False
    """Whether there is one only beside the window before; else files do not have it."""
    meaning: str = ""
    called: str = ""
    """What the meaning is of in help, where that is more than this column: "p50, p95, p99"."""
    source: str = ""

    @property
    def heading(self) -> str:
        """What people see of its name."""
        return self.column.title if self.column else self.name

    def drawn(self, row: R, canvas: Canvas) -> Cell:
        """The cell of this figure in the row."""
        if self.cell is not None:
            return self.cell(row, canvas)
        role = self.role if isinstance(self.role, str) else self.role(row)
        return Cell(self.said(row, canvas), role)

    def said(self, row: R, canvas: Canvas) -> tuple[str, ...]:
        """What the cell of this figure says in the row, by level; a drawing says nothing."""
        if self.cell is not None:
            return self.cell(row, canvas).forms
        if self.words is not None:
            return self.words(row, canvas)
        return self.forms(self.read(row), canvas.glyphs.unknown)

    def forms(self, value: Value, unknown: str) -> tuple[str, ...]:
        """What a cell says of the figure, where it says its number."""
        match value:
            case None:
                return (unknown,)
            case Text():
                return (value.shown,)
            case str():
                return (value,)
        match self.kind:
            case "ratio":
                return (percent(value),)
            case "ms":
                return (millis(value),)
            case "code":
                return (str(value),)
            case "cents":
                return (dollars(int(value)),)
            case _:
                return forms(int(value))

    def known(self, row: R) -> Confidence:
        """How the figure of this row is known."""
        said = self.confidence(row) if callable(self.confidence) else self.confidence
        return said or _OF_KIND.get(self.kind, "exact")

    def fact(self, row: R) -> Fact:
        """The figure as a filter compares it: cents are dollars to a person."""
        value = self.read(row)
        return value / 100 if self.kind == "cents" and isinstance(value, int | float) else value

    def exported(self, row: R) -> object:
        """The figure as the JSON document has it: text unaltered, ratios to four decimals, dollars."""
        value = self.read(row)
        match value:
            case Text():
                return value.original
            case None | str() | bool():
                return value
            case _ if self.kind == "ms":
                return as_written(value)
            case _:
                return rounded(value / 100 if self.kind == "cents" else value)


@dataclass(frozen=True)
class Measures(Generic[R]):
    """The figures of a table, in the order of its files."""

    each: tuple[Measure[R], ...]

    def __getitem__(self, name: str) -> Measure[R]:
        return next(measure for measure in self.each if measure.name == name)

    @cached_property
    def on_screen(self) -> tuple[Measure[R], ...]:
        """Those with a column, in the order of the columns."""
        placed = [each for each in self.each if each.column is not None and not each.after]
        waiting = [each for each in self.each if each.column is not None and each.after]
        while waiting:
            names = [each.name for each in placed]
            measure = next(each for each in waiting if each.after in names)
            waiting.remove(measure)
            placed.insert(names.index(measure.after) + 1, measure)
        return tuple(placed)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns on the screen, each knowing by which figure it is sorted."""
        return tuple(
            replace(each.column, fact=each.name if each.narrows else "")
            for each in self.on_screen
            if each.column
        )

    def row(
        self,
        row: R,
        canvas: Canvas,
        target: Target | None = None,
        changed: Collection[int] = (),
    ) -> Row:
        """One line of the table; cells in the `changed` places stand out."""
        cells = [each.drawn(row, canvas) for each in self.on_screen]
        for place in changed:
            cells[place] = cells[place]._replace(changed=True)
        return Row(tuple(cells), target)

    def differences(self, row: R, other: R, canvas: Canvas) -> frozenset[int]:
        """The places of the columns in which two rows say something else; a drawing says nothing."""
        pairs = ((each.said(row, canvas), each.said(other, canvas)) for each in self.on_screen)
        return frozenset(place for place, (one, two) in enumerate(pairs) if one != two)

    def sums(
        self, cells: Mapping[str, Cell], target: Target | None = None, role: Role | None = "faint"
    ) -> Row:
        """A line below or between the rows, with these cells by the names of their figures."""
        unplaced = set(cells) - {each.name for each in self.on_screen}
        if unplaced:
            raise KeyError(f"no column of this table is called {', '.join(sorted(unplaced))}")
        return Row(tuple(cells.get(each.name, Cell()) for each in self.on_screen), target, role)

    @cached_property
    def reads(self) -> Reads[R]:
        """How it is read what a row can be filtered and sorted by."""
        return {each.name: each.fact for each in self.each if each.narrows}

    def facts(self, row: R) -> RowFacts[R]:
        """What the row can be filtered and sorted by."""
        return RowFacts(self.reads, row)

    @cached_property
    def names(self) -> Columns:
        """The names a person can filter and sort by: of the JSON document, and as the headings say them."""
        narrowing = [each for each in self.each if each.narrows]
        own = tuple(each.name for each in narrowing)
        headings = {
            _typed(title): each.name
            for each in narrowing
            if each.column
            for title in (each.column.title, each.column.title.removesuffix(" ms"), each.column.short)
        }
        aliases = {alias: each.name for each in narrowing for alias in each.aliases}

        def of(*kinds: Kind) -> frozenset[str]:
            return frozenset(each.name for each in narrowing if each.kind in kinds)

        return Columns(
            own,
            {alias: name for alias, name in {**headings, **aliases}.items() if alias and alias not in own},
            texts=of("text"),
            shares=of("ratio"),
            counts=of("count", "code", "cents"),
            times=of("ms"),
            headings={
                each.name: each.heading
                for each in self.on_screen
                if each.narrows and each.heading[:1].isalnum()
            },
        )

    def chosen(self, rows: Iterable[R], lens: Lens, view: str) -> list[R]:
        """The rows that the Lens's filter of this view keeps, in the order of its sort. Raises UsageError."""
        return select_rows(rows, self.facts, lens, view, self.names)

    def fields(self, *, compared: bool = False) -> tuple[Field, ...]:
        """The columns of its files."""
        return tuple(Field(each.name, each.kind) for each in self._in_files(compared))

    def values(self, row: R, *, compared: bool = False) -> tuple[Value, ...]:
        """The row in its files."""
        return tuple(each.read(row) for each in self._in_files(compared))

    def sheet(
        self,
        rows: Iterable[R],
        *,
        compared: bool = False,
        more: Iterable[Mapping[str, Value]] = (),
        notes: Sequence[str] = (),
    ) -> Sheet:
        """The rows, then `more` rows by the names of their figures, as a file or a pipe has them."""
        fields = self.fields(compared=compared)
        lines = [self.values(row, compared=compared) for row in rows]
        lines += [tuple(values.get(field.name) for field in fields) for values in more]
        return Sheet(fields, tuple(lines), tuple(notes))

    def json(self, row: R) -> dict[str, object]:
        """The row's own figures in the JSON document, and of those that are not exact how they are known."""
        told = {each: each.exported(row) for each in self.each if each.in_json}
        known = {
            each.json_name or each.name: confidence
            for each, value in told.items()
            if value is not None and (confidence := each.known(row)) != "exact"
        }
        figures = {each.json_name or each.name: value for each, value in told.items()}
        return {**figures, "confidence": known} if known else figures

    def meanings(self) -> tuple[Meaning, ...]:
        """What each figure means that says so."""
        unseen = [each for each in self.each if each.column is None]
        return tuple(
            Meaning(each.called or each.heading, each.meaning, each.source)
            for each in (*self.on_screen, *unseen)
            if each.meaning
        )

    def without(self, *names: str) -> Measures[R]:
        """The same table without some figures."""
        return Measures(tuple(each for each in self.each if each.name not in names))

    def replacing(self, name: str, *others: Measure[R]) -> Measures[R]:
        """The same table with others in the place of one."""
        at = next(i for i, each in enumerate(self.each) if each.name == name)
        return Measures((*self.each[:at], *others, *self.each[at + 1 :]))

    def changed(self, name: str, **changes: Any) -> Measures[R]:
        """The same table with something else about one figure, e.g. its column."""
        return self.replacing(name, replace(self[name], **changes))

    def _in_files(self, compared: bool) -> list[Measure[R]]:
        return [each for each in self.each if each.in_files and (compared or not each.compared)]


def _typed(title: str) -> str:
    """A heading as a person types it in a filter; empty for one that is drawn, or numbers."""
    return folded(title) if title[:1].isalnum() else ""
