"""The paper: whatever is drawn on it, it stays exactly its size, and ASCII when that is all there is."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from socd_tui.charts.canvas import (
    Canvas,
    Line,
    Span,
    blanks_apart,
    fit_line,
    justify,
    line_width,
    plain,
    to_ascii,
)
from socd_tui.charts.glyphs import ASCII, FULL, SHADE, Glyphs
from socd_tui.model.target import KeyTarget
from socd_tui.model.text import cell_width, inert

each_level = pytest.mark.parametrize("glyphs", [FULL, SHADE, ASCII], ids=lambda glyphs: glyphs.level)
shown = st.text(max_size=40).map(inert)
"""Foreign text as a picture may hold it."""
lines = st.lists(st.lists(shown.map(Span), max_size=4).map(tuple), max_size=8)


@each_level
@given(drawn=lines, width=st.integers(0, 60), height=st.integers(0, 8))
@example(drawn=[(Span("東京"),)], width=3, height=1)
@example(drawn=[(Span("a" * 59), Span("東"))], width=60, height=1)
def test_a_fitted_picture_is_exactly_as_large_as_its_canvas(
    glyphs: Glyphs, drawn: list[Line], width: int, height: int
) -> None:
    fitted = Canvas(width, height, glyphs).fit(drawn)
    assert [line_width(line) for line in fitted] == [width] * height


@given(drawn=lines, width=st.integers(0, 60))
def test_a_fitted_line_in_ascii_is_ascii(drawn: list[Line], width: int) -> None:
    for line in drawn:
        assert all(span.text.isascii() for span in fit_line(line, width, ASCII))


@given(shown)
@example("ＡＢ")
@example("café ½ ﬁ 東京")
def test_the_stand_in_for_a_text_takes_the_same_columns(text: str) -> None:
    assert cell_width(to_ascii(text)) == cell_width(text)


@given(shown)
def test_a_text_that_is_ascii_stays_as_it_is(text: str) -> None:
    assert to_ascii(to_ascii(text)) == to_ascii(text)


@each_level
def test_every_glyph_of_a_level_keeps_its_columns_in_ascii(glyphs: Glyphs) -> None:
    for mark in (glyphs.unknown, glyphs.ellipsis, glyphs.pointer, glyphs.up, glyphs.down, glyphs.tick):
        assert len(to_ascii(mark)) == len(mark) == 1


def test_letters_lose_their_accents_and_drawing_marks_become_their_stand_ins() -> None:
    assert to_ascii("café – 10 × “ok”…") == 'cafe - 10 x "ok"~'
    assert to_ascii("東京") == "????"


@pytest.mark.parametrize(
    ("width", "left"),
    [
        (16, "total 142,587 ok"), (15, "total 142,587 …"), (13, "total …"), (12, "total …"),
        (10, "total …"),  # just before the comma
        (7, "total …"),
    ],
)  # fmt: skip
def test_a_number_is_left_out_rather_than_cut(width: int, left: str) -> None:
    assert plain([fit_line((Span("total 142,587 ok"),), width)]) == left


@given(number=st.integers(0, 10**12), width=st.integers(0, 40))
def test_a_part_of_a_number_is_never_shown(number: int, width: int) -> None:
    text = f"peak {number:,} of it"
    told = plain([fit_line((Span(text),), width)])
    whole = f"{number:,}" in told
    assert whole or not any(char.isdigit() for char in told)
    assert whole or width < len(text)


@given(left=shown, right=shown, width=st.integers(0, 90))
def test_the_right_side_stands_at_the_edge_or_not_at_all(left: str, right: str, width: int) -> None:
    line = justify((Span(left),), (Span(right),), width)
    assert line_width(line) == width if len(line) > 1 else line == (Span(left),)


def test_roles_targets_and_the_cursor_survive_the_fit() -> None:
    fitted = fit_line((Span("café", "bad", KeyTarget("a"), True),), 6, ASCII)
    assert fitted[0] == Span("cafe", "bad", KeyTarget("a"), True)


def test_a_canvas_is_never_smaller_than_nothing() -> None:
    canvas = Canvas(10, 5, ASCII).sized(height=-3)
    assert (canvas.width, canvas.height, canvas.glyphs) == (10, 0, ASCII)


def test_plain_text_has_no_trailing_blanks() -> None:
    assert plain([(Span("a"), Span("  ")), (), (Span(" b"),)]) == "a\n\n b"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("  over ", ("  ", "over", " ")),
        ("over", ("", "over", "")),
        ("a b  ", ("", "a b", "  ")),
        ("   ", ("   ", "", "")),
        ("", ("", "", "")),
    ],
)
def test_blanks_are_told_from_the_text_between_them(text: str, parts: tuple[str, str, str]) -> None:
    assert blanks_apart(text) == parts
