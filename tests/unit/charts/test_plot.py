"""The large chart: bars from zero, each in its own columns, whatever the counts are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socd_tui.charts.canvas import Canvas, line_width, plain
from socd_tui.charts.cells import Ahead, Bucket
from socd_tui.charts.glyphs import ASCII, FULL, SHADE, Glyphs
from socd_tui.charts.plot import MIN_HEIGHT, Plot, nice_top, plot, strip
from socd_tui.model.target import DayTarget

INK = "█▄▀▌▐▖▗▘▝▙▟▛▜▚▞#▒:"
FIRST = date(2026, 10, 24)
values = st.lists(st.one_of(st.none(), st.integers(0, 10**15)), min_size=1, max_size=90)


def buckets(counts: list[int | None], partial: int | None = None) -> list[Bucket]:
    days = [FIRST + timedelta(days=i) for i in range(len(counts))]
    return [
        Bucket(count, f"{day.day} {day:%b}", DayTarget(day), complete=i != partial)
        for i, (count, day) in enumerate(zip(counts, days, strict=True))
    ]


def drawn(
    counts: list[int | None],
    width: int = 80,
    height: int = 20,
    glyphs: Glyphs = FULL,
    partial: int | None = None,
) -> Plot:
    found = plot(buckets(counts, partial), Canvas(width, height, glyphs))
    assert found is not None
    return found


def columns(found: Plot, index: int) -> list[str]:
    """What stands in one bar's columns, those it shares included, from the top row to the lowest."""
    bar = found.places.bar(index)
    start, stop = found.left + bar.start // 2, found.left + (bar.stop + 1) // 2
    return [row[start:stop] for row in rows(found)[:-2]]


def rows(found: Plot) -> list[str]:
    return ["".join(span.text for span in line) for line in found.lines]


def height(found: Plot, index: int) -> int:
    """Half rows a bar fills."""
    own = found.places.own(index)
    tops = [row[found.left + own.start] for row in rows(found)[:-2]]
    return sum({"█": 2, "▒": 2, "#": 2, "▄": 1, "▙": 2, "▟": 1, "▌": 2, "▖": 1}.get(top, 0) for top in tops)


def test_what_this_program_uses_of_plotext_is_still_there() -> None:
    """Canary: a figure of one's own is private to plotext, and so are its marks, and where it puts them."""
    from plotext._figure import _figure_class
    from plotext._utility import get_hd_marker, get_matrix_data, marker_factor

    assert marker_factor(FULL.plot_marker, 2, 3, 4) == 2
    assert marker_factor(ASCII.plot_marker, 2, 3, 4) == 1
    assert get_matrix_data([0, 3, 9], (0, 9), 10) == [0, 3, 9]
    assert get_hd_marker((1, 0, 1, 1)) == "▙"
    figure = _figure_class()
    used = "theme xaxes yaxes _limit_size plot_size xlim ylim scatter xticks yticks _set_sizes _build_matrix"
    assert [name for name in used.split() if not callable(getattr(figure, name, None))] == []
    figure._limit_size(False, False)
    figure.plot_size(9, 3)
    figure.scatter([1], [1])
    figure._set_sizes()
    figure._build_matrix()
    marks = figure.monitor.matrix.marker
    assert [len(row) for row in marks] == [9, 9, 9]
    assert figure.build().count("\n") == 3


@settings(max_examples=60)
@given(
    counts=values,
    width=st.integers(1, 160),
    height=st.integers(1, 30),
    glyphs=st.sampled_from([FULL, SHADE, ASCII]),
)
def test_a_chart_is_as_high_as_its_canvas_and_never_wider(
    counts: list[int | None], width: int, height: int, glyphs: Glyphs
) -> None:
    found = plot(buckets(counts), Canvas(width, height, glyphs))
    if found is None:
        assert height < MIN_HEIGHT or width < len(counts) + 8
    else:
        assert height >= MIN_HEIGHT
        assert len(found.lines) == height
        assert max(map(line_width, found.lines)) <= width
        assert "nan" not in plain(found.lines).lower()


@settings(max_examples=60)
@given(
    counts=st.lists(st.integers(1, 10**15), min_size=1, max_size=90),
    height=st.integers(MIN_HEIGHT, 30),
    glyphs=st.sampled_from([FULL, ASCII]),
)
def test_bars_are_as_plotext_draws_them(counts: list[int], height: int, glyphs: Glyphs) -> None:
    from plotext._figure import _figure_class

    found = plot(buckets([*counts]), Canvas(120, height, glyphs), numbered=False)
    assert found is not None
    halves = {half / 2: count for n, count in enumerate(counts) for half in found.places.bar(n)}
    figure = _figure_class()
    figure.theme("clear")
    figure.xaxes(False, False)
    figure.yaxes(False, False)
    figure.xticks([], [])
    figure.yticks([], [])
    figure._limit_size(False, False)
    figure.plot_size(found.places.width, height - 2)
    figure.xlim(0, found.places.width - 0.5)
    figure.ylim(0, nice_top(max(counts)))
    figure.scatter([*halves], [*halves.values()], marker=glyphs.plot_marker, fillx=True)
    figure._set_sizes()
    figure._build_matrix()
    expected = ["".join(row) for row in figure.monitor.matrix.marker[::-1]]
    assert [row[found.left :] for row in rows(found)[:-2]] == expected


