"""Pictures as text with colours: what a terminal shows of it is the picture, whatever came before."""

from __future__ import annotations

import pyte
import pytest

from socd_tui.charts.ansi import Depth, as_ansi, sgr
from socd_tui.charts.canvas import Line, Span, plain
from socd_tui.charts.look import Look, looks
from socd_tui.charts.palettes import DARK, PALETTES, ROLES, SIXTEEN

LINES: list[Line] = [
    (Span("threat-notebook ", "title"), Span("██▌", "data"), Span("   "), Span("over", "bad")),
    (Span("▸", "accent", None, True), Span(" 429 ", "warn", None, True), Span("▓", "heat4", None, True)),
    (),
    (Span("naïve 日本 ", "ink"), Span(" 1,234 ", "good", None, False, True)),
]


def shown(text: str) -> pyte.Screen:
    screen = pyte.Screen(60, 8)
    pyte.Stream(screen).feed("\x1b[31;7m" + text.replace("\n", "\r\n"))
    return screen


@pytest.mark.parametrize("depth", ["all", "256", "16"])
@pytest.mark.parametrize("colour", [True, False])
def test_a_terminal_shows_the_same_text_and_nothing_is_left_on_behind_a_line(
    depth: Depth, colour: bool
) -> None:
    screen = shown(as_ansi(LINES, looks(DARK, colour=colour, sixteen=depth == "16"), depth))
    assert "\n".join(line.rstrip() for line in screen.display).strip() == plain(LINES).strip()
    assert {(cell.fg, cell.bg, cell.reverse) for cell in [screen.buffer[0][50], screen.buffer[3][50]]} == {
        ("default", "default", False)
    }


def test_roles_have_the_colours_of_the_theme() -> None:
    row = shown(as_ansi(LINES, looks(DARK))).buffer[0]
    assert (row[0].fg, row[0].bold) == ("ffffff", True)
    assert (row[16].fg, row[16].bg) == ("56b4e9", "101418")
    assert row[22].fg == "e0533d"


def test_a_blank_takes_no_colour_of_its_own() -> None:
    assert as_ansi([(Span("a", "bad"), Span("  "), Span("b", "bad"))], looks(DARK)).count("\x1b[") == 2


def test_every_role_can_be_shown_in_sixteen_colours_and_without_any() -> None:
    for palette in (*SIXTEEN.values(), *PALETTES):
        of = looks(palette, sixteen=True)
        for role in ROLES:
            assert not {"38", "48"} & {*sgr(of.plain[role], "16").split(";")}
    assert sgr(Look(bold=True, underline=True), "all") == "0;1;4"
