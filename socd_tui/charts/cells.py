"""What is right of a chart's value axis, cell by cell: bars, what is laid over them, and their spans."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from socd_tui.charts.canvas import Line, Role, Span
from socd_tui.charts.glyphs import Glyphs
from socd_tui.charts.places import Places
from socd_tui.model.record import dataclass
from socd_tui.model.target import Target


@dataclass(frozen=True)
class Bucket:
    """One bar: its value (None when missing), the label of its tick, and what a click on it points at.

    `complete` is False for a day that is not over, which is drawn with another mark, not only another role.
    `before` is the value of the days before that stands beside it; None where there is none.
    """

    value: int | None
    label: str
    target: Target
    complete: bool = True
    before: int | None = None


@dataclass(frozen=True)
class Ahead:
    """A day to come: between which values it is expected, and the label of its tick."""

    low: float
    middle: float
    high: float
    label: str


@dataclass(frozen=True)
class Cells:
    """What is right of the value axis, cell by cell: marks, and the role of each."""

    rows: list[list[str]]
    roles: list[list[Role | None]]
    """None where the bar says it."""

    @classmethod
    def of(cls, rows: Sequence[str], width: int) -> Cells:
        return cls([list(row.ljust(width)) for row in rows], [[None] * width for _ in rows])

    def put(self, y: int, x: int, mark: str, role: Role | None) -> None:
        self.rows[y][x] = mark
        self.roles[y][x] = role

    def write(self, y: int, text: str, middle: int, within: range, role: Role) -> None:
        """A text about the middle column, within those columns."""
        start = min(max(middle - (len(text) - 1) // 2, within.start), within.stop - len(text))
        for x, char in enumerate(text, start):
            self.put(y, x, char, role)

    def lay_behind(self, before: Sequence[str], glyphs: Glyphs) -> None:
        """The bars of the days before, where nothing else is; a notch where they end behind a bar."""
        for y, row in enumerate(before):
            for x, mark in enumerate(row):
                if mark == " ":
                    continue
                if self.rows[y][x] == " ":
                    self.put(y, x, glyphs.before, "faint")
                elif y and before[y - 1][x] == " " != self.rows[y - 1][x]:
                    self.put(y, x, glyphs.dash, "faint")

    def mark(self, buckets: Sequence[Bucket], places: Places, glyphs: Glyphs) -> None:
        """Bars of days that are not over, and in place of a missing bar its mark: for zero, and no figure."""
        for n, bucket in enumerate(buckets):
            if not bucket.value:
                shown = glyphs.unknown if bucket.value is None else glyphs.zero
                self.put(len(self.rows) - 1, places.middle(n), shown, "faint")
            elif not bucket.complete:
                for row, roles in zip(self.rows, self.roles, strict=True):
                    for x in places.own(n):
                        if row[x] != " " and roles[x] is None:
                            row[x] = glyphs.partial

    def foretell(self, ahead: Sequence[Ahead], places: Places, top: int, glyphs: Glyphs) -> None:
        """The band of each day to come, its middle told apart, behind a dividing line."""
        if not places.ahead:
            return
        last = len(self.rows) - 1
        for y in range(last + 1):
            self.put(y, places.width, glyphs.tick, "faint")
        for n, day in enumerate(ahead[: len(places.ahead) - 1]):
            low, middle, high = (
                last - round(min(max(each, 0), top) / top * last) for each in (day.low, day.middle, day.high)
            )
            for x in range(places.ahead[n] // 2, places.ahead[n + 1] // 2):
                for y in range(high, low + 1):
                    self.put(
                        y, x, glyphs.rule if y == middle else glyphs.ahead, "ink" if y == middle else "faint"
                    )

    def dash(self, y: int, glyphs: Glyphs) -> None:
        """The line of the limit: behind the bars, and across what is expected."""
        for x, mark in enumerate(self.rows[y]):
            if mark in (" ", glyphs.ahead, glyphs.rule):
                self.put(y, x, glyphs.dash, "warn")

    def write_above(self, texts: Sequence[str], places: Places) -> None:
        """A number on top of each bar, for which there is another line above."""
        width = len(self.rows[0])
        self.rows.insert(0, [" "] * width)
        self.roles.insert(0, [None] * width)
        everywhere = range(places.width)
        for n, text in enumerate(texts):
            own = places.own(n)
            top = next((y for y, row in enumerate(self.roles) if self._is_bar(y, own)), len(self.rows) - 1)
            if text:
                within = places.cells(n) if places.apart else everywhere
                self.write(
                    max(top - 1, 0),
                    text,
                    places.middle(n),
                    within if len(within) >= len(text) else everywhere,
                    "ink",
                )

    def _is_bar(self, y: int, cells: range) -> bool:
        return any(self.rows[y][x] != " " and self.roles[y][x] is None for x in cells)

    def lines(self, buckets: Sequence[Bucket], places: Places) -> list[Line]:
        """Each row as spans, with where a click leads."""
        told = [buckets[n] for n in places.owners()]
        beyond = len(self.rows[0]) - len(told)
        bars: list[Role] = ["data" if each.value and each.complete else "faint" for each in told]
        bars += ["faint"] * beyond
        targets = [*(each.target for each in told), *[None] * beyond]
        lines = []
        for marks, roles in zip(self.rows, self.roles, strict=True):
            looks = [(role or bar, at) for role, bar, at in zip(roles, bars, targets, strict=True)]
            line, start = [], 0
            for (role, target), alike in groupby(looks):
                stop = start + sum(1 for _ in alike)
                line.append(Span("".join(marks[start:stop]), role, target))
                start = stop
            lines.append(tuple(line))
        return lines


def put_cursor(line: Line, under: range) -> Line:
    """The line with the cursor on these columns; each of its characters takes one."""
    spans: list[Span] = []
    start = 0
    for span in line:
        stop = start + len(span.text)
        if stop <= under.start or start >= under.stop:
            spans.append(span)
        else:
            cuts = [start, *(x for x in (under.start, under.stop) if start < x < stop), stop]
            spans += [
                span._replace(text=span.text[first - start : last - start], cursor=first in under)
                for first, last in pairwise(cuts)
            ]
        start = stop
    return tuple(spans)
