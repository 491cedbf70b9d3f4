"""Which glyphs a terminal gets without being asked."""

from __future__ import annotations

import locale
from argparse import Namespace

import pytest

from socd_tui.commands.world import wanted_glyphs


@pytest.mark.parametrize(
    ("environ", "level"),
    [
        ({"TERM": "xterm-256color"}, "full"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "full"),
        ({"TERM": "xterm-kitty"}, "full"),
        ({"TERM": "xterm"}, "shade"),
        ({"TERM": "linux"}, "shade"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "shade"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "full"),
        ({"TERM": "xterm-256color", "SOCD_ASCII": "1"}, "ascii"),
        ({"TERM": "dumb"}, "ascii"),
    ],
)
def test_heat_is_told_by_colour_alone_only_where_there_are_enough_colours(
    environ: dict[str, str], level: str
) -> None:
    utf8 = "utf" in locale.getencoding().lower()  # without it nothing but ASCII is drawn
    found = wanted_glyphs(Namespace(ascii=False, no_color=False), environ).level
    assert found == (level if utf8 else "ascii")
