"""Which glyphs a terminal gets, asked for and unasked."""

from __future__ import annotations

from pathlib import Path

import pytest

from socd_tui.commands.parts.command import Options
from socd_tui.commands.parts.context import World
from socd_tui.store.paths import Paths
from socd_tui.store.session import SessionStore
from socd_tui.store.settings import Settings
from tests.clock import Clock
from tests.command import unicode_locale

PLAIN = Options(), Settings()


def level(environ: dict[str, str], home: Path, options: Options, settings: Settings) -> str:
    """Of the glyphs that a command draws with."""
    paths, clock = Paths.under(home), Clock()
    world = World(
        options=options,
        clock=clock,
        steady=clock,
        environ=environ,
        paths=paths,
        store=SessionStore(paths, dict(environ), clock),
        settings=settings,
    )
    with unicode_locale():
        return world.glyphs.level


@pytest.mark.parametrize(
    ("environ", "expected"),
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
    environ: dict[str, str], expected: str, tmp_path: Path
) -> None:
    assert level(environ, tmp_path, *PLAIN) == expected


@pytest.mark.parametrize(
    ("options", "settings", "expected"),
    [
        (Options(ascii=True), Settings(), "ascii"),
        (Options(), Settings(ascii=True), "ascii"),
        (Options(no_color=True), Settings(), "shade"),
    ],
)
def test_options_and_settings_are_heeded_on_a_terminal_that_can_show_everything(
    options: Options, settings: Settings, expected: str, tmp_path: Path
) -> None:
    assert level({"TERM": "xterm-256color"}, tmp_path, options, settings) == expected
