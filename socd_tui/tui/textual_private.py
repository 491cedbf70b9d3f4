"""Everything the program relies on in Textual that Textual does not promise: names with an underscore.

A new release may rename any of them without a word. Each has a test of its own in
`tests/unit/tui/test_textual_private.py`, which fails then, and nothing else of the program uses any, but for
`textual_screen.py`.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterable
from functools import cached_property
from time import sleep
from typing import Any

from textual._styles_cache import StylesCache
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.binding import BindingsMap
from textual.dom import DOMNode
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, Resize
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget
from textual.worker import WorkerFailed

from socd_tui.tui.first_screen import ALTERNATE, FirstScreen
from socd_tui.tui.reader import TICK_S, Reader
from socd_tui.tui.terminal_cells import Piece, TerminalCells
from socd_tui.tui.terminal_pen import erases_in_colour
from socd_tui.tui.ward import ward

GIVES_WAY_S = 0.0001
"""Textual writes in a thread of its own, which waits for the interpreter as long as another one goes on: at
least a millisecond, with all there is to do after a key several. So short a rest lets it write at once."""

LAST_S = 2.0
"""How long the program goes on at most when its terminal or its guardian is gone."""


class CrashKeepingApp(App[None]):
    """An app whose unhandled error is kept in `crash` when it ends, instead of printed.

    Textual prints a traceback with local variables, and one of those may hold the session token.
    """

    def get_driver_class(self) -> type[Driver]:
        return GuardedDriver

    LETS_GO_S = 10.0
    """How long what was drawn of a message or a prompt may outlive it."""

    def on_mount(self) -> None:
        """Let go of what was drawn of widgets that are gone, now and then.

        This cache of Textual is of colours, and told apart by whose they are: so it holds all the lines of
        the last 1,024 widgets, tens of MiB after a day of messages. What is still needed is made anew.
        """
        self.set_interval(self.LETS_GO_S, lambda: StylesCache.get_inner_outer.cache_clear())

    def __init__(self, *, ansi_color: bool | None = None, driver_class: type[Driver] | None = None) -> None:
        super().__init__(ansi_color=ansi_color, driver_class=driver_class)
        self._disable_tooltips = True  # there are none, and each screen would have a widget for them

    def know_styles(self, widgets: Iterable[Widget]) -> None:
        """Read the style sheets of widgets that may come, which Textual does when the first of them comes."""
        for widget in widgets:
            widget._post_register(self)
        assert self.stylesheet.rules_map

    first_screen: FirstScreen | None = None
    """The terminal with what is on it before the app has drawn anything; None where that is nothing."""

    @cached_property
    def is_drawn(self) -> threading.Event:
        """Set when there is something to press keys at."""
        return threading.Event()

    _laid_out_in: Size | None = None
    """The size in which screens were laid out last."""

    def on_resize(self, event: Resize) -> None:
        """Terminals cut, shift or blank what they show when they change their size."""
        if self.first_screen is None or event.size != self.first_screen.size:
            self._forget_screen()

    def laying_out_in(self, size: Size) -> None:
        """Before a screen is laid out in a size: if that is new, nothing is known of what the terminal shows,
        as a key may have been answered in the former size since.

        Textual tells a screen that is opened its size, too: what was written of it stays known then.
        """
        before = self._laid_out_in or (self.first_screen and self.first_screen.size)
        self._laid_out_in = size
        if size != before:
            self._forget_screen()

    def action_redraw(self) -> None:
        """Write all of the screen, whatever is on it: something else may have written to the terminal."""
        self._forget_screen()
        self.refresh(layout=True)

    def _forget_screen(self) -> None:
        if isinstance(self._driver, GuardedDriver):
            self._driver.cells.forget()

    async def obey(self, event: Key) -> None:
        """Does at once what a key is bound to.

        Textual would give it to the focused widget, and that to the next around it until it is back here:
        each of them takes it from a queue of its own.
        """
        self.app_focus = True
        nodes = self.screen._binding_chain
        if not await self._did(event.key, reversed(nodes), priority=True):
            await self.screen.handle_key(event)
            await self._did(event.key, nodes, priority=False)

    async def _did(self, key: str, nodes: Iterable[tuple[DOMNode, BindingsMap]], *, priority: bool) -> bool:
        """Whether one of the nodes has something to do with a key, which is done then."""
        for node, bindings in nodes:
            for binding in bindings.key_to_bindings.get(key, ()):
                if binding.priority == priority and await self.run_action(binding.action, node):
                    return True
        return False

    crash: BaseException | None = None
    """The first unhandled error; of a worker, the error inside it."""

    def _handle_exception(self, error: Exception) -> None:
        """Called by Textual with every unhandled error of a message handler, a timer or a worker."""
        if self.crash is None:
            self.crash = error.error if isinstance(error, WorkerFailed) else error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Called by Textual's `_handle_exception` to render the traceback and end the app: only ends it."""
        self._close_messages_no_wait()


