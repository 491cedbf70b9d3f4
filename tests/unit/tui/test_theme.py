"""Colours that stay apart for every eye, in every theme."""

from __future__ import annotations

import colorsys
from itertools import pairwise
from typing import get_args

import pytest
from rich.color import Color, ColorSystem

from socd_tui.charts.canvas import Role
from socd_tui.commands.parts.arguments import parser
from socd_tui.commands.parts.command import commands
from socd_tui.tui.theme import PALETTES, Palette, styles
from tests.colour import VISIONS, contrast, difference, mixed

HEAT: tuple[Role, ...] = ("heat1", "heat2", "heat3", "heat4")
INK = (0.25, 0.5, 0.75, 1)
"""Of the cell of each heat step, the part that its mark fills: ░▒▓█."""
STATES: tuple[tuple[Role, Role], ...] = (("good", "warn"), ("warn", "bad"), ("good", "bad"))
TEXT: tuple[Role, ...] = ("ink", "faint", "accent", "good", "warn", "bad", "title")

XTERM = (
    "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
    "#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
)  # fmt: skip
"""xterm's 16 colours, in their order."""

each_palette = pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
each_vision = pytest.mark.parametrize("vision", VISIONS)


def colour(palette: Palette, role: Role) -> str:
    return palette.roles[role].split()[0]


@each_palette
def test_every_role_has_a_style_with_colour_and_without(palette: Palette) -> None:
    for colourful in (True, False):
        found = styles(palette.name, colourful)
        assert set(found.plain) == set(found.cursor) == set(get_args(Role))


@each_palette
def test_words_can_be_read_on_their_ground_and_under_the_cursor(palette: Palette) -> None:
    for role in TEXT:
        assert contrast(colour(palette, role), palette.background) >= 4.5, role
        assert contrast(colour(palette, role), palette.cursor) >= 3, role


@each_palette
@each_vision
def test_neighbouring_heat_steps_stay_apart(palette: Palette, vision: str) -> None:
    steps = [palette.background, *(colour(palette, role) for role in HEAT)]
    for one, other in pairwise(steps):
        assert difference(one, other, VISIONS[vision]) >= 8, (one, other)


@each_palette
@each_vision
def test_states_stay_apart(palette: Palette, vision: str) -> None:
    for one, other in STATES:
        apart = difference(colour(palette, one), colour(palette, other), VISIONS[vision])
        assert apart >= 10, (one, other)


@each_palette
def test_the_worse_the_state_the_redder_it_is(palette: Palette) -> None:
    from_red = [_from_red(colour(palette, role)) for role in ("bad", "warn", "good")]
    assert from_red[0] < 20 < from_red[1] < 60 < from_red[2]


def _from_red(colour: str) -> float:
    """Degrees between a colour's hue and red's."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, *_ = colorsys.rgb_to_hsv(red, green, blue)
    return 360 * min(hue, 1 - hue)


@each_palette
def test_without_colour_the_worse_the_state_the_heavier_it_is(palette: Palette) -> None:
    plain = styles(palette.name, colour=False).plain
    weights = [(bool(plain[role].bold), bool(plain[role].underline)) for role in ("good", "warn", "bad")]
    assert weights == [(False, False), (True, False), (True, True)]


@each_palette
@pytest.mark.parametrize("colours", ["all", "16"])
def test_a_heat_step_is_never_nearer_to_the_ground_than_the_one_below(palette: Palette, colours: str) -> None:
    def drawn(colour: str) -> str:
        if colours == "all":
            return colour
        number = Color.parse(colour).downgrade(ColorSystem.STANDARD).number
        return XTERM[number or 0]

    ground = drawn(palette.background)
    cells = [mixed(ground, drawn(colour(palette, role)), ink) for role, ink in zip(HEAT, INK, strict=True)]
    far = [contrast(cell, ground) for cell in cells]
    assert all(more >= 1.3 * less for less, more in pairwise(far[1:] if colours == "16" else [1, *far])), far


@each_palette
def test_without_colour_no_style_names_one(palette: Palette) -> None:
    found = styles(palette.name, colour=False)
    assert all(
        style.color is None and style.bgcolor is None
        for style in (*found.plain.values(), *found.cursor.values())
    )


def test_the_command_line_offers_every_theme() -> None:
    offered = next(action.choices for action in parser(commands())._actions if action.dest == "theme")
    assert list(offered or ()) == [palette.name for palette in PALETTES]


def test_the_measures_agree_with_published_figures() -> None:
    # Black on white is 21:1 by definition; ΔE00 of pure red and pure green is 86.6 (D65).
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert difference("#ff0000", "#00ff00") == pytest.approx(86.6, abs=0.1)
    assert difference("#123456", "#123456") == 0
