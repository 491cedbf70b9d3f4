"""The large chart with axes. Only this file uses plotext, and imports it when the first chart is drawn.

plotext draws the value axis, and says how high bars are and with which marks, in the half columns that
`places` gives each of them. The date axis is drawn here, because plotext leaves out labels that do not fit,
even the newest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from itertools import product

from socd_tui.charts.canvas import Canvas, Line, Role, Span
from socd_tui.charts.cells import Ahead, Bucket, Cells, put_cursor
from socd_tui.charts.number import brief, exact, short
from socd_tui.charts.places import Places, place
from socd_tui.charts.spark import cell
from socd_tui.model.record import dataclass, replace
from socd_tui.model.text import cell_width

LIMIT_WITHIN = 3
"""A limit is drawn up to this many times the peak; a higher one would make the bars too short to read."""
AHEAD_WITHIN = 2
"""Up to this many times the peak the scale makes room for the days to come; beyond, their band is cut."""
MIN_HEIGHT = 5
"""Lines: two for the date axis, and one for each of the three ticks of the value axis."""
NUMBERS_FROM = 8
"""Lines from which there is one to spare for the numbers above the bars."""
LABEL = 5
"""Least columns of the labels to the left, for the names of the rows beneath."""

_Column = tuple[int | None, int | None]
"""What the two halves of a column show; None nothing."""


@dataclass(frozen=True)
class Plot:
    """The drawn chart: its lines, the column that its first bar starts in, and where the bars are."""

    lines: list[Line]
    left: int
    places: Places


def plot(
    buckets: Sequence[Bucket],
    canvas: Canvas,
    *,
    cursor: int | None = None,
    limit: int | None = None,
    ahead: Sequence[Ahead] = (),
    compared: bool = False,
    numbered: bool = True,
) -> Plot | None:
    """Bars from zero with a value axis and a date axis; None when the canvas is too small for them.

    `limit` is drawn as a line if it is at most `LIMIT_WITHIN` times the peak. Where `compared`, each bar has
    that of the days before beside it. The days to come stand to the right, as many as there is room for.
    """
    drawn = _plot(tuple(buckets), canvas, limit, tuple(ahead), compared, numbered)
    if drawn is None or cursor is None:
        return drawn
    left, cells = drawn.left, drawn.places.cells(cursor)
    under = range(left + cells.start, left + cells.stop)
    *lines, axis, dates = drawn.lines
    return replace(drawn, lines=[*(put_cursor(line, under) for line in lines), axis, dates])


# A moving cursor changes nothing here: 90 days at 160x45 are drawn in 1 ms with this cache, in 48 ms without.
@lru_cache(maxsize=8)
def _plot(
    buckets: tuple[Bucket, ...],
    canvas: Canvas,
    limit: int | None,
    ahead: tuple[Ahead, ...],
    compared: bool,
    numbered: bool,
) -> Plot | None:
    peak = max((max(bucket.value or 0, bucket.before or 0) for bucket in buckets), default=0)
    expected = min(max((each.high for each in ahead), default=0), AHEAD_WITHIN * peak)
    limit = limit if limit is not None and limit <= LIMIT_WITHIN * peak else None
    top = nice_top(max(peak, limit or 0, round(expected)))
    ticks = sorted({0, top // 2, top})
    label_width = max(LABEL, *(cell_width(short(tick)) for tick in ticks))
    left, fine = label_width + 1, canvas.glyphs.level != "ascii"
    places = place(len(buckets), len(ahead), canvas.width - left, fine=fine, beside=compared)
    if places is None or canvas.height < MIN_HEIGHT:
        return None
    numbers = _numbers(buckets, places) if numbered and canvas.height >= NUMBERS_FROM else []
    bars = Canvas(left + places.width, canvas.height - 2 - bool(numbers), canvas.glyphs)
    labels = tuple((tick, short(tick).rjust(label_width)) for tick in ticks)
    values = _columns([bucket.value for bucket in buckets], places, places.bar)
    before = _columns([bucket.before for bucket in buckets], places, places.bar_before) if compared else []
    axis, looks = _axis(bars, top, labels), _looks(dict.fromkeys([*values, *before]), bars, top)
    picture = Cells.of(_side_by_side(values, looks), places.whole)
    if compared:
        picture.lay_behind(_side_by_side(before, looks), canvas.glyphs)
    picture.mark(buckets, places, canvas.glyphs)
    picture.foretell(ahead, places, top, canvas.glyphs)
    if limit is not None:
        picture.dash(round((1 - limit / top) * (bars.height - 1)), canvas.glyphs)
    if numbers:
        axis = [" " * (left - 1) + axis[0][-1:].replace("┤", " "), *axis]
        picture.write_above(numbers, places)
    lines = [
        (Span(label, "faint"), *spans)
        for label, spans in zip(axis, picture.lines(buckets, places), strict=True)
    ]
    dates = [(Span(row, "faint"),) for row in _date_axis(buckets, ahead, places, left, canvas)]
    return Plot([*lines, *dates], left, places)


def nice_top(value: int) -> int:
    """The smallest even round number (1, 2, 2.5, 4, 5, 8 × 10ⁿ) from 4 on that is not below `value`."""
    if value <= 4:
        return 4
    size = 10 ** math.floor(math.log10(value))
    return next(int(m * size) for m in (1, 2, 2.5, 4, 5, 8, 10) if m * size >= value and m * size % 2 == 0)


def strip(
    drawn: Plot,
    name: str,
    values: Sequence[int | None],
    role: Role,
    canvas: Canvas,
    *,
    buckets: Sequence[Bucket],
    cursor: int | None = None,
) -> Line:
    """A row beneath the chart: the numbers where there is room for all, else heights on its own scale."""
    places, glyphs = drawn.places, canvas.glyphs
    texts = _fitting(values, places, glyphs.unknown)
    picture = Cells.of([" " * places.width], places.width)
    top = max((each or 0 for each in values), default=0)
    for n, value in enumerate(values):
        shown: Role = role if value else "faint"
        if texts:
            picture.write(0, texts[n], places.middle(n), places.cells(n), shown)
            continue
        mark = glyphs.unknown if value is None else cell(value, top, glyphs)
        for x in places.own(n) if value or not places.apart else (places.middle(n),):
            held = picture.rows[0][x]
            if value or held == " ":
                picture.put(0, x, max(held, mark) if held in glyphs.spark and value else mark, shown)
    [spans] = picture.lines(buckets, places)
    if cursor is not None:
        spans = put_cursor(spans, places.cells(cursor))
    return (Span(f"{name.rjust(drawn.left - 1)}│", "faint"), *spans)


def _numbers(buckets: Sequence[Bucket], places: Places) -> list[str]:
    """The number above each bar, where there is room for all of them; else that of the tallest alone."""
    values = [bucket.value or None for bucket in buckets]
    texts = _fitting(values, places, "")
    if texts or not any(values):
        return texts
    tallest = max(range(len(values)), key=lambda n: values[n] or 0)
    text = exact(values[tallest])
    return [text if n == tallest else "" for n in range(len(values))] if len(text) <= places.width else []


def _fitting(values: Sequence[int | None], places: Places, unknown: str) -> list[str]:
    """A number for each bar in the longest form that all have room for; none where there is no such form."""
    if not places.apart:
        return []
    forms: tuple[Callable[[int], str], ...] = (exact, brief)
    for form in forms:
        texts = [unknown if value is None else form(value) for value in values]
        if all(len(text) < len(places.cells(n)) for n, text in enumerate(texts)):
            return texts
    return []


def _columns(values: Sequence[int | None], places: Places, halves: Callable[[int], range]) -> list[_Column]:
    """What each column shows."""
    found: list[int | None] = [None] * (2 * places.width)
    for n, value in enumerate(values):
        for half in halves(n):
            found[half] = value
    return list(zip(found[::2], found[1::2], strict=True))


def _side_by_side(columns: Sequence[_Column], looks: Mapping[_Column, Sequence[str]]) -> list[str]:
    """The rows that the columns make."""
    return list(map("".join, zip(*(looks[each] for each in columns), strict=True)))


def load() -> None:
    """Loads what draws charts: 25 ms, for a time when nobody waits; else the first chart takes them."""
    import plotext._figure  # noqa: F401


def _axis(canvas: Canvas, top: int, ticks: tuple[tuple[int, str], ...]) -> list[str]:
    """The rows of the value axis, from the top row to the lowest."""
    from plotext._figure import _figure_class

    left = len(ticks[0][1]) + 1
    figure = _figure_class()  # a new figure: plotext's module-level one is shared state
    figure.theme("clear")
    figure.xaxes(False, False)
    figure.xticks([], [])
    figure.yaxes(True, False)
    figure._limit_size(False, False)  # else plotext asks the terminal it may not be drawing on
    figure.plot_size(left + 1, canvas.height)
    figure.ylim(0, top)
    figure.scatter([0], [top])  # for plotext leaves out the axis where there is nothing to draw
    figure.yticks([value for value, _ in ticks], [label for _, label in ticks])
    figure._set_sizes()
    figure._build_matrix()  # its marks are read without the colours, which take as long again
    return ["".join(row[:left]) for row in figure.monitor.matrix.marker[::-1]]


def _looks(columns: Collection[_Column], canvas: Canvas, top: int) -> dict[_Column, list[str]]:
    """How each column looks, from the top row to the lowest.

    A figure takes some microseconds for each point of a bar, so plotext is asked only which of its points is
    the highest, and for the mark of a cell.
    """
    from plotext._utility import get_hd_marker, get_matrix_data, marker_factor

    marker = canvas.glyphs.plot_marker
    points = marker_factor(marker, 2, 3, 4)  # of a cell, one above the other
    values = [each or 0 for column in columns for each in column]
    highest = get_matrix_data(values, (0, top), canvas.height * points)
    filled = [at + 1 if value else 0 for at, value in zip(highest, values, strict=True)]

    def mark(left: int, right: int) -> str:
        """Of a cell whose halves are filled so far."""
        if left <= 0 and right <= 0:
            return " "
        if points == 1:
            return marker
        halves = product(range(points - 1, -1, -1), (left, right))
        return str(get_hd_marker(tuple(int(half > point) for point, half in halves)))

    below = range((canvas.height - 1) * points, -1, -points)
    looks = ([mark(a - y, b - y) for y in below] for a, b in zip(filled[::2], filled[1::2], strict=True))
    return dict(zip(columns, looks, strict=True))


def _date_axis(
    buckets: Sequence[Bucket], ahead: Sequence[Ahead], places: Places, left: int, canvas: Canvas
) -> tuple[str, str]:
    """The axis line, and the line of labels: as many as fit, from the newest day on, and the last to come."""
    glyphs, count = canvas.glyphs, len(buckets)
    step = places.width / count
    longest = max(cell_width(bucket.label) for bucket in buckets)
    every = 1 if longest < math.floor(step) else math.ceil((longest + 2) / step)
    axis, labels = ["─"] * places.width, [" "] * canvas.width
    free = canvas.width
    if places.ahead:
        axis += ["┼", *glyphs.dash * (places.whole - places.width - 1)]
        newest = left + places.middle(count - 1) + (len(buckets[-1].label) + 1) // 2
        label = ahead[len(places.ahead) - 2].label
        start = left + places.whole - len(label)
        if start > newest + 1:
            labels[start : start + len(label)] = label
            free = start - 1
    index = count - 1
    while index >= 0:
        middle, label = places.middle(index), buckets[index].label
        start = max(min(left + middle - len(label) // 2, canvas.width - len(label)), 0)
        fits = start + len(label) <= free
        if fits:
            axis[middle], labels[start : start + len(label)] = "┬", label
            free = start - 1
        index -= every if fits else 1
    return " " * (left - 1) + "└" + "".join(axis), "".join(labels)
