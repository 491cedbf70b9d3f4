"""Colours that stay apart for every eye, in every theme."""

from __future__ import annotations

import colorsys
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color, ColorSystem
from rich.style import Style

from socd_tui.charts.canvas import Role, Span
from socd_tui.charts.palettes import PALETTES, ROLES, SIXTEEN, TEXT, Palette, own_palette
from socd_tui.commands.parts.arguments import parser
from socd_tui.commands.parts.command import THEMES
from socd_tui.model.colour import number_of_256, of_256
from socd_tui.tui.theme import styles
from tests.colour import VISIONS, contrast, difference, mixed

HEAT: tuple[Role, ...] = ("heat1", "heat2", "heat3", "heat4")
INK = (0.25, 0.5, 0.75, 1)
"""Of the cell of each heat step, the part that its mark fills: ░▒▓█."""
STATES: tuple[tuple[Role, Role], ...] = (("good", "warn"), ("warn", "bad"), ("good", "bad"))

XTERM = (
    "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
    "#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
)  # fmt: skip
"""xterm's 16 colours, in their order."""

VGA = (
    "#000000", "#aa0000", "#00aa00", "#aa5500", "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa",
    "#555555", "#ff5555", "#55ff55", "#ffff55", "#5555ff", "#ff55ff", "#55ffff", "#ffffff",
)  # fmt: skip
"""Those of a console."""

CONSOLES = {"xterm": XTERM, "console": VGA}

each_palette = pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
each_vision = pytest.mark.parametrize("vision", VISIONS)


def colour(palette: Palette, role: Role) -> str:
    return palette.roles[role].split()[0]


@each_palette
def test_every_role_has_a_style_with_colour_and_without(palette: Palette) -> None:
    for colourful in (True, False):
        found = styles(palette, colour=colourful)
        assert set(found.plain) == set(found.cursor) == set(get_args(Role))


def drawn(style: Style, colours: str) -> tuple[str, str]:
    """The ink and the ground of a style as a terminal of so many colours shows them."""
    each = [one.get_truecolor().hex for one in (style.color, style.bgcolor) if one is not None]
    if colours == "256":
        each = [of_256(one) for one in each]
    elif colours in CONSOLES:
        numbers = [Color.parse(one).downgrade(ColorSystem.STANDARD).number or 0 for one in each]
        # Many terminals show bold colours as their bright ones.
        each = [
            CONSOLES[colours][n + 8 * bool(i == 0 and style.bold and n < 8)] for i, n in enumerate(numbers)
        ]
    ink, ground = reversed(each) if style.reverse else each
    return ink, ground


@each_palette
@pytest.mark.parametrize("colours", ["all", "256", *CONSOLES])
def test_words_can_be_read_on_their_ground_and_under_the_cursor(palette: Palette, colours: str) -> None:
    found = styles(palette, colour=True, sixteen=colours in CONSOLES)
    for role in TEXT:
        assert contrast(*drawn(found.plain[role], colours)) >= 4.5, role
        assert contrast(*drawn(found.cursor[role], colours)) >= 4.5, f"{role} under the cursor"


@each_palette
@pytest.mark.parametrize("colours", ["all", "256", *CONSOLES])
def test_the_row_under_the_cursor_stands_out(palette: Palette, colours: str) -> None:
    found = styles(palette, colour=True, sixteen=colours in CONSOLES)
    for role in ROLES:
        assert drawn(found.cursor[role], colours)[1] != drawn(found.plain[role], colours)[1], role


@pytest.mark.parametrize("palette", SIXTEEN.values(), ids=lambda palette: palette.name)
def test_of_sixteen_colours_those_are_taken_that_are_told_apart(palette: Palette) -> None:
    found = styles(palette, colour=True, sixteen=True)
    for of in (found.plain, found.cursor):
        looks = {role: (drawn(of[role], "xterm")[0], of[role].underline, of[role].bold) for role in TEXT}
        assert len({looks[role] for role in ("ink", "accent", "data", "warn", "bad")}) == 5
        assert looks["good"] != looks["data"]


@each_palette
@pytest.mark.parametrize("vision", ["usual", "protan", "deutan"])
def test_what_is_good_and_where_one_can_go_does_not_look_like_data(palette: Palette, vision: str) -> None:
    for role in ("good", "accent", "ink", "warn", "bad"):
        apart = difference(colour(palette, role), colour(palette, "data"), VISIONS[vision])
        assert apart >= 10, role


@each_palette
@each_vision
def test_states_stay_apart_under_the_cursor(palette: Palette, vision: str) -> None:
    found = styles(palette, colour=True).cursor
    for one, other in STATES:
        apart = difference(drawn(found[one], "all")[0], drawn(found[other], "all")[0], VISIONS[vision])
        assert apart >= 8, (one, other)


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
    from_red = [_from_red(colour(palette, role)) for role in ("bad", "warn")]
    assert from_red[0] < 20 < from_red[1] < 60
    assert _saturation(colour(palette, "good")) < 0.3  # of no hue at all: it is text


