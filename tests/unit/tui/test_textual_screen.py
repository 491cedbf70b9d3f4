"""The private names of Textual's screens that the program relies on are there, and do what it relies on."""

from __future__ import annotations

from typing import Any

import pytest
from rich.color import ColorSystem
from rich.style import Style
from textual.app import App, ComposeResult
from textual.events import ScreenResume
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Static

from socd_tui.tui.textual_screen import Front, written_at_once


@pytest.mark.anyio
async def test_an_app_knows_where_its_widgets_are_shown_and_in_which_colours() -> None:
    app = App[None]()
    async with app.run_test(size=(20, 3)) as pilot:
        static = Static("so")
        await app.mount(static)
        await pilot.pause()
        assert app.screen._compositor.visible_widgets[static] == (static.region, Region(0, 0, 20, 3))
        assert app._batch_count == 0
        with app.batch_update():
            assert app._batch_count == 1
        assert isinstance(app.console._color_system, ColorSystem)
        assert callable(app._begin_update)
        assert callable(app._end_update)


@pytest.mark.anyio
async def test_a_widget_can_be_given_its_room_without_being_painted() -> None:
    app = App[None]()
    async with app.run_test(size=(20, 3)) as pilot:
        static = Static("so")
        await app.mount(static)
        await pilot.pause()
        static.styles.width = 7
        assert static._layout_required
        assert static._repaint_required
        app.screen._clear_arrangement_cache()
        static._layout_required = static._repaint_required = False
        static._exchange_repaint_regions()
        with app.batch_update():
            app.screen._refresh_layout()
        assert static.region.width == 7
        assert app.screen._compositor._dirty_regions


@pytest.mark.anyio
async def test_a_screen_is_told_that_it_has_another_size() -> None:
    told = []

    class Told(Screen[None]):
        def _screen_resized(self, size: Size) -> None:
            told.append(size)
            super()._screen_resized(size)

    app = App[None]()
    async with app.run_test(size=(20, 3)) as pilot:
        await app.push_screen(Told())
        await pilot.resize_terminal(30, 4)
        await pilot.pause()
    assert told[-1] == Size(30, 4)


def test_a_style_has_the_codes_that_textual_writes() -> None:
    style = Style(color="#010203", bold=True)
    codes = Strip.render_ansi(style, ColorSystem.TRUECOLOR)
    assert Strip.render_style(style, "so", ColorSystem.TRUECOLOR) == f"\x1b[{codes}mso\x1b[0m"


@pytest.mark.anyio
async def test_without_a_terminal_nothing_is_written_at_once() -> None:
    app = App[None]()
    async with app.run_test():
        assert not written_at_once(app.screen, [])


# --- a screen in front ------------------------------------------------------------------------------


class Behind(App[None]):
    """Three lines of text."""

    CSS = """
    Asking { background: transparent; align: left bottom; }
    Covering { background: black; }
    #asked { height: 1; }
    """

    def compose(self) -> ComposeResult:
        yield Static("first line")
        yield Static("second line")
        yield Static("third line")


class Asking(Front[None]):
    """One line at the bottom."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[tuple[int, int]] = []

    def compose(self) -> ComposeResult:
        yield Static("asked", id="asked")

    def opened(self) -> None:
        self.sizes.append(self.query_one("#asked").size)


class Covering(Asking):
    """The same with nothing to be seen behind it."""


def seen(screen: Screen[Any]) -> list[str]:
    """The screen line by line, without trailing blanks."""
    lines = screen._compositor.render_strips()
    return [text for line in lines if (text := line.text.rstrip())]


@pytest.mark.parametrize("name", ["_on_screen_resume", "_compositor_refresh", "_refresh_layout"])
def test_what_is_overridden_or_called_is_still_a_method_of_textuals_screen(name: str) -> None:
    assert callable(vars(Screen)[name])
    assert ScreenResume().refresh_styles


@pytest.mark.anyio
@pytest.mark.parametrize("front", [Asking, Covering])
async def test_what_is_in_a_screen_is_drawn_once_it_has_its_room(front: type[Asking]) -> None:
    app = Behind()
    async with app.run_test(size=(20, 4)) as pilot:
        screen = front()
        assert not screen.is_whole
        app.push_screen(screen)
        await pilot.pause()
        assert screen.is_whole
        assert screen.sizes == [(20, 1)]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("front", "lines", "top"),
    [(Asking, ["first line", "second line", "third line", "asked"], 3), (Covering, ["asked"], 0)],
)
async def test_what_is_behind_a_screen_is_seen_where_it_is_transparent(
    front: type[Asking], lines: list[str], top: int
) -> None:
    app = Behind()
    async with app.run_test(size=(20, 4)) as pilot:
        screen = front()
        app.push_screen(screen)
        await pilot.pause()
        assert seen(screen) == lines
        assert screen.top == top


@pytest.mark.anyio
async def test_a_message_behind_a_screen_is_seen_too() -> None:
    app = Behind()
    async with app.run_test(size=(40, 9), notifications=True) as pilot:
        app.notify("a message")
        await pilot.pause()
        before = seen(app.screen)
        assert any("a message" in line for line in before)
        screen = Asking()
        app.push_screen(screen)
        await pilot.pause()
        lines = screen.render_lines(Region(0, 0, 40, 8))
        assert [text for line in lines if (text := line.text.rstrip())] == before