@pytest.mark.parametrize("before", [None, 3])
def test_the_value_axis_is_there_where_no_day_has_a_request(before: int | None) -> None:
    days = [replace(bucket, before=before) for bucket in buckets([0, None, 0])]
    found = plot(days, Canvas(40, 9), compared=before is not None)
    assert found is not None
    axis = [row[: found.left].strip() for row in rows(found)[:-1]]
    assert [mark.removesuffix("┤") for mark in axis if mark.endswith("┤")] == ["4", "2", "0"]
    assert axis[-1] == "└"


@settings(max_examples=60)
@given(counts=values, glyphs=st.sampled_from([FULL, ASCII]))
def test_every_bar_stands_in_the_columns_of_its_day(counts: list[int | None], glyphs: Glyphs) -> None:
    found = drawn(counts, 120, 16, glyphs)
    beside = {n: {*found.places.cells(n)} for n in range(len(counts))}
    for index, count in enumerate(counts):
        alone = beside[index] - beside.get(index - 1, set()) - beside.get(index + 1, set())
        ink = {x for row in rows(found)[2:-2] for x in alone if row[found.left + x] in INK}
        if count:
            assert ink == alone & {*found.places.own(index)}
        else:
            assert not ink


@settings(max_examples=60)
@given(counts=values)
def test_a_busier_day_is_never_a_lower_bar(counts: list[int | None]) -> None:
    found = drawn(counts, 190, 16)  # two columns a bar at least
    known = sorted((count, height(found, i)) for i, count in enumerate(counts) if count)
    assert all(before[1] <= after[1] for before, after in pairwise(known))


def test_bars_start_at_zero() -> None:
    found = drawn([500, 1_000], height=23)
    assert rows(found)[-3].startswith("    0")
    assert height(found, 1) == pytest.approx(2 * height(found, 0), abs=2)
    assert columns(found, 1)[1].startswith("█")


@pytest.mark.parametrize("glyphs", [FULL, SHADE, ASCII], ids=lambda glyphs: glyphs.level)
def test_missing_zero_partial_and_whole_days_look_different(glyphs: Glyphs) -> None:
    found = drawn([None, 0, 5, 5], glyphs=glyphs, partial=2)
    lowest = [columns(found, i)[-1].strip()[:1] for i in range(4)]
    assert lowest == [glyphs.unknown, glyphs.zero, glyphs.partial, "#" if glyphs is ASCII else "█"]


def test_a_window_without_any_figure_is_drawn() -> None:
    assert rows(drawn([None, None], glyphs=ASCII))[-3].count("-") == 2
    assert rows(drawn([0, 0], glyphs=ASCII))[-3].count("_") == 2


def test_the_newest_day_always_has_its_label() -> None:
    for count, width in (*product(range(1, 91), (110,)), *product(range(1, 91, 7), (137,))):
        found = drawn([1] * count, width)
        newest = FIRST + timedelta(days=count - 1)
        assert rows(found)[-1].rstrip().endswith(f"{newest.day} {newest:%b}"), (count, width)


@pytest.mark.parametrize("height", range(MIN_HEIGHT, 30))
def test_the_value_axis_names_zero_the_top_and_the_middle(height: int) -> None:
    told = [row[: row.index("┤")].strip() for row in rows(drawn([7_365], height=height)) if "┤" in row]
    assert told == ["8,000", "4,000", "0"]


def test_the_axis_ends_with_the_newest_day() -> None:
    found = drawn([1] * 30)
    assert len(rows(found)[-2].rstrip()) == found.left + found.places.width


def test_only_the_bucket_under_the_cursor_is_marked_and_a_click_means_its_day() -> None:
    found = plot(buckets([1, 2, 3]), Canvas(60, 10), cursor=1)
    assert found is not None
    for line in found.lines[:-2]:
        assert {span.target for span in line if span.cursor} == {DayTarget(FIRST + timedelta(days=1))}


@given(st.integers(0, 10**18))
def test_the_top_of_the_axis_is_round_and_not_far_above_the_data(value: int) -> None:
    top = nice_top(value)
    assert value <= top <= max(2.5 * value, 4)
    assert top % 2 == 0
    assert str(top).rstrip("0") in ("1", "2", "25", "4", "5", "8")


# --- numbers, what is to come, the days before ----------------------------------------------------