def web_driver() -> type[Driver]:
    """What shows the program in a browser, where it is served to one."""
    from textual.drivers.web_driver import WebDriver  # of which a terminal needs nothing

    return WebDriver


class KeyParser(XTermParser):
    """Textual's, of what terminals send, which says until when it waits for the rest of a sequence."""

    @property
    def due(self) -> float | None:
        """When what has begun is over if nothing comes (monotonic seconds)."""
        return self._timeout_time

    @due.setter
    def due(self, at: float | None) -> None:
        self._timeout_time = at


class GuardedDriver(LinuxDriver):
    """Reads pastes whole and bounded, and what its guardian passes on; tells it how far it is."""

    _starting = _resumed = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._first = getattr(self._app, "first_screen", None)
        self.cells = TerminalCells() if self._first is None else self._first.cells
        self.cells.erases = erases_in_colour(self.fileno)
        self._unread = b"" if self._first is None else self._first.unread

    def start_application_mode(self) -> None:
        """Called at the start, and with each SIGCONT, which may come twice."""
        self._resumed = True
        if self._starting:
            return
        self._starting = ward().drawn = True
        try:
            # Textual's returns at once when it was stopped in the background, and has gone on since.
            while self._resumed and not (self._key_thread is not None and self._key_thread.is_alive()):
                self._resumed = False
                super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual's
            if self._first is not None:
                self.attrs_before, self._first = self._first.taken_over(), None
        finally:
            self._starting = False

    def write(self, data: str) -> None:
        """Called by Textual with pictures and sequences: of a picture only what differs is written."""
        if self._first is not None and data == ALTERNATE:  # some terminals would clear it
            return
        if written := self.cells.changes(data):
            super().write(written)

    def put(self, pieces: Iterable[Piece], then: tuple[int, int]) -> None:
        """Shows these on the terminal, and its cursor at that line and column."""
        if written := self.cells.laid(pieces, then):
            super().write(written)
            sleep(GIVES_WAY_S)

    def close(self) -> None:
        super().close()
        ward().drawn = False

    def send_message(self, message: Message) -> None:
        """Called in the reading thread with what is for the app: Textual's makes a task of each."""
        self._loop.call_soon_threadsafe(self._app.post_message, message)

    def run_input_thread(self) -> None:
        """Called by Textual in a thread of its own, which ends when `exit_event` is set."""
        reader = Reader(self, KeyParser(False))
        ward().reading = True
        app = self._app
        # Where there are no widgets yet a key opens what those after it do not reach.
        while isinstance(app, CrashKeepingApp) and not (
            app.is_drawn.wait(TICK_S) or self.exit_event.is_set()
        ):
            pass
        try:
            unread, self._unread = self._unread, b""
            reader.take(unread)
            while not self.exit_event.is_set():
                reader.read()
        except OSError:
            os.kill(os.getpid(), signal.SIGHUP)
            signal.setitimer(signal.ITIMER_REAL, LAST_S)  # nobody else may be left to see that it leaves
        finally:
            ward().reading = False

    def _run_input_thread(self) -> None:
        """Called by Textual as the thread's target; Textual's own prints what goes wrong in it."""
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001  # it is kept by the app
            self._app.call_later(self._app._handle_exception, error)

    def answers(self) -> threading.Event:
        """Is set as soon as the event loop gets to it."""
        answered = threading.Event()
        self._loop.call_soon_threadsafe(answered.set)
        return answered
