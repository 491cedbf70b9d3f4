"""The private names of Textual that the program relies on are there, and do what it relies on."""

from __future__ import annotations

import asyncio
import gc
import importlib
import inspect
import pkgutil
from types import FunctionType
from typing import ClassVar
from weakref import ref

import pytest
from textual._xterm_parser import XTermParser
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key
from textual.widgets import Input, Static
from textual.worker import WorkerFailed

import socd_tui.tui
from socd_tui.tui.textual_private import CrashKeepingApp, GuardedDriver, KeyParser
from socd_tui.tui.textual_screen import Front, Written

MODULES = [
    importlib.import_module(f"socd_tui.tui.{each.name}")
    for each in pkgutil.iter_modules(socd_tui.tui.__path__)
    if each.name not in ("textual_private", "textual_screen")
]


class Failure(Exception):
    """What goes wrong in these tests."""


class FailingApp(App[None]):
    """Textual's own way: fails with a secret in a local variable."""

    def on_mount(self) -> None:
        opened_letter = "a secret of ours"
        raise Failure(len(opened_letter))


class Failing(CrashKeepingApp, FailingApp):
    """Ours."""


class FailingInWorker(CrashKeepingApp):
    def on_mount(self) -> None:
        self.run_worker(self.work())

    async def work(self) -> None:
        raise Failure


class FailingTwice(CrashKeepingApp):
    def on_mount(self) -> None:
        self.call_next(self.fail, 2)
        raise Failure(1)

    def fail(self, number: int) -> None:
        raise Failure(number)


def crashed(app: App[None]) -> None:
    """Runs the app to its crash, which the pilot raises again."""

    async def run() -> None:
        async with app.run_test() as pilot:
            await pilot.pause()

    with pytest.raises((Failure, WorkerFailed)):
        asyncio.run(run())


@pytest.mark.parametrize("name", ["_handle_exception", "_fatal_error"])
def test_what_is_overridden_is_still_a_method_of_textuals_app(name: str) -> None:
    assert callable(vars(App)[name])


def test_an_unhandled_error_is_kept_and_ends_the_app() -> None:
    app = Failing()
    crashed(app)
    assert isinstance(app.crash, Failure)
    assert app.return_code == 1
    assert not app.is_running


def test_an_unhandled_error_of_a_worker_is_kept_without_its_wrapping() -> None:
    app = FailingInWorker()
    crashed(app)
    assert isinstance(app.crash, Failure)


def test_of_two_errors_the_first_is_kept() -> None:
    app = FailingTwice()
    crashed(app)
    assert isinstance(app.crash, Failure)
    assert app.crash.args == (1,)


def test_textual_prints_local_variables_and_we_do_not(capsys: pytest.CaptureFixture[str]) -> None:
    crashed(FailingApp())
    assert "opened_letter" in capsys.readouterr().err
    crashed(Failing())
    assert capsys.readouterr().err == ""


def test_closing_the_messages_ends_an_app() -> None:
    class Closing(CrashKeepingApp):
        def on_mount(self) -> None:
            self._close_messages_no_wait()

    asyncio.run(asyncio.wait_for(Closing().run_async(headless=True, size=(80, 24)), 10))


class LettingGo(CrashKeepingApp):
    """Ours, but sooner."""

    LETS_GO_S = 0.01


def drawn_lines_stay(app: App[None], moments: int) -> bool:
    """Whether what was drawn of a message is there so many moments after others have taken its place."""

    async def run() -> bool:
        async with app.run_test() as pilot:
            drawn = []
            for number in range(10):
                message = Static(f"message {number}")
                await app.screen.mount(message)
                await pilot.pause()
                drawn.append(ref(message._styles_cache))
                await message.remove()
            for _ in range(moments):
                await pilot.pause(0.01)
                gc.collect()
                if drawn[0]() is None:
                    return False
            return True

    return asyncio.run(run())


def test_textual_keeps_what_was_drawn_of_widgets_that_are_gone_and_we_do_not() -> None:
    assert drawn_lines_stay(App(), 3)
    assert not drawn_lines_stay(LettingGo(), 1000)


