"""The large chart: bars from zero, each in its own columns, whatever the counts are."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from socd_tui.charts.canvas import Canvas, line_width, plain
from socd_tui.charts.glyphs import ASCII, FULL, SHADE, Glyphs
from socd_tui.charts.plot import MIN_HEIGHT, Bucket, Plot, nice_top, plot, step_for
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
    """What stands in one bucket's columns, from the top row to the lowest."""
    start = found.left + index * found.step
    return [row[start : start + found.step] for row in rows(found)[:-2]]


def rows(found: Plot) -> list[str]:
    return ["".join(span.text for span in line) for line in found.lines]


def height(found: Plot, index: int) -> int:
    """Half rows a bar fills."""
    tops = [row[:1] for row in columns(found, index)]
    return sum({"█": 2, "▒": 2, "#": 2, "▄": 1}.get(top, 0) for top in tops)


def test_what_this_program_uses_of_plotext_is_still_there() -> None:
    """Canary: a figure of one's own is private to plotext, and so is drawing without a terminal."""
    from plotext._figure import _figure_class

    figure = _figure_class()
    used = "theme xaxes yaxes _limit_size plot_size xlim ylim scatter xticks yticks build"
    assert [name for name in used.split() if not callable(getattr(figure, name, None))] == []


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
        assert width > len(counts)
        assert len(found.lines) == height
        assert max(map(line_width, found.lines)) <= width
        assert "nan" not in plain(found.lines).lower()


@settings(max_examples=60)
@given(counts=values, glyphs=st.sampled_from([FULL, ASCII]))
def test_every_bar_stands_in_the_columns_of_its_day(counts: list[int | None], glyphs: Glyphs) -> None:
    found = drawn(counts, 120, 16, glyphs)
    for index, count in enumerate(counts):
        block = columns(found, index)
        bar = found.step - 1 if found.step > 1 else 1
        assert all(not set(row[bar:]) & set(INK) for row in block)
        assert any(set(row[:bar]) & set(INK) for row in block) == bool(count)


@settings(max_examples=60)
@given(counts=values)
def test_a_busier_day_is_never_a_lower_bar(counts: list[int | None]) -> None:
    found = drawn(counts, 120, 16)
    known = sorted((count, height(found, i)) for i, count in enumerate(counts) if count)
    assert all(before[1] <= after[1] for before, after in pairwise(known))


def test_bars_start_at_zero() -> None:
    found = drawn([500, 1_000], height=23)
    assert rows(found)[-3].startswith("    0")
    assert height(found, 1) == pytest.approx(2 * height(found, 0), abs=2)
    assert columns(found, 1)[0].startswith("█")


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
    assert len(rows(found)[-2].rstrip()) == found.left + 30 * found.step


def test_only_the_bucket_under_the_cursor_is_marked_and_a_click_means_its_day() -> None:
    found = plot(buckets([1, 2, 3]), Canvas(60, 10), cursor=1)
    assert found is not None
    for line in found.lines[:-2]:
        assert [span.target for span in line if span.cursor] == [DayTarget(FIRST + timedelta(days=1))]


@given(st.integers(0, 10**18))
def test_the_top_of_the_axis_is_round_and_not_far_above_the_data(value: int) -> None:
    top = nice_top(value)
    assert value <= top <= max(2.5 * value, 4)
    assert top % 2 == 0
    assert str(top).rstrip("0") in ("1", "2", "25", "4", "5", "8")


@given(st.integers(0, 400), st.integers(0, 300), st.integers(0, 12))
def test_all_buckets_fit_beside_their_labels(count: int, width: int, label: int) -> None:
    assume(width > label)
    step = step_for(count, width, label)
    assert (step > 0) is (max(count, 1) <= width - label - 1)
    assert step * count <= max(width - label - 1, 0)


def test_two_charts_do_not_share_a_figure() -> None:
    alone = rows(drawn([3, 1, 2]))
    drawn([9] * 30, glyphs=ASCII)
    assert rows(drawn([3, 1, 2])) == alone