def _from_red(colour: str) -> float:
    """Degrees between a colour's hue and red's."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, *_ = colorsys.rgb_to_hsv(red, green, blue)
    return 360 * min(hue, 1 - hue)


def _saturation(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return colorsys.rgb_to_hsv(red, green, blue)[1]


@each_palette
def test_without_colour_the_worse_the_state_the_heavier_it_is(palette: Palette) -> None:
    plain = styles(palette, colour=False).plain
    weights = [(bool(plain[role].bold), bool(plain[role].underline)) for role in ("good", "warn", "bad")]
    assert weights == [(False, False), (True, False), (True, True)]


@each_palette
@pytest.mark.parametrize("colours", ["all", *CONSOLES])
def test_each_heat_step_is_half_as_far_again_from_the_ground_as_the_one_below(
    palette: Palette, colours: str
) -> None:
    found = styles(palette, colour=True, sixteen=colours in CONSOLES).plain
    ground = drawn(found["ink"], colours)[1]
    cells = [mixed(ground, drawn(found[role], colours)[0], ink) for role, ink in zip(HEAT, INK, strict=True)]
    far = [1, *(contrast(cell, ground) for cell in cells)]
    assert all(more >= 1.5 * less for less, more in pairwise(far)), far


@each_palette
def test_without_colour_no_style_names_one(palette: Palette) -> None:
    found = styles(palette, colour=False)
    assert all(
        style.color is None and style.bgcolor is None
        for style in (*found.plain.values(), *found.cursor.values())
    )


def test_the_command_line_names_every_theme() -> None:
    assert list(THEMES) == [palette.name for palette in PALETTES]
    told = next(action.help for action in parser()._actions if action.dest == "theme")
    assert all(palette.name in (told or "") for palette in PALETTES)


# --- a theme of one's own ------------------------------------------------------------------------


def test_a_theme_of_ones_own_has_what_it_leaves_out_from_the_theme_it_is_like() -> None:
    by_name = {palette.name: palette for palette in PALETTES}
    pink = own_palette("pink", {"background": "#ffeef4", "bad": "#900030"})
    assert (pink.name, pink.dark, pink.background, pink.roles["bad"]) == ("pink", False, "#ffeef4", "#900030")
    assert pink.roles["ink"] == by_name["socd-light"].roles["ink"]
    night = own_palette("night", {"data": "#7070ff"})
    assert (night.dark, night.background) == (True, by_name["socd-dark"].background)
    coal = own_palette("coal", {"base": "socd-black", "ink": "#dddddd"})
    assert (coal.background, coal.roles["faint"]) == ("#000000", by_name["socd-black"].roles["faint"])


def test_what_is_hard_to_read_in_it_is_told_and_its_cursor_is_readable_all_the_same() -> None:
    dim = own_palette("dim", {"background": "#101010", "cursor": "#606060", "faint": "#505050"})
    [fault] = dim.faults()
    assert fault == (
        "Theme 'dim': faint #505050 on #101010 has a contrast of 2.4; text is hard to read below 4.5."
    )
    for role in TEXT:
        assert contrast(*drawn(styles(dim, colour=True).cursor[role], "all")) >= 4.5, role


@each_palette
def test_of_its_own_themes_there_is_nothing_to_tell(palette: Palette) -> None:
    assert list(palette.faults()) == []


def test_the_measures_agree_with_published_figures() -> None:
    # Black on white is 21:1 by definition; ΔE00 of pure red and pure green is 86.6 (D65).
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert difference("#ff0000", "#00ff00") == pytest.approx(86.6, abs=0.1)
    assert difference("#123456", "#123456") == 0


@each_palette
@pytest.mark.parametrize("colours", ["all", "256", *CONSOLES])
def test_what_has_changed_stands_out_and_can_be_read(palette: Palette, colours: str) -> None:
    found = styles(palette, colour=True, sixteen=colours in CONSOLES)
    for role in TEXT:
        for cursor in (False, True):
            usual, changed = (found.of(Span("7", role, None, cursor, each)) for each in (False, True))
            assert contrast(*drawn(changed, colours)) >= 4.5, role
            assert (changed.bold, changed.reverse) != (usual.bold, usual.reverse), role


def test_without_colour_what_has_changed_is_bold_or_reversed() -> None:
    found = styles(PALETTES[0], colour=False)
    for role in TEXT:
        for cursor in (False, True):
            usual, changed = (found.of(Span("7", role, None, cursor, each)) for each in (False, True))
            assert weight(changed) != weight(usual), role
            assert changed.color is None


def weight(style: Style) -> tuple[bool, bool]:
    return bool(style.bold), bool(style.reverse)


@given(st.integers(0, 0xFFFFFF))
def test_of_256_colours_the_one_is_taken_that_the_screen_takes(number: int) -> None:
    colour = f"#{number:06x}"
    taken = Color.parse(colour).downgrade(ColorSystem.EIGHT_BIT)
    assert number_of_256(colour) == taken.number
    assert of_256(colour) == taken.get_truecolor().hex