def test_each_bar_has_its_number_where_there_is_room_for_all() -> None:
    text = "\n".join(rows(drawn([7_365, 12, 0, None, 5_903], 60)))
    assert all(number in text for number in ("7,365", " 12 ", "5,903"))
    short = "\n".join(rows(drawn([107_365, 12_400, 5_903], 24)))
    assert all(number in short for number in ("107k", "12k", "5.9k"))
    assert "107,365" not in short


def test_where_there_is_not_only_the_tallest_has_its_number_whole() -> None:
    text = plain(drawn([*range(1, 60), 12_345], 80).lines)
    assert "12,345" in text
    assert " 59" not in text


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=14), st.integers(40, 160))
def test_a_number_stands_right_above_its_bar(counts: list[int | None], width: int) -> None:
    found = drawn(counts, width)
    lines = rows(found)[:-2]
    above = []
    for index in range(len(counts)):
        x = found.left + found.places.middle(index)
        top = next(y for y, line in enumerate(lines) if line[x] in INK)
        above.append(lines[top - 1][x])
    tallest = max(range(len(counts)), key=lambda n: counts[n] or 0)
    assert above[tallest] in "0123456789,.kMG"
    assert all(mark in "0123456789,.kMG" for mark in above) or above.count(" ") >= len(counts) - 3


AHEAD = [Ahead(40, 60, 90, f"day {n}") for n in range(1, 31)]


@settings(max_examples=80)
@given(
    bars=st.integers(1, 120),
    ahead=st.integers(0, 30),
    width=st.integers(20, 200),
    glyphs=st.sampled_from([FULL, ASCII]),
    compared=st.booleans(),
)
def test_what_is_to_come_is_behind_a_line_right_of_all_bars(
    bars: int, ahead: int, width: int, glyphs: Glyphs, compared: bool
) -> None:
    found = plot(
        buckets([100] * bars),
        Canvas(width, 20, glyphs),
        ahead=AHEAD[:ahead],
        compared=compared,
        cursor=bars - 1,
    )
    if found is None:
        return
    assert max(map(line_width, found.lines)) <= width
    border = found.left + found.places.width
    for row in rows(found)[1:-2]:
        if found.places.ahead:
            assert row[border] == glyphs.tick
            assert not set(row[border:]) & {"█", "#"}
        assert glyphs.ahead not in row[found.left : border]
    if found.places.ahead:
        assert any(glyphs.ahead in row for row in rows(found))
        assert f"day {len(found.places.ahead) - 1}" in rows(found)[-1] or bars * 2 > width - 20


def test_the_band_reaches_from_its_lower_to_its_upper_edge() -> None:
    found = plot(buckets([100] * 7), Canvas(80, 23), ahead=[Ahead(25, 50, 75, "soon")] * 3)
    assert found is not None
    x = found.left + found.places.ahead[0] // 2
    marks = "".join(row[x] for row in rows(found)[1:-2])
    assert marks.strip() == "┊┊┊┊─┊┊┊┊┊"
    assert marks.index("┊") == 5  # a quarter of the twenty lines below the top


def test_ninety_days_take_the_whole_width_and_each_has_its_own_height() -> None:
    counts: list[int | None] = [100 if n % 2 else 50 for n in range(90)]
    found = drawn(counts, 80)
    assert found.left + found.places.width == 80
    heights = {
        rows(found)[y][found.left :].count("▌") + rows(found)[y][found.left :].count("▐") for y in (2, 3)
    }
    assert heights != {0}


def test_the_days_before_stand_beside_each_bar_and_behind_where_bars_touch() -> None:
    day = buckets([40, 40, 40])
    beside = plot([replace(each, before=80) for each in day], Canvas(60, 20), compared=True)
    assert beside is not None
    for index in range(3):
        start = beside.left + beside.places.told[index] // 2
        assert [row[start] for row in rows(beside)[1:-2]].count(FULL.before) == 17
        assert "█" in "".join(columns(beside, index))
    many = [replace(each, before=80) for each in buckets([40] * 60)]
    behind = plot(many, Canvas(80, 20), compared=True)
    assert behind is not None
    first = [row[behind.left] for row in rows(behind)[:-2]]
    assert first.index(FULL.before) < first.index("█")


def test_a_row_beneath_has_numbers_where_there_is_room_and_marks_elsewhere() -> None:
    for count, told in ((7, True), (60, False)):
        days = buckets([100] * count)
        found = plot(days, Canvas(80, 20))
        assert found is not None
        values = [None, 0, *[1_234] * (count - 2)]
        line = strip(found, "429", values, "bad", Canvas(80, 1), buckets=days, cursor=2)
        text = "".join(span.text for span in line)
        assert text.startswith("  429│")
        assert ("1,234" in text) is told
        assert ("█" in text) is not told
        assert FULL.unknown in text
        assert {span.target for span in line if span.cursor} == {days[2].target}


def test_two_charts_do_not_share_a_figure() -> None:
    alone = rows(drawn([3, 1, 2]))
    drawn([9] * 30, glyphs=ASCII)
    assert rows(drawn([3, 1, 2])) == alone