def test_no_other_class_of_ours_overrides_a_private_method_of_textual() -> None:
    defined = [each for module in MODULES for each in vars(module).values() if isinstance(each, type)]
    ours = {each for each in defined if each.__module__.startswith("socd_tui.")} - {
        CrashKeepingApp,
        Front,
        Written,
    }
    assert any(issubclass(each, App) for each in ours)
    for each in ours:
        bases = [base for base in each.__mro__ if base.__module__.startswith("textual.")]
        overridden = {name for base in bases for name in vars(base)} & vars(each).keys()
        methods = [name for name in overridden if isinstance(vars(each)[name], FunctionType)]
        assert [name for name in methods if name.startswith("_") and not name.endswith("__")] == [], each


# --- the terminal's driver --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "start_application_mode",
        "close",
        "run_input_thread",
        "_run_input_thread",
        "process_message",
        "send_message",
    ],
)
def test_what_is_overridden_or_called_is_still_a_method_of_textuals_driver(name: str) -> None:
    assert callable(getattr(LinuxDriver, name))
    assert "run_input_thread()" in inspect.getsource(LinuxDriver._run_input_thread)
    assert "target=self._run_input_thread" in inspect.getsource(LinuxDriver.start_application_mode)


def test_the_driver_has_what_is_read_of_it() -> None:
    made = inspect.getsource(LinuxDriver.__init__) + inspect.getsource(Driver.__init__)
    for name in ("fileno", "exit_event", "_key_thread", "_app", "_loop"):
        assert f"self.{name} =" in made or f"self.{name}:" in made


def test_the_parser_of_a_terminals_bytes_makes_keys_and_does_not_end() -> None:
    parser = XTermParser(False)
    assert [event.key for event in parser.feed("q\x1b[A") if isinstance(event, Key)] == ["q", "up"]
    assert [event.key for event in parser.feed("\r") if isinstance(event, Key)] == ["enter"]
    assert list(parser.tick()) == []


def test_a_parser_says_until_when_it_waits_for_the_rest_of_a_sequence() -> None:
    parser = KeyParser(False)
    assert parser.due is None
    assert list(parser.feed("\x1b")) == list(parser.tick()) == []
    assert parser.due is not None
    parser.due -= 60
    assert [event.key for event in parser.tick() if isinstance(event, Key)] == ["escape"]
    assert parser.due is None


def test_an_app_of_ours_draws_with_the_driver_of_ours() -> None:
    assert CrashKeepingApp().driver_class is GuardedDriver


@pytest.mark.anyio
async def test_the_style_sheet_of_a_widget_can_be_read_before_it_comes() -> None:
    app = CrashKeepingApp()
    async with app.run_test() as pilot:
        assert "Input" not in app.stylesheet.rules_map
        app.know_styles([Input()])
        known = app.stylesheet.rules_map
        assert "Input" in known
        await app.screen.mount(Input())
        await pilot.pause()
        assert app.stylesheet.rules_map is known


def test_screens_have_no_widget_for_tooltips() -> None:
    assert App()._disable_tooltips is False
    assert CrashKeepingApp()._disable_tooltips is True


class Obeying(CrashKeepingApp):
    """Notes in which order its keys are obeyed."""

    BINDINGS: ClassVar = [
        Binding("a", "note('app')"),
        Binding("b", "note('app, first')", priority=True),
        Binding("c", "refuse", priority=True),
        Binding("c", "note('app')"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[str] = []

    def compose(self) -> ComposeResult:
        yield Focusable()

    def action_note(self, who: str) -> None:
        self.noted.append(who)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "refuse" and super().check_action(action, parameters)


class Focusable(Static, can_focus=True):
    """Has keys of its own."""

    BINDINGS: ClassVar = [Binding("a", "app.note('widget')"), Binding("b", "app.note('widget')")]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("key", "who"), [("a", ["widget"]), ("b", ["app, first"]), ("c", ["app"]), ("d", [])]
)
async def test_a_key_does_at_once_what_textual_would_do(key: str, who: list[str]) -> None:
    app = Obeying()
    async with app.run_test() as pilot:
        app.query_one(Focusable).focus()
        await pilot.pause()
        await pilot.press(key)
        assert app.noted == who
        app.noted.clear()
        await app.obey(Key(key, key))
        assert app.noted == who


@pytest.mark.anyio
async def test_escape_unmarks_text_at_once() -> None:
    app = Obeying()
    async with app.run_test() as pilot:
        await pilot.pause()
        app.screen.text_select_all()
        assert app.screen.get_selected_text() is not None
        await app.obey(Key("escape", "\x1b"))
        assert app.screen.get_selected_text() is None
