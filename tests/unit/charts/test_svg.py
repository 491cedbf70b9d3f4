"""Pictures as SVG: whole, harmless, and drawn where the cells are."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from socd_tui.charts.canvas import Line, Span
from socd_tui.charts.look import looks
from socd_tui.charts.palettes import DARK
from socd_tui.charts.svg import COLUMN, LINE, MARGIN, as_svg

SVG = "{http://www.w3.org/2000/svg}"
LINES: list[Line] = [
    (Span("<img src=x> & 'quotes'", "bad"), Span("  "), Span("日本", "title")),
    (Span("ab ", "ink"), Span("██▌", "data"), Span("▒▒", "heat2"), Span("▂", "good")),
    (Span("x", "ink", None, True),),
]


def drawn(lines: list[Line] = LINES) -> ElementTree.Element:
    return ElementTree.fromstring(as_svg(lines, looks(DARK), "Overview <7 d>"))


def test_foreign_names_are_text_and_the_picture_can_be_read_without_seeing_it() -> None:
    root = drawn()
    words = [each.text for each in root.iter(f"{SVG}text")]
    assert words == ["<img src=x> & 'quotes'", "日本", "ab", "x"]
    assert {each.tag.removeprefix(SVG) for each in root.iter()} == {
        "svg", "title", "desc", "rect", "g", "text"
    }  # fmt: skip
    assert root.findtext(f"{SVG}title") == "Overview <7 d>"
    assert "██▌▒▒▂" in (root.findtext(f"{SVG}desc") or "")


def test_words_stand_in_their_columns_and_are_as_wide_as_their_cells() -> None:
    texts = list(drawn().iter(f"{SVG}text"))
    assert float(texts[1].attrib["x"]) == pytest.approx(MARGIN + 24 * COLUMN)
    assert float(texts[1].attrib["textLength"]) == pytest.approx(4 * COLUMN)
    assert texts[1].attrib["font-weight"] == "bold"


def test_bars_are_drawn_as_wide_as_they_are_and_shades_show_how_dark() -> None:
    rects = [each.attrib for each in drawn().iter(f"{SVG}rect")][1:]
    bar, rest, shade, column, cursor = rects
    assert (float(bar["x"]), float(bar["width"])) == (MARGIN + 3 * COLUMN, 2 * COLUMN)
    assert (float(rest["x"]), float(rest["width"])) == (MARGIN + 5 * COLUMN, COLUMN / 2)
    assert (float(shade["width"]), shade["fill-opacity"]) == (2 * COLUMN, "0.5")
    assert (float(column["height"]), float(column["y"])) == (LINE / 4, MARGIN + 2 * LINE - LINE / 4)
    assert cursor["fill"] == DARK.cursor


def test_a_picture_of_nothing_is_one_too() -> None:
    assert float(drawn([]).attrib["width"]) == 2 * MARGIN


def test_without_colours_it_is_black_on_white_and_the_cursor_white_on_black() -> None:
    root = ElementTree.fromstring(as_svg(LINES, looks(DARK, colour=False), "Overview"))
    ground, *_, cursor = (each.attrib["fill"] for each in root.iter(f"{SVG}rect"))
    *words, under = (each.attrib["fill"] for each in root.iter(f"{SVG}text"))
    assert (ground, set(words)) == ("#ffffff", {"#000000"})
    assert (cursor, under) == ("#000000", "#ffffff")
